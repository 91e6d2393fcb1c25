"""The box in which a list is filtered."""

from PySide6.QtWidgets import QLineEdit, QSizePolicy

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import clear_action
from fuyuan_desk.widgets.icons import icon

LEAST_CHARACTERS, _MOST_CHARACTERS = 8, 24
_FRAME = 68  # border, padding and the two pictures of the box


def filter_box(hint: str) -> QLineEdit:
    """Return a box for the text by which a list is filtered; `hint` says what it finds."""
    box = QLineEdit()
    box.setPlaceholderText(hint)
    box.setAccessibleName(hint)
    box.setToolTip(_("{hint} (Ctrl+F)").format(hint=hint))
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(_width(box, LEAST_CHARACTERS))
    box.setMaximumWidth(_width(box, _MOST_CHARACTERS))
    box.addAction(icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition)
    clear_action(box, _("Clear the filter"))
    return box


def _width(box: QLineEdit, characters: int) -> int:
    """Return the width in which so many Chinese characters can be read beside the pictures."""
    return box.fontMetrics().horizontalAdvance("字" * characters) + _FRAME
