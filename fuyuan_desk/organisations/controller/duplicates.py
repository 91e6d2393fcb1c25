"""The page of organisations that may be one, and the services on them."""

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.controller import DuplicatesController, DuplicatesTexts, MergeUses
from fuyuan_desk.organisations.service import merging
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.table_model import Column

TABLES = frozenset({"organisation", "organisation_difference"})
USES = MergeUses(
    merging.list_pairs,
    merging.compare,
    merging.merge,
    merging.tell_apart,
    merging.suspect_again,
    merging.split,
    TABLES,
)


def duplicates_page(desk: Desk) -> DuplicatesController:
    """Return the page of suspected duplicates."""
    texts = DuplicatesTexts(
        "organisation-pairs",
        [
            Column("first", _("Organisation"), lambda pair: pair.first, 320),
            Column("second", _("And"), lambda pair: pair.second, 320),
        ],
        _("&Back to organisations"),
        _("Only a clerk knows whether two names are one organisation. Nothing is merged by itself."),
        EmptyState(
            "people", _("No two names are alike"), _("Names that may be one organisation are listed here.")
        ),
        _("What referred to it before the merge refers to it again."),
    )
    return DuplicatesController(desk, USES, texts)
