"""The tour of backups."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour


def walk(tour: Tour) -> Iterator[Path]:
    """Make a backup, check it and print its slip; store its path in `known["backup"]`."""
    safety = tour.go("safety")
    tab = safety.tab("backup")
    page = tab.page
    page.place_about.hide()
    yield tour.picture("backup-none-yet")
    page.now.click()
    tour.settle()
    page.check.click()
    yield tour.picture("backup-made-and-checked")
    page.slip.click()
    tour.settle(lambda: tab.preview is not None and tab.preview.preview.is_idle)
    yield tour.paper("backup-slip", tab.preview.preview.pdf.raw)
    tab.preview.close()
    tour.known["backup"] = str(page.chosen_path)
