"""Several rows of a book's list changed at once: one suite over all books of `books.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import wraps
from threading import Event
from time import sleep
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.many_dialog import ManyDialog
from tests.kit.book_pages import Front, Settled, select, value
from tests.kit.books import BookCase
from tests.screen import button, shown, texts


def test_several_rows_are_changed_at_once(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    if case.many is None:
        pytest.skip("this book changes one record at a time")
    select(page, 0, 1)
    assert "2 chosen" in texts(page.view)
    button(page.view, "Change them …").click()
    settled()
    dialog = shown(ManyDialog)
    assert dialog.windowTitle() == "Change 2 records"
    name, new = case.many
    dialog.form.submit()
    assert dialog.form.errors()
    dialog.form.set_value("what", name)
    dialog.form.set_value(name, new)
    dialog.form.submit()
    settled()
    changed = [record for record in ids if value(case, seat, record, name) == new]
    assert len(changed) == 2


def test_a_long_change_of_several_rows_is_followed_and_cancelled_with_nothing_changed(
    case: BookCase, ids: list[int], seat: Seat, desk: Desk, front: Front, settled: Settled, qtbot: QtBot
) -> None:
    change_many = case.uses.change_many
    if case.many is None or change_many is None:
        pytest.skip("this book changes one record at a time")
    begun = Event()

    @wraps(change_many)
    def slow(seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress) -> int:
        begun.set()
        while not progress.is_cancelled:
            sleep(0.01)
        return change_many(seat, records, changes, progress)

    page = BookPage(desk, case.book(), case.table.fields, replace(case.uses, change_many=slow))
    front(page.page)
    settled()
    select(page, 0, 1)
    button(page.view, "Change them …").click()
    settled()
    dialog = shown(ManyDialog)
    name, new = case.many
    dialog.form.set_value("what", name)
    dialog.form.set_value(name, new)
    dialog.form.submit()
    qtbot.waitUntil(lambda: begun.is_set() and page.view.progress.isVisible())
    assert not dialog.isVisible()
    assert "Changing 2 records" in texts(page.view.progress)
    select(page, 0, 1)
    assert not any(text.startswith("Change them") for text in texts(page.view)), "not twice at the same time"
    button(page.view.progress, "Cancel").click()
    settled()
    assert not page.view.progress.isVisible()
    assert "None of the records was changed" in " ".join(texts(page.view.banner))
    assert all(value(case, seat, record, name) != new for record in ids)
    button(page.view, "Change them …").click()
    settled()
    again = shown(ManyDialog)
    assert again is not dialog
    again.form.mark_clean()
    again.reject()


def test_a_refused_change_of_several_rows_is_corrected_in_the_same_dialog(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, settled: Settled
) -> None:
    if case.many is None:
        pytest.skip("this book changes one record at a time")
    select(page, *range(len(ids)))
    button(page.view, "Change them …").click()
    settled()
    line = case.uses.read(seat, ids[0])
    case.uses.save(seat, replace(case.records(seat)[0], **{case.changed[0]: case.changed[1]}), line.known, ())
    dialog = shown(ManyDialog)
    name, new = case.many
    dialog.form.set_value("what", name)
    dialog.form.set_value(name, new)
    dialog.form.submit()
    settled()
    assert dialog.isVisible()
    assert "Somebody else changed this record" in " ".join(texts(dialog))
    assert dialog.form.editor(name).value() == new
    dialog.form.mark_clean()
    dialog.reject()


def test_unsaved_input_stays_in_sight_when_several_rows_are_chosen(
    page: BookPage[Any], case: BookCase, ids: list[int], settled: Settled
) -> None:
    if case.many is None:
        pytest.skip("this book changes one record at a time")
    page.open_record(ids[0])
    settled()
    page.view.pane.form.editor(case.changed[0]).set_raw("正在输入")
    select(page, 0, 1)
    assert page.view.split.is_detail_shown
    assert page.shown_record is not None
    page.view.pane.form.mark_clean()


def test_chosen_rows_that_moved_are_not_changed(
    page: BookPage[Any], case: BookCase, ids: list[int], seat: Seat, desk: Desk, settled: Settled
) -> None:
    if case.many is None or case.uses.remove is None:
        pytest.skip("this book changes one record at a time")
    first = page.view.table.model.row(0).id
    select(page, 1, 2)
    case.uses.remove(seat, first)
    button(page.view, "Change them …").click()  # before the page has heard of it
    settled()
    assert "The list has changed meanwhile" in " ".join(texts(page.view))
    assert page.view.table.chosen_ranges() == []
    desk.changes.emit(frozenset({case.book().kind.table}))
    settled()
    select(page, 0, 1)
    case.uses.remove(seat, page.view.table.model.row(0).id)
    desk.changes.emit(frozenset({case.book().kind.table}))
    settled()
    assert page.view.table.chosen_ranges() == []
    assert "2 chosen" not in texts(page.view)


def test_sorting_forgets_what_was_chosen(page: BookPage[Any], case: BookCase, settled: Settled) -> None:
    if case.many is None:
        pytest.skip("this book changes one record at a time")
    select(page, 0, 1)
    header = page.view.table.table.horizontalHeader()
    header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    settled()
    assert not any(text.endswith("chosen") and text[0].isdigit() for text in texts(page.view))
