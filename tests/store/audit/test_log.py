import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, inspect, select, text, types, update
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Building, Estate
from fuyuan_desk.shell import schema
from fuyuan_desk.standards.records import TierAssignment
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry, Redaction
from fuyuan_desk.store.db.base import Base, Record, UtcDateTime
from tests.store.audit.trail_tools import unprotected


def entries(session: Session, table: str) -> list[AuditEntry]:
    rows = session.scalars(select(AuditEntry).where(AuditEntry.table_name == table).order_by(AuditEntry.id))
    return list(rows)


def test_every_write_is_logged(seat: Seat) -> None:
    with seat.store.sessions() as session:
        session.info[audit.ACTOR] = "clerk"
        estate = Estate(name="南昌路168弄", tenures=["public"])
        session.add(estate)
        session.flush()
        estate.street = "福元街道"
        session.flush()
        session.add(TierAssignment(estate_id=estate.id, tier="basic", effective_on=date(2026, 1, 1),
                                   reason="x", ladder_version="1"))  # fmt: skip
        session.flush()
        logged = entries(session, "estate")
        assert [entry.action for entry in logged] == ["insert", "update"]
        assert '"name":"南昌路168弄"' in logged[0].changes
        assert logged[1].changes == '{"street":["","福元街道"]}'
        assert {entry.operator for entry in logged} == {"clerk"}
        assert '"effective_on":"2026-01-01"' in entries(session, "tier_assignment")[0].changes
        session.delete(session.get(TierAssignment, 1))
        session.flush()
        assert entries(session, "tier_assignment")[-1].action == "delete"
        session.commit()


def test_a_rolled_back_write_leaves_no_trace(seat: Seat) -> None:
    with seat.store.sessions() as session:
        before = len(session.scalars(select(AuditEntry.id)).all())
        session.add(Estate(name="福元小区"))
        session.flush()
        session.rollback()
        assert len(session.scalars(select(AuditEntry.id)).all()) == before


def test_bulk_inserts_are_logged_and_chained(seat: Seat) -> None:
    with seat.store.sessions() as session:
        estate = Estate(name="福元小区")
        session.add(estate)
        session.flush()
        numbers = range(1, 5001)
        columns = {
            "estate_id": [estate.id] * len(numbers),
            "label": [f"{number}号" for number in numbers],
            "order_key": [f"{number:04}" for number in numbers],
        }
        ids = bulk_insert.insert_block(session, Building, columns)
        session.commit()
        assert len(ids) == 5000
        assert len(entries(session, "building")) == 1
        assert session.get(Building, ids[17]).label == "18号"  # type: ignore[union-attr]
        assert audit.verify_chain(session.connection()).broken == ()


def test_a_bulk_insert_never_reuses_an_id(seat: Seat) -> None:
    with seat.store.sessions() as session:
        estate = Estate(name="福元小区")
        session.add(estate)
        session.flush()
        first = bulk_insert.insert_block(
            session, Building, {"estate_id": [estate.id], "label": ["1号"], "order_key": ["1"]}
        )
        session.delete(session.get(Building, first[0]))
        session.flush()
        again = bulk_insert.insert_block(
            session, Building, {"estate_id": [estate.id], "label": ["2号"], "order_key": ["2"]}
        )
        assert again[0] > first[0]


def test_changed_removed_and_swapped_rows_are_found(seat: Seat) -> None:
    with seat.store.sessions() as session:
        for number in range(6):
            audit.note(session, "print", "visit", number)
        session.commit()
        ids = list(session.scalars(select(AuditEntry.id)))
        connection = session.connection()
        assert audit.verify_chain(connection).broken == ()
        for damage in (
            f"UPDATE audit_entry SET operator = 'x' WHERE id = {ids[2]}",
            f"DELETE FROM audit_entry WHERE id = {ids[2]}",
            f"UPDATE audit_entry SET id = CASE id WHEN {ids[2]} THEN 99999 ELSE id END",
        ):
            nested = connection.begin_nested()
            with unprotected(connection):
                connection.execute(text(damage))
            assert audit.verify_chain(connection).broken, damage
            nested.rollback()


def _value(kind: object, changed: bool) -> object:
    by_kind: tuple[tuple[type, object, object], ...] = (
        (UtcDateTime, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
        (types.Boolean, False, True),
        (types.Date, date(2026, 1, 1), date(2026, 1, 2)),
        (types.JSON, ["a"], ["b"]),
        (types.Integer, 1, 2),
        (types.String, "a", "b"),
    )
    return next(second if changed else first for known, first, second in by_kind if isinstance(kind, known))


RECORDS = sorted(
    (
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record) and mapper.class_.__tablename__ in schema.metadata.tables
    ),
    key=lambda record: record.__tablename__,
)
# append-only; tested in test_redaction.py
RECORDS.remove(Redaction)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__tablename__)
def test_every_table_is_logged(seat: Seat, record: type[Record]) -> None:
    table = record.__tablename__
    kinds = {
        attribute.key: attribute.columns[0].type
        for attribute in inspect(record).column_attrs
        if attribute.key not in ("id", "uid", "version")
    }
    with seat.store.sessions() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))  # rolled back before they are written
        session.execute(text(f"DELETE FROM {table}"))
        row = record(**{name: _value(kind, False) for name, kind in kinds.items()})
        before = len(entries(session, table))
        session.add(row)
        session.flush()
        for name, kind in kinds.items():
            setattr(row, name, _value(kind, True))
        session.flush()
        session.delete(row)
        session.flush()
        logged = entries(session, table)[before:]
        if not record.trailed:
            assert logged == []
            return
        assert [entry.action for entry in logged] == ["insert", "update", "delete"]
        assert set(json.loads(logged[1].changes)) == set(kinds)
        assert audit.verify_chain(session.connection()).broken == ()
        session.rollback()


def test_statements_past_the_flush_are_refused(seat: Seat) -> None:
    with seat.store.sessions() as session:
        for statement in (delete(Estate), update(Estate).values(name="x"), insert(Estate).values(name="x")):
            with pytest.raises(TypeError, match="trail"):
                session.execute(statement)
