"""A message inside the page, not a dialog."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import set_role

BannerTone = Literal["info", "ok", "warn", "error"]
OK_SECONDS = 6
_AGAIN_MS = 500


class Banner(QFrame):
    """One line with an icon, a text, up to two actions and a close button; hidden while there is no message.

    A success message (`ok`) disappears after `ok_seconds`, or when the mouse has left what surrounds it: what is below
    it must not move under the mouse. Everything else stays until closed.
    """

    def __init__(self, parent: QWidget | None = None, ok_seconds: float = OK_SECONDS) -> None:
        super().__init__(parent)
        self._tone: BannerTone = "info"
        self._actions: list[Callable[[], object] | None] = [None, None]
        self._icon = Picture()
        self._text = label(wrap=True, selectable=True)
        self._buttons = [
            button("", lambda: self._run_action(0)),
            button("", lambda: self._run_action(1), role="link"),
        ]
        self._close = icon_button("close", _("Close this message"), self.clear)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._ok_ms = round(ok_seconds * 1000)
        self._timer.timeout.connect(self._pass)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
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
        *,
        can_close: bool = True,
    ) -> None:
        """Show a message; pressing an action hides the banner and then calls back, and only that if not `can_close`."""
        self._tone = tone
        self._text.setText(text)
        self._actions = [on_action, on_second]
        for made, caption in zip(self._buttons, (action, second), strict=True):
            made.setText(caption)
            made.setVisible(bool(caption))
        self._close.setVisible(can_close)
        icon_name = {"info": "info", "ok": "ok", "warn": "warning", "error": "error"}[tone]
        self._icon.show_icon(icon_name, 20, tone)
        set_role(self, f"banner_{tone}")
        self.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if tone == "ok" and not action:
            self._timer.start(self._ok_ms)
        else:
            self._timer.stop()

    def focus_action(self, number: int) -> None:
        """Focus an action, 0 or 1, if it is shown."""
        if self._buttons[number].isVisibleTo(self):
            self._buttons[number].setFocus()

    def refuse(self, error: UserError) -> None:
        """Show the message of an error."""
        self.say("error", error.message)

    def clear(self) -> None:
        """Hide the message."""
        self._timer.stop()
        self.hide()

    def _pass(self) -> None:
        around = self.parentWidget()
        if around is not None and around.underMouse():
            self._timer.start(min(_AGAIN_MS, self._ok_ms))
        else:
            self.clear()

    def text(self) -> str:
        """Return the text shown, '' while hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def tone(self) -> BannerTone:
        """The tone of the last message."""
        return self._tone

    def _run_action(self, index: int) -> None:
        action = self._actions[index]
        self.clear()
        if action is not None:
            action()
