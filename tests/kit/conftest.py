"""Fixtures of the suites over the pages of books: the page of each book in a window."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from tests.desks import wait_until_quiet
from tests.kit.book_pages import Front, Settled
from tests.kit.books import BOOKS, BookCase, set_up


@pytest.fixture(params=BOOKS, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> BookCase:
    """Every book in turn."""
    found: BookCase = request.param
    return found


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Settled:
    """Wait until no more work is pending, drawing included."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def ids(case: BookCase, seat: Seat) -> list[int]:
    """Save the records of the book; their ids in natural order."""
    set_up(seat)
    saved = [case.uses.save(seat, record, None, ()).id for record in reversed(case.records(seat))]
    return saved[::-1]


@pytest.fixture
def page(case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled) -> BookPage[Any]:
    """The page of the book in a window."""
    made = case.page(desk)
    front(made.page)
    settled()
    return made
