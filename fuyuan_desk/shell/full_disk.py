"""A banner that says, from the start, that the disk is full and nothing can be saved, until it has room again."""

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.sign_in_greeting import disk_is_full
from fuyuan_desk.widgets.banner import Banner

LOOK_MS = 5_000


class FullDiskController(QObject):
    """Shows `banner` while the sign-in of this desk could not be recorded, and tries again every `look_ms`."""

    def __init__(self, desk: Desk, banner: Banner, look_ms: int = LOOK_MS) -> None:
        super().__init__(banner)
        self._desk, self._banner = desk, banner
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Show the banner if the disk is full; otherwise do nothing more."""
        if not self._desk.seat.store.is_full:
            return
        self._banner.say(
            "error",
            _(
                "The disk is full: everything can be looked at, but nothing can be saved, printed, exported or"
                " revealed, and this sign-in is not recorded yet. Delete or move files that are not part of the office,"
                " or ask for help; entries are saved again as soon as there is room."
            ),
            can_close=False,
        )
        self._timer.start()

    def _look(self) -> None:
        self._desk.run(disk_is_full, done=self._show, owner=self._banner)

    def _show(self, is_full: bool) -> None:
        if is_full:
            return
        self._timer.stop()
        self._banner.say("ok", _("The disk has room again: what you enter is saved as usual."))
