"""Photos from a folder: looked at, matched with visits, changed by keyboard, attached once they are confirmed."""

import io
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.photo_import import PhotoImportController
from fuyuan_desk.inspections.facts import NewVisit, VisitDetail
from fuyuan_desk.inspections.rules.photo_batch import Row, State
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.scans import scan_pages
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown

# ten in Shanghai
TEN = datetime(2026, 3, 11, 2, tzinfo=UTC)
ITEMS = checklist_for(SubjectKind.ESTATE).items
FIRST, SECOND = ITEMS[0].key, ITEMS[1].key

Settled = Callable[[], None]


def logged(seat: Seat, estate: int, at: datetime, numbers: dict[str, str], sheet: str = "") -> VisitDetail:
    """Log a visit on which the first item failed, with photo numbers noted at items."""
    findings = tuple(
        Finding(
            item.key,
            Result.FAIL if item.key == FIRST else Result.PASS,
            "三楼" if item.key == FIRST else "",
            photos=numbers.get(item.key, ""),
        )
        for item in ITEMS
    )
    return log_visit(
        seat,
        NewVisit(
            estate_subjects(seat, [estate])[0], at, Party.COMMITTEE, "李思远", findings,
            handling=Conclusion.ON_THE_SPOT, sheet=sheet,
        ),
    )  # fmt: skip


def photo(path: Path, minutes: float | None, shade: int, orientation: int = 1) -> Path:
    """Write a photo that a camera took so many minutes after ten, each shade another one."""
    image = Image.new("RGB", (64, 48), (shade, 90, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    if minutes is not None:
        local = (TEN + timedelta(minutes=minutes)).astimezone()
        exif.get_ifd(0x8769)[0x9003] = f"{local:%Y:%m:%d %H:%M:%S}"
    raw = io.BytesIO()
    image.save(raw, "JPEG", exif=exif)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw.getvalue())
    return path


class Office:
    """Two visits of a morning, and the page on which photos are attached to them."""

    def __init__(self, page: InspectionsController, first: VisitDetail, second: VisitDetail) -> None:
        self.page = page
        self.first, self.second = first, second

    @property
    def photos(self) -> PhotoImportController:
        """The page of photos."""
        return self.page.photo_import

    def rows(self) -> dict[str, Row]:
        """Return the listed files by name."""
        view = self.photos.view
        return {
            row.file.name: row for row in (view.table.model.row(n) for n in range(view.table.model.total))
        }

    def states(self) -> dict[str, State]:
        """Return what becomes of each file."""
        return {name: row.state for name, row in self.rows().items()}

    def choose(self, *names: str) -> None:
        """Choose files in the list."""
        table = self.photos.view.table
        table.clear_selection()
        for number in range(table.model.total):
            if table.model.row(number).file.name in names:
                index = table.model.index(number, 0)
                how = table.table.selectionModel().SelectionFlag
                table.table.selectionModel().setCurrentIndex(index, how.Select | how.Rows)

    def press(self, key: Qt.Key) -> None:
        """Press a key in the list."""
        table = self.photos.view.table.table
        table.activateWindow()  # the file dialog was in front
        assert QTest.qWaitForWindowActive(table.window())
        table.setFocus()
        QTest.keyClick(table, key)


@pytest.fixture
def office(
    seat: Seat, desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> Office:
    """The page of photos in a window, on the day after the visits."""
    then = replace(seat, now=lambda: TEN + timedelta(hours=12))
    first = logged(then, two_estates[0], TEN, {FIRST: "412-414"})
    second = logged(then, two_estates[1], TEN + timedelta(minutes=60), {SECOND: "420"})
    desk.attach_seat(replace(seat, now=lambda: TEN + timedelta(days=1)))
    page = InspectionsController(desk)
    front(page.page)
    settled()
    button(page.log, "Photos from a folder …").click()
    settled()
    return Office(page, first, second)


def test_the_photos_of_a_card_are_matched_changed_and_attached(
    office: Office, seat: Seat, settled: Settled, tmp_path: Path, choose_file: Callable[[Path], None]
) -> None:
    card = tmp_path / "DCIM" / "100CANON"
    for number in (412, 413, 414):
        photo(card / f"IMG_0{number}.JPG", number - 410, number - 300)
    photo(card / "IMG_0420.JPG", 65, 1, orientation=6)
    photo(card / "IMG_0421.JPG", 66, 2)
    photo(card / "IMG_0500.JPG", 400, 3)
    photo(card / "IMG_0501.JPG", -5000, 4)
    (card / "IMG_0420.THM").write_bytes(b"x")
    choose_file(tmp_path / "DCIM")
    office.photos.view.folder_button.click()
    settled()
    view = office.photos.view
    assert "1 other file" in view.banner.text()
    assert office.states() == {
        "IMG_0500.JPG": State.UNSURE,
        "IMG_0501.JPG": State.OPEN,
        "IMG_0421.JPG": State.LIKELY,
        "IMG_0412.JPG": State.SURE,
        "IMG_0413.JPG": State.SURE,
        "IMG_0414.JPG": State.SURE,
        "IMG_0420.JPG": State.SURE,
    }
    assert next(iter(office.states())) == "IMG_0500.JPG", "unsure first"
    assert [office.rows()[f"IMG_04{n}.JPG"].kind for n in (12, 13, 14)] == ["far", "middle", "near"]
    assert visit_detail(seat, office.first.id).photos == (), "nothing is attached before it is confirmed"
    # by keyboard: the visit of the unsure one is right, the likely one shows the second item from near
    office.choose("IMG_0500.JPG")
    office.press(Qt.Key.Key_Space)
    office.choose("IMG_0421.JPG")
    view.form.set_value("item", SECOND)
    office.press(Qt.Key.Key_3)
    assert office.states()["IMG_0500.JPG"] is State.CHOSEN
    office.choose("IMG_0414.JPG")
    office.press(Qt.Key.Key_Delete)
    assert office.states()["IMG_0414.JPG"] is State.LEFT_OUT
    view.attach_button.click()
    settled()
    first, second = visit_detail(seat, office.first.id).photos, visit_detail(seat, office.second.id).photos
    assert [(one.item, one.kind, one.number) for one in first] == [
        (FIRST, "far", "0412"),
        (FIRST, "middle", "0413"),
    ]
    assert [(one.item, one.kind, one.number) for one in second] == [
        ("", "", "0500"),
        (SECOND, "near", "0421"),
        (SECOND, "", "0420"),
    ]
    assert (second[2].width, second[2].height) == (48, 64), "upright"
    assert "5 photos are attached" in view.banner.text()
    assert "1 other file is not" in view.banner.text()
    # a second time: each is known, and it is told where it is
    view.back.click()
    button(shown(Question), "Leave the page").click() if office.page.page.currentWidget() is view else None
    settled()
    button(office.page.log, "Photos from a folder …").click()
    office.photos.add_folder(tmp_path / "DCIM")
    settled()
    assert office.rows()["IMG_0412.JPG"].note == f"with visit {office.first.number}"
    assert office.states()["IMG_0420.JPG"] is State.KNOWN


def test_what_cannot_be_attached_says_why(
    office: Office, seat: Seat, settled: Settled, tmp_path: Path
) -> None:
    whole = photo(tmp_path / "𠀀镇㐂路.jpg", 5, 10).read_bytes()
    (tmp_path / "same.jpg").write_bytes(whole)
    big = Image.effect_noise((400, 400), 90)
    raw = io.BytesIO()
    big.save(raw, "JPEG", quality=95)
    (tmp_path / "half.jpg").write_bytes(raw.getvalue()[: len(raw.getvalue()) // 2])
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "film.MOV").write_bytes(b"x")
    (tmp_path / "text.jpg").write_text("no picture", encoding="utf-8")
    (tmp_path / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    Image.new("RGB", (32, 32)).save(tmp_path / "plain.png")
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(65_000_000)
    os.utime(tmp_path / "plain.png", times=(TEN.timestamp() + 300,) * 2)
    photo(tmp_path / "old.jpg", -60 * 24 * 9_566, 12)
    office.photos.add_folder(tmp_path)
    settled()
    assert office.states() == {
        "plain.png": State.UNSURE,
        "old.jpg": State.OPEN,
        "empty.jpg": State.FAULT,
        "film.MOV": State.FAULT,
        "half.jpg": State.FAULT,
        "huge.jpg": State.FAULT,
        "phone.heic": State.FAULT,
        "text.jpg": State.FAULT,
        "same.jpg": State.LIKELY,
        "𠀀镇㐂路.jpg": State.TWICE,
    }
    notes = {name: row.note for name, row in office.rows().items()}
    assert "Most Compatible" in notes["phone.heic"]
    assert "movie" in notes["film.MOV"]
    assert "empty" in notes["empty.jpg"]
    assert "64 MB" in notes["huge.jpg"]
    assert "cut off" in notes["half.jpg"]
    assert "same.jpg" in notes["𠀀镇㐂路.jpg"]
    assert "clock" in notes["old.jpg"]


def test_a_wrong_clock_is_put_right_for_all_photos(office: Office, settled: Settled, tmp_path: Path) -> None:
    photo(tmp_path / "IMG_0412.JPG", 5 - 60 * 24 * 9_566, 20)
    photo(tmp_path / "IMG_0420.JPG", 65 - 60 * 24 * 9_566, 21)
    office.photos.add_folder(tmp_path)
    settled()
    assert set(office.states().values()) == {State.OPEN}
    office.choose("IMG_0412.JPG")
    office.photos.view.clock_button.click()
    dialog = shown(FormDialog)
    right = (TEN + timedelta(minutes=5)).astimezone()
    dialog.form.set_values({"day": right.date(), "time": f"{right:%H:%M}"})
    dialog.save_button.click()
    settled()
    assert set(office.states().values()) == {State.SURE}
    button(office.photos.view, "+1 h").click()
    settled()
    assert office.states()["IMG_0412.JPG"] is State.UNSURE
    assert "9566 d 1:00" in " ".join(
        label.text() for label in office.photos.view.findChildren(type(office.photos.view.preview))
    )


def test_a_scan_goes_to_the_visit_of_its_sheet(
    office: Office, seat: Seat, two_estates: tuple[int, int], settled: Settled, tmp_path: Path
) -> None:
    then = replace(seat, now=lambda: TEN + timedelta(hours=12))
    before = replace(seat, now=lambda: TEN)
    entered, out = (
        blank_papers(before, estate_subjects(before, [two_estates[0]])).sheets[0].number for _n in "12"
    )
    third = logged(then, two_estates[0], TEN + timedelta(minutes=200), {}, sheet=entered)
    photo(tmp_path / f"{entered}.jpg", 400, 30)
    pages = [Image.new("RGB", (60, 80), "white") for _number in range(2)]
    pages[0].save(tmp_path / f"扫描 {entered}.pdf", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / f"{out}.pdf")
    office.photos.add_folder(tmp_path)
    settled()
    assert office.states() == {
        f"{out}.pdf": State.OPEN,
        f"{entered}.jpg": State.SURE,
        f"扫描 {entered}.pdf": State.SURE,
    }
    assert "not entered" in office.rows()[f"{out}.pdf"].note
    office.photos.view.attach_button.click()
    settled()
    assert len(scan_pages(seat, third.id)) == 3
    assert visit_detail(seat, third.id).photos == ()


def test_a_card_that_is_pulled_out_loses_nothing(
    office: Office, seat: Seat, settled: Settled, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    photo(card / "IMG_0412.JPG", 2, 40)
    photo(card / "IMG_0420.JPG", 65, 41)
    office.photos.add_folder(card)
    settled()
    shutil.move(card, tmp_path / "away")
    office.photos.view.attach_button.click()
    settled()
    assert set(office.states().values()) == {State.FAULT}
    assert visit_detail(seat, office.first.id).photos == ()
    shutil.move(tmp_path / "away", card)
    photo(card / "IMG_0420.JPG", 65, 42)  # another one under the same name
    office.photos.add_folder(card)
    settled()
    office.photos.view.attach_button.click()
    settled()
    assert set(office.states().values()) == {State.ATTACHED}
    office.photos.add_folder(tmp_path / "nowhere")
    settled()
    assert office.photos.view.banner.tone == "error"


def test_leaving_asks_once_while_photos_wait(office: Office, settled: Settled, tmp_path: Path) -> None:
    photo(tmp_path / "IMG_0412.JPG", 2, 50)
    office.photos.add_folder(tmp_path)
    settled()
    view = office.photos.view
    QTest.keyClick(view, Qt.Key.Key_Escape)
    button(shown(Question), "Leave the page").click()
    settled()
    assert office.page.page.currentWidget() is office.page.log
    button(office.page.log, "Photos from a folder …").click()
    settled()
    assert office.rows() == {}
    photo(tmp_path / "later" / "IMG_0500.JPG", 3, 200)
    office.photos.add_folder(tmp_path / "later")
    settled()
    shown_now = view.picture_of(office.rows()["IMG_0500.JPG"])
    assert shown_now is not None
    assert shown_now.toImage().pixelColor(5, 5).red() > 150, "not the picture of the folder before"
    office.choose("IMG_0500.JPG")
    office.press(Qt.Key.Key_Delete)
    view.back.click()
    assert office.page.page.currentWidget() is office.page.log


def test_looking_at_many_photos_can_be_stopped_and_gone_on_with(
    office: Office, settled: Settled, tmp_path: Path
) -> None:
    source = photo(tmp_path / "IMG_0001.JPG", 2, 60)
    for number in range(2, 40):
        shutil.copy(source, tmp_path / f"IMG_{number:04d}.JPG")
    office.photos.add_folder(tmp_path)
    office.photos.view.progress.cancel_requested.connect(lambda: None)
    QTest.qWait(1)
    while not office.rows():
        QTest.qWait(5)
    button(office.photos.view.progress, "Cancel").click()
    settled()
    assert State.READING in office.states().values()
    assert len(office.rows()) == 39, "all are listed"
    button(office.photos.view.banner, "Read on").click()
    settled()
    states = list(office.states().values())
    assert (states.count(State.LIKELY), states.count(State.TWICE)) == (1, 38)
