"""What every list does whose records are opened elsewhere: services and page, one suite over all of `lists.py`."""

import re
from collections.abc import Callable
from dataclasses import fields as fields_of
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import Operator, Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import LANGUAGES, in_chinese, use_language
from fuyuan_desk.kit.book import BookQuery, text_of
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_sheet import list_sheet
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db.codes import codes_of
from fuyuan_desk.store.db.personal import of_column
from fuyuan_desk.widgets.preview import PreviewDialog
from tests.desks import wait_until_quiet
from tests.kit.conftest import Fill
from tests.kit.lists import LISTS, ListCase
from tests.screen import button, shown

Front = Callable[[QWidget], None]
Settled = Callable[[], None]
ORDER = ExportOrder("核对", "街道办")


@pytest.fixture(params=LISTS, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> ListCase:
    """Every list in turn."""
    found: ListCase = request.param
    return found


@pytest.fixture
def fill(case: ListCase) -> Fill:
    """Save the records; return their ids in the order of the list."""
    return lambda seat: list(case.records(seat))


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Settled:
    """Wait until no more work is pending, on files either."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def page(case: ListCase, ids: list[int], desk: Desk, front: Front, settled: Settled) -> Any:
    """The page with the list in a window."""
    made = case.page(desk)
    front(made.page)
    settled()
    return made


def listed(seat: Seat, case: ListCase, **query: Any) -> list[int]:
    """Return the ids of the records that a query finds, in order."""
    return [line.id for line in case.uses.find(seat, BookQuery(**query), 0, 200).rows]


# --- the declaration


def test_parts_fields_and_columns_agree(case: ListCase) -> None:
    book, columns = case.book(), set(case.table.model.__table__.columns.keys())
    names = {part.name for part in book.fields}
    read = {part.name for part in book.fields if part.in_form}
    assert read <= {field.name for field in fields_of(case.table.fields)} <= columns
    filters = case.table.filters.keys() - columns
    assert names - read == {*case.table.extras, *case.table.expressions, *filters}
    assert {part.name for part in book.fields if part.kind == "reference"} == set(case.table.references)
    assert set(case.uses.options) - case.table.filters.keys() == set(case.table.references)
    assert set(case.table.orders) <= names
    assert book.kind.table == case.table.model.__tablename__
    for part in book.fields:
        assert part.shown is None or not part.shown.by or part.shown.by in columns, part.name


def test_a_choice_offers_the_codes_of_its_column(case: ListCase) -> None:
    columns = case.table.model.__table__.columns
    for part in case.book().fields:
        codes = codes_of(columns[part.name]) if part.name in columns else None
        if codes is not None:
            assert {text for _value, text in part.choices} == {codes.label(one) for one in codes.enum}


def test_personal_columns_are_masked_or_the_export_says_whose_they_are(case: ListCase) -> None:
    columns = case.table.model.__table__.columns
    personal = [part for part in case.book().fields if part.name in columns and of_column(columns[part.name])]
    assert personal
    assert case.table.holds is not Holds.NOBODY
    for part in personal:
        assert part.mask is not None or case.table.holds is Holds.OFFICERS, part.name


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_mnemonics_of_the_screen_are_unique(
    case: ListCase, desk: Desk, front: Front, settled: Settled, language: str
) -> None:
    use_language(language)
    page = case.page(desk)
    front(page.page)
    settled()
    buttons = [made.text() for made in case.screen(page).findChildren(QAbstractButton) if made.isVisible()]
    found = [match.group(1).upper() for text in buttons if (match := re.search(r"&(\w)", text))]
    assert len(found) >= 2
    assert len(set(found)) == len(found), found


# --- order and filters


def test_the_newest_is_first_and_keys_come_in_the_same_order(
    case: ListCase, ids: list[int], seat: Seat
) -> None:
    assert listed(seat, case) == ids
    with seat.store.use() as session:
        assert list(case.table.keys(session, BookQuery())) == ids


def test_every_column_sorts_both_ways(case: ListCase, ids: list[int], seat: Seat) -> None:
    sortable = [part for part in case.book().fields if part.shown is not None and part.shown.sort]
    assert len(sortable) >= 5
    for part in sortable:
        for descending in (False, True):
            assert sorted(listed(seat, case, sort=part.name, descending=descending)) == sorted(ids)
    part = case.book().part(case.book().order)
    assert listed(seat, case, sort=part.name, descending=True)[-1] == ids[-1]
    assert listed(seat, case, sort=part.name)[0] == ids[-1]


def test_a_window_is_a_part_of_the_whole(case: ListCase, ids: list[int], seat: Seat) -> None:
    window = case.uses.find(seat, BookQuery(), 1, 1)
    assert (window.total, [line.id for line in window.rows]) == (3, ids[1:2])


def test_typed_text_finds_by_pinyin_number_and_name(case: ListCase, ids: list[int], seat: Seat) -> None:
    for text, places in case.found_by.items():
        assert listed(seat, case, text=text) == [ids[place] for place in places], text
    assert listed(seat, case, text="没有这条") == []


def test_every_line_has_a_text_in_its_first_columns(case: ListCase, ids: list[int], seat: Seat) -> None:
    for line in case.uses.find(seat, BookQuery(), 0, 200).rows:
        shown = [part for part in case.book().fields if part.shown is not None]
        assert all(text_of(part, line) for part in shown[:4])


def test_a_property_company_sees_its_own_estate_only(
    case: ListCase, ids: list[int], seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    known = seat_as(Role.PROPERTY).operator
    for estate, places in ((1, [1, 2]), (2, [0])):
        own = Operator(known.id, known.login, known.name, known.role, frozenset({estate}))
        company = Seat(seat.store, own, now=seat.now)
        assert listed(company, case) == [ids[place] for place in places]
        assert listed(company, case, facets={"estate_id": 3 - estate}) == []


# --- export


def test_an_export_is_stamped_and_audited(
    case: ListCase, ids: list[int], seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    assert case.uses.export is not None
    text, places = next(iter(case.found_by.items()))
    export = case.uses.export(seat, ORDER, BookQuery(text=text))
    assert [line.id for line in export.rows] == [ids[place] for place in places]
    assert (export.stamp.receiver, export.stamp.holds) == ("街道办", case.table.holds)
    with seat.store.use() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
        assert entry.table_name == case.book().kind.table
        assert text not in entry.changes
    with pytest.raises(NotAllowed):
        case.uses.export(seat_as(Role.VIEWER), ORDER, BookQuery())


# --- on paper


def test_a_printed_list_is_chinese_and_masked_names_its_filters_and_is_audited(
    case: ListCase, ids: list[int], seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    from pypdfium2 import PdfDocument

    assert case.uses.paper is not None
    use_language("en")
    estate = BookQuery(facets={"estate_id": 1})
    paper = case.uses.paper(seat, estate)
    with in_chinese():
        columns = [part for part in case.book().fields if part.shown is not None and part.shown.at_first]
        parts = [part for part in columns if part.name != "estate_id"]  # the filter names it
        titles = [part.name_shown for part in parts]
        lines = case.uses.find(seat, estate, 0, -1).rows
        first = [tuple(text_of(part, line) for part in parts[:2]) for line in lines]
    assert [title for title, _width, _right in paper.columns] == titles
    assert [row[:2] for row in paper.rows] == first
    assert len(paper.chosen) == 1
    text = PdfDocument(BytesIO(list_sheet(paper).pdf))[0].get_textpage().get_text_range()
    assert all(row[0] in text for row in paper.rows)
    assert paper.chosen[0][1] in text
    assert len(case.uses.paper(seat_as(Role.VIEWER), BookQuery()).rows) == len(ids)
    with seat.store.use() as session:
        printed_rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).all()
        assert [entry.table_name for entry in printed_rows] == [case.book().kind.table] * 2


def test_a_printed_list_never_hides_that_it_is_a_part(case: ListCase, ids: list[int], seat: Seat) -> None:
    assert case.uses.paper is not None
    with pytest.raises(ValueError, match="a part of the list"):
        case.uses.paper(seat, BookQuery(facets={"id": ids[0]}))


def test_the_printed_log_of_one_subject_names_it(seat: Seat) -> None:
    case = LISTS[0]
    case.records(seat)
    assert case.uses.paper is not None
    paper = case.uses.paper(seat, BookQuery(facets={"subject_kind": "estate", "subject_id": 1}))
    assert len(paper.rows) == 2
    assert paper.chosen == (("巡查对象", "南昌路168弄"),)
    nobody = case.uses.paper(seat, BookQuery(facets={"subject_kind": "estate", "subject_id": 99}))
    assert (nobody.rows, len(nobody.chosen)) == ((), 1)


# --- the page


def places_of(page: Any, case: ListCase, ids: list[int]) -> list[int]:
    """Return the places of what the list shows."""
    model = case.screen(page).table.model
    return [ids.index(model.row(number).id) for number in range(model.total)]


def test_filters_are_chosen_cleared_and_saved_under_a_name(
    case: ListCase, ids: list[int], desk: Desk, front: Front, settled: Settled
) -> None:
    class Kept(dict[str, Any]):
        def load(self, key: str) -> Any:
            return self.get(key)

        def save(self, key: str, value: Any) -> None:
            self[key] = value

    page = case.page(desk, Kept())
    front(page.page)
    settled()
    table = case.screen(page).table
    boxes = [box for box in table.facets.findChildren(QComboBox) if not box.isHidden()]
    assert len(boxes) == len(case.facets)
    for name, (value, places) in case.facets.items():
        table.facets.choose(name, value)
        settled()
        assert places_of(page, case, ids) == list(places), name
        assert table.saved_filters is not None
        table.saved_filters.save(name)
        table.clear_filters()
        settled()
        assert table.model.total == len(ids)
        assert table.facets.values() == {}
        table.saved_filters.show(name)
        settled()
        assert places_of(page, case, ids) == list(places), name
        table.clear_filters()
        settled()


def test_a_record_is_found_and_opened_by_keyboard(
    page: Any, case: ListCase, ids: list[int], settled: Settled
) -> None:
    screen = case.screen(page)
    text, places = next(iter(case.found_by.items()))
    screen.table.focus_filter()
    QTest.keyClicks(screen.table.filter, text) if text.isascii() else screen.table.filter.setText(text)
    settled()
    QTest.keyClick(screen.table.filter, Qt.Key.Key_Down)
    QTest.keyClick(screen.table.table, Qt.Key.Key_Return)
    settled()
    assert page.shown_record == (case.book().kind.name, ids[places[0]])
    assert not screen.isVisible()


def test_a_change_made_while_the_list_is_out_of_sight_is_there_when_it_is_shown(
    page: Any, case: ListCase, ids: list[int], seat: Seat, desk: Desk, settled: Settled
) -> None:
    screen = case.screen(page)
    page.page.hide()
    before = screen.table.model.row(0).fields.number
    with seat.store.sessions() as session:
        row = session.get(case.table.model, ids[0])
        assert row is not None
        row.number = "换了号"
        session.commit()
    desk.changes.emit(frozenset({case.book().kind.table}))
    settled()
    assert screen.table.model.row(0).fields.number == before
    page.page.show()
    settled()
    assert screen.table.model.row(0).fields.number == "换了号"


def test_the_export_button_writes_what_is_listed(
    page: Any, case: ListCase, ids: list[int], settled: Settled, tmp_path: Path,
    choose_file: Callable[[Path], None], submit_export_order: Callable[..., None],
) -> None:  # fmt: skip
    screen = case.screen(page)
    screen.table.facets.choose("estate_id", 2)
    settled()
    choose_file(tmp_path / "list.xlsx")
    button(screen, "Export this list to Excel").click()
    submit_export_order()
    settled()
    [*_stamp, titles, row] = load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True)
    listed = [part for part in case.book().fields if part.shown is not None]
    exported = [part for part in listed if case.uses.export_hidden or part.shown.at_first]
    assert list(titles) == [part.name_shown for part in exported]
    assert row[0] == screen.table.model.row(0).fields.number


def test_the_list_is_previewed_before_it_is_printed(page: Any, case: ListCase, settled: Settled) -> None:
    screen = case.screen(page)
    button(screen, "Print the list").click()
    settled()
    preview = shown(PreviewDialog)
    assert case.book().title in preview.windowTitle()
    preview.reject()


def test_a_viewer_reads_and_is_offered_neither_new_records_nor_an_export(
    case: ListCase, ids: list[int], desk_as: Callable[[Role], Desk], front: Front, qtbot: QtBot
) -> None:
    desk = desk_as(Role.VIEWER)
    page = case.page(desk)
    front(page.page)
    wait_until_quiet(qtbot, lambda: desk.is_idle)
    screen = case.screen(page)
    assert screen.table.model.total == len(ids)
    assert not screen.new_button.isVisible()
    names = {made.accessibleName() for made in screen.findChildren(QAbstractButton) if made.isVisible()}
    assert "Choose columns" in names
    assert "Export this list to Excel" not in names
    desk.close()


def test_records_are_counted_once(case: ListCase, ids: list[int], seat: Seat) -> None:
    with seat.store.use() as session:
        stored = session.scalar(select(func.count()).select_from(case.table.model))
    assert case.uses.find(seat, BookQuery(), 0, 1).total == stored == len(ids)
