"""What an operator left unfinished: offered after sign-in, listed on the first page, marked in the lists."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.access import drafts
from fuyuan_desk.backups.controller.wording import moment
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import Job
from fuyuan_desk.kit.open_drafts import (
    DraftsFound,
    DraftState,
    OpenDraft,
    continue_draft,
    open_drafts,
)
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.places import Place
from fuyuan_desk.shell.resume import Resume, page_of_draft
from fuyuan_desk.today.view.unfinished import DraftLine, Unfinished
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import confirm

READ_MS = 300
_NAMED = 3


class _Open(Protocol):
    @property
    def frame(self) -> Frame: ...

    @property
    def jobs(self) -> Sequence[Job]: ...

    @property
    def desk(self) -> Desk: ...

    def open_record(self, kind: str, record_id: int) -> None: ...


class UnfinishedController(QObject):
    """Reads the operator's drafts after sign-in and after each change of one.

    `banner` offers those that were there at sign-in, `card` lists all of them, and the desk's marks show their records.
    """

    def __init__(self, shell: _Open, records: Sequence[Record]) -> None:
        super().__init__(shell.frame)
        self._shell, self._desk, self._frame = shell, shell.desk, shell.frame
        self._records = records
        self._forms = {key: form for job in shell.jobs for key, form in job.draft_forms.items()}
        self._found = _NOTHING
        self._offered: frozenset[str] | None = None
        self.banner: Banner = shell.frame.unfinished
        self.card: Unfinished | None = None
        self._resumed = ""
        self._shown: Sequence[DraftLine] = ()
        self._waiting: frozenset[str] = frozenset()
        self._was_asked_here = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_MS)
        self._soon.timeout.connect(self.read)
        if self._desk.may(open_drafts):
            self._desk.drafts_changed.connect(self._soon.start)
            self._desk.changes.connect(self._on_changes)

    @property
    def found(self) -> DraftsFound:
        """The drafts as they were read last."""
        return self._found

    def start(self, resumed: str) -> None:
        """Read the drafts after sign-in; the one with the key `resumed` is open again already."""
        self._resumed = resumed
        self.read()

    def attach(self, add_card: Callable[[Unfinished], object]) -> None:
        """List the drafts in a card of the first page from now on."""
        self.card = Unfinished()
        self.card.continued.connect(self.continue_draft)
        self.card.discarded.connect(self.ask_discard)
        add_card(self.card)
        self._show(self._found)

    def read(self) -> None:
        """Read the drafts."""
        if self._desk.may(open_drafts):
            self._desk.run(
                open_drafts, self._forms, self._records, done=self._show, failed=_pass_over, owner=self._frame
            )

    def _on_changes(self, _tables: frozenset[str]) -> None:
        if self._found.own:  # their records may be among what changed
            self._soon.start()

    # --- what is shown

    def _show(self, found: DraftsFound) -> None:
        self._found = found
        now = self._desk.seat.now()
        listed = [_line(draft, moment(draft.saved_at, now)) for draft in found.own]
        if self.card is not None:
            self.card.show_drafts(listed, [_of_another(*other) for other in found.others])
        self._mark(found, now)
        if self._offered is None and found is not _NOTHING:  # signed in just now
            self._offered = frozenset(draft.key for draft in found.own) - {self._resumed}
        waiting = (self._offered or frozenset()) - self._open_keys()
        self._offer(frozenset(line.key for line in listed) & waiting, listed)

    def _mark(self, found: DraftsFound, now: datetime) -> None:
        marks: dict[str, dict[int, str]] = {}
        for draft in found.own:
            if draft.marked is not None:
                kind, record_id = draft.marked
                text = _("Not finished: {name} ({when})")
                marks.setdefault(kind, {})[record_id] = text.format(
                    name=draft.name, when=moment(draft.saved_at, now)
                )
        self._desk.marks.set_marks(marks)

    def _offer(self, waiting: frozenset[str], lines: Sequence[DraftLine]) -> None:
        """Say how many forms are not finished, as the first page does, while some wait since the sign-in."""
        is_closed = self.banner.isHidden() and waiting == self._waiting
        if is_closed or (waiting, lines) == (self._waiting, self._shown):
            return  # whoever closed the banner is not told the same again
        self._waiting, self._shown = waiting, lines
        if not waiting:
            self.banner.clear()
            return
        if len(lines) > 1:
            names = _("; ").join(_named(line) for line in lines[:_NAMED])
            rest = "" if len(lines) <= _NAMED else " …"
            self.banner.say(
                "info", _not_finished(lines, names) + rest, _("Show them"), lambda: self._frame.enter("today")
            )
            return
        [line] = lines
        text = _not_finished(lines, _named(line))
        go_on = _("Continue") if line.can_continue else ""
        self.banner.say(
            "info", text, go_on, lambda: self.continue_draft(line.key),
            _("Discard"), lambda: self._ask_from_banner(line.key),
        )  # fmt: skip
        if self._was_asked_here:  # and kept: the operator is again where she was
            self._was_asked_here = False
            self.banner.focus_action(1)

    # --- what is done

    def _savers(self) -> Mapping[str, DraftSaver]:
        return {saver.key: saver for saver in self._frame.findChildren(DraftSaver) if saver.form.is_dirty}

    def _open_keys(self) -> frozenset[str]:
        return frozenset(self._savers())

    def continue_draft(self, key: str) -> None:
        """Open the form of a draft with its input, wherever it is."""
        draft = self._draft(key)
        if draft is None:
            return
        page = page_of_draft(self._shell.jobs, key)
        if key in self._open_keys():
            self._frame.enter(page)
            return

        def go(_nothing: None) -> None:
            Resume(self._shell, lambda: self._desk.is_idle, Place(page, draft.record, key)).start()

        self._desk.run(continue_draft, key, done=go, owner=self._frame)

    def ask_discard(self, key: str) -> None:
        """Ask whether to discard a draft, by its name; one that is open is discarded in its form."""
        draft = self._draft(key)
        if draft is None:
            return
        if key in self._open_keys():
            self._frame.enter(page_of_draft(self._shell.jobs, key))
            self._desk.notify(_("This form is open: discard the input there."))
            return
        confirm(
            self._frame,
            _("Discard what was typed in “{name}”?").format(name=draft.name),
            _("What is saved of the record stays as it is. The unfinished input cannot be brought back."),
            _("&Discard"),
            lambda: self._discard(draft),
            dangerous=True,
        ).finished.connect(self._offer_again)

    def _ask_from_banner(self, key: str) -> None:
        self._was_asked_here = True
        self.ask_discard(key)

    def _offer_again(self, _result: int) -> None:
        self._waiting = frozenset()
        self._soon.start()

    def _discard(self, draft: OpenDraft) -> None:
        self._was_asked_here = False

        def done(_nothing: None) -> None:
            self._desk.notify(_("The input in “{name}” was discarded.").format(name=draft.name))
            self.read()

        self._desk.run(drafts.clear_draft, draft.key, done=done, owner=self._frame)

    def _draft(self, key: str) -> OpenDraft | None:
        return next((draft for draft in self._found.own if draft.key == key), None)


_NOTHING = DraftsFound()


def _line(draft: OpenDraft, when: str) -> DraftLine:
    can_continue = draft.state in (DraftState.READY, DraftState.CHANGED)
    return DraftLine(draft.key, draft.name, when, _WORDS[draft.state](), can_continue)


_WORDS: dict[DraftState, Callable[[], str]] = {
    DraftState.READY: lambda: "",
    DraftState.CHANGED: lambda: _("– the record was changed since; compare before you save"),
    DraftState.GONE: lambda: _("– the record no longer exists"),
    DraftState.UNKNOWN: lambda: _("– it can only be discarded"),
}


def _named(line: DraftLine) -> str:
    name = _("{name} ({when})").format(name=line.name, when=line.when)
    return f"{name} {line.words}".rstrip()


def _not_finished(lines: Sequence[DraftLine], names: str) -> str:
    return numbered(
        len(lines),
        N_("{n} form is not finished: {names}"),
        N_("{n} forms are not finished: {names}"),
        names=names,
    )


def _of_another(name: str, number: int) -> str:
    return numbered(
        number,
        N_("{operator} has {n} unfinished form; only {operator} can continue it."),
        N_("{operator} has {n} unfinished forms; only {operator} can continue them."),
        operator=name,
    )


def _pass_over(_refusal: UserError) -> None:
    # the drafts are still there and are read again after the next change
    pass
