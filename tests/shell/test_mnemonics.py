"""Mnemonics: on no screen do two acts or fields have the same, none leads nowhere, and none types into a field."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.renovation.service.queries import list_cases
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.work import Worker
from tests.shell.test_every_act import Place, places
from tests.shell.test_roles_pages import Sitting
from tests.windows import quiet


def _mnemonics(screen: QWidget) -> Iterator[tuple[str, str]]:
    """Return the key and the text of every mnemonic in sight."""
    for act in screen.findChildren(QAbstractButton):
        if act.isVisible() and act.isEnabled() and not QKeySequence.mnemonic(act.text()).isEmpty():
            yield QKeySequence.mnemonic(act.text()).toString(), act.text()
    for label in screen.findChildren(QLabel):
        if (
            label.isVisible()
            and label.buddy() is not None
            and not QKeySequence.mnemonic(label.text()).isEmpty()
        ):
            yield QKeySequence.mnemonic(label.text()).toString(), label.text()
    for bar in screen.findChildren(QTabBar):
        for text in (bar.tabText(tab) for tab in range(bar.count()) if bar.isVisible()):
            if not QKeySequence.mnemonic(text).isEmpty():
                yield QKeySequence.mnemonic(text).toString(), text


def _twice(screen: QWidget) -> list[tuple[str, str]]:
    found = list(_mnemonics(screen))
    counted = Counter(key for key, _text in found)
    return [(key, text) for key, text in found if counted[key] > 1]


def _without_field(screen: QWidget) -> list[str]:
    labels = screen.findChildren(QLabel)
    return [
        label.text()
        for label in labels
        if label.isVisible()
        and label.property("role") == "caption"
        and "&" in label.text()
        and label.buddy() is None
    ]


def _forms(sitting: Sitting) -> Iterator[tuple[str, Place]]:
    desk = sitting.desk
    case = list_cases(sitting.seat).rows[0].id
    keys = {
        "estate:new": ("estates", None), "building:new:1": ("estates", ("estate", 1)),
        "unit:new:1": ("estates", ("estate", 1)), "household:new:1": ("estates", ("unit", 1)),
        "tier:1": ("estates", ("estate", 1)), "facility:new": ("facilities", None),
        "facility:1": ("facilities", ("facility", 1)), "renovation:new": ("renovation", None),
        f"renovation:{case}": ("renovation", ("case", case)), "call:new": ("calls", None),
        "visit:new": ("inspections", None), "checklist:2": ("checklists", ("checklist", 2)),
    }  # fmt: skip

    def open_form(page: str, record: tuple[str, int] | None, key: str) -> None:
        if record is not None:
            desk.open_record(*record)
            sitting.settled()
        desk.frame.go(page).reopen(key)  # type: ignore[attr-defined]  # pages with forms have it

    for key, (page, record) in keys.items():
        yield key, partial(open_form, page, record, key)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_mnemonic_belongs_to_one_thing_on_a_screen(
    qtbot: QtBot, sample_seat: Seat, worker: Worker, settled: Callable[[], None], language: str
) -> None:
    use_language(language)
    sitting = Sitting(sample_seat, Role.ADMIN, worker, settled)
    frame = sitting.desk.frame
    qtbot.addWidget(frame)
    dead = {}
    double = {}
    for name, go in [*places(sitting), *_forms(sitting)]:
        go()
        settled()
        if twice := _twice(frame):
            double[name] = twice
        if _without_field(frame):
            dead[name] = _without_field(frame)
    assert double == {}
    assert dead == {}
    sitting.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_bar_of_a_draft_takes_no_mnemonic_of_a_form(
    qtbot: QtBot, sample_seat: Seat, worker: Worker, settled: Callable[[], None], language: str
) -> None:
    use_language(language)
    sitting = Sitting(sample_seat, Role.ADMIN, worker, settled)
    frame = sitting.desk.frame
    qtbot.addWidget(frame)
    double, without_bar = {}, []
    for key, go in _forms(sitting):
        drafts.save_draft(sitting.seat, key, {"of": "an earlier day"})
        go()
        settled()
        if not any(form.is_asking and form.notice.isVisible() for form in frame.findChildren(Form)):
            without_bar.append(key)
        if twice := _twice(frame):
            double[key] = twice
    assert without_bar == []
    assert double == {}
    for key, _go in _forms(sitting):
        drafts.clear_draft(sitting.seat, key)
    sitting.close()


def test_alt_and_a_letter_of_nothing_types_nothing(shared_desk: MainWindow, qtbot: QtBot) -> None:
    page = shared_desk.open_desk.go("facilities")
    page.new_record()
    quiet(qtbot, shared_desk)
    line = page.view.pane.form.editor("place").inner()[0]
    assert isinstance(line, QLineEdit)
    line.setFocus()
    window = shared_desk.windowHandle()
    QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.AltModifier)
    assert line.text() == ""
    QTest.keyClick(window, Qt.Key.Key_J)
    assert line.text() == "j"
    page.view.pane.form.mark_clean()
