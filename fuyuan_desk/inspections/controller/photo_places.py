"""What beside the photos of a visit is asked and shown: which item one is of, and the pages of the signed sheet."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.photos import DISTANCES
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import VisitDetail, VisitPhoto
from fuyuan_desk.inspections.service import photos, scans
from fuyuan_desk.inspections.service.photos import Carry
from fuyuan_desk.kit.course_dialog import Typed, Version, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pages_window import PagesButton, PagesWindow, PageUses
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

SCANS = PageUses(scans.scan_pages, photos.read_photo, scans.add_scans, scans.move_scan, photos.remove_photo)


def ask_place(
    desk: Desk,
    page: QWidget,
    items: Sequence[tuple[str, str]],
    shown: Iterable[VisitPhoto],
    photo_id: int,
    done: Callable[[tuple[str, ...]], object],
    carry: Carry = photos.carry_nowhere,
) -> None:
    """Ask which of these items, given by key and text, a photo shows, from how near, and which number it has.

    `done` is told to what `carry` took it.
    """
    photo = next((one for one in shown if one.id == photo_id), None)
    if photo is None:  # it was added a moment ago, and the visit is not read anew yet
        return
    choices = [(key, f"{place} {text}") for place, (key, text) in enumerate(items, 1)]
    form = Form(
        [
            Field("item", _("Ite&m"), "choice", choices=choices, placeholder=_("The whole visit")),
            Field("kind", _("&Distance"), "choice", placeholder=_("Not said"),
                  choices=[(kind.value, kind.label) for kind in DISTANCES]),
            Field("number", _("Photo &number")),
        ],
        only_asks=True,
    )  # fmt: skip
    form.set_values(
        {
            "item": photo.item if photo.item in dict(items) else None,
            "kind": photo.kind or None,
            "number": photo.number,
        }
    )
    dialog = FormDialog(page, _("What this photo shows"), form)

    def call_of(typed: Typed, _version: Version) -> tuple[Any, ...]:
        return (
            photos.place_photo, photo_id, typed["item"] or "", typed["kind"] or "", typed["number"] or "", carry
        )  # fmt: skip

    run_dialog(desk, dialog, call_of, done, None)


def carried_text(numbers: Collection[str]) -> str:
    """Return that photos reached orders, too."""
    return _("They are with {orders}, too.").format(orders=_(", ").join(sorted(numbers)))


def scans_button(desk: Desk, page: QWidget, shown: Callable[[], VisitDetail | None]) -> PagesButton:
    """Return the link that says how many pages of the signed sheet a visit has, and opens them."""

    def open_window(visit_id: int) -> None:
        visit = shown()
        if visit is not None:
            title = _("Signed sheet of {number}").format(number=visit.number)
            PagesWindow(desk, page, title, SCANS, visit_id).show()

    def words(count: int) -> str:
        if not count:
            return _("Signed sheet: no page is attached")
        return numbered(count, N_("Signed sheet: {n} page"), N_("Signed sheet: {n} pages"))

    return PagesButton(desk, SCANS, words, open_window)
