"""Attaches confirmed photos to their visits, a few at a time; can be cancelled, and a refused one stops no other."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections.rules.photo_batch import Row
from fuyuan_desk.inspections.rules.photo_matching import TimeFrom
from fuyuan_desk.inspections.service import photos, scans
from fuyuan_desk.inspections.service.photos import Carry
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.picture_files import prepare_known
from fuyuan_desk.widgets.work import UiProgress

_AT_ONCE = 10
Prepared = tuple[Row, tuple[NewPhoto, ...] | UserError]


class PhotoAttaching(QObject):
    """Attaches rows of a batch.

    `attached` carries the keys that are done, `carried` the numbers of what else their photos reached, `refused` a key
    and why that file is not attached, `ended` None or why nothing more can be attached.
    """

    attached = Signal(list)
    carried = Signal(tuple)
    refused = Signal(int, object)
    ended = Signal(object)

    def __init__(self, desk: Desk, owner: QObject, carry: Carry) -> None:
        super().__init__(owner)
        self._carry = carry
        self._desk = desk
        self._owner = owner
        self.is_running = False
        self.progress = UiProgress()
        self._batches: deque[list[Row]] = deque()
        self._total = 0

    def begin(self, rows: Sequence[Row], paths: Mapping[int, Path]) -> None:
        """Attach rows that have a visit; those of one visit together, as it may ask for a second person."""
        self.is_running = True
        self.progress = UiProgress()
        by_visit: dict[tuple[int, bool], list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.taken_at is None, row.taken_at, row.id)):
            if row.visit is not None:
                by_visit[row.visit.id, row.file.is_scan].append(row)
        self._batches = deque(
            of_visit[start : start + _AT_ONCE]
            for of_visit in by_visit.values()
            for start in range(0, len(of_visit), _AT_ONCE)
        )
        self._total = len(rows)
        self._desk.run(
            photos.keeps_location,
            done=partial(self._attach_next, paths), failed=self._end, owner=self._owner,
        )  # fmt: skip

    def _attach_next(self, paths: Mapping[int, Path], keep_location: bool) -> None:
        if self.progress.is_cancelled or not self._batches:
            self._end()
            return
        go_on = partial(self._attach_next, paths, keep_location)

        def store(made: list[Prepared]) -> None:
            whole = {row: one for row, one in made if not isinstance(one, UserError)}
            for row, one in made:
                if isinstance(one, UserError):
                    self.refused.emit(row.id, one)
            if whole:
                self._store(list(whole), [photo for one in whole.values() for photo in one], go_on)
            else:
                go_on()

        batch = [(row, paths[row.id]) for row in self._batches.popleft()]
        self._desk.run_file(_prepared, batch, keep_location, done=store, failed=self._end, owner=self._owner)

    def _store(self, rows: list[Row], new: list[NewPhoto], go_on: Callable[[], object]) -> None:
        def done(carried_to: tuple[str, ...]) -> None:
            if not self.progress.is_cancelled:
                self.progress.step(self._total - sum(map(len, self._batches)), self._total)
            self.attached.emit([row.id for row in rows])
            self.carried.emit(carried_to)
            go_on()

        def failed(refusal: UserError) -> None:
            if len(rows) > 1 and isinstance(refusal, Conflict | InvalidInput):
                self._batches.extendleft([row] for row in reversed(rows))  # one of them is refused, not all
            else:
                for row in rows:
                    self.refused.emit(row.id, refusal)
            go_on()

        self._desk.run(_stored, rows[0], new, self._carry, done=done, failed=failed, owner=self._owner)

    def _end(self, refusal: UserError | None = None) -> None:
        self.is_running = False
        self.ended.emit(refusal)


def _prepared(rows: Sequence[tuple[Row, Path]], keep_location: bool) -> list[Prepared]:
    """Prepare files to be stored; of one that cannot be, return why."""
    made: list[Prepared] = []
    for row, path in rows:
        try:
            new = prepare_known(path, row.file.source, keep_location, are_pages=row.file.is_scan)
            made.append((row, tuple(_told(photo, row) for photo in new)))
        except UserError as refusal:
            made.append((row, refusal))
    return made


def _told(photo: NewPhoto, row: Row) -> NewPhoto:
    """Return a photo with what is known of it; the time of a file says when it was copied."""
    return replace(
        photo,
        item=row.item.key if row.item else "",
        kind=row.kind,
        number=row.file.shot.number,
        taken_at=None if row.file.shot.time_from is TimeFrom.FILE else row.taken_at,
    )


def _stored(seat: Seat, row: Row, new: Sequence[NewPhoto], carry: Carry) -> tuple[str, ...]:
    """Attach photos to the visit of a row, or the pages of its scan, and return to what they were carried."""
    assert row.visit is not None
    if row.file.is_scan:
        scans.add_scans(seat, row.visit.id, tuple(new))
        return ()
    return photos.add_photos(seat, row.visit.id, tuple(new), carry).carried_to
