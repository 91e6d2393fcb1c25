"""Services on calls: list, save, change several, remove, hand on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.calls import rules
from fuyuan_desk.calls.book import call_book, name
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.service import residents
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.estates.service.for_other_jobs import household_outlines, person_outlines, unit_outlines
from fuyuan_desk.estates.service.residents import estate_of_unit
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table
from fuyuan_desk.kit.trail.history import history
from fuyuan_desk.store.db import functions


def _of_resident(
    values_of: Callable[[Session, Collection[str]], Mapping[str, str]],
) -> Callable[[Session, Sequence[Any]], dict[int, str]]:
    def values(session: Session, rows: Sequence[Any]) -> dict[int, str]:
        found = values_of(session, {row.resident for row in rows})
        return {row.id: found.get(row.resident, "") for row in rows}

    return values


def _by_column(name: str) -> Callable[[Session, Sequence[Any]], dict[int, Any]]:
    """Return what reads a column that no form shows: the rows of a list do not hold it."""
    column = getattr(ResidentCall, name)

    def values(session: Session, rows: Sequence[Any]) -> dict[int, Any]:
        ids = functions.keys([row.id for row in rows])
        return dict(session.execute(select(ResidentCall.id, column).where(ResidentCall.id.in_(ids))).all())

    return values


def _called(fields: CallFields) -> rules.Called:
    return rules.Called.of(fields.resident) or rules.Called(0)


TABLE = Table(
    ResidentCall,
    CallFields,
    call_book,
    references={"estate_id": describe_estates, "resident": residents.titles},
    columns={
        "unit_id": lambda fields: _called(fields).unit_id or None,
        "household_id": lambda fields: _called(fields).household_id or None,
        "person_id": lambda fields: _called(fields).person_id or None,
    },
    extras={
        "home": _of_resident(residents.homes_of),
        "who": _of_resident(residents.names_of),
        "entry": _by_column("entry"),
        "follow_state": _by_column("follow_state"),
        "entered_by": _by_column("entered_by"),
        "unit_id": _by_column("unit_id"),
    },
    newest_first=True,
    holds=Holds.MASKED,
)
_IN_TRAIL = {
    **TABLE.references,
    "unit_id": lambda session, ids: {key: one.title for key, one in unit_outlines(session, ids).items()},
    "household_id": lambda session, ids: {
        key: one.title for key, one in household_outlines(session, ids).items()
    },
    "person_id": lambda session, ids: {key: one.title for key, one in person_outlines(session, ids).items()},
}


@permit(*STAFF)
def find_calls(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[CallFields]]:
    """List a window of the matching calls, the latest first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*STAFF)
def read_call(seat: Seat, call_id: int) -> Line[CallFields]:
    """Return one call."""
    with seat.reading() as session:
        return TABLE.read(session, call_id)


@permit(*WRITERS)
def save_call(
    seat: Seat, fields: CallFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a call, or change the one read as `known`; warn of another one of the same resident on the same day."""
    with seat.transaction() as session:
        before = None if known is None else TABLE.get(session, known.id)
        refuse_wrong(_faults(seat, fields) | _foreign(session, fields, before))
        fields = _completed(session, fields)
        was = None if before is None else _as_stored(before)
        saved = TABLE.save(session, fields, known, kept, entered_by=_entered_by(seat, fields, before))
        twins = _same_day(session, fields, saved.id)
        changed = "" if was is None else rules.entry_doubt(was, _as_stored(TABLE.get(session, saved.id)))
        doubts = (changed, rules.same_day_text(twins) if twins else "")
        return replace(saved, doubts=(*saved.doubts, *filter(None, doubts)))


def _as_stored(row: ResidentCall) -> CallFields:
    return CallFields(**{field.name: getattr(row, field.name) for field in dataclass_fields(CallFields)})


def _faults(seat: Seat, fields: CallFields) -> dict[str, str]:
    return rules.call_faults(fields, seat.today(), f"{seat.now().astimezone():%H:%M}")


def _foreign(session: Session, fields: CallFields, before: ResidentCall | None) -> dict[str, str]:
    """Return the fault of a resident who does not belong there; a call recorded stays on whom it was."""
    same = before is not None and (before.resident, before.estate_id) == (fields.resident, fields.estate_id)
    fault = "" if same else residents.fault(session, fields.resident, fields.estate_id)
    return {"resident": fault} if fault else {}


def _completed(session: Session, fields: CallFields) -> CallFields:
    """Return the fields with the time as it is stored, and the estate of the home."""
    called = rules.Called.of(fields.resident)
    estate_id = fields.estate_id
    if estate_id is None and called is not None:
        estate_id = estate_of_unit(session, called.unit_id)
    return replace(fields, called_at=rules.clock_of(fields.called_at) or "", estate_id=estate_id)


def _entered_by(seat: Seat, fields: CallFields, before: ResidentCall | None) -> str:
    if fields.entered_on is None:
        return ""
    was_entered = before is not None and before.entered_on is not None
    return before.entered_by if was_entered and before is not None else seat.operator.name


def _same_day(session: Session, fields: CallFields, own_id: int) -> int:
    """Count the other calls on the same resident on the same day."""
    if not fields.resident:
        return 0
    same = select(func.count(ResidentCall.id)).where(
        ResidentCall.resident == fields.resident,
        ResidentCall.called_on == fields.called_on,
        ResidentCall.id != own_id,
    )
    return session.scalar(same) or 0


@permit(*WRITERS)
def change_calls(
    seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress | None = None
) -> int:
    """Set the same day of entering in 社区云, label or day of doing in several calls, and return how many changed.

    A call that was entered already keeps that day and who entered it.
    """
    with seat.transaction() as session:
        if changes.get("entered_on") is None:
            return _change(seat, session, records, changes, progress)
        query = select(ResidentCall.id).where(
            ResidentCall.id.in_(functions.keys([known.id for known in records])),
            ResidentCall.entered_on.is_not(None),
        )
        entered = set(session.scalars(query))
        others = {name: value for name, value in changes.items() if name != "entered_on"}
        first = [known for known in records if known.id not in entered]
        again = [known for known in records if known.id in entered] if others else []
        if not first and not again:
            text = _("All of these were entered before. To correct the day of one, open it.")
            refuse_wrong({"entered_on": text})
        count = _change(seat, session, again, others, progress) if again else 0
        return count + (_change(seat, session, first, changes, progress) if first else 0)


def _change(
    seat: Seat,
    session: Session,
    records: Sequence[Known],
    changes: Mapping[str, Any],
    progress: Progress | None,
) -> int:
    table = TABLE
    if "entered_on" in changes:  # who says so is who ticked it
        who = seat.operator.name
        by = {"entered_by": lambda fields: who if fields.entered_on else ""}
        table = replace(TABLE, columns={**TABLE.columns, **by})
    return table.change_many(session, records, changes, lambda fields: _faults(seat, fields), progress)


@permit(*WRITERS)
def remove_call(seat: Seat, call_id: int) -> str:
    """Remove a call, and return its name."""
    with seat.transaction() as session:
        return TABLE.remove(session, call_id)


@permit(*STAFF)
def call_history(seat: Seat, call_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a call, newest first."""
    with seat.reading() as session:
        TABLE.get(session, call_id)
        return history(session, ResidentCall.__tablename__, call_id, _IN_TRAIL)


@permit(*REVEALERS)
def calls_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[CallFields]]:
    """Return the filtered list for an export, names masked, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*STAFF)
def calls_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)


def outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return name and home of calls by key, for search hits and drafts; removed ones are left out."""
    rows = session.scalars(select(ResidentCall).where(ResidentCall.id.in_(functions.keys(list(ids))))).all()
    lines = TABLE.lines(session, rows)
    return {line.id: (name(line.fields), line.extra["home"] or line.names["estate_id"]) for line in lines}


def index_calls(session: Session, call_ids: Collection[int]) -> None:
    """Update the search entries of calls."""
    rows = session.scalars(
        select(ResidentCall).where(ResidentCall.id.in_(functions.keys(list(call_ids))))
    ).all()
    TABLE.index(session, rows)
