"""Rounds that are left out: in time, afterwards, taken back, and visited all the same."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.inspections.controller.rounds import RoundsController, ask_to_skip
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.rules.round_figures import RoundFigures
from fuyuan_desk.inspections.rules.rounds import RoundState, standing
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service import rounds
from fuyuan_desk.inspections.service.printed import find_sheet, read_sheet
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.round_figures import round_figures
from fuyuan_desk.kit.desk import Desk
from tests.inspections.test_batches import enter, lane, print_of, wanted
from tests.inspections.test_round_pages import Settled, _dialog, planned, rounds_page, states
from tests.inspections.test_rounds import PLAN, TODAY, at, stored

__all__ = ["lane", "planned", "rounds_page"]  # fixtures


def figures(seat: Seat, days: int) -> RoundFigures:
    """Return the figures of the first day, as of the end of a day so many days later."""
    last = TODAY + timedelta(days=days)
    now = datetime.combine(last + timedelta(days=60), time(9)).astimezone()
    with seat.store.use() as session:
        return round_figures(session, Span(TODAY, last, now), {})


@given(left_out=st.integers(-3, 20), today=st.integers(0, 20), late=st.integers(0, 3))
def test_only_what_is_left_out_in_time_is_left_out(left_out: int, today: int, late: int) -> None:
    latest, skipped = TODAY + timedelta(days=late), TODAY + timedelta(days=left_out)
    found = standing(TODAY, latest, None, True, max(skipped, TODAY + timedelta(days=today)), skipped)
    assert found.state is (RoundState.SKIPPED if left_out <= late else RoundState.MISSED)


def test_what_is_left_out_afterwards_stays_missed(seat: Seat, lane: int) -> None:
    first = next(one for one in wanted(seat) if one.place == "1号")
    second = next(one for one in wanted(seat) if one.place == "2号")
    assert rounds.skip_round(seat, second.id, "台风").state is RoundState.SKIPPED
    before = figures(seat, 3).whole
    later = at(seat, TODAY + timedelta(days=3))  # on time until the second day after
    assert rounds.skip_round(later, first.id, "怕扣分").state is RoundState.MISSED
    after = figures(seat, 3)
    assert (after.whole.missed, after.whole.skipped) == (before.missed, before.skipped)
    assert {one.why for one in after.skipped} == {
        "台风", f"Missed, left out afterwards on {TODAY + timedelta(days=3)}: 怕扣分",
    }  # fmt: skip


def test_what_is_left_out_after_the_period_changes_nothing_in_it(seat: Seat, lane: int) -> None:
    first = wanted(seat)[0]
    before = figures(seat, 0)
    rounds.skip_round(at(seat, TODAY + timedelta(days=1)), first.id, "台风")
    assert figures(seat, 0) == before
    assert figures(seat, 1).whole.skipped == 1


def test_what_was_left_out_is_planned_again(seat: Seat, two_estates: tuple[int, int]) -> None:
    saved = plans.save_plan(seat, PLAN)
    key = next(row[0] for row in stored(seat) if row[2] > TODAY)
    rounds.skip_round(seat, key, "台风")
    line = plans.read_plan(at(seat, TODAY + timedelta(days=1)), saved.id)
    plans.save_plan(at(seat, TODAY + timedelta(days=1)), replace(line.fields, late=2), line.known)
    count = len(stored(seat))
    assert rounds.unskip_round(at(seat, TODAY + timedelta(days=1)), key).state is RoundState.PLANNED
    with pytest.raises(Conflict):
        rounds.unskip_round(seat, key)
    plan_rounds(at(seat, TODAY + timedelta(days=1)))
    assert len(stored(seat)) == count, "the plan that took the place asks for no second one"


@pytest.mark.parametrize(("days", "outcome"), [(0, "done"), (2, "done"), (3, "skipped")])
def test_a_visit_on_its_day_fills_a_round_that_was_left_out(
    seat: Seat, lane: int, days: int, outcome: str
) -> None:
    found = next(one for one in wanted(seat) if one.place == "1号")
    number = print_of(seat, [found]).sheets[0].number
    rounds.skip_round(seat, found.id, "台风")
    assert read_sheet(seat, find_sheet(seat, number)).left_out == "台风"
    enter(at(seat, TODAY + timedelta(days=days)), number)
    assert next(row[4] for row in stored(seat) if row[0] == found.id) == outcome


def test_a_round_is_taken_back_from_the_list(
    rounds_page: RoundsController, seat: Seat, settled: Settled
) -> None:
    rounds_page.view.table.table.selectRow(0)
    rounds_page.skip_button.click()
    settled()
    assert "stays missed" not in _hint()
    _dialog().form.set_value("reason", "台风")
    _dialog().form.submit()
    settled()
    table = rounds_page.view.table
    rows = (table.table.selectRow(row) or table.current_row() for row in range(table.model.rowCount()))
    chosen = next(line for line in rows if line is not None and line.fields.outcome == "skipped")
    assert not rounds_page.unskip_button.isHidden()
    assert rounds_page.skip_button.isHidden()
    rounds_page.unskip_button.click()
    settled()
    assert RoundState.SKIPPED not in states(seat)
    assert chosen.id in {line.id for line in rounds.list_rounds(seat).rows}


def test_the_form_says_that_a_round_is_missed_already(
    rounds_page: RoundsController, seat: Seat, desk: Desk, settled: Settled
) -> None:
    line = rounds.list_rounds(seat).rows[0]
    past = replace(line, fields=replace(line.fields, latest_on=TODAY - timedelta(days=1)))
    ask_to_skip(desk, rounds_page.view, past)
    settled()
    assert "stays missed" in _hint()
    _dialog().reject()


def _hint() -> str:
    return " ".join(label.text() for label in _dialog().findChildren(QLabel))
