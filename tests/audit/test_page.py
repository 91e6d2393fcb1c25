"""The audit log tab: filters, an entry's old and new values, revealing, the chain, export."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.controller import Days, TrailController, days_of
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.rules import grouped
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.diagnostics.controller import DiagnosticsController
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.settings import change_settings
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.work import Worker
from tests.screen import button

Front = Callable[[QWidget], None]
Settled = Callable[[], None]


@pytest.fixture
def sample_desk(sample_seat: Seat, worker: Worker) -> Desk:
    """The administrator's desk in the sample office."""
    return Desk(sample_seat, worker)


@pytest.fixture
def tab(sample_desk: Desk, front: Front, settled: Settled) -> TrailController:
    made = TrailController(sample_desk, None, all_records())
    front(made.page)
    settled()
    return made


def test_the_list_names_the_records(tab: TrailController, settled: Settled) -> None:
    choose(tab, "kinds", "estate", settled)
    model = tab.page.table.model
    names = {str(model.index(row, 4).data()) for row in range(model.total)}
    assert "Estate 南昌路168弄" in names
    tips = [str(model.index(row, 5).data(Qt.ItemDataRole.ToolTipRole)) for row in range(model.total)]
    assert max(len(tip.splitlines()) for tip in tips) > 4
    tab.page.table.table.selectRow(0)
    settled()
    assert any(word.startswith("Estate ") and " · " in word for word in words(tab.page.entry))


def words(widget: QWidget) -> list[str]:
    QTest.qWait(1)
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def choose(tab: TrailController, box: str, key: str, settled: Settled) -> None:
    combo = getattr(tab.page, box)
    place = combo.findData(key)
    assert place > 0
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    settled()


def test_all_entries_are_listed_newest_first_and_narrowed(tab: TrailController, settled: Settled) -> None:
    table = tab.page.table
    everything = table.model.total
    assert everything > 400
    first, second = table.model.row(0), table.model.row(1)
    assert first is not None
    assert second is not None
    assert first.id == second.id + 1
    choose(tab, "action_types", "update", settled)
    changed = table.model.total
    assert 0 < changed < everything
    choose(tab, "kinds", "office", settled)
    assert table.model.total == 0
    assert not table.table.isVisible()
    table.clear_filters()
    settled()
    assert table.model.total == everything
    assert tab.page.action_types.currentIndex() == 0


def test_an_entry_shows_old_and_new_by_keyboard(
    tab: TrailController, settled: Settled, sample_desk: Desk
) -> None:
    settings = OfficeSettings("福元居民委员会", phone="62223333", is_sample=True)
    sample_desk.run(change_settings, settings)
    settled()
    tab.page.table.filter.setFocus()
    QTest.keyClick(tab.page.table.filter, Qt.Key.Key_Down)
    settled()
    assert tab.page.split.is_detail_shown
    texts = words(tab.page.entry)
    assert "Before" in texts
    assert "After" in texts


def test_revealing_is_audited(
    tab: TrailController, settled: Settled, sample_desk: Desk, sample_seat: Seat
) -> None:
    choose(tab, "kinds", "person", settled) if tab.page.kinds.findData("person") > 0 else choose(
        tab, "kinds", "renovation_case", settled
    )
    # the newest entry may be a change without personal data
    tab.page.table.table.selectRow(tab.page.table.model.find(lambda line: line.action == "insert"))
    settled()
    assert tab.page.entry.reveal.isVisible()
    masked = words(tab.page.entry)
    tab.page.entry.reveal.click()
    settled()
    assert not tab.page.entry.reveal.isVisible()
    assert words(tab.page.entry) != masked
    newest = find_entries(sample_seat, TrailQuery(actions=("reveal",))).rows[0]
    assert newest.table == "audit_entry"


def test_the_chain_is_checked_and_a_changed_row_found(
    tab: TrailController, sample_seat: Seat, qtbot: QtBot
) -> None:
    tab.page.check.click()
    qtbot.waitUntil(tab.page.check.isEnabled)
    assert "intact up to entry" in tab.page.chain.text()
    with sample_seat.store.use() as session:
        connection = session.connection()
        for name in audit.TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE audit_entry SET operator = 'li' WHERE id = 7")
        session.commit()
    tab.page.check.click()
    qtbot.waitUntil(tab.page.check.isEnabled)
    assert "at entry 7" in tab.page.chain.text()
    assert tab.page.check.isEnabled()


def test_the_proof_sheet_is_previewed_by_keyboard_and_its_print_is_listed(
    tab: TrailController, settled: Settled, qtbot: QtBot
) -> None:
    before = tab.page.table.model.total
    tab.page.proof.setFocus()
    QTest.keyClick(tab.page.proof, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.preview is not None and tab.preview.preview.is_idle)
    settled()
    assert tab.preview is not None
    assert tab.preview.isVisible()
    pdf = tab.preview.preview.pdf
    assert pdf is not None
    shown = pypdfium2.PdfDocument(pdf.raw)[0].get_textpage().get_text_range()
    assert "操作记录核对单" in shown
    assert f"第 {before:,} 条" in shown
    assert tab.page.table.model.total == before + 1
    newest = tab.page.table.model.row(0)
    assert newest is not None
    assert newest.action == "print"
    assert tab.page.proof.isEnabled()
    assert tab.page.chain.text().startswith("Each entry is chained")
    tab.preview.close()


def ask_to_compare(tab: TrailController, settled: Settled, number: str, link: str) -> FormDialog:
    """Open the form by keyboard, type, and press its button."""
    tab.page.compare.setFocus()
    QTest.keyClick(tab.page.compare, Qt.Key.Key_Return)
    settled()
    [dialog] = [made for made in tab.page.findChildren(FormDialog) if made.isVisible()]
    for name, words in (("number", number), ("hash", link)):
        editor = dialog.form.editor(name)
        assert editor.hasFocus() or editor.isAncestorOf(dialog.focusWidget())
        QTest.keyClicks(dialog.focusWidget(), words)
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    dialog.save_button.setFocus()
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)
    return dialog


def test_a_sheet_is_compared_by_keyboard(
    tab: TrailController, settled: Settled, sample_seat: Seat, qtbot: QtBot
) -> None:
    end = proof_for_print(sample_seat).end
    dialog = ask_to_compare(tab, settled, f"{end.number:,}", " ".join(grouped(end.hash)[:4]).upper())
    assert not dialog.isVisible()
    qtbot.waitUntil(tab.page.compare.isEnabled)
    assert tab.page.chain_shown[1] == "ok"
    assert tab.page.chain.text().startswith(f"Agrees: everything up to entry {end.number:,}")
    settled()
    ask_to_compare(tab, settled, str(end.number - 1), end.hash)
    qtbot.waitUntil(tab.page.compare.isEnabled)
    assert tab.page.chain_shown[1] == "error"
    assert tab.page.chain.text().startswith("Does not agree:")


def test_too_few_characters_are_refused_beside_the_field(tab: TrailController, settled: Settled) -> None:
    dialog = ask_to_compare(tab, settled, "12", "8c1f 1046")
    assert dialog.isVisible()
    assert dialog.form.errors().keys() == {"hash"}
    assert "16" in dialog.form.errors()["hash"]
    assert tab.page.compare.isEnabled()
    dialog.form.mark_clean()
    dialog.reject()


def test_the_export_has_purpose_and_proof(
    tab: TrailController,
    settled: Settled,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    qtbot: QtBot,
) -> None:
    file = tmp_path / "trail.xlsx"
    choose_file(file)
    choose(tab, "action_types", "sign_in", settled)
    button(tab.page.table, "Export this list to Excel").click()
    dialog = tab.page.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.form.submit()
    assert set(dialog.form.errors()) == {"purpose", "receiver"}
    dialog.form.set_value("purpose", "巡察")
    dialog.form.set_value("receiver", "街道办事处")
    dialog.form.submit()
    qtbot.waitUntil(lambda: file.exists() and bool(tab.page.banner.text()), timeout=10_000)
    book = openpyxl.load_workbook(file)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("街道办事处" in cell for cell in cells)
    assert len(book.sheetnames) == 2


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (Days.TODAY, date(2026, 3, 2)),
        (Days.WEEK, date(2026, 2, 24)),
        (Days.MONTH, date(2026, 2, 1)),
        (Days.YEAR, date(2026, 1, 1)),
    ],
)
def test_date_ranges(days: Days, first: date) -> None:
    assert days_of(days, date(2026, 3, 2)) == (first, date(2026, 3, 2))


def test_the_report_is_read_before_it_is_saved(
    sample_desk: Desk,
    front: Front,
    settled: Settled,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    qtbot: QtBot,
) -> None:
    made = DiagnosticsController(sample_desk)
    front(made.page)
    [first_step] = made.page.empty.findChildren(QPushButton)
    first_step.click()
    settled()
    shown = made.page.text.toPlainText()
    assert "== Check ==" in shown
    assert made.page.save.hasFocus()
    file = tmp_path / "report.txt"
    choose_file(file)
    QTest.keyClick(made.page.save, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(made.page.banner.text()))
    assert file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n") == shown
