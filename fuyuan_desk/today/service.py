"""The agenda of due tasks and the search for any record, gathered from all jobs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.kit.queries import Dues, Record
from fuyuan_desk.paper import qr
from fuyuan_desk.store.search import index, tolerant
from fuyuan_desk.store.search.reasons import Field
from fuyuan_desk.store.search.reasons import reasons as explain
from fuyuan_desk.today import rules

MOST_HITS = 30
RecordKey = tuple[str, int]


@dataclass(frozen=True)
class Agenda:
    """The content of the first page: tasks on `day`, figures of the office, and counts by page."""

    day: date
    tasks: tuple[Task, ...]
    figures: tuple[Figure, ...]
    counts: dict[str, int]


@dataclass(frozen=True)
class Found:
    """A record that matches the search text; personal data is masked.

    meant: for a guess, the words that it matches instead of those typed; "" for what was found as typed.
    reasons: the fields that contain what was typed, in words; empty for what is not compared with it.
    """

    kind: str
    record_id: int
    title: str
    detail: str
    meant: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> RecordKey:
        """Its kind and id."""
        return self.kind, self.record_id


@permit(*EVERYONE)
def list_tasks(seat: Seat, dues: Sequence[Dues]) -> Agenda:
    """List all tasks, due or waiting, and the figures of the office."""
    today = seat.today()
    with seat.reading() as session:
        tasks: list[Task] = [task for due in dues for task in due.tasks(session, today)]
        if seat.operator.role is Role.PROPERTY:
            tasks = [task for task in tasks if not task.office_only]
        figures = tuple(
            figure for due in dues if due.figures is not None for figure in due.figures(session, today)
        )
    ordered = rules.in_order(tasks, today)
    return Agenda(today, ordered, figures, rules.counts(ordered, today))


# --- search ------------------------------------------------------------------------------------------


@permit(*EVERYONE)
def search(
    seat: Seat, records: Sequence[Record], text: str, recent: Sequence[RecordKey] = ()
) -> tuple[Found, ...]:
    """Return the records that match a text, by kind; of each kind those of `recent` first, else as in the index.

    For a number in full, the record with it comes first and then those that name it; others may be what `guess` finds.
    """
    with seat.reading() as session:
        found = _find(session, records, text, seat.today(), recent)
    number = rules.number_typed(text)
    if not number:
        return found
    naming = [each for each in found if number in each.title + each.detail]
    return tuple(sorted(naming, key=lambda each: rules.own_number(each.title) != number))


def _kinds(records: Sequence[Record]) -> list[Kind]:
    return [record.kind for record in records if record.is_searched]


def _find(
    session: Session,
    records: Sequence[Record],
    text: str,
    today: date,
    recent: Sequence[RecordKey] = (),
) -> tuple[Found, ...]:
    hits = index.find(session, text, _kinds(records), MOST_HITS)
    keys = [(hit.kind.name, hit.record_id) for hit in hits]
    # of very many, one opened before may match, too, and not be among the first
    further = [key for key in recent if key not in keys] if len(hits) == MOST_HITS else []
    reasons = _reasons(session, records, [*further, *keys], text, today)
    keys = [*(key for key in further if key in reasons), *keys]
    described = _described(session, records, keys)
    found = [Found(*key, *described[key], reasons=reasons.get(key, ())) for key in keys if key in described]
    codes = {record.kind.name: record.kind.code for record in records}
    ranks = {key: rank for rank, key in enumerate(recent)}
    return tuple(sorted(found, key=lambda each: (codes[each.kind], ranks.get(each.key, len(ranks)))))


def _reasons(
    session: Session, records: Sequence[Record], keys: Sequence[RecordKey], text: str, today: date
) -> dict[RecordKey, tuple[str, ...]]:
    fields: dict[RecordKey, Sequence[Field]] = {}
    for record, ids in _by_record(records, keys):
        if record.found_by is not None:
            name = record.kind.name
            found = record.found_by(session, ids, today)
            fields |= {(name, key): of_one for key, of_one in found.items()}
    return explain(session.connection(), text, fields)


def _by_record(records: Sequence[Record], keys: Iterable[RecordKey]) -> list[tuple[Record, list[int]]]:
    ids: dict[str, list[int]] = {}
    for kind, record_id in keys:
        ids.setdefault(kind, []).append(record_id)
    return [(record, ids[record.kind.name]) for record in records if record.kind.name in ids]


@permit(*EVERYONE)
def guess(seat: Seat, records: Sequence[Record], text: str, found: Sequence[Found]) -> tuple[Found, ...]:
    """Return the records that may have been meant by a text besides those that `search` found, likeliest first."""
    kinds = {record.kind.name: record.kind for record in records}
    known = [index.Hit(kinds[each.kind], each.record_id) for each in found]
    if rules.number_typed(text):
        return _similar_numbers(seat, records, text, found)
    with seat.reading() as session:
        guesses = tolerant.guess(session, text, _kinds(records), known)
        keys = {(each.kind.name, each.record_id): each.meant for each in guesses}
        described = _described(session, records, keys)
        reasons: dict[RecordKey, tuple[str, ...]] = {}
        for meant in set(keys.values()):
            alike = [key for key in keys if keys[key] == meant]
            reasons |= _reasons(session, records, alike, meant, seat.today())
    return tuple(
        Found(*key, *described[key], tolerant.written(meant, " ".join(described[key])), reasons.get(key, ()))
        for key, meant in keys.items()
        if key in described
    )


def _similar_numbers(
    seat: Seat, records: Sequence[Record], text: str, found: Sequence[Found]
) -> tuple[Found, ...]:
    """Return the records of whose numbers and texts each part of a number matches something, but not all of it."""
    known = {(each.kind, each.record_id) for each in found}
    with seat.reading() as session:
        similar = _find(session, records, text, seat.today())
    return tuple(
        replace(each, meant=rules.own_number(each.title) or each.title)
        for each in similar
        if (each.kind, each.record_id) not in known
    )


def _described(
    session: Session, records: Sequence[Record], keys: Iterable[RecordKey]
) -> dict[RecordKey, tuple[str, str]]:
    described: dict[RecordKey, tuple[str, str]] = {}
    for record, ids in _by_record(records, keys):
        name = record.kind.name
        described |= {(name, key): texts for key, texts in record.describe(session, ids).items()}
    return described


@permit(*EVERYONE)
def describe_recent(seat: Seat, records: Sequence[Record], recent: Sequence[RecordKey]) -> tuple[Found, ...]:
    """Return the records opened before, the last one first, without those that are gone or not hers to see."""
    with seat.reading() as session:
        described = _described(session, records, recent)
    return tuple(Found(*key, *described[key]) for key in recent if key in described)


@permit(*EVERYONE)
def record_exists(seat: Seat, record: Record, record_id: int) -> bool:
    """Return whether a record still exists for this operator."""
    with seat.reading() as session:
        return record_id in record.describe(session, [record_id])


def is_scan(text: str) -> bool:
    """Return whether a text starts like one of our QR codes; full-width characters typed by a scanner count too."""
    return half_width(text).strip().upper().startswith(f"{qr.PREFIX}:")


@permit(*EVERYONE)
def find_scanned(seat: Seat, records: Iterable[Record], text: str) -> tuple[str, int] | None:
    """Return kind and id of the record whose QR code was scanned; None if the text is not one of our codes.

    Raises `NotFound` if the record of the sheet is not in this office.
    """
    mark = qr.decode(half_width(text).strip().upper())
    if mark is None:
        return None
    with seat.reading() as session:
        for record in records:
            key = record.by_uid(session, mark.uid) if record.by_uid is not None else None
            if key is not None:
                return record.kind.name, key
    raise NotFound(_("The record of the sheet {number} is not in this office.").format(number=mark.number))
