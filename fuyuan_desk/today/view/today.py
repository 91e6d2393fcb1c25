"""View of the first page: overdue, due and waiting tasks and figures of the office, or the first steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.dues import Figure, Severity, Task
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.today.rules import Group, group_of, label
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, Tone, chip_size, paint_chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.room import Stack, page_column
from fuyuan_desk.widgets.theme import colour

_TASK = Qt.ItemDataRole.UserRole + 1
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


@dataclass(frozen=True)
class _Line:
    """A task as it is drawn."""

    task: Task
    group: Group
    chip: Chip
    when: str
    late: bool
    is_done: bool = False


_TONES: dict[tuple[Severity, Group], Tone] = {
    (Severity.URGENT, Group.OVERDUE): "error",
    (Severity.URGENT, Group.DUE): "error",
    (Severity.URGENT, Group.WAITING): "error",
    (Severity.NORMAL, Group.OVERDUE): "warn",
    (Severity.NORMAL, Group.DUE): "warn",
    (Severity.NORMAL, Group.WAITING): "warn",
    (Severity.QUIET, Group.OVERDUE): "warn",
    (Severity.QUIET, Group.DUE): "warn",
    (Severity.QUIET, Group.WAITING): "neutral",
}
"""The tone of a task's chip by its urgency and group."""


def task_chip(task: Task, today: date) -> Chip:
    """Return the chip of a task."""
    return Chip(_(task.topic.title), _TONES[task.severity, group_of(task, today)], task.topic.icon)


def _when(task: Task, today: date) -> str:
    if task.due is None:
        return ""
    days = (task.due - today).days
    if days < 0:
        return numbered(-days, N_("{n} day late"), N_("{n} days late"))
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return _("by {day}").format(day=f"{task.due:%m-%d}")


class _TaskDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line = option.fontMetrics.height()
        return QSize(300, 2 * line + 18 if index.data(_TASK) is not None else line + 20)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        line: Any = index.data(_TASK)
        painter.save()
        if isinstance(line, _Line):
            self._paint_task(painter, option, index, line)
        else:
            self._paint_heading(painter, option, str(index.data()))
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: Any, text: str) -> None:
        area: QRect = option.rect
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(colour("ink"))
        painter.drawText(
            area.adjusted(12, 0, -12, -4), Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text
        )

    def _paint_task(
        self,
        painter: QPainter,
        option: Any,
        index: QModelIndex | QPersistentModelIndex,
        line: _Line,
    ) -> None:
        area: QRect = option.rect
        view: Any = self.parent()
        current = view.currentIndex() == index and view.hasFocus()
        hovered = bool(option.state & option.state.State_MouseOver)
        if current or hovered:
            painter.fillRect(area, colour("accent_soft" if current else "hover"))
        if current:
            painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), colour("accent"))
        painter.setPen(QPen(colour("line")))
        painter.drawLine(area.left() + 12, area.bottom(), area.right() - 12, area.bottom())
        chips = view.property("chip_width")
        paint_chip(painter, QRect(area.left() + 12, area.top(), chips, area.height()), line.chip, option.font)
        right = QFontMetrics(option.font).horizontalAdvance(line.when) + 16
        text = area.adjusted(12 + chips + 16, 8, -right - 16, -8)
        half = text.height() // 2
        metrics = QFontMetrics(option.font)
        painter.setFont(option.font)
        painter.setPen(colour("muted" if line.is_done else "ink"))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        top = QRect(text.left(), text.top(), text.width(), half)
        painter.drawText(
            top, left, metrics.elidedText(line.task.title, Qt.TextElideMode.ElideRight, top.width())
        )
        below = QRect(text.left(), text.top() + half, text.width(), half)
        painter.setPen(colour("muted"))
        painter.drawText(
            below, left, metrics.elidedText(line.task.detail, Qt.TextElideMode.ElideRight, below.width())
        )
        painter.setPen(colour("error" if line.late else "muted"))
        painter.drawText(
            area.adjusted(0, 0, -16, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            line.when,
        )


def _line(task: Task, today: date) -> _Line:
    return _Line(task, group_of(task, today), task_chip(task, today), _when(task, today), task.overdue)


class TaskList(QListWidget):
    """Tasks grouped under headings; a click or Enter opens one."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_TaskDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Tasks"))
        self.setProperty("chip_width", 0)
        self._headings: dict[Group, QListWidgetItem] = {}
        self.itemClicked.connect(self._open)

    def show_tasks(self, tasks: Sequence[Task], today: date) -> None:
        """Show the tasks, each group under its heading, and keep the current task."""
        previous = self.current()
        self.clear()
        self.setProperty("chip_width", 0)
        lines = [_line(task, today) for task in tasks]
        self._make_room(lines)
        self._headings = {}
        for group in Group:
            members = [line for line in lines if line.group is group]
            if members:
                head = QListWidgetItem()
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                self._headings[group] = head
                self.addItem(head)
                for line in members:
                    item = QListWidgetItem()
                    self._fill(item, line)
                    self.addItem(item)
        self._count()
        self._select(previous)

    def refresh_tasks(self, tasks: Sequence[Task], today: date) -> int:
        """Show the present state of the tasks in their rows, none of which moves; return how many have no row yet.

        The row of a task that is no longer due says that it is done.
        """
        present = {task.key: _line(task, today) for task in tasks}
        self._make_room(list(present.values()))
        for item, shown in self._rows():
            line = present.pop(shown.task.key, None)
            if line is None:
                line = replace(shown, chip=Chip(_("Done"), "ok", "ok"), when="", late=False, is_done=True)
            self._fill(item, replace(line, group=shown.group))
        self._count()
        return len(present)

    def _make_room(self, lines: Sequence[_Line]) -> None:
        widths = (chip_size(line.chip, self.font()).width() for line in lines)
        self.setProperty("chip_width", max(widths, default=0))

    def _rows(self) -> list[tuple[QListWidgetItem, _Line]]:
        items = (self.item(row) for row in range(self.count()))
        return [(item, line) for item in items if isinstance(line := item.data(_TASK), _Line)]

    def _fill(self, item: QListWidgetItem, line: _Line) -> None:
        task = line.task
        item.setText(f"{line.chip.text} {task.title} {task.detail} {line.when}".strip())
        item.setData(_TASK, line)
        item.setToolTip(f"{task.title}\n{task.detail}")

    def _count(self) -> None:
        """Show in each heading how many of its tasks are to be done."""
        all_done = _("all done")
        open_groups = [line.group for _item, line in self._rows() if not line.is_done]
        for group, head in self._headings.items():
            count = open_groups.count(group)
            head.setText(f"{label(group)} · {count:,}" if count else f"{label(group)} · {all_done}")

    def _select(self, previous: Task | None) -> None:
        rows = [row for row in range(self.count()) if self.item(row).data(_TASK) is not None]
        same = [
            row
            for row in rows
            if previous is not None and self.item(row).data(_TASK).task.key == previous.key
        ]
        if rows:
            self.setCurrentRow((same or rows)[0])

    def current(self) -> Task | None:
        """Return the current task, which Enter opens."""
        line = self.currentIndex().data(_TASK)
        return line.task if isinstance(line, _Line) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentItem())
            return
        rows = self._rows()
        if event.key() in _ENDS and rows:  # Qt would go to a heading, which cannot be current
            self.setCurrentItem(rows[_ENDS[Qt.Key(event.key())]][0])
            return
        super().keyPressEvent(event)

    def _open(self, item: QListWidgetItem | None) -> None:
        line = item.data(_TASK) if item is not None else None
        if isinstance(line, _Line):
            self.opened.emit(line.task)


class _Figure(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._number = labels.label("–", "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._number)
        column.addWidget(labels.label(name, "hint"))

    def show_number(self, number: int) -> None:
        self._number.setText(f"{number:,}")
        self.setAccessibleName(f"{self._name} {number}")


class _Figures(QFrame):
    """The figures of the office."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._figures: list[_Figure] = []
        self._row = Flow(self)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(16)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        for figure in figures[len(self._figures) :]:
            self._figures.append(_Figure(_(figure.title)))
            self._row.add(self._figures[-1], grows=True)
        for widget, figure in zip(self._figures, figures, strict=True):
            widget.show_number(figure.value)


class TodayView(QWidget):
    """Shows the tasks, or the first steps if the office is still empty.

    While it is in sight no row moves: a refresh changes rows in place, and says how many tasks are new (`news`).
    """

    task_opened = Signal(object)
    import_requested = Signal()
    sample_requested = Signal()
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._latest: tuple[tuple[Task, ...], date] | None = None
        self._day: date | None = None
        self.news = button("", self.show_latest, picture="refresh")
        keeps_room = self.news.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)  # the list below does not move when it appears
        self.news.setSizePolicy(keeps_room)
        self.news.hide()
        self.header = PageHeader(_("Today"), " ", [self.news])
        self.figures = _Figures()
        self.tasks = TaskList()
        self.tasks.opened.connect(self.task_opened)
        self.all_done = EmptyState(
            "ok",
            _("Nothing is due"),
            _("Nothing is late, due today or waiting."),
        )
        self.first_steps = self._first_steps()
        self.nothing_yet = EmptyState("estate", _("Nothing to show yet"))
        self._stack = Stack()
        for part in (QWidget(), self.tasks, self.all_done, self.first_steps, self.nothing_yet):
            self._stack.addWidget(part)
        column = page_column(self)
        column.addWidget(self.header)
        column.addWidget(self.figures)
        column.addWidget(self._stack, 1)
        self.figures.hide()
        self._says_nothing_yet = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_latest()
        self.shown.emit()

    def add_card(self, card: QWidget) -> None:
        """Show a card of another job above the tasks."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self._stack), card)

    def show_latest(self) -> None:
        """Show all tasks as they are now, in their order; called when the page appears, or its button is pressed."""
        if self._latest is None:
            return
        held = self.news.hasFocus()
        tasks, self._day = self._latest
        self.tasks.show_tasks(tasks, self._day)
        self.news.hide()
        if self._stack.currentWidget() in (self.tasks, self.all_done):
            self._stack.setCurrentWidget(self.tasks if tasks else self.all_done)
        if held:
            self._stack.currentWidget().setFocus()

    def _first_steps(self) -> QWidget:
        steps = EmptyState(
            "import",
            _("This office is still empty"),
            _(
                "Import the roster you already have in Excel: it contains the estates, buildings, units and "
                "households. Nothing is saved before you have checked the preview."
            ),
            _("Import a roster"),
        )
        steps.acted.connect(self.import_requested)
        self.sample_button = button(
            _("Explore the sample office first"), self.sample_requested.emit, role="link"
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addWidget(steps)
        column.addWidget(self.sample_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page

    def set_nothing_yet(self, text: str) -> None:
        """Say why an operator who cannot import a roster sees an empty office; '' for those who can."""
        self._says_nothing_yet = bool(text)
        self.nothing_yet.set_texts(_("Nothing to show yet"), text)

    def show_office(
        self, tasks: Sequence[Task], figures: Sequence[Figure], today: date, day_shown: str
    ) -> None:
        """Show tasks and figures, or the first steps if all figures are 0; `day_shown` is the subtitle."""
        self.header.set_texts(_("Today"), day_shown)
        self.figures.show_figures(figures)
        is_empty = not any(figure.value for figure in figures)
        self.figures.setVisible(not is_empty)
        self._latest = (tuple(tasks), today)
        in_use = self.isVisible() and self._stack.currentWidget() is self.tasks and not is_empty
        if in_use and today == self._day:
            count = self.tasks.refresh_tasks(tasks, today)
            self.news.setText(_("{n} new").format(n=count))
            self.news.setVisible(count > 0)
            return
        self.show_latest()
        first = self._stack.currentIndex() == 0
        if is_empty:
            self._stack.setCurrentWidget(self.nothing_yet if self._says_nothing_yet else self.first_steps)
        else:
            self._stack.setCurrentWidget(self.tasks if tasks else self.all_done)
        if first and not isinstance(QApplication.focusWidget(), QLineEdit):
            # so that the arrow keys work at once; a text field in use keeps the focus
            self._stack.currentWidget().setFocus()
