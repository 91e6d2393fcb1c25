"""Planning rounds ahead: those that a plan asks for are added, those it asks for no more are removed.

What is done, left out or past stays as it is, however often rounds are planned; a clock that was set back changes
nothing before the day on which they were planned last.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    round_day_before,
    round_days,
    wanted_before,
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
    place_key: str
    day: date
    serial: int
    subject: str
    earliest_on: date
    latest_on: date
    lead: str
    is_checked: bool

    @property
    def of(self) -> tuple[object, ...]:
        """What tells the objects of a plan apart."""
        return self.subject_kind, self.subject_id, self.place

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the rounds of a plan apart."""
        return *self.of, self.day, self.serial

    @property
    def same(self) -> tuple[object, ...]:
        """What an open round is planned anew for, if it changes."""
        return (
            self.subject, self.building_id, self.place_key, self.earliest_on, self.latest_on, self.lead,
            self.is_checked,
        )  # fmt: skip


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
    calendar = calendar or office_calendar(session)
    # the rounds before what is due follow from those that it had, whenever that was
    known = _known(session, plan, date.min if fields.unit == Unit.DUE else first)
    there = _there_before(session, plan, fields, done, calendar) if first < now else None
    kept, new = set(), []
    for wanted in _wanted(fields, places, (first, now, last), calendar, known):
        if there is not None and wanted.day < now and wanted.of not in there:
            continue  # nobody could have gone there
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
    """Let a check that the party of the plan had made count for the open round before it by its date.

    It does so whenever it was recorded.
    """
    is_open = (PlannedRound.plan_id == plan.id) & (PlannedRound.outcome == Outcome.OPEN)
    since = now - _LONGEST_BEFORE
    begun = PlannedRound.day.between(since, now + _LONGEST_BEFORE) & (PlannedRound.earliest_on <= now)
    rows = session.scalars(select(PlannedRound).where(is_open, begun)).all()
    with in_chinese():  # as the rounds name their places
        estates = {row.estate_id for row in rows}
        checks = checks_since(session, fields.facility_kind, estates, plan.party, since) if rows else {}
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


_Known = Mapping[tuple[object, ...], _Row]


def _known(session: Session, plan: RoundPlan, first: date) -> _Known:
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


def _there_before(
    session: Session, plan: RoundPlan, fields: PlanFields, done: RoundHorizon | None, calendar: Calendar
) -> set[tuple[object, ...]] | None:
    """Return the objects for which rounds were planned last, None if the rule asked for none in that time."""
    if done is None:
        return None
    span = max(done.planned_on, plan.from_on), done.planned_to
    if not round_days(rules.schedule_of(fields), *span, calendar):
        return None
    columns = PlannedRound.subject_kind, PlannedRound.subject_id, PlannedRound.place
    before = select(RoundPlan.id).where(RoundPlan.replaced_by == plan.id)
    mine = or_(PlannedRound.plan_id == plan.id, PlannedRound.plan_id.in_(before))
    rows = session.execute(select(*columns).where(mine, PlannedRound.day.between(*span)).distinct())
    return {tuple(row) for row in rows}


def _wanted(
    fields: PlanFields,
    places: Sequence[Place],
    span: tuple[date, date, date],
    calendar: Calendar,
    known: _Known,
) -> Iterator[_Wanted]:
    """Yield the rounds that a plan asks for, object by object; `span`: the first day, that of planning, the last."""
    first, now, last = span
    schedule = rules.schedule_of(fields)
    if schedule.every.unit is Unit.DUE:
        had: defaultdict[tuple[object, ...], list[_Row]] = defaultdict(list)
        for key, row in known.items():
            had[key[:3]].append(row)
        for place in places:
            rows = had[str(place.kind), place.subject_id, place.place]
            found = _before_due(schedule, place.due, now, calendar, rows)
            if found is not None and found.day <= last:
                yield from _of_place(place, _dated(fields, schedule, [found]))
        return
    dated = _dated(fields, schedule, round_days(schedule, first, last, calendar))
    for place in places:
        yield from _of_place(place, dated)


def _before_due(
    schedule: Schedule, due: date | None, now: date, calendar: Calendar, rows: Sequence[_Row]
) -> RoundDay | None:
    """Return the round of a facility before its check, today at the earliest; None if it had it, or has no check."""
    if due is None:
        return None
    wanted = wanted_before(schedule, due, calendar)
    if any(row.day >= wanted and (row.day < now or row.is_fixed) for row in rows):
        return None
    return round_day_before(schedule, due, calendar, now)


_Dated = tuple[date, int, date, date, str, bool]


def _dated(fields: PlanFields, schedule: Schedule, days: Sequence[RoundDay]) -> list[_Dated]:
    early, late = timedelta(days=schedule.early), timedelta(days=schedule.late)
    return [
        (one.day, serial, one.day - early, one.day + late, rules.lead_on(fields, one.day), one.is_checked)
        for one in days
        for serial in range(1, one.times + 1)
    ]


def _of_place(place: Place, dated: Sequence[_Dated]) -> Iterator[_Wanted]:
    what = (
        place.estate_id, str(place.kind), place.subject_id, place.building_id, place.place, place.place_key,
    )  # fmt: skip
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


def end_at_last_day(
    session: Session, plan: RoundPlan, today: date, cases: Sequence[Subject] | None = None
) -> None:
    """Plan a plan that has ended up to its end; if it is extended, no round is planned for the days since."""
    plan_ahead(session, plan, today, cases)
    done = horizon_of(session, plan.id)
    if done is not None:
        done.planned_to = max(done.planned_to, today - timedelta(days=1))


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
