"""Rounds that are not done and sheets that are not back, as of a day, inside a running transaction."""

from datetime import timedelta

from sqlalchemy import ColumnElement, not_, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, Visit
from fuyuan_desk.inspections.rules.figures import Span, midnight
from fuyuan_desk.inspections.rules.not_done import OpenRoundLine, SheetOut
from fuyuan_desk.inspections.rules.round_plans import MISSED_DAYS
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.round_figures import done_until, skipped_by
from fuyuan_desk.inspections.service.round_plans import describe_plans

LATELY = timedelta(days=MISSED_DAYS)
"""What was missed or printed before that is not listed any more: nobody will do it now."""


def open_rounds(session: Session, span: Span, *which: ColumnElement[bool]) -> list[OpenRoundLine]:
    """Return the rounds of some estates or persons that were due or missed lately at the end of a period."""
    query = (
        select(PlannedRound)
        .where(
            PlannedRound.earliest_on <= span.until,
            PlannedRound.latest_on >= span.until - LATELY,
            not_(skipped_by(span)),
            not_(done_until(span)) | PlannedRound.visited_on.is_(None),
            *which,
        )
        .order_by(PlannedRound.latest_on, PlannedRound.estate_id, PlannedRound.id)
    )
    rows = session.scalars(query).all()
    plans = describe_plans(session, {row.plan_id for row in rows})
    return [
        OpenRoundLine(
            row.estate_id,
            row.day,
            row.latest_on,
            _place(row.place, row.subject_kind, row.subject),
            plans.get(row.plan_id, ""),
            row.lead,
        )
        for row in rows
    ]


def rounds_of(estate_id: int | None, lead: str) -> list[ColumnElement[bool]]:
    """Return the conditions that rounds are of an estate and of a person, as far as these are given."""
    found: list[ColumnElement[bool]] = []
    if estate_id is not None:
        found.append(PlannedRound.estate_id == estate_id)
    if lead:
        found.append(PlannedRound.lead == lead)
    return found


def recent_leads(session: Session, span: Span) -> set[str]:
    """Return who was to go on rounds lately."""
    query = select(PlannedRound.lead).where(PlannedRound.day.between(span.until - LATELY, span.until))
    return set(session.scalars(query.distinct()))


def sheets_out(session: Session, span: Span, estate_id: int | None = None, lead: str = "") -> list[SheetOut]:
    """Return the sheets that were printed lately and not entered or written off by the end of a period.

    They are those of an estate, and those that somebody took, as far as given.
    """
    query = (
        select(PrintedSheet)
        .join(Visit, Visit.id == PrintedSheet.visit_id, isouter=True)
        .where(
            PrintedSheet.is_copy.is_(False),
            PrintedSheet.printed_at.between(midnight(span.until - LATELY), span.end),
            or_(PrintedSheet.visit_id.is_(None), Visit.at > span.end),
            or_(PrintedSheet.withdrawn_on.is_(None), PrintedSheet.withdrawn_on > span.until),
        )
        .order_by(PrintedSheet.printed_at, PrintedSheet.id)
    )
    if estate_id is not None:
        query = query.where(PrintedSheet.estate_id == estate_id)
    if lead:
        query = query.where(PrintedSheet.lead == lead)
    return [
        SheetOut(
            row.estate_id,
            row.number,
            row.printed_at.astimezone().date(),
            row.place,
            row.lead,
            row.back_by,
        )
        for row in session.scalars(query)
    ]


def _place(place: str, kind: str, subject: str) -> str:
    return place or ("" if kind == SubjectKind.ESTATE else subject)
