"""The books of every job, with records to try them: what `test_books.py` and `test_book_pages.py` run over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fuyuan_desk.access.seat import Seat
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
    """Save a lane with two gates and a tower, which the records of all books belong to."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    for label in ("10号", "9号"):
        buildings.save_building(seat, lane, BuildingFields(label))
    estates.save_estate(seat, EstateFields("富南大厦"))


def _facilities(seat: Seat) -> list[FacilityFields]:
    lane, _tower = (row.id for row in estates.list_estates(seat).rows)
    gates = {row.fields.label: row.id for row in buildings.list_buildings(seat, lane)}
    return [
        FacilityFields("camera", "9号", lane, gates["9号"], "弄堂口", company="福安安防"),
        FacilityFields("lift", "10号", lane, gates["10号"], "东侧", certificate="梯11沪H00012"),
        FacilityFields("lift", "11号", lane, None, "𠮷字楼"),
    ]


BOOKS = [
    BookCase(
        "facilities",
        facilities_book,
        facilities.TABLE,
        USES,
        lambda desk, settings=None: facilities_page(desk, settings),
        _facilities,
        found_by={"00012": 1, "福安": 0, "nongtangkou": 0, "dongce": 1, "𠮷": 2},
        order="number",
        text="place",
        changed=("place", "西侧"),
        many=("company", "沪上维保"),
    )
]
