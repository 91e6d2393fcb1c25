"""The dialog that shows how a version differs from the one it was begun from."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fitted_dialog import FittedDialog
from fuyuan_desk.widgets.room import scrolled

_WIDTH = 720


class DifferencesDialog(FittedDialog):
    """Shows differences: a heading, and what changed, for each item."""

    def __init__(self, parent: QWidget, before: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent, _("Differences from version {version}").format(version=before), _WIDTH)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        if not lines:
            column.addWidget(labels.label(_("The items are the same."), "muted"))
        for head, changes in lines:
            column.addWidget(labels.label(head, "strong", wrap=True, selectable=True))
            if changes:
                column.addWidget(labels.label(changes, wrap=True, selectable=True))
            column.addSpacing(6)
        column.addStretch(1)
        self.content.addWidget(scrolled(inner), 1)
        self.close_button = button(_("&Close"), self.accept, role="primary")
        self.foot.add(self.close_button, end=True)
