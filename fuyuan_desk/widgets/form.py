"""Forms: labels with mnemonics, editors, hints, and errors beside their fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.editors import make_editor
from fuyuan_desk.widgets.fields import Editor, Field, Masked, Section
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.question import Question, ask
from fuyuan_desk.widgets.theme import set_role, set_wrong, show_if


class _Row(QWidget):
    """A field of the form: label above, editor, then hint or error below."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.name = field.label.replace("&&", "\0").replace("&", "").replace("\0", "&")
        self.name = self.name[:-3] if _ends_in_mnemonic(self.name) else self.name
        self.editor = make_editor(field)
        self.editor.setAccessibleName(self.name)
        self.masked = False
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.hint_text = field.hint
        self.hint = label(field.hint, "hint", wrap=True)
        show_if(self.hint, bool(field.hint))
        self.reveal_button = icon_button("eye", _("Show {name} (this is logged)").format(name=self.name))
        self.reveal_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if field.kind != "check":
            column.addLayout(self._heading())
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.editor)
        line.addWidget(self.reveal_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        column.addWidget(self.error)
        column.addWidget(self.hint)
        column.addStretch(1)
        for part in self.editor.inner():
            if not part.accessibleName() and field.kind not in ("check", "checks"):
                part.setAccessibleName(self.name)
            part.setAccessibleDescription(field.hint)
        if field.read_only:
            self.editor.set_read_only(True)

    def show_error(self, message: str) -> None:
        """Show an error below the editor and mark the part that is wrong, all if it is not known; '' removes it."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        wrong = self._wrong_parts() if message else []
        for part in self.editor.inner():
            is_wrong = part in wrong
            part.setAccessibleDescription(message if is_wrong else self.field.hint)
            set_wrong(part, is_wrong)

    def _wrong_parts(self) -> list[QWidget]:
        parts = self.editor.inner()
        return [parts[number] for number in self.editor.faults()] or parts

    def check(self) -> None:
        """Show what is wrong with what was typed."""
        faults = self.editor.faults()
        if faults:
            self.show_error(" ".join(faults.values()))

    def focus(self) -> None:
        """Move the focus to the part that is wrong, or the first."""
        self._wrong_parts()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_doubt(self, message: str) -> None:
        """Show a warning below the editor; '' restores the hint."""
        self.hint.setText(message or self.hint_text)
        self.hint.setVisible(bool(message or self.hint_text))
        set_role(self.hint, "doubt" if message else "hint")

    def set_masked(self, on: bool) -> None:
        """Lock the editor while it shows a masked value."""
        self.masked = on
        self.editor.set_read_only(on or self.field.read_only)
        self.reveal_button.setVisible(on)

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._label())
        if self.field.sensitive:
            chip = ChipLabel(Chip(_("Sensitive"), "neutral", "lock"))
            chip.setToolTip(_("Sensitive personal data: enter only what the work requires (PIPL §28)."))
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _label(self) -> QLabel:
        made = label(self.field.label + (" *" if self.field.required else ""), "caption")
        for part in self.editor.inner()[:1]:
            made.setBuddy(part)
        return made


class Form(QWidget):
    """Fields declared as a list, laid out in reading order.

    `submitted` carries the values when Enter, Ctrl+S or `submit()` could parse them;
    save them, then call `mark_clean()` or `show_errors(error.fields)`.
    `escaped`: Esc was pressed; `discarded`: the user left without saving;
    `cleaned`: the input is saved; `reveal_requested` carries the name of a masked field.

    With `when_needed`, the fields are created when the form is first filled, asked or shown: for a form that stands
    hidden beside a list. What surrounds such a form must be laid out after that: a dialog or a scroll area keeps the
    size that the form had without its fields (`FormPane` does it).
    """

    changed = Signal()
    submitted = Signal(dict)
    escaped = Signal()
    discarded = Signal()
    cleaned = Signal()
    reveal_requested = Signal(str)

    def __init__(
        self, fields: Sequence[Field | Section], columns: int = 1, *, when_needed: bool = False
    ) -> None:
        super().__init__()
        self.notice = Banner()
        self._fields = fields
        self._columns = columns
        self._made: dict[str, _Row] | None = None
        self._changes: dict[str, Callable[[Any], object]] = {}
        self._baseline: dict[str, Any] = {}
        self._after: Callable[[], object] | None = None
        self._stay: Callable[[], object] | None = None
        self._question: Question | None = None
        self._filling = False
        self._busy = False
        self._read_only = False
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

    def values(self) -> dict[str, Any]:
        """Return the parsed values of all fields but the masked ones; raise ValueError for an invalid one."""
        return {name: row.editor.value() for name, row in self._rows.items() if not row.masked}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form with a record's values, `Masked` where they are hidden, and mark it as unchanged.

        Fields that are not named are cleared.
        """
        self._filling = True
        for name, row in self._rows.items():
            self._fill(row, values.get(name))
            row.show_error("")
        self._filling = False
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
        return self._made is not None and self.raw() != self._baseline

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
        values = self.read()
        if values is not None:
            self.submitted.emit(values)

    def set_busy(self, on: bool) -> None:
        """Ignore further submits while a save is running."""
        self._busy = on

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its field and focus the first; return whether there was any."""
        self._busy = False
        first: _Row | None = None
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
        """Focus the field `name`, or the first editable one if it cannot be edited."""
        rows = self._rows
        for row in [rows[name], *rows.values()] if name in rows else rows.values():
            if not (row.masked or row.field.read_only or row.isHidden()):
                row.editor.inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
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

    def _fill(self, row: _Row, value: Any) -> None:
        if isinstance(value, Masked):
            row.set_masked(False)
            row.editor.set_raw([value.text] if row.field.kind == "phones" else value.text)
            row.set_masked(bool(value.text))
        else:
            row.set_masked(False)
            row.editor.set_value(value)
        if self._read_only:
            row.editor.set_read_only(True)

    @property
    def _rows(self) -> dict[str, _Row]:
        return self._make_fields()

    def _make_fields(self) -> dict[str, _Row]:
        """Create the fields if they are not there yet, and return them."""
        if self._made is None:
            self._made = {}
            body = self._lay_out(self._made)
            self._outer.insertWidget(1, body)
            for name, change in self._changes.items():
                change(self._made[name].editor)
            if self._read_only:
                self._lock_fields()
            self._baseline = self.raw()
            body.show()
        return self._made

    def _lock_fields(self) -> None:
        for row in self._rows.values():
            row.editor.set_read_only(self._read_only or row.masked or row.field.read_only)

    def _lay_out(self, rows: dict[str, _Row]) -> QWidget:
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

    def _row(self, field: Field) -> _Row:
        row = _Row(field)
        row.editor.changed.connect(lambda: self._on_changed(row))
        row.editor.entered.connect(self.submit)
        row.editor.left.connect(lambda: self._on_left(row))
        row.reveal_button.clicked.connect(lambda checked: self.reveal_requested.emit(field.name))
        return row

    def _on_changed(self, row: _Row) -> None:
        if self._filling:
            return
        row.show_error("")
        self.changed.emit()

    def _on_left(self, row: _Row) -> None:
        if not (self._filling or self._read_only or row.masked or row.field.read_only):
            row.check()

    def _scroll_to(self, row: _Row) -> None:
        ancestor = self.parentWidget()
        while ancestor is not None and not isinstance(ancestor, QScrollArea):
            ancestor = ancestor.parentWidget()
        if isinstance(ancestor, QScrollArea):
            ancestor.ensureWidgetVisible(row, 16, 24)


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


def _ends_in_mnemonic(name: str) -> bool:
    return len(name) > 3 and name.endswith(")") and name[-3] == "(" and name[-2].isalnum()
