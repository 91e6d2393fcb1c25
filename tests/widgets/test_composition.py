import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.composition import Composition, SettledText
from fuyuan_desk.widgets.search_box import SearchBox
from tests.input_method import commit, compose


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def committed() -> list[int]:
    return []


@pytest.fixture
def composition(qapp: QApplication, window: QWidget, committed: list[int]) -> Composition:
    return Composition(qapp, window, lambda: committed.append(1))


@pytest.fixture
def line(window: QWidget, composition: Composition) -> QLineEdit:
    return put(window, QLineEdit())


def put(window: QWidget, made: QLineEdit) -> QLineEdit:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(made)
    made.show()
    made.setFocus()
    assert made.hasFocus()
    return made


def test_return_enters_what_is_composed_and_nothing_else(
    qtbot: QtBot, line: QLineEdit, composition: Composition
) -> None:
    compose(line, "zhang")
    assert composition.is_on
    with qtbot.assertNotEmitted(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    commit(line, "张三")
    with qtbot.waitSignal(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "张三"


def test_an_input_method_that_never_ends_blocks_one_key(
    qtbot: QtBot, line: QLineEdit, composition: Composition
) -> None:
    compose(line, "zhang")
    QTest.keyClick(line, Qt.Key.Key_Return)
    with qtbot.waitSignal(line.returnPressed):
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_shortcut_of_a_plain_key_does_not_take_it(
    qtbot: QtBot, window: QWidget, line: QLineEdit, composition: Composition
) -> None:
    shortcut = QShortcut(QKeySequence("Esc"), window)
    compose(line, "zhang")
    with qtbot.assertNotEmitted(shortcut.activated, wait=50):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    commit(line, "")
    with qtbot.waitSignal(shortcut.activated):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)


def test_a_shortcut_enters_what_is_composed_first(
    qtbot: QtBot, window: QWidget, line: QLineEdit, composition: Composition, committed: list[int]
) -> None:
    shortcut = QShortcut(QKeySequence("Ctrl+S"), window)
    heard: list[list[int]] = []
    shortcut.activated.connect(lambda: heard.append(list(committed)))
    compose(line, "zhang")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: heard == [[1]])
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: heard == [[1], [1]])  # nothing is composed any more


def test_composing_is_work_at_the_desk(qtbot: QtBot, line: QLineEdit, composition: Composition) -> None:
    with qtbot.waitSignal(composition.seen):
        compose(line, "z")


def test_in_another_field_nothing_is_composed(
    window: QWidget, line: QLineEdit, composition: Composition
) -> None:
    compose(line, "zhang")
    put(window, QLineEdit())
    assert not composition.is_on


@pytest.fixture
def found(window: QWidget) -> tuple[QLineEdit, list[str]]:
    made = put(window, QLineEdit("旧"))
    texts: list[str] = []
    SettledText(made).changed.connect(texts.append)
    made.selectAll()
    return made, texts


def test_a_search_waits_for_what_is_entered(qtbot: QtBot, found: tuple[QLineEdit, list[str]]) -> None:
    line, texts = found
    compose(line, "zhang")  # which removes what was selected
    assert (line.text(), texts) == ("", [])
    commit(line, "张三")
    qtbot.wait(5)
    assert texts == ["张三"]
    QTest.keyClicks(line, "a")
    assert texts == ["张三", "张三a"]


def test_a_composition_that_is_given_up_leaves_what_is_there(
    qtbot: QtBot, found: tuple[QLineEdit, list[str]]
) -> None:
    line, texts = found
    compose(line, "zhang")
    compose(line, "")
    qtbot.waitUntil(lambda: texts == [""])
    compose(line, "li")
    compose(line, "")
    qtbot.wait(5)
    assert texts == [""]  # nothing changed


def test_the_search_box_asks_for_what_is_entered_only(qtbot: QtBot, window: QWidget) -> None:
    box = SearchBox(window_shortcut=False)
    put(window, box)
    asked: list[str] = []
    box.asked.connect(asked.append)
    compose(box, "zhang")
    QTest.keyClick(box, Qt.Key.Key_Down)
    qtbot.wait(60)
    assert asked == []
    commit(box, "张三")
    qtbot.waitUntil(lambda: asked == ["张三"])
