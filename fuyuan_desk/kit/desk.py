"""The desk, passed to each page: who is signed in, the database worker, change notifications."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from fuyuan_desk.access.seat import FIELD, REVEALERS, REVIEWERS, WRITERS, Operator, Role, Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded, SecondRefused
from fuyuan_desk.core.errors import NotAllowed, Unusable, UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process import event_log
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.row_marks import RowMarks
from fuyuan_desk.widgets.work import Job, Worker, is_gone

R = TypeVar("R")
Again = Callable[[Second, Callable[[], object]], object]
"""again(second, over): repeat the operation with `second`; `over` runs before the outcome unless she is refused."""
AskSecond = Callable[[UserError, Again, Callable[[], object]], object]


class Desk(QObject):
    """Runs work on the database thread and notifies open pages of changes.

    `changes` carries the names of the tables that a commit touched; `notified` a text for the status line;
    `refused` a `UserError` that no caller handled, `retry_offered` a temporary one – full disk, unplugged USB drive –
    and a function that repeats the work. `drafts_changed`: a draft was saved or cleared; `marks` are the records with
    drafts. `ask_second(refusal, again, give_up)` is called when an operation requires
    a second person: `again(second, over)` repeats it with her, `give_up()` abandons it. Without it, it is refused.
    """

    changes = Signal(frozenset)
    notified = Signal(str)
    refused = Signal(object)
    retry_offered = Signal(object, object)
    drafts_changed = Signal()
    _committed = Signal(frozenset)

    def __init__(self, seat: Seat, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._helpers: dict[str, Worker] = {}
        self.marks = RowMarks(self)
        self.ask_second: AskSecond | None = None
        self._committed.connect(self._emit_changes, Qt.ConnectionType.QueuedConnection)
        worker.refused.connect(self.refused)
        self._seat: Seat | None = None
        self.attach_seat(seat)

    def attach_seat(self, seat: Seat) -> None:
        """Attach the seat of a signed-in operator."""
        self._seat = replace(seat, on_change=self._committed.emit)

    def detach_seat(self) -> Seat | None:
        """Detach the operator's seat and return it; work requested before the next sign-in is refused."""
        seat, self._seat = self._seat, None
        return seat

    @property
    def seat(self) -> Seat:
        """The operator's seat; raises `NotAllowed` while the desk is locked."""
        if self._seat is None:
            raise NotAllowed(_("The desk is locked. Sign in again."))
        return self._seat

    @property
    def operator(self) -> Operator:
        """Who is signed in."""
        return self.seat.operator

    @property
    def can_write(self) -> bool:
        """Whether the operator may change records; services check again."""
        return self._is(WRITERS)

    @property
    def can_reveal(self) -> bool:
        """Whether the operator may see personal data unmasked."""
        return self._is(REVEALERS)

    @property
    def can_visit(self) -> bool:
        """Whether the operator may log visits."""
        return self._is(FIELD)

    @property
    def can_review(self) -> bool:
        """Whether the operator may read the audit log and approve as a second person."""
        return self._is(REVIEWERS)

    @property
    def rights(self) -> Rights:
        """The operations that screens offer to the operator."""
        return Rights(self.can_write, self.can_visit, self.can_reveal)

    def _is(self, roles: tuple[Role, ...]) -> bool:
        return self._seat is not None and self._seat.operator.role in roles

    def may(self, use: Callable[..., Any]) -> bool:
        """Return whether the operator's role is permitted a service; the service itself decides again."""
        return self._is(tuple(getattr(use, "permitted", ())))

    @property
    def is_admin(self) -> bool:
        """Whether the operator may change the office's settings."""
        return self._is((Role.ADMIN,))

    def run(
        self,
        use: Callable[..., R],
        *args: Any,
        done: Callable[[R], object] | None = None,
        failed: Callable[[UserError], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        progress: Progress | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Run the service `use(seat, *args)` on the database thread; results are delivered on the UI thread.

        Without `failed`, a refusal is shown by the window. `progress` is only tied to `Job.cancel`;
        pass it in `args` too if the service takes one.
        """

        def begin() -> Job:
            return self._worker.run(
                lambda: use(self.seat, *args),
                done=done, failed=refuse, cancelled=cancelled, progress=progress, owner=owner,
            )  # fmt: skip

        def again(second: Second, over: Callable[[], object]) -> None:
            def work() -> R:
                return use(replace(self.seat, second=second), *args)

            def failed_again(refusal: UserError) -> None:
                if not _waits_for_second(refusal):
                    over()
                refuse(refusal)

            self._worker.run(
                work, done=_after(over, done), failed=failed_again, cancelled=_after(over, cancelled),
                progress=progress, owner=owner,
            )  # fmt: skip

        def refuse(refusal: UserError) -> None:
            if _waits_for_second(refusal) and self.ask_second is not None:
                self.ask_second(refusal, again, lambda: give_up(refusal))
            else:
                give_up(refusal)

        def give_up(refusal: UserError) -> None:
            event_log.note("refused", type(refusal).__name__, getattr(use, "__name__", "?"))
            self._give_up(refusal, failed, begin)

        return begin()

    def _give_up(
        self, refusal: UserError, failed: Callable[[UserError], object] | None, again: Callable[[], object]
    ) -> None:
        if failed is not None:
            failed(refusal)
        elif isinstance(refusal, Unusable):
            self.retry_offered.emit(refusal, again)
        else:
            self.refused.emit(refusal)

    def run_paper(
        self,
        make: Callable[..., R],
        *args: Any,
        done: Callable[[R], object] | None = None,
        failed: Callable[[UserError], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        progress: Progress | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Run work that needs no store – drawing papers, writing files – on a separate thread."""
        papers = self._helper("papers")

        def begin() -> Job:
            return papers.run(
                make, *args, done=done, failed=refuse, cancelled=cancelled, progress=progress, owner=owner
            )

        def refuse(refusal: UserError) -> None:
            self._give_up(refusal, failed, begin)

        return begin()

    def run_file(
        self,
        read: Callable[..., R],
        *args: Any,
        done: Callable[[R], object],
        failed: Callable[[UserError], object],
        owner: QObject | None = None,
    ) -> Job:
        """Read a file from outside that needs no store, on a thread that no batch of papers occupies."""
        return self._helper("files").run(read, *args, done=done, failed=failed, owner=owner)

    def run_process(
        self,
        wait: Callable[..., R],
        *args: Any,
        done: Callable[[R], object],
        failed: Callable[[UserError], object],
        cancelled: Callable[[], object],
        progress: Progress,
        owner: QObject | None = None,
    ) -> Job:
        """Wait for a process of its own on a thread of its own, which keeps nothing else waiting."""
        return self._helper("process").run(
            wait, *args, done=done, failed=failed, cancelled=cancelled, progress=progress, owner=owner
        )

    def _helper(self, name: str) -> Worker:
        if name not in self._helpers:
            self._helpers[name] = Worker(name, self)
            self._helpers[name].refused.connect(self.refused)
        return self._helpers[name]

    @property
    def is_idle(self) -> bool:
        """Whether no thread has work."""
        return self._worker.is_idle and all(helper.is_idle for helper in self._helpers.values())

    def notify(self, text: str) -> None:
        """Show a text in the status line."""
        self.notified.emit(text)

    def mute(self) -> None:
        """Discard all results: running writes complete, papers are abandoned, and no outcome is shown."""
        self._worker.forget_all()
        for helper in self._helpers.values():
            helper.retire()
        self._helpers.clear()

    def wait(self, seconds: float) -> bool:
        """Block until the database thread has done what was requested so far, at most `seconds`."""
        return self._worker.wait(seconds)

    def cancel_long_work(self) -> None:
        """Cancel the work on the database thread that reports its progress."""
        self._worker.cancel_long_work()

    def close(self) -> None:
        """Stop the helper threads; the database worker belongs to the application."""
        for helper in self._helpers.values():
            helper.shutdown()

    @Slot(frozenset)
    def _emit_changes(self, tables: frozenset[str]) -> None:
        self.changes.emit(tables)


def _waits_for_second(refusal: UserError) -> bool:
    return isinstance(refusal, SecondNeeded | SecondRefused)


def _after(over: Callable[[], object], then: Callable[..., object] | None) -> Callable[..., None]:
    """Call `over` first, then `then` unless its owner was deleted."""

    def both(*outcome: Any) -> None:
        over()
        if then is not None and not is_gone(then):
            then(*outcome)

    return both
