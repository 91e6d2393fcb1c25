"""The tour of backups."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour


def walk(tour: Tour) -> Iterator[Path]:
    """Make a backup and check it; store its path in `known["backup"]`."""
    safety = tour.go("safety")
    page = safety.tab("backup").page
    page.place_about.hide()
    yield tour.picture("backup-none-yet")
    page.now.click()
    tour.settle()
    page.check.click()
    yield tour.picture("backup-made-and-checked")
    tour.known["backup"] = str(page.chosen_path)
