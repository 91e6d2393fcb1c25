"""The last calls on the card of a household: what is listed, and where its links lead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.calls.controller import calls_page, card_part
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.service import calls
from fuyuan_desk.calls.service.of_households import latest_calls
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import households
from fuyuan_desk.estates.view.card_section import CardSection
from fuyuan_desk.kit.desk import Desk
from tests.calls.conftest import Office
from tests.screen import button, texts

TODAY = date(2026, 3, 2)
Settled = Callable[[], None]


def save(office: Office, who: str, day: int, **fields: Any) -> int:
    """Save a call on somebody on a day of February."""
    call = CallFields(date(2026, 2, day), resident=office.key(who), staff="何斌", said="腿脚不便")
    return calls.save_call(office.seat, replace(call, **fields)).id


def test_the_last_three_of_each_household_the_latest_first(office: Office) -> None:
    first, other = office.households["蔡兰刚"], office.households["姚艳志"]
    made = [save(office, "蔡兰刚", day) for day in (3, 20, 11, 7)]
    neighbour = save(office, "姚艳志", 5, how="phone")
    found = latest_calls(office.seat, [first, other, office.households["苏强平"]])
    assert [line.id for line in found[first]] == [made[1], made[2], made[3]]
    assert [(line.id, line.day) for line in found[other]] == [(neighbour, "2026-02-05")]
    assert found[office.households["苏强平"]] == ()


def test_of_one_day_the_later_hour_comes_first(office: Office) -> None:
    early = save(office, "蔡兰刚", 3, called_at="09:00")
    late = save(office, "蔡兰刚", 3, called_at="16:30")
    unknown = save(office, "蔡兰刚", 3)
    [*found] = latest_calls(office.seat, [office.households["蔡兰刚"]])[office.households["蔡兰刚"]]
    assert [line.id for line in found] == [late, early, unknown]


def test_another_person_of_the_household_is_named_masked_and_nothing_said_is_shown(office: Office) -> None:
    save(office, "沈文娟", 3)
    save(office, "蔡兰刚", 4)
    on_holder, on_daughter = latest_calls(office.seat, [office.households["蔡兰刚"]])[
        office.households["蔡兰刚"]
    ]
    assert on_daughter.text == "Called on, At home, 沈*"
    assert on_holder.text == "Called on, At home"


@pytest.mark.parametrize(
    ("fields", "due", "is_overdue"),
    [
        ({}, "", False),
        ({"follow_up": "申请助餐"}, "Follow-up open", False),
        ({"follow_up": "申请助餐", "follow_up_by": TODAY}, "Follow-up by 2026-03-02", False),
        ({"follow_up": "申请助餐", "follow_up_by": date(2026, 3, 1)}, "Follow-up by 2026-03-01", True),
        (
            {
                "follow_up": "申请助餐",
                "follow_up_by": date(2026, 3, 1),
                "follow_up_done_on": date(2026, 2, 9),
            },
            "",
            False,
        ),
    ],
)
def test_what_follows_is_told_until_it_is_done(
    office: Office, fields: dict[str, Any], due: str, is_overdue: bool
) -> None:
    save(office, "蔡兰刚", 3, **fields)
    [line] = latest_calls(office.seat, [office.households["蔡兰刚"]])[office.households["蔡兰刚"]]
    assert (line.due, line.is_overdue) == (due, is_overdue)


def test_a_property_company_sees_none(office: Office, seat_as: Callable[[Role], Seat]) -> None:
    with pytest.raises(NotAllowed):
        latest_calls(seat_as(Role.PROPERTY), [office.households["蔡兰刚"]])


# --- on the page


class Home:
    """The page of a home with its calls; `asked` lists where links lead."""

    def __init__(self, office: Office, desk: Desk) -> None:
        self.office = office
        self.asked: list[tuple[str, object]] = []
        self.page = EstatesController(desk)
        self.page.add_card_part(
            card_part(
                lambda call: self.asked.append(("call", call)),
                lambda address: self.asked.append(("all", address)),
                lambda household: self.asked.append(("new", household)),
            )
        )

    def section(self, name: str) -> CardSection:
        """Return the part on the card of a household."""
        card: QWidget = self.page.estate.units.panel.card(self.office.households[name])
        [found] = card.findChildren(CardSection)
        return found


@pytest.fixture
def home(office: Office, desk: Desk, front: Callable[[QWidget], None], settled: Settled) -> Home:
    made = Home(office, desk)
    front(made.page.page)
    settled()
    made.page.open_unit(office.homes["前楼"])
    settled()
    return made


def test_the_links_lead_to_a_call_to_all_and_to_a_new_one(
    home: Home, office: Office, desk: Desk, settled: Settled
) -> None:
    assert "No call on this household is recorded." in texts(home.section("蔡兰刚"))
    assert not home.section("蔡兰刚").all_button.isEnabled()
    call = save(office, "蔡兰刚", 3)
    desk.changes.emit(frozenset({"resident_call"}))
    settled()
    section = home.section("蔡兰刚")
    assert "Called on, At home" in texts(section)
    button(section, "Call of 2026-02-03").click()
    section.all_button.click()
    section.add_button.click()
    assert home.asked == [
        ("call", call),
        ("all", "南昌路168弄4号前楼"),
        ("new", office.households["蔡兰刚"]),
    ]


def test_each_card_of_a_home_has_its_own_calls(
    home: Home, office: Office, seat: Seat, desk: Desk, settled: Settled
) -> None:
    late = households.save_household(seat, office.homes["前楼"], HouseholdFields("祝敏")).id
    save(office, "蔡兰刚", 3)
    desk.changes.emit(frozenset({"household", "resident_call"}))
    settled()
    assert len(home.section("蔡兰刚").links) == 1
    [other] = home.page.estate.units.panel.card(late).findChildren(CardSection)
    assert other.links == []


def test_who_may_only_read_is_offered_no_new_call(
    office: Office, desk_as: Callable[[Role], Desk], front: Callable[[QWidget], None], settled: Settled
) -> None:
    desk = desk_as(Role.VIEWER)
    made = Home(office, desk)
    front(made.page.page)
    made.page.open_unit(office.homes["前楼"])
    settled()
    section = made.section("蔡兰刚")
    assert not section.add_button.isVisibleTo(section)
    assert section.all_button.isVisibleTo(section)
    desk.close()


def test_all_calls_of_a_home_are_those_of_no_other(
    office: Office, desk: Desk, front: Callable[[QWidget], None], settled: Settled
) -> None:
    wanted = {save(office, "蔡兰刚", 3), save(office, "沈文娟", 4)}
    save(office, "姚艳志", 5)
    save(office, "苏强平", 6)
    page = calls_page(desk, None)
    front(page.page)
    settled()
    page.show_words("南昌路168弄4号前楼")
    settled()
    model = page.view.table.model
    assert {model.row(row).id for row in range(model.rowCount())} == wanted
