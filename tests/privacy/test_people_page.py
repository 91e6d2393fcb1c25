"""The personal data tab as a clerk uses it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.estates.facts.people import HOLDER, TagFields
from fuyuan_desk.estates.service import people as members
from fuyuan_desk.estates.service import tags
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.privacy.controller import PeopleController
from fuyuan_desk.privacy.view import DUE
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.conftest import PASSWORD
from tests.privacy.neighbours import NAME, OTHER, add_home, file_case, log_visit, move_out, trail, value

DAY = date(2023, 3, 2)
Settled = Callable[[], None]


@pytest.fixture
def page(seat: Seat, desk: Desk, front: Callable[[QWidget], None], settled: Settled) -> PeopleController:
    """The tab for an office with a home, its renovation and a visit."""
    home = add_home(seat)
    file_case(seat, home)
    log_visit(seat, accompanying=f"某丁、{OTHER}")
    made = PeopleController(desk)
    front(made.page)
    made.on_shown()
    settled()
    return made


def opened(kind: type[Any]) -> Any:
    [box] = [box for box in QApplication.topLevelWidgets() if isinstance(box, kind) and box.isVisible()]
    return box


def agree(desk: Desk) -> None:
    """Make the reviewer agree to every request."""

    def ask(_refusal: UserError, again: Callable[..., object], _cancel: Callable[[], object]) -> None:
        again(Second("reviewer", PASSWORD), lambda: None)

    desk.ask_second = ask


def find(page: PeopleController, text: str, settled: Settled, qtbot: QtBot) -> None:
    page.page.people.filter.setText(text)
    qtbot.wait(200)
    settled()


def test_nothing_is_shown_before_something_is_typed(page: PeopleController, settled: Settled) -> None:
    assert page.page.people.model.total == 0
    assert page.page.banner.text() == ""
    assert not page.page.person.isVisible()


def test_a_person_is_found_and_what_the_law_keeps_is_shown(
    page: PeopleController, settled: Settled, qtbot: QtBot
) -> None:
    find(page, NAME, settled, qtbot)
    assert page.page.people.model.total == 1
    qtbot.keyClick(page.page.people.filter, Qt.Key.Key_Down)
    settled()
    assert page.page.person.isVisible()
    texts = [words.text() for words in page.page.person.findChildren(QLabel)]
    assert any("501室" in text for text in texts)
    assert not any(NAME in text for text in texts)
    assert not page.page.person.erase.isEnabled()  # resident, and the renovation is under way


def test_the_report_is_made_for_who_asks(
    page: PeopleController, seat: Seat, settled: Settled, qtbot: QtBot
) -> None:
    find(page, NAME, settled, qtbot)
    page.page.people.table.selectRow(0)
    settled()
    page.page.person.report.click()
    dialog = opened(FormDialog)
    dialog.form.submit()
    assert dialog.form.errors().keys() == {"requester"}
    dialog.form.set_raw({"requester": "本人，已出示居民身份证", "purpose": ""})
    dialog.form.submit()
    qtbot.waitUntil(lambda: page.preview is not None, timeout=20_000)
    assert page.preview is not None
    qtbot.waitUntil(lambda: page.preview.preview.pdf is not None, timeout=20_000)  # type: ignore[union-attr]
    assert len(trail(seat, "person_report")) == 2
    page.preview.close()
    settled()


def test_erasing_asks_why_and_takes_two(
    page: PeopleController, seat: Seat, desk: Desk, settled: Settled, qtbot: QtBot
) -> None:
    agree(desk)
    gone = add_home(seat, "701室", head="苏强平", id_number="", phones=())
    move_out(seat, gone, date(2026, 2, 1))
    find(page, "苏强平", settled, qtbot)
    page.page.people.table.selectRow(0)
    settled()
    assert page.page.person.erase.isEnabled()
    page.page.person.erase.click()
    dialog = opened(FormDialog)
    dialog.form.submit()
    assert dialog.form.errors().keys() == {"ground"}
    dialog.form.set_values({"ground": "consent"})
    dialog.form.submit()
    settled()
    assert value(seat, "household", gone.household, "head") == ANONYMOUS
    assert page.page.banner.text() == "1 record was erased."
    assert page.page.people.model.total == 0


def test_due_records_are_anonymised(
    page: PeopleController, seat: Seat, desk: Desk, settled: Settled, qtbot: QtBot
) -> None:
    agree(desk)
    homes = [
        add_home(seat, f"{number}室", head="苏强平", id_number="", phones=()) for number in (601, 602, 603)
    ]
    for home in homes:
        move_out(seat, home, DAY)
    page.on_shown()
    page.page.tabs.setCurrentIndex(DUE)
    settled()
    assert page.page.tabs.tabText(DUE) == "Due (3)"
    assert not page.page.chosen_button.isEnabled()
    page.page.due.table.selectRow(1)
    page.page.chosen_button.click()
    opened(Question).buttons[0].click()
    settled()
    heads = [value(seat, "household", home.household, "head") for home in homes]
    assert heads == ["苏强平", ANONYMOUS, "苏强平"]
    page.page.all_button.click()
    opened(Question).buttons[0].click()
    settled()
    assert {value(seat, "household", home.household, "head") for home in homes} == {ANONYMOUS}
    assert page.page.tabs.tabText(DUE) == "Due"
    assert not page.page.all_button.isEnabled()


def test_without_the_second_person_nothing_happens(
    page: PeopleController, seat: Seat, settled: Settled
) -> None:
    home = add_home(seat, "601室", head="苏强平", id_number="", phones=())
    move_out(seat, home, DAY)
    page.on_shown()
    settled()
    page.page.all_button.click()
    opened(Question).buttons[0].click()
    settled()
    assert value(seat, "household", home.household, "head") == "苏强平"
    assert "second person" in page.page.banner.text()


def test_who_makes_an_incomplete_report_is_told_who_completes_it(
    desk_as: Callable[[Role], Desk],
    front: Callable[[QWidget], None],
    seat: Seat,
    settled: Settled,
    qtbot: QtBot,
) -> None:
    home = add_home(seat)
    tag = tags.save_tag(seat, TagFields("只管理员见", roles=())).id
    fields = members.person_for_edit(seat, home.household, HOLDER).fields
    members.save_person(seat, home.household, replace(fields, tags=(tag,)), HOLDER)
    made = PeopleController(desk_as(Role.CLERK))
    front(made.page)
    find(made, NAME, settled, qtbot)
    made.page.people.table.selectRow(0)
    settled()
    made.page.person.report.click()
    dialog = opened(FormDialog)
    dialog.form.set_raw({"requester": "本人", "purpose": ""})
    dialog.form.submit()
    qtbot.waitUntil(lambda: made.preview is not None, timeout=20_000)
    assert "Administrator" in made.page.banner.text()
    assert made.preview is not None
    made.preview.close()
    settled()


def test_a_reviewer_reports_and_does_not_erase(
    desk_as: Callable[[Role], Desk], front: Callable[[QWidget], None], settled: Settled
) -> None:
    made = PeopleController(desk_as(Role.REVIEWER))
    front(made.page)
    settled()
    assert made.page.person.report.isVisibleTo(made.page.person)
    assert not made.page.person.erase.isVisibleTo(made.page.person)
    assert not made.page.all_button.isVisibleTo(made.page)
