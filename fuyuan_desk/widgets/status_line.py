"""The quiet line at the foot: what just happened at the left, lasting facts at the right."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import COLOURS

NEWS_SECONDS = 10


class StatusLine(QFrame):
    """Shows news for a while and named facts (backup age, operator, …) for good."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "statusline")
        self._news = label()
        self._news.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._items: dict[str, tuple[QLabel, QLabel]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NEWS_SECONDS * 1000)
        self._timer.timeout.connect(lambda: self._news.setText(""))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 4, 16, 4)
        self._row.setSpacing(6)
        self._row.addWidget(self._news, 1)

    def tell(self, text: str) -> None:
        """Show news; it fades after `NEWS_SECONDS`."""
        self._news.setText(text)
        self._news.setToolTip(text)
        self._timer.start()

    def news(self) -> str:
        """Give the news now shown."""
        return self._news.text()

    def set_item(self, name: str, text: str, picture: str = "", tip: str = "", tone: str = "muted") -> None:
        """Show a lasting fact at the right; '' hides it. Facts stand in the order they first came."""
        if name not in self._items:
            self._items[name] = (QLabel(), label())
            self._row.addSpacing(12)
            for part in self._items[name]:
                self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        image, words = self._items[name]
        image.setVisible(bool(picture and text))
        if picture:
            image.setPixmap(icon_pixmap(picture, 16, tone, self.devicePixelRatioF()))
        words.setText(text)
        words.setToolTip(tip)
        words.setVisible(bool(text))
        words.setStyleSheet("" if tone == "muted" else f"color: {COLOURS[tone]}")

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget of its own at the right end."""
        self._row.addWidget(widget)
