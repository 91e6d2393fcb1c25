"""The pages of a building's notice of protection: added, looked at, ordered, removed, kept and gone with it."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields
from fuyuan_desk.estates.records import Building
from fuyuan_desk.estates.service import buildings, built_upon, estates, notice_pages
from fuyuan_desk.kit.attached import MOST_PAGES, prepare_pages
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pages_window import PagesWindow
from fuyuan_desk.store.db import attachments
from fuyuan_desk.widgets.photos import PictureDialog
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown, texts

Settled = Callable[[], None]


def jpeg(shade: int = 0, size: tuple[int, int] = (40, 60)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (shade, shade, 255)).save(out, "JPEG")
    return out.getvalue()


def pages(*shades: int) -> tuple[NewPhoto, ...]:
    return tuple(NewPhoto(jpeg(shade), 40, 60) for shade in shades)


def pdf(count: int) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    for number in range(count):
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def stored(seat: Seat) -> set[str]:
    """Return the names of the pictures on the disk."""
    return {path.stem for path in (seat.store.folder / "media").rglob("*.bin")}


def referred(seat: Seat) -> set[str]:
    with seat.store.use() as session:
        return set(attachments.contents(session))


@pytest.fixture
def gate(seat: Seat) -> int:
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    return buildings.save_building(seat, BuildingFields("4号", estate_id=lane)).id


def shades(seat: Seat, building: int) -> list[int]:
    """Return which pages a building has, in their order, by the red of their pictures."""
    read = (notice_pages.read_page(seat, page.id) for page in notice_pages.notice_pages(seat, building))
    found = (Image.open(BytesIO(raw)).getpixel((5, 5)) for raw in read)
    return [round(pixel[0] / 10) * 10 for pixel in found if isinstance(pixel, tuple)]


def test_pages_stand_in_the_order_in_which_they_were_added(seat: Seat, gate: int) -> None:
    notice_pages.add_pages(seat, gate, pages(10, 50))
    notice_pages.add_pages(seat, gate, pages(90))
    assert shades(seat, gate) == [10, 50, 90]


@given(
    count=st.integers(1, 6),
    moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-7, 7)), max_size=6),
)
def test_moving_is_that_of_a_list(count: int, moves: list[tuple[int, int]]) -> None:
    """Against a list of names: what is moved beyond an end stays at that end."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from fuyuan_desk.kit.attached import AttachedPages
    from fuyuan_desk.store.db.attachments import Attachment
    from fuyuan_desk.store.db.base import Base

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [Attachment.__table__])  # type: ignore[list-item]
    with Session(engine) as session:
        for number in range(count):
            session.add(
                Attachment(
                    owner_table="building", owner_uid="x", content=str(number), width=1, height=1, size=1
                )
            )
        session.flush()
        table, expected = AttachedPages(Building), list(range(count))
        for chosen, by in moves:
            name = expected[chosen % count]
            place = expected.index(name)
            expected.remove(name)
            expected.insert(max(0, min(place + by, count - 1)), name)
            moved = table.move(session, name + 1, by)
            assert [int(page.content) for page in moved] == expected
    engine.dispose()


def test_too_many_are_refused_whole(seat: Seat, gate: int) -> None:
    notice_pages.add_pages(seat, gate, pages(*range(0, 3 * (MOST_PAGES - 1), 3)))
    with pytest.raises(InvalidInput, match="At most 40 pages"):
        notice_pages.add_pages(seat, gate, pages(200, 210))
    assert len(notice_pages.notice_pages(seat, gate)) == MOST_PAGES - 1
    assert stored(seat) == referred(seat)


def test_a_removed_page_leaves_the_disk_unless_another_has_the_same_picture(seat: Seat, gate: int) -> None:
    first, second, _third = notice_pages.add_pages(seat, gate, pages(10, 10, 90))
    assert len(stored(seat)) == 2
    notice_pages.remove_page(seat, first.id)
    assert len(stored(seat)) == 2
    notice_pages.remove_page(seat, second.id)
    assert len(stored(seat)) == 1
    with pytest.raises(NotFound, match="no longer exists"):
        notice_pages.remove_page(seat, second.id)


def test_a_removed_building_takes_its_pages_with_it(seat: Seat, gate: int) -> None:
    notice_pages.add_pages(seat, gate, pages(10, 90))
    assert buildings.remove_building(seat, gate) == "4号"
    assert (stored(seat), referred(seat)) == (set(), set())


def test_pages_do_not_count_as_a_change_of_the_form(seat: Seat, gate: int) -> None:
    line = buildings.read_building(seat, gate)
    notice_pages.add_pages(seat, gate, pages(10))
    buildings.save_building(seat, replace(line.fields, floors=3), line.known)
    assert shades(seat, gate) == [10]


def test_a_building_with_pages_stays_when_its_import_is_undone(seat: Seat, gate: int) -> None:
    blocks = {"building": range(gate, gate + 1)}
    with seat.store.use() as session:
        assert built_upon.built_upon(session, blocks).kept["building"] == set()
    notice_pages.add_pages(seat, gate, pages(10, 20))
    with seat.store.use() as session:
        built = built_upon.built_upon(session, blocks)
        [place] = built_upon.kept_places(session, blocks, built)
    assert built.kept["building"] == {gate}
    assert "2 attached pages" in place.reason


def test_who_may_only_read_changes_nothing(seat: Seat, gate: int, seat_as: Callable[[Role], Seat]) -> None:
    [page] = notice_pages.add_pages(seat, gate, pages(10))
    viewer = seat_as(Role.VIEWER)
    assert notice_pages.read_page(viewer, page.id, small=True)
    for act in (
        lambda: notice_pages.add_pages(viewer, gate, pages(20)),
        lambda: notice_pages.move_page(viewer, page.id, 1),
        lambda: notice_pages.remove_page(viewer, page.id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_page_of_another_kind_of_record_is_none_of_a_notice(seat: Seat, gate: int) -> None:
    [page] = notice_pages.add_pages(seat, gate, pages(10))
    with seat.store.sessions() as session:
        session.get_one(attachments.Attachment, page.id).owner_table = "visit"
        session.commit()
    with pytest.raises(NotFound):
        notice_pages.read_page(seat, page.id)


def test_a_pdf_gives_a_page_for_each_of_its_own() -> None:
    assert [page.height for page in prepare_pages(pdf(3))] == [2560] * 3
    [picture] = prepare_pages(jpeg())
    assert (picture.width, picture.height) == (40, 60)
    with pytest.raises(InvalidInput, match="not a picture"):
        prepare_pages(b"hello")


# --- on the page


@pytest.fixture
def page(
    seat: Seat, gate: int, desk: Desk, front: Callable[[QWidget], None], settled: Settled
) -> BookPage[BuildingFields]:
    made = buildings_page(desk, in_estate=False)
    front(made.page)
    settled()
    made.open_record(gate)
    settled()
    return made


@pytest.fixture
def window(page: BookPage[BuildingFields], settled: Settled) -> PagesWindow:
    button(page.page, "Pages of the notice …").click()
    settled()
    return shown(PagesWindow)


def numbers(window: PagesWindow) -> list[str]:
    return [text for text in texts(window.strip) if text.startswith("Page ")]


def test_a_scan_and_a_pdf_are_added_ordered_and_removed(
    page: BookPage[BuildingFields],
    window: PagesWindow,
    seat: Seat,
    gate: int,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    qtbot: QtBot,
    settled: Settled,
) -> None:
    scan, letter = tmp_path / "扫描.jpg", tmp_path / "告知书.pdf"
    scan.write_bytes(jpeg(90))
    letter.write_bytes(pdf(2))
    assert "No pages yet." in texts(window)
    choose_file(scan)
    button(window.strip, "Add pages").click()
    settled()
    window.strip.files_added.emit([letter])  # dropped on the strip
    settled()
    assert numbers(window) == ["Page 1", "Page 2", "Page 3"]
    before = [found.id for found in notice_pages.notice_pages(seat, gate)]
    later = button(window.strip, "Move page 1 later")
    later.setFocus()
    qtbot.keyClick(later, Qt.Key.Key_Space)
    settled()
    first, second, third = before
    assert [found.id for found in notice_pages.notice_pages(seat, gate)] == [second, first, third]
    assert window.focusWidget() is later, "so that it can be moved on"
    qtbot.keyClick(later, Qt.Key.Key_Space)
    settled()
    assert [found.id for found in notice_pages.notice_pages(seat, gate)] == [second, third, first]
    assert window.focusWidget() is button(window.strip, "Move page 3 earlier"), "it cannot be moved on"
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    settled()
    button(window.strip, "Remove page 2").click()
    button(shown(Question), "Remove").click()
    settled()
    assert [found.id for found in notice_pages.notice_pages(seat, gate)] == [second, third]
    assert numbers(window) == ["Page 1", "Page 2"]
    window.close()
    assert button(page.page, "Notice: 2 pages …").isVisible()


def test_several_files_are_added_by_name(
    window: PagesWindow, seat: Seat, gate: int, tmp_path: Path, settled: Settled
) -> None:
    paths = [tmp_path / name for name in ("第10页.jpg", "第2页.jpg", "第1页.jpg")]
    for path, shade in zip(paths, (200, 90, 10), strict=True):
        path.write_bytes(jpeg(shade))
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    QGuiApplication.clipboard().setMimeData(dropped)
    window.strip.paste()
    settled()
    assert shades(seat, gate) == [10, 90, 200]


def test_a_page_is_looked_at_in_large(
    window: PagesWindow, seat: Seat, gate: int, tmp_path: Path, qtbot: QtBot, settled: Settled
) -> None:
    scan = tmp_path / "a.jpg"
    scan.write_bytes(jpeg(90))
    window.strip.files_added.emit([scan])
    settled()
    [picture] = [one for one in window.strip.findChildren(QWidget) if one.accessibleName() == "Page 1"]
    qtbot.keyClick(picture, Qt.Key.Key_Return)
    settled()
    assert shown(PictureDialog).windowTitle() == "Page 1"


def test_a_bad_file_is_named_with_what_to_do(window: PagesWindow, tmp_path: Path, settled: Settled) -> None:
    broken = tmp_path / "损坏.pdf"
    broken.write_bytes(b"%PDF-1.7 broken")
    window.strip.files_added.emit([broken])
    settled()
    assert "损坏.pdf: This PDF is damaged or protected by a password." in window.banner.text()
    assert numbers(window) == []


def test_who_may_only_read_is_offered_no_change(
    seat: Seat, gate: int, desk_as: Callable[[Role], Desk], front: Callable[[QWidget], None], settled: Settled
) -> None:
    notice_pages.add_pages(seat, gate, pages(10, 20))
    desk = desk_as(Role.VIEWER)
    made = buildings_page(desk, in_estate=False)
    front(made.page)
    made.open_record(gate)
    settled()
    button(made.page, "Notice: 2 pages …").click()
    settled()
    window = shown(PagesWindow)
    assert numbers(window) == ["Page 1", "Page 2"]
    offered = {one.accessibleName() for one in window.strip.findChildren(QWidget) if one.isVisible()}
    assert not {"Remove page 1", "Move page 1 later"} & offered
    assert not [text for text in texts(window) if "Photos or scans" in text]
    window.close()
    desk.close()
