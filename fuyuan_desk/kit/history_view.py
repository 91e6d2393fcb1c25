"""The history of a record as a window: when, who, and what changed."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.changes import FieldChange, RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fitted_dialog import room_around
from fuyuan_desk.widgets.labels import label, rule
from fuyuan_desk.widgets.room import scrolled


def change_text(change: FieldChange) -> str:
    """Return a change in a line: “State: in use → out of order”."""
    if not change.old:
        return _("{name}: {value}").format(name=change.name, value=change.new or "–")
    return _("{name}: {old} → {new}").format(name=change.name, old=change.old, new=change.new or "–")


class HistoryDialog(QDialog):
    """What happened to a record, newest first; Esc closes it."""

    def __init__(self, parent: QWidget | None, title: str, events: Sequence[RecordEvent]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(QSize(560, 480).boundedTo(room_around(self)))
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setSpacing(8)
        for event in events:
            self._add(lines, event)
        if not events:
            lines.addWidget(label(_("The audit log holds nothing about this record."), "muted", wrap=True))
        lines.addStretch(1)
        close = button(_("&Close"), self.reject, role="primary")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "section", wrap=True))
        area = scrolled(inner)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll
        area.setAccessibleName(title)
        column.addWidget(area, 1)
        column.addLayout(foot)
        close.setFocus()

    def _add(self, lines: QVBoxLayout, event: RecordEvent) -> None:
        if lines.count():
            lines.addWidget(rule())
        head = f"{event.at.astimezone():%Y-%m-%d %H:%M}　{event.operator}　{event.action}"
        lines.addWidget(label(head, "strong", wrap=True, selectable=True))
        texts = [change_text(change) for change in event.changes if change.old or change.new]
        if texts:
            lines.addWidget(label("\n".join(texts), "muted", wrap=True, selectable=True))
