"""The single-person office below the list of operators: what it means, and the button that declares or ends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label, rule


class SinglePersonPart(QWidget):
    """Shown while nobody else may agree; `requested(True)` asks to declare it, `requested(False)` to take it back."""

    requested = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._holds = False
        self.title = label(_("Single-person office"), "section")
        self.text = label("", "hint", wrap=True)
        self.button = button("", lambda: self.requested.emit(not self._holds))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(rule())
        column.addWidget(self.title)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        column.addLayout(row)
        self.hide()

    def show_state(self, text: str, holds: bool) -> None:
        """Show what applies, nothing if `text` is ''; `holds`: the declaration is in force."""
        self._holds = holds
        self.text.setText(text)
        self.button.setText(_("&Take the declaration back") if holds else _("&Declare …"))
        self.button.setAccessibleName(
            _("Take the declaration of a single-person office back")
            if holds
            else _("Declare a single-person office")
        )
        self.setVisible(bool(text))
