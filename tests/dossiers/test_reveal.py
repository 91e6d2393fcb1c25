"""Masked values of a file are shown one by one or all of a home: logged, for a while, and only what was asked for."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.reveals import MOST
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.dossier import Column, Item, Listing, Privacy, Section, Value, value
from fuyuan_desk.core.errors import Conflict, NotAllowed
from fuyuan_desk.dossiers.controller import FilesController
from fuyuan_desk.dossiers.facts import FileView
from fuyuan_desk.dossiers.rules import (
    About,
    Level,
    Place,
    ShownSection,
    masked_values,
    section_at,
    shown_sections,
    text_of,
)
from fuyuan_desk.dossiers.service import read_file, reveal_home, reveal_value
from fuyuan_desk.dossiers.view import FileScreen, link_range, masked_text
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import households
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.work import Worker
from tests.dossiers.conftest import PARTS, a_home, an_estate
from tests.screen import button

values = st.builds(value, st.sampled_from(list(Privacy)), st.text("福元13800<&", min_size=0, max_size=12))
rows = st.lists(st.tuples(values, values), max_size=4).map(tuple)
sections = st.lists(st.tuples(st.lists(values, max_size=4), st.lists(rows, max_size=2)), max_size=3).map(
    lambda found: tuple(
        Section(
            f"{number}-部分",
            "部分",
            tuple(Item(f"项{place}", one) for place, one in enumerate(items)),
            tuple(Listing((Column("甲"), Column("乙")), table, "表") for table in tables),
        )
        for number, (items, tables) in enumerate(found)
    )
)


def revealed(seat: Seat) -> list[AuditEntry]:
    with seat.store.use() as session:
        of_files = AuditEntry.table_name.in_(("unit", "estate"))
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal", of_files)))


def names_nobody(one: Value) -> bool:
    return one.privacy in (Privacy.OPEN, Privacy.OFFICE)


@given(sections)
def test_a_place_leads_to_the_value_that_is_shown_there(file: tuple[Section, ...]) -> None:
    view = FileView(About.UNIT, "某室", shown_sections(file, Level.MASKED))
    masked = {place: one for section in file for place, one in masked_values(section).items()}
    for place, one in masked.items():
        assert masked_text(view, place) == text_of(one.value, Level.MASKED)
    cells = [cell for section in file for table in section.listings for row in table.rows for cell in row]
    every = [item.value for section in file for item in section.items] + cells
    assert len(masked) == sum(bool(one.texts) and not names_nobody(one) for one in every)
    marked = sum(item.is_masked for part in view.shown.sections for item in part.items) + sum(
        len(table.masked) for part in view.shown.sections for table in part.listings
    )
    assert marked == len(masked)


@pytest.mark.parametrize("level", [Level.FULL, Level.POSTED])
def test_at_other_levels_nothing_is_left_to_show(level: Level) -> None:
    file = (Section("a", "部分", (Item("电话", value(Privacy.PHONE, "13812345678")),)),)
    [*parts] = shown_sections(file, level).sections
    assert not any(item.is_masked for part in parts for item in part.items)


# --- the services


def place_of(seat: Seat, unit: int, label: str) -> tuple[Place, str]:
    """Return where the file of a home shows something, and what of it."""
    for section in read_file(seat, About.UNIT, unit, PARTS).shown.sections:
        for number, item in enumerate(section.items):
            if item.label == label and item.is_masked:
                return Place(section.key, number), item.text
    raise AssertionError(label)


def section_of(seat: Seat, unit: int, place: Place) -> ShownSection:
    found = section_at(read_file(seat, About.UNIT, unit, PARTS).shown, place)
    assert found is not None
    return found


def holder_of(seat: Seat, unit: int) -> Household:
    with seat.store.use() as session:
        query = select(Household).where(Household.unit_id == unit, Household.moved_out_on.is_(None))
        return session.scalars(query.order_by(Household.id)).all()[0]


def test_a_value_is_shown_and_logged_by_its_name(sample_seat: Seat) -> None:
    unit = a_home(sample_seat)
    place, shown = place_of(sample_seat, unit, "Holder")
    name = reveal_value(sample_seat, About.UNIT, unit, PARTS, place, section_of(sample_seat, unit, place))
    assert shown == f"{name[0]}*"
    assert name == holder_of(sample_seat, unit).head
    [entry] = revealed(sample_seat)
    assert (entry.table_name, entry.record_id) == ("unit", unit)
    assert "Holder" in str(entry.changes)
    assert name not in str(entry.changes)


def test_what_changed_meanwhile_is_not_shown_as_the_same(sample_seat: Seat) -> None:
    """Remarks look alike while they are masked: the whole part is compared, not only the value."""
    unit = a_home(sample_seat)
    place, _shown = place_of(sample_seat, unit, "Holder")
    section, file = section_of(sample_seat, unit, place), read_file(sample_seat, About.UNIT, unit, PARTS)
    edit = households.household_for_edit(sample_seat, holder_of(sample_seat, unit).id)
    fields = replace(edit.fields, head="祝敏")
    households.save_household(sample_seat, unit, fields, edit.id, edit.version)
    for ask in (
        lambda: reveal_value(sample_seat, About.UNIT, unit, PARTS, place, section),
        lambda: reveal_value(sample_seat, About.UNIT, unit, PARTS, place._replace(section="99-x"), section),
        lambda: reveal_home(sample_seat, unit, PARTS, file.shown),
    ):
        with pytest.raises(Conflict, match="Open it again"):
            ask()
    assert revealed(sample_seat) == []


def test_all_of_a_home_is_logged_value_by_value(sample_seat: Seat) -> None:
    unit = a_home(sample_seat)
    seat = sample_seat
    file = read_file(seat, About.UNIT, unit, PARTS)
    found = reveal_home(seat, unit, PARTS, file.shown)
    assert len(revealed(seat)) == len(found)
    place, shown = place_of(seat, unit, "Holder")
    assert masked_text(file, place) == shown
    assert found[place] == holder_of(seat, unit).head


def test_many_take_a_second_person(sample_seat: Seat) -> None:
    unit = a_home(sample_seat, with_case=True)
    file = read_file(sample_seat, About.UNIT, unit, PARTS)
    asked = 0
    for _again in range(21):
        try:
            reveal_home(sample_seat, unit, PARTS, file.shown)
        except SecondNeeded:
            asked += 1
    assert asked
    assert len(revealed(sample_seat)) <= MOST


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PROPERTY])
def test_who_may_not_reveal_is_refused(sample_seat: Seat, role: Role) -> None:
    unit = a_home(sample_seat)
    place, _shown = place_of(sample_seat, unit, "Holder")
    section, file = section_of(sample_seat, unit, place), read_file(sample_seat, About.UNIT, unit, PARTS)
    seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role))
    for ask in (
        lambda: reveal_value(seat, About.UNIT, unit, PARTS, place, section),
        lambda: reveal_home(seat, unit, PARTS, file.shown),
    ):
        with pytest.raises(NotAllowed):
            ask()


# --- on the page


@pytest.fixture
def make_page(
    sample_seat: Seat, worker: Worker, front: Callable[[QWidget], None]
) -> Callable[..., FilesController]:
    def make(role: Role = Role.ADMIN) -> FilesController:
        seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role))
        made = FilesController(Desk(seat, worker), PARTS, lambda: None, lambda: None)
        front(made.page)
        return made

    return make


def links(screen: FileScreen) -> list[str]:
    found: list[str] = []
    block = screen.text.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            if link := pieces.fragment().charFormat().anchorHref():
                found.append(link)
            pieces += 1
        block = block.next()
    return list(dict.fromkeys(found))


def text_at(screen: FileScreen, link: str) -> str:
    where = link_range(screen.text.document(), link)
    assert where is not None
    return screen.text.toPlainText()[where[0] : where[1]]


def link_of(place: Place) -> str:
    return "reveal:" + "/".join(map(str, place))


def test_a_press_shows_a_value_and_another_hides_it(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    unit = a_home(sample_seat)
    page.open_unit(unit)
    settled()
    before = page.page.text.toPlainText()
    place, shown = place_of(sample_seat, unit, "Holder")
    assert text_at(page.page, link_of(place)) == shown
    page.page.text.anchorClicked.emit(QUrl(link_of(place)))
    settled()
    name = holder_of(sample_seat, unit).head
    assert text_at(page.page, link_of(place)) == name
    assert len(page.page.text.toPlainText()) == len(before) + len(name) - len(shown)
    page.page.text.anchorClicked.emit(QUrl(link_of(place)))
    settled()
    assert page.page.text.toPlainText() == before
    assert len(revealed(sample_seat)) == 1


def test_all_of_a_home_are_shown_and_hidden_by_one_button(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    unit = a_home(sample_seat)
    page.open_unit(unit)
    settled()
    before = page.page.text.toPlainText()
    button(page.page, "Show all (logged)").click()
    settled()
    assert holder_of(sample_seat, unit).head in page.page.text.toPlainText()
    assert "recorded, not shown" not in page.page.text.toPlainText()
    button(page.page, "Hide all").click()
    assert page.page.text.toPlainText() == before


def test_an_estate_is_revealed_one_by_one_only(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    page.open_estate(an_estate(sample_seat, "福元小区"))
    settled()
    assert not page.page.reveal_button.isVisible()
    link = links(page.page)[0]
    masked = text_at(page.page, link)
    page.page.text.anchorClicked.emit(QUrl(link))
    settled()
    assert text_at(page.page, link) != masked


def test_another_file_shows_nothing_of_the_last_one(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page()
    unit = a_home(sample_seat)
    page.open_unit(unit)
    settled()
    button(page.page, "Show all (logged)").click()
    settled()
    page.open_estate(an_estate(sample_seat, "福元小区"))
    settled()
    page.open_unit(unit)
    settled()
    assert holder_of(sample_seat, unit).head not in page.page.text.toPlainText()


def test_who_may_not_reveal_is_offered_nothing(
    make_page: Callable[..., FilesController], sample_seat: Seat, settled: Callable[[], None]
) -> None:
    page = make_page(Role.VIEWER)
    page.open_unit(a_home(sample_seat))
    settled()
    assert links(page.page) == []
    assert not page.page.reveal_button.isVisible()


def test_what_is_revealed_is_masked_again_by_itself(qtbot: QtBot) -> None:
    phone = Item("电话", value(Privacy.PHONE, "13812345678", "13900000000"))
    view = FileView(About.UNIT, "某室", shown_sections([Section("a", "住户", (phone,))], Level.MASKED))
    screen = FileScreen(seconds_shown=0.05)
    qtbot.addWidget(screen)
    screen.set_may_reveal(True)
    screen.show_file(view)
    place = Place("a", 0)
    screen.reveal({place: "13812345678\n13900000000"})
    assert "13900000000" in screen.text.toPlainText()
    qtbot.waitUntil(lambda: "13900000000" not in screen.text.toPlainText(), timeout=5_000)
    assert text_at(screen, link_of(place)) == masked_text(view, place)
