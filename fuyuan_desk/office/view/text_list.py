"""A list of the office that is edited as lines of text."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit

from fuyuan_desk.widgets.labels import Card, label

_HEIGHT = 260


class TextList(Card):
    """A card with lines to edit; `changed` is emitted on each change, Ctrl+S calls `save`."""

    changed = Signal()

    def __init__(self, title: str, hint: str, name: str, text: str, save: Callable[[], object]) -> None:
        super().__init__(title)
        self.title = title
        self._saved = text
        self.lines = QPlainTextEdit(text)
        self.lines.setAccessibleName(name)
        self.lines.setFixedHeight(_HEIGHT)
        self.lines.textChanged.connect(self.changed)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Save), self.lines, save,
            context=Qt.ShortcutContext.WidgetShortcut,
        )  # fmt: skip
        self.body.addWidget(label(hint, "hint", wrap=True))
        self.body.addWidget(self.lines)

    @property
    def text(self) -> str:
        """The lines as they are now."""
        return self.lines.toPlainText()

    @property
    def is_dirty(self) -> bool:
        """Whether the lines are changed and not saved."""
        return self.text != self._saved

    def show_saved(self, text: str) -> None:
        """Show the saved lines."""
        self._saved = text
        self.lines.setPlainText(text)
        self.changed.emit()
