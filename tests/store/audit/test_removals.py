"""Removed records are found in the trail by its indexes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit import removals

LATER = datetime(2100, 1, 1, tzinfo=UTC)
LIMITS = {"household": LATER, "visit": datetime(2001, 1, 1, tzinfo=UTC)}


def remove(session: Session, table: str, record_id: int, **values: object) -> None:
    """Log a removal in the trail."""
    audit.append(session, [audit.Event("delete", table, record_id, f"u{record_id}", values)])


@pytest.mark.parametrize("ask", [removals.count_before, removals.list_before])
def test_removals_are_found_by_the_index_of_actions(seat: Seat, ask: Any) -> None:
    sent: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters))

    with seat.store.use() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", keep)
        ask(connection, LIMITS)
        event.remove(connection, "before_cursor_execute", keep)
        [(statement, parameters)] = sent
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[3] for row in plan]
    assert any("ix_audit_entry_action (action=?)" in step for step in steps)
    assert any("ix_audit_entry_record (table_name=? AND record_id=?" in step for step in steps)
    assert not any(step.startswith(("SCAN gone", "SCAN later")) for step in steps)
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps)


def test_of_each_table_those_before_its_limit_are_found_until_erased(seat: Seat) -> None:
    with seat.store.use() as session:
        for table, record_id in (("household", 7), ("household", 8), ("visit", 9), ("unit", 10)):
            remove(session, table, record_id)
        audit.append(session, [audit.Event("erase", "household", 8, "u8", {})])
        found = removals.list_before(session.connection(), LIMITS)
        assert [(one.table, one.id, one.uid) for one in found] == [("household", 7, "u7")]
        assert found[0].at.tzinfo is UTC
        assert removals.count_before(session.connection(), LIMITS) == 1
        assert removals.list_before(session.connection(), LIMITS, offset=1) == []


def test_removed_parts_are_found_by_what_they_belonged_to(seat: Seat) -> None:
    with seat.store.use() as session:
        remove(session, "household_phone", 3, household_id=7, number="13800001234")
        remove(session, "household_phone", 4, household_id=8, number="13800001235")
        remove(session, "household", 7, household_id=7)
        found = removals.removed_parts(session, "household_phone", "household_id", [7, 99])
    assert found == {3: "u3"}
