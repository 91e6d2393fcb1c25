"""The month book for the screen, for printing and for Excel."""

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import REVEALERS, STAFF, Seat, permit
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.inspections.rules.figures import VisitFigures, period_of
from fuyuan_desk.inspections.service.figures import visit_figures
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.reports.facts import MonthBook, Period
from fuyuan_desk.reports.rules import period_faults, period_name
from fuyuan_desk.store.audit import log as audit

_TABLE = "visit"


@permit(*STAFF)
def read_figures(seat: Seat, period: Period) -> VisitFigures:
    """Return the figures of a period; raises `InvalidInput` for one that has not begun."""
    refuse_wrong(period_faults(period, seat.today()))
    return visit_figures(seat, *period_of(period.year, period.month), period.estate_id)


@permit(*STAFF)
def book_for_print(seat: Seat, period: Period) -> MonthBook:
    """Return the month book for printing, and audit this."""
    figures = read_figures(seat, period)
    office = read_settings(seat).printed_name
    with seat.transaction() as session:
        audit.note(
            session, "print", _TABLE, None, {"month_book": period_name(period), "estate": figures.estate}
        )
    return MonthBook(office, seat.now(), period, figures)


@permit(*REVEALERS)
def figures_for_export(seat: Seat, order: ExportOrder, period: Period) -> Export[VisitFigures]:
    """Return the figures for an Excel file, and audit this; they name no person."""
    with in_chinese():
        figures = read_figures(seat, period)
    with seat.transaction() as session:
        more = {"month_book": period_name(period), "estate": figures.estate}
        return export_rows(seat, session, order, _TABLE, [figures], Holds.NOBODY, filtered=True, more=more)
