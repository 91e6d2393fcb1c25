"""Controller of the page that attaches photos from a folder: reads them, proposes, and attaches what is confirmed."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.controller.photo_clock import ask_clock
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
from fuyuan_desk.inspections.rules.photo_matching import Shot, TimeFrom, is_clock_wrong
from fuyuan_desk.inspections.rules.photo_numbers import (
    number_in_name,
    sheet_in_name,
    time_in_exif,
    time_in_name,
)
from fuyuan_desk.inspections.service import photos, scans
from fuyuan_desk.inspections.service.photo_import import Matchable, matchable
from fuyuan_desk.inspections.view.photo_import import PhotoImportView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.picture_files import PDF, PICTURES, Listing, Look, list_pictures, look_at, prepare_known
from fuyuan_desk.widgets.file_dialogs import choose_files, choose_folder
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.work import UiProgress

TABLES = frozenset({"visit", "visit_result", "printed_sheet"})
_READ_AT_ONCE, _STORED_AT_ONCE = 8, 10
_REFRESH_MS = 250


class PhotoImportController(QObject):
    """Connects the view to files and services; `opened`: the page is to be shown, `left`: it may be closed."""

    opened = Signal()
    left = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.view = PhotoImportView(settings)
        self._refreshing = QTimer(self.view)
        self._refreshing.setSingleShot(True)
        self._refreshing.setInterval(_REFRESH_MS)
        self._refreshing.timeout.connect(self._refresh)
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
        desk.changes.connect(self._on_changes)

    def _forget(self) -> None:
        """Forget the files: the page is begun anew."""
        self._paths: dict[int, Path] = {}
        self._files: dict[int, PhotoFile] = {}
        self._thumbnails: dict[int, bytes] = {}
        self._chosen: dict[int, Chosen] = {}
        self._attached: set[int] = set()
        self._order: list[int] = []
        self._clock = timedelta()
        self._found = Found()
        self._now = datetime.now().astimezone()
        self._unread: deque[int] = deque()
        self._is_matching = self._must_match = False
        self._is_reading = self._is_attaching = False
        self._progress = UiProgress()

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
        """Add files that are not listed yet; one that could not be read before is looked at again."""
        known = {path: key for key, path in self._paths.items()}
        for path in listing.paths:
            key = known.get(path, len(self._paths))
            if path in known and not self._files[key].fault:
                continue
            self._paths[key] = path
            sheet = sheet_in_name(path.name)
            is_scan = bool(sheet) or path.suffix.lower() == PDF
            number = "" if is_scan else number_in_name(path.name)
            self._files[key] = PhotoFile(Shot(key, number, None), path.name, is_scan, sheet)
            self._unread.append(key)
        self._tell_listing(listing)
        self._order = list(self._files)
        self._refresh()
        if not self._is_reading and self._unread:
            self._begin_reading()

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

    def _begin_reading(self) -> None:
        self._is_reading = True
        self._progress = UiProgress()
        self.view.progress.follow(_("Looking at photos"), self._progress, self._stop_reading)
        self._read_next()

    def _stop_reading(self) -> None:
        self._progress.cancel()

    def _read_next(self) -> None:
        if self._progress.is_cancelled or not self._unread:
            self._end_reading()
            return
        keys = [self._unread.popleft() for _number in range(min(_READ_AT_ONCE, len(self._unread)))]

        def done(looks: tuple[Look, ...]) -> None:
            for key, look in zip(keys, looks, strict=True):
                if key in self._files:
                    self._files[key] = _seen(self._files[key], look)
                    self._thumbnails[key] = look.thumbnail
            if not self._progress.is_cancelled:
                self._progress.step(len(self._files) - len(self._unread), len(self._files))
            self._match()
            self._refreshing.start()
            self._read_next()

        def failed(refusal: UserError) -> None:
            self.view.banner.refuse(refusal)
            self._unread.extendleft(reversed(keys))
            self._end_reading()

        paths = [self._paths[key] for key in keys]
        self._desk.run_file(look_at, paths, done=done, failed=failed, owner=self.view)

    def _end_reading(self) -> None:
        self._is_reading = False
        self.view.progress.finish()
        if self._unread:
            text = numbered(
                len(self._unread), N_("{n} photo is not read yet."), N_("{n} photos are not read yet.")
            )
            self.view.banner.say("info", text, _("&Read on"), self._begin_reading)
        self._match()
        self._sort()

    # --- what is proposed

    def _match(self) -> None:
        """Read the visits of the days on which the photos were taken; again, if that changes meanwhile."""
        if self._is_matching:
            self._must_match = True
            return
        self._is_matching, self._must_match = True, False
        files = list(self._files.values())

        def done(read: Matchable) -> None:
            self._is_matching = False
            is_other = [visit.id for visit in read.visits] != [visit.id for visit in self._found.visits]
            self._found, self._now = Found(read.visits, read.sheets, read.known), read.now
            if is_other and not self._is_reading:
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
        moments = (file.shot.taken_at + self._clock for file in files if file.shot.taken_at is not None)
        return frozenset(
            moment.astimezone().date() for moment in moments if not is_clock_wrong(moment, self._now)
        )

    def _rows(self) -> dict[int, Row]:
        rows = rows_of(
            list(self._files.values()), self._found, self._now, self._clock, self._chosen, self._attached
        )
        return {row.id: row for row in rows}

    def _sort(self) -> None:
        """Put first what somebody must look at; called when nothing was chosen by hand a moment ago."""
        self._order = unsure_first(list(self._rows().values()))
        self._refresh()

    def _refresh(self) -> None:
        rows = self._rows()
        self.view.show_rows([rows[key] for key in self._order], self._found.visits, self._thumbnails)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self._files:
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
        if self._is_attaching:
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
        ask_clock(self.view, taken_at + self._clock, lambda right: self._set_clock(right - taken_at))

    # --- attaching

    def _attach(self) -> None:
        ready = [row for row in self._rows().values() if row.state in READY]
        if self._is_attaching or not ready:
            return
        self._is_attaching = True
        self.view.set_busy(True)
        self._progress = UiProgress()
        self.view.progress.follow(_("Attaching photos"), self._progress, self._progress.cancel, at_once=True)
        by_visit: dict[tuple[int, bool], list[Row]] = defaultdict(list)
        for row in sorted(ready, key=lambda row: (row.taken_at is None, row.taken_at, row.id)):
            if row.visit is not None:
                by_visit[row.visit.id, row.file.is_scan].append(row)
        batches = deque(
            rows[start : start + _STORED_AT_ONCE]
            for rows in by_visit.values()
            for start in range(0, len(rows), _STORED_AT_ONCE)
        )
        self._desk.run(
            photos.keeps_location,
            done=lambda keep: self._attach_next(batches, len(ready), keep),
            failed=self._end_attaching, owner=self.view,
        )  # fmt: skip

    def _attach_next(self, batches: deque[list[Row]], total: int, keep_location: bool) -> None:
        if self._progress.is_cancelled or not batches:
            self._end_attaching()
            return
        rows = batches.popleft()
        go_on = partial(self._attach_next, batches, total, keep_location)

        def store(made: list[tuple[Row, tuple[NewPhoto, ...] | UserError]]) -> None:
            whole = []
            for row, one in made:
                if isinstance(one, UserError):
                    self._refuse([row], one)
                else:
                    whole.append((row, one))
            if not whole:
                go_on()
                return
            done_rows = [row for row, _photos in whole]
            self._desk.run(
                _store, done_rows, [photo for _row, one in whole for photo in one],
                done=lambda _all: done(done_rows), failed=lambda refusal: failed(done_rows, refusal),
                owner=self.view,
            )  # fmt: skip

        def done(rows: Sequence[Row]) -> None:
            self._attached |= {row.id for row in rows}
            if not self._progress.is_cancelled:
                self._progress.step(total - sum(map(len, batches)), total)
            self._refresh()
            go_on()

        def failed(rows: Sequence[Row], refusal: UserError) -> None:
            if len(rows) > 1 and isinstance(refusal, Conflict | InvalidInput):
                batches.extendleft([row] for row in reversed(rows))  # one of them is refused, not all
            else:
                self._refuse(rows, refusal)
            go_on()

        self._desk.run_file(
            _prepared, [(row, self._paths[row.id]) for row in rows], keep_location,
            done=store, failed=self._end_attaching, owner=self.view,
        )  # fmt: skip

    def _refuse(self, rows: Sequence[Row], refusal: UserError) -> None:
        for row in rows:
            self._files[row.id] = replace(self._files[row.id], fault=refusal.message)

    def _end_attaching(self, refusal: UserError | None = None) -> None:
        self._is_attaching = False
        self.view.progress.finish()
        self.view.set_busy(False)
        self._sort()
        if refusal is not None:
            self.view.banner.refuse(refusal)
            return
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
        if self._is_attaching:
            self.view.banner.say("info", _("Photos are being attached. Wait, or cancel it first."))
        elif not waiting:
            self._close()
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
                self._close,
            )

    def _close(self) -> None:
        self._progress.cancel()
        self._forget()
        self.view.show_clock(self._clock)
        self.view.banner.clear()
        self.left.emit()


def _seen(file: PhotoFile, look: Look) -> PhotoFile:
    """Return a file with what was seen of it; what the camera wrote goes before the name and the file."""
    by_name = time_in_name(file.name)
    taken = time_in_exif(look.taken)
    found = (
        (taken, TimeFrom.CAMERA)
        if taken
        else (by_name, TimeFrom.NAME)
        if by_name
        else (look.written_at, TimeFrom.FILE)
    )
    shot = Shot(file.shot.key, file.shot.number, *found)
    return replace(file, shot=shot, source=look.source, fault=look.fault)


def _prepared(
    rows: Sequence[tuple[Row, Path]], keep_location: bool
) -> list[tuple[Row, tuple[NewPhoto, ...] | UserError]]:
    """Prepare files to be stored; of one that cannot be, return why."""
    made: list[tuple[Row, tuple[NewPhoto, ...] | UserError]] = []
    for row, path in rows:
        try:
            new = prepare_known(path, row.file.source, keep_location, are_pages=row.file.is_scan)
        except UserError as refusal:
            made.append((row, refusal))
            continue
        taken_at = None if row.file.shot.time_from is TimeFrom.FILE else row.taken_at
        item, number = row.item.key if row.item else "", row.file.shot.number
        made.append(
            (
                row,
                tuple(
                    replace(one, item=item, kind=row.kind, number=number, taken_at=taken_at) for one in new
                ),
            )
        )
    return made


def _store(seat: Seat, rows: Sequence[Row], new: Sequence[NewPhoto]) -> object:
    """Attach photos of one visit, or the pages of its scans."""
    visit = rows[0].visit
    assert visit is not None
    add: Callable[[Seat, int, tuple[NewPhoto, ...]], object] = (
        scans.add_scans if rows[0].file.is_scan else photos.add_photos
    )
    return add(seat, visit.id, tuple(new))
