"""The tour of organisations."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.kit.merging.view import MergeDialog
from fuyuan_desk.organisations.service.merging import list_pairs


def walk(tour: Tour) -> Iterator[Path]:
    """Show an organisation, the contacts, and two names that may be one organisation's."""
    page = tour.go("organisations")
    page.open_record(tour.known.get("organisation", 1))
    yield tour.picture("organisations")
    tour.go("contacts").open_record(1)
    yield tour.picture("contacts")
    page = tour.go("duplicates")
    yield tour.picture("duplicates")
    pair = tour.ask(list_pairs)[0]
    page.view.merge_requested.emit(pair)
    tour.settle(lambda: bool(page.view.findChildren(MergeDialog)))
    dialog = page.view.findChildren(MergeDialog)[0]
    yield tour.picture("merging", dialog)
    dialog.reject()
