"""Scheduler of automatic backups: daily while the desk is open, when a USB stick is connected, on leaving."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.rules import BackupStatus, Why
from fuyuan_desk.backups.service import backups, sticks
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.core.errors import NotAllowed, UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.process import event_log
from fuyuan_desk.widgets.work import Job, UiProgress, Worker

POLL_SECONDS = 10
DUE_MINUTES = 15
DELAY_SECONDS = 60
"""Delay of the first automatic backup after the desk opens."""

STOP_SECONDS = 10
COUNT_MS = 500
"""Delay after a save before the changes are counted, so that a series of saves is counted once."""
CLOCK_SECONDS = 30

Roots = Callable[[], Sequence[Path]]


Done = Callable[[BackupReport | None], object]
"""Called with the report of a backup, None after a refusal or a cancellation."""

_CANCEL_SECONDS = 0.5
"""How long a cancelled backup is waited for when the session ends."""


def _pass_over(_report: BackupReport | None) -> None:
    """The signals say it."""


class _LastBackup:
    """The backup on leaving when the session ends, behind one that was running then."""

    def __init__(self, running: Job | None) -> None:
        self._running = running
        self.job: Job | None = None
        self.is_good = False

    @property
    def jobs(self) -> list[Job]:
        """What is still to be made."""
        return [job for job in (self._running, self.job) if job is not None]


class BackupScheduler(QObject):
    """Makes backups on its own thread, one at a time, and publishes the backup status.

    `status_changed` carries a `BackupStatus`; `started` a `UiProgress`; `finished` a `BackupReport`, or None after a
    refusal or a cancellation; `refused` the error. `roots` returns the connected drives.
    """

    status_changed = Signal(object)
    started = Signal(object)
    finished = Signal(object)
    refused = Signal(object)

    def __init__(
        self, desk: Desk, roots: Roots = sticks.present_drives, stop_seconds: float = STOP_SECONDS
    ) -> None:
        super().__init__(desk)
        self._stop_ms = round(stop_seconds * 1000)
        self._desk = desk
        self._roots = roots
        self._worker = Worker("backup", self)
        self._job: Job | None = None
        self._last: _LastBackup | None = None
        self._drives: tuple[Path, ...] | None = None
        self._waiting: list[Callable[[], object]] = []
        self.status: BackupStatus | None = None
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_MS)
        self._count_soon.timeout.connect(self._count)
        # midnight, a clock that was set, and what leaves a trail without changing a table
        self._clock = self._every(CLOCK_SECONDS * 1000, self.look_again)
        self._clock.start()
        self.is_automatic = False
        self._timers = [
            self._every(POLL_SECONDS * 1000, self.find_sticks),
            self._every(DUE_MINUTES * 60_000, self.back_up_if_due),
        ]
        desk.changes.connect(self._on_changes)
        self.reload()

    def _every(self, milliseconds: int, action: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(action)
        return timer

    def begin(self) -> None:
        """Start automatic backups."""
        self.is_automatic = True
        for timer in self._timers:
            timer.start()
        QTimer.singleShot(DELAY_SECONDS * 1000, self, self.back_up_if_due)

    def _seat(self) -> Seat | None:
        try:
            return self._desk.seat
        except NotAllowed:  # locked in the meantime
            return None

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & {"backup_place", "backup_run"}:
            self.reload()
        elif not self._count_soon.isActive():
            self._count_soon.start()

    def _count(self) -> None:
        seat, status = self._seat(), self.status
        if seat is None or status is None:
            return
        if not self._worker.is_idle:  # a backup is being written: its end reads everything again
            self._count_soon.start()
            return
        self._worker.run(
            backups.count_changes, seat, status, done=self._show_count, failed=_ignore, owner=self
        )

    def _show_count(self, status: BackupStatus) -> None:
        if self.status is not None and self.status.places == status.places:
            self._show(status)

    def look_again(self) -> None:
        """Publish the status again, whose texts name the day, and count what was logged meanwhile."""
        if self.status is not None and self._seat() is not None:
            self.status_changed.emit(self.status)
            self._count()

    def reload(self) -> None:
        """Read the status on the scheduler's own thread, since drives may be slow."""
        seat = self._seat()
        if seat is not None:
            self._worker.run(_read, seat, self._roots, done=self._show, failed=_ignore, owner=self)

    def _show(self, status: BackupStatus) -> None:
        self.status = status
        if self._seat() is not None:
            self.status_changed.emit(status)

    def find_sticks(self) -> None:
        """Check whether a drive was connected or removed."""
        if self._worker.is_idle:
            self._worker.run(lambda: tuple(self._roots()), done=self._on_drives, owner=self)

    def _on_drives(self, drives: tuple[Path, ...]) -> None:
        previous, self._drives = self._drives, drives
        if previous is not None and previous != drives:
            self.reload()
            self.back_up_if_due()

    def back_up_if_due(self) -> None:
        """Back up to the places where a backup is due."""
        if self.is_automatic and self._job is None:
            self._run(Why.DAILY)

    def back_up(self) -> None:
        """Back up to every place on request; if a backup is already running, show that one."""
        if self._job is None:
            self._run(Why.ASKED)
        else:
            self.started.emit(self._job.progress)

    def leave(
        self, done: Callable[[BackupReport | None], object], progress: UiProgress, owner: QObject
    ) -> None:
        """Back up on leaving, where something changed; call `done` with the report, None after a refusal."""
        seat = self._seat()
        for timer in self._timers:
            timer.stop()
        if seat is None:
            done(None)
            return

        def finished(report: BackupReport | None) -> None:
            self._job = None
            _log(Why.EXIT, report)
            done(report)

        self._job = self._worker.run(
            _back_up, seat, progress, Why.EXIT, self._roots,
            done=finished, failed=lambda _refusal: finished(None), cancelled=lambda: finished(None),
            progress=progress, owner=owner,
        )  # fmt: skip

    def make_put_off(self, done: Done) -> None:
        """Make the backup of an earlier closing that the end of the session cut short."""
        if self._job is None:
            self._run(Why.EXIT, done)

    def begin_last(self, done: Done) -> None:
        """Begin the backup on leaving because the session ends, without a dialog; `finish_last` waits for it.

        `done` is called if the session goes on.
        """
        seat = self._seat()
        if seat is None or not self.is_automatic or self._last is not None:
            return
        last = self._last = _LastBackup(self._job)
        progress = UiProgress()

        def work() -> BackupReport:
            report = _back_up(seat, progress, Why.EXIT, self._roots)
            last.is_good = all(outcome.is_good for outcome in report.outcomes)
            return report

        def end(report: BackupReport | None) -> None:  # the session goes on: another program refused its end
            self._job = self._last = None
            _log(Why.EXIT, report)
            done(report)
            self.finished.emit(report)
            self.reload()

        last.job = self._job = self._worker.run(
            work, done=end, failed=lambda _refusal: end(None), cancelled=lambda: end(None),
            progress=progress, owner=self,
        )  # fmt: skip

    def finish_last(self, seconds: float) -> bool:
        """Block until the backup on leaving is made; return whether it was, or none was due.

        It is cancelled after `seconds`, and leaves nothing incomplete.
        """
        last = self._last
        if last is None or self._worker.wait(seconds):
            return last is None or last.is_good
        for job in last.jobs:
            job.cancel()
        self._worker.wait(_CANCEL_SECONDS)
        return False

    def _run(self, why: Why, done: Done = _pass_over) -> None:
        seat = self._seat()
        if seat is None:
            return
        progress = UiProgress()

        def end(report: BackupReport | None) -> None:
            self._job = None
            _log(why, report)
            done(report)
            self.finished.emit(report)
            self.reload()
            self._call_waiting()

        def refuse(refusal: UserError) -> None:
            self.refused.emit(refusal)
            end(None)

        self._job = self._worker.run(
            _back_up, seat, progress, why, self._roots,
            done=end, failed=refuse, cancelled=lambda: end(None), progress=progress, owner=self,
        )  # fmt: skip
        if why is Why.ASKED:
            self.started.emit(progress)

    @property
    def is_at_work(self) -> bool:
        """Whether a backup is being made."""
        return self._job is not None

    @property
    def is_idle(self) -> bool:
        """Whether no work is queued or running."""
        return self._worker.is_idle

    def cancel(self) -> None:
        """Cancel the running backup; it leaves nothing incomplete."""
        if self._job is not None:
            self._job.cancel()

    def stop(self, then: Callable[[], object]) -> None:
        """Stop the running backup, then call `then`; the store may be closed from then on.

        A disk that does not respond is waited for `stop_seconds` at most.
        """
        for timer in self._timers:
            timer.stop()
        if self._job is None:
            then()
            return
        self._waiting.append(then)
        self.cancel()
        QTimer.singleShot(self._stop_ms, self, self._call_waiting)

    def _call_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def close(self) -> None:
        """Stop a running backup and end the thread."""
        for timer in (*self._timers, self._clock, self._count_soon):
            timer.stop()
        self.cancel()
        # a drive that does not respond must not block closing
        self._worker.shutdown(30.0 if self.is_at_work else 3.0)

    def run(
        self,
        use: Callable[..., object],
        *args: object,
        progress: UiProgress | None = None,
        **callbacks: object,
    ) -> Job:
        """Run other work on the scheduler's thread, such as listing or checking backups."""
        return self._worker.run(use, *args, progress=progress, **callbacks)  # type: ignore[arg-type] # forwarded


def _read(seat: Seat, roots: Roots) -> BackupStatus:
    return backups.status(seat, roots())


def _back_up(seat: Seat, progress: UiProgress, why: Why, roots: Roots) -> BackupReport:
    return backups.back_up(seat, progress, why, roots())


def _ignore(_refusal: UserError) -> None:
    """The next reload reports it."""


def _log(why: Why, report: BackupReport | None) -> None:
    if report is None:
        event_log.note("backup", why.value, "stopped")
        return
    for outcome in report.outcomes:
        state = "good" if outcome.is_good else "failed" if outcome.place.is_present else "away"
        event_log.note("backup", why.value, outcome.place.kind.value, state, int(outcome.seconds * 1000))


def report_sentence(report: BackupReport) -> str:
    """Return the result of a backup as a sentence."""
    good = [outcome for outcome in report.outcomes if outcome.is_good]
    failed = [outcome for outcome in report.outcomes if not outcome.is_good and outcome.place.is_present]
    if failed:
        return " ".join(outcome.words for outcome in failed)
    if not good:
        return _("Nothing was backed up: no backup location is available.")
    return numbered(len(good), N_("Backed up and verified."), N_("Backed up to {n} locations and verified."))
