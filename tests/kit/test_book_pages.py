"""What a clerk does on the page of a book: one suite over all books of `books.py`, on a real store and by keyboard."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.kit.history_view import HistoryDialog
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from tests.desks import wait_until_quiet
from tests.kit.book_pages import Front, Settled, answer, focused, value
from tests.kit.books import BookCase
from tests.screen import button, shown, texts

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_record_is_found_opened_changed_and_saved_by_keyboard(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    text, place = next(iter(case.found_by.items()))
    assert focused() is page.view.table.filter
    page.view.table.filter.setText(text)
    settled()
    assert page.view.table.model.total == 1
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    assert page.shown_record == (case.book().kind.name, ids[place])
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert page.view.pane.form.isAncestorOf(focused())
    name, new = case.changed
    page.view.pane.form.editor(name).set_raw(new)
    QTest.keyClick(focused(), Qt.Key.Key_S, CONTROL)
    settled()
    assert value(case, seat, ids[place], name) == new
    assert not page.view.pane.form.is_dirty
    assert page.shown_record == (case.book().kind.name, ids[place])


def test_the_page_opens_without_its_form_which_follows_once_the_list_is_shown(
    case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled
) -> None:
    page = case.page(desk)
    left: list[bool] = []
    page.leave(lambda: left.append(True))
    assert left == [True]
    assert not page.view.is_dirty
    assert not page.page.findChildren(FormPane)
    front(page.page)
    settled()
    [pane] = page.page.findChildren(FormPane)
    assert not pane.isVisible()
    assert not pane.form.is_made
    page.open_record(ids[0])
    settled()
    assert page.view.pane is pane
    assert pane.isVisible()
    assert page.view.remove_button.isVisible()


def test_a_record_can_be_opened_before_the_list_is_shown(
    case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled
) -> None:
    page = case.page(desk)
    page.new_record()
    assert [pane.form.is_made for pane in page.page.findChildren(FormPane)] == [True]
    front(page.page)
    settled()
    assert [pane.isVisible() for pane in page.page.findChildren(FormPane)] == [True]


def test_a_new_record_is_added(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_N, CONTROL)
    settled()
    form = page.view.pane.form
    assert form.isAncestorOf(focused())
    form.submit()
    assert form.errors(), "what is required is missing"
    record = case.records(seat)[0]
    for part in case.book().fields:
        if part.in_form:
            form.set_value(part.name, getattr(record, part.name))
    form.set_value(case.telling, "另一项")
    form.submit()
    settled()
    assert form.errors() == {}
    assert page.view.table.model.total == len(ids) + 1
    assert page.shown_record is not None
    assert page.shown_record[1] not in ids


def test_a_new_record_begins_with_the_choices_that_its_fields_have_by_default(
    page: BookPage[Any], case: BookCase, settled: Settled
) -> None:
    page.new_record()
    settled()
    empty = case.table.fields()
    for part in (part for part in case.book().fields if part.in_form and part.kind == "choice"):
        default = getattr(empty, part.name) or None
        assert page.view.pane.form.editor(part.name).value() == default, part.name
    assert not page.view.pane.form.is_dirty


def test_unsaved_input_is_asked_about_once_and_kept_as_a_draft(
    page: BookPage[Any],
    case: BookCase,
    ids: list[int],
    seat: Seat,
    desk: Desk,
    settled: Settled,
    front: Front,
) -> None:
    page.open_record(ids[0])
    settled()
    name, new = case.changed
    form = page.view.pane.form
    form.editor(name).set_raw(new)
    form.findChild(DraftSaver).flush()
    settled()
    page.open_record(ids[1])
    settled()
    answer("Keep editing")
    assert page.shown_record is not None
    assert page.shown_record[1] == ids[0]
    # as after a power cut: another window on the same store
    again = case.page(desk)
    front(again.page)
    again.reopen(f"{case.book().kind.name}:{ids[0]}")
    settled()
    button(again.view.pane.form.notice, "Restore").click()
    assert again.view.pane.form.editor(name).raw() == new
    again.view.pane.form.submit()
    settled()
    assert value(case, seat, ids[0], name) == new
    assert drafts.load_draft(seat, f"{case.book().kind.name}:{ids[0]}") is None
    form.mark_clean()


def test_a_pane_never_outlives_its_row(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    other = next(text for text, place in case.found_by.items() if place != 0)
    page.open_record(ids[0])
    settled()
    assert page.view.split.is_detail_shown
    page.view.table.filter.setText(other)
    settled()
    assert not page.view.split.is_detail_shown
    assert page.shown_record is None


def test_a_record_that_search_found_stays_when_the_list_arrives_later(
    case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled
) -> None:
    fresh = case.page(desk)
    front(fresh.page)
    fresh.open_record(ids[-1])
    settled()
    assert fresh.shown_record == (case.book().kind.name, ids[-1])
    assert fresh.view.split.is_detail_shown


def test_a_change_elsewhere_is_shown_but_never_over_unsaved_input(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, desk: Desk, settled: Settled
) -> None:
    page.open_record(ids[0])
    settled()
    name, new = case.changed
    line = case.uses.read(seat, ids[0])
    case.uses.save(seat, replace(case.records(seat)[0], **{name: new}), line.known, ())
    desk.changes.emit(frozenset({case.book().kind.table}))
    settled()
    form = page.view.pane.form
    assert form.editor(name).value() == new
    form.editor(name).set_raw("正在输入")
    line = case.uses.read(seat, ids[0])
    case.uses.save(seat, replace(case.records(seat)[0], **{name: "别人改的"}), line.known, ())
    desk.changes.emit(frozenset({case.book().kind.table}))
    settled()
    assert form.editor(name).raw() == "正在输入"
    form.submit()
    settled()
    assert "Somebody else changed this record" in " ".join(texts(page.view.pane))
    assert value(case, seat, ids[0], name) == "别人改的"
    form.mark_clean()


def test_a_record_is_removed_after_a_question_with_its_name(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    page.open_record(ids[0])
    settled()
    button(page.view.pane, "Remove …").click()
    name = case.book().name(case.records(seat)[0])
    assert name in " ".join(texts(shown(Question)))
    answer("Keep as it is")
    assert case.uses.read(seat, ids[0]).id == ids[0]
    button(page.view.pane, "Remove …").click()
    answer("Remove")
    settled()
    assert page.view.table.model.total == len(ids) - 1
    assert not page.view.split.is_detail_shown


def test_the_history_opens_beside_the_form(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    page.open_record(ids[0])
    settled()
    button(page.view.pane, "History").click()
    settled()
    dialog = shown(HistoryDialog)
    assert any("Record added" in text for text in texts(dialog))
    dialog.reject()


def test_the_list_is_exported_as_shown(
    page: BookPage[Any], case: BookCase, settled: Settled, tmp_path: Path,
    choose_file: Callable[[Path], None], submit_export_order: Callable[..., None],
) -> None:  # fmt: skip
    text, _place = next(iter(case.found_by.items()))
    page.view.table.filter.setText(text)
    settled()
    choose_file(tmp_path / "list.xlsx")
    button(page.view, "Export this list to Excel").click()
    submit_export_order()
    settled()
    sheet = load_workbook(tmp_path / "list.xlsx").active
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    titles = [part.name_shown for part in case.book().fields if part.shown is not None]
    assert titles in [row[: len(titles)] for row in rows]
    assert len([row for row in rows if row[0]]) >= 2


def test_the_list_is_previewed_before_it_is_printed(
    page: BookPage[Any], case: BookCase, qtbot: QtBot, settled: Settled
) -> None:
    button(page.view, "Print the list").click()
    settled()
    assert page.preview is not None
    qtbot.waitUntil(lambda: page.preview is not None and page.preview.preview.pdf is not None)
    page.preview.reject()


def test_a_viewer_reads_and_changes_nothing(
    case: BookCase, ids: list[int], desk_as: Callable[[Role], Desk], front: Front, qtbot: QtBot
) -> None:
    desk = desk_as(Role.VIEWER)
    page = case.page(desk)
    front(page.page)
    page.open_record(ids[0])
    wait_until_quiet(qtbot, lambda: desk.is_idle)
    assert page.view.split.is_detail_shown
    assert page.view.new_button.isHidden()
    assert page.view.remove_button.isHidden()
    page.new_record()
    assert page.shown_record is not None
    page.view.pane.form.submit()
    wait_until_quiet(qtbot, lambda: desk.is_idle)
    desk.close()


def test_a_filter_is_saved_under_a_name_and_shown_again(
    case: BookCase, ids: list[int], desk: Desk, front: Front, settled: Settled
) -> None:
    class Kept:
        def __init__(self) -> None:
            self.values: dict[str, Any] = {}

        def load(self, key: str) -> Any:
            return self.values.get(key)

        def save(self, key: str, value: Any) -> None:
            self.values[key] = value

    page = case.page(desk, Kept())
    front(page.page)
    settled()
    table = page.view.table
    text, place = next(iter(case.found_by.items()))
    fields = case.uses.read(desk.seat, ids[place]).fields
    chosen = {part.name: getattr(fields, part.name) for part in case.book().fields if part.filter == "value"}
    for name, wanted in chosen.items():
        table.facets.choose(name, wanted)
    table.filter.setText(text)
    settled()
    assert table.saved_filters is not None
    table.saved_filters.save("常用")
    table.clear_filters()
    settled()
    assert table.model.total == len(ids)
    table.saved_filters.show("常用")
    settled()
    assert table.model.total == 1
    assert table.model.row(0).id == ids[place]
    assert table.facets.values() == chosen
    table.saved_filters.remove("常用")
    assert table.saved_filters.names() == []


def test_a_saved_filter_whose_choice_is_gone_says_so(
    case: BookCase, page: BookPage[Any], settled: Settled
) -> None:
    table = page.view.table
    table.show_filter({"text": "", "facets": {"estate_id": 99}, "sort": "", "descending": False})
    settled()
    assert not table.lost.isHidden()
    table.clear_filters()
    assert table.lost.isHidden()


def test_a_restored_draft_does_not_overwrite_a_newer_record(
    page: BookPage[Any],
    case: BookCase,
    ids: list[int],
    seat: Seat,
    desk: Desk,
    settled: Settled,
    front: Front,
) -> None:
    page.open_record(ids[0])
    settled()
    name, new = case.changed
    page.view.pane.form.editor(name).set_raw("未保存")
    page.view.pane.form.findChild(DraftSaver).save_for_return()  # the desk is locked
    settled()
    line = case.uses.read(seat, ids[0])
    case.uses.save(seat, replace(case.records(seat)[0], **{name: new}), line.known, ())
    again = case.page(desk)
    front(again.page)
    again.reopen(f"{case.book().kind.name}:{ids[0]}")
    settled()
    form = again.view.pane.form
    assert form.editor(name).raw() == new, "nothing is put over the newer record unasked"
    assert "changed since" in " ".join(texts(form.notice))
    button(form.notice, "Restore").click()
    form.submit()
    settled()
    assert "Somebody else changed this record" in " ".join(texts(again.view.pane))
    assert value(case, seat, ids[0], name) == new
    for each in (form, page.view.pane.form):
        each.mark_clean()


@pytest.mark.parametrize("by_escape", [False, True])
def test_the_row_and_the_field_of_the_form_are_chosen_again_after_keep_editing(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled, by_escape: bool
) -> None:
    page.open_record(ids[0])
    settled()
    field = page.view.pane.form.editor(case.changed[0])
    field.inner()[0].setFocus()
    field.set_raw("正在输入")
    page.view.table.table.setFocus()
    page.view.table.select_where(lambda row: row.id == ids[1])
    if by_escape:
        QTest.keyClick(shown(Question), Qt.Key.Key_Escape)
    else:
        answer("Keep editing")
    settled()
    row = page.view.table.current_row()
    assert row is not None
    assert row.id == ids[0]
    assert page.view.window().focusWidget() is field.inner()[0]
    page.view.pane.form.mark_clean()


def test_the_row_of_the_form_is_chosen_again_when_saving_before_leaving_is_refused(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    page.open_record(ids[0])
    settled()
    required = next(part.name for part in case.book().fields if part.in_form and part.required)
    page.view.pane.form.editor(required).set_value(None)
    page.view.table.select_where(lambda row: row.id == ids[1])
    answer("Save")
    settled()
    row = page.view.table.current_row()
    assert row is not None
    assert row.id == ids[0]
    assert page.view.pane.form.errors()
    page.view.pane.form.mark_clean()


def left_out(page: BookPage[Any]) -> bool:
    """Return whether the page says beside the form that the list leaves its record out."""
    return any("does not show this record" in text for text in texts(page.view.pane))


def test_a_record_saved_out_of_the_filter_stays_and_says_that_the_list_leaves_it_out(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    place = len(ids) - 1
    text = value(case, seat, ids[place], case.text)
    page.view.table.filter.setText(text)
    settled()
    assert page.view.table.model.total == 1
    page.view.table.select_where(lambda row: row.id == ids[place])
    settled()
    assert not left_out(page)
    page.view.pane.form.editor(case.text).set_raw("改了名")
    page.view.pane.form.submit()
    settled()
    assert page.view.table.model.total == 0
    assert page.shown_record == (case.book().kind.name, ids[place]), "what was just saved stays in sight"
    assert left_out(page)
    page.view.table.clear_filters()
    settled()
    page.open_record(ids[place])
    settled()
    assert not left_out(page)
    row = page.view.table.current_row()
    assert row is not None
    assert row.id == ids[place]


def test_unsaved_input_that_a_filter_leaves_out_says_so(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    page.open_record(ids[0])
    settled()
    page.view.pane.form.editor(case.changed[0]).set_raw("正在输入")
    page.view.table.filter.setText("查无此项")
    settled()
    assert page.view.split.is_detail_shown
    assert left_out(page)
    page.view.table.clear_filters()
    settled()
    assert not left_out(page)
    page.view.pane.form.mark_clean()


@pytest.mark.parametrize("is_dirty", [True, False])
def test_sorting_keeps_the_record_in_the_form_and_its_row_chosen(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled, is_dirty: bool
) -> None:
    page.open_record(ids[0])
    settled()
    if is_dirty:
        page.view.pane.form.editor(case.changed[0]).set_raw("正在输入")
    for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
        page.view.table.table.horizontalHeader().setSortIndicator(0, order)
        settled()
        row = page.view.table.current_row()
        assert row is not None
        assert row.id == ids[0]
        assert page.view.split.is_detail_shown
        assert not left_out(page)
    page.view.pane.form.mark_clean()


def test_a_closed_record_opens_again_by_choosing_its_row(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    page.view.table.select_where(lambda row: row.id == ids[0])
    settled()
    QTest.keyClick(page.view.pane.form.editor(case.changed[0]), Qt.Key.Key_Escape)
    settled()
    assert not page.view.split.is_detail_shown
    assert page.view.table.chosen_ranges() == []
    page.view.table.select_where(lambda row: row.id == ids[0])
    settled()
    assert page.view.split.is_detail_shown


def test_a_form_that_is_higher_than_its_pane_scrolls_and_is_not_squeezed(
    page: BookPage[Any], ids: list[int], settled: Settled
) -> None:
    page.view.resize(760, 300)
    page.open_record(ids[0])
    settled()
    form = page.view.pane.form
    assert form.height() >= form.minimumSizeHint().height()
    assert page.view.pane.area.verticalScrollBar().maximum() > 0
