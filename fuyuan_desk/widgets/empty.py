"""The empty state of a page: what belongs here and how to start."""

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
    """A picture, a heading, a text and the button of the first step."""

    acted = Signal()

    def __init__(self, picture: str, title: str, text: str = "", action: str = "") -> None:
        super().__init__()
        self._title = label(title, "section")
        self._text = label(text, "muted", wrap=True)
        show_if(self._text, bool(text))
        for text_label in (self._title, self._text):
            text_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action = action
        self._button = button(_without_mnemonic(action), self.acted.emit, role="primary")
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
        """Change the texts, e.g. to report that nothing matches the filter."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._fit()
        self._action = action
        self._button.setText(_without_mnemonic(action))
        self._button.setVisible(bool(action))

    def texts(self) -> tuple[str, str, str]:
        """Return the heading, the text and the button's caption."""
        return self._title.text(), self._text.text(), self._action

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # the stylesheet's font is not known before

    def _fit(self) -> None:
        # Qt would otherwise choose an arbitrary narrow width for a centred label that wraps
        natural = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 8
        width = min(natural, _TEXT_WIDTH)
        self._text.setFixedWidth(width)
        self._text.setMinimumHeight(max(self._text.heightForWidth(width), 0))  # -1 without a text

    def _draw(self) -> None:
        self._picture.setPixmap(icon_pixmap(self._picture_name, 48, "edge", self.devicePixelRatioF()))


def _without_mnemonic(text: str) -> str:
    # the same button is above the list: a mnemonic that two buttons share would press neither
    return re.sub(r"\(&\w\)", "", text).replace("&", "")
