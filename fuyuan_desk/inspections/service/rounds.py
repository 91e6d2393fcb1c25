"""Services on planned rounds: list them, fill them with visits, leave one out; what of them is due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.dues import Task
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible_lines
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.inspections.book import round_book
from fuyuan_desk.inspections.facts import RoundFields
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, RoundPlan, Visit
from fuyuan_desk.inspections.rules import round_plans as rules
from fuyuan_desk.inspections.rules.round_plans import MISSED_DAYS, Outcome
from fuyuan_desk.inspections.rules.rounds import OnHoliday, OpenRound, Standing, fitting, standing
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind
from fuyuan_desk.inspections.service.round_plans import describe_plans
from fuyuan_desk.inspections.service.round_sheets import sheets_of_rounds
from fuyuan_desk.inspections.service.subjects import equipment_at
from fuyuan_desk.inspections.service.versions import checklist_names, checklists_on
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table

MOST_TOLERANCE = timedelta(days=60)
"""No round is on time further from its day."""
_LONGEST_REASON = 500


def table_on(today: date) -> Table[PlannedRound, RoundFields]:
    """Return the table of rounds as it is listed on a day: what is due, missed lately, planned, and the rest."""
    is_open = PlannedRound.outcome == Outcome.OPEN
    lately = PlannedRound.latest_on >= today - timedelta(days=MISSED_DAYS)
    rank = case(
        (is_open & (PlannedRound.earliest_on <= today) & (PlannedRound.latest_on >= today), 0),
        (is_open & (PlannedRound.latest_on < today) & lately, 1),
        (is_open & (PlannedRound.earliest_on > today), 2),
        else_=3,
    )

    def standings(_session: Session, rows: Sequence[PlannedRound]) -> dict[int, Standing]:
        return {row.id: standing_of(row, today) for row in rows}

    def unsettled(session: Session, rows: Sequence[PlannedRound]) -> dict[int, int]:
        return _unsettled(session, [row for row in rows if row.day >= today])

    return Table(
        PlannedRound,
        RoundFields,
        round_book,
        references={"estate_id": describe_estates, "plan_id": describe_plans},
        extras={"standing": standings, "unsettled": unsettled},
        orders={"day": (rank, PlannedRound.day)},
        holds=Holds.OFFICERS,
    )


def _unsettled(session: Session, rows: Sequence[PlannedRound]) -> dict[int, int]:
    """Return the year whose holidays are not published yet, by the open rounds whose day may move with them."""
    calendar = office_calendar(session)
    years = {row.id: calendar.unsettled_year(row.day, row.day) for row in rows if row.outcome == Outcome.OPEN}
    if not any(years.values()):
        return {}
    moved = select(RoundPlan.id).where(
        RoundPlan.id.in_({row.plan_id for row in rows}), RoundPlan.holidays != OnHoliday.KEEP
    )
    plans = set(session.scalars(moved))
    found = {row.id: years.get(row.id) for row in rows if row.plan_id in plans}
    return {key: year for key, year in found.items() if year is not None}


def standing_of(row: PlannedRound, today: date) -> Standing:
    """Return how a round stands on a day."""
    visited_on = row.visited_on if row.outcome == Outcome.DONE else None
    is_skipped = row.outcome == Outcome.SKIPPED
    return standing(row.earliest_on, row.latest_on, visited_on, is_skipped, today, row.skipped_on)


@permit(*EVERYONE)
def list_rounds(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[RoundFields]]:
    """List a window of the matching rounds, those that are due first by default."""
    with seat.reading() as session:
        return table_on(seat.today()).find(session, query or BookQuery(), offset, limit)


def round_outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and plan of rounds by key, omitting those that are gone."""
    rows = session.scalars(select(PlannedRound).where(PlannedRound.id.in_(ids))).all()
    names = describe_plans(session, {row.plan_id for row in rows})
    return {
        row.id: (f"{row.subject} {row.place} {row.day}".replace("  ", " "), names.get(row.plan_id, ""))
        for row in rows
    }


@permit(*REVEALERS)
def rounds_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[RoundFields]]:
    """Return the filtered rounds for an export, and audit this."""
    with seat.transaction() as session:
        return table_on(seat.today()).export(seat, session, order, query)


@permit(*EVERYONE)
def rounds_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered rounds for printing, and audit this."""
    with seat.transaction() as session:
        return table_on(seat.today()).paper(seat, session, query)


@dataclass(frozen=True)
class RoundToLog:
    """A round for which a visit is to be logged; `visit_id` is the visit that has filled it, None before.

    `checklist` is the key of the one that its plan asks for, `party` who goes; `sheet_id` is its printed
    sheet that is out, None without one.
    """

    id: int
    estate_id: int
    kind: SubjectKind
    subject_id: int
    place: str
    lead: str
    visit_id: int | None
    checklist: str
    party: Party
    sheet_id: int | None = None


@permit(*EVERYONE)
def round_to_log(seat: Seat, round_id: int) -> RoundToLog:
    """Return a round for which a visit is to be logged."""
    with seat.reading() as session:
        row = table_on(seat.today()).get(session, round_id)
        if row.outcome == Outcome.DONE and row.visit_id is None:
            text = _("The check of the facility on {day} counts for this round; there is no visit to show.")
            raise Conflict(text.format(day=row.visited_on))
        sheet = sheets_of_rounds(session, [row]).get(round_id) if row.outcome == Outcome.OPEN else None
        plan = session.get_one(RoundPlan, row.plan_id)
        return RoundToLog(
            row.id,
            row.estate_id,
            SubjectKind(row.subject_kind),
            row.subject_id,
            row.place,
            row.lead,
            row.visit_id,
            plan.checklist,
            Party(plan.party),
            None if sheet is None else sheet.id,
        )


def place_of_round(
    session: Session, round_id: int, kind: SubjectKind, subject_id: int
) -> tuple[RecordedPlace, Presences] | None:
    """Return place and equipment of an open round of a subject, None if it is of another or filled already."""
    row = _open_round(session, round_id, kind, subject_id)
    if row is None:
        return None
    return RecordedPlace.of(row), equipment_at(session, row.estate_id, row.building_id)


def _open_round(session: Session, round_id: int, kind: str, subject_id: int) -> PlannedRound | None:
    row = session.get(PlannedRound, round_id)
    is_of_it = row is not None and (row.subject_kind, row.subject_id) == (kind, subject_id)
    return row if is_of_it and row is not None and row.outcome == Outcome.OPEN else None


@permit(*WRITERS)
def skip_round(seat: Seat, round_id: int, reason: str) -> Standing:
    """Leave out an open round, with the reason; one whose last day has passed stays missed."""
    reason = visible_lines(reason).strip()
    if not reason or len(reason) > _LONGEST_REASON:
        message = _("Enter why this round is left out, in at most {n} characters.").format(n=_LONGEST_REASON)
        raise InvalidInput(message, {"reason": message})
    with seat.transaction() as session:
        row = table_on(seat.today()).get(session, round_id)
        if row.outcome != Outcome.OPEN:
            raise Conflict(_("This round is done or left out already. Reload the list."))
        row.outcome, row.skipped_why, row.skipped_on = Outcome.SKIPPED, reason, seat.today()
        session.flush()
        return standing_of(row, seat.today())


@permit(*WRITERS)
def unskip_round(seat: Seat, round_id: int) -> Standing:
    """Plan a round again that was left out; that it was, and why, stays in the trail."""
    with seat.transaction() as session:
        row = table_on(seat.today()).get(session, round_id)
        if row.outcome != Outcome.SKIPPED:
            raise Conflict(_("This round is not left out any more. Reload the list."))
        row.outcome, row.skipped_why, row.skipped_on = Outcome.OPEN, "", None
        plan = session.get_one(RoundPlan, row.plan_id)
        # a plan that took the place of its own counted it as settled, and would ask for another one
        while row.day >= seat.today() and plan.replaced_by is not None:
            plan = session.get_one(RoundPlan, plan.replaced_by)
        row.plan_id = plan.id
        session.flush()
        return standing_of(row, seat.today())


# --- visits


def round_asked_for(
    session: Session, round_id: int | None, kind: str, subject_id: int, left_out_on: date | None = None
) -> PlannedRound | None:
    """Return the open round that a visit is logged for, None if it is of another subject or filled meanwhile.

    One that was left out is filled by a visit on a day on which it is on time, `left_out_on`.
    """
    if round_id is None:
        return None
    row = session.get(PlannedRound, round_id)
    if row is not None and left_out_on is not None and row.outcome == Outcome.SKIPPED:
        is_of_it = (row.subject_kind, row.subject_id) == (kind, subject_id)
        return row if is_of_it and row.earliest_on <= left_out_on <= row.latest_on else None
    return _open_round(session, round_id, kind, subject_id)


def round_faults(
    session: Session,
    asked: PlannedRound,
    checklist: Checklist,
    day: date,
    sheet: PrintedSheet | None,
    party: Party,
) -> dict[str, str]:
    """Return why a visit on a day does not fill the round that it is logged for, by the fields of the visit."""
    wrong = _far_away(asked, day)
    if sheet is not None and not _is_of_place(sheet, asked):
        text = _(
            "The sheet is for {sheet}, the round for {round}. Check the number, or log the visit by itself."
        )
        whole = _("the whole estate")
        wrong["sheet"] = text.format(sheet=sheet.place or whole, round=asked.place or whole)
    plan = session.get_one(RoundPlan, asked.plan_id)
    if plan.party != party:
        text = _("This round is one of “{name}”. Choose that party, or log the visit by itself.")
        wrong["party"] = text.format(name=Party(plan.party).label)
    wanted = plan.checklist
    counting = {one.key for one in checklists_on(session, checklist.subject, day)}
    # one that counts no longer cannot be asked
    if wanted != checklist.key and wanted in counting:
        text = _("This round is done with “{name}”. Choose that checklist, or log the visit by itself.")
        wrong.setdefault(
            "checklist" if sheet is None else "sheet", text.format(name=checklist_names(session)[wanted])
        )
    return wrong


def _far_away(asked: PlannedRound, day: date) -> dict[str, str]:
    if asked.earliest_on - MOST_TOLERANCE <= day <= asked.latest_on + MOST_TOLERANCE:
        return {}
    text = _("The round is planned for {day}, which is more than {n} days away. Check the day of the visit.")
    return {"at": text.format(day=asked.day, n=MOST_TOLERANCE.days)}


def _is_of_place(sheet: PrintedSheet, asked: PlannedRound) -> bool:
    """Return whether a sheet is for the place of a round, whatever its building is called meanwhile."""
    is_same_building = sheet.building_id is not None and sheet.building_id == asked.building_id
    return sheet.place == asked.place or (is_same_building and sheet.day == asked.day)


def fill_round(session: Session, visit: Visit, place: str, asked: PlannedRound | None) -> None:
    """Fill a round with a visit to a place: the one asked for, else the nearest that is on time."""
    day = visit.at.astimezone().date()
    row = asked or _fitting(session, visit, place, day)
    if row is not None:
        row.outcome, row.visit_id, row.visited_on = Outcome.DONE, visit.id, day
        row.skipped_why, row.skipped_on = "", None
        session.flush()


def fill_anew(session: Session, visit: Visit, place: str, is_of_sheet: bool, today: date) -> list[str]:
    """Let the rounds follow a visit that was on another day than was entered; return in words how they stand then.

    A visit that was on time for its round, and is not on the day, fills the round for which it is, and its own is open
    again. It stays with its round if there is none, if it was late or early for it – it was logged for that one –, or
    (`is_of_sheet`) if its sheet was printed for it. Raises `InvalidInput` for a day too far from that of its round.
    """
    day = visit.at.astimezone().date()
    filled = session.scalars(select(PlannedRound).where(PlannedRound.visit_id == visit.id)).first()
    stays = filled is not None and (
        is_of_sheet or not _is_on_time(filled, filled.visited_on) or _is_on_time(filled, day)
    )
    row = None if stays else _fitting(session, visit, place, day)
    rounds = [one for one in (filled, row) if one is not None]
    before = [rules.standing_text(standing_of(one, today)) for one in rounds]
    if filled is not None and row is not None:
        filled.outcome, filled.visit_id, filled.visited_on = Outcome.OPEN, None, None
    elif filled is not None:
        refuse_wrong(_far_away(filled, day))
    fill_round(session, visit, place, row or filled)
    plans = describe_plans(session, {one.plan_id for one in rounds})
    stand = zip(rounds, before, (rules.standing_text(standing_of(one, today)) for one in rounds), strict=True)
    return [
        _("{plan} of {day}: {before} → {after}").format(
            plan=plans.get(one.plan_id, ""), day=one.day, before=was, after=now
        )
        for one, was, now in stand
        if was != now
    ]


def _is_on_time(row: PlannedRound, day: date | None) -> bool:
    return day is not None and row.earliest_on <= day <= row.latest_on


def _fitting(session: Session, visit: Visit, place: str, day: date) -> PlannedRound | None:
    query = (
        select(PlannedRound)
        .join(RoundPlan, RoundPlan.id == PlannedRound.plan_id)
        .where(
            PlannedRound.estate_id == visit.estate_id,
            PlannedRound.day.between(day - MOST_TOLERANCE, day + MOST_TOLERANCE),
            PlannedRound.subject_kind == visit.subject_kind,
            PlannedRound.subject_id == visit.subject_id,
            PlannedRound.outcome == Outcome.OPEN,
            RoundPlan.checklist == visit.checklist,
            RoundPlan.party == visit.party,
        )
    )
    rows = {row.id: row for row in session.scalars(query)}
    facts = [
        OpenRound(row.id, row.day, row.earliest_on, row.latest_on, row.serial, row.place)
        for row in rows.values()
    ]
    found = fitting(facts, day, place)
    return None if found is None else rows[found.id]


def round_in_words(session: Session, visit_id: int, today: date) -> str:
    """Return which planned round a visit fills, and whether it was on time; '' for none."""
    row = session.scalars(select(PlannedRound).where(PlannedRound.visit_id == visit_id)).first()
    if row is None:
        return ""
    plan = describe_plans(session, [row.plan_id]).get(row.plan_id, "")
    state = rules.standing_text(standing_of(row, today))
    return _("{plan} of {day}: {state}").format(plan=plan, day=row.day, state=state)


# --- the first page


def round_tasks(session: Session, today: date) -> list[Task]:
    """List for each plan how many of its rounds are due, and how many were missed lately."""
    is_due = PlannedRound.latest_on >= today
    since = today - timedelta(days=MISSED_DAYS)
    query = (
        select(
            PlannedRound.plan_id,
            RoundPlan.name,
            func.sum(case((is_due, 1), else_=0)),
            func.count(PlannedRound.id),
        )
        .join(RoundPlan, RoundPlan.id == PlannedRound.plan_id)
        .where(
            PlannedRound.day.between(since - MOST_TOLERANCE, today + MOST_TOLERANCE),
            PlannedRound.outcome == Outcome.OPEN,
            PlannedRound.earliest_on <= today,
            PlannedRound.latest_on >= since,
        )
        .group_by(PlannedRound.plan_id, RoundPlan.name)
        .order_by(PlannedRound.plan_id)
    )
    found = (
        rules.plan_task(plan_id, name, int(due), int(count - due), today)
        for plan_id, name, due, count in session.execute(query)
    )
    return [task for task in found if task is not None]


def estates_with_plan(session: Session, today: date) -> Collection[int]:
    """Return the estates of which rounds are planned in the month of a day, or later."""
    query = select(PlannedRound.estate_id).where(PlannedRound.day >= today.replace(day=1)).distinct()
    return set(session.scalars(query))
