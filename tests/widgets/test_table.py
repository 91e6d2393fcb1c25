from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHoverEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.chips import CHIP_ROLE, Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import (
    PAGE_ROWS,
    PAGES_KEPT,
    Column,
    Query,
    Window,
    WindowedModel,
)
from fuyuan_desk.widgets.theme import COLOURS, apply_theme
from tests.screen import button, choose_column

TOTAL = 200_000
OWN = Chip("自住", "ok")

Front = Callable[[QWidget], None]


@dataclass(frozen=True)
class Row:
    number: int
    address: str
    phone: str = "138****5678"
    state: Chip = OWN

    @property
    def id(self) -> int:
        return self.number


COLUMNS = [
    Column("address", "Address", lambda row: row.address, 200, sort="address"),
    Column("number", "No.", lambda row: str(row.number), 80, "right", sort="number"),
    Column("phone", "Telephone", lambda row: row.phone, masked=True),
    Column("state", "State", lambda row: row.state.text, chip=lambda row: row.state),
]


def click_heading(page: TablePage, number: int) -> None:
    header = page.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(number) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


class Office:
    """A list of 200,000 rows that answers on demand and records the requests."""

    def __init__(self, total: int = TOTAL) -> None:
        self.total = total
        self.asked: list[tuple[Query, int, int]] = []
        self.waiting: list[Any] = []
        self.hold = False
        self.first = 0

    def fetch(self, query: Query, offset: int, limit: int, deliver: Any) -> None:
        self.asked.append((query, offset, limit))
        total = self.total if not query.filter else min(self.total, 3)
        order = range(total - 1, -1, -1) if query.descending else range(total)
        rows = [Row(n + self.first, f"南昌路{n}号") for n in order[offset : offset + limit]]
        self.waiting.append(lambda: deliver(Window(total, rows)))
        if not self.hold:
            self.answer()

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for deliver in waiting:
            deliver()

    def pages(self) -> list[int]:
        return [offset // PAGE_ROWS for _query, offset, _limit in self.asked]


class Drawer:
    """Settings in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def load(self, key: str) -> dict[str, Any] | None:
        return self.kept.get(key)

    def save(self, key: str, value: dict[str, Any]) -> None:
        self.kept[key] = value


def make_empty() -> EmptyState:
    return EmptyState("household", "No households yet", "Import a roster.", "Import")


def make_page(
    front: Front,
    qtbot: QtBot,
    office: Office,
    drawer: Drawer | None = None,
    empty: EmptyState | None = None,
) -> TablePage:
    empty = empty or make_empty()
    page = TablePage("households", COLUMNS, office.fetch, name="Households", empty=empty, settings=drawer)
    page.resize(800, 600)
    qtbot.addWidget(page)
    front(page)
    page.load()
    return page


def test_200_000_rows_scroll_and_only_what_is_seen_is_fetched(front: Front, qtbot: QtBot) -> None:
    office = Office()
    page = make_page(front, qtbot, office)
    assert page.model.rowCount() == TOTAL
    assert page.count.text() == "200,000"
    bar = page.table.verticalScrollBar()
    for part in (0.25, 0.5, 0.75, 1.0):
        bar.setValue(round(bar.maximum() * part))
        qtbot.waitUntil(lambda: page.model.row(max(page.table.rowAt(5), 0)) is not None)
    last = page.model.index(TOTAL - 1, 0)
    qtbot.waitUntil(lambda: page.model.data(last) == f"南昌路{TOTAL - 1}号")
    assert 1 <= len(set(office.pages())) <= 10
    assert len(page.model.pages_held()) <= PAGES_KEPT


def test_rows_not_there_yet_show_an_ellipsis_and_pages_flown_past_are_not_asked(
    front: Front, qtbot: QtBot
) -> None:
    office = Office()
    model = WindowedModel(COLUMNS, office.fetch)
    model.ask(Query())
    office.hold = True
    for page in range(50, 80):
        assert model.data(model.index(page * PAGE_ROWS, 0)) == "…"
    qtbot.waitUntil(lambda: len(office.waiting) > 0)
    assert office.pages()[1:] == [79, 78]
    office.hold = False
    office.answer()
    assert model.data(model.index(79 * PAGE_ROWS, 0)) == f"南昌路{79 * PAGE_ROWS}号"
    assert set(office.pages()) == {0, 79, 78, 77}


def test_memory_stays_bounded(front: Front, qtbot: QtBot) -> None:
    office = Office()
    model = WindowedModel(COLUMNS, office.fetch)
    model.ask(Query())
    for page in range(100):
        model.data(model.index(page * PAGE_ROWS, 0))
        qtbot.waitUntil(lambda page=page: page in model.pages_held())
    assert len(model.pages_held()) == PAGES_KEPT
    assert 99 in model.pages_held()


def test_home_and_end_choose_the_first_and_the_last_row(front: Front, qtbot: QtBot) -> None:
    page = make_page(front, qtbot, Office(500))
    page.table.setFocus()
    for key, row in ((Qt.Key.Key_End, 499), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(page.table, key)
        assert page.chosen_ranges() == [(row, 1)]
        qtbot.waitUntil(lambda: page.current_row() is not None)


def test_a_heading_that_cannot_sort_shows_no_arrow(front: Front, qtbot: QtBot) -> None:
    office = Office(30)
    page = make_page(front, qtbot, office)
    header = page.table.horizontalHeader()
    click_heading(page, 2)
    assert header.sortIndicatorSection() == -1
    click_heading(page, 1)
    click_heading(page, 1)
    click_heading(page, 2)
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (1, Qt.SortOrder.DescendingOrder)
    assert (page.model.query.sort, page.model.query.descending) == ("number", True)


def test_the_header_sorts_on_the_other_side(front: Front, qtbot: QtBot) -> None:
    office = Office()
    page = make_page(front, qtbot, office)
    header = page.table.horizontalHeader()

    def click(column: int) -> None:
        x = header.sectionViewportPosition(column) + 20
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))

    click(1)
    assert (office.asked[-1][0].sort, office.asked[-1][0].descending) == ("number", False)
    click(1)
    assert (office.asked[-1][0].sort, office.asked[-1][0].descending) == ("number", True)
    assert page.model.data(page.model.index(0, 1)) == str(TOTAL - 1)
    asked = len(office.asked)
    click(2)  # telephones have no order
    assert all(query.sort != "phone" for query, _offset, _limit in office.asked[asked:])


def test_typing_filters_after_a_pause_and_the_keyboard_does_the_rest(front: Front, qtbot: QtBot) -> None:
    office = Office()
    page = make_page(front, qtbot, office)
    QTest.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.filter)
    QTest.keyClicks(page.filter, "ncl")
    qtbot.waitUntil(lambda: page.model.total == 3)
    assert page.count.text() == "3 found"
    assert [query.filter for query, _o, _l in office.asked].count("ncl") == 1
    QTest.keyClick(page.filter, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is page.table
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.opened) as opened:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args[0].number == 1
    QTest.keyClick(page.filter, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.model.total == TOTAL)


def test_what_is_typed_in_the_table_searches_it(front: Front, qtbot: QtBot) -> None:
    office = Office()
    page = make_page(front, qtbot, office)
    page.table.setFocus()
    for key in "12":
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClicks(focus, key)
    assert page.filter.text() == "12"
    assert page.filter.hasFocus()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert (page.filter.text(), page.table.hasFocus()) == ("12", True)


def test_an_empty_list_says_what_belongs_here_and_an_empty_filter_how_to_undo_it(
    front: Front, qtbot: QtBot
) -> None:
    empty = make_empty()
    page = make_page(front, qtbot, Office(total=0), empty=empty)
    assert empty.isVisible()
    assert empty.texts() == ("No households yet", "Import a roster.", "Import")
    with qtbot.waitSignal(page.first_step):
        button(empty, "Import").click()
    page.set_facet("state", "empty")
    assert empty.texts()[0] == "Nothing found"
    with qtbot.waitSignal(page.filters_cleared):
        button(empty, "Clear the filter").click()
    assert page.model.query.facets == {}
    assert empty.texts()[0] == "No households yet"


def test_a_refresh_keeps_place_and_choice_and_follows_the_number(front: Front, qtbot: QtBot) -> None:
    office = Office(total=1000)
    page = make_page(front, qtbot, office)
    page.table.selectRow(7)
    office.total = 1001
    page.refresh()
    assert page.model.total == 1001
    assert page.current_row().number == 7
    with qtbot.assertNotEmitted(page.selected):
        office.first = -2  # two records came in above
        page.refresh()
    assert page.current_row().number == 7
    assert page.table.currentIndex().row() == 9
    office.total = 5
    page.refresh()
    assert page.model.rowCount() == 5
    assert page.current_row() is None


def test_the_last_row_stays_chosen_when_one_above_it_goes(front: Front, qtbot: QtBot) -> None:
    office = Office(total=4)
    page = make_page(front, qtbot, office)
    page.table.selectRow(3)
    chosen: list[Any] = []
    page.selected.connect(chosen.append)
    office.first, office.total = 1, 3  # the first one went, so that all others have moved up
    page.refresh()
    assert page.current_row().number == 3
    assert {row.number for row in chosen} <= {3}, "none was shown that is not there, or is another one"


def test_an_answer_to_an_old_question_is_dropped(front: Front, qtbot: QtBot) -> None:
    office = Office(total=10)
    model = WindowedModel(COLUMNS, office.fetch)
    office.hold = True
    model.ask(Query(filter="old"))
    late = office.waiting.pop()
    office.hold = False
    model.ask(Query())
    assert model.total == 10
    late()
    assert model.total == 10


def test_the_clerks_columns_come_back(front: Front, qtbot: QtBot) -> None:
    drawer = Drawer()
    page = make_page(front, qtbot, Office(), drawer)
    page.table.has_own_widths = True
    page.table.setColumnWidth(0, 333)
    page.table.horizontalHeader().moveSection(0, 2)
    choose_column(page, "Telephone")
    qtbot.waitUntil(lambda: bool(drawer.kept))
    assert drawer.kept["table:households"]["hidden"] == ["phone"]

    again = make_page(front, qtbot, Office(), drawer)
    assert again.table.columnWidth(0) == 333
    assert again.table.isColumnHidden(2)
    assert again.table.horizontalHeader().visualIndex(0) == 2


def test_the_last_column_cannot_be_hidden(front: Front, qtbot: QtBot) -> None:
    page = make_page(front, qtbot, Office())
    for column in COLUMNS:
        choose_column(page, column.header)
    assert sum(not page.table.isColumnHidden(n) for n in range(len(COLUMNS))) == 1


def test_all_columns_are_in_sight_until_the_clerk_pulls_one(front: Front, qtbot: QtBot) -> None:
    page = make_page(front, qtbot, Office())
    page.resize(420, 400)
    assert sum(page.table.columnWidth(n) for n in range(4)) <= page.table.viewport().width() + 4


def test_export_asks_for_what_is_shown(front: Front, qtbot: QtBot) -> None:
    page = make_page(front, qtbot, Office())
    page.set_facet("state", "empty")
    with qtbot.waitSignal(page.export_requested) as asked:
        button(page, "Export this list to Excel").click()
    assert asked.args[0].facets == {"state": "empty"}


def test_cells_say_themselves_to_a_screen_reader_and_masked_ones_are_muted(
    front: Front, qtbot: QtBot
) -> None:
    model = WindowedModel(COLUMNS, Office(3).fetch)
    model.ask(Query())
    index = model.index(1, 3)
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == "State 自住"
    assert model.data(index, CHIP_ROLE) == OWN
    assert model.data(model.index(1, 2), Qt.ItemDataRole.ForegroundRole) is not None
    assert model.data(model.index(1, 0), Qt.ItemDataRole.ForegroundRole) is None


def test_table_draws_every_kind_of_cell(front: Front, qtbot: QtBot) -> None:
    page = make_page(front, qtbot, Office(50))
    page.table.selectRow(2)
    picture = page.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 7) for y in range(80, 300, 3)
    }
    assert len(colours) > 3


def test_a_row_is_selected_by_the_program_while_ctrl_is_held(front: Front, qtbot: QtBot) -> None:
    empty = EmptyState("list", "Nothing", "here")
    page = TablePage("many", COLUMNS, Office(3).fetch, name="Homes", empty=empty, many=True)
    front(page)
    page.load()
    qtbot.waitUntil(lambda: page.model.total == 3)
    assert page.select_where(lambda row: row.id == 1)
    # Ctrl is still down after Ctrl+S when the answer arrives
    QTest.keyPress(page.filter, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    assert page.select_where(lambda row: row.id == 1)
    QTest.keyRelease(page.filter, Qt.Key.Key_Control)
    assert page.chosen_ranges() == [(1, 1)]


# --- how cells are drawn


def drawn_by_qt(page: TablePage) -> QImage:
    """Return the list as Qt's own delegate draws it with the stylesheet."""
    for column in range(page.model.columnCount()):
        page.table.setItemDelegateForColumn(column, QStyledItemDelegate(page.table))
    return page.table.viewport().grab().toImage()


def of_rows(rows: list[Row]) -> TablePage:
    """Return a list of these rows without their states."""

    def fetch(_query: Query, _offset: int, _limit: int, deliver: Any) -> None:
        deliver(Window(len(rows), rows))

    return TablePage("one", COLUMNS[:3], fetch, name="One", empty=make_empty())


CUT = "南昌路一百弄弄底朝南第三间亭子间后门左手第二户住着一家五口，门牌早已遗失"


@pytest.mark.parametrize("large", [False, True], ids=["text", "large text"])
@pytest.mark.parametrize("first", ["南昌路1号", "㛃𬭼 and Ägg", CUT, ""])
def test_cells_are_drawn_as_the_stylesheet_says(
    front: Front, qtbot: QtBot, qapp: QApplication, first: str, large: bool
) -> None:
    apply_theme(qapp, large)
    page = of_rows([Row(1, first), Row(2, "b", ""), Row(3, first)])
    qtbot.addWidget(page)
    page.resize(420, 200)
    front(page)
    page.load()
    page.table.selectRow(1)
    over = QPointF(page.table.visualRect(page.model.index(2, 0)).center())
    viewport = page.table.viewport()
    QApplication.sendEvent(viewport, QHoverEvent(QEvent.Type.HoverMove, over, over, QPointF()))
    own = viewport.grab().toImage()
    colours = {own.pixelColor(2, y).name() for y in range(own.height())}
    assert {COLOURS["accent_soft"], COLOURS["hover"], COLOURS["panel"]} <= colours
    assert own == drawn_by_qt(page)
    apply_theme(qapp)


def test_a_line_break_is_drawn_as_a_space(front: Front, qtbot: QtBot) -> None:
    drawn = []
    for address in ("first\nsecond", "first second", "first"):
        page = of_rows([Row(1, address)])
        qtbot.addWidget(page)
        front(page)
        page.load()
        page.table.has_own_widths = True
        page.table.setColumnWidth(0, 160)
        drawn.append(page.table.viewport().grab(page.table.visualRect(page.model.index(0, 0))).toImage())
    assert drawn[0] == drawn[1] != drawn[2]


def test_drawing_a_row_that_is_not_there_yet_fetches_it(front: Front, qtbot: QtBot) -> None:
    office = Office()
    page = make_page(front, qtbot, office)
    page.table.scrollTo(page.model.index(50_000, 0))
    page.table.viewport().grab()
    qtbot.waitUntil(lambda: 250 in office.pages())
    assert page.model.row(50_000).address == "南昌路50000号"


def test_a_chip_is_drawn_anew_when_its_state_changes(front: Front, qtbot: QtBot) -> None:
    def drawn(chip: Chip, width: int) -> QImage:
        rows = [Row(1, "a", state=chip)]
        page = TablePage(
            "one",
            COLUMNS,
            lambda query, offset, limit, deliver: deliver(Window(1, rows)),
            name="One",
            empty=make_empty(),
        )
        qtbot.addWidget(page)
        page.resize(800, 200)
        front(page)
        page.load()
        page.table.horizontalHeader().setStretchLastSection(False)
        page.table.setColumnWidth(3, width)
        return page.table.viewport().grab(page.table.visualRect(page.model.index(0, 3))).toImage()

    wide = drawn(OWN, 120)
    assert drawn(OWN, 120) == wide
    assert drawn(Chip("自住", "warn"), 120) != wide
    assert drawn(Chip("rented", "ok"), 120) != wide
    assert drawn(OWN, 50) != drawn(OWN, 120).copy(0, 0, 50, wide.height())  # elided, not cut off
    assert drawn(OWN, 120) == wide
