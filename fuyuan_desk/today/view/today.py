"""View of the first page: overdue, due and waiting tasks and figures of the office, or the first steps."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from fuyuan_desk.core.texts import _
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


@dataclass(frozen=True)
class _Line:
    """A task as it is drawn."""

    task: Task
    chip: Chip
    when: str
    late: bool


def _tone(task: Task, group: Group) -> Tone:
    if task.severity is Severity.URGENT:
        return "error"
    if group is Group.WAITING:
        return "neutral" if task.severity is Severity.QUIET else "info"
    return "warn"


def _when(task: Task, today: date) -> str:
    if task.due is None:
        return ""
    days = (task.due - today).days
    if days < 0:
        return _("{count} days late").format(count=-days) if days < -1 else _("1 day late")
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
        painter.setPen(colour("ink"))
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
        self.itemClicked.connect(self._open)

    def show_tasks(self, tasks: Sequence[Task], today: date) -> None:
        """Show the tasks, each group under its heading, and keep the current task."""
        previous = self.current()
        self.clear()
        lines = [_Line(t, self._chip(t, today), _when(t, today), t.overdue) for t in tasks]
        width = max((chip_size(line.chip, self.font()).width() for line in lines), default=0)
        self.setProperty("chip_width", width)
        for group in Group:
            members = [line for line in lines if group_of(line.task, today) is group]
            if members:
                head = QListWidgetItem(f"{label(group)} · {len(members)}")
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(head)
                for line in members:
                    self._add(line)
        self._select(previous)

    def _add(self, line: _Line) -> None:
        task = line.task
        item = QListWidgetItem(f"{line.chip.text} {task.title} {task.detail} {line.when}".strip())
        item.setData(_TASK, line)
        item.setToolTip(f"{task.title}\n{task.detail}")
        self.addItem(item)

    def _chip(self, task: Task, today: date) -> Chip:
        return Chip(_(task.topic.title), _tone(task, group_of(task, today)), task.topic.icon)

    def _select(self, previous: Task | None) -> None:
        rows = [row for row in range(self.count()) if self.item(row).data(_TASK) is not None]
        same = [
            row
            for row in rows
            if previous is not None
            and (found := self.item(row).data(_TASK).task).topic == previous.topic
            and (found.kind, found.record_id) == (previous.kind, previous.record_id)
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
    """Shows the tasks, or the first steps if the office is still empty."""

    task_opened = Signal(object)
    import_requested = Signal()
    sample_requested = Signal()
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.header = PageHeader(_("Today"), " ")
        self.figures = _Figures()
        self.tasks = TaskList()
        self.tasks.opened.connect(self.task_opened)
        self.all_done = EmptyState(
            "ok",
            _("Nothing is due"),
            _("Nothing is late, due today or waiting."),
        )
        self.first_steps = self._first_steps()
        self._stack = Stack()
        for part in (QWidget(), self.tasks, self.all_done, self.first_steps):
            self._stack.addWidget(part)
        column = page_column(self)
        column.addWidget(self.header)
        column.addWidget(self.figures)
        column.addWidget(self._stack, 1)
        self.figures.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

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

    def show_office(
        self, tasks: Sequence[Task], figures: Sequence[Figure], today: date, day_shown: str
    ) -> None:
        """Show tasks and figures, or the first steps if all figures are 0; `day_shown` is the subtitle."""
        self.header.set_texts(_("Today"), day_shown)
        self.figures.show_figures(figures)
        is_empty = not any(figure.value for figure in figures)
        self.figures.setVisible(not is_empty)
        self.tasks.show_tasks(tasks, today)
        first = self._stack.currentIndex() == 0
        if is_empty:
            self._stack.setCurrentWidget(self.first_steps)
        else:
            self._stack.setCurrentWidget(self.tasks if tasks else self.all_done)
        if first and not isinstance(QApplication.focusWidget(), QLineEdit):
            # so that the arrow keys work at once; a text field in use keeps the focus
            self._stack.currentWidget().setFocus()
