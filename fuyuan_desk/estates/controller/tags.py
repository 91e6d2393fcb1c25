"""The office's tags for people, as a tab of the estates' page."""

from fuyuan_desk.estates.book import tag_book
from fuyuan_desk.estates.facts.people import TagFields
from fuyuan_desk.estates.service import tags as service
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_tags,
    service.read_tag,
    service.save_tag,
    remove=service.remove_tag,
    history=service.tag_history,
)


def tags_page(desk: Desk, settings: Settings | None) -> BookPage[TagFields]:
    """Return the page of the office's tags."""
    return BookPage(desk, tag_book(), TagFields, USES, settings)
