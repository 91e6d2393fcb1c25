import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.widgets import printing
from fuyuan_desk.widgets.pdf import open_pdf
from fuyuan_desk.widgets.preview import Preview, open_preview
from tests import screen

A4 = (210 * mm, 297 * mm)


def make_pdf(pages: int = 5, landscape_last: bool = False) -> bytes:
    """Pages with a black square of 50 mm, 20 mm from the left and the top."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for number in range(pages):
        if landscape_last and number == pages - 1:
            canvas.setPageSize((A4[1], A4[0]))
        height = A4[0] if landscape_last and number == pages - 1 else A4[1]
        canvas.rect(20 * mm, height - 70 * mm, 50 * mm, 50 * mm, fill=1)
        canvas.drawString(100 * mm, 100 * mm, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def black_box(image: QImage) -> tuple[float, float, float, float]:
    """Left, top, width, height of the black square in millimetres."""
    per_mm = image.dotsPerMeterX() / 1000
    dark = [
        (x, y)
        for x in range(round(80 * per_mm))
        for y in range(round(80 * per_mm))
        if image.pixelColor(x, y).lightness() < 64
    ]
    xs, ys = [x for x, _y in dark], [y for _x, y in dark]
    size = (max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)
    return min(xs) / per_mm, min(ys) / per_mm, size[0] / per_mm, size[1] / per_mm


@pytest.fixture
def preview(qtbot: QtBot):
    made = Preview()
    made.resize(700, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_pdf()


def opened(qtbot: QtBot, preview: Preview, raw: bytes) -> None:
    preview.show_pdf("巡查记录表 2026/1", raw)
    qtbot.waitUntil(lambda: bool(preview.view.rendered()), timeout=10_000)


def test_only_the_pages_in_sight_are_drawn(qtbot: QtBot, preview: Preview) -> None:
    opened(qtbot, preview, make_pdf(60))
    assert preview.view.page_count == 60
    assert set(preview.view.rendered()) <= {0, 1}
    assert "Page 1 of 60" in screen.texts(preview)
    preview.view.go_to(40)
    qtbot.waitUntil(lambda: 40 in preview.view.rendered(), timeout=10_000)
    assert "Page 41 of 60" in screen.texts(preview)
    assert not {10, 20, 30} & set(preview.view.rendered())


def test_keys_turn_pages_and_zoom(qtbot: QtBot, preview: Preview) -> None:
    opened(qtbot, preview, make_pdf(5))
    view = preview.view
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.page == 4
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    before = view.zoom
    view.step_zoom(1)
    assert view.zoom > before
    view.fit("page")
    assert view.zoom == pytest.approx((view.viewport().height() - 32) / (297 / 25.4 * 96), rel=0.01)
    view.fit("width")
    assert view.zoom == pytest.approx(before, rel=0.05)


def test_a_page_is_drawn_to_scale() -> None:
    pdf = open_pdf(make_pdf(1))
    assert black_box(pdf.image(0, 96)) == pytest.approx((20, 20, 50, 50), abs=0.6)
    pdf.close()
    with pytest.raises(Unusable):
        pdf.image(0, 96)


@pytest.mark.parametrize("raw", [b"", b"not a pdf at all", make_pdf(1)[:300]])
def test_what_is_no_pdf_is_told_in_words(qtbot: QtBot, preview: Preview, raw: bytes) -> None:
    preview.show_pdf("paper", raw)
    qtbot.waitUntil(lambda: preview.banner.text() != "", timeout=10_000)
    assert preview.banner.text() == "This is not a readable PDF."
    assert not preview.print_button.isEnabled()


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        open_pdf(tmp_path / "none.pdf")


def test_what_is_printed_is_what_was_previewed(tmp_path: Path) -> None:
    pdf = open_pdf(make_pdf(3, landscape_last=True))
    printer = printing.make_printer(pdf, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(300)
    seen: list[tuple[int, int]] = []
    progress = Progress(lambda done, total, what: seen.append((done, total)))
    assert printing.print_pages(pdf, printer, [0, 1, 2], progress) == 3
    assert seen[-1] == (3, 3)
    paper = open_pdf(tmp_path / "printed.pdf")
    assert [QSizeF(*size).toSize() for size in paper.sizes] == [QSizeF(*size).toSize() for size in pdf.sizes]
    for number in range(3):
        assert black_box(paper.image(number, 96)) == pytest.approx(black_box(pdf.image(number, 96)), abs=0.4)
    paper.close()
    pdf.close()


def test_printing_stops_when_asked(tmp_path: Path) -> None:
    pdf = open_pdf(make_pdf(3))
    printer = printing.make_printer(pdf, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(72)
    progress = Progress(lambda done, total, what: progress.cancel())
    with pytest.raises(Cancelled):
        printing.print_pages(pdf, printer, [0, 1, 2], progress)
    pdf.close()


@pytest.mark.parametrize(
    ("settings", "order"),
    [
        ({}, [0, 1, 2]),
        ({"range": (2, 3)}, [1, 2]),
        ({"copies": 2, "collate": True}, [0, 1, 2, 0, 1, 2]),
        ({"copies": 2, "collate": False}, [0, 0, 1, 1, 2, 2]),
        ({"last_first": True}, [2, 1, 0]),
    ],
)
def test_the_pages_asked_for_in_the_print_dialog(settings: dict[str, Any], order: list[int]) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    assert not printer.supportsMultipleCopies()
    printer.setCopyCount(settings.get("copies", 1))
    printer.setCollateCopies(settings.get("collate", True))
    if "range" in settings:
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(*settings["range"])
    if settings.get("last_first"):
        printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert printing.chosen_pages(printer, 3) == order


def test_the_printer_gets_the_papers_own_size() -> None:
    pdf = open_pdf(make_pdf(1))
    printer = printing.make_printer(pdf, "paper")
    assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    assert printer.fullPage()
    pdf.close()


def test_no_printer_is_told_and_saving_offered(
    qtbot: QtBot,
    preview: Preview,
    choose_file: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(printing, "has_printer", lambda: False)
    target = tmp_path / "paper.pdf"
    choose_file(target)
    raw = make_pdf(1)
    opened(qtbot, preview, raw)
    QTest.keyClick(preview.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "No printer" in preview.banner.text()
    with qtbot.waitSignal(preview.saved) as saved:
        screen.button(preview.banner, "Save as PDF").click()
    assert saved.args == [str(target)]
    assert target.read_bytes() == raw
    assert preview.banner.text() == "Saved as paper.pdf."


def test_what_must_not_be_saved_can_only_be_printed(
    qtbot: QtBot, choose_file: Callable[[Path], None], tmp_path: Path
) -> None:
    target = tmp_path / "code.pdf"
    choose_file(target)
    dialog = open_preview(None, "Recovery code", make_pdf(1), can_save=False)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.preview.pdf is not None)
    assert dialog.preview.print_button.isVisible()
    assert not dialog.preview.save_button.isVisible()
    QTest.keyClick(dialog.preview.view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog.preview.save()
    dialog.preview.save_to(target)
    qtbot.waitUntil(lambda: dialog.preview.is_idle)
    assert not target.exists()
    dialog.close()


def test_printing_in_the_background_counts_and_tells(qtbot: QtBot, preview: Preview, tmp_path: Path) -> None:
    opened(qtbot, preview, make_pdf(4))
    assert preview.pdf is not None
    printer = printing.make_printer(preview.pdf, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(72)
    with qtbot.waitSignal(preview.printed, timeout=10_000) as printed:
        preview.print_on(printer)
    assert printed.args == [4]
    assert preview.banner.text() == "4 pages were sent to the printer."


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_refuses_is_told(qtbot: QtBot, preview: Preview, tmp_path: Path) -> None:
    opened(qtbot, preview, make_pdf(1))
    assert preview.pdf is not None
    printer = printing.make_printer(preview.pdf, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no" / "such" / "folder.pdf"))
    preview.print_on(printer)
    qtbot.waitUntil(lambda: preview.banner.text() != "", timeout=10_000)
    assert preview.banner.text().startswith("The printer does not respond.")


def test_saving_where_it_cannot_be_is_told(qtbot: QtBot, preview: Preview, tmp_path: Path) -> None:
    opened(qtbot, preview, make_pdf(1))
    preview.save_to(tmp_path / "no" / "paper")
    qtbot.waitUntil(lambda: preview.banner.text() != "")
    assert "was not found" in preview.banner.text()
    assert preview.banner.tone == "error"


def test_escape_closes_the_window_and_its_document(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    dialog = open_preview(None, "paper", make_pdf(2))
    qtbot.waitUntil(lambda: bool(dialog.preview.view.rendered()), timeout=10_000)
    started = set(threading.enumerate()) - before
    pdf = dialog.preview.pdf
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert started
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in started))
    assert pdf is not None
    with pytest.raises(Unusable):
        pdf.image(0, 10)
