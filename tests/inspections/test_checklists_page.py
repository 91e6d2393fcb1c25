"""The page of checklists: versions listed, a draft edited by keys, published, and read from Excel."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.checklists import ChecklistsController
from fuyuan_desk.inspections.rules.checklists import VersionStatus
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import checklists as service
from fuyuan_desk.inspections.view.differences import DifferencesDialog
from fuyuan_desk.inspections.view.version import VersionView
from fuyuan_desk.inspections.workbook import write_checklist
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from tests.inspections.test_checklists import ITEMS, published
from tests.screen import button, texts

SHIPPED = checklist_for(SubjectKind.ESTATE)
Settled = Callable[[], None]
KEYS = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def checklists(
    desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Settled
) -> ChecklistsController:
    controller = ChecklistsController(desk)
    front(controller.page)
    settled()
    return controller


@pytest.fixture
def editor(checklists: ChecklistsController, seat: Seat, settled: Settled) -> VersionView:
    """The editor with a draft begun from the shipped checklist of estates."""
    begun = service.begin_version(seat, SHIPPED.key, SHIPPED.version)
    assert begun.line.id is not None
    checklists.open_version(begun.line.id)
    settled()
    return checklists.version.view


def answer(caption: str, settled: Settled) -> None:
    """Press a button of the question that is open."""
    [question] = [
        one for one in QApplication.topLevelWidgets() if isinstance(one, Question) and one.isVisible()
    ]
    button(question, caption).click()
    settled()


def keys(view: VersionView) -> list[str]:
    return [item.key for item in view.list.items]


def test_versions_are_listed_and_a_new_one_begun_from_what_is_shipped(
    checklists: ChecklistsController, settled: Settled, seat: Seat
) -> None:
    model = checklists.view.table.model
    assert model.total == 2
    row = next(number for number in range(2) if model.row(number).key == SHIPPED.key)
    checklists.view.opened.emit(model.row(row))
    settled()
    view = checklists.version.view
    assert view.isVisible()
    assert not view.publish_button.isVisible()
    assert view.form.editor("name").raw() == SHIPPED.name
    button(view, "New version from this").click()
    settled()
    assert view.is_draft
    assert view.publish_button.isVisible()
    assert len(view.list.items) == len(SHIPPED.items)
    checklists.show_list()
    settled()
    assert "v1" in [line.version for line in service.list_versions(seat) if line.key == SHIPPED.key]
    assert model.total == 3


def test_a_checklist_is_begun_and_an_empty_one_cannot_be_published(
    checklists: ChecklistsController, settled: Settled
) -> None:
    button(checklists.view, "New checklist …").click()
    answer("Rounds of estates", settled)
    view = checklists.version.view
    assert view.isVisible()
    assert any("has no items" in text for text in texts(view))
    button(view, "Publish …").click()
    settled()
    assert any("1 fault prevents publishing" in text for text in texts(view))
    button(view, "Remove the draft …").click()
    answer("Delete", settled)
    assert checklists.view.isVisible()
    assert checklists.view.table.model.total == 2


def test_items_are_arranged_by_keys_and_each_step_is_undone(editor: VersionView) -> None:
    whole, tree = editor.list.items, editor.list.list
    tree.setFocus()
    QTest.keyClick(tree, KEYS.Key_Down)
    QTest.keyClick(tree, KEYS.Key_Up, ALT)
    assert keys(editor)[:2] == [whole[1].key, whole[0].key]
    assert editor.list.place == 0
    QTest.keyClick(tree, KEYS.Key_Z, CONTROL)
    assert editor.list.items == whole
    QTest.keyClick(tree, KEYS.Key_D, CONTROL)
    assert len(editor.list.items) == len(whole) + 1
    QTest.keyClick(tree, KEYS.Key_Delete)
    assert editor.list.items == whole
    QTest.keyClick(tree, KEYS.Key_Delete)
    gone = [item for item in whole if item not in editor.list.items]
    assert len(gone) == 1
    editor.list.list.setCurrentRow(5)
    editor.item.set_value("text", "改过的一项")
    QTest.keyClick(tree, KEYS.Key_Z, CONTROL)
    assert len(editor.list.items) == len(whole)
    assert "改过的一项" in [item.text for item in editor.list.items], "what was typed since stays"
    assert gone[0] in editor.list.items
    while editor.list.buttons["undo"].isEnabled():
        QTest.keyClick(tree, KEYS.Key_Z, CONTROL)
    assert keys(editor) == [item.key for item in whole]
    QTest.keyClick(tree, KEYS.Key_Insert)
    assert editor.item.isAncestorOf(QApplication.focusWidget())


def test_what_is_typed_is_judged_beside_its_field(editor: VersionView) -> None:
    editor.item.set_value("kind", "number")
    assert not editor.item.editor("low").parentWidget().isHidden()
    assert editor.item.editor("choices").parentWidget().isHidden()
    editor.item.set_value("low", "2")
    editor.item.set_value("high", "1")
    assert "Exchange the two" in editor.item.doubts()["high"]
    assert editor.list.list.item(0).text().endswith("✗")
    editor.list.list.setCurrentRow(1)
    assert any("1 other item has faults" in text for text in texts(editor))
    editor.list.list.setCurrentRow(0)
    editor.item.set_value("high", "3")
    assert not editor.list.list.item(0).text().endswith("✗")
    editor.item.set_value("kind", "choice")
    editor.item.set_value("choices", "亮\n不亮")
    assert "never pass" in editor.item.doubts()["passing"]


def test_a_clause_is_found_by_typing(editor: VersionView, settled: Settled) -> None:
    picker = editor.item.editor("clause")
    editor.item.set_value("clauses", "")
    picker.box.setFocus()  # type: ignore[attr-defined]  # a PickEditor
    picker.box.setText("fire§28")  # type: ignore[attr-defined]
    picker.asked.emit("fire§28")  # type: ignore[attr-defined]
    settled()
    QTest.keyClick(picker.box, KEYS.Key_Return)  # type: ignore[attr-defined]
    assert editor.item.editor("clauses").raw() == "FIRE§28"
    assert picker.is_empty()
    assert editor.list.items[0].clauses == "FIRE§28"


def test_a_draft_is_saved_and_published(
    editor: VersionView, checklists: ChecklistsController, settled: Settled, seat: Seat
) -> None:
    editor.item.set_value("text", "门岗在岗、𬭼字门牌清晰")
    button(editor, "Save").click()
    settled()
    assert not editor.form.is_dirty
    [line] = [one for one in service.list_versions(seat) if one.id is not None]
    assert service.read_draft(seat, line.id or 0).items[0].text == "门岗在岗、𬭼字门牌清晰"
    button(editor, "Differences").click()
    [dialog] = editor.findChildren(DifferencesDialog)
    assert any("门岗在岗" in text and "→" in text for text in texts(dialog))
    dialog.close_button.click()
    button(editor, "Publish …").click()
    settled()
    answer("Publish", settled)
    detail = service.read_draft(seat, line.id or 0)
    assert (detail.line.status, detail.line.counts) == (VersionStatus.PUBLISHED, True)
    assert not editor.publish_button.isVisible()
    assert any("is published" in text for text in texts(editor))
    button(editor, "Withdraw …").click()
    answer("Withdraw", settled)
    assert service.read_draft(seat, line.id or 0).line.status is VersionStatus.WITHDRAWN


def test_what_was_typed_is_offered_again(
    editor: VersionView, checklists: ChecklistsController, settled: Settled, seat: Seat
) -> None:
    editor.item.set_value("text", "没有保存的一项")
    [key] = [f"checklist:{line.id}" for line in service.list_versions(seat) if line.id is not None]
    [saver] = editor.findChildren(DraftSaver)
    saver.flush()
    settled()
    kept = drafts.load_draft(seat, key)
    assert kept is not None
    assert kept["items"][0]["text"] == "没有保存的一项"
    checklists.version.open(service.read_draft(seat, int(key.partition(":")[2])))
    settled()
    assert editor.list.items[0].text != "没有保存的一项"
    button(editor, "Restore").click()
    assert editor.list.items[0].text == "没有保存的一项"
    assert editor.item.editor("text").raw() == "没有保存的一项"


def test_a_file_replaces_the_items_and_one_with_faults_nothing(
    editor: VersionView, checklists: ChecklistsController, settled: Settled, tmp_path: Path
) -> None:
    before = editor.list.items
    path = tmp_path / "检查表.xlsx"
    write_checklist(path, ITEMS, ("用途：核对",))
    checklists.version.import_file(path)
    settled()
    assert editor.list.items == ITEMS
    editor.list.undo()
    assert editor.list.items == before
    write_checklist(path, (*ITEMS, ITEMS[0]), ())
    checklists.version.import_file(path)
    settled()
    assert editor.list.items == before
    assert any("Row 6" in text and "Nothing was imported" in text for text in texts(editor))


def test_the_printed_sheet_follows_what_is_typed(
    editor: VersionView, checklists: ChecklistsController, settled: Settled, qtbot: QtBot
) -> None:
    editor.tabs.show_key("sheet")
    qtbot.waitUntil(lambda: editor.preview.page_count == 1)
    for _copy in range(60):
        editor.list.duplicate()
    qtbot.waitUntil(lambda: editor.preview.page_count > 1)


def test_a_published_version_is_only_looked_at(
    checklists: ChecklistsController, seat: Seat, settled: Settled
) -> None:
    made = published(seat)
    checklists.open_version(made.line.id or 0)
    settled()
    view = checklists.version.view
    QTest.keyClick(view.list.list, KEYS.Key_Delete)
    assert view.list.items == ITEMS
    assert view.item.editor("text").inner()[0].isReadOnly()  # type: ignore[attr-defined]
    assert not view.form.is_dirty
