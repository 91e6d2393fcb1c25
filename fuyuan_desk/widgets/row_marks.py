"""Marks on the rows of lists, such as those of records with unsaved input."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal


class RowMarks(QObject):
    """The marked records by kind, each with a text; `changed` is emitted when they are others."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks: dict[str, dict[int, str]] = {}

    def set_marks(self, marks: Mapping[str, Mapping[int, str]]) -> None:
        """Mark these records and no others: kind → id → text."""
        new = {kind: dict(of_kind) for kind, of_kind in marks.items()}
        if new != self._marks:
            self._marks = new
            self.changed.emit()

    def of(self, kind: str) -> Mapping[int, str]:
        """Return the marked records of a kind."""
        return self._marks.get(kind, {})
