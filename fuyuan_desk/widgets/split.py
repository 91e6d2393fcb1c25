"""A list at the left and a detail at the right, with a saved splitter position."""

from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget


class Settings(Protocol):
    """Persistent storage of a widget's settings."""

    def load(self, key: str) -> dict[str, Any] | None:
        """Return the value saved under `key`, or None."""

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Save a JSON-serializable value under `key`."""


class ListDetail(QSplitter):
    """Two panes; the right one shows a detail, or a placeholder."""

    def __init__(
        self,
        listing: QWidget,
        detail: QWidget,
        placeholder: QWidget | None = None,
        settings: Settings | None = None,
        key: str = "",
        ratio: float = 0.5,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._key = f"split:{key}"
        self._ratio = ratio
        self._right = QStackedWidget()
        self._placeholder = placeholder or QWidget()
        self._right.addWidget(self._placeholder)
        self._right.addWidget(detail)
        self._detail = detail
        self.setHandleWidth(16)
        self.setChildrenCollapsible(False)
        self.addWidget(listing)
        self.addWidget(self._right)
        listing.setMinimumWidth(280)
        self._right.setMinimumWidth(320)
        saved = settings.load(self._key) if settings is not None and key else None
        if saved and 0.1 < float(saved.get("ratio", 0)) < 0.9:
            self._ratio = float(saved["ratio"])
        left = round(self._ratio * 1000)
        self.setStretchFactor(0, left)
        self.setStretchFactor(1, 1000 - left)
        self.setSizes([left, 1000 - left])
        self.splitterMoved.connect(self._save_ratio)

    def show_detail(self, shown: bool = True) -> None:
        """Show the detail, or the placeholder while nothing is selected."""
        self._right.setCurrentWidget(self._detail if shown else self._placeholder)

    @property
    def is_detail_shown(self) -> bool:
        """Whether the detail is shown."""
        return self._right.currentWidget() is self._detail

    def _save_ratio(self) -> None:
        left, right = self.sizes()
        if self._settings is not None and left + right:
            self._settings.save(self._key, {"ratio": round(left / (left + right), 3)})
