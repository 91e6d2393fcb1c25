"""The lists of drop-downs: all rows in sight, no choice cut, and a word for what is not known."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import ChoiceEditor, Field
from fuyuan_desk.widgets.theme import apply_theme
from tests.sources import trees

MOST = 16
LONG = "优秀历史建筑（第四类：在保持原有建筑整体性和风格特点的前提下，允许内部作改变）"
Front = Callable[[QWidget], None]


@pytest.fixture(params=[False, True], ids=["normal", "large"])
def text_size(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    style, font = qapp.styleSheet(), qapp.font()
    apply_theme(qapp, request.param)
    yield
    qapp.setStyleSheet(style)
    qapp.setFont(font)


def opened(qtbot: QtBot, box: QComboBox) -> None:
    qtbot.addWidget(box)
    box.resize(120, 36)
    box.show()
    box.showPopup()


@pytest.mark.parametrize("kind", [QComboBox, DropDown])
@pytest.mark.parametrize("count", [2, 5, 10, 11, 14, MOST, MOST + 4])
def test_every_row_up_to_sixteen_is_in_sight(
    text_size: None, qtbot: QtBot, kind: type[QComboBox], count: int
) -> None:
    box = kind()
    box.addItems([f"第{number}类" for number in range(count)])
    opened(qtbot, box)
    view = box.view()
    last = view.visualRect(box.model().index(min(count, MOST) - 1, 0))
    assert view.viewport().rect().contains(last)
    assert (view.verticalScrollBar().maximum() > 0) == (count > MOST)
    box.hidePopup()


def test_no_choice_is_cut_in_the_list_of_a_narrow_box(text_size: None, qtbot: QtBot) -> None:
    box = DropDown()
    box.addItems(["四类", LONG])
    opened(qtbot, box)
    assert box.width() < box.view().fontMetrics().horizontalAdvance(LONG) < box.view().viewport().width()
    box.hidePopup()


@pytest.mark.parametrize(
    ("field", "first"),
    [
        (Field("class", "Class", "choice", choices=[(1, "四类")]), "Not recorded"),
        (Field("class", "Class", "choice", choices=[(1, "四类")], required=True), "Choose …"),
        (Field("class", "Class", "choice", choices=[(1, "四类")], placeholder="Unknown"), "Unknown"),
    ],
)
def test_the_choice_that_stands_for_none_has_words(qtbot: QtBot, field: Field, first: str) -> None:
    editor = ChoiceEditor(field)
    qtbot.addWidget(editor)
    assert editor.combo.currentText() == first
    assert editor.value() is None
    assert editor.raw() == ""
    assert editor.is_empty()


def test_every_drop_down_of_the_program_is_one_of_these() -> None:
    made = {path.name for path, tree in trees().items() if "QComboBox()" in path.read_text(encoding="utf-8")}
    assert made == set()
