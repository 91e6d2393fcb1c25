"""The sheets of planned rounds, printed together: which rounds are wanted, and their sheets in the order of the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.estates.service.for_other_jobs import estate_names, gates_of
from fuyuan_desk.formats.names import names_apart
from fuyuan_desk.inspections.catalogue import checklist_name
from fuyuan_desk.inspections.facts import RoundToPrint, Subject
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, RoundPlan
from fuyuan_desk.inspections.rules.checklists import Dated, offered
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.rules.route import Stop
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind
from fuyuan_desk.inspections.service.page_data import Sheets, drafted
from fuyuan_desk.inspections.service.printed import printed_with
from fuyuan_desk.inspections.service.rechecks import Failure
from fuyuan_desk.inspections.service.round_sheets import open_rounds, sheets_of_rounds
from fuyuan_desk.inspections.service.rounds import MOST_TOLERANCE
from fuyuan_desk.inspections.service.sheet_data import Draft, blank_draft, failures_of_subjects
from fuyuan_desk.inspections.service.subjects import equipment_of_places, estate_subject
from fuyuan_desk.inspections.service.versions import dated_versions
from fuyuan_desk.inspections.sheets import Duty
from fuyuan_desk.standards.facts import Standing
from fuyuan_desk.standards.service.tiers import standings
from fuyuan_desk.store.db import functions

LONGEST = 31
"""The most days whose sheets are printed together."""


@permit(*EVERYONE)
def rounds_to_print(
    seat: Seat, first: date, last: date, cases: Sequence[Subject] = ()
) -> tuple[RoundToPrint, ...]:
    """List the open rounds whose sheets are wanted for some days, both included, by person and day.

    They are those of these days, and earlier ones that are still on time on the first of them. `cases` are the
    renovations under way.
    """
    if last < first or (last - first).days >= LONGEST:
        message = _("Choose the first and the last day, at most {n} days together.").format(n=LONGEST)
        raise InvalidInput(message, {"last": message})
    with seat.reading() as session:
        rows = session.scalars(
            select(PlannedRound)
            .where(PlannedRound.outcome == Outcome.OPEN)
            .where(PlannedRound.day.between(first - MOST_TOLERANCE, last), PlannedRound.latest_on >= first)
            .order_by(PlannedRound.lead, PlannedRound.day, PlannedRound.id)
        ).all()
        return _described(session, rows, {case.id for case in cases}, seat.today())


def _described(
    session: Session, rows: Sequence[PlannedRound], cases: Collection[int], today: date
) -> tuple[RoundToPrint, ...]:
    names = estate_names(session)
    stops = _stops(session, names, rows)
    sheets = sheets_of_rounds(session, rows)
    plans = _plans(session, rows)
    versions = dated_versions(session)
    found = []
    for row in rows:
        asked = _checklist(versions, row, plans[row.plan_id].checklist, today)
        sheet = sheets.get(row.id)
        found.append(
            RoundToPrint(
                row.id, row.day, row.latest_on, row.lead, plans[row.plan_id].name, row.estate_id,
                names.get(row.estate_id, ""), row.subject, row.place,
                "" if asked is None else checklist_name(asked), stops[row.id],
                "" if sheet is None else sheet.number, None if sheet is None else sheet.printed_at,
                _trouble(row, asked, sheet, cases),
            )
        )  # fmt: skip
    return tuple(found)


def _trouble(
    row: PlannedRound, asked: Checklist | None, sheet: PrintedSheet | None, cases: Collection[int]
) -> str:
    if row.subject_kind == SubjectKind.RENOVATION and row.subject_id not in cases:
        return _("The renovation is not under way any more. Leave this round out.")
    if asked is None and sheet is None:
        return _("The checklist of the plan does not count on this day. Choose another one in the plan.")
    return ""


def _plans(session: Session, rows: Sequence[PlannedRound]) -> dict[int, RoundPlan]:
    ids = functions.keys([row.plan_id for row in rows])
    return {plan.id: plan for plan in session.scalars(select(RoundPlan).where(RoundPlan.id.in_(ids)))}


def _checklist(versions: Sequence[Dated], row: PlannedRound, key: str, today: date) -> Checklist | None:
    """Return the version of a plan's checklist that counts when a round is made, None if none does."""
    counting = offered(versions, SubjectKind(row.subject_kind), max(row.day, today))
    return next((one for one in counting if one.key == key), None)


def _stops(session: Session, names: Mapping[int, str], rows: Sequence[PlannedRound]) -> dict[int, Stop]:
    """Return where rounds are on the way: estates, buildings and gates in their natural order."""
    estates = {key: rank for rank, key in enumerate(names)}
    ranks: dict[tuple[int, str], int] = {}
    labels: dict[int, str] = {}
    for gates in gates_of(session, {row.estate_id for row in rows}).values():
        for rank, gate in enumerate(gates):
            ranks.setdefault((gate.building_id, gate.building), rank)
            ranks[gate.building_id, gate.building + gate.entrance] = rank
            labels[gate.building_id] = gate.building
    found = {}
    for row in rows:
        label = labels.get(row.building_id, "") if row.building_id is not None else ""
        # a facility stands where its building is; a building that was removed is no place on the way
        rank = ranks.get((row.building_id or 0, row.place), ranks.get((row.building_id or 0, label), -1))
        found[row.id] = Stop(estates.get(row.estate_id, len(estates)), label, rank)
    return found


@dataclass(frozen=True)
class _Places:
    """What sheets of rounds say of their places: subjects of estates, equipment, tiers, what failed last time."""

    subjects: Mapping[tuple[str, int], Subject]
    equipment: Mapping[tuple[int, int | None], Presences]
    standings: Mapping[int, Standing]
    failures: Mapping[tuple[SubjectKind, int], Sequence[Failure]]


@permit(*EVERYONE)
def round_previews(seat: Seat, ids: Sequence[int], cases: Sequence[Subject] = ()) -> Sheets:
    """Return the sheets of open rounds in the order of `ids`, to be looked at and numbered by `number_papers`.

    A round whose sheet is out already has that one, under its number. `cases` are the renovations under way.
    """
    with seat.reading() as session:
        rows = open_rounds(session, ids)
        ordered = [rows[key] for key in dict.fromkeys(ids)]
        drafts = _drafts(session, ordered, cases, seat.today())
    return replace(drafted(seat, drafts), hands_over=True)


def _drafts(
    session: Session, rows: Sequence[PlannedRound], cases: Sequence[Subject], today: date
) -> tuple[Draft, ...]:
    described = {one.id: one for one in _described(session, rows, {case.id for case in cases}, today)}
    trouble = next((one.trouble for one in described.values() if one.trouble), "")
    if trouble:
        raise Conflict(trouble)
    sheets, plans, versions = sheets_of_rounds(session, rows), _plans(session, rows), dated_versions(session)
    known = _places(session, rows, cases, today)
    drafts = []
    for row in rows:
        sheet = sheets.get(row.id)
        if sheet is None:
            asked = _checklist(versions, row, plans[row.plan_id].checklist, today)
        else:
            asked = printed_with(session, sheet)
        if asked is None:
            raise Conflict(_("The checklist of a sheet is not known here any more. Write the sheet off."))
        drafts.append(_draft(row, asked, sheet, known, plans[row.plan_id]))
    return tuple(drafts)


def _places(session: Session, rows: Sequence[PlannedRound], cases: Sequence[Subject], today: date) -> _Places:
    estates = {row.estate_id for row in rows}
    subjects = {(str(case.kind), case.id): case for case in cases}
    of_estates = {row.subject_id for row in rows if row.subject_kind == SubjectKind.ESTATE}
    subjects |= {(str(SubjectKind.ESTATE), key): estate_subject(session, key, today) for key in of_estates}
    places = {(row.estate_id, row.building_id) for row in rows}
    return _Places(
        subjects,
        equipment_of_places(session, places),
        standings(session, today, estates),
        failures_of_subjects(session, subjects.values()),
    )


def _draft(
    row: PlannedRound, asked: Checklist, sheet: PrintedSheet | None, known: _Places, plan: RoundPlan
) -> Draft:
    subject = replace(
        known.subjects[row.subject_kind, row.subject_id],
        place=row.place,
        place_key=row.place_key,
        building_id=row.building_id,
    )
    equipment = known.equipment[row.estate_id, row.building_id]
    failures = known.failures.get((subject.kind, subject.id), ())
    draft = blank_draft(
        subject, asked, equipment, known.standings.get(row.estate_id), Party(plan.party), failures
    )
    others = tuple(one for one in names_apart(plan.persons) if one != row.lead)
    duty = Duty(row.lead, row.day, row.latest_on, asked.name, row.serial, others)
    printed = replace(draft.sheet, duty=duty)
    if sheet is None:
        return replace(draft, sheet=printed, round_id=row.id)
    numbered = replace(printed, number=sheet.number, uid=sheet.uid)
    return replace(draft, sheet=numbered, round_id=row.id, printed=sheet.id)
