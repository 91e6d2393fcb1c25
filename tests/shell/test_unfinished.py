"""Unfinished input is offered after sign-in, listed on the first page and marked in the lists."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core import draft_keys
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service.buildings import save_building
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.estates.service.households import save_household
from fuyuan_desk.estates.service.units import save_unit
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.kit.open_drafts import DraftState, open_drafts
from fuyuan_desk.office.service.sign_in import sign_in as sign_in_at
from fuyuan_desk.shell import sample_office
from fuyuan_desk.shell.jobs import JOBS, all_records
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.table import TablePage
from tests.shell.test_resume import FORMS, lock_and_return, open_form
from tests.windows import MakeWindow, at_desk, quiet, resumed, sign_in

RECORDS = all_records()
FIELDS = {"tier:1": "document_no"}
IN_PAGES = {
    "estate:2", "building:1", "unit:1", "household:1", "person:1", "tag:1", "renovation:1", "checklist:2",
    "round_plan:1", "facility:1", "organisation:1", "contract:1", "call:1",
}  # fmt: skip
"""The forms of records that stand in a page, not in a dialog over it."""
DRAFTS = {key: form for job in JOBS for key, form in job.draft_forms.items()}


@pytest.fixture
def office(prepared_sample: Path, tmp_path: Path) -> Path:
    """A closed sample office."""
    folder = tmp_path / "desk"
    shutil.copytree(prepared_sample, folder)
    return folder


def at_office(folder: Path, login: str = "admin") -> Seat:
    return sign_in_at(folder, login, sample_office.PASSWORD)


def leave(folder: Path, **kept: dict[str, Any]) -> None:
    """Leave drafts behind, by key with `__` for a colon, as a crash does."""
    seat = at_office(folder)
    for key, content in kept.items():
        drafts.save_draft(seat, key.replace("__", ":"), content)
    seat.store.close()


def open_at(qtbot: QtBot, open_window: MakeWindow, folder: Path, login: str = "admin") -> MainWindow:
    window = open_window(store=str(folder), last_login=login)
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    resumed(qtbot, window)
    return window


def saver(window: MainWindow, key: str) -> DraftSaver:
    [found] = [made for made in window.open_desk.frame.findChildren(DraftSaver) if made.key == key]
    return found


def press(window: MainWindow, caption: str) -> None:
    banner = window.open_desk.frame.unfinished
    [found] = [
        made for made in banner.findChildren(QPushButton) if made.text() == caption and made.isVisible()
    ]
    found.click()


# --- the service


def test_every_draft_of_a_job_says_what_it_is() -> None:
    assert {form for job in JOBS for form in job.drafts} == set(DRAFTS)


def found(seat: Seat) -> dict[str, tuple[str, DraftState]]:
    listed = open_drafts(seat, DRAFTS, RECORDS).own
    return {draft.key: (draft.name, draft.state) for draft in listed}


def test_each_draft_is_named_and_said_to_be_usable_or_not(seat: Seat) -> None:
    saved = save_estate(seat, EstateFields(name="某小区", address="某路1号"))
    for key, content in {
        "estate:new": {"name": "x"},
        f"estate:{saved.id}": {"name": "x", draft_keys.VERSION: 1},
        "estate:999": {"name": "x"},
        f"building:new:{saved.id}": {"label": "x"},
        "unit:new:999": {"label": "x"},
        "other:1": {"label": "x"},
    }.items():
        drafts.save_draft(seat, key, content)
    assert found(seat) == {
        "estate:new": ("New estate", DraftState.READY),
        f"estate:{saved.id}": ("Estate 某小区", DraftState.READY),
        "estate:999": ("Estate", DraftState.GONE),
        f"building:new:{saved.id}": ("New building – 某小区", DraftState.READY),
        "unit:new:999": ("New unit", DraftState.GONE),
        "other:1": ("A form that this program does not have", DraftState.UNKNOWN),
    }
    save_estate(seat, EstateFields(name="某小区二期", address="某路1号"), saved.id, 1)
    assert found(seat)[f"estate:{saved.id}"] == ("Estate 某小区二期", DraftState.CHANGED)


def test_each_draft_says_where_it_is(seat: Seat) -> None:
    estate = save_estate(seat, EstateFields(name="某小区")).id
    building = save_building(seat, BuildingFields("4号", estate_id=estate)).id
    unit = save_unit(seat, UnitFields(building, label="101室")).id
    household = save_household(seat, unit, HouseholdFields("郭某某")).id
    facility = save_facility(
        seat, FacilityFields(kind="lift", number="1", estate_id=estate, next_check_on=seat.today())
    ).id
    for key, content in {
        f"household:{household}": {"head": "x"},
        f"facility:{facility}": {"place": "x"},
        "facility:new": {"estate_id": "某小区"},
        "renovation:new": {"home": {"id": unit, "address": "某小区4号101室"}},
        "renovation:new:0": {"home": {}},
        "visit:new": {"subject": "某小区"},
    }.items():
        drafts.save_draft(seat, key, content)
    names = {key: name for key, (name, _state) in found(seat).items()}
    assert names == {
        f"household:{household}": "Household 郭* – 某小区4号101室",
        f"facility:{facility}": "Facility Lift 1 – 某小区",
        "facility:new": "New facility – 某小区",
        "renovation:new": "New renovation – 某小区4号101室",
        "renovation:new:0": "New renovation",
        "visit:new": "New visit – 某小区",
    }


def test_a_property_company_sees_its_own_drafts_of_its_own_estates_only(seat: Seat, seat_as: Any) -> None:
    saved = save_estate(seat, EstateFields(name="某小区", address="某路1号"))
    drafts.save_draft(seat, "estate:new", {"name": "x"})
    company = seat_as(Role.PROPERTY)
    drafts.save_draft(company, "visit:new", {"remarks": "x"})
    drafts.save_draft(company, f"facility:new:{saved.id}", {"place": "x"})
    assert found(company) == {
        "visit:new": ("New visit", DraftState.READY),
        f"facility:new:{saved.id}": ("New facility", DraftState.GONE),
    }
    assert open_drafts(company, DRAFTS, RECORDS).others == ()
    others = open_drafts(seat, DRAFTS, RECORDS)
    assert [draft.key for draft in others.own] == ["estate:new"]
    assert others.others == (("某property", 2),)


# --- the window


def test_nothing_is_shown_when_there_is_none(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    window = open_at(qtbot, open_window, office)
    assert window.open_desk.frame.unfinished.isHidden()
    assert window.open_desk.unfinished.card is not None
    assert window.open_desk.unfinished.card.isHidden()


def test_a_draft_is_offered_and_continued(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    leave(office, estate__new={"name": "某新小区"})
    window = open_at(qtbot, open_window, office)
    banner = window.open_desk.frame.unfinished
    assert banner.text().startswith("1 form is not finished: New estate (today ")
    press(window, "Continue")
    qtbot.waitUntil(lambda: window.open_desk.frame.current == "estates")
    resumed(qtbot, window)
    form = saver(window, "estate:new").form
    assert form.raw()["name"] == "某新小区"
    assert form.is_dirty
    assert form.notice.isHidden(), "it was asked for"
    assert banner.isHidden()
    form.mark_clean()
    qtbot.waitUntil(lambda: not window.open_desk.unfinished.found.own, timeout=5_000)


@pytest.mark.parametrize(
    ("key", "field"), sorted({(key, FIELDS.get(key, name)) for _record, _page, key, name in FORMS})
)
def test_each_form_is_continued_wherever_it_lives(
    qtbot: QtBot, open_window: MakeWindow, office: Path, key: str, field: str
) -> None:
    typed = "half typed"
    leave(office, **{key.replace(":", "__"): {field: typed}})
    window = open_at(qtbot, open_window, office)
    window.open_desk.unfinished.continue_draft(key)
    qtbot.waitUntil(
        lambda: any(s.key == key and s.is_open for s in window.open_desk.frame.findChildren(DraftSaver)),
        timeout=5_000,
    )
    resumed(qtbot, window)
    assert not window.open_desk.frame.findChildren(Question), "nobody is asked"
    form = saver(window, key).form
    assert form.raw()[field] == typed
    form.mark_clean()


def test_a_form_that_asks_already_is_continued(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    forms = [form for form in FORMS if form[2] in IN_PAGES]
    leave(office, **{key.replace(":", "__"): {field: "half typed"} for _record, _page, key, field in forms})
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk
    for record, page, key, field in forms:
        assert open_form(qtbot, window, record, page, key).is_asking, "it is opened from its list first"
        desk.go("today")
        desk.unfinished.continue_draft(key)
        resumed(qtbot, window)
        form = saver(window, key).form
        assert (form.is_asking, form.raw()[field]) == (False, "half typed"), key
        form.mark_clean()
        quiet(qtbot, window)


def test_several_are_listed_on_the_first_page(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    leave(office, estate__new={"name": "某新小区"}, estate__1={"remarks": "x"}, estate__999={"remarks": "x"})
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk
    assert desk.frame.unfinished.text().startswith("3 forms are not finished: ")
    desk.go("help")
    press(window, "Show them")
    assert desk.frame.current == "today"
    card = desk.unfinished.card
    assert card.isVisible()
    lines = {line.key: line for line in card.lines}
    assert set(lines) == {"estate:new", "estate:1", "estate:999"}
    assert lines["estate:999"].words == "– the record no longer exists"
    assert card.findChild(QPushButton, "continue estate:999") is None
    assert card.findChild(QPushButton, "discard estate:999") is not None


def test_the_banner_counts_what_the_first_page_lists(
    qtbot: QtBot, open_window: MakeWindow, office: Path
) -> None:
    leave(office, estate__new={"name": "某新小区"}, estate__1={"remarks": "x"})
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk
    desk.unfinished.continue_draft("estate:new")
    qtbot.waitUntil(lambda: desk.frame.current == "estates")
    resumed(qtbot, window)
    desk.unfinished.read()
    resumed(qtbot, window)
    assert len(desk.unfinished.card.lines) == 2
    assert desk.frame.unfinished.text().startswith("2 forms are not finished: ")
    saver(window, "estate:new").form.mark_clean()
    qtbot.waitUntil(lambda: len(desk.unfinished.card.lines) == 1, timeout=5_000)
    assert desk.frame.unfinished.text().startswith("1 form is not finished: ")


def test_discarding_asks_with_the_name(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    leave(office, estate__new={"name": "某新小区"})
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk

    def ask() -> Question:
        press(window, "Discard")
        [question] = desk.frame.findChildren(Question)
        assert question.windowTitle() == "Discard what was typed in “New estate”?"
        return question

    ask().reject()
    qtbot.waitUntil(lambda: not desk.frame.unfinished.isHidden(), timeout=5_000)
    assert desk.unfinished.found.own
    qtbot.waitUntil(lambda: not desk.frame.findChildren(Question))
    ask().buttons[0].click()
    qtbot.waitUntil(lambda: not desk.unfinished.found.own, timeout=5_000)
    resumed(qtbot, window)
    assert desk.frame.unfinished.isHidden()
    assert desk.unfinished.card.isHidden()


@pytest.mark.parametrize("place", ["banner", "card"])
def test_the_focus_is_again_at_the_button_after_a_discard_that_was_not_meant(
    qtbot: QtBot, open_window: MakeWindow, office: Path, place: str
) -> None:
    leave(office, estate__new={"name": "某新小区"})
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk

    def discard() -> QPushButton:
        within = desk.frame.unfinished if place == "banner" else desk.unfinished.card
        [found] = [made for made in within.findChildren(QPushButton) if made.text() == "Discard"]
        return found

    discard().setFocus()
    discard().click()
    [question] = desk.frame.findChildren(Question)
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not desk.frame.findChildren(Question))
    qtbot.waitUntil(lambda: not desk.frame.unfinished.isHidden(), timeout=5_000)
    resumed(qtbot, window)
    assert window.focusWidget() is discard()


def test_a_closed_banner_does_not_come_back(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    leave(office, estate__new={"name": "某新小区"})
    window = open_at(qtbot, open_window, office)
    window.open_desk.frame.unfinished.clear()
    window.open_desk.unfinished.read()
    resumed(qtbot, window)
    assert window.open_desk.frame.unfinished.isHidden()
    assert window.open_desk.unfinished.card.isVisible()


def test_rows_of_records_with_a_draft_are_marked(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    leave(office, estate__1={"remarks": "x"}, household__1={"head": "x"}, facility__1={"place": "x"},
          renovation__1={"remarks": "x"}, visit__1={"remarks": "x"})  # fmt: skip
    window = open_at(qtbot, open_window, office)
    desk = window.open_desk
    assert desk.desk.marks.of("estate").keys() == {1}
    assert desk.desk.marks.of("unit").keys() == {1}
    assert desk.desk.marks.of("facility").keys() == {1}
    for page in ("estates", "facilities", "renovation", "inspections", "standards"):
        desk.go(page)
        resumed(qtbot, window)
        tables = [made for made in desk.frame.made[page].page.findChildren(TablePage) if made.isVisible()]
        marked = [
            made.model.mark_of(row)
            for made in tables
            for number in range(made.model.total)
            if (row := made.model.row(number)) is not None and made.model.mark_of(row)
        ]
        assert len(marked) == 1, page
        assert marked[0].startswith("Not finished: ")


def test_the_form_that_is_resumed_after_a_lock_is_not_offered_too(
    qtbot: QtBot, open_window: MakeWindow, office: Path
) -> None:
    leave(office, visit__new={"remarks": "x"})
    window = open_at(qtbot, open_window, office)
    window.open_desk.unfinished.continue_draft("visit:new")
    resumed(qtbot, window)
    lock_and_return(qtbot, window)
    resumed(qtbot, window)
    assert window.open_desk.frame.current == "inspections"
    assert window.open_desk.frame.unfinished.isHidden()
    saver(window, "visit:new").form.mark_clean()


def test_another_operator_is_not_offered_it_but_told(
    qtbot: QtBot, open_window: MakeWindow, office: Path
) -> None:
    leave(office, estate__new={"name": "某新小区"})
    seat = at_office(office)
    login = next(row.login for row in sample_office_operators(seat) if row.role is Role.CLERK)
    seat.store.close()
    window = open_at(qtbot, open_window, office, login)
    assert window.open_desk.frame.unfinished.isHidden()
    card = window.open_desk.unfinished.card
    assert card.lines == ()
    assert card.isVisible()


def sample_office_operators(seat: Seat) -> Any:
    from fuyuan_desk.office.service.operators import list_operators

    return list_operators(seat)


KILLED = """
import os, signal, sys
from pathlib import Path
from fuyuan_desk.access import drafts
from fuyuan_desk.office.service.sign_in import sign_in
seat = sign_in(Path(sys.argv[1]), "admin", sys.argv[2])
drafts.save_draft(seat, "estate:new", {"name": "typed"})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_draft_of_a_killed_process_is_offered(qtbot: QtBot, open_window: MakeWindow, office: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(office), sample_office.PASSWORD],
        cwd=Path(__file__).parents[2], env=os.environ, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    window = open_at(qtbot, open_window, office)
    assert "New estate" in window.open_desk.frame.unfinished.text()


def test_a_second_window_is_offered_it_once_the_first_is_closed(
    qtbot: QtBot, qapp: QApplication, open_window: MakeWindow, office: Path
) -> None:
    leave(office, estate__new={"name": "某新小区"})
    first = open_at(qtbot, open_window, office)
    assert "New estate" in first.open_desk.frame.unfinished.text()
    second = open_window(store=str(office), last_login="admin")
    sign_in(qtbot, second, sample_office.PASSWORD)
    quiet(qtbot, second)
    assert second.open_desk is None, "the office is open already"
    first.close()
    qtbot.waitUntil(lambda: first.open_desk is None)
    second.entry.view.password.clear()
    sign_in(qtbot, second, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(second), timeout=10_000)
    resumed(qtbot, second)
    assert "New estate" in second.open_desk.frame.unfinished.text()
