"""The empty state of a page: what belongs here and how to start."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import OneLine
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import show_if

_TEXT_WIDTH = 440


class _Text(OneLine):
    """A text in lines of at most `_TEXT_WIDTH`."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__(text, role)
        self.setMaximumWidth(_TEXT_WIDTH)

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(min(width, _TEXT_WIDTH))


class EmptyState(QWidget):
    """A picture, a heading, a text and the button of the first step."""

    acted = Signal()

    def __init__(self, picture: str, title: str, text: str = "", action: str = "") -> None:
        super().__init__()
        self._title = OneLine(title, "section")
        self._text = _Text(text, "muted")
        show_if(self._text, bool(text))
        for text_label in (self._title, self._text):
            text_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action = action
        self._button = button(_without_mnemonic(action), self.acted.emit, role="primary")
        show_if(self._button, bool(action))
        self._picture_name = picture
        self._picture = Picture()
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
        self._draw()

    def set_texts(self, title: str, text: str = "", action: str = "") -> None:
        """Change the texts, e.g. to report that nothing matches the filter."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action = action
        self._button.setText(_without_mnemonic(action))
        self._button.setVisible(bool(action))

    def texts(self) -> tuple[str, str, str]:
        """Return the heading, the text and the button's caption."""
        return self._title.text(), self._text.text(), self._action

    def _draw(self) -> None:
        self._picture.show_icon(self._picture_name, 48, "edge")


def _without_mnemonic(text: str) -> str:
    # the same button is above the list: a mnemonic that two buttons share would press neither
    return re.sub(r"\(&\w\)", "", text).replace("&", "")
