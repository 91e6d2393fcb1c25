"""Widgets that make do with little room: lines that break, panes one at a time, tabs in a menu, bounded dialogs."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Aside, label
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.room import Tabs
from fuyuan_desk.widgets.split import SINGLE_WIDTH, ListDetail
from fuyuan_desk.widgets.table_view import narrowed
from fuyuan_desk.widgets.theme import apply_theme
from tests import screen
from tests.fits import faults

Front = Callable[[QWidget], None]


@pytest.fixture
def line(qtbot: QtBot) -> QWidget:
    """A line of a filter, two buttons of 200 pixels, and one at its end."""
    made = QWidget()
    qtbot.addWidget(made)
    flow = Flow(made)
    filter_box = QLineEdit()
    filter_box.setMinimumWidth(100)
    filter_box.setMaximumWidth(300)
    flow.add(filter_box, grows=True)
    for words in ("one", "two", "end"):
        part = QPushButton(words)
        part.setFixedWidth(200)
        flow.add(part, end=words == "end")
    made.show()
    return made


def laid_out(made: QWidget, width: int) -> dict[str, tuple[int, int]]:
    """Return the left edge of each part, and the number of its line."""
    made.resize(width, made.heightForWidth(width))
    QApplication.processEvents()
    parts = {"filter": made.findChildren(QLineEdit)[0]} | {
        part.text(): part for part in made.findChildren(QPushButton)
    }
    tops = sorted({part.geometry().center().y() // 20 for part in parts.values()})
    return {name: (part.x(), tops.index(part.geometry().center().y() // 20)) for name, part in parts.items()}


def test_a_line_with_room_stays_one(line: QWidget) -> None:
    places = laid_out(line, 1000)
    assert {number for _x, number in places.values()} == {0}
    assert places["end"][0] == 800  # at the right end
    assert line.findChildren(QLineEdit)[0].width() == 300  # what is left over, up to its maximum


def test_a_line_breaks_where_it_has_no_room(line: QWidget) -> None:
    places = laid_out(line, 600)
    assert [places[name][1] for name in ("filter", "one", "end", "two")] == [0, 0, 0, 1]
    assert laid_out(line, 250) == {"filter": (0, 0), "one": (0, 1), "two": (0, 2), "end": (50, 3)}


def test_a_hidden_part_takes_no_room(line: QWidget) -> None:
    screen.button(line, "two").hide()
    assert {number for _x, number in laid_out(line, 600).values()} >= {0}
    assert line.heightForWidth(600) < 60


@pytest.fixture
def split(front: Front) -> Iterator[ListDetail]:
    """A list with a form beside it, which is shown for each row."""
    listing = QWidget()
    rows = QListWidget()
    rows.addItems(["one", "two", "three"])
    QVBoxLayout(listing).addWidget(rows)
    made = ListDetail(listing, QLineEdit("detail"))
    rows.currentRowChanged.connect(lambda row: made.show_detail(row >= 0))
    window = framed(made)
    front(window)
    yield made
    window.close()


def framed(inner: QWidget) -> QWidget:
    """Return a window with nothing but this in it."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    return window


def resize(inner: QWidget, width: int) -> None:
    """Resize the window around a widget and let it come to rest."""
    inner.window().resize(width, 400)
    QApplication.processEvents()


def shown(split: ListDetail) -> list[bool]:
    """Return whether list and detail are in sight."""
    return [split.findChildren(kind)[0].isVisible() for kind in (QListWidget, QLineEdit)]


def test_a_wide_window_shows_list_and_detail(split: ListDetail) -> None:
    resize(split, SINGLE_WIDTH + 200)
    split.findChildren(QListWidget)[0].setCurrentRow(1)
    assert shown(split) == [True, True]
    assert not split.back.isVisible()


def test_a_narrow_window_shows_the_detail_over_the_list(split: ListDetail) -> None:
    resize(split, SINGLE_WIDTH - 1)
    rows = split.findChildren(QListWidget)[0]
    split.show_detail(False)
    assert shown(split) == [True, False]
    place = rows.visualItemRect(rows.item(1)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown(split) == [False, True]
    split.back.click()
    assert shown(split) == [True, False]
    assert rows.hasFocus()
    resize(split, SINGLE_WIDTH + 200)
    assert shown(split) == [True, True]


def test_arrow_keys_stay_in_a_narrow_list_until_enter(split: ListDetail) -> None:
    resize(split, SINGLE_WIDTH - 1)
    rows = split.findChildren(QListWidget)[0]
    split.show_detail(False)
    rows.setFocus()
    for _press in range(2):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    assert shown(split) == [True, False]
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert shown(split) == [False, True]
    QTest.keyClick(split.back, Qt.Key.Key_Escape)
    assert shown(split) == [True, False]


def test_parts_stand_side_by_side_or_under_tabs(qtbot: QtBot, front: Front) -> None:
    left, right = QLineEdit("left"), QLineEdit("right")
    for part in (left, right):
        part.setMinimumWidth(300)
    panes = Panes([("Left", left), ("Right", right)], (1, 1))
    window = framed(panes)
    front(window)
    resize(panes, 800)
    assert (left.isVisible(), right.isVisible(), panes.bar.isVisible()) == (True, True, False)
    resize(panes, 500)
    assert (left.isVisible(), right.isVisible(), panes.bar.isVisible()) == (True, False, True)
    panes.bring(right)
    assert (left.isVisible(), right.isVisible()) == (False, True)


def test_tabs_without_room_are_in_a_menu(qtbot: QtBot, front: Front) -> None:
    tabs = Tabs()
    for number in range(8):
        tabs.addTab(QWidget(), f"Section number {number}")
    front(tabs)
    tabs.resize(2000, 300)
    assert all(tabs.isTabVisible(number) for number in range(8))
    tabs.resize(500, 300)
    hidden = [number for number in range(8) if not tabs.isTabVisible(number)]
    assert hidden
    assert 0 not in hidden
    screen.button(tabs, "More tabs").click()
    screen.entry(tabs, f"Section number {hidden[-1]}").trigger()
    assert tabs.currentIndex() == hidden[-1]
    assert tabs.isTabVisible(hidden[-1])


def test_a_dialog_is_not_larger_than_its_window(qtbot: QtBot, front: Front) -> None:
    window = QWidget()
    front(window)
    window.resize(600, 320)
    form = Form([Field(f"f{number}", f"Field {number}") for number in range(12)])
    dialog = FormDialog(window, "Much to fill in", form)
    dialog.open()
    QApplication.processEvents()
    assert (dialog.width() <= 600, dialog.height() <= 320) == (True, True)
    for made in (dialog.save_button, dialog.cancel_button):
        assert made.visibleRegion().boundingRect() == made.rect()
    form.editor("f11").inner()[0].setFocus()
    dialog.reject()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("hint", ["", "A line above the fields"])
def test_a_dialog_shows_all_fields_and_grows_with_a_message_below_one(
    qtbot: QtBot, front: Front, qapp: QApplication, large: bool, hint: str
) -> None:
    apply_theme(qapp, large_text=large)
    window = QWidget()
    front(window)
    window.resize(1200, 700)
    form = Form([Field("day", "Day", "date", required=True), Field("note", "Number or remark")])
    dialog = FormDialog(window, "Start of the work", form, hint=hint)
    dialog.open()
    bar = dialog.findChildren(QScrollArea)[0].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    before = dialog.height()
    dialog.refuse(InvalidInput("Wrong.", fields={"day": "Not later than today."}))
    error = next(found for found in form.findChildren(QLabel) if found.text() == form.errors()["day"])
    qtbot.waitUntil(lambda: dialog.height() > before and bar.maximum() == 0)
    for part in (error, form.editor("note")):
        assert part.visibleRegion().boundingRect() == part.rect()
    dialog.reject()
    apply_theme(qapp)


def test_what_is_shortened_is_told_in_the_tooltip(qtbot: QtBot) -> None:
    remark, chip = Aside("A remark beside the title"), ChipLabel(Chip("A state with a long name", "ok"))
    for part in (remark, chip):
        qtbot.addWidget(part)
        part.resize(60, 20)
        part.show()
    assert remark.toolTip() == "A remark beside the title"
    assert chip.toolTip() == "A state with a long name"
    for part in (remark, chip):
        part.resize(600, 20)
        assert part.toolTip() == ""


@pytest.mark.parametrize(
    ("preferred", "least", "room", "widths"),
    [
        ([100, 200, 300], [50, 50, 50], 600, [100, 200, 300]),
        ([100, 200, 300], [50, 50, 50], 500, [100, 200, 200]),  # the widest first
        ([100, 200, 300], [50, 50, 50], 300, [100, 100, 100]),
        ([100, 200, 300], [50, 180, 50], 300, [60, 180, 60]),  # never below its least
        ([100, 200, 300], [90, 180, 250], 300, [100, 200, 300]),  # it scrolls sideways anyway
        ([], [], 300, []),
    ],
)
def test_columns_are_narrowed_from_the_widest(
    preferred: list[int], least: list[int], room: int, widths: list[int]
) -> None:
    assert narrowed(preferred, least, room) == widths


def test_what_does_not_fit_is_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    cut = label("A label that is much too narrow")
    pressed = QPushButton("A button that is much too narrow")
    for number, part in enumerate((cut, pressed)):
        part.setParent(window)
        part.setGeometry(0, number * 40, 60, 34)
    outside = button("Save", role="primary")
    outside.setParent(window)
    outside.setGeometry(280, 120, 80, 34)
    window.show()
    assert [found.partition(":")[0] for found in faults(window)] == [
        "label cut",
        "button cut",
        "primary button out of sight",
    ]
    cut.setToolTip(cut.text())
    pressed.adjustSize()
    outside.move(100, 120)
    assert faults(window) == []
