"""The tour of the audit log."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour


def walk(tour: Tour) -> Iterator[Path]:
    """Verify the trail and show the entries of renovations."""
    safety = tour.go("safety")
    safety.show_tab("trail")
    tour.settle()
    page = safety.tab("trail").page
    page.check.click()
    tour.settle()
    index = page.kinds.findData("renovation_case")
    page.kinds.setCurrentIndex(index)
    page.kinds.activated.emit(index)
    tour.settle()
    page.table.table.selectRow(0)
    yield tour.picture("trail")
