"""The books of every job, with records to try them: what `test_books.py` and `test_book_pages.py` run over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.book import building_book
from fuyuan_desk.estates.controller.buildings import USES as BUILDING_USES
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.facts import BuildingFields, EstateFields
from fuyuan_desk.estates.service import buildings, estates
from fuyuan_desk.facilities.book import book as facilities_book
from fuyuan_desk.facilities.controller import USES, facilities_page
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service import facilities
from fuyuan_desk.kit.book import Book
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.table import Table


@dataclass(frozen=True)
class BookCase:
    """A book to be tried.

    `page(desk, settings)` makes its page. `records(seat)` returns the fields of valid new records in their natural
    order, whatever order they are saved in; all are of the first estate. `found_by` maps typed text to the place of the
    one record it must find. `changed` is a valid change of a text part: its name and the new value; `many` one of
    several records at once. `text` is a part that holds free text.
    """

    name: str
    book: Callable[[], Book]
    table: Table[Any, Any]
    uses: Uses[Any]
    page: Callable[..., BookPage[Any]]
    records: Callable[[Seat], Sequence[Any]]
    found_by: dict[str, int]
    order: str
    text: str
    changed: tuple[str, str]
    many: tuple[str, Any] | None = None


def set_up(seat: Seat) -> None:
    """Save a lane and a tower, which the records of all books belong to."""
    for name in ("南昌路168弄", "富南大厦"):
        estates.save_estate(seat, EstateFields(name))


def gates(seat: Seat) -> dict[str, int]:
    """Return two gates of the lane by their labels, saved on first use."""
    if not buildings.list_buildings(seat, 1):
        for label in ("10号", "9号"):
            buildings.save_building(seat, BuildingFields(label, estate_id=1))
    return {row.fields.label: row.id for row in buildings.list_buildings(seat, 1)}


def _facilities(seat: Seat) -> list[FacilityFields]:
    known = gates(seat)
    return [
        FacilityFields("camera", "9号", 1, known["9号"], "弄堂口", company="福安安防"),
        FacilityFields("lift", "10号", 1, known["10号"], "东侧", certificate="梯11沪H00012"),
        FacilityFields("lift", "11号", 1, None, "𠮷字楼"),
    ]


def _buildings(seat: Seat) -> list[BuildingFields]:
    return [
        BuildingFields(name, floors, estate_id=1)
        for name, floors in (("8号", 2), ("8号甲", 3), ("12号𠮷", 6))
    ]


BOOKS = [
    BookCase(
        "buildings",
        building_book,
        buildings.TABLE,
        BUILDING_USES,
        lambda desk, settings=None: buildings_page(desk, settings, in_estate=False),
        _buildings,
        found_by={"8号甲": 1, "𠮷": 2, "12": 2},
        order="label",
        text="label",
        changed=("label", "77号"),
        many=("floors", 7),
    ),
    BookCase(
        "facilities",
        facilities_book,
        facilities.TABLE,
        USES,
        lambda desk, settings=None: facilities_page(desk, settings),
        _facilities,
        found_by={
            "00012": 1,
            "沪H00012": 1,
            "梯11沪H00012": 1,
            "福安": 0,
            "nongtangkou": 0,
            "dongce": 1,
            "𠮷": 2,
        },
        order="number",
        text="place",
        changed=("place", "西侧"),
        many=("company", "沪上维保"),
    ),
]
