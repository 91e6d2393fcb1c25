"""The month book for the screen, for printing and for Excel."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.inspections.rules.finding_figures import finding_figures
from fuyuan_desk.inspections.service.figures import finding_spells, first_recorded, visit_figures
from fuyuan_desk.inspections.service.round_figures import round_figures
from fuyuan_desk.kit.guards import gone, refuse_wrong
from fuyuan_desk.reports.facts import BookFigures, MonthBook, Period, Said
from fuyuan_desk.reports.rules.changes import changes, said
from fuyuan_desk.reports.rules.periods import period_faults, period_name, span_of
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.workorders.service.figures import first_order, order_figures

_TABLE, _PRINT = "visit", "print"
_BOOK = "month_book"
_WHICH = (_BOOK, "estate_id", "estates")


@permit(*EVERYONE)
def read_figures(seat: Seat, period: Period) -> BookFigures:
    """Return the figures of a period, of the estates that the operator sees; `InvalidInput` if it has not begun."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.reading() as session:
        return _figures(seat, session, period)


@permit(*EVERYONE)
def book_for_print(seat: Seat, period: Period) -> MonthBook:
    """Return the month book for printing, and audit this: of a period that is over, with what the book says."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.transaction() as session, in_chinese():
        figures = _figures(seat, session, period)
        what = asdict(said(figures)) if figures.span.is_over else {}
        audit.note(session, _PRINT, _TABLE, None, {**_which(seat, period), **what})
        return MonthBook(office_settings(session, seat.now()).heading, seat.now(), period, figures)


@permit(*REVEALERS)
def figures_for_export(seat: Seat, order: ExportOrder, period: Period) -> Export[BookFigures]:
    """Return the figures for an Excel file, and audit this; of persons they name those who go on rounds."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.transaction() as session, in_chinese():
        figures = _figures(seat, session, period)
        more = _which(seat, period)
        return export_rows(seat, session, order, _TABLE, [figures], Holds.OFFICERS, filtered=True, more=more)


def _which(seat: Seat, period: Period) -> dict[str, Any]:
    """Return which book it is: of which period and estate, and for an operator who sees only some, of which."""
    found: dict[str, Any] = {_BOOK: period_name(period), "estate_id": period.estate_id}
    own = seat.operator.estates
    return found if own is None else {**found, "estates": sorted(own)}


def _figures(seat: Seat, session: Session, period: Period) -> BookFigures:
    span, names, estate_id = span_of(period, seat.now()), estate_names(session), period.estate_id
    if estate_id is not None:
        if estate_id not in names:
            raise gone()
        names = {estate_id: names[estate_id]}
    spells = finding_spells(session, span, estate_id)
    figures = BookFigures(
        span,
        "" if estate_id is None else names[estate_id],
        _first_record(session),
        visit_figures(session, span, names, estate_id),
        round_figures(session, span, names, estate_id),
        finding_figures(spells, span.first, span.until, names),
        order_figures(session, span, names, estate_id),
    )
    printed = _last_printed(session, _which(seat, period)) if span.is_over else None
    if printed is None:
        return figures
    day, book = printed
    return replace(figures, changed=changes(book, figures), printed_on=day)


def _last_printed(session: Session, which: Mapping[str, Any]) -> tuple[date, Said] | None:
    """Return the day of the last print of a book and what it said; None if it was not printed since it was over."""
    named = audit.encode({_BOOK: which[_BOOK]})[1:-1]
    printed = (
        select(AuditEntry.at, AuditEntry.changes)
        .where(AuditEntry.action == _PRINT, AuditEntry.changes.contains(named, autoescape=True))
        .order_by(AuditEntry.id.desc())
    )
    for at, text in session.execute(printed):
        found = json.loads(text)
        if "figures" in found and all(found.get(key) == which.get(key) for key in _WHICH):
            return at.astimezone().date(), Said(found["figures"], found["tables"])
    return None


def _first_record(session: Session) -> date | None:
    days = (first_recorded(session), first_order(session))
    return min((day for day in days if day is not None), default=None)
