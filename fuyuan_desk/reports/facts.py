"""What a month book holds: frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.inspections.rules.figures import Rate, Span, VisitFigures
from fuyuan_desk.inspections.rules.finding_figures import FindingFigures
from fuyuan_desk.inspections.rules.not_done import OpenFinding, OpenRoundLine, SheetOut
from fuyuan_desk.inspections.rules.round_figures import RoundFigures
from fuyuan_desk.workorders.facts import OpenOrder
from fuyuan_desk.workorders.rules.figures import OrderFigures


@dataclass(frozen=True)
class Period:
    """The period and the estate of a month book: a month, a quarter, or with neither the whole year.

    `estate_id` None: all estates.
    """

    year: int
    month: int | None = None
    estate_id: int | None = None
    quarter: int | None = None


@dataclass(frozen=True)
class Said:
    """What a printed book said, to be compared later.

    `figures` are texts by name, `tables` digests of the other tables by title.
    """

    figures: Mapping[str, str]
    tables: Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """A figure that is another one than in the printed book; of a table it does not say which, `before` is ''."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class BookFigures:
    """The figures of a period, of one estate or (`estate` '') of all.

    `first_record` is the day of the earliest record there is, None if there is none. `changed` is what differs from the
    book that was printed last once the period was over, `printed_on` its day; None if there is none.
    """

    span: Span
    estate: str
    first_record: date | None
    visits: VisitFigures
    rounds: RoundFigures
    findings: FindingFigures
    orders: OrderFigures
    changed: tuple[Changed, ...] = ()
    printed_on: date | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether records reach back to the period."""
        return self.first_record is not None and self.first_record <= self.span.until

    def is_before_records(self, month: date) -> bool:
        """Return whether a month that begins on a day had ended when the earliest record was made."""
        first = self.first_record
        return first is None or (month.year, month.month) < (first.year, first.month)


@dataclass(frozen=True)
class MonthBook:
    """A month book as it is printed: by which office, when, of what, and its figures."""

    office: str
    made: datetime
    period: Period
    figures: BookFigures


@dataclass(frozen=True)
class Spread:
    """How values are spread, such as the minutes until each order was closed, in order.

    `in_minutes`: they are minutes, else days. `worst`: the largest value is told, else how many 90 % do not exceed.
    """

    values: tuple[int, ...]
    in_minutes: bool = False
    worst: bool = False


Cell = str | int | Rate | Spread


@dataclass(frozen=True)
class ReportTable:
    """A table of the month book, the same on screen, paper and in Excel; `title` and `columns` are as shown.

    `widths` are the shares of the columns.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class NotDoneOf:
    """Whose list of what is not done, and as of which day: of an estate, an organisation or a person, else of all."""

    day: date
    estate_id: int | None = None
    organisation_id: int | None = None
    person: str = ""


@dataclass(frozen=True)
class NotDone:
    """What is not done as of a day; a part that is None does not belong to such a list.

    `orders_of` are the numbers of the orders that are to put findings right, by the place of the finding in the list;
    `estates` the names of estates by key.
    """

    office: str
    made: datetime
    day: date
    estate: str
    organisation: str
    person: str
    estates: Mapping[int, str]
    rounds: tuple[OpenRoundLine, ...] | None
    findings: tuple[OpenFinding, ...] | None
    orders_of: Mapping[int, str]
    orders: tuple[OpenOrder, ...]
    sheets: tuple[SheetOut, ...] | None


@dataclass(frozen=True)
class NotDoneChoices:
    """What a list of what is not done can be restricted to: estates and organisations by key, and persons."""

    estates: Mapping[int, str]
    organisations: Mapping[int, str]
    persons: tuple[str, ...]
