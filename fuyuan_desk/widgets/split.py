"""List at the left, detail at the right, the border where the clerk put it."""

from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget


class Settings(Protocol):
    """Where a widget's own small settings are kept between starts."""

    def load(self, key: str) -> dict[str, Any] | None:
        """Give what was kept under `key`, None for nothing."""

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a JSON-able value under `key`."""


class ListDetail(QSplitter):
    """Two panes; the right one shows a detail, or a word on what would stand there."""

    def __init__(
        self,
        listing: QWidget,
        detail: QWidget,
        nothing: QWidget | None = None,
        settings: Settings | None = None,
        key: str = "",
        ratio: float = 0.5,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._key = f"split:{key}"
        self._ratio = ratio
        self._right = QStackedWidget()
        self._nothing = nothing or QWidget()
        self._right.addWidget(self._nothing)
        self._right.addWidget(detail)
        self._detail = detail
        self.setHandleWidth(16)
        self.setChildrenCollapsible(False)
        self.addWidget(listing)
        self.addWidget(self._right)
        listing.setMinimumWidth(280)
        self._right.setMinimumWidth(320)
        kept = settings.load(self._key) if settings is not None and key else None
        if kept and 0.1 < float(kept.get("ratio", 0)) < 0.9:
            self._ratio = float(kept["ratio"])
        left = round(self._ratio * 1000)
        self.setStretchFactor(0, left)
        self.setStretchFactor(1, 1000 - left)
        self.setSizes([left, 1000 - left])
        self.splitterMoved.connect(self._keep)

    def show_detail(self, shown: bool = True) -> None:
        """Show the detail, or the word that stands there while nothing is chosen."""
        self._right.setCurrentWidget(self._detail if shown else self._nothing)

    @property
    def is_detail_shown(self) -> bool:
        """Whether the detail is to be seen."""
        return self._right.currentWidget() is self._detail

    def _keep(self) -> None:
        left, right = self.sizes()
        if self._settings is not None and left + right:
            self._settings.save(self._key, {"ratio": round(left / (left + right), 3)})
