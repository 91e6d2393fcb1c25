"""The month book for the screen, for printing and for Excel."""

from datetime import date, datetime

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
from fuyuan_desk.reports.facts import BookFigures, MonthBook, Period
from fuyuan_desk.reports.rules.periods import period_faults, period_name, span_of
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.workorders.service.figures import first_order, order_figures

_TABLE = "visit"


@permit(*EVERYONE)
def read_figures(seat: Seat, period: Period) -> BookFigures:
    """Return the figures of a period, of the estates that the operator sees; `InvalidInput` if it has not begun."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.reading() as session:
        return _figures(session, period, seat.now())


@permit(*EVERYONE)
def book_for_print(seat: Seat, period: Period) -> MonthBook:
    """Return the month book for printing, and audit this."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.transaction() as session, in_chinese():
        figures = _figures(session, period, seat.now())
        audit.note(session, "print", _TABLE, None, _told(period, figures))
        return MonthBook(office_settings(session, seat.now()).heading, seat.now(), period, figures)


@permit(*REVEALERS)
def figures_for_export(seat: Seat, order: ExportOrder, period: Period) -> Export[BookFigures]:
    """Return the figures for an Excel file, and audit this; of persons they name those who go on rounds."""
    refuse_wrong(period_faults(period, seat.today()))
    with seat.transaction() as session, in_chinese():
        figures = _figures(session, period, seat.now())
        more = _told(period, figures)
        return export_rows(seat, session, order, _TABLE, [figures], Holds.OFFICERS, filtered=True, more=more)


def _told(period: Period, figures: BookFigures) -> dict[str, object]:
    return {"month_book": period_name(period), "estate": figures.estate}


def _figures(session: Session, period: Period, now: datetime) -> BookFigures:
    span, names, estate_id = span_of(period, now), estate_names(session), period.estate_id
    if estate_id is not None:
        if estate_id not in names:
            raise gone()
        names = {estate_id: names[estate_id]}
    spells = finding_spells(session, span, estate_id)
    return BookFigures(
        span,
        "" if estate_id is None else names[estate_id],
        _first_record(session),
        visit_figures(session, span, names, estate_id),
        round_figures(session, span, names, estate_id),
        finding_figures(spells, span.first, span.until, names),
        order_figures(session, span, names, estate_id),
    )


def _first_record(session: Session) -> date | None:
    days = (first_recorded(session), first_order(session))
    return min((day for day in days if day is not None), default=None)
