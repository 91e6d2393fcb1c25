"""A message that stands in the page, not in front of it."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import set_role

BannerTone = Literal["info", "ok", "warn", "error"]
OK_SECONDS = 6


class Banner(QFrame):
    """One line with icon, words, up to two actions and a close button; hidden until it has to say something.

    Good news (`ok`) goes away by itself after `OK_SECONDS` seconds, everything else stays until closed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: BannerTone = "info"
        self._acts: list[Callable[[], object] | None] = [None, None]
        self._picture = QLabel()
        self._text = label(wrap=True, selectable=True)
        self._buttons = [button("", lambda: self._act(0)), button("", lambda: self._act(1), role="link")]
        self._close = icon_button("close", _("Close this message"), self.clear)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(OK_SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        for made in self._buttons:
            row.addWidget(made)
        row.addWidget(self._close)
        self.hide()

    def say(
        self,
        tone: BannerTone,
        text: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        second: str = "",
        on_second: Callable[[], object] | None = None,
    ) -> None:
        """Show a message; pressing an action hides the banner and then calls back."""
        self._tone = tone
        self._text.setText(text)
        self._acts = [on_action, on_second]
        for made, words in zip(self._buttons, (action, second), strict=True):
            made.setText(words)
            made.setVisible(bool(words))
        picture = {"info": "info", "ok": "ok", "warn": "warning", "error": "error"}[tone]
        self._picture.setPixmap(icon_pixmap(picture, 20, tone, self.devicePixelRatioF()))
        set_role(self, f"banner_{tone}")
        self.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if tone == "ok" and not action:
            self._timer.start()
        else:
            self._timer.stop()

    def refuse(self, error: UserError) -> None:
        """Show a refusal in its own words."""
        self.say("error", error.message)

    def clear(self) -> None:
        """Hide the message."""
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        """Give the words shown, '' when nothing is."""
        return "" if self.isHidden() else self._text.text()

    @property
    def tone(self) -> BannerTone:
        """The tone of the last message."""
        return self._tone

    def _act(self, number: int) -> None:
        act = self._acts[number]
        self.clear()
        if act is not None:
            act()
