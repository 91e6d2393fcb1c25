"""The pages of a check's certificate, and the window of checks that counts them."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.core.errors import NotAllowed, NotFound
from fuyuan_desk.facilities.controller import facilities_page
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import check_pages, checks
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.facilities.view import ChecksWindow
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pages_window import PagesWindow
from tests.estates.test_notice_pages import pages, referred, stored
from tests.kit.books import set_up
from tests.screen import button, shown

LIFT = 1


@pytest.fixture
def check(seat: Seat) -> int:
    """A check of a lift in the lane (1); the tower is 2."""
    set_up(seat)
    lift = save_facility(seat, FacilityFields("lift", "1号梯", 1)).id
    return checks.save_check(seat, CheckFields(lift, "lift-inspection", seat.today(), party="property")).id


def test_pages_are_counted_with_the_checks_and_go_with_them(seat: Seat, check: int) -> None:
    assert checks.facility_checks(seat, LIFT).pages == {}
    check_pages.add_pages(seat, check, pages(10, 90))
    assert checks.facility_checks(seat, LIFT).pages == {check: 2}
    checks.remove_check(seat, check)
    assert (stored(seat), referred(seat)) == (set(), set())


def test_a_property_company_sees_those_of_its_own_estates(seat: Seat, check: int) -> None:
    [page] = check_pages.add_pages(seat, check, pages(10))

    def company(estate: int) -> Seat:
        operator = Operator(seat.operator.id, "wy", "物业", Role.PROPERTY, frozenset({estate}))
        return Seat(seat.store, operator, seat.now)

    assert check_pages.read_page(company(1), page.id)
    assert [found.id for found in check_pages.check_pages(company(1), check)] == [page.id]
    for refused in (
        lambda: check_pages.check_pages(company(2), check),
        lambda: check_pages.read_page(company(2), page.id),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(NotAllowed):
        check_pages.add_pages(company(1), check, pages(20))


def test_the_window_of_checks_leads_to_the_pages(
    seat: Seat, check: int, desk: Desk, front: Callable[[QWidget], None], settled: Callable[[], None]
) -> None:
    page = facilities_page(desk, None)
    front(page.page)
    settled()
    page.open_record(LIFT)
    settled()
    button(page.page, "Checks …").click()
    settled()
    window = shown(ChecksWindow)
    button(window, "Add pages of the certificate").click()
    settled()
    shown(PagesWindow).close()
    check_pages.add_pages(seat, check, pages(10, 90))
    desk.changes.emit(frozenset({"attachment"}))
    settled()
    button(window, "2 pages").click()
    settled()
    assert "1号梯" in shown(PagesWindow).windowTitle()
    shown(PagesWindow).close()
    window.close()
