"""After a lock the desk restores the page, the record and every kind of open form."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.shell import resume, sample_office
from fuyuan_desk.shell.jobs import JOBS, all_pages
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.places import Place
from fuyuan_desk.shell.resume import page_of_draft
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.table import TablePage
from tests.windows import MakeWindow, at_desk, quiet, resumed, sign_in


@pytest.fixture
def window(qtbot: QtBot, open_window: MakeWindow, prepared_sample: Path, tmp_path: Path) -> MainWindow:
    """The window with the administrator at the desk of a sample office."""
    folder = tmp_path / "desk"
    shutil.copytree(prepared_sample, folder)
    made = open_window(store=str(folder), last_login="admin")
    sign_in(qtbot, made, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(made), timeout=10_000)
    quiet(qtbot, made)
    return made


def lock_and_return(qtbot: QtBot, window: MainWindow) -> None:
    window.lock()
    qtbot.waitUntil(lambda: window.open_desk is None, timeout=10_000)
    qtbot.waitUntil(window.entry.view.enter.isEnabled)
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    resumed(qtbot, window)


def savers(window: MainWindow) -> dict[str, DraftSaver]:
    return {saver.key: saver for saver in window.open_desk.frame.findChildren(DraftSaver)}


def open_form(qtbot: QtBot, window: MainWindow, record: tuple[str, int] | None, page: str, key: str) -> Any:
    desk = window.open_desk
    if record is not None:
        desk.open_record(*record)
        quiet(qtbot, window)
    controller = desk.frame.controller(page)
    if desk.frame.current != page:
        desk.frame.go(page)
    quiet(qtbot, window)
    controller.reopen(key)
    quiet(qtbot, window)
    return savers(window)[key]._form


FORMS: list[tuple[tuple[str, int] | None, str, str, str]] = [
    (None, "estates", "estate:new", "name"),
    (("estate", 2), "estates", "estate:2", "name"),
    (("estate", 2), "estates", "building:new:2", "label"),
    (("estate", 1), "estates", "building:1", "label"),
    (("estate", 1), "estates", "unit:new:1", "label"),
    (("unit", 1), "estates", "unit:1", "label"),
    (("unit", 1), "estates", "household:new:1", "head"),
    (("household", 1), "estates", "household:1", "head"),
    (("household", 1), "estates", "holder:1", "registered_at"),
    (("household", 1), "estates", "person:new:1", "name"),
    (("person", 1), "estates", "person:1", "name"),
    (("household", 1), "estates", "household_end:1", "moved_out_on"),
    (("household", 3), "estates", "pass_on:3", "on"),
    (("unit", 1), "estates", "owner_shares:1", "since"),
    (None, "estates", "tag:new", "name"),
    (("tag", 1), "estates", "tag:1", "name"),
    (("estate", 1), "estates", "tier:1", "remarks"),
    (("estate", 1), "estates", "facility:new:1", "place"),
    (None, "standards", "tier:1", "remarks"),
    (None, "renovation", "renovation:new", "remarks"),
    (("case", 1), "renovation", "renovation:1", "remarks"),
    (("case", 7), "renovation", "renovation_start:7", "started_on"),
    (("case", 7), "renovation", "renovation_close:7", "note"),
    (("case", 2), "renovation", "renovation_undo_start:2", "reason"),
    (("case", 1), "renovation", "renovation_reopen:1", "reason"),
    (("case", 2), "renovation", "visit_report:2", "to"),
    (None, "orders", "order:new", "description"),
    (("order", 1), "orders", "order_edit:1", "description"),
    (("order", 1), "orders", "order_dispatch:1", "note"),
    (("order", 2), "orders", "order_hand_over:2", "note"),
    (("order", 2), "orders", "order_send_back:2", "reason"),
    (("order", 2), "orders", "order_pause:2", "reason"),
    (("order", 2), "orders", "order_cancel:2", "reason"),
    (("order", 2), "orders", "order_finish:2", "note"),
    (("order", 2), "orders", "order_merge:2", "note"),
    (("order", 2), "orders", "order_tell:2", "person"),
    (("order", 3), "orders", "order_reject:3", "reason"),
    (("order", 3), "orders", "order_verify:3", "note"),
    (("order", 5), "orders", "order_reopen:5", "reason"),
    (None, "inspections", "visit:new", "remarks"),
    (("visit", 1), "inspections", "visit_report:1", "to"),
    (("visit", 1), "inspections", "visit_correction:1", "reason"),
    (("checklist", 2), "checklists", "checklist:2", "name"),
    (None, "round-plans", "round_plan:new", "persons"),
    (("round_plan", 1), "round-plans", "round_plan:1", "persons"),
    (None, "rounds", "round_skip:1", "reason"),
    (None, "sheets-out", "sheet_withdraw:2", "note"),
    (None, "facilities", "facility:new", "place"),
    (("facility", 1), "facilities", "facility:1", "place"),
    (None, "facilities", "facility:new:1", "place"),
    (("facility", 1), "facilities", "facility_check:new:1", "remarks"),
    (("facility", 1), "facilities", "facility_check_change:1:1", "remarks"),
    (("facility", 1), "facilities", "check_interval:1:lift-inspection", "reason"),
    (("estate", 2), "estates", "facility_check:new:1", "remarks"),
    (("estate", 1), "estates", "estate_role:new:1", "note"),
    (None, "organisations", "organisation:new", "address"),
    (("organisation", 1), "organisations", "organisation:1", "address"),
    (None, "contacts", "organisation_contact:new", "post"),
    (None, "contracts", "contract:new", "number"),
    (("contract", 1), "contracts", "contract:1", "number"),
    (None, "calls", "call:new", "follow_up"),
    (("call", 1), "calls", "call:1", "follow_up"),
    (("estate", 1), "estates", "call:new:1", "follow_up"),
]


@pytest.mark.parametrize(
    "page",
    [
        "estates",
        "standards",
        "renovation",
        "inspections",
        "checklists",
        "round-plans",
        "rounds",
        "sheets-out",
        "facilities",
        "organisations",
        "contacts",
        "contracts",
        "calls",
        "orders",
    ],
)
def test_the_form_that_was_open_is_open_again(qtbot: QtBot, window: MainWindow, page: str) -> None:
    for record, _page, key, field in (form for form in FORMS if form[1] == page):
        form = open_form(qtbot, window, record, page, key)
        names = list(form._rows)
        lines = (name for name in names if form._rows[name].field.kind == "lines")
        form.editor(field if field in names else next(lines)).set_raw("half typed")
        assert form.is_dirty
        previous = form.raw()
        lock_and_return(qtbot, window)
        assert window.open_desk.frame.current == page, key
        qtbot.waitUntil(lambda key=key: key in savers(window) and savers(window)[key].is_open)
        again = savers(window)[key]._form
        assert again is not form
        assert again.raw() == previous, key
        assert again.notice.isHidden(), "nobody is asked"
        assert window.open_desk.frame.banner.isHidden()
        again.mark_clean()
        quiet(qtbot, window)


def test_every_form_with_drafts_is_tested_here() -> None:
    declared = {form for job in JOBS for form in job.drafts}
    assert declared == {key.partition(":")[0] for _record, _page, key, _field in FORMS}


def test_every_draft_of_a_page_is_declared(qtbot: QtBot, window: MainWindow) -> None:
    for page in all_pages():
        window.open_desk.go(page.name)
        quiet(qtbot, window)
    for record, page_name, key, _field in FORMS:
        open_form(qtbot, window, record, page_name, key).mark_clean()
    declared = {form for job in JOBS for form in job.drafts}
    assert {key.partition(":")[0] for key in savers(window)} <= declared
    assert page_of_draft(JOBS, "unit:new:1") == "estates"
    assert page_of_draft(JOBS, "tier:1") == "standards"


def test_the_record_that_was_shown_is_shown_again(qtbot: QtBot, window: MainWindow) -> None:
    for record, page in (
        (("estate", 3), "estates"),
        (("unit", 2), "estates"),
        (("case", 1), "renovation"),
        (("visit", 1), "inspections"),
        (None, "help"),
    ):
        if record is None:
            window.open_desk.frame.go(page)
        else:
            window.open_desk.open_record(*record)
        quiet(qtbot, window)
        lock_and_return(qtbot, window)
        assert window.open_desk.frame.current == page
        assert getattr(window.open_desk.frame.made[page], "shown_record", None) == record
        assert window.open_desk.frame.banner.isHidden()


def test_a_record_deleted_meanwhile_is_not_shown(qtbot: QtBot, window: MainWindow) -> None:
    place = {"page": "estates", "record": ["estate", 999], "form": "estate:999"}
    window.open_desk.desk.run(sign_in_greeting.save_place, place)
    window.open_desk.start()
    for _time in range(3):
        quiet(qtbot, window)
    assert window.open_desk.frame.current == "estates"
    assert window.open_desk.frame.made["estates"].shown_record is None


def test_resuming_stops_if_the_operator_changes_the_page(qtbot: QtBot, window: MainWindow) -> None:
    desk = window.open_desk
    idle = [False]
    place = Place("estates", None, "estate:new")
    back = resume.Resume(desk, lambda: idle[0], place)
    back.start()
    assert desk.frame.current == "estates"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    idle[0] = True
    qtbot.wait(10 * resume.POLL_MS)
    assert desk.frame.current == "today"
    assert not desk.frame.made["estates"].new_pane.isVisible()


@pytest.mark.parametrize(("page", "tab"), [("settings", "operators"), ("safety", "trail")])
def test_the_tab_that_was_shown_is_shown_again(qtbot: QtBot, window: MainWindow, page: str, tab: str) -> None:
    window.open_desk.go(page).show_tab(tab)
    quiet(qtbot, window)
    lock_and_return(qtbot, window)
    assert window.open_desk.frame.current == page
    assert window.open_desk.frame.made[page].shown_tab == tab


def test_locking_forgets_the_places_seen_before(qtbot: QtBot, window: MainWindow) -> None:
    for page in ("estates", "help"):
        window.open_desk.go(page)
        quiet(qtbot, window)
    assert window.open_desk.walker.places == (Place("estates"), Place("help"), None)
    lock_and_return(qtbot, window)
    assert window.open_desk.walker.places == (None, Place("help"), None)
    assert not window.open_desk.frame.back.isEnabled()


@pytest.mark.parametrize(
    ("record", "page", "key", "field", "lists"),
    [
        (("facility", 1), "facilities", "facility:1", "place", {"facility": "kind"}),
        (("household", 1), "estates", "household:1", "head", {"units": "area"}),
        (("estate", 1), "estates", "building:1", "label", {"building-of-estate": "label"}),
    ],
)
def test_the_field_and_the_sorted_list_are_as_before_and_nothing_is_asked(
    qtbot: QtBot,
    window: MainWindow,
    record: tuple[str, int],
    page: str,
    key: str,
    field: str,
    lists: dict[str, str],
) -> None:
    form = open_form(qtbot, window, record, page, key)
    for made in window.open_desk.frame.controller(page).page.findChildren(TablePage):
        for number, column in enumerate(made.model.columns):
            if lists.get(made.key) == column.sort:
                made.table.horizontalHeader().setSortIndicator(number, Qt.SortOrder.DescendingOrder)
    quiet(qtbot, window)
    form.editor(field).inner()[0].setFocus()
    form.editor(field).set_raw("half typed")
    lock_and_return(qtbot, window)
    qtbot.waitUntil(lambda: key in savers(window) and savers(window)[key].is_open)
    quiet(qtbot, window)
    assert not [
        box for box in QApplication.topLevelWidgets() if isinstance(box, Question) and box.isVisible()
    ]
    again = savers(window)[key].form
    assert again.editor(field).isAncestorOf(window.focusWidget()) or (
        again.editor(field).inner()[0] is window.focusWidget()
    )
    shown = {
        made.key: made.model.query.sort
        for made in window.open_desk.frame.controller(page).page.findChildren(TablePage)
        if made.model.query.descending
    }
    assert shown == lists
    again.mark_clean()


def test_a_filter_is_as_before_the_lock(qtbot: QtBot, window: MainWindow) -> None:
    window.open_desk.go("facilities")
    quiet(qtbot, window)
    window.open_desk.frame.controller("facilities").view.table.filter.setText("电梯")
    quiet(qtbot, window)
    lock_and_return(qtbot, window)
    table = window.open_desk.frame.controller("facilities").view.table
    assert (table.filter.text(), table.model.query.filter) == ("电梯", "电梯")
