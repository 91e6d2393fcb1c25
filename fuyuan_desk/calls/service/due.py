"""Who is to be called on: the list by tag, for the screen, for paper and for Excel."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import REVEALERS, STAFF, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.calls.book import due_book
from fuyuan_desk.calls.facts import DueFields
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.rules import NOT_MET, Called, Rhythm, deciding, due_on
from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.core.visible import visible
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.estates.service.for_other_jobs import unit_outlines
from fuyuan_desk.estates.service.residents import ResidentId, Tagged, earlier_ids, tagged_residents
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.kit.book import BookQuery, Line, Option
from fuyuan_desk.kit.list_sheet import ListPaper, paper_of
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.store.audit import log as audit

_PEOPLE = 1_000_000  # more than one household will ever have


def due_lines(session: Session, role: Role | None, today: date) -> list[Line[DueFields]]:
    """Return everybody with a tag that says how often to call, as a role may see it; the longest due first."""
    tagged = tagged_residents(session, role, today)
    last = _last_calls(session, {one.id for one in tagged})
    homes = unit_outlines(session, {one.unit_id for one in tagged})
    estates = describe_estates(session, {one.estate_id for one in tagged})
    lines = [
        _line(one, last.get(one.id), homes[one.unit_id].title, estates.get(one.estate_id, ""), today)
        for one in tagged
    ]
    return sorted(lines, key=lambda line: (*_late(line), natural_key(line.fields.home)))


def _late(line: Line[DueFields]) -> tuple[date, bool]:
    """Return what the list is ordered by: the day, and of one day those never called on first."""
    return line.fields.due_on, line.fields.last_on is not None


def _last_calls(session: Session, ids: Collection[ResidentId]) -> dict[ResidentId, date]:
    """Return when residents were last called on, also as who they were before their home was passed on to one."""
    made = _calls_made(session)
    found = {one: made[one] for one in ids if one in made}
    earlier = earlier_ids(session, ids)
    seen = set(earlier)
    while earlier:
        for one, former in earlier.items():
            if former in made:
                found[one] = max(found.get(one, date.min), made[former])
        further = earlier_ids(session, set(earlier.values()) - seen)
        seen |= set(further)
        earlier = {one: further[former] for one, former in earlier.items() if former in further}
    return found


def _calls_made(session: Session) -> dict[ResidentId, date]:
    rows = session.execute(
        select(ResidentCall.household_id, ResidentCall.person_id, func.max(ResidentCall.called_on))
        .where(ResidentCall.household_id.is_not(None), ResidentCall.how.not_in(NOT_MET))
        .group_by(ResidentCall.household_id, ResidentCall.person_id)
    )
    return {(household or 0, person or 0): last for household, person, last in rows}


def _line(one: Tagged, last: date | None, home: str, estate: str, today: date) -> Line[DueFields]:
    rhythm = deciding(Rhythm(every, tag) for tag, every in one.rhythms)
    fields = DueFields(
        Called(one.unit_id, one.household_id, one.person_id).key,
        one.name,
        home,
        one.estate_id,
        rhythm.tag_id,
        one.tags,
        last,
        due_on(last, rhythm.every, today),
    )
    names = {"estate_id": estate, "tag_id": next(tag.name for tag in one.tags if tag.id == rhythm.tag_id)}
    # not the id of a record: negative, so that it is never taken for that of a call
    return Line(-(one.household_id * _PEOPLE + one.person_id) - 1, 1, fields, names, {"notes": ""})


_SORTS: dict[str, Callable[[Line[DueFields]], Any]] = {
    "home": lambda line: natural_key(line.fields.home),
    "estate_id": lambda line: natural_key(line.names["estate_id"]),
    "last_on": lambda line: line.fields.last_on or date.min,
    "due_on": _late,
}


def _chosen(lines: Iterable[Line[DueFields]], query: BookQuery) -> list[Line[DueFields]]:
    words = visible(query.text).lower().split()
    found = [
        line
        for line in lines
        if all(_fits(getattr(line.fields, name), value) for name, value in query.facets.items())
        and all(word in _words(line) for word in words)
    ]
    by = _SORTS.get(query.sort)
    return found if by is None else sorted(found, key=by, reverse=query.descending)


def _fits(own: Any, wanted: Any) -> bool:
    if not isinstance(wanted, tuple):
        return bool(own == wanted)
    first, last = wanted
    return (first is None or own >= first) and (last is None or own <= last)


def _words(line: Line[DueFields]) -> str:
    return " ".join((line.fields.home, *(tag.name for tag in line.fields.tags))).lower()


@permit(*STAFF)
def find_due(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[DueFields]]:
    """List a window of those who are to be called on, the longest due first by default."""
    with seat.reading() as session:
        lines = _chosen(due_lines(session, seat.operator.role, seat.today()), query or BookQuery())
    return Page(len(lines), tuple(lines[offset : offset + limit if limit >= 0 else None]))


@permit(*STAFF)
def rhythm_options(seat: Seat) -> tuple[Option, ...]:
    """Return the tags by which somebody is to be called on, to filter by."""
    with seat.reading() as session:
        lines = due_lines(session, seat.operator.role, seat.today())
    found = {line.fields.tag_id: line.names["tag_id"] for line in lines if line.fields.tag_id is not None}
    return tuple(Option(key, found[key]) for key in sorted(found))


@permit(*REVEALERS)
def due_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[DueFields]]:
    """Return the filtered list for an export, names masked, and audit this."""
    with seat.transaction() as session:
        lines = _chosen(due_lines(session, seat.operator.role, seat.today()), query)
        is_filtered = bool(query.text or query.facets)
        return export_rows(seat, session, order, ResidentCall.__tablename__, lines, filtered=is_filtered)


@permit(*STAFF)
def due_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list to carry along, names masked, with room for notes, and audit this."""
    today = seat.today()
    with seat.transaction() as session, in_chinese():
        lines = _chosen(due_lines(session, seat.operator.role, today), query)
        audit.note(session, "print", ResidentCall.__tablename__, detail={"rows": len(lines)})
        book = due_book(today, with_notes=True)
        office = office_settings(session, seat.now()).heading
        return paper_of(book, lines, office, seat.now(), _filters(session, query, lines))


def _filters(session: Session, query: BookQuery, lines: Sequence[Line[DueFields]]) -> list[tuple[str, str]]:
    """Return the filters in words, as title and value."""
    said = {"estate_id": _("Estate"), "tag_id": _("Tag"), "due_on": _("Due")}
    found = []
    for name, value in query.facets.items():
        if isinstance(value, tuple):
            text = " – ".join("" if day is None else day.isoformat() for day in value)
        elif name == "estate_id":
            text = describe_estates(session, [value]).get(value, "")
        else:
            text = next((line.names["tag_id"] for line in lines if line.fields.tag_id == value), "")
        found.append((said[name], text))
    return [*found, *([(_("Words"), query.text.strip())] if query.text.strip() else [])]
