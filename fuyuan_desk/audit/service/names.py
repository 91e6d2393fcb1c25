"""Names of the records that entries of the trail concern or refer to; personal data in them is masked."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.kit.queries import Record
from fuyuan_desk.kit.trail.wording import Reference
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.db.personal import Kind, is_declared, of_column

# the first of these columns names a record of a kind that is never searched for, such as a document of a case
_NAMING = ("name", "number", "login", "text")


def names_of(
    session: Session, records: Sequence[Record], wanted: Iterable[Reference]
) -> dict[Reference, str]:
    """Return the names of records by table and key, without those that are gone or have none."""
    describe = {record.kind.table: record.describe for record in records}
    keys: dict[str, set[int]] = {}
    for table, key in wanted:
        keys.setdefault(table, set()).add(key)
    found: dict[Reference, str] = {}
    for table, ids in keys.items():
        if table in describe:
            titles = {key: texts[0] for key, texts in describe[table](session, ids).items()}
        else:
            titles = dict(_own_names(session, table, ids))
        found |= {(table, key): " ".join(title.split()) for key, title in titles.items() if title.strip()}
    return found


def _own_names(session: Session, table: str, ids: Collection[int]) -> Mapping[int, str]:
    known = Base.metadata.tables.get(table)
    columns = [] if known is None else [known.columns[name] for name in _NAMING if name in known.columns]
    for column in columns:
        personal = of_column(column)
        if is_declared(column) and (personal is None or personal.kind is Kind.LOGIN):
            rows = session.execute(select(column.table.c.id, column).where(column.table.c.id.in_(ids)))
            return {key: str(name or "") for key, name in rows}
    return {}
