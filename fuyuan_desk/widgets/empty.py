"""What an empty page says: what belongs here and how to begin."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import show_if

_TEXT_WIDTH = 440


class EmptyState(QWidget):
    """A picture, a heading, a sentence and the button of the first step."""

    acted = Signal()

    def __init__(self, picture: str, title: str, text: str = "", action: str = "") -> None:
        super().__init__()
        self._title = label(title, "section")
        self._text = label(text, "muted", wrap=True)
        show_if(self._text, bool(text))
        for words in (self._title, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action = action
        self._button = button(_without_key(action), self.acted.emit, role="primary")
        show_if(self._button, bool(action))
        self._picture_name = picture
        self._picture = QLabel()
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._picture, 0, centre)
        column.addWidget(self._title, 0, centre)
        column.addWidget(self._text, 0, centre)
        column.addSpacing(8)
        column.addWidget(self._button, 0, centre)
        column.addStretch(3)
        self._fit()
        self._draw()

    def set_texts(self, title: str, text: str = "", action: str = "") -> None:
        """Say something else, for instance that the filter finds nothing."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._fit()
        self._action = action
        self._button.setText(_without_key(action))
        self._button.setVisible(bool(action))

    def texts(self) -> tuple[str, str, str]:
        """Give the heading, the sentence and the button's words."""
        return self._title.text(), self._text.text(), self._action

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # only now the stylesheet's font is known

    def _fit(self) -> None:
        # a centred label that wraps would else be as narrow as Qt likes
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 8
        width = min(wanted, _TEXT_WIDTH)
        self._text.setFixedWidth(width)
        self._text.setMinimumHeight(self._text.heightForWidth(width))

    def _draw(self) -> None:
        self._picture.setPixmap(icon_pixmap(self._picture_name, 48, "edge", self.devicePixelRatioF()))


def _without_key(text: str) -> str:
    # the same act stands above the list: a key that two buttons share would press neither
    return re.sub(r"\(&\w\)", "", text).replace("&", "")
