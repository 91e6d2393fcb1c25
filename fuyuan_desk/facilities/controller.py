"""The page of facilities, and their tab in an estate."""

from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.facilities.book import book
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service import facilities as service
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_facilities,
    service.read_facility,
    service.save_facility,
    remove=service.remove_facility,
    change_many=service.change_facilities,
    history=service.facility_history,
    export=service.facilities_for_export,
    paper=service.facilities_for_print,
    options={"estate_id": estates.estate_options, "building_id": estates.building_options},
    tables=frozenset({"estate", "building"}),
)


def facilities_page(
    desk: Desk, settings: Settings | None, *, in_estate: bool = False
) -> BookPage[FacilityFields]:
    """Return the page of all facilities, or of those of one estate."""
    return BookPage(desk, book(), FacilityFields, USES, settings, in_estate=in_estate)
