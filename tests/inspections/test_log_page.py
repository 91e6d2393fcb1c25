"""The log of visits: what is found when it opens, and what became of a visit."""

from collections.abc import Callable

from fuyuan_desk.inspections.controller.inspections import InspectionsController


def test_the_log_is_searched_by_what_is_typed_when_the_page_opens(
    page: InspectionsController, settled: Callable[[], None]
) -> None:
    settled()
    assert page.log.table.filter.hasFocus()
