"""The navigation at the desk: groups that are remembered, and pages that are hidden. One window serves all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from fuyuan_desk.core import preferences
from fuyuan_desk.kit.job import GROUP_TITLES, Group
from fuyuan_desk.shell.jobs import JOBS, NAVIGATION, all_pages
from fuyuan_desk.shell.main_window import MainWindow
from tests import screen
from tests.windows import MakeWindow, at_desk, quiet, sign_in


@pytest.fixture
def desk(qtbot: QtBot, shared_desk: MainWindow) -> Iterator[MainWindow]:
    """The window with the administrator at the first page, all pages listed."""
    shared_desk.open_desk.go("today")
    quiet(qtbot, shared_desk)
    yield shared_desk
    shared_desk.open_desk.hide_pages(())


def boxes(desk: MainWindow) -> dict[str, QCheckBox]:
    """Return the boxes of the pages to show, by title."""
    form = desk.open_desk.go("settings").page.pages
    return {box.text(): box for box in form.findChildren(QCheckBox)}


def hide(qtbot: QtBot, desk: MainWindow, *titles: str) -> None:
    """Untick these pages in the settings and save."""
    for title, box in boxes(desk).items():
        box.setChecked(title not in titles)
    quiet(qtbot, desk)
    desk.open_desk.go("settings").page.pages.submit()
    quiet(qtbot, desk)


def test_pages_are_in_the_order_of_their_groups_and_of_the_table() -> None:
    pages = all_pages()
    groups = [list(Group).index(page.group) for page in pages]
    assert groups == sorted(groups)
    for group in Group:
        names = [page.name for page in pages if page.group is group]
        assert names == [name for name in NAVIGATION if name in names]
    assert [page.name for page in pages if page.group is Group.TOP] == ["today"]


def test_a_page_that_is_not_listed_is_led_to_by_one_that_is() -> None:
    pages = {page.name: page for page in all_pages()}
    for page in pages.values():
        assert not page.under or not pages[page.under].under


def test_pages_with_records_or_drafts_can_return_to_their_first_screen() -> None:
    wanted = {record.page for job in JOBS for record in job.records}
    wanted |= {page for job in JOBS for page in job.drafts.values() if page}
    assert {page.name for page in all_pages() if page.start is None} & wanted == set()


def test_every_page_stands_under_the_heading_of_its_group(desk: MainWindow) -> None:
    nav = desk.open_desk.frame.nav
    listed = [page for page in desk.open_desk.shown_pages() if not page.under]
    assert nav.names == [page.name for page in listed]
    for group in {page.group for page in listed} & set(GROUP_TITLES):
        assert not nav.is_folded(group), "there is room for the pages of today"


def test_a_hidden_page_leaves_the_navigation_and_still_opens(qtbot: QtBot, desk: MainWindow) -> None:
    nav = desk.open_desk.frame.nav
    hide(qtbot, desk, "Inspections", "Renovation")
    assert not {"inspections", "renovation"} & set(nav.names)
    records = {"estates", "organisations", "contracts", "facilities", "calls", "rounds"}
    others = {"orders", "standards", "safety", "settings", "help"}
    assert {"today", *records, *others} == set(nav.names)
    assert nav.count("inspections") == ""
    desk.open_desk.open_record("case", 1)
    quiet(qtbot, desk)
    assert desk.open_desk.frame.current == "renovation"
    assert desk.open_desk.frame.banner.isHidden()
    assert nav.current == ""
    QTest.keyClick(desk, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert desk.open_desk.frame.current == "today"
    kept = preferences.load(settings_of(desk)).navigation
    assert kept["hidden"] == ["inspections", "renovation"]
    hide(qtbot, desk)
    assert nav.names == [page.name for page in desk.open_desk.shown_pages() if not page.under]
    assert nav.count("renovation").startswith("!")


def test_what_is_always_needed_cannot_be_hidden(qtbot: QtBot, desk: MainWindow) -> None:
    offered = set(boxes(desk))
    registers = {"Estates", "Organisations", "Contracts", "Facilities", "Calls on residents"}
    work = {"Inspections", "Rounds", "Work orders", "Service standard", "Renovation"}
    assert registers | work == offered
    desk.open_desk.hide_pages(("settings", "today"))
    assert {"settings", "today"} <= set(desk.open_desk.frame.nav.names)


def test_a_folded_group_is_remembered_and_opens_for_its_page(qtbot: QtBot, desk: MainWindow) -> None:
    nav = desk.open_desk.frame.nav
    screen.button(nav, "Special work, unfolded").click()
    assert nav.count(Group.SPECIAL) == nav.count("renovation") != ""
    quiet(qtbot, desk)
    assert preferences.load(settings_of(desk)).navigation["folded"] == {"special": True}
    desk.open_desk.open_record("case", 1)
    quiet(qtbot, desk)
    assert not nav.is_folded(Group.SPECIAL)
    assert nav.current == "renovation"
    kept = preferences.load(settings_of(desk)).navigation["folded"]
    assert kept == {"special": True}, "only what is folded by hand is remembered"


def settings_of(desk: MainWindow) -> Path:
    """Return the preferences file of the shared window, which stands beside its office."""
    return Path(desk.open_desk.folder).parent / "settings.json"


def test_the_pc_remembers_both_at_the_next_start(qtbot: QtBot, open_window: MakeWindow, folder: Path) -> None:
    window = open_window(
        store=str(folder),
        last_login="admin",
        navigation={"folded": {"special": True, "x": 3}, "hidden": ["inspections", "gone"]},
    )
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    nav = window.open_desk.frame.nav
    assert nav.is_folded(Group.SPECIAL)
    assert "inspections" not in nav.names
    box = next(box for title, box in boxes(window).items() if title == "Inspections")
    assert not box.isChecked()


def test_a_first_page_without_estates_leads_to_the_roster(
    qtbot: QtBot, open_window: MakeWindow, folder: Path
) -> None:
    window = open_window(store=str(folder), last_login="admin")
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    today = window.open_desk.go("today").page
    screen.button(today.first_steps, "Import a roster").click()
    quiet(qtbot, window)
    assert window.open_desk.frame.current == "import"
    assert window.open_desk.frame.nav.current == "estates"
