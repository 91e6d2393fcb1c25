"""Composing with an input method in every text field of the program, found by walking through it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.input_method import commit, compose
from tests.shell.fit_walk import FitWalk, walk_through
from tests.windows import MakeWindow

RARE = "𬭼"  # outside the Basic Multilingual Plane: two units of UTF-16
KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backspace)
TEXTS = QLineEdit | QPlainTextEdit | QTextEdit


def text_of(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text()
    assert isinstance(widget, QPlainTextEdit | QTextEdit)
    return widget.toPlainText()


def set_text(widget: QWidget, text: str) -> None:
    assert isinstance(widget, TEXTS)
    widget.setText(text) if isinstance(widget, QLineEdit) else widget.setPlainText(text)


def typed_in(shown: QWidget) -> list[QWidget]:
    """List the fields in sight in which can be typed."""
    return [
        made
        for kind in (QLineEdit, QPlainTextEdit, QTextEdit)
        for made in shown.findChildren(kind)
        if made.isVisible() and made.isEnabled() and not made.isReadOnly()
    ]


def faults_of(widget: QWidget) -> list[str]:
    """Compose and commit, with keys that the input method did not keep to itself; return what went wrong."""
    found: list[str] = []
    before = text_of(widget)
    window = widget.window()
    set_text(widget, "")
    widget.setFocus()
    target = QApplication.focusWidget() or widget  # a combo box for its line
    for key in KEYS:
        compose(target, "zhang")
        QTest.keyClick(target, key)
        if text_of(widget) or not widget.isVisible() or not window.isVisible():
            return [f"{key.name} while composing"]
        if QApplication.focusWidget() is not target:
            return [f"{key.name} while composing took the focus away"]
        compose(target, "")
    for preedit, text in (("zhang san", "张三"), ("yi", RARE)):
        compose(target, preedit)
        if preedit in text_of(widget):
            found.append("what is composed counts as typed")
        commit(target, text)
    if text_of(widget) != f"张三{RARE}":
        found.append(f"“{text_of(widget)}”")
    set_text(widget, before)
    return found


class InputWalk(FitWalk):
    """Composes in each kind of field of what is opened."""

    def __init__(self, qtbot: QtBot, walk: FitWalk) -> None:
        super().__init__(qtbot, walk.window, (100,))
        self._bot = qtbot
        self.kinds: set[str] = set()
        self.wrong: dict[str, list[str]] = {}
        self._done: set[tuple[str, str]] = set()

    def measure(self, name: str, shown: QWidget | None = None) -> None:
        self._note(name, shown or self.window)

    def _note(self, name: str, shown: QWidget) -> None:
        shown.window().activateWindow()
        self._bot.waitUntil(shown.window().isActiveWindow)
        for widget in typed_in(shown):
            kind = type(widget.parent() if isinstance(widget.parent(), QComboBox) else widget).__name__
            field = (kind, widget.accessibleName())
            if field in self._done:
                continue
            self._done.add(field)
            self.kinds.add(kind)
            found = faults_of(widget)
            if found:
                self.wrong[f"{name}: {kind} {widget.accessibleName()}"] = found
        self.settle()

    @property
    def fields(self) -> int:
        """How many different fields were typed in."""
        return len(self._done)


def test_nothing_is_lost_or_doubled_in_any_field(
    qtbot: QtBot, qapp: QApplication, prepared_sample: Path, tmp_path: Path
) -> None:
    with walk_through(qtbot, qapp, prepared_sample, tmp_path, "en") as walk:
        typing = InputWalk(qtbot, walk)
        typing.pages()
        typing.dialogs()
        assert typing.wrong == {}
        assert {"QLineEdit", "SearchBox", "_DateLine", "_Lines", "_Combo"} <= typing.kinds
        assert typing.fields > 40


def test_the_sign_in_takes_names_with_rare_characters(
    qtbot: QtBot, open_window: MakeWindow, folder: Path
) -> None:
    window = open_window(store=str(folder), last_login="a" * 49)
    login = window.entry.view.login
    login.setFocus()
    login.end(False)
    commit(login, RARE + "三")
    assert login.text() == "a" * 49 + RARE + "三"  # not cut in the middle of a character
