"""The page of files, as a clerk uses it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Column
from fuyuan_desk.dossiers.controller import FilesController
from fuyuan_desk.dossiers.facts import FileView
from fuyuan_desk.dossiers.rules import About, Shown, ShownItem, ShownListing, ShownSection
from fuyuan_desk.dossiers.view import MOST_ROWS, file_html
from fuyuan_desk.estates.service import units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.work import Worker
from tests.dossiers.conftest import PARTS, a_home, an_estate
from tests.screen import button

OWN = "福元小区"


class Ways:
    """Where the page led to, and its desk."""

    desk: Desk

    def __init__(self) -> None:
        self.taken: list[str] = []

    def to(self, place: str) -> Callable[[], None]:
        return lambda: self.taken.append(place)


@pytest.fixture
def ways() -> Ways:
    return Ways()


@pytest.fixture
def make_page(
    sample_seat: Seat, worker: Worker, qtbot: QtBot, ways: Ways, front: Callable[[QWidget], None]
) -> Callable[..., FilesController]:
    def make(role: Role = Role.ADMIN) -> FilesController:
        seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role))
        desk = ways.desk = Desk(seat, worker)
        made = FilesController(desk, PARTS, ways.to("back"), ways.to("estates"))
        qtbot.addWidget(made.page)
        made.page.resize(1366, 700)
        front(made.page)
        return made

    return make


def read(page: FilesController) -> str:
    return page.page.text.toPlainText()


def test_the_file_of_a_home_is_shown_masked_with_its_contents(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    unit = a_home(sample_seat, with_case=True)
    page.open_unit(unit)
    settled()
    detail = units.unit_detail(sample_seat, unit)
    titles = [page.page.contents.item(row).text() for row in range(page.page.contents.count())]
    assert titles[0] == "1  Place"
    assert any("Renovation ZX" in title for title in titles)
    for words in (detail.address, detail.households[0].head, "Not recorded", *titles[:1]):
        assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", read(page))
    assert detail.households[0].phones[0] in read(page)


def test_a_title_in_the_contents_leads_to_its_part(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None], qtbot: QtBot
) -> None:
    page = make_page()
    page.open_estate(an_estate(sample_seat, OWN))
    settled()
    bar = page.page.text.verticalScrollBar()
    assert bar.value() == 0
    assert page.page.contents.hasFocus()
    qtbot.keyClick(page.page.contents, Qt.Key.Key_End)
    assert bar.value() > 0
    last = bar.value()
    item = page.page.contents.item(1)
    qtbot.mouseClick(
        page.page.contents.viewport(),
        Qt.MouseButton.LeftButton,
        pos=page.page.contents.visualItemRect(item).center() + QPoint(1, 1),
    )
    assert bar.value() < last


def test_escape_and_the_arrow_lead_back(
    make_page: Callable[..., FilesController], ways: Ways, sample_seat: Seat, settled: Callable[[], None],
    qtbot: QtBot,
) -> None:  # fmt: skip
    page = make_page()
    assert not page.page.print_button.isEnabled()
    button(page.page, "Show the estates").click()
    page.open_unit(a_home(sample_seat))
    settled()
    qtbot.keyClick(page.page.contents, Qt.Key.Key_Escape)
    page.page.back.click()
    assert ways.taken == ["estates", "back", "back"]


def test_a_home_that_was_removed_says_so(
    make_page: Callable[..., FilesController], settled: Callable[[], None]
) -> None:
    page = make_page()
    page.open_unit(999_999)
    settled()
    assert page.page.banner.isVisible()
    assert not page.page.print_button.isEnabled()


def test_a_change_is_shown_and_the_place_is_kept(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None], ways: Ways
) -> None:
    page = make_page()
    unit = a_home(sample_seat, with_case=True)
    page.open_unit(unit)
    settled()
    page.page.contents.setCurrentRow(page.page.contents.count() - 1)
    place = page.page.text.verticalScrollBar().value()
    detail = units.unit_detail(sample_seat, unit)
    units.save_unit(sample_seat, replace(detail.fields, lease_no="租2026-77"), unit, detail.version)
    ways.desk.changes.emit(frozenset({"unit"}))
    settled()
    assert "租2026-77" in read(page)
    assert abs(page.page.text.verticalScrollBar().value() - place) < 60


def order(page: FilesController, settled: Callable[[], None], **values: Any) -> None:
    page.page.print_button.click()
    assert page.dialog is not None
    page.dialog.form.set_values({"purpose": "核对", "receiver": "街道办事处", "level": "masked", **values})
    page.dialog.save_button.click()
    settled()


def test_a_paper_is_made_for_a_receiver(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None], qtbot: QtBot
) -> None:
    page = make_page()
    page.open_unit(a_home(sample_seat))
    settled()
    order(page, settled)
    qtbot.waitUntil(lambda: page.preview is not None and page.preview.preview.pdf is not None, timeout=20_000)
    assert page.preview is not None
    qtbot.waitUntil(lambda: page.preview.preview.is_idle)  # type: ignore[union-attr]
    assert page.preview.preview.pdf is not None
    assert len(page.preview.preview.pdf.sizes) == 1
    page.preview.close()


def test_a_purpose_that_is_too_long_is_told_beside_its_field(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    page.open_unit(a_home(sample_seat))
    settled()
    order(page, settled, purpose="核" * 101)
    assert page.dialog is not None
    assert page.dialog.isVisible()
    assert "longer than 100" in page.dialog.form.errors()["purpose"]
    assert page.preview is None
    page.dialog.reject()


@pytest.mark.parametrize(("role", "offered"), [(Role.CLERK, 3), (Role.VIEWER, 2), (Role.PROPERTY, 2)])
def test_only_who_may_see_is_offered_an_unmasked_file(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None], role: Role,
    offered: int,
) -> None:  # fmt: skip
    page = make_page(role)
    page.open_unit(a_home(sample_seat))
    settled()
    page.page.print_button.click()
    assert page.dialog is not None
    assert len(page.dialog.form.editor("level").field.choices) == offered
    page.dialog.reject()


def test_every_text_of_the_office_is_escaped() -> None:
    table = ShownListing("<i>t</i>", (Column("<b>"),), (("<script>&",),), "")
    section = ShownSection("k", "<u>", (ShownItem("<a>", "x<y\nz"),), ("<q>",), (table,), "<w>")
    html = "".join(file_html(FileView(About.UNIT, "<s>", Shown((section,)))))
    for tag in ("<i>t", "<script>", "<u>", "<a>", "<q>", "<w>", "x<y"):
        assert tag not in html
    assert "x&lt;y<br>z" in html


@pytest.mark.parametrize("count", [MOST_ROWS - 1, MOST_ROWS, MOST_ROWS + 1, MOST_ROWS + 5])
def test_a_long_list_says_how_many_rows_are_only_on_the_paper(count: int) -> None:
    table = ShownListing("", (Column("Room"),), tuple((f"room{number}",) for number in range(count)), "")
    html = "".join(
        file_html(FileView(About.ESTATE, "", Shown((ShownSection("k", "Homes", listings=(table,)),))))
    )
    assert html.count(">room") == min(count, MOST_ROWS)
    hidden = max(0, count - MOST_ROWS)
    assert html.count("on the paper") == min(hidden, 1)
    if hidden:
        assert f"{hidden} more row" in html
