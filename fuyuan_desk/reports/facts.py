"""What a month book holds: frozen dataclasses."""

from dataclasses import dataclass
from datetime import datetime

from fuyuan_desk.inspections.rules.figures import VisitFigures


@dataclass(frozen=True)
class Period:
    """The period and the estate of a month book; `month` None: the whole year, `estate_id` None: all estates."""

    year: int
    month: int | None = None
    estate_id: int | None = None


@dataclass(frozen=True)
class MonthBook:
    """A month book as it is printed: by which office, when, of what, and its figures."""

    office: str
    made: datetime
    period: Period
    visits: VisitFigures
