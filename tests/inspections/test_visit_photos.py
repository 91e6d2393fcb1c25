"""What a photo of a visit shows: kept, changed, ordered, known again; the scans of the signed sheet; the screen."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import VisitDetail
from fuyuan_desk.inspections.service.page_data import visit_papers
from fuyuan_desk.inspections.service.photo_import import matchable
from fuyuan_desk.inspections.service.photos import add_photos, place_photo, remove_photo
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.scans import add_scans, move_scan, scan_pages
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from tests.inspections.test_photo_import import FIRST, SECOND, TEN, logged
from tests.screen import button, shown, texts

Settled = Callable[[], None]


def picture(shade: int, **more: str) -> NewPhoto:
    """Return a small photo; each shade is another one."""
    raw = io.BytesIO()
    Image.new("RGB", (32, 24), (shade * 16, 90, 60)).save(raw, "JPEG")
    return replace(NewPhoto(raw.getvalue(), 32, 24), **more)


@pytest.fixture
def visits(seat: Seat, two_estates: tuple[int, int]) -> tuple[VisitDetail, VisitDetail]:
    """Two visits with photo numbers noted at their items."""
    then = replace(seat, now=lambda: TEN + timedelta(hours=12))
    first = logged(then, two_estates[0], TEN, {FIRST: "412-414", SECOND: "IMG_0420"})
    return first, logged(then, two_estates[1], TEN + timedelta(minutes=60), {})


def test_photos_are_in_the_order_of_items_from_far_to_near(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail]
) -> None:
    first = visits[0].id
    new = (
        picture(1, item=SECOND, kind="near"), picture(2, item=FIRST), picture(3, item=SECOND, kind="far"),
        picture(4), picture(5, item=FIRST, kind="middle"),
    )  # fmt: skip
    add_photos(seat, first, new)
    order = [(photo.item, photo.kind) for photo in visit_detail(seat, first).photos]
    assert order == [("", ""), (FIRST, "middle"), (FIRST, ""), (SECOND, "far"), (SECOND, "near")]


def test_what_a_photo_shows_is_changed_and_refused(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail]
) -> None:
    (photo,) = add_photos(seat, visits[0].id, (picture(1),)).photos
    place_photo(seat, photo.id, SECOND, "near", " 0420\u200b ")
    changed = visit_detail(seat, visits[0].id).photos[0]
    assert (changed.item, changed.kind, changed.number) == (SECOND, "near", "0420")
    for item, kind in (("no-such-item", ""), ("", "scan"), ("", "sideways")):
        with pytest.raises(InvalidInput):
            place_photo(seat, photo.id, item, kind, "")
    with pytest.raises(InvalidInput):
        add_photos(seat, visits[0].id, (picture(2, item="no-such-item"),))


def test_a_picture_is_attached_once_and_told_where_it_is(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail], seat_as: Callable[[Role], Seat]
) -> None:
    first, second = visits
    (photo,) = add_photos(seat, first.id, (picture(1, source="a" * 64),)).photos
    with pytest.raises(Conflict, match="to the visit already"):
        add_photos(seat, first.id, (picture(1),))
    with pytest.raises(Conflict, match=first.number):
        add_photos(seat, second.id, (picture(2), picture(1)))
    with pytest.raises(Conflict, match="twice"):
        add_photos(seat, second.id, (picture(3), picture(3)))
    assert visit_detail(seat, second.id).photos == ()
    assert matchable(seat, (), (), ("a" * 64, "b" * 64)).known == {"a" * 64: first.number}
    remove_photo(seat, photo.id)
    assert len(add_photos(seat, second.id, (picture(1),)).photos) == 1
    with pytest.raises(NotAllowed):
        matchable(seat_as(Role.VIEWER), (), (), ())


def test_visits_are_matched_on_their_days_and_within_two_weeks(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail]
) -> None:
    def numbers(days_later: int, *days: int) -> list[str]:
        later = replace(seat, now=lambda: TEN + timedelta(days=days_later))
        local = TEN.astimezone().date()
        return [
            one.number for one in matchable(later, [local + timedelta(day) for day in days], (), ()).visits
        ]

    assert numbers(1) == [visits[1].number, visits[0].number]
    assert numbers(60) == []
    assert numbers(60, 0) == [visits[1].number, visits[0].number]
    assert numbers(60, 1) == []
    found = matchable(replace(seat, now=lambda: TEN + timedelta(days=1)), (), (), ()).visits[1]
    assert {item.key: item.numbers for item in found.items if item.numbers} == {
        FIRST: "412-414",
        SECOND: "IMG_0420",
    }


def test_scans_are_no_photos_and_have_an_order(seat: Seat, visits: tuple[VisitDetail, VisitDetail]) -> None:
    first = visits[0].id
    (photo,) = add_photos(seat, first, (picture(1),)).photos
    blank = picture(9, source="c" * 64)
    pages = add_scans(seat, first, (picture(2, source="c" * 64), blank, blank))
    assert [page.kind for page in pages] == ["scan"] * 3
    assert [page.id for page in move_scan(seat, pages[2].id, -2)] == [pages[n].id for n in (2, 0, 1)]
    assert [one.id for one in visit_detail(seat, first).photos] == [photo.id]
    assert [row.extra["photos"] for row in list_visits(seat).rows] == [0, 1]
    with pytest.raises(Conflict, match=visits[0].number):
        add_scans(seat, visits[1].id, (blank,))
    with pytest.raises(NotFound):
        move_scan(seat, photo.id, 1)
    with pytest.raises(NotFound):
        place_photo(seat, pages[0].id, "", "near", "")
    remove_photo(seat, pages[0].id)
    assert len(scan_pages(seat, first)) == 2


def test_a_copy_of_the_sheet_has_the_numbers_of_photos(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail]
) -> None:
    add_photos(
        seat, visits[1].id, (picture(1, item=SECOND, number="0500"), picture(2, item=SECOND, number="0501"))
    )
    noted, attached = visit_papers(seat, [visit.id for visit in visits]).sheets
    assert [item.photos for item in noted.items if item.photos] == ["412-414", "IMG_0420"]
    assert [item.photos for item in attached.items if item.photos] == ["0500、0501"]


def test_a_visit_shows_what_its_photos_are_of_and_which_are_missing(
    seat: Seat, visits: tuple[VisitDetail, VisitDetail], desk: Desk, front: Callable[[QWidget], None],
    settled: Settled,
) -> None:  # fmt: skip
    new = (picture(1, item=FIRST, kind="far", number="0412"), picture(2, number="0999"))
    add_photos(seat, visits[0].id, new)
    page = InspectionsController(desk)
    front(page.page)
    page.open_visit(visits[0].id)
    settled()
    notes = [photo.note for photo in page.detail.photos.photos()]
    assert notes == ["The whole visit · 0999", "Item 1 · Far view · 0412"]
    assert "Noted on the sheet, but not attached: photo 413, 414, 0420" in texts(page.detail)
    button(page.detail, "Say what is on photo 1").click()
    dialog = shown(FormDialog)
    for field, value in (("item", SECOND), ("kind", "near"), ("number", "0420")):
        dialog.form.set_value(field, value)
    dialog.save_button.click()
    settled()
    assert page.detail.photos.photos()[1].note == "Item 2 · Near view · 0420"
    assert "Noted on the sheet, but not attached: photo 413, 414" in texts(page.detail)
    assert button(page.detail, "Signed sheet: no page is attached").isEnabled()


def test_numbers_that_cannot_be_read_are_refused_beside_their_item(
    seat: Seat, two_estates: tuple[int, int], desk: Desk, front: Callable[[QWidget], None], settled: Settled
) -> None:
    with pytest.raises(InvalidInput) as refused:
        logged(replace(seat, now=lambda: TEN), two_estates[0], TEN, {FIRST: "楼道"})
    assert f"item.{FIRST}" in refused.value.fields
    page = InspectionsController(desk)
    front(page.page)
    page.log_estate_visit(two_estates[0])
    settled()
    row = page.entry.view.checklist.row(FIRST)
    row.photos.setText("12-x")
    assert "12, 13–15" in row.error.text()
    row.photos.setText("12-14")
    assert row.error.text() == ""
    row.box.set_result(None)
    assert row.raw() == ["", "", "", "12-14"]
    raw = page.entry.view.checklist.raw()
    page.entry.view.checklist.set_raw({})
    assert row.photos.text() == ""
    page.entry.view.checklist.set_raw(raw)
    assert row.photos.text() == "12-14"
    page.entry.view.form.mark_clean()
