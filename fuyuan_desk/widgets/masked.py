"""A value that stays masked until the user reveals it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.revealed import Revealed

SECONDS_SHOWN = 30


class MaskedValue(QWidget):
    """A masked text with an eye button.

    The button emits `reveal_requested`; the receiver logs the reveal, fetches the value
    and calls `reveal`. After `seconds_shown`, or a second press, it is masked again.
    """

    reveal_requested = Signal()
    hidden_again = Signal()

    def __init__(self, name: str, masked: str = "", seconds_shown: float = SECONDS_SHOWN) -> None:
        super().__init__()
        self._name = name
        self._masked = masked
        self._shown = False
        self._revealed: Revealed | None = None
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QToolButton()
        self._button.clicked.connect(self._toggle)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(seconds_shown * 1000))
        self._timer.timeout.connect(self.hide_again)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._text)
        row.addWidget(self._button)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_masked(masked)

    def set_masked(self, masked: str) -> None:
        """Show a masked value; an empty one has no button."""
        self._masked = masked
        self._button.setVisible(bool(masked))
        self.hide_again()

    def reveal(self, text: str) -> None:
        """Show the value until the time is up."""
        self._shown = True
        self._timer.start()
        self._text.setText(text)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._set_button("eye-off", _("Hide {name}"))
        self._revealed = self._revealed or Revealed(self)
        self._revealed.set_on(True)

    def hide_again(self) -> None:
        """Show the masked value again."""
        was_shown, self._shown = self._shown, False
        self._timer.stop()
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._text.setText(self._masked or "—")
        self._set_button("eye", _("Show {name} (this is logged)"))
        if self._revealed is not None:
            self._revealed.set_on(False)
        if was_shown:
            self.hidden_again.emit()

    @property
    def is_shown(self) -> bool:
        """Whether the value is revealed."""
        return self._shown

    def text(self) -> str:
        """Return the text shown."""
        return self._text.text()

    def _toggle(self) -> None:
        if self._shown:
            self.hide_again()
        else:
            self.reveal_requested.emit()

    def _set_button(self, picture: str, caption: str) -> None:
        self._button.setIcon(icon(picture, "muted"))
        self._button.setAccessibleName(caption.format(name=self._name))
        self._button.setToolTip(caption.format(name=self._name))
