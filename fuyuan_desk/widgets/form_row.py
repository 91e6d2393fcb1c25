"""A field of a form: label with its mnemonic, editor, hint, and the error beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.editors import make_editor
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.revealed import Revealed
from fuyuan_desk.widgets.theme import set_role, set_wrong, show_if


class FormRow(QWidget):
    """A field of the form: label above, editor, then hint or error below."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.name = field.label.replace("&&", "\0").replace("&", "").replace("\0", "&")
        self.name = self.name[:-3] if _ends_in_mnemonic(self.name) else self.name
        self.editor = make_editor(field)
        self.editor.setAccessibleName(self.name)
        self.masked = False
        self._revealed: Revealed | None = None
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

    def set_revealed(self, on: bool) -> None:
        """Say whether the editor shows somebody's saved data unmasked."""
        if on and self._revealed is None:
            self._revealed = Revealed(self)
        if self._revealed is not None:
            self._revealed.set_on(on)

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


def _ends_in_mnemonic(name: str) -> bool:
    return len(name) > 3 and name.endswith(")") and name[-3] == "(" and name[-2].isalnum()
