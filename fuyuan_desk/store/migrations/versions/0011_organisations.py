"""Organisations instead of typed names, their roles in estates over time, and contracts.

Committee and property company were texts of each estate, so that one company had as many spellings as estates. Each
spelling becomes an organisation; those that differ only in width of characters, blanks or forms of brackets become one.
Names that merely resemble each other stay apart: a clerk confirms them. Since when an organisation has its role is
unknown. The contractor of a renovation keeps its name as filed, because the papers say so, and refers to the
organisation as well, unless it looks like a person.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from fuyuan_desk.store.audit import log as audit

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BRACKETS = str.maketrans("【】〔〕[]{}《》〈〉", "()()()()()()")
_COMPANY = re.compile(
    "公司|集团|厂$|委员会|居委会|业委会|物业|中心$|事务所|合作社|工作室$|经营部$|服务部$|装饰|装潢|工程队"
)
_ROLES = {"committee": "residents", "property_company": "property"}
_EVENTS = 500
_CASE_COLUMN = "contractor_id"
_NEW: dict[str, list[tuple[str, Any, bool]]] = {
    "organisation": [
        ("name", sa.String(100), False), ("name_key", sa.String(400), False), ("kind", sa.String(20), False),
        ("credit_code", sa.String(18), False), ("phone", sa.String(60), False), ("address", sa.String(200), False),
        ("ended_on", sa.Date(), True), ("remarks", sa.Text(), False), ("merged_into_id", sa.Integer(), True),
        ("merge", sa.JSON(), False),
    ],
    "organisation_contact": [
        ("organisation_id", sa.Integer(), False), ("name", sa.String(60), False), ("post", sa.String(60), False),
        ("phone", sa.String(60), False),
    ],
    "organisation_difference": [("first_id", sa.Integer(), False), ("second_id", sa.Integer(), False)],
    "estate_role": [
        ("estate_id", sa.Integer(), False), ("organisation_id", sa.Integer(), False), ("role", sa.String(20), False),
        ("since", sa.Date(), True), ("until", sa.Date(), True), ("note", sa.String(100), False),
    ],
    "contract": [
        ("estate_id", sa.Integer(), False), ("organisation_id", sa.Integer(), False), ("kind", sa.String(20), False),
        ("number", sa.String(60), False), ("signed_on", sa.Date(), True), ("starts_on", sa.Date(), False),
        ("term", sa.String(20), False), ("ends_on", sa.Date(), True), ("notice_count", sa.Integer(), True),
        ("notice_unit", sa.String(20), False), ("notice_on", sa.Date(), True), ("filed_on", sa.Date(), True),
        ("amount", sa.Integer(), True), ("nothing_follows", sa.Boolean(), False), ("remarks", sa.Text(), False),
    ],
}  # fmt: skip
_REFERS = {
    "organisation": {"merged_into_id": "organisation"},
    "organisation_contact": {"organisation_id": "organisation"},
    "organisation_difference": {"first_id": "organisation", "second_id": "organisation"},
    "estate_role": {"estate_id": "estate", "organisation_id": "organisation"},
    "contract": {"estate_id": "estate", "organisation_id": "organisation"},
}
_INDEXED = {"organisation": ["name_key"], "contract": ["ends_on", "notice_on"]}


def upgrade() -> None:
    """Add the tables, turn the names into organisations and roles, and drop the columns of the names."""
    connection = op.get_bind()
    for table, columns in _NEW.items():
        _create(table, columns)
    op.execute("ALTER TABLE renovation_case ADD COLUMN contractor_id INTEGER REFERENCES organisation(id)")
    op.create_index("ix_renovation_case_contractor_id", "renovation_case", ["contractor_id"])
    named = _Organisations(connection)
    events = [*_roles(connection, named), *_contractors(connection, named)]
    events = [*named.events, *events]
    for start in range(0, len(events), _EVENTS):
        audit.append_to(connection, audit.UNNAMED, events[start : start + _EVENTS])
    for column in _ROLES:
        op.execute(f"ALTER TABLE estate DROP COLUMN {column}")


def _create(table: str, columns: list[tuple[str, Any, bool]]) -> None:
    refers = _REFERS[table]
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in columns),
        *(sa.ForeignKeyConstraint([column], [f"{other}.id"]) for column, other in refers.items()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        sqlite_autoincrement=True,
    )
    for column in (*refers, *_INDEXED.get(table, ())):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_BRACKETS)
    return unicodedata.normalize("NFKC", "".join(plain.split()))


def _insert(connection: sa.Connection, table: str, values: Mapping[str, Any]) -> audit.Event:
    """Insert a row and return its event; the values are logged as a save would."""
    uid = uuid.uuid4().hex
    row = {"uid": uid, "version": 1, **values}
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    stored = {**row, **({"merge": "{}"} if table == "organisation" else {})}
    number = connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), stored).lastrowid
    return audit.Event(
        "insert", table, number, uid, {key: value for key, value in values.items() if value is not None}
    )


class _Organisations:
    """The organisations by the key of their name, added as they are asked for."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self.events: list[audit.Event] = []

    def named(self, name: str, kind: str) -> int:
        """Return the id of the organisation of a name; the first spelling and kind are kept."""
        key = _key(name)
        if key not in self._ids:
            values: dict[str, Any] = {
                "name": name.strip(), "name_key": key, "kind": kind, "credit_code": "", "phone": "", "address": "",
                "ended_on": None, "remarks": "", "merged_into_id": None, "merge": {},
            }  # fmt: skip
            event = _insert(self._connection, "organisation", values)
            self.events.append(event)
            assert event.record_id is not None
            self._ids[key] = event.record_id
        return self._ids[key]


def _roles(connection: sa.Connection, named: _Organisations) -> Iterator[audit.Event]:
    for column, role in _ROLES.items():
        rows = connection.execute(
            sa.text(f"SELECT id, {column} FROM estate WHERE trim({column}) <> '' ORDER BY id")
        )
        for estate_id, name in rows.all():
            values = {
                "estate_id": estate_id, "organisation_id": named.named(name, role), "role": role, "since": None,
                "until": None, "note": "",
            }  # fmt: skip
            yield _insert(connection, "estate_role", values)


def _contractors(connection: sa.Connection, named: _Organisations) -> Iterator[audit.Event]:
    rows = connection.execute(
        sa.text("SELECT id, uid, contractor FROM renovation_case WHERE trim(contractor) <> '' ORDER BY id")
    )
    for case_id, uid, name in rows.all():
        if not _COMPANY.search(name):
            continue
        number = named.named(name, "contractor")
        connection.execute(
            sa.text("UPDATE renovation_case SET contractor_id = :number WHERE id = :id"),
            {"number": number, "id": case_id},
        )
        yield audit.Event("update", "renovation_case", case_id, uid, {_CASE_COLUMN: [None, number]})
