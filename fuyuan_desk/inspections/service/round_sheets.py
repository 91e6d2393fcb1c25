"""The sheets of planned rounds that are out, for other services inside their transactions."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, RoundPlan
from fuyuan_desk.inspections.rules.printed import SheetState
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.store.db import functions


def sheets_of_rounds(session: Session, rounds: Sequence[PlannedRound]) -> dict[int, PrintedSheet]:
    """Return the sheets that are out by the key of their round, omitting rounds without one.

    A round that was planned anew has the sheet that was printed before with its checklist for the same party, place and
    day, or the same building whatever it is called meanwhile.
    """
    if not rounds:
        return {}
    days = [row.day for row in rounds]
    sheets = session.scalars(
        select(PrintedSheet)
        .where(PrintedSheet.state == SheetState.OUT, PrintedSheet.round_id.is_not(None))
        .where(PrintedSheet.day.between(min(days), max(days)))
        .order_by(PrintedSheet.id)
    ).all()
    there = functions.keys([sheet.round_id for sheet in sheets if sheet.round_id is not None])
    known = set(session.scalars(select(PlannedRound.id).where(PlannedRound.id.in_(there))))
    found = {
        sheet.round_id: sheet for sheet in sheets if sheet.round_id is not None and sheet.round_id in known
    }
    left = [sheet for sheet in sheets if sheet.round_id not in known]
    if left:
        _match_again(session, [row for row in rounds if row.id not in found], left, found)
    asked = {row.id for row in rounds}
    return {key: sheet for key, sheet in found.items() if key in asked}


def _match_again(
    session: Session,
    rounds: Sequence[PlannedRound],
    left: Sequence[PrintedSheet],
    found: dict[int, PrintedSheet],
) -> None:
    """Add to `found` the sheets whose rounds were planned anew: by the text of the place, then by the building."""
    plans = functions.keys({row.plan_id for row in rounds})
    query = select(RoundPlan).where(RoundPlan.id.in_(plans))
    asked = {plan.id: (plan.checklist, plan.party) for plan in session.scalars(query)}
    free = {sheet.id: sheet for sheet in left}
    for where in (_of_place, _of_building):
        by_place: dict[tuple[object, ...], list[PrintedSheet]] = {}
        for sheet in free.values():
            by_place.setdefault((*where(sheet), sheet.checklist, sheet.party), []).append(sheet)
        for row in rounds:
            same = by_place.get((*where(row), *asked.get(row.plan_id, ())), [])
            is_place_known = where is _of_place or row.building_id is not None
            if row.id not in found and is_place_known and same:
                found[row.id] = free.pop(same.pop(0).id)


def round_of_sheet(session: Session, sheet: PrintedSheet) -> int | None:
    """Return the key of the round of a sheet, None for one without.

    A round that was planned anew, with another lead or after its building was renamed, is the open one with the same
    checklist for the same place or building on the same day.
    """
    if sheet.round_id is None or session.get(PlannedRound, sheet.round_id) is not None:
        return sheet.round_id
    same = (PlannedRound.subject_kind == sheet.subject_kind, PlannedRound.subject_id == sheet.subject_id)
    query = (
        select(PlannedRound)
        .join(RoundPlan, RoundPlan.id == PlannedRound.plan_id)
        .where(*same, PlannedRound.day == sheet.day, PlannedRound.outcome == Outcome.OPEN)
        .where(RoundPlan.checklist == sheet.checklist, RoundPlan.party == sheet.party)
        .order_by(PlannedRound.id)
    )
    rows = session.scalars(query).all()
    there = [row for row in rows if row.place == sheet.place]
    renamed = [row for row in rows if sheet.building_id is not None and row.building_id == sheet.building_id]
    return next((row.id for row in (*there, *renamed)), None)


def _of_place(row: PlannedRound | PrintedSheet) -> tuple[object, ...]:
    return row.subject_kind, row.subject_id, row.place, row.day


def _of_building(row: PlannedRound | PrintedSheet) -> tuple[object, ...]:
    return row.subject_kind, row.subject_id, row.building_id, row.day


def open_rounds(session: Session, ids: Collection[int]) -> dict[int, PlannedRound]:
    """Return rounds by key; raises `Conflict` if one was filled, left out or planned anew."""
    found = session.scalars(select(PlannedRound).where(PlannedRound.id.in_(functions.keys(ids))))
    rows = {row.id: row for row in found if row.outcome == Outcome.OPEN}
    if len(rows) < len(set(ids)):
        message = _("A round was done, left out or planned anew meanwhile. Choose the rounds again.")
        raise Conflict(message)
    return rows


def rounds_without_sheet(session: Session, ids: Collection[int]) -> dict[int, PlannedRound]:
    """Return the open rounds for which sheets are about to be printed, by key; none of them gets a second number.

    Raises `Conflict` if one is open no more, or if its sheet was printed meanwhile.
    """
    rows = open_rounds(session, ids)
    sheet = next(iter(sheets_of_rounds(session, list(rows.values())).values()), None)
    if sheet is not None:
        message = _("Sheet {number} was printed for one of these rounds meanwhile. Choose the rounds again.")
        raise Conflict(message.format(number=sheet.number))
    return rows


def print_again(session: Session, sheet_id: int, planned: PlannedRound) -> PrintedSheet:
    """Return a sheet that is printed again under its number, for its round as it is planned now.

    Raises `Conflict` unless it is still out.
    """
    row = session.get(PrintedSheet, sheet_id)
    if row is None or row.state != SheetState.OUT:
        raise Conflict(_("A sheet was entered or written off meanwhile. Choose the rounds again."))
    assign(session, row, planned)
    return row


def assign(session: Session, row: PrintedSheet, planned: PlannedRound) -> None:
    """Make a sheet that of a round: who takes it, of which party, for which day, and until when it is to be back."""
    row.party = session.get_one(RoundPlan, planned.plan_id).party
    row.round_id, row.lead = planned.id, planned.lead
    row.day, row.back_by = planned.day, planned.latest_on
