"""Fixtures of the suites over the pages of books: the page of each book in a window."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.sign_in import sign_in
from tests.conftest import NOW, PASSWORD, made_once
from tests.desks import wait_until_quiet
from tests.kit.book_pages import Front, Settled
from tests.kit.books import BOOKS, BookCase, set_up

_IDS = "ids.json"
Fill = Callable[[Seat], list[int]]
"""Saves the records of a suite in an office, and returns their ids."""


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
def fill(case: BookCase) -> Fill:
    """Save the records of the book; return their ids in natural order."""

    def save(seat: Seat) -> list[int]:
        set_up(seat)
        saved = [case.uses.save(seat, record, None, ()).id for record in reversed(case.records(seat))]
        return saved[::-1]

    return save


@pytest.fixture
def folder(
    request: pytest.FixtureRequest,
    prepared_office: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A closed office for this test; where the `ids` of records are asked for, these are in it."""
    prepared = prepared_office
    if "ids" in request.fixturenames:
        case, fill = request.getfixturevalue("case"), request.getfixturevalue("fill")
        name = f"{type(case).__name__}-{case.name}"
        prepared = made_once(tmp_path_factory, name, lambda made: _fill(prepared_office, made, fill))
    return Path(shutil.copytree(prepared, tmp_path / "office"))


def _fill(prepared_office: Path, folder: Path, fill: Fill) -> None:
    shutil.copytree(prepared_office, folder)
    opened = sign_in(folder, "admin", PASSWORD)
    ids = fill(Seat(opened.store, opened.operator, now=lambda: NOW))
    (folder / _IDS).write_text(json.dumps(ids), encoding="utf-8")
    opened.store.close()


@pytest.fixture
def ids(folder: Path) -> list[int]:
    """The ids of the records of the book, in natural order."""
    found: list[int] = json.loads((folder / _IDS).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def page(case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled) -> BookPage[Any]:
    """The page of the book in a window."""
    made = case.page(desk)
    front(made.page)
    settled()
    return made
