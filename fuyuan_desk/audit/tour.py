"""The tour of the audit log."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.widgets.dialogs import FormDialog


def walk(tour: Tour) -> Iterator[Path]:
    """Verify the trail, print its proof sheet, compare with it, and show the entries of renovations."""
    safety = tour.go("safety")
    safety.show_tab("trail")
    tour.settle()
    tab = safety.tab("trail")
    page = tab.page
    page.check.click()
    tour.settle()
    page.proof.click()
    tour.settle(lambda: tab.preview is not None and tab.preview.preview.is_idle)
    yield tour.paper("proof-sheet", tab.preview.preview.pdf.raw)
    tab.preview.close()
    page.compare.click()
    dialog = page.findChild(FormDialog)
    yield tour.picture("trail-compare", above=dialog)
    dialog.reject()
    tour.settle()
    index = page.kinds.findData("renovation_case")
    page.kinds.setCurrentIndex(index)
    page.kinds.activated.emit(index)
    tour.settle()
    page.table.table.selectRow(0)
    yield tour.picture("trail")
