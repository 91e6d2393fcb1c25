"""The tables of a month book, the same on screen, paper and in Excel; pure."""

from collections.abc import Iterable
from dataclasses import replace

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.rules.figures import Tally
from fuyuan_desk.inspections.rules.round_figures import RoundTally, SkippedRound
from fuyuan_desk.reports.facts import BookFigures, Cell, ReportTable, Spread
from fuyuan_desk.reports.rules.summary import age_names
from fuyuan_desk.workorders.rules.figures import OrderTally
from fuyuan_desk.workorders.rules.orders import OrderSeverity

ITEMS, ESTATES = "items", "estates"
ROUNDS_BY_ESTATE, FINDINGS, ORGANISATIONS = "rounds-estates", "findings", "organisations"
CHANGED = "changed"


def tables(figures: BookFigures) -> tuple[ReportTable, ...]:
    """Return the tables that have rows, in order: what was printed otherwise, rounds, findings, visits, orders."""
    made = (_changed(figures), *(figure_tables(figures) if figures.is_recorded else ()))
    return tuple(table for table in made if table.rows)


def figure_tables(figures: BookFigures) -> tuple[ReportTable, ...]:
    """Return the tables of the figures themselves, those without rows as well."""
    rounds, orders = figures.rounds, figures.orders
    return (
        _rounds(ROUNDS_BY_ESTATE, _("Rounds by estate"), _("Estate"), rounds.estates),
        _rounds("rounds-plans", _("Rounds by plan"), _("Plan"), rounds.plans),
        _rounds("rounds-leads", _("Rounds by person"), _("Lead"), rounds.leads),
        _skipped(rounds.skipped),
        _findings(figures),
        _items(figures.visits.items),
        _estates(figures.visits.estates),
        _orders(
            "orders-severities", _("Work orders by kind"), _("Kind of order"), _by_kind(orders.severities)
        ),
        _orders("orders-estates", _("Work orders by estate"), _("Estate"), orders.estates),
        _organisations(orders.organisations),
    )


def _changed(figures: BookFigures) -> ReportTable:
    title = _("Other than in the book printed on {day}").format(day=figures.printed_on)
    columns = _("Figure"), _("As printed"), _("Now")
    rows = tuple((one.name, one.before, one.now) for one in figures.changed)
    return ReportTable(CHANGED, title, columns, (80, 48, 48), rows)


def months(figures: BookFigures) -> ReportTable:
    """Return the visits of each month, which the page and the paper show as a chart alone."""
    rows = (
        (f"{month:%Y-%m}", _("nothing recorded") if figures.is_before_records(month) else count)
        for month, count in figures.visits.months.items()
    )
    return ReportTable(
        "months", _("Visits by month"), (_("Month"), _("Visits logged")), (40, 20), tuple(rows)
    )


def _rounds(key: str, title: str, first: str, tallies: Iterable[RoundTally]) -> ReportTable:
    columns = (
        first, _("All planned"), _("On time"), _("Early"), _("Late"), _("Missed"), _("Left out"), _("Still open"),
        _("On time, of those due"), _("Late by"),
    )  # fmt: skip
    rows = (
        (
            one.name, one.planned, one.on_time, one.early, one.late, one.missed, one.skipped, one.open,
            one.rate, Spread(one.lateness, worst=True),
        )
        for one in tallies
    )  # fmt: skip
    return ReportTable(key, title, columns, (38, 12, 12, 11, 11, 11, 11, 12, 26, 32), tuple(rows))


def _skipped(found: Iterable[SkippedRound]) -> ReportTable:
    columns = _("Day"), _("Estate"), _("Place"), _("Plan"), _("Reason")
    rows = ((one.day.isoformat(), one.estate, one.place, one.plan, one.why) for one in found)
    return ReportTable("skipped", _("Rounds left out"), columns, (20, 30, 28, 38, 60), tuple(rows))


def _findings(figures: BookFigures) -> ReportTable:
    columns = (
        _("Estate"), _("New findings"), _("Put right"), _("Open at the end"),
        *age_names(),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.new, one.ended, one.open, *one.ages) for one in figures.findings.estates
    ]
    return ReportTable(
        FINDINGS, _("Findings by estate"), columns, (44, 17, 16, 19, 20, 20, 20, 20), tuple(rows)
    )


def _items(tallies: Iterable[Tally]) -> ReportTable:
    rows = ((one.name, one.passed, one.failed, one.rate) for one in tallies)
    columns = _("Item"), _("Passed"), _("Failed"), _("Pass rate")
    return ReportTable(ITEMS, _("Pass rate of items"), columns, (104, 18, 18, 36), tuple(rows))


def _estates(tallies: Iterable[Tally]) -> ReportTable:
    rows = ((one.name, one.visits, one.passed, one.failed, one.rate) for one in tallies)
    columns = _("Estate"), _("Visits"), _("Passed"), _("Failed"), _("Pass rate")
    return ReportTable(ESTATES, _("Visits by estate"), columns, (76, 22, 18, 18, 42), tuple(rows))


def _orders(key: str, title: str, first: str, tallies: Iterable[OrderTally]) -> ReportTable:
    columns = (
        first, _("Made"), _("Reopened"), _("Orders closed"), _("Merged"), _("Cancelled"), _("Orders open"),
        _("Overdue, of those open"), _("In time, of those closed"), _("Time to close"),
    )  # fmt: skip
    rows = (
        (
            one.name, one.made, one.reopened, one.closed, one.merged, one.cancelled, one.open,
            one.overdue_rate, one.rate, Spread(one.minutes, in_minutes=True),
        )
        for one in tallies
    )  # fmt: skip
    return ReportTable(key, title, columns, (30, 11, 14, 11, 11, 11, 11, 25, 25, 30), tuple(rows))


def _by_kind(tallies: Iterable[OrderTally]) -> Iterable[OrderTally]:
    return (replace(one, name=OrderSeverity(one.name).label) for one in tallies)


def _organisations(tallies: Iterable[OrderTally]) -> ReportTable:
    columns = (
        _("Responsible"), _("Orders it had"), _("Orders closed"), _("In time, of those closed or passed on late"),
        _("No deadline of its own"), _("Overdue, of those open"), _("Returned, of those it had"),
        _("Handed over, of those it had"), _("Time it had them"),
    )  # fmt: skip
    rows = (
        (
            one.name or _("the office, not yet sent"), one.held, one.closed, one.rate, one.unknown, one.overdue_rate,
            one.returned_rate, one.handed_over_rate, Spread(one.minutes, in_minutes=True),
        )
        for one in tallies
    )  # fmt: skip
    return ReportTable(
        ORGANISATIONS,
        _("Responsible organisations"),
        columns,
        (34, 12, 12, 24, 12, 22, 22, 22, 28),
        tuple(rows),
    )
