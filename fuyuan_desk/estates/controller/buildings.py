"""The tab of an estate's buildings."""

from collections.abc import Callable

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.book import building_book
from fuyuan_desk.estates.facts.houses import BuildingFields
from fuyuan_desk.estates.service import buildings as service
from fuyuan_desk.estates.service import notice_pages, page_data
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pages_window import PagesButton, PagesWindow, PageUses
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


PAGE_USES = PageUses(
    notice_pages.notice_pages,
    notice_pages.read_page,
    notice_pages.add_pages,
    notice_pages.move_page,
    notice_pages.remove_page,
)


def notice_words(count: int) -> str:
    """Return the text of the link to the pages of a notice."""
    if not count:
        return _("Pages of the notice …")
    return numbered(count, N_("Notice: {n} page …"), N_("Notice: {n} pages …"))


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

    def show_pages(building_id: int) -> None:
        title = _("Notice of protection: {building}").format(building=page.record_name)
        PagesWindow(desk, page.view, title, PAGE_USES, building_id).open()

    pages = PagesButton(desk, PAGE_USES, notice_words, show_pages)
    page.record_shown.connect(pages.show_for)
    page.view.add_act(pages.button)
    if show_homes is not None:
        page.view.add_act(button(_("Show its &homes"), show, role="link"))
    return page
