"""The status line: recent messages at the left, permanent items at the right."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from fuyuan_desk.widgets.labels import Aside, label
from fuyuan_desk.widgets.picture import Picture

NEWS_SECONDS = 10


class StatusLine(QFrame):
    """Shows messages temporarily and named items (backup age, operator, …) permanently."""

    def __init__(self, news_seconds: float = NEWS_SECONDS) -> None:
        super().__init__()
        self.setProperty("role", "statusline")
        self._news = Aside()
        self._items: dict[str, tuple[Picture, QLabel]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(news_seconds * 1000))
        self._timer.timeout.connect(lambda: self._news.setText(""))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 4, 16, 4)
        self._row.setSpacing(6)
        self._row.addWidget(self._news, 1)

    def show_message(self, text: str) -> None:
        """Show a message for `news_seconds`."""
        self._news.setText(text)
        self._timer.start()

    def news(self) -> str:
        """Return the message shown."""
        return self._news.text()

    def set_item(self, name: str, text: str, picture: str = "", tip: str = "") -> None:
        """Show a permanent item at the right; '' hides it. Items keep the order in which they were first set."""
        if name not in self._items:
            self._items[name] = (Picture(), label())
            self._row.addSpacing(12)
            for part in self._items[name]:
                self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        image, caption = self._items[name]
        image.setVisible(bool(picture and text))
        if picture:
            image.show_icon(picture, 16, "muted")
        caption.setText(text)
        caption.setToolTip(tip)
        caption.setVisible(bool(text))

    def add_widget(self, widget: QWidget) -> None:
        """Add a widget at the right end."""
        self._row.addWidget(widget)
