"""Forms: labels with mnemonics, editors, hints, and errors beside their fields."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.fields import Editor, Field, Masked, Section
from fuyuan_desk.widgets.form_row import FormRow
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.question import Question, ask

Answer = tuple[str, Callable[[], object]]
"""The caption of an answer, and what it does."""


class Form(QWidget):
    """Fields declared as a list, laid out in reading order.

    `submitted` carries the values when Enter, Ctrl+S or `submit()` could parse them;
    save them, then call `mark_clean()` or `show_errors(error.fields)`.
    `escaped`: Esc was pressed; `discarded`: the user left without saving;
    `cleaned`: the input is saved; `reveal_requested` carries the name of a masked field.

    While `ask_first` waits for an answer, the form accepts no input and no submit; `asking` carries whether it does,
    for views with input beside the form, which they disable meanwhile.

    With `when_needed`, the fields are created when the form is first filled, asked or shown: for a form that stands
    hidden beside a list. What surrounds such a form must be laid out after that: a dialog or a scroll area keeps the
    size that the form had without its fields (`FormPane` does it).

    A form that `only_asks`, for a list, a paper or an answer, changes nothing: its input is never unsaved.
    """

    changed = Signal()
    submitted = Signal(dict)
    escaped = Signal()
    discarded = Signal()
    cleaned = Signal()
    reveal_requested = Signal(str)
    asking = Signal(bool)

    def __init__(
        self,
        fields: Sequence[Field | Section],
        columns: int = 1,
        *,
        when_needed: bool = False,
        only_asks: bool = False,
    ) -> None:
        super().__init__()
        self.notice = Banner()
        self._fields = fields
        self._columns = columns
        self._only_asks = only_asks
        self._made: dict[str, FormRow] | None = None
        self._changes: dict[str, Callable[[Any], object]] = {}
        self._baseline: dict[str, Any] = {}
        self._after: Callable[[], object] | None = None
        self._stay: Callable[[], object] | None = None
        self._question: Question | None = None
        self._filling = False
        self._busy = False
        self._read_only = False
        self._asking = False
        self._body: QWidget | None = None
        self._after_form: tuple[QWidget, ...] = ()
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(12)
        self._outer.addWidget(self.notice)
        self._outer.addStretch(1)
        if not when_needed:
            self._make_fields()
        self.save_key = QShortcut(QKeySequence.StandardKey.Save, self)
        self.save_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.save_key.activated.connect(self.submit)

    def editor(self, name: str) -> Editor:
        """Return a field's editor, e.g. to change its choices."""
        return self._rows[name].editor

    def has(self, name: str) -> bool:
        """Return whether the form has a field of this name."""
        return any(field.name == name for field in self._fields if isinstance(field, Field))

    @property
    def is_made(self) -> bool:
        """Whether the fields were created; they hold nothing before."""
        return self._made is not None

    def prepare(self, name: str, change: Callable[[Any], object]) -> None:
        """Call `change(editor)` for a field: now, or once it is created; of several then only the last."""
        if self._made is None:
            self._changes[name] = change
        else:
            change(self._made[name].editor)

    def set_choices(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        """Set what can be chosen in a field."""
        self.prepare(name, lambda editor: editor.set_choices(choices))
        if self._made is not None:
            self.order_tabs()

    def values(self) -> dict[str, Any]:
        """Return the parsed values of all fields but the masked ones; raise ValueError for an invalid one."""
        return {name: row.editor.value() for name, row in self._rows.items() if not row.masked}

    def readable_values(self) -> dict[str, Any]:
        """Return the values of all fields but the masked ones, None for an invalid one."""
        values = {name: None for name, row in self._rows.items() if not row.masked}
        for name in values:
            with suppress(ValueError):
                values[name] = self._rows[name].editor.value()
        return values

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form with a record's values, `Masked` where they are hidden, and mark it as unchanged.

        Fields that are not named are cleared.
        """
        self._filling = True
        for name, row in self._rows.items():
            self._fill(row, values.get(name))
            row.show_error("")
        self._filling = False
        if not self._asking:
            self.notice.clear()
        self._baseline = self.raw()
        self.changed.emit()

    def set_value(self, name: str, value: Any) -> None:
        """Change one field as if the user had typed it."""
        self._fill(self._rows[name], value)

    def reveal(self, name: str, value: Any) -> None:
        """Show a masked field's value and make it editable, without marking the form as changed."""
        self._filling = True
        self._fill(self._rows[name], value)
        self._rows[name].set_revealed(True)
        self._filling = False
        self._baseline[name] = self._rows[name].editor.raw()
        self._rows[name].editor.inner()[0].setFocus()

    def raw(self) -> dict[str, Any]:
        """Return the fields' contents as typed, JSON-serializable, without passwords and masked values."""
        return {
            name: row.editor.raw()
            for name, row in self._rows.items()
            if not row.masked and row.field.kind != "password"
        }

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Restore the contents returned by `raw`; unknown fields are ignored."""
        for name, text in raw.items():
            if name in self._rows:
                self._rows[name].set_masked(False)
                self._rows[name].editor.set_raw(text)

    @property
    def is_dirty(self) -> bool:
        """Whether there is unsaved input."""
        return not self._only_asks and self._made is not None and self.raw() != self._baseline

    @property
    def is_being_left(self) -> bool:
        """Whether the user chose to save before leaving, which `mark_clean` then continues."""
        return self._after is not None

    def mark_clean(self) -> None:
        """Mark the contents as saved and continue a pending `leave`."""
        self._baseline = self.raw()
        self._busy = False
        for row in self._rows.values():
            row.show_error("")
        self.cleaned.emit()
        after, self._after, self._stay = self._after, None, None
        if after is not None:
            after()

    def read(self) -> dict[str, Any] | None:
        """Return the parsed values, or show the errors beside the fields and return None."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, row in self._rows.items():
            if row.masked:
                continue
            try:
                values[name] = row.editor.value()
            except ValueError as reason:
                wrong[name] = str(reason)
            else:
                if row.field.required and row.editor.is_empty():
                    wrong[name] = _("This must be filled in.")
        self.show_errors(wrong)
        return None if wrong else values

    def submit(self) -> None:
        """Parse the fields and emit `submitted`, or show the errors."""
        if self._busy:
            return
        if self._asking:
            self.stop_leaving()
            self._show_question()
            return
        values = self.read()
        if values is not None:
            self.submitted.emit(values)

    @property
    def is_asking(self) -> bool:
        """Whether a question above the fields waits for an answer."""
        return self._asking

    def ask_first(self, text: str, first: Answer, second: Answer) -> None:
        """Ask above the fields, which accept no input until one of two answers is chosen."""
        before = QApplication.focusWidget()
        self._hold(True)
        self.notice.say(
            "info", text, first[0], lambda: self._answer(first[1]),
            second[0], lambda: self._answer(second[1]), can_close=False,
        )  # fmt: skip
        if before is not None and not before.isEnabled():
            self._show_question()

    def stop_asking(self) -> None:
        """Remove the question without an answer."""
        if self._asking:
            self.notice.clear()
            self._hold(False)

    def _answer(self, act: Callable[[], object]) -> None:
        self._hold(False)
        act()

    def _hold(self, on: bool) -> None:
        self._asking = on
        if self._body is not None:
            self._body.setDisabled(on)
        self.asking.emit(on)

    def _show_question(self) -> None:
        self.notice.focus_action(0)
        self._scroll_to(self.notice)

    def set_busy(self, on: bool) -> None:
        """Ignore further submits while a save is running."""
        self._busy = on

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its field and focus the first; return whether there was any."""
        self._busy = False
        first: FormRow | None = None
        for name, row in self._rows.items():
            row.show_error(errors.get(name, ""))
            if first is None and name in errors:
                first = row
        if first is not None:
            self.stop_leaving()
            first.focus()
            self._scroll_to(first)
        return first is not None

    def show_doubt(self, name: str, message: str) -> None:
        """Show a warning below a field; '' removes it."""
        self._rows[name].show_doubt(message)

    def show_hint(self, name: str, text: str) -> None:
        """Change the hint below a field, e.g. to explain the current choice."""
        self._rows[name].hint_text = text
        self._rows[name].show_doubt("")

    def hint(self, name: str) -> str:
        """Return the hint below a field."""
        return self._rows[name].hint_text

    def doubts(self) -> dict[str, str]:
        """Return the warnings shown, by field."""
        return {
            name: row.hint.text() for name, row in self._rows.items() if row.hint.property("role") == "doubt"
        }

    def errors(self) -> dict[str, str]:
        """Return the errors shown, by field."""
        return {name: row.error.text() for name, row in self._rows.items() if row.error.text()}

    def set_read_only(self, on: bool) -> None:
        """Make the form read-only or editable."""
        self._read_only = on
        if self._made is not None:
            self._lock_fields()

    def show_field(self, name: str, shown: bool) -> None:
        """Show or hide a field; a hidden one keeps its value."""
        self._rows[name].setVisible(shown)

    @property
    def focused_field(self) -> str:
        """The name of the field that has the focus, or had it last; '' for none."""
        last: QWidget | None = self.focusWidget()
        return next((name for name, row in self._rows.items() if row.isAncestorOf(last or self)), "")

    def focus_first(self, name: str = "") -> None:
        """Focus the field `name`, or the first editable one if it cannot be edited, and bring it into sight."""
        rows = self._rows
        if self._asking:
            self._show_question()
            return
        for row in [rows[name], *rows.values()] if name in rows else rows.values():
            if not (row.masked or row.field.read_only or row.isHidden()):
                row.editor.inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
                self._scroll_to(row)
                return

    def leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` once no unsaved input is lost: at once, or after asking the user; `stay` if the form stays open.

        It stays open if the user goes on editing, or if saving is refused.
        """
        if not self.is_dirty:
            then()
            return
        if self._question is not None:
            self._question.raise_()
            return
        self._question = ask(
            self,
            _("Save your changes?"),
            _("This form contains unsaved input."),
            [
                (_("&Save"), "primary", lambda: self._save_then(then, stay)),
                (_("&Do not save"), "", lambda: self._discard_then(then)),
                (_("&Keep editing"), "", lambda: self._keep_editing(stay)),
            ],
        )
        self._question.finished.connect(self._forget_question)

    def showEvent(self, event: QShowEvent) -> None:
        self._make_fields()
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def _forget_question(self) -> None:
        self._question = None

    def stop_leaving(self) -> None:
        """Forget a pending `leave`, as saving was refused."""
        stay, self._stay, self._after = self._stay, None, None
        if stay is not None:
            stay()

    def _save_then(self, then: Callable[[], object], stay: Callable[[], object] | None) -> None:
        self._after, self._stay = then, stay
        self.submit()

    def _keep_editing(self, stay: Callable[[], object] | None) -> None:
        if stay is not None:
            stay()
        # in the form; what was clicked to leave it has the focus now
        last: QWidget | None = self.focusWidget()
        if last is not None:
            last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _discard_then(self, then: Callable[[], object]) -> None:
        self._baseline = self.raw()
        self.discarded.emit()
        then()

    def _fill(self, row: FormRow, value: Any) -> None:
        if isinstance(value, Masked):
            row.set_masked(False)
            row.editor.set_raw([value.text] if row.field.kind == "phones" else value.text)
            row.set_masked(bool(value.text))
        else:
            row.set_masked(False)
            row.editor.set_value(value)
        row.set_revealed(
            bool(value) and not row.masked and (row.field.sensitive or row.field.kind == "phones")
        )
        if self._read_only:
            row.editor.set_read_only(True)

    @property
    def _rows(self) -> dict[str, FormRow]:
        return self._make_fields()

    def _make_fields(self) -> dict[str, FormRow]:
        """Create the fields if they are not there yet, and return them."""
        if self._made is None:
            self._made = {}
            self._body = body = self._lay_out(self._made)
            body.setDisabled(self._asking)
            self._outer.insertWidget(1, body)
            for name, change in self._changes.items():
                change(self._made[name].editor)
            if self._read_only:
                self._lock_fields()
            self._baseline = self.raw()
            body.show()
            self.order_tabs()
        return self._made

    def order_tabs(self, *after: QWidget) -> None:
        """Let Tab visit the fields in reading order, then the widgets `after` the form.

        Fields that are created late, and choices that are set later, would come last of the whole window.
        """
        if after:
            self._after_form = after
        rows = (self._made or {}).values()
        fields = [widget for row in rows for widget in row.editor.tab_chain()]
        for one, other in pairwise([*fields, *self._after_form]):
            QWidget.setTabOrder(one, other)

    def _lock_fields(self) -> None:
        for row in self._rows.values():
            row.editor.set_read_only(self._read_only or row.masked or row.field.read_only)

    def _lay_out(self, rows: dict[str, FormRow]) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 120)
        line = column = 0
        for field in self._fields:
            if isinstance(field, Section):
                line += 1 if column else 0
                grid.addWidget(_section(field, first=line == 0), line, 0, 1, self._columns)
                line, column = line + 1, 0
                continue
            span = min(field.span, self._columns)
            if column + span > self._columns:
                line, column = line + 1, 0
            rows[field.name] = self._row(field)
            grid.addWidget(rows[field.name], line, column, 1, span)
            column += span
            if column >= self._columns:
                line, column = line + 1, 0
        return body

    def _row(self, field: Field) -> FormRow:
        row = FormRow(field)
        row.editor.changed.connect(lambda: self._on_changed(row))
        row.editor.entered.connect(self.submit)
        row.editor.left.connect(lambda: self._on_left(row))
        row.reveal_button.clicked.connect(lambda checked: self.reveal_requested.emit(field.name))
        return row

    def _on_changed(self, row: FormRow) -> None:
        if self._filling:
            return
        row.show_error("")
        self.changed.emit()

    def _on_left(self, row: FormRow) -> None:
        if not (self._filling or self._read_only or row.masked or row.field.read_only):
            row.check()

    def _scroll_to(self, part: QWidget) -> None:
        ancestor = self.parentWidget()
        while ancestor is not None and not isinstance(ancestor, QScrollArea):
            ancestor = ancestor.parentWidget()
        if isinstance(ancestor, QScrollArea):
            ancestor.ensureWidgetVisible(part, 16, 24)


def _section(section: Section, first: bool) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0 if first else 8, 0, 0)
    column.setSpacing(4)
    if not first:
        column.addWidget(rule())
        column.addSpacing(8)
    column.addWidget(label(section.title, "strong"))
    if section.hint:
        column.addWidget(label(section.hint, "hint", wrap=True))
    return made
