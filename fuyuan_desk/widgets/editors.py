"""Editors with more than one widget: dates, phone lists, folders."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets import parsing
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.fields import (
    CheckEditor,
    ChecksEditor,
    ChoiceEditor,
    Editor,
    Field,
    LineEditor,
    LinesEditor,
    SuggestEditor,
    today_or,
)
from fuyuan_desk.widgets.pick import NamesEditor, PickEditor
from fuyuan_desk.widgets.theme import show_if


class _DateLine(QLineEdit):
    """A line edit in which Up and Down change the day and Alt+Down opens the calendar."""

    def __init__(self, owner: "DateEditor") -> None:
        super().__init__()
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._owner.open_calendar()
        else:
            self._owner.step_day(step)


class DateEditor(Editor):
    """A date typed in any usual format or picked from the calendar; empty means none."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = _DateLine(self)
        self.line.setPlaceholderText(field.placeholder or _("y-m-d"))
        self.line.textChanged.connect(self.changed)
        self.line.returnPressed.connect(self.entered)
        self.line.editingFinished.connect(self._normalize)
        self.line.editingFinished.connect(self.left)
        self.calendar_button = icon_button("calendar", _("Choose a date"), self.open_calendar)
        self.calendar_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.calendar_button.setToolTip(_("Choose a date (Alt+Down)"))
        row = self._hold(self.line, self.calendar_button)
        row.setSpacing(4)
        self._menu: QMenu | None = None

    def inner(self) -> list[QWidget]:
        return [self.line]

    def raw(self) -> str:
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        self.line.setText(str(raw or ""))

    def value(self) -> Any:
        return parsing.read_date(self.line.text(), today_or(None))

    def set_value(self, value: Any) -> None:
        self.line.setText(value.isoformat() if value is not None else "")

    def set_read_only(self, on: bool) -> None:
        super().set_read_only(on)
        self.calendar_button.setDisabled(on)

    def step_day(self, days: int) -> None:
        """Change the date by `days`; an empty field starts with today."""
        if self.line.isReadOnly():
            return
        current = self._date()
        start = QDate(today_or(None)) if current is None else current.addDays(days)  # type: ignore[call-overload]
        self.line.setText(start.toString(Qt.DateFormat.ISODate))

    def open_calendar(self) -> None:
        """Open a calendar below the field."""
        if self.line.isReadOnly():
            return
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setSelectedDate(self._date() or QDate.currentDate())
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.clicked.connect(self._on_picked)
        calendar.activated.connect(self._on_picked)
        menu.popup(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        calendar.setFocus()
        self._menu = menu

    def _on_picked(self, day: QDate) -> None:
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        if self._menu is not None:
            self._menu.close()
        self.line.setFocus()

    def _date(self) -> QDate | None:
        try:
            day = self.value()
        except ValueError:
            return None
        return QDate(day.year, day.month, day.day) if day is not None else None

    def _normalize(self) -> None:
        day = self._date()
        if day is not None:
            self.line.setText(day.toString(Qt.DateFormat.ISODate))


class PhonesEditor(Editor):
    """Several phone numbers, one line each; two pasted into one line are split."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._lines: list[QLineEdit] = []
        self._rows: list[QWidget] = []
        self._removes: list[QWidget] = []
        self._read_only = False
        self._known: tuple[str, ...] = ()  # stored long ago, and not judged again
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.add_button = button(_("Add a number"), self._add_and_focus, role="link", picture="add")
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._add("")

    def inner(self) -> list[QWidget]:
        return [*self._lines]

    def tab_chain(self) -> list[QWidget]:
        pairs = zip(self._lines, self._removes, strict=True)
        return [*(widget for pair in pairs for widget in pair), self.add_button]

    def setAccessibleName(self, name: str) -> None:
        """Name the field, and each of its lines by its number."""
        super().setAccessibleName(name)
        for number, line in enumerate(self._lines, start=1):
            line.setAccessibleName(_("{label}, number {n}").format(label=name, n=number))

    def raw(self) -> list[str]:
        return [line.text() for line in self._lines if line.text().strip()]

    def set_raw(self, raw: Any) -> None:
        for row in self._rows[1:]:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        del self._lines[1:], self._rows[1:], self._removes[1:]
        first, *others = raw or [""]
        self._lines[0].setText(str(first))  # the first line stays: it is what the label's mnemonic leads to
        for text in others:
            self._add(str(text))
        self.changed.emit()

    def value(self) -> tuple[str, ...]:
        numbers = [number.strip() for text in self.raw() for number in _split_numbers(text)]
        return tuple(number for number in numbers if number)

    def set_value(self, value: Any) -> None:
        self._known = tuple(value or ())
        self.set_raw(list(self._known))

    def faults(self) -> dict[int, str]:
        found = {number: self._fault(line.text()) for number, line in enumerate(self._lines)}
        return {number: fault for number, fault in found.items() if fault}

    def _fault(self, text: str) -> str:
        if self.field.check is None:
            return ""
        new = [one.strip() for one in _split_numbers(text) if one.strip() not in ("", *self._known)]
        return " ".join(filter(None, map(self.field.check, new)))

    def set_read_only(self, on: bool) -> None:
        self._read_only = on
        self.add_button.setVisible(not on)
        super().set_read_only(on)

    def _add_and_focus(self) -> None:
        self._add("").setFocus()
        self.changed.emit()

    def _add(self, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setReadOnly(self._read_only)
        line.setPlaceholderText(self.field.placeholder)
        line.setAccessibleName(
            _("{label}, number {n}").format(label=self.accessibleName(), n=len(self._lines) + 1)
        )
        line.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        line.textChanged.connect(self.changed)
        line.returnPressed.connect(self.entered)
        line.editingFinished.connect(self.left)
        row = QWidget()
        held = QHBoxLayout(row)
        held.setContentsMargins(0, 0, 0, 0)
        held.setSpacing(4)
        held.addWidget(line)
        remove = icon_button("close", _("Remove this number"), lambda: self._remove(row))
        show_if(remove, bool(self._lines))
        held.addWidget(remove)
        self._column.insertWidget(len(self._rows), row)
        before = self._removes[-1:]  # a line that is added later would be last of the whole form
        self._lines.append(line)
        self._rows.append(row)
        self._removes.append(remove)
        for one, other in pairwise([*before, line, remove, self.add_button]):
            QWidget.setTabOrder(one, other)
        return line

    def _remove(self, row: QWidget) -> None:
        number = self._rows.index(row)
        del self._lines[number], self._rows[number], self._removes[number]
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._lines[min(number, len(self._lines) - 1)].setFocus()
        self.changed.emit()


class FolderEditor(Editor):
    """A folder, typed or chosen in the system's dialog."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = QLineEdit()
        self.line.setPlaceholderText(field.placeholder)
        self.line.textChanged.connect(self.changed)
        self.line.returnPressed.connect(self.entered)
        self.choose_button = button(_("Choose …"), self._choose)
        self._hold(self.line, self.choose_button)

    def inner(self) -> list[QWidget]:
        return [self.line, self.choose_button]

    def raw(self) -> str:
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        self.line.setText(str(raw or ""))

    def value(self) -> str:
        return self.raw().strip()

    def set_value(self, value: Any) -> None:
        self.set_raw(value)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.accessibleName(), self.value())
        if chosen:
            self.line.setText(chosen)


_EDITORS: dict[str, type[Editor]] = {
    "lines": LinesEditor,
    "date": DateEditor,
    "choice": ChoiceEditor,
    "suggest": SuggestEditor,
    "check": CheckEditor,
    "checks": ChecksEditor,
    "phones": PhonesEditor,
    "folder": FolderEditor,
    "search": PickEditor,
    "names": NamesEditor,
}


def make_editor(field: Field) -> Editor:
    """Create the editor for a field's kind."""
    return _EDITORS.get(field.kind, LineEditor)(field)


def _split_numbers(text: str) -> list[str]:
    folded = parsing.plain(text)
    for separator in ("、", ",", ";", "/", " 或 "):
        folded = folded.replace(separator, "\n")
    return folded.split("\n")
