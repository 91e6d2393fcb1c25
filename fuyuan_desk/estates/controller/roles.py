"""The tab of an estate's organisations, with their history."""

from fuyuan_desk.estates.book import role_book
from fuyuan_desk.estates.facts.houses import RoleFields
from fuyuan_desk.estates.service import page_data
from fuyuan_desk.estates.service import roles as service
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_roles,
    service.read_role,
    service.save_role,
    remove=service.remove_role,
    history=service.role_history,
    export=service.roles_for_export,
    paper=service.roles_for_print,
    options={"estate_id": page_data.estate_options, "organisation_id": service.holder_options},
    tables=frozenset({"estate", "organisation"}),
)


def roles_page(
    desk: Desk, settings: Settings | None = None, *, in_estate: bool = True
) -> BookPage[RoleFields]:
    """Return the list of what organisations are to one estate, or to all."""
    return BookPage(desk, role_book(), RoleFields, USES, settings, in_estate=in_estate)
