"""Texts without invisible characters.

Direction marks, byte order marks and control characters came in with copied and imported texts: two names looked alike
and were not found as one. What is written now holds none; this step removes them from the rows written before. It logs
each change in the audit trail, so that the trail and the records still agree.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from fuyuan_desk.core.visible import visible, visible_lines, visible_values
from fuyuan_desk.store.audit import log as audit

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# table → whether its changes are logged
_TABLES = {
    "attachment": True,
    "backup_place": True,
    "backup_run": False,
    "building": True,
    "draft": False,
    "estate": True,
    "facility": True,
    "household": True,
    "household_phone": True,
    "import_run": True,
    "office": True,
    "operator": True,
    "renovation_case": True,
    "renovation_document": True,
    "renovation_work": True,
    "street": True,
    "tier_assignment": True,
    "unimported_row": False,
    "unit": True,
    "visit": True,
    "visit_result": True,
}
_UNIQUE = {("estate", "name"), ("street", "name")}
# a path may hold anything, a login never could, and form keys are the program's own
_LEFT = {("backup_place", "path"), ("operator", "login"), ("draft", "form")}
# the parts of this one are divided by tabs
_SORTED = "order_key"
_ROWS, _EVENTS = 2_000, 500


def upgrade() -> None:
    """Remove invisible characters from all texts but those of the trail, and log the changes."""
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    for name, is_logged in _TABLES.items():
        columns = {
            column["name"]: column["type"]
            for column in inspector.get_columns(name)
            if isinstance(column["type"], sa.String | sa.JSON) and (name, column["name"]) not in _LEFT
        }
        _clean_table(connection, name, columns, is_logged)


def _clean_table(connection: sa.Connection, name: str, columns: dict[str, Any], is_logged: bool) -> None:
    events: list[audit.Event] = []
    for row in list(_rows_to_clean(connection, name, columns)):
        changes = dict(_changes(connection, name, row, columns))
        if not changes:
            continue
        settings = ", ".join(f"{column} = :{column}" for column in changes)
        values = {column: new for column, (_old, new) in changes.items()}
        connection.execute(
            sa.text(f"UPDATE {name} SET {settings} WHERE id = :id"), {**values, "id": row["id"]}
        )
        if is_logged:
            logged = {
                column: [_logged(columns[column], part) for part in pair] for column, pair in changes.items()
            }
            events.append(audit.Event("update", name, row["id"], row["uid"], logged))
    for start in range(0, len(events), _EVENTS):
        audit.append_to(connection, audit.UNNAMED, events[start : start + _EVENTS])


def _rows_to_clean(connection: sa.Connection, name: str, columns: dict[str, Any]) -> Iterator[dict[str, Any]]:
    names = ("id", "uid", *columns)
    found = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {name} ORDER BY id")
    while rows := found.fetchmany(_ROWS):
        for values in rows:
            row = dict(zip(names, values, strict=True))
            texts = "".join([row[column] or "" for column in columns if column != _SORTED])
            key = (row.get(_SORTED) or "").replace("\t", "")
            # JSON writes such a character as an escape
            if not (texts.isprintable() and key.isprintable()) or "\\" in texts:
                yield row


def _changes(
    connection: sa.Connection, name: str, row: dict[str, Any], columns: dict[str, Any]
) -> Iterator[tuple[str, tuple[str, str]]]:
    for column, column_type in columns.items():
        old = row[column]
        if not isinstance(old, str):
            continue
        new = visible_lines(old) if column == _SORTED else _cleaned(column_type, old)
        if new != old:
            yield column, (old, _free(connection, name, column, new, row["id"]))


def _cleaned(column_type: Any, text: str) -> str:
    if isinstance(column_type, sa.JSON):
        try:
            value = json.loads(text)
        except ValueError:  # damaged, as the check reports
            return text
        cleaned = visible_values(value)
        return text if cleaned == value else json.dumps(cleaned)
    return visible_lines(text) if isinstance(column_type, sa.Text) else visible(text)


def _logged(column_type: Any, text: str) -> Any:
    return json.loads(text) if isinstance(column_type, sa.JSON) else text


def _free(connection: sa.Connection, name: str, column: str, text: str, record_id: int) -> str:
    """Return the text, numbered if the column is unique and another record has it: which one is right, a clerk knows."""
    if (name, column) not in _UNIQUE:
        return text
    taken = sa.text(f"SELECT 1 FROM {name} WHERE {column} = :text AND id <> :id")
    free, number = text, 1
    while connection.execute(taken, {"text": free, "id": record_id}).first():
        number += 1
        free = f"{text} ({number})"
    return free
