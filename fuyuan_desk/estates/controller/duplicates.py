"""Homes, households and people that are recorded twice: the page of the suspected ones, and merging from a home."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdView
from fuyuan_desk.estates.service import merging, suspects
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.course_dialog import run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.controller import DuplicatesController, DuplicatesTexts, MergeUses, ask_merge
from fuyuan_desk.kit.merging.facts import Comparison
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.table_model import Column

USES = MergeUses(
    suspects.list_pairs,
    merging.compare,
    merging.merge,
    suspects.tell_apart,
    suspects.suspect_again,
    merging.split,
    frozenset({"unit", "household", "person", "merged_record", "different_records"}),
)


def duplicates_page(desk: Desk) -> DuplicatesController:
    """Return the page of homes, households and people that may be recorded twice."""
    texts = DuplicatesTexts(
        "home-pairs",
        [
            Column("kind", _("Record"), lambda pair: pair.kind, 88),
            Column("first", _("Recorded as"), lambda pair: pair.first, 320),
            Column("second", _("And as"), lambda pair: pair.second, 320),
            Column("why", _("Why"), lambda pair: pair.why, 200),
        ],
        _("&Back to estates"),
        _("Only a clerk knows whether two records are one. Nothing is merged by itself."),
        EmptyState(
            "household",
            _("Nothing seems to be recorded twice"),
            _(
                "Homes of one number, and households and people of one name or ID number in a home, are listed here."
            ),
        ),
        _("Everything is again as before the merge, as far as nobody changed it since."),
    )
    return DuplicatesController(desk, USES, texts)


def merge_home(desk: Desk, page: QWidget, banner: Banner, unit_id: int) -> None:
    """Ask with which other home of the building a home is to be merged, and compare the two."""
    _ask_other(desk, page, banner, (UNITS, unit_id), _("No other home is recorded in this building."))


def merge_household(desk: Desk, page: QWidget, banner: Banner, household_id: int) -> None:
    """Ask with which other household of its home a household is to be merged, and compare the two."""
    _ask_other(
        desk, page, banner, (HOUSEHOLDS, household_id), _("No other household is recorded in this home.")
    )


def _ask_other(desk: Desk, page: QWidget, banner: Banner, kept: tuple[str, int], nothing: str) -> None:
    def ask(options: tuple[Option, ...]) -> None:
        if not options:
            banner.say("info", nothing)
            return
        choices = [(option.id, option.text) for option in options]
        field = Field("other", _("&It is recorded again as"), "choice", required=True, choices=choices)
        _ask(desk, page, [field], lambda typed: (kept, (kept[0], typed["other"])))

    desk.run(suspects.others, kept, done=ask, failed=banner.refuse, owner=page)


def merge_people(desk: Desk, page: QWidget, banner: Banner, household: HouseholdView) -> None:
    """Ask which two people of a household are one, and compare them; its holder stays."""
    if len(household.members) == 1:
        banner.say("info", _("Nobody else is recorded in this household."))
        return
    rows = [
        (HOUSEHOLDS, household.id) if view.id == HOLDER else (PEOPLE, view.id) for view in household.members
    ]
    names = [_told(view.name, place) for place, view in enumerate(household.members)]
    fields = [
        Field("kept", _("&Stays"), "choice", required=True, choices=list(enumerate(names))),
        Field(
            "other", _("&Is recorded again as"), "choice", required=True, choices=list(enumerate(names))[1:]
        ),
    ]
    _ask(desk, page, fields, lambda typed: (rows[typed["kept"]], rows[typed["other"]]))


def _told(name: str, place: int) -> str:
    text = _("{name} (holder)") if place == 0 else _("{name} (no. {n})")
    return text.format(name=name, n=place + 1)


def _ask(
    desk: Desk, page: QWidget, fields: Sequence[Field], rows: Callable[[dict[str, Any]], tuple[Any, Any]]
) -> None:
    form = Form(list(fields), only_asks=True)
    dialog = FormDialog(page, _("Recorded twice"), form, _("Co&mpare"))

    def compared(found: Comparison) -> None:
        ask_merge(
            desk, page, USES, found,
            lambda _saved: desk.notify(_("Merged. It can be split off again under “Possible duplicates”.")),
        )  # fmt: skip

    run_dialog(desk, dialog, lambda typed, _version: (merging.compare, *rows(typed)), compared, None)
