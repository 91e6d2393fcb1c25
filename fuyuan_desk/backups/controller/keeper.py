"""Backups that nobody asks for: each day while the desk is open, when a stick is plugged in, on leaving."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.rules import Why
from fuyuan_desk.backups.service import backups, sticks
from fuyuan_desk.backups.service.backups import BackupReport, BackupStatus
from fuyuan_desk.core.errors import NotAllowed, UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.process import event_log
from fuyuan_desk.widgets.work import Job, UiProgress, Worker

LOOK_SECONDS = 10
DUE_MINUTES = 15
FIRST_SECONDS = 60
"""A desk that was just opened is left alone for so long."""

PATIENCE_SECONDS = 10

Roots = Callable[[], Sequence[Path]]


class BackupScheduler(QObject):
    """Makes backups on a thread of its own, one at a time, and tells how it stands.

    `told` carries a `BackupStatus`; `began` a `UiProgress`; `ended` a `BackupReport`, or None after a refusal or a
    cancellation; `refused` why. `roots` gives the drives that are plugged in.
    """

    told = Signal(object)
    began = Signal(object)
    ended = Signal(object)
    refused = Signal(object)

    def __init__(self, desk: Desk, roots: Roots = sticks.present_drives) -> None:
        super().__init__(desk)
        self._desk = desk
        self._roots = roots
        self._worker = Worker("backup", self)
        self._job: Job | None = None
        self._drives: tuple[Path, ...] | None = None
        self._waiting: list[Callable[[], object]] = []
        self.status: BackupStatus | None = None
        self.is_automatic = False
        self._timers = [
            self._every(LOOK_SECONDS * 1000, self.find_sticks),
            self._every(DUE_MINUTES * 60_000, self.make_due),
        ]
        desk.changes.connect(self._on_changes)
        self.reload()

    def _every(self, milliseconds: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    def begin(self) -> None:
        """Keep backups by itself from now on."""
        self.is_automatic = True
        for timer in self._timers:
            timer.start()
        QTimer.singleShot(FIRST_SECONDS * 1000, self, self.make_due)

    def _seat(self) -> Seat | None:
        try:
            return self._desk.seat
        except NotAllowed:  # locked meanwhile
            return None

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & {"backup_place", "backup_run"}:
            self.reload()

    def reload(self) -> None:
        """Read how it stands; drives may be slow, so that is asked on the keeper's own thread."""
        seat = self._seat()
        if seat is not None:
            self._worker.run(_read, seat, self._roots, done=self._show, failed=_pass_over, owner=self)

    def _show(self, status: BackupStatus) -> None:
        self.status = status
        self.told.emit(status)

    def find_sticks(self) -> None:
        """See whether a drive came or went."""
        if self._worker.is_idle:
            self._worker.run(lambda: tuple(self._roots()), done=self._on_drives, owner=self)

    def _on_drives(self, drives: tuple[Path, ...]) -> None:
        former, self._drives = self._drives, drives
        if former is not None and former != drives:
            self.reload()
            self.make_due()

    def make_due(self) -> None:
        """Back up where that is due today; nothing happens where it is not."""
        if self.is_automatic and self._job is None:
            self._run(Why.DAILY)

    def back_up(self) -> None:
        """Back up into every place, because somebody asked; one that is at work already is shown instead."""
        if self._job is None:
            self._run(Why.ASKED)
        else:
            self.began.emit(self._job.progress)

    def leave(
        self, done: Callable[[BackupReport | None], object], progress: UiProgress, owner: QObject
    ) -> None:
        """Back up because the desk is left, where something changed; `done` hears how it went, None for a refusal."""
        seat = self._seat()
        for timer in self._timers:
            timer.stop()
        if seat is None:
            done(None)
            return

        def ended(report: BackupReport | None) -> None:
            self._job = None
            _log(Why.EXIT, report)
            done(report)

        self._job = self._worker.run(
            _back_up, seat, progress, Why.EXIT, self._roots,
            done=ended, failed=lambda _refusal: ended(None), cancelled=lambda: ended(None),
            progress=progress, owner=owner,
        )  # fmt: skip

    def _run(self, why: Why) -> None:
        seat = self._seat()
        if seat is None:
            return
        progress = UiProgress()

        def end(report: BackupReport | None) -> None:
            self._job = None
            _log(why, report)
            self.ended.emit(report)
            self.reload()
            self._go_on()

        def refuse(refusal: UserError) -> None:
            self.refused.emit(refusal)
            end(None)

        self._job = self._worker.run(
            _back_up, seat, progress, why, self._roots,
            done=end, failed=refuse, cancelled=lambda: end(None), progress=progress, owner=self,
        )  # fmt: skip
        if why is Why.ASKED:
            self.began.emit(progress)

    @property
    def is_at_work(self) -> bool:
        """Whether a backup is being made."""
        return self._job is not None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return self._worker.is_idle

    def cancel(self) -> None:
        """Stop the backup that is being made; it leaves nothing half."""
        if self._job is not None:
            self._job.cancel()

    def stop(self, then: Callable[[], object]) -> None:
        """Stop what is at work, then call back; the store may be closed then.

        A disk that does not answer is not waited for longer than `PATIENCE_SECONDS`.
        """
        for timer in self._timers:
            timer.stop()
        if self._job is None:
            then()
            return
        self._waiting.append(then)
        self.cancel()
        QTimer.singleShot(PATIENCE_SECONDS * 1000, self, self._go_on)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def close(self) -> None:
        """End the thread; a backup at work is stopped."""
        for timer in self._timers:
            timer.stop()
        self.cancel()
        self._worker.shutdown(
            30.0 if self.is_at_work else 3.0
        )  # a drive that does not answer is not waited for

    def run(
        self, use: Callable[..., object], *args: object, progress: UiProgress | None = None, **heard: object
    ) -> Job:
        """Run other work that reads places on the keeper's thread, such as listing or checking backups."""
        return self._worker.run(use, *args, progress=progress, **heard)  # type: ignore[arg-type] # passed on as given


def _read(seat: Seat, roots: Roots) -> BackupStatus:
    return backups.status(seat, roots())


def _back_up(seat: Seat, progress: UiProgress, why: Why, roots: Roots) -> BackupReport:
    return backups.back_up(seat, progress, why, roots())


def _pass_over(_refusal: UserError) -> None:
    """The next look tells."""


def _log(why: Why, report: BackupReport | None) -> None:
    if report is None:
        event_log.note("backup", why.value, "stopped")
        return
    for outcome in report.outcomes:
        state = "good" if outcome.is_good else "failed" if outcome.place.is_present else "away"
        event_log.note("backup", why.value, outcome.place.kind.value, state, int(outcome.seconds * 1000))


def report_sentence(report: BackupReport) -> str:
    """Say in a sentence how a backup went."""
    good = [outcome for outcome in report.outcomes if outcome.is_good]
    failed = [outcome for outcome in report.outcomes if not outcome.is_good and outcome.place.is_present]
    if failed:
        return " ".join(outcome.words for outcome in failed)
    if not good:
        return _("Nothing was backed up: no place is there.")
    return (
        _("Backed up and verified in {n} places.").format(n=len(good))
        if len(good) > 1
        else _("Backed up and verified.")
    )
