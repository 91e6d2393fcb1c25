"""Forms: labels with mnemonics, editors, hints, and errors beside the fields they belong to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.editors import make_editor
from fuyuan_desk.widgets.fields import Editor, Field, Masked, Section
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.question import Question, ask
from fuyuan_desk.widgets.theme import set_role, show_if


class _Row(QWidget):
    """A field on the form: label above, editor, then hint or error below."""

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
        self.words = field.hint
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
        """Show what is wrong below the editor; '' takes it away."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        for part in self.editor.inner():
            part.setAccessibleDescription(message or self.field.hint)
            if part.property("wrong") != bool(message):
                part.setProperty("wrong", bool(message))
                part.style().unpolish(part)
                part.style().polish(part)

    def show_doubt(self, message: str) -> None:
        """Show below the editor what may be saved but should be looked at; '' shows the hint again."""
        self.hint.setText(message or self.words)
        self.hint.setVisible(bool(message or self.words))
        set_role(self.hint, "doubt" if message else "hint")

    def set_masked(self, on: bool) -> None:
        """Bar the editor while it shows a masked value."""
        self.masked = on
        self.editor.set_read_only(on or self.field.read_only)
        self.reveal_button.setVisible(on)

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._label())
        if self.field.sensitive:
            chip = ChipLabel(Chip(_("Sensitive"), "neutral", "lock"))
            chip.setToolTip(_("Sensitive personal data: write down only what the work needs (PIPL §28)."))
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

    `submitted` carries the values when Enter, Ctrl+S or `submit()` finds them readable;
    save them, then call `mark_clean()` or `show_errors(error.fields)`.
    `escaped`: Esc was pressed; `discarded`: leaving without saving was chosen;
    `cleaned`: what was typed is safe; `reveal_requested` carries the name of a masked field.
    """

    changed = Signal()
    submitted = Signal(dict)
    escaped = Signal()
    discarded = Signal()
    cleaned = Signal()
    reveal_requested = Signal(str)

    def __init__(self, fields: Sequence[Field | Section], columns: int = 1) -> None:
        super().__init__()
        self.notice = Banner()
        self._rows: dict[str, _Row] = {}
        self._baseline: dict[str, Any] = {}
        self._after: Callable[[], object] | None = None
        self._question: Question | None = None
        self._filling = False
        self._busy = False
        self._read_only = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self.notice)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 120)
        outer.addLayout(self._grid)
        outer.addStretch(1)
        self._lay_out(fields, columns)
        self._baseline = self.raw()
        save = QShortcut(QKeySequence.StandardKey.Save, self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.submit)

    def editor(self, name: str) -> Editor:
        """Give a field's editor, e.g. to change its choices."""
        return self._rows[name].editor

    def values(self) -> dict[str, Any]:
        """Give the typed values of all fields but the masked ones; ValueError when one cannot be read."""
        return {name: row.editor.value() for name, row in self._rows.items() if not row.masked}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form with a record's values, `Masked` where they are not to be seen; nothing is unsaved then.

        Fields that are not named become empty.
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
        """Change one field as if it had been typed."""
        self._fill(self._rows[name], value)

    def reveal(self, name: str, value: Any) -> None:
        """Show a masked field's true value and let it be changed; that alone makes nothing unsaved."""
        self._filling = True
        self._fill(self._rows[name], value)
        self._filling = False
        self._baseline[name] = self._rows[name].editor.raw()
        self._rows[name].editor.inner()[0].setFocus()

    def raw(self) -> dict[str, Any]:
        """Give what stands in the fields as typed, JSON-able, without passwords and masked values."""
        return {
            name: row.editor.raw()
            for name, row in self._rows.items()
            if not row.masked and row.field.kind != "password"
        }

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Put back what `raw` gave; fields that are unknown meanwhile are passed over."""
        for name, text in raw.items():
            if name in self._rows:
                self._rows[name].set_masked(False)
                self._rows[name].editor.set_raw(text)

    @property
    def is_dirty(self) -> bool:
        """Whether something typed is not saved."""
        return self.raw() != self._baseline

    @property
    def is_being_left(self) -> bool:
        """Whether saving was chosen on the way to something else, which `mark_clean` then carries on with."""
        return self._after is not None

    def mark_clean(self) -> None:
        """What stands here is saved; carries on with what waited for it."""
        self._baseline = self.raw()
        self._busy = False
        for row in self._rows.values():
            row.show_error("")
        self.cleaned.emit()
        after, self._after = self._after, None
        if after is not None:
            after()

    def read(self) -> dict[str, Any] | None:
        """Give the values, or show beside the fields what keeps them from being read and give None."""
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
        """Read the fields and emit `submitted`, or show what is wrong."""
        if self._busy:
            return
        values = self.read()
        if values is None:
            self._after = None
        else:
            self.submitted.emit(values)

    def set_busy(self, on: bool) -> None:
        """While a save is on its way a second Enter does nothing."""
        self._busy = on

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its field, focus the first; tell whether any field was meant."""
        self._busy = False
        first: _Row | None = None
        for name, row in self._rows.items():
            row.show_error(errors.get(name, ""))
            if first is None and name in errors:
                first = row
        if first is not None:
            self._after = None
            first.editor.inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll_to(first)
        return first is not None

    def show_doubt(self, name: str, message: str) -> None:
        """Show beside a field what may be kept but should be looked at, '' for nothing."""
        self._rows[name].show_doubt(message)

    def show_hint(self, name: str, words: str) -> None:
        """Say something else below a field, such as what was chosen means."""
        self._rows[name].words = words
        self._rows[name].show_doubt("")

    def doubts(self) -> dict[str, str]:
        """Give the doubts now shown, by field."""
        return {
            name: row.hint.text() for name, row in self._rows.items() if row.hint.property("role") == "doubt"
        }

    def errors(self) -> dict[str, str]:
        """Give the messages now shown, by field."""
        return {name: row.error.text() for name, row in self._rows.items() if row.error.text()}

    def set_read_only(self, on: bool) -> None:
        """Show the values without taking changes."""
        self._read_only = on
        for row in self._rows.values():
            row.editor.set_read_only(on or row.masked or row.field.read_only)

    def show_field(self, name: str, shown: bool) -> None:
        """Show or hide a field; a hidden one keeps its value."""
        self._rows[name].setVisible(shown)

    def focus_first(self) -> None:
        """Put the cursor into the first field that takes input."""
        for row in self._rows.values():
            if not (row.masked or row.field.read_only or row.isHidden()):
                row.editor.inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing unsaved is lost by it: at once, or after asking once."""
        if not self.is_dirty:
            then()
            return
        if self._question is not None:
            self._question.raise_()
            return
        self._question = ask(
            self,
            _("Save what you typed?"),
            _("This form holds input that is not saved yet."),
            [
                (_("&Save"), "primary", lambda: self._save_then(then)),
                (_("&Do not save"), "", lambda: self._discard_then(then)),
                (_("&Keep typing"), "", None),
            ],
        )
        self._question.finished.connect(self._forget_question)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def _forget_question(self) -> None:
        self._question = None

    def _save_then(self, then: Callable[[], object]) -> None:
        self._after = then
        self.submit()

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

    def _lay_out(self, fields: Sequence[Field | Section], columns: int) -> None:
        line = column = 0
        for field in fields:
            if isinstance(field, Section):
                line += 1 if column else 0
                self._grid.addWidget(_section(field, first=line == 0), line, 0, 1, columns)
                line, column = line + 1, 0
                continue
            span = min(field.span, columns)
            if column + span > columns:
                line, column = line + 1, 0
            self._grid.addWidget(self._add(field), line, column, 1, span)
            column += span
            if column >= columns:
                line, column = line + 1, 0

    def _add(self, field: Field) -> _Row:
        row = _Row(field)
        self._rows[field.name] = row
        row.editor.changed.connect(lambda: self._on_changed(row))
        row.editor.entered.connect(self.submit)
        row.reveal_button.clicked.connect(lambda checked: self.reveal_requested.emit(field.name))
        return row

    def _on_changed(self, row: _Row) -> None:
        if self._filling:
            return
        row.show_error("")
        self.changed.emit()

    def _scroll_to(self, row: _Row) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(row, 16, 24)


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
