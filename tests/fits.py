"""What does not fit on a screen: words that are cut, lines that scroll sideways, buttons out of sight."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QStackedLayout,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionTab,
    QTabBar,
    QTableWidget,
    QWidget,
)

from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.charts.grid_view import GridView
from fuyuan_desk.widgets.chips import ChipLabel, chip_size
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import WindowedModel
from fuyuan_desk.widgets.table_view import Table
from fuyuan_desk.widgets.theme import text_px

FILTER_CHARACTERS = 8
FREE = 24
"""From how many pixels on the room that a column does not need is free for another."""
_ROWS = 100


def faults(within: QWidget) -> list[str]:
    """Return what does not fit in a widget in sight, one sentence each; empty if everything does."""
    return list(dict.fromkeys(_faults(within)))


def _faults(within: QWidget) -> Iterator[str]:
    for part in _in_sight(within):
        for kind, check in _CHECKS:
            if isinstance(part, kind):
                yield from check(part)


def _in_sight(within: QWidget) -> list[QWidget]:
    """List a widget and those in it, without the pages of a window that are not shown: they are most of it."""
    if not within.isVisible():
        return []
    found = [within]
    for child in within.children():
        if isinstance(child, QWidget):
            found += _in_sight(child)
    return found


def _said(part: QWidget, what: str) -> str:
    size, least = part.size(), part.minimumSizeHint()
    words = _words(part)
    needed = f"{least.width()}×{least.height()}"
    return f"{what}: {type(part).__name__} {words!r} {size.width()}×{size.height()}, needs {needed}"


def _words(part: QWidget) -> str:
    if isinstance(part, QLabel | QAbstractButton | QLineEdit):
        words = part.text()
    elif isinstance(part, QComboBox):
        words = part.currentText()
    else:
        words = part.accessibleName()
    return words[:40]


def _tells(part: QWidget, words: str) -> bool:
    """Return whether the tooltip carries the whole text."""
    return bool(words) and words.replace("&", "").strip() in part.toolTip()


def _label(part: QLabel) -> Iterator[str]:
    if not part.text():
        return
    if part.wordWrap():
        if part.height() < part.heightForWidth(part.width()) - 1:
            yield f"{_said(part, 'wrapped text cut')} of {part.heightForWidth(part.width())}"
    elif part.width() < part.sizeHint().width() and not _tells(part, part.text()):
        yield f"{_said(part, 'label cut')}"


def _button(part: QAbstractButton) -> Iterator[str]:
    least = part.minimumSizeHint()
    if isinstance(part.parentWidget(), QLineEdit):
        return  # the button that clears the line
    if part.width() < least.width() or part.height() < least.height():
        yield _said(part, "button cut")


def _combo(part: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    part.initStyleOption(option)
    field = part.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, part
    )
    words = part.currentText()
    if part.fontMetrics().horizontalAdvance(words) > field.width() and not _tells(part, words):
        yield f"{_said(part, 'drop-down cut')} in {field.width()}"


def _tabs(part: QTabBar) -> Iterator[str]:
    for index in range(part.count()):
        if not part.isTabVisible(index):
            continue
        rect = part.tabRect(index)
        if not part.rect().contains(rect):
            yield f"tab out of sight: {part.tabText(index)!r} {rect.left()}–{rect.right()} of {part.width()}"
        option = QStyleOptionTab()
        part.initStyleOption(option, index)
        if "…" in option.text and not _tells(part, part.tabText(index)):
            yield f"tab cut: {part.tabText(index)!r}"


def _header(part: QHeaderView) -> Iterator[str]:
    model = part.model()
    if model is None or part.orientation() != Qt.Orientation.Horizontal:
        return
    for number in range(part.count()):
        if part.isSectionHidden(number):
            continue
        words = str(model.headerData(number, Qt.Orientation.Horizontal) or "")
        needed = _heading_width(part, number, words)
        told = str(model.headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) or "")
        if part.sectionSize(number) < needed and words not in told:
            yield f"heading cut: {words!r} {part.sectionSize(number)} of {needed}"


def _heading_width(part: QHeaderView, number: int, words: str) -> int:
    font = part.font()
    font.setPixelSize(text_px() - 2)
    font.setWeight(font.Weight.DemiBold)
    columns = getattr(part.model(), "columns", ())
    is_sorted = bool(columns and columns[number].sort) if not callable(columns) else False
    return QFontMetrics(font).horizontalAdvance(words) + 23 + (18 if is_sorted else 0)


def _chip(part: ChipLabel) -> Iterator[str]:
    if part.width() < part.sizeHint().width() and not _tells(part, part.chip.text):
        yield f"chip cut: {part.chip.text!r} {part.width()} of {part.sizeHint().width()}"


def _states(part: Table) -> Iterator[str]:
    model = part.model()
    assert isinstance(model, WindowedModel)
    for number, column in enumerate(model.columns):
        if column.chip is None or part.isColumnHidden(number):
            continue
        for row in (model.row(line) for line in range(min(model.total, _ROWS))):
            chip = column.chip(row) if row is not None else None
            if (
                chip is not None
                and chip.text
                and chip_size(chip, part.font()).width() > part.columnWidth(number) - 14
            ):
                yield f"state cut in {column.header!r}: {chip.text!r}"


def _beside_free_room(part: Table) -> Iterator[str]:
    """Yield each column with a cell that is cut while another column has more room than its cells need."""
    model = part.model()
    assert isinstance(model, WindowedModel)
    rows = [row for line in range(min(model.total, _ROWS)) if (row := model.row(line)) is not None]
    shown = [number for number in range(len(model.columns)) if not part.isColumnHidden(number)]
    if part.has_own_widths or part.horizontalScrollBar().maximum() > 0:
        return
    needed, spare = {}, 0
    for number in shown:
        column = model.columns[number]
        chips = [column.chip(row) if column.chip is not None else None for row in rows]
        texts = ["" if chip is not None else column.text(row) for chip, row in zip(chips, rows, strict=True)]
        needed[number] = max((part.fontMetrics().horizontalAdvance(text) for text in texts), default=0) + 22
        if any(chips):
            needed[number] = max(chip_size(chip, part.font()).width() for chip in chips if chip) + 14
        heading = _heading_width(part.horizontalHeader(), number, column.header)
        spare = max(spare, part.columnWidth(number) - max(needed[number] + 4, heading))
    for number, width in needed.items():
        if part.columnWidth(number) < width and spare >= FREE:
            yield f"cut beside {spare} free px: {model.columns[number].header!r} {part.columnWidth(number)} of {width}"


def _bar(part: QScrollBar) -> Iterator[str]:
    if part.orientation() != Qt.Orientation.Horizontal or part.maximum() <= part.minimum():
        return
    area = part.parentWidget()
    area = area.parentWidget() if area is not None and not isinstance(area, QAbstractScrollArea) else area
    if isinstance(area, ChartView | GridView | QTableWidget):
        return  # a grid of rooms, a foreign file
    if isinstance(area, Table):
        if area.least_width <= area.viewport().width():
            room = area.viewport().width()
            yield f"table scrolls sideways though {area.least_width} fit in {room}: {area.accessibleName()!r}"
    else:
        yield f"scrolls sideways by {part.maximum()}: {type(area).__name__} {_path(area)}"


def _path(part: QWidget | None) -> str:
    names = []
    while part is not None and len(names) < 5:
        names.append(type(part).__name__)
        part = part.parentWidget()
    return " < ".join(names)


def _primary(part: QPushButton) -> Iterator[str]:
    if part.property("role") != "primary" or part.visibleRegion().boundingRect() == part.rect():
        return
    card = part.parentWidget()
    if not (
        isinstance(card, Card) and card.findChildren(Form)
    ):  # the foot of one of several forms that scroll
        yield f"primary button out of sight: {part.text()!r} {_path(part)}"


def _squeezed(part: QWidget) -> Iterator[str]:
    parent = part.parentWidget()
    layout = parent.layout() if parent is not None else None
    if layout is None or layout.indexOf(part) < 0 or isinstance(part, QLabel | QAbstractButton | ChipLabel):
        return
    # a widget may be made smaller on purpose, by a maximum or by a fixed height of its own
    least = part.minimumSizeHint().boundedTo(part.maximumSize())
    if part.minimumHeight():
        least.setHeight(min(least.height(), part.minimumHeight()))
    if part.minimumWidth():
        least.setWidth(min(least.width(), part.minimumWidth()))
    if part.height() < least.height() - 1 or part.width() < least.width():
        yield f"{_said(part, 'squeezed')} {_path(part)}"


def _overlaps(part: QWidget) -> Iterator[str]:
    layout = part.layout()
    if layout is None:
        return
    shown = [child for child in _laid_out(layout) if child.isVisible()]
    for number, one in enumerate(shown):
        if not part.rect().contains(one.geometry()) and not one.geometry().isEmpty():
            yield f"reaches out of {_path(part)}: {type(one).__name__} {_words(one)!r} {_box(one)} in {_box(part)}"
        for other in shown[number + 1 :]:
            if one.geometry().intersects(other.geometry()):
                yield f"overlap in {_path(part)}: {_words(one)!r} {_box(one)} and {_words(other)!r} {_box(other)}"


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    """Return the widgets of a layout and of those in it; of a stack, which shows one at a time, none."""
    if isinstance(layout, QStackedLayout):
        return
    for number in range(layout.count()):
        item = layout.itemAt(number)
        inner = item.layout()
        if item.widget() is not None:
            yield item.widget()
        elif inner is not None:
            yield from _laid_out(inner)


def _box(part: QWidget) -> str:
    area = part.geometry()
    return f"{area.x()},{area.y()} {area.width()}×{area.height()}"


def _filter(part: TablePage) -> Iterator[str]:
    box = part.filter
    if not box.isVisible():
        return
    room = box.width() - 2 * 10 - 26  # frame, padding and the picture
    needed = box.fontMetrics().horizontalAdvance("字" * FILTER_CHARACTERS)
    if room < needed:
        yield f"list filter of {box.width()} px: {box.placeholderText()!r}"


_CHECKS = (
    (QLabel, _label),
    (QAbstractButton, _button),
    (QComboBox, _combo),
    (QTabBar, _tabs),
    (QHeaderView, _header),
    (ChipLabel, _chip),
    (QScrollBar, _bar),
    (Table, _states),
    (Table, _beside_free_room),
    (QPushButton, _primary),
    (QWidget, _squeezed),
    (QWidget, _overlaps),
    (TablePage, _filter),
)
