"""The tour of estates."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.estates.service.estates import find_units, list_estates
from fuyuan_desk.estates.service.suspects import list_pairs
from fuyuan_desk.kit.job import Tour
from fuyuan_desk.kit.merging.view import MergeDialog

LANE = "南昌路168弄"


def walk(tour: Tour) -> Iterator[Path]:
    """Show the list, an estate and a home; store their ids in `known` as "estate" and "unit"."""
    page = tour.go("estates")
    page.show_list()
    yield tour.picture("estates")
    page.list.tabs.setCurrentIndex(1)
    yield tour.picture("homes-of-all-estates")
    tour.known["estate"] = next(row.id for row in tour.ask(list_estates).rows if row.name == LANE)
    tour.known["unit"] = tour.ask(lambda seat: find_units(seat, f"{LANE}2号亭子间"))[0].id
    page.open_estate(tour.known["estate"])
    tour.settle()
    for index, name in enumerate(
        ("overview", "buildings", "homes", "rooms", "organisations", "facilities", "standard", "inspections")
    ):
        page.estate.view.tabs.setCurrentIndex(index)
        yield tour.picture(f"estate-{name}")
    page.estate.view.tabs.setCurrentIndex(3)
    page.estate.rooms.view.chart.choose_all()
    yield tour.picture("estate-rooms-chosen")
    page.estate.rooms.print()
    tour.settle(lambda: page.estate.rooms.preview is not None and page.estate.rooms.preview.preview.is_idle)
    pdf = page.estate.rooms.preview.preview.pdf
    yield tour.paper("room-chart", pdf.raw)
    page.estate.rooms.preview.close()
    page.open_unit(tour.known["unit"])
    yield tour.picture("home")
    page = tour.go("recorded-twice")
    yield tour.picture("recorded-twice")
    page.view.merge_requested.emit(tour.ask(list_pairs)[0])
    tour.settle(lambda: bool(page.view.findChildren(MergeDialog)))
    dialog = page.view.findChildren(MergeDialog)[0]
    yield tour.picture("merging-people", dialog)
    dialog.reject()
