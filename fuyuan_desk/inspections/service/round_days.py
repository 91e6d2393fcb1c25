"""Planning rounds ahead: those that a plan asks for are added, those it asks for no more are removed.

What is done, left out or past stays as it is, however often rounds are planned; a clock that was set back changes
nothing before the day on which they were planned last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.facilities.service.equipment import checks_since
from fuyuan_desk.inspections.facts import Place, PlanFields, Subject
from fuyuan_desk.inspections.records import PlannedRound, RoundHorizon, RoundPlan
from fuyuan_desk.inspections.rules import round_plans as rules
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.rules.rounds import (
    HORIZON_DAYS,
    MOST,
    RoundDay,
    Schedule,
    Unit,
    late_round_day,
    round_day_before,
    round_days,
)
from fuyuan_desk.inspections.service.round_places import places_of_plan
from fuyuan_desk.store.audit.bulk_insert import insert_blocks, remove_range

_BLOCK = 5_000
_LONGEST_BEFORE = timedelta(days=MOST[Unit.DUE] + 31)
"""No round is longer before the day on which its facility is due."""


class _Wanted(NamedTuple):
    """A round as it should be; what the columns of `PlannedRound` of the same names hold."""

    estate_id: int
    subject_kind: str
    subject_id: int
    building_id: int | None
    place: str
    day: date
    serial: int
    subject: str
    earliest_on: date
    latest_on: date
    lead: str
    is_checked: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the rounds of a plan apart."""
        return self.subject_kind, self.subject_id, self.place, self.day, self.serial

    @property
    def same(self) -> tuple[object, ...]:
        """What an open round is planned anew for, if it changes."""
        return self.subject, self.building_id, self.earliest_on, self.latest_on, self.lead, self.is_checked


@permit(*WRITERS)
def plan_rounds(
    seat: Seat,
    cases: Sequence[Subject] | None = None,
    horizon: int = HORIZON_DAYS,
    calendar: Calendar | None = None,
) -> int:
    """Plan the rounds of all plans ahead, and return how many are new.

    Plans of renovations are left as they are unless `cases`, those under way, are handed in.
    """
    with seat.transaction() as session:
        today = seat.today()
        # one that has ended may have days that nobody saw yet
        seen = (
            select(RoundHorizon.plan_id)
            .where(RoundHorizon.planned_to >= RoundPlan.until_on)
            .correlate(RoundPlan)
        )
        is_past = (RoundPlan.until_on < today) & RoundPlan.id.in_(seen)
        runs = or_(RoundPlan.until_on.is_(None), ~is_past)
        plans = session.scalars(select(RoundPlan).where(runs).order_by(RoundPlan.id)).all()
        return sum(plan_ahead(session, plan, today, cases, horizon, calendar) for plan in plans)


def fields_of(plan: RoundPlan) -> PlanFields:
    """Return the fields of a plan's row."""
    values = {name: getattr(plan, name) for name in PlanFields.__dataclass_fields__}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return PlanFields(**{**values, **lists})


def plan_ahead(
    session: Session,
    plan: RoundPlan,
    today: date,
    cases: Sequence[Subject] | None = None,
    horizon: int = HORIZON_DAYS,
    calendar: Calendar | None = None,
) -> int:
    """Plan the rounds of a plan ahead inside a running transaction, and return how many are new."""
    fields = fields_of(plan)
    places = places_of_plan(session, fields, cases)
    if places is None:
        if plan.until_on is not None:
            since = planned_day(session, plan.id, today)
            remove_open(session, plan.id, max(plan.until_on + timedelta(days=1), since))
        return 0
    done = horizon_of(session, plan.id)
    now = planned_day(session, plan.id, today)
    last = now + timedelta(days=horizon)
    first = plan.from_on
    if done is not None:
        last, first = max(last, done.planned_to), min(now, done.planned_to + timedelta(days=1))
    if fields.unit == Unit.DUE:
        _count_checks(session, plan, fields, now)
    known = _known(session, plan, first)
    kept, new = set(), []
    calendar = calendar or office_calendar(session)
    for wanted in _wanted(fields, places, first, last, calendar, _late_days(session, plan, fields, now)):
        row = known.get(wanted.key)
        if row is not None and (row.is_fixed or row.same == wanted.same):
            kept.add(row.id)
        else:
            new.append(wanted)
    mine = (row for row in known.values() if row.plan_id == plan.id and not row.is_fixed and row.day >= now)
    _remove(session, [row.id for row in mine if row.id not in kept])
    _insert(session, plan.id, new)
    _note(session, plan.id, done, now, last)
    return len(new)


def _count_checks(session: Session, plan: RoundPlan, fields: PlanFields, now: date) -> None:
    """Let the check of a facility count for the open round before it by its date, whenever it was recorded."""
    is_open = (PlannedRound.plan_id == plan.id) & (PlannedRound.outcome == Outcome.OPEN)
    since = now - _LONGEST_BEFORE
    begun = PlannedRound.day.between(since, now + _LONGEST_BEFORE) & (PlannedRound.earliest_on <= now)
    rows = session.scalars(select(PlannedRound).where(is_open, begun)).all()
    with in_chinese():  # as the rounds name their places
        estates = {row.estate_id for row in rows}
        checks = checks_since(session, fields.facility_kind, estates, since) if rows else {}
    for row in rows:
        latest = row.day + timedelta(days=max(fields.times, fields.late))
        days = checks.get((row.estate_id, row.place), ())
        done = next((day for day in days if row.earliest_on <= day <= latest), None)
        if done is not None:
            row.outcome, row.visited_on = Outcome.DONE, done
    session.flush()


@dataclass(frozen=True)
class _Row:
    """A round that is stored; `is_fixed`: it is done or left out."""

    id: int
    plan_id: int
    day: date
    is_fixed: bool
    same: tuple[object, ...]


def _known(session: Session, plan: RoundPlan, first: date) -> dict[tuple[object, ...], _Row]:
    """Return the rounds of a plan from a day on by what tells them apart, and what was done of those it replaced."""
    before = select(RoundPlan.id).where(RoundPlan.replaced_by == plan.id)
    is_fixed = PlannedRound.outcome != Outcome.OPEN
    own = or_(PlannedRound.plan_id == plan.id, is_fixed & PlannedRound.plan_id.in_(before))
    columns = (getattr(PlannedRound, name) for name in ("id", "plan_id", "outcome", *_Wanted._fields))
    rows = session.execute(select(*columns).where(own, PlannedRound.day >= first)).all()
    found = {}
    for key, plan_id, outcome, *values in rows:
        stored = _Wanted(*values)
        found[stored.key] = _Row(key, plan_id, stored.day, outcome != Outcome.OPEN, stored.same)
    return found


@dataclass(frozen=True)
class _Late:
    """The day from which rounds are planned, and the days of those planned by place for what is due soon."""

    now: date
    planned: Mapping[str, Collection[date]]


def _late_days(session: Session, plan: RoundPlan, fields: PlanFields, now: date) -> _Late:
    """Return what is planned for facilities that are due, which may be recorded after the day of their round."""
    planned: defaultdict[str, list[date]] = defaultdict(list)
    if fields.unit == Unit.DUE:
        replaced = select(RoundPlan.id).where(RoundPlan.replaced_by == plan.id)
        own = or_(PlannedRound.plan_id == plan.id, PlannedRound.plan_id.in_(replaced))
        rows = select(PlannedRound.estate_id, PlannedRound.place, PlannedRound.day)
        for estate_id, place, day in session.execute(
            rows.where(own, PlannedRound.day >= now - _LONGEST_BEFORE)
        ):
            planned[f"{estate_id} {place}"].append(day)
    return _Late(now, planned)


def _wanted(
    fields: PlanFields,
    places: Sequence[Place],
    first: date,
    last: date,
    calendar: Calendar,
    late: _Late,
) -> Iterator[_Wanted]:
    """Yield the rounds that a plan asks for between two days, object by object."""
    schedule = rules.schedule_of(fields)
    if schedule.every.unit is Unit.DUE:
        for place in places:
            found = None if place.due is None else _before_due(schedule, place, place.due, calendar, late)
            if found is not None and first <= found.day <= last:
                yield from _of_place(place, _dated(fields, schedule, [found]))
        return
    dated = _dated(fields, schedule, round_days(schedule, first, last, calendar))
    for place in places:
        yield from _of_place(place, dated)


def _before_due(
    schedule: Schedule, place: Place, due: date, calendar: Calendar, late: _Late
) -> RoundDay | None:
    found = round_day_before(schedule, due, calendar)
    if found is not None and found.day >= late.now:
        return found
    planned = late.planned.get(f"{place.estate_id} {place.place}", ())
    return late_round_day(schedule, due, late.now, planned, calendar)


_Dated = tuple[date, int, date, date, str, bool]


def _dated(fields: PlanFields, schedule: Schedule, days: Sequence[RoundDay]) -> list[_Dated]:
    early, late = timedelta(days=schedule.early), timedelta(days=schedule.late)
    return [
        (one.day, serial, one.day - early, one.day + late, rules.lead_on(fields, one.day), one.is_checked)
        for one in days
        for serial in range(1, one.times + 1)
    ]


def _of_place(place: Place, dated: Sequence[_Dated]) -> Iterator[_Wanted]:
    what = place.estate_id, str(place.kind), place.subject_id, place.building_id, place.place
    for day, serial, earliest, latest, lead, is_checked in dated:
        yield _Wanted(*what, day, serial, place.subject, earliest, latest, lead, is_checked)


def _insert(session: Session, plan_id: int, new: Sequence[_Wanted]) -> None:
    if new:
        columns = dict(zip(_Wanted._fields, map(list, zip(*new, strict=True)), strict=True))
        insert_blocks(session, PlannedRound, {"plan_id": [plan_id] * len(new), **columns}, _BLOCK)


def _remove(session: Session, stale: Sequence[int]) -> None:
    if stale:
        span = range(min(stale), max(stale) + 1)
        within = select(PlannedRound.id).where(PlannedRound.id.between(span[0], span[-1]))
        remove_range(session, PlannedRound, span, set(session.scalars(within)) - set(stale))


def remove_open(session: Session, plan_id: int, since: date) -> None:
    """Remove the open rounds of a plan from a day on, inside a running transaction."""
    is_open = PlannedRound.outcome == Outcome.OPEN
    query = select(PlannedRound.id).where(PlannedRound.plan_id == plan_id, PlannedRound.day >= since, is_open)
    _remove(session, session.scalars(query).all())


def horizon_of(session: Session, plan_id: int) -> RoundHorizon | None:
    """Return how far a plan's rounds are planned, None if none are yet."""
    return session.scalars(select(RoundHorizon).where(RoundHorizon.plan_id == plan_id)).one_or_none()


def planned_day(session: Session, plan_id: int, today: date) -> date:
    """Return from which day on a plan's rounds may still change: a clock that was set back opens no past one."""
    done = horizon_of(session, plan_id)
    return today if done is None else max(today, done.planned_on)


def _note(session: Session, plan_id: int, done: RoundHorizon | None, now: date, last: date) -> None:
    row = RoundHorizon(plan_id=plan_id) if done is None else done
    row.planned_on, row.planned_to = now, last
    session.add(row)
    session.flush()
