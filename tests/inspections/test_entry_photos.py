"""Photos of a visit that is being logged: prepared in the background, stored with its draft, saved with it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.service.photos import place_photo
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.view.entry import EntryView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from tests.inspections.conftest import draft_photos, picture
from tests.screen import button, shown, texts

Settled = Callable[[], None]


def filled_in(page: InspectionsController, estate: int, settled: Settled) -> EntryView:
    """Return the page of a new visit, ready to be saved."""
    page.log_estate_visit(estate)
    settled()
    view = page.entry.view
    view.form.set_value("inspectors", "某甲")
    view.checklist.answer_rest()
    return view


def test_photos_by_file_and_paste_are_saved_with_the_visit(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path, qtbot: QtBot,
) -> None:  # fmt: skip
    page.log_estate_visit(two_estates[0])
    settled()
    view = page.entry.view
    (tmp_path / "no.jpg").write_text("no picture", encoding="utf-8")
    view.photos.files_added.emit([picture(tmp_path), tmp_path / "no.jpg"])
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    view.photos.pasted.emit(image)
    qtbot.waitUntil(lambda: len(view.photos.photos()) == 2)
    settled()
    assert view.photos_error.text().startswith("no.jpg")
    view.form.set_value("inspectors", "某甲")
    view.checklist.answer_rest()
    view.form.submit()
    settled()
    assert len(visit_detail(seat, 1).photos) == 2
    assert draft_photos(seat) == []


def test_a_visit_saved_at_once_waits_for_its_photos(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path,
) -> None:  # fmt: skip
    view = filled_in(page, two_estates[0], settled)
    view.photos.files_added.emit([picture(tmp_path)])
    assert "Photos being added: 1 …" in texts(view.photos)
    view.form.submit()
    settled()
    assert len(visit_detail(seat, 1).photos) == 1
    assert draft_photos(seat) == []


def test_a_visit_is_not_saved_without_a_photo_that_was_refused_meanwhile(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path,
) -> None:  # fmt: skip
    view = filled_in(page, two_estates[0], settled)
    view.photos.files_added.emit([tmp_path / "missing.jpg"])
    view.form.submit()
    settled()
    assert page.page.currentWidget() is view
    assert view.photos_error.text().startswith("missing.jpg")
    assert list_visits(seat).total == 0
    view.form.submit()  # she goes on without it
    settled()
    assert list_visits(seat).total == 1


def test_a_photo_chosen_for_a_discarded_visit_is_not_added_to_the_next(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path,
) -> None:  # fmt: skip
    page.log_estate_visit(two_estates[0])
    settled()
    page.entry.view.photos.files_added.emit([picture(tmp_path)])
    page.log_estate_visit(two_estates[1])
    settled()
    assert page.entry.view.photos.photos() == []
    assert draft_photos(seat) == []


def test_an_offered_draft_keeps_its_photos_until_it_is_answered(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path, desk: Desk, front: Callable[[QWidget], None],
) -> None:  # fmt: skip
    view = filled_in(page, two_estates[0], settled)
    view.photos.files_added.emit([picture(tmp_path)])
    settled()
    view.form.findChild(DraftSaver).flush()
    settled()
    # as after a power failure: a new page on the same store
    again = InspectionsController(desk)
    front(again.page)
    again.new_visit()
    settled()
    view = again.entry.view
    assert not any(beside.isEnabled() for beside in (view.checklist, view.photos))
    view.form.set_value("remarks", "某事")
    view.cancel()
    shown(Question).buttons[1].click()  # do not save
    settled()
    assert len(draft_photos(seat)) == 1
    again.new_visit()
    settled()
    button(view.form.notice, "Restore").click()
    settled()
    assert all(beside.isEnabled() for beside in (view.checklist, view.photos))
    assert len(view.photos.photos()) == 1
    view.form.mark_clean()


def say(view: EntryView, settled: Settled, place: int, **what: str) -> None:
    """Say which item the photo at a place of the strip shows, as a clerk does."""
    button(view.photos, f"Say what is on photo {place}").click()
    settled()
    form = shown(FormDialog).form
    for name, value in what.items():
        form.set_value(name, value)
    form.submit()
    settled()


def test_a_photo_is_given_to_its_item_while_the_visit_is_entered(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
    tmp_path: Path, desk: Desk, front: Callable[[QWidget], None],
) -> None:  # fmt: skip
    view = filled_in(page, two_estates[0], settled)
    view.photos.files_added.emit([picture(tmp_path)])
    settled()
    assert [photo.note for photo in view.photos.photos()] == ["The whole visit"]
    assert view.checklist.checklist is not None
    third = view.checklist.checklist.items[2].key
    say(view, settled, 1, item=third, kind="near", number="0412")
    assert [photo.note for photo in view.photos.photos()] == ["Item 3 · Near view · 0412"]
    view.form.findChild(DraftSaver).flush()
    settled()
    # as after a power failure
    again = InspectionsController(desk)
    front(again.page)
    again.new_visit()
    settled()
    view = again.entry.view
    button(view.form.notice, "Restore").click()
    settled()
    assert [photo.note for photo in view.photos.photos()] == ["Item 3 · Near view · 0412"]
    view.form.submit()
    settled()
    [photo] = visit_detail(seat, 1).photos
    assert (photo.item, photo.kind, photo.number) == (third, "near", "0412")


def test_a_photo_of_an_item_that_is_not_asked_is_of_the_whole_visit(
    page: InspectionsController, two_estates: tuple[int, int], settled: Settled, seat: Seat, tmp_path: Path
) -> None:
    view = filled_in(page, two_estates[0], settled)
    view.photos.files_added.emit([picture(tmp_path)])
    settled()
    assert view.checklist.checklist is not None
    place_photo(seat, int(view.photos.photos()[0].key), "not-asked-here", "", "")
    view.form.set_value("subject", f"estate:{two_estates[1]}")
    settled()
    assert [photo.note for photo in view.photos.photos()] == ["The whole visit"]
    view.form.submit()
    settled()
    assert [photo.item for photo in visit_detail(seat, 1).photos] == [""]
