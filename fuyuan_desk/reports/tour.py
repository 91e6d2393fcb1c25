"""The month book on the tour."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.reports.facts import Period
from fuyuan_desk.reports.service import book_for_print


def walk(tour: Tour) -> Iterator[Path]:
    """Show the month book of this year, and print it."""
    from fuyuan_desk.reports.sheets import month_book

    page = tour.go("month-book").page
    page.years.setCurrentIndex(0)
    page.months.setCurrentIndex(0)
    tour.settle()
    yield tour.picture("month-book")
    year = tour.desk.seat.today().year
    book = tour.ask(lambda seat: book_for_print(seat, Period(year)))
    yield tour.paper("month-book", month_book(book).pdf)
