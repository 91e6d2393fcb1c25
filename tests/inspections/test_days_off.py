"""A deadline on a day off is told with the working day that follows, and refused nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.calendar import Calendar, shipped
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.rules.visits import deadline_doubt
from fuyuan_desk.inspections.service.queries import visit_detail
from tests.screen import texts

SATURDAY = "2026-03-14 is a day off. The next working day is 2026-03-16."


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        (date(2026, 3, 13), ""),
        (date(2026, 3, 14), SATURDAY),
        (date(2026, 2, 28), ""),  # a Saturday that is worked
        (date(2026, 10, 3), "2026-10-03 (国庆节) is a day off. The next working day is 2026-10-08."),
        (date(2031, 3, 14), "Whether 2031-03-14 is a working day is not known: 2031 has no calendar here."),
    ],
)
def test_a_day_off_is_told_with_the_working_day_that_follows(day: date, doubt: str) -> None:
    assert deadline_doubt(day, shipped()) == doubt


def test_where_the_next_year_has_no_calendar_the_following_day_is_unknown() -> None:
    last = date(2026, 12, 31)
    year = replace(shipped().years[2026], off=frozenset({last}))
    assert deadline_doubt(last, Calendar({2026: year})) == (
        "2026-12-31 is a day off; which working day follows is not known yet."
    )


def test_the_form_tells_it_beside_the_day_and_the_visit_keeps_saying_so(
    page: InspectionsController, two_estates: tuple[int, int], settled: Callable[[], None], seat: Seat
) -> None:
    page.log_estate_visit(two_estates[0])
    settled()
    form = page.entry.view.form
    form.set_value("inspectors", "某甲")
    page.entry.view.checklist.row("lights").set_raw("fail", "灯坏")
    page.entry.view.checklist.rest_button.click()
    form.set_value("handling", "deadline")
    assert form.doubts().get("deadline", "") == ""
    form.set_value("deadline", date(2026, 3, 14))
    assert form.doubts()["deadline"] == SATURDAY
    form.set_value("deadline", date(2026, 3, 16))
    assert form.doubts().get("deadline", "") == ""
    form.set_value("deadline", date(2026, 3, 14))
    page.entry.view.save_button.click()
    settled()
    visit = visit_detail(seat, 1)
    assert (visit.deadline, visit.deadline_doubt) == (date(2026, 3, 14), SATURDAY)
    assert any(SATURDAY in text for text in texts(page.detail))
    later = replace(seat, now=lambda: seat.now() + timedelta(days=13))
    assert visit_detail(later, 1).deadline_doubt == "", "nothing is to be considered of a day that has passed"
