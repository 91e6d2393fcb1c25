"""The month book on the tour."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.reports.facts import NotDoneOf, Period
from fuyuan_desk.reports.service.books import book_for_print
from fuyuan_desk.reports.service.not_done import not_done_for_print


def walk(tour: Tour) -> Iterator[Path]:
    """Show the month book of this year, print it, and print what is not done."""
    from fuyuan_desk.reports.sheets import month_book, not_done_sheet

    page = tour.go("month-book").page
    page.years.setCurrentIndex(0)
    page.months.setCurrentIndex(0)
    tour.settle()
    yield tour.picture("month-book")
    today = tour.desk.seat.today()
    book = tour.ask(lambda seat: book_for_print(seat, Period(today.year)))
    yield tour.paper("month-book", month_book(book).pdf)
    found = tour.ask(lambda seat: not_done_for_print(seat, NotDoneOf(today)))
    yield tour.paper("not-done", not_done_sheet(found).pdf)
