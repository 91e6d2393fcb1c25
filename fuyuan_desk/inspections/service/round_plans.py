"""Services on plans of rounds: list, preview, save, end, remove, hand on."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, WRITERS, Role, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.book import plan_book
from fuyuan_desk.inspections.facts import Place, PlanFields, PlanPreview, Subject
from fuyuan_desk.inspections.records import PlannedRound, RoundPlan
from fuyuan_desk.inspections.rules import round_plans as rules
from fuyuan_desk.inspections.rules.rounds import (
    OnHoliday,
    RoundDay,
    Schedule,
    Unit,
    round_day_before,
    round_days,
)
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.round_days import (
    end_at_last_day,
    fields_of,
    horizon_of,
    plan_ahead,
    planned_day,
    remove_open,
)
from fuyuan_desk.inspections.service.round_places import places_of_plan
from fuyuan_desk.inspections.service.versions import checklist_names, checklists_on, dated_versions
from fuyuan_desk.kit.book import BookQuery, Known, Line, Option, faults
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table

TABLE = Table(RoundPlan, PlanFields, plan_book, holds=Holds.OFFICERS)
_DAY, _YEAR = timedelta(days=1), timedelta(days=364)
_SHOWN_DAYS, _SHOWN_NAMES = 10, 5


@permit(*STAFF)
def find_plans(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[PlanFields]]:
    """List a window of the matching plans, by name by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*STAFF)
def read_plan(seat: Seat, plan_id: int) -> Line[PlanFields]:
    """Return one plan."""
    with seat.reading() as session:
        return TABLE.read(session, plan_id)


@permit(*EVERYONE)
def plan_options(seat: Seat) -> tuple[Option, ...]:
    """Return the plans to choose from, in the order of their names; to a property company, those of its rounds."""
    with seat.reading() as session:
        query = select(RoundPlan.id, RoundPlan.name).order_by(RoundPlan.name, RoundPlan.id)
        if seat.operator.role is Role.PROPERTY:
            seen = session.scalars(select(PlannedRound.plan_id).distinct()).all()
            query = query.where(RoundPlan.id.in_(seen))
        return tuple(Option(row.id, row.name) for row in session.execute(query))


@permit(*STAFF)
def checklist_options(seat: Seat) -> tuple[Option, ...]:
    """Return the checklists to choose from: those that are not withdrawn, and those of plans."""
    with seat.reading() as session:
        known = {
            one.checklist.key
            for one in dated_versions(session)
            if one.withdrawn_on is None or one.withdrawn_on > seat.today()
        } | set(session.scalars(select(RoundPlan.checklist)))
        return tuple(Option(key, name) for key, name in checklist_names(session).items() if key in known)


def describe_plans(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names of plans by key, inside a running transaction."""
    return dict(session.execute(select(RoundPlan.id, RoundPlan.name).where(RoundPlan.id.in_(ids))).all())


@permit(*WRITERS)
def preview_plan(seat: Seat, fields: PlanFields, cases: Sequence[Subject] | None = None) -> PlanPreview:
    """Return what follows from a plan as typed: the rule in words, its objects, the days from today on."""
    with seat.reading() as session:
        _refuse_faults(session, fields, seat.today(), fields.from_on)
        places = places_of_plan(session, fields, cases)
        calendar = office_calendar(session)
    schedule = rules.schedule_of(fields)
    first = max(schedule.from_on, seat.today())
    is_before_due = schedule.every.unit is Unit.DUE
    found = _before_due(schedule, places or (), first, calendar) if is_before_due else []
    days = found if is_before_due else round_days(schedule, first, first + _YEAR, calendar)
    count = sum(one.times for one in days)
    undated = sum(place.due is None for place in places or ()) if is_before_due else 0
    return PlanPreview(
        rules.sentence(schedule),
        None if places is None else len(places),
        tuple(f"{one.subject} {one.place}".strip() for one in places[:_SHOWN_NAMES]) if places else (),
        None if places is None else count if is_before_due else count * len(places),
        tuple(sorted({one.day for one in days}))[:_SHOWN_DAYS],
        sum(not one.is_checked for one in days),
        undated,
        len(places) - undated - count if is_before_due and places else 0,
        _unsettled(schedule, days, calendar),
    )


def _unsettled(schedule: Schedule, days: Sequence[RoundDay], calendar: Calendar) -> int | None:
    if not days or schedule.holidays is OnHoliday.KEEP:
        return None
    return calendar.unsettled_year(days[0].day, days[-1].day)


def _before_due(
    schedule: Schedule, places: Sequence[Place], first: date, calendar: Calendar
) -> list[RoundDay]:
    """Return the rounds in a year before what is due, one for each object that has one."""
    known = (one.due for one in places if one.due is not None)
    found = (round_day_before(schedule, due, calendar, first) for due in known)
    return [one for one in found if one is not None and one.day <= first + _YEAR]


def _refuse_faults(session: Session, fields: PlanFields, today: date, begun: date | None) -> None:
    refuse_wrong(faults(plan_book(), fields))
    day = max(today, fields.from_on or today)
    checklists = {(one.key, kind) for kind in SubjectKind for one in checklists_on(session, kind, day)}
    refuse_wrong(rules.plan_faults(fields, today, checklists, begun))


@permit(*WRITERS)
def save_plan(
    seat: Seat,
    fields: PlanFields,
    known: Known | None = None,
    kept: Collection[str] = (),
    cases: Sequence[Subject] | None = None,
) -> Saved:
    """Add a plan, or change the one read as `known`, and plan its rounds ahead.

    A change of the rule of a plan that has begun ends it and puts another plan in its place, from the first day as
    typed or from today: rounds before it stay as they are.
    """
    with seat.transaction() as session:
        row = None if known is None else TABLE.get(session, known.id)
        today = seat.today() if row is None else planned_day(session, row.id, seat.today())
        if row is not None and row.replaced_by is not None:
            raise Conflict(_("Another plan took the place of this one. Change that one."))
        _refuse_faults(session, fields, today, None if row is None else row.from_on)
        old = None if row is None else fields_of(row)
        if row is not None and row.until_on is not None and row.until_on < today:
            end_at_last_day(session, row, today, cases)
        told: list[str] = []
        if row is not None and old is not None and row.from_on < today and _is_moved(old, fields):
            saved, doubt = _replace(session, row, fields, known, today)
            told.append(doubt)
        else:
            saved = TABLE.save(session, fields, known, kept)
        if places_of_plan(session, fields, cases) == ():
            told.append(_("Nothing fits this rule yet; rounds follow once something does."))
        plan_ahead(session, TABLE.get(session, saved.id), today, cases)
        return Saved(saved.id, saved.version, doubts=tuple(told))


def _is_moved(old: PlanFields, new: PlanFields) -> bool:
    return rules.is_ruled_anew(old, new) or (old.from_on != new.from_on)


def _replace(
    session: Session, row: RoundPlan, fields: PlanFields, known: Known | None, today: date
) -> tuple[Saved, str]:
    """End a plan that has begun, and add the one that takes its place; return what is to be told, too."""
    assert fields.from_on is not None
    since = max(fields.from_on, today)
    if row.until_on is not None and since > row.until_on:
        message = _("The plan ends before this day. Enter an earlier one.")
        raise InvalidInput(message, {"from_on": message})
    old = replace(fields_of(row), until_on=since - _DAY)
    TABLE.save(session, old, known)
    remove_open(session, row.id, since)
    saved = TABLE.save(session, replace(fields, from_on=since))
    row.replaced_by = saved.id
    session.flush()
    return saved, _("The new rule holds from {day}; rounds before stay as they were.").format(day=since)


@permit(*WRITERS)
def remove_plan(seat: Seat, plan_id: int) -> str:
    """Remove a plan of which no round has come yet, and return its name; another one is ended."""
    with seat.transaction() as session:
        horizon = horizon_of(session, plan_id)
        if horizon is not None:
            remove_open(session, plan_id, planned_day(session, plan_id, seat.today()))
            session.delete(horizon)
        return TABLE.remove(session, plan_id)


@permit(*STAFF)
def plan_history(seat: Seat, plan_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a plan, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, plan_id)


@permit(*REVEALERS)
def plans_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[PlanFields]]:
    """Return the filtered plans for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*STAFF)
def plans_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered plans for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
