"""What stands at the head of a month book, the same on screen, paper and in Excel; pure."""

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules.figures import AGES, VisitFigures
from fuyuan_desk.inspections.rules.finding_figures import FindingFigures
from fuyuan_desk.inspections.rules.round_figures import RoundTally
from fuyuan_desk.reports.facts import BookFigures, Cell, Spread
from fuyuan_desk.reports.rules.words import spread_text
from fuyuan_desk.workorders.rules.figures import OrderTally

Facts = tuple[tuple[str, Cell], ...]


def summary(figures: BookFigures) -> tuple[tuple[str, Facts], ...]:
    """Return the parts of the summary, each with its title and its figures; every rate has its denominator."""
    return summary_parts(figures) if figures.is_recorded else ()


def summary_parts(figures: BookFigures) -> tuple[tuple[str, Facts], ...]:
    """Return the parts of the summary of a period of which nothing may be recorded, too."""
    return (
        (_("Visits"), _visits(figures.visits)),
        (_("Rounds"), _rounds(figures.rounds.whole)),
        (_("Findings"), _findings(figures.findings)),
        (_("Work orders"), _orders(figures.orders.whole)),
    )


def _visits(figures: VisitFigures) -> Facts:
    return (
        (_("Visits logged"), figures.visits),
        (_("Estates with a round"), figures.visited),
        (_("Items passed"), figures.passed),
        (_("Corrected on the spot"), numbered(figures.on_the_spot, N_("{n} visit"), N_("{n} visits"))),
        (_("To be corrected later"), numbered(figures.found, N_("{n} visit"), N_("{n} visits"))),
        (_("Of these reported"), numbered(figures.reported, N_("{n} visit"), N_("{n} visits"))),
    )


def _rounds(tally: RoundTally) -> Facts:
    return (
        (_("Rounds planned"), tally.planned),
        (_("Done on time, of those due"), tally.rate),
        (_("Missed, of those due"), tally.missed_rate),
        (_("Done early / late"), f"{tally.early:,} / {tally.late:,}"),
        (_("Late by"), spread_text(Spread(tally.lateness, worst=True))),
        (_("Left out / still open"), f"{tally.skipped:,} / {tally.open:,}"),
    )


def _findings(figures: FindingFigures) -> Facts:
    return (
        (_("New findings"), figures.whole.new),
        (_("Put right, of all that were open"), figures.put_right),
        (_("Open at the end"), figures.whole.open),
        (_("Time until put right"), Spread(figures.days_to_right)),
    )


def _orders(tally: OrderTally) -> Facts:
    return (
        (_("Orders made / reopened / closed"), f"{tally.made:,} / {tally.reopened:,} / {tally.closed:,}"),
        (_("Merged / cancelled"), f"{tally.merged:,} / {tally.cancelled:,}"),
        (_("Done in time, of those closed"), tally.rate),
        (_("Overdue, of those open"), tally.overdue_rate),
        (_("Time to close, while the clock ran"), Spread(tally.minutes, in_minutes=True)),
        (_("Closed without a known deadline"), tally.unknown),
    )


def age_names() -> tuple[str, ...]:
    """Return the names of the groups of `by_age`."""
    first, second, third = AGES
    return (
        _("up to {n} days").format(n=first),
        _("{low} to {high} days").format(low=first + 1, high=second),
        _("{low} to {high} days").format(low=second + 1, high=third),
        _("more than {n} days").format(n=third),
    )
