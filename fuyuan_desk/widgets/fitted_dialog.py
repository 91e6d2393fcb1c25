"""Dialogs that are never larger than the window they belong to."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.room import scrolled
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_LEAST_CONTENT = 48  # pixels of the content in sight
_BAR = 14  # width of a scroll bar


class FittedDialog(QDialog):
    """A window-modal dialog as large as its content, and at most as its window: then its content scrolls.

    Widgets go into `content`, buttons into `foot`, which stays in sight.
    """

    def __init__(self, parent: QWidget | None, title: str, width: int) -> None:
        super().__init__(parent)
        self._width = width
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        inner = QWidget()
        self.content = QVBoxLayout(inner)
        self.content.setContentsMargins(0, 0, 0, 0)
        inner.installEventFilter(self)
        self._area = scrolled(inner)
        self._area.setMinimumHeight(_LEAST_CONTENT)
        self.foot = Flow()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(label(title, "section", wrap=True))
        column.addWidget(self._area, 1)
        column.addLayout(self.foot)

        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._grow)

    def event(self, event: QEvent) -> bool:
        result = super().event(event)
        # `self` must not be used after the event that deletes it
        if event.type() == QEvent.Type.LayoutRequest and self.layout() is not None and self.isVisible():
            self._fit()  # a message appeared below a field: wrapped labels do not enlarge the window
        return result

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # a scroll area does not pass on that its content needs more room; that is laid out when this is over
        is_content = event.type() == QEvent.Type.LayoutRequest and not watched.isWindowType()
        if is_content or (event.type() == QEvent.Type.Resize and watched.isWindowType()):
            self._soon.start()
        return super().eventFilter(watched, event)

    def _grow(self) -> None:
        if self.isVisible():
            self._fit()

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            self._fit()
            if (parent := self.parentWidget()) is not None:
                parent.window().installEventFilter(self)  # it may become smaller meanwhile
        super().setVisible(visible)

    def _fit(self) -> None:
        """Take the size of the content; a dialog that is open only grows, but stays within its window."""
        self.ensurePolished()
        column = self.layout()
        assert column is not None
        margins = column.contentsMargins()
        sides = margins.left() + margins.right()
        room = room_around(self)
        least = max(self.content.totalMinimumSize().width() + sides + _BAR, column.totalMinimumSize().width())
        width = min(
            max(self._width * text_px() // TEXT_PX, least, self.foot.sizeHint().width() + sides), room.width()
        )
        around = column.totalHeightForWidth(width) - self._area.sizeHint().height()
        wanted = around + self._content_height(width - sides)
        height = min(wanted, room.height())
        if self.isVisible():
            width = min(max(width, self.width()), max(room.width(), least))
            height = min(max(height, self.height()), room.height())
        # beside a scroll bar of a moment before, words may break into so many lines that Qt keeps it
        policy = Qt.ScrollBarPolicy
        self._area.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if wanted <= height else policy.ScrollBarAsNeeded
        )
        self.resize(width, height)

    def _content_height(self, width: int) -> int:
        # without a wrapped label in sight the height does not depend on the width, and Qt knows none for a width
        if self.content.hasHeightForWidth():
            return self.content.totalHeightForWidth(width)
        return self.content.totalSizeHint().height()


def room_around(dialog: QWidget) -> QSize:
    """Return how large a dialog may be, in pixels: as its window, which fills a small screen."""
    parent = dialog.parentWidget()
    return dialog.screen().availableSize() if parent is None else parent.window().size()
