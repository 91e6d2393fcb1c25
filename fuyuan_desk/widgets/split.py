"""A list at the left and a detail at the right, with a saved splitter position; one at a time in a narrow window."""

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.room import Stack
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

SINGLE_WIDTH = 840
"""Width in pixels, at normal text size, below which one pane is shown at a time."""
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BROWSING = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class Settings(Protocol):
    """Persistent storage of a widget's settings."""

    def load(self, key: str) -> dict[str, Any] | None:
        """Return the value saved under `key`, or None."""

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Save a JSON-serializable value under `key`."""


class ListDetail(QSplitter):
    """Two panes; the right one shows a detail, or a placeholder.

    In less than `SINGLE_WIDTH` there is one pane at a time: the list, or the detail with a button back to the list.
    A detail comes to the front when it is shown, unless the arrow keys moved through the list: Enter then brings it.
    """

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
        self._listing = listing
        self._is_single = False
        self._is_browsing = False
        self._is_detail_in_front = False
        self._right = Stack()
        self._placeholder = placeholder or QWidget()
        self._right.addWidget(self._placeholder)
        self._right.addWidget(detail)
        self._detail = detail
        self.back = button(_("Back to the list"), self.show_list, role="link", picture="back")
        self._pane = QWidget()
        column = QVBoxLayout(self._pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._right, 1)
        self.back.hide()
        self.setHandleWidth(16)
        self.setChildrenCollapsible(False)
        self.addWidget(listing)
        self.addWidget(self._pane)
        saved = settings.load(self._key) if settings is not None and key else None
        if saved and 0.1 < float(saved.get("ratio", 0)) < 0.9:
            self._ratio = float(saved["ratio"])
        self._share()
        self.splitterMoved.connect(self._save_ratio)
        for box in listing.findChildren(QLineEdit):
            box.installEventFilter(self)
        for view in listing.findChildren(QAbstractItemView):
            view.installEventFilter(self)
            view.viewport().installEventFilter(self)
            view.clicked.connect(self._on_clicked)

    def show_detail(self, shown: bool = True) -> None:
        """Show the detail, or the placeholder while nothing is selected."""
        self._right.setCurrentWidget(self._detail if shown else self._placeholder)
        self._is_detail_in_front = shown and not self._is_browsing
        self._arrange()

    @property
    def is_detail_shown(self) -> bool:
        """Whether the detail is shown, or would be if there were room for two panes."""
        return self._right.currentWidget() is self._detail

    @property
    def is_single(self) -> bool:
        """Whether there is room for one pane only."""
        return self._is_single

    def show_list(self) -> None:
        """Show the list where there is one pane, and focus it; the detail stays as it is."""
        self._is_detail_in_front = False
        self._arrange()
        views = [view for view in self._listing.findChildren(QAbstractItemView) if view.isVisible()]
        if views:
            views[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- one pane or two

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_single = self.width() < max(SINGLE_WIDTH * text_px() // TEXT_PX, self._both_width())
        if is_single != self._is_single:
            self._is_single = is_single
            self._arrange()
            self._share()
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return what one pane requires: there is always room for two panes, or one is shown at a time."""
        panes = (self._listing, self._pane)
        width = max(pane.minimumSizeHint().width() for pane in panes)
        # the lines of a hidden pane are broken for a width that it no longer has
        return QSize(width, max(pane.minimumSizeHint().height() for pane in panes if not pane.isHidden()))

    def _both_width(self) -> int:
        panes = (self._listing, self._pane)
        return sum(pane.minimumSizeHint().width() for pane in panes) + self.handleWidth()

    def _share(self) -> None:
        left = round(self._ratio * 1000)
        self.setStretchFactor(0, left)
        self.setStretchFactor(1, 1000 - left)
        self.setSizes([left, 1000 - left])

    def _arrange(self) -> None:
        """Show the panes for which there is room."""
        in_front = self._is_single and self._is_detail_in_front
        had_focus = self._listing.isAncestorOf(QApplication.focusWidget() or self)
        self._pane.setHidden(self._is_single and not in_front)
        self.back.setVisible(in_front)
        self._listing.setHidden(in_front)
        if in_front and had_focus:
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring_detail(self) -> None:
        self._is_browsing = False
        if self._is_single and self.is_detail_shown and not self._is_detail_in_front:
            self._is_detail_in_front = True
            self._arrange()

    def _on_clicked(self) -> None:
        if QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:  # others choose several rows
            self._bring_detail()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            assert isinstance(event, QKeyEvent)
            self._is_browsing = event.key() in _BROWSING
            if event.type() == QEvent.Type.KeyPress and event.key() in _KEYS:
                self._bring_detail()
        elif event.type() == QEvent.Type.FocusOut:
            self._is_browsing = False
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._is_browsing = True  # until the button is released: the list must not vanish under the mouse
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_single and self._is_detail_in_front:
            self.show_list()
            return
        super().keyPressEvent(event)

    def _save_ratio(self) -> None:
        left, right = self.sizes()
        if self._settings is not None and left and right:
            self._ratio = left / (left + right)
            self._settings.save(self._key, {"ratio": round(self._ratio, 3)})
