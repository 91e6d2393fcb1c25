"""Readings that were corrected: kept without personal data, replaced, forgotten, traced."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.service.readings import find_readings, forget_readings, remember_readings
from fuyuan_desk.store.audit.log import AuditEntry

SHAPE = "a" * 64
FIRST = Reading(
    SHAPE, {3: "remark"}, {"tenure": {"使用权": "private"}}, frozenset({"word:tenure:使用权:private"})
)


def test_a_reading_is_kept_with_day_and_operator(seat: Seat) -> None:
    assert remember_readings(seat, [FIRST, Reading("b" * 64)]) == 1
    [kept] = find_readings(seat, [SHAPE, "b" * 64])
    assert (kept.columns, kept.words, kept.confirmed) == (FIRST.columns, FIRST.words, FIRST.confirmed)
    assert kept.operator == seat.operator.name
    assert kept.at is not None


def test_the_same_again_writes_nothing_and_another_replaces_it(seat: Seat) -> None:
    remember_readings(seat, [FIRST])
    assert remember_readings(seat, [FIRST]) == 0
    assert remember_readings(seat, [Reading(SHAPE, {4: "phone"})]) == 1
    [kept] = find_readings(seat, [SHAPE])
    assert (kept.columns, kept.words) == ({4: "phone"}, {})


def test_one_without_corrections_removes_it(seat: Seat) -> None:
    remember_readings(seat, [FIRST])
    assert remember_readings(seat, [Reading(SHAPE)]) == 1
    assert find_readings(seat, [SHAPE]) == ()


def test_it_is_forgotten_and_the_trail_tells_both(seat: Seat) -> None:
    remember_readings(seat, [FIRST])
    assert forget_readings(seat, [SHAPE]) == 1
    assert find_readings(seat, [SHAPE]) == ()
    with seat.store.use() as session:
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.table_name == "roster_reading"))
        assert len(acts.all()) == 2


def test_a_viewer_may_not(seat_as: Callable[[Role], Seat]) -> None:
    with pytest.raises(NotAllowed):
        find_readings(seat_as(Role.VIEWER), [SHAPE])
