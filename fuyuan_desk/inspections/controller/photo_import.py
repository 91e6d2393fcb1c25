"""Controller of the page that attaches photos from a folder: what is proposed, what is chosen by hand, and attached."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.controller.photo_attaching import PhotoAttaching
from fuyuan_desk.inspections.controller.photo_clock import ask_clock
from fuyuan_desk.inspections.controller.photo_places import carried_text
from fuyuan_desk.inspections.controller.photo_reading import PhotoReader
from fuyuan_desk.inspections.rules.photo_batch import (
    READY,
    SETTLED,
    Chosen,
    Found,
    PhotoFile,
    Row,
    State,
    rows_of,
    unsure_first,
)
from fuyuan_desk.inspections.rules.photo_matching import is_clock_wrong, shifted
from fuyuan_desk.inspections.service.photo_import import Matchable, matchable
from fuyuan_desk.inspections.service.photos import Carry, carry_nowhere
from fuyuan_desk.inspections.view.photo_import import PhotoImportView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.picture_files import PDF, PICTURES, Listing, list_pictures
from fuyuan_desk.widgets.file_dialogs import choose_files, choose_folder
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings

TABLES = frozenset({"visit", "visit_result", "printed_sheet"})
_REFRESH_MS = 250


class PhotoImportController(QObject):
    """Connects the view to files and services; `opened`: the page is to be shown, `left`: it may be closed.

    `carry` takes photos on to what was made of their visit before.
    """

    opened = Signal()
    left = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None, carry: Carry = carry_nowhere) -> None:
        super().__init__()
        self._desk = desk
        self.view = PhotoImportView(settings)
        self._refreshing = QTimer(self.view)
        self._refreshing.setSingleShot(True)
        self._refreshing.setInterval(_REFRESH_MS)
        self._refreshing.timeout.connect(self._refresh)
        self._reader = PhotoReader(desk, self.view)
        self._attaching = PhotoAttaching(desk, self.view, carry)
        self._forget()
        view = self.view
        view.folder_requested.connect(self._choose_folder)
        view.files_requested.connect(self._choose_files)
        view.attach_requested.connect(self._attach)
        view.left.connect(self._leave)
        view.chosen.connect(self._choose)
        view.taken.connect(self._take)
        view.left_out.connect(self._leave_out)
        view.clock_moved.connect(lambda by: self._set_clock(self._clock + by))
        view.clock_requested.connect(self._ask_clock)
        self._reader.begun.connect(self._on_reading)
        self._reader.seen.connect(self._on_seen)
        self._reader.ended.connect(self._on_read)
        self._reader.refused.connect(view.banner.refuse)
        self._attaching.attached.connect(self._on_attached)
        self._attaching.carried.connect(self._on_carried)
        self._attaching.refused.connect(self._reader.refuse)
        self._attaching.ended.connect(self._end_attaching)
        desk.changes.connect(self._on_changes)

    def _forget(self) -> None:
        """Forget the files: the page is begun anew."""
        self._reader.forget()
        self._chosen: dict[int, Chosen] = {}
        self._attached: set[int] = set()
        self._carried: set[str] = set()
        self._order: list[int] = []
        self._clock = timedelta()
        self._found = Found()
        self._now = datetime.now().astimezone()
        self._is_matching = self._must_match = False

    def open(self) -> None:
        """Show the page; files that were chosen before are still there."""
        self.opened.emit()
        self._refresh()

    # --- files

    def _choose_folder(self) -> None:
        folder = choose_folder(self.view, Purpose.PHOTO, _("Choose the folder of the photos"))
        if folder is not None:
            self.add_folder(folder)

    def _choose_files(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in (*sorted(PICTURES), PDF))
        chosen = choose_files(
            self.view, Purpose.PHOTO, _("Choose photos"), _("Pictures and PDF ({kinds})").format(kinds=kinds)
        )
        if chosen:
            self._add(Listing(tuple(chosen)))

    def add_folder(self, folder: Path) -> None:
        """List the pictures of a folder and look at each."""
        self._desk.run_file(
            list_pictures, folder, done=self._add, failed=self.view.banner.refuse, owner=self.view
        )

    def _add(self, listing: Listing) -> None:
        self._tell_listing(listing)
        self._reader.add(listing.paths)
        self._order = list(self._reader.files)
        self._refresh()

    def _tell_listing(self, listing: Listing) -> None:
        if listing.is_cut:
            text = _(
                "This folder has more pictures than can be listed; the first {n} are. Choose a smaller folder."
            )
            self.view.banner.say("warn", text.format(n=len(listing.paths)))
        elif not listing.paths:
            self.view.banner.say("warn", _("There are no photos in this folder. Choose another one."))
        elif listing.others:
            self.view.banner.say(
                "info",
                numbered(
                    listing.others,
                    N_("{n} other file of the folder is no picture and is not listed."),
                    N_("{n} other files of the folder are no pictures and are not listed."),
                ),
            )
        else:
            self.view.banner.clear()

    def _on_reading(self) -> None:
        progress = self._reader.progress
        self.view.progress.follow(_("Looking at photos"), progress, progress.cancel)

    def _on_seen(self) -> None:
        self._match()
        self._refreshing.start()

    def _on_read(self) -> None:
        self.view.progress.finish()
        if self._reader.unread:
            text = numbered(
                self._reader.unread, N_("{n} photo is not read yet."), N_("{n} photos are not read yet.")
            )
            self.view.banner.say("info", text, _("&Read on"), self._reader.go_on)
        self._match()
        self._sort()

    # --- what is proposed

    def _match(self) -> None:
        """Read the visits of the days on which the photos were taken; again, if that changes meanwhile."""
        if self._is_matching:
            self._must_match = True
            return
        self._is_matching, self._must_match = True, False
        files = list(self._reader.files.values())

        def done(read: Matchable) -> None:
            self._is_matching = False
            is_other = [visit.id for visit in read.visits] != [visit.id for visit in self._found.visits]
            self._found, self._now = Found(read.visits, read.sheets, read.known), read.now
            if is_other and not self._reader.is_reading:
                self._sort()
            self._refreshing.start()
            if self._must_match:
                self._match()

        def failed(refusal: UserError) -> None:
            self._is_matching = False
            self.view.banner.refuse(refusal)

        self._desk.run(
            matchable,
            self._days(files),
            {file.sheet for file in files} - {""},
            {file.source for file in files} - {""},
            done=done, failed=failed, owner=self.view,
        )  # fmt: skip

    def _days(self, files: Sequence[PhotoFile]) -> frozenset[date]:
        moments = (shifted(file.shot, self._clock).taken_at for file in files)
        return frozenset(
            moment.astimezone().date()
            for moment in moments
            if moment is not None and not is_clock_wrong(moment, self._now)
        )

    def _rows(self) -> dict[int, Row]:
        rows = rows_of(
            list(self._reader.files.values()),
            self._found,
            self._now,
            self._clock,
            self._chosen,
            self._attached,
        )
        return {row.id: row for row in rows}

    def _sort(self) -> None:
        """Put first what somebody must look at; called when nothing was chosen by hand a moment ago."""
        self._order = unsure_first(list(self._rows().values()))
        self._refresh()

    def _refresh(self) -> None:
        rows = self._rows()
        self.view.show_rows([rows[key] for key in self._order], self._found.visits, self._reader.thumbnails)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self._reader.files:
            self._match()

    # --- by hand

    def _choose(self, changed: Mapping[str, object]) -> None:
        """Give the chosen files to a visit, an item or a kind; what is not named stays as it is proposed."""
        for row in self._changeable():
            before = self._chosen.get(row.id, Chosen())
            as_shown = Chosen(row.visit.id if row.visit else 0, row.item.key if row.item else "", before.kind)
            base = before if set(changed) == {"kind"} else as_shown
            self._chosen[row.id] = replace(base, is_left_out=False, **changed)  # type: ignore[arg-type]
        self._refresh()

    def _take(self) -> None:
        """Confirm the proposals of the chosen files."""
        for row in self._changeable():
            if row.visit is not None:
                kind = self._chosen.get(row.id, Chosen()).kind
                self._chosen[row.id] = Chosen(row.visit.id, row.item.key if row.item else "", kind)
        self._refresh()

    def _leave_out(self) -> None:
        """Leave the chosen files out, or no longer if all of them are."""
        rows = self._changeable()
        out = not all(row.state is State.LEFT_OUT for row in rows)
        for row in rows:
            self._chosen[row.id] = replace(self._chosen.get(row.id, Chosen()), is_left_out=out)
        self._refresh()

    def _changeable(self) -> list[Row]:
        if self._attaching.is_running:
            return []
        return [row for row in self.view.chosen_rows() if row.state not in SETTLED]

    def _set_clock(self, clock: timedelta) -> None:
        self._clock = clock
        self.view.show_clock(clock)
        self._match()
        self._sort()

    def _ask_clock(self) -> None:
        """Ask when the chosen photo was really taken."""
        rows = self.view.chosen_rows()
        if len(rows) != 1 or rows[0].file.shot.taken_at is None:
            self.view.banner.say("info", _("Choose one photo of which you know when it was taken."))
            return
        taken_at = rows[0].file.shot.taken_at
        shown = rows[0].taken_at or taken_at
        ask_clock(self.view, shown, lambda right: self._set_clock(right - taken_at))

    # --- attaching

    def _attach(self) -> None:
        ready = [row for row in self._rows().values() if row.state in READY]
        if self._attaching.is_running or not ready:
            return
        self.view.set_busy(True)
        self._attaching.begin(ready, self._reader.paths)
        progress = self._attaching.progress
        self.view.progress.follow(_("Attaching photos"), progress, progress.cancel, at_once=True)

    def _on_attached(self, keys: list[int]) -> None:
        self._attached.update(keys)
        for key, row in self._rows().items():
            if key in keys and row.visit is not None:  # as it is attached, whatever is proposed from now on
                self._chosen[key] = Chosen(row.visit.id, row.item.key if row.item else "", row.kind)
        self._refreshing.start()

    def _on_carried(self, numbers: tuple[str, ...]) -> None:
        self._carried.update(numbers)

    def _end_attaching(self, refusal: UserError | None) -> None:
        self.view.progress.finish()
        self.view.set_busy(False)
        self._sort()
        if refusal is not None:
            self.view.banner.refuse(refusal)
        else:
            self._tell_attached()

    def _tell_attached(self) -> None:
        """Say what is attached, and that nothing else was."""
        rows = list(self._rows().values())
        done = [row for row in rows if row.state is State.ATTACHED]
        left = sum(
            row.state not in (State.ATTACHED, State.LEFT_OUT, State.KNOWN, State.TWICE) for row in rows
        )
        visits = {row.visit.number for row in done if row.visit is not None}
        text = numbered(
            len(done),
            N_("{n} photo is attached to {visits}."),
            N_("{n} photos are attached to {visits}."),
            visits=_(", ").join(sorted(visits)),
        )
        if self._carried:
            text += " " + carried_text(self._carried)
        if left:
            text += " " + numbered(
                left,
                N_("{n} other file is not; the list says why."),
                N_("{n} other files are not; the list says why."),
            )
        self.view.banner.say("warn" if left else "ok", text)

    # --- leaving

    def _leave(self) -> None:
        """Close the page; ask once if photos are proposed that are not attached."""
        waiting = sum(row.state in (*READY, State.UNSURE) for row in self._rows().values())
        if self._attaching.is_running:
            self.view.banner.say("info", _("Photos are being attached. Wait, or cancel it first."))
        elif not waiting:
            self.close()
        else:
            confirm(
                self.view,
                numbered(
                    waiting,
                    N_("{n} photo is not attached yet. Leave the page?"),
                    N_("{n} photos are not attached yet. Leave the page?"),
                ),
                _("What was chosen by hand is lost. The files stay where they are."),
                _("&Leave the page"),
                self.close,
            )

    def close(self) -> None:
        """Forget the files, and leave the page."""
        self._forget()
        self.view.progress.finish()
        self.view.show_clock(self._clock)
        self.view.banner.clear()
        self.left.emit()
