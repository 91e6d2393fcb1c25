"""Checks shared by the services of every job."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.core.texts import _, numbered
from fuyuan_desk.core.visible import visible_lines
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope


def gone() -> NotFound:
    """Return the error for a record that was removed by somebody else."""
    return NotFound(_("This record is no longer there. Reload the list."))


def refuse_stale(row: Record, version: int | None) -> None:
    """Raise `Conflict` when somebody else saved the record after the form was opened."""
    if version is not None and row.version != version:
        raise Conflict(
            _("Somebody else changed this record meanwhile. Reload it and enter your change again.")
        )


def refuse_wrong(wrong: dict[str, str]) -> None:
    """Raise `InvalidInput` when there are faults, by field."""
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), wrong)


def counted(counts: Mapping[str, int]) -> str:
    """Return counts of records by table as one text, in the words that each record has for it."""
    models = {model.__tablename__: model for model in scope.models()}
    words = (
        (models[table].counted_as if table in models else Record.counted_as, n) for table, n in counts.items()
    )
    return _(", ").join(numbered(n, *texts) for texts, n in words)


def refuse_while_used(session: Session, row: Record, name: str) -> None:
    """Raise `Conflict` when other records refer to a record that is to be removed, and count them."""
    found: dict[str, int] = {}
    parts = {model.__tablename__ for model in scope.models() if model.is_part}
    for table in Base.metadata.sorted_tables:
        columns = [key.parent for key in table.foreign_keys if key.column.table.name == row.__tablename__]
        if not columns or table.name in parts:
            continue
        count = session.scalar(select(func.count()).select_from(table).where(columns[0] == row.id)) or 0
        if count:
            found[table.name] = count
    if found:
        raise Conflict(
            _("{name} cannot be removed: it still has {things}. Remove or move those first.").format(
                name=name, things=counted(found)
            )
        )


def stripped(values: dict[str, Any]) -> dict[str, Any]:
    """Return a form's values without invisible characters and blanks around texts."""
    return {
        name: visible_lines(value).strip() if isinstance(value, str) else value
        for name, value in values.items()
    }
