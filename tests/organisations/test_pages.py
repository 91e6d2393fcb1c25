"""The pages of organisations as a clerk uses them: ended in its form, compared and merged, split, told apart."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.controller import DuplicatesController
from fuyuan_desk.kit.merging.view import MergeDialog
from fuyuan_desk.organisations.controller.duplicates import duplicates_page
from fuyuan_desk.organisations.controller.organisations import OrganisationsController, contacts_page
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.service import contacts, organisations
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.conftest import NOW
from tests.desks import wait_until_quiet
from tests.screen import button, shown, texts

Settled = Callable[[], None]


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Settled:
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def two(seat: Seat) -> tuple[int, int]:
    """A company in two spellings, of which the second one holds an estate and has a contact."""
    first = organisations.save_organisation(
        seat, OrganisationFields("上海福元物业有限公司", "property", "91310101MA1FP0001L")
    ).id
    estates.save_estate(seat, EstateFields("福元小区", property_company="福元物业"))
    second = next(
        line.id for line in organisations.find_organisations(seat).rows if line.fields.name == "福元物业"
    )
    contacts.save_contact(seat, ContactFields(second, "何斌", "经理"))
    return first, second


@pytest.fixture
def duplicates(
    desk: Desk, two: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> DuplicatesController:
    made = duplicates_page(desk)
    front(made.page)
    settled()
    return made


def names(seat: Seat) -> set[str]:
    return {line.fields.name for line in organisations.find_organisations(seat).rows}


def offered(page: DuplicatesController) -> set[str]:
    """Return the acts that are offered for the chosen pair."""
    return {name for name, act in page.view.acts.items() if act.isVisible()}


def test_two_names_are_compared_merged_and_split_again(
    duplicates: DuplicatesController, seat: Seat, settled: Settled
) -> None:
    assert offered(duplicates) == {"merge", "apart"}
    button(duplicates.view, "Compare and merge …").click()
    settled()
    dialog = shown(MergeDialog)
    words = " ".join(texts(dialog))
    for told in (
        "福元物业",
        "上海福元物业有限公司",
        "1 role in an estate",
        "1 contact",
        "91310101MA1FP0001L",
    ):
        assert told in words, told
    assert dialog.taken() == [], "where only one has a value, it stays"
    dialog.form.set_value("part:name", "second")
    button(dialog, "Merge").click()
    settled()
    assert names(seat) == {"福元物业"}
    assert estates.list_estates(seat).rows[0].property_company == "福元物业"
    settled()
    assert offered(duplicates) == {"split"}
    button(duplicates.view, "Split off again").click()
    button(shown(Question), "Split off").click()
    settled()
    assert names(seat) == {"上海福元物业有限公司", "福元物业"}


def test_what_is_not_the_same_is_remembered_and_asked_again(
    duplicates: DuplicatesController, settled: Settled
) -> None:
    button(duplicates.view, "Not the same").click()
    settled()
    assert offered(duplicates) == {"again"}
    button(duplicates.view, "Ask again").click()
    settled()
    assert offered(duplicates) == {"merge", "apart"}


def test_a_viewer_sees_the_pairs_and_may_do_nothing(
    desk_as: Callable[[Role], Desk], two: tuple[int, int], qtbot: QtBot
) -> None:
    viewer = desk_as(Role.VIEWER)
    page = duplicates_page(viewer)
    qtbot.addWidget(page.page)
    page.page.show()
    wait_until_quiet(qtbot, lambda: viewer.is_idle)
    assert page.view.table.model.total == 1
    assert offered(page) == set()


@pytest.fixture
def page(
    desk: Desk, two: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> OrganisationsController:
    made = OrganisationsController(desk)
    front(made.page)
    settled()
    return made


def test_ending_one_that_holds_a_role_is_refused_beside_the_day(
    page: OrganisationsController, two: tuple[int, int], seat: Seat, settled: Settled
) -> None:
    page.open_record(two[1])
    settled()
    form = page.book_page.view.pane.form
    form.set_value("ended_on", NOW.date())
    form.submit()
    settled()
    assert "1 role in an estate (福元小区)" in form.errors()["ended_on"]
    assert form.is_dirty, "what was typed is still there"
    form.mark_clean()


def test_a_wrong_check_digit_is_told_beside_the_field_and_gone_with_the_next_record(
    page: OrganisationsController, two: tuple[int, int], settled: Settled
) -> None:
    page.open_record(two[0])
    settled()
    form = page.book_page.view.pane.form
    assert form.doubts() == {}
    form.set_value("credit_code", "91310101MA1FP00010")
    form.submit()
    settled()
    assert "check digit" in form.doubts()["credit_code"]
    page.open_record(two[1])
    settled()
    assert form.doubts() == {}


def test_one_is_merged_with_another_from_its_form(
    page: OrganisationsController, two: tuple[int, int], seat: Seat, settled: Settled
) -> None:
    page.open_record(two[0])
    settled()
    assert page.duplicates_button.text() == "Possible &duplicates 1"
    button(page.book_page.view.pane, "Merge with another …").click()
    settled()
    dialog = shown(FormDialog)
    dialog.form.set_value("other", two[1])
    button(dialog, "Compare").click()
    settled()
    button(shown(MergeDialog), "Merge").click()
    settled()
    assert names(seat) == {"上海福元物业有限公司"}
    assert page.shown_record == ("organisation", two[0])
    assert page.duplicates_button.text() == "Possible &duplicates"


def test_the_contacts_of_one_are_listed_masked(
    desk: Desk, two: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> None:
    made = contacts_page(desk)
    front(made.page)
    settled()
    made.show_of("organisation_id", two[0])
    settled()
    assert made.view.table.model.total == 0
    made.show_of("organisation_id", two[1])
    settled()
    assert made.view.table.model.total == 1
    index = made.view.table.model.index(0, 1)
    assert made.view.table.model.data(index, Qt.ItemDataRole.DisplayRole) == "何*"
