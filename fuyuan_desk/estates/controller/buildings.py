"""The tab of an estate's buildings."""

from collections.abc import Callable

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.book import building_book
from fuyuan_desk.estates.facts.houses import BuildingFields
from fuyuan_desk.estates.service import buildings as service
from fuyuan_desk.estates.service import page_data
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_buildings,
    service.read_building,
    service.save_building,
    remove=service.remove_building,
    change_many=service.change_buildings,
    history=service.building_history,
    export=service.buildings_for_export,
    paper=service.buildings_for_print,
    options={"estate_id": page_data.estate_options},
    tables=frozenset({"estate", "unit"}),
)


def buildings_page(
    desk: Desk,
    settings: Settings | None = None,
    *,
    in_estate: bool = True,
    show_homes: Callable[[int], object] | None = None,
) -> BookPage[BuildingFields]:
    """Return the page of buildings; `show_homes(id)` shows those of a building."""
    page = BookPage(desk, building_book(), BuildingFields, USES, settings, in_estate=in_estate)

    def show() -> None:
        shown = page.shown_record
        if shown is not None and show_homes is not None:
            page.leave(lambda: show_homes(shown[1]))

    if show_homes is not None:
        page.view.add_act(button(_("Show its &homes"), show, role="link"))
    return page
