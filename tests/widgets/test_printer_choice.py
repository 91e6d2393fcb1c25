"""What a driver has by default does not alter the papers; what is wrong with a printer is said before printing."""

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from fuyuan_desk.widgets.pdf import open_pdf
from fuyuan_desk.widgets.preview import Preview
from fuyuan_desk.widgets.printing import (
    make_printer,
    print_plainly,
    take_choice,
    trouble,
    trouble_text,
)
from tests import screen

ONE_SIDE, BOTH, SHORT = (
    QPrinter.DuplexMode.DuplexNone,
    QPrinter.DuplexMode.DuplexLongSide,
    QPrinter.DuplexMode.DuplexShortSide,
)


class Driver:
    """A printer whose driver prints both sides from the hand-fed tray by default."""

    def __init__(self, name: str = "HP", duplex: QPrinter.DuplexMode = BOTH) -> None:
        self.name = name
        self.sides = duplex
        self.tray = QPrinter.PaperSource.Manual

    def printerName(self) -> str:
        return self.name

    def duplex(self) -> QPrinter.DuplexMode:
        return self.sides

    def setDuplex(self, sides: QPrinter.DuplexMode) -> None:
        self.sides = sides

    def setPaperSource(self, tray: QPrinter.PaperSource) -> None:
        self.tray = tray


def pdf(tmp_path: Path) -> bytes:
    file = tmp_path / "paper.pdf"
    canvas = Canvas(str(file))
    canvas.rect(10, 10, 10, 10)
    canvas.showPage()
    canvas.save()
    return file.read_bytes()


def test_the_dialog_opens_with_one_side_and_the_tray_of_the_size() -> None:
    driver = Driver()
    print_plainly(driver)
    assert (driver.sides, driver.tray) == (ONE_SIDE, QPrinter.PaperSource.Auto)


def test_what_was_chosen_for_the_printer_offered_is_kept() -> None:
    driver = Driver(duplex=BOTH)
    take_choice(driver, "HP", BOTH)
    assert driver.sides == BOTH


@pytest.mark.parametrize(
    ("shown", "default", "kept"),
    [(BOTH, BOTH, ONE_SIDE), (SHORT, BOTH, SHORT), (BOTH, ONE_SIDE, BOTH), (ONE_SIDE, BOTH, ONE_SIDE)],
)
def test_the_default_of_another_printer_is_no_choice(
    shown: QPrinter.DuplexMode, default: QPrinter.DuplexMode, kept: QPrinter.DuplexMode
) -> None:
    driver = Driver("Canon", shown)
    take_choice(driver, "HP", default)
    assert driver.sides == kept


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "no longer there"),
        (QPrinter.PrinterState.Error, "paused, offline"),
        (QPrinter.PrinterState.Aborted, "paused, offline"),
        (QPrinter.PrinterState.Idle, ""),
        (QPrinter.PrinterState.Active, ""),
    ],
)
def test_the_state_of_a_printer_in_words(state: QPrinter.PrinterState | None, words: str) -> None:
    text = trouble_text("HP 1020", state)
    assert words in text
    assert bool(text) == bool(words)
    assert ("HP 1020" in text) == bool(words)


def test_a_file_has_no_trouble(qapp: QApplication, tmp_path: Path) -> None:
    document = open_pdf(pdf(tmp_path))
    printer = make_printer(document, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert trouble(printer) == ""
    document.close()


def test_a_printer_in_trouble_waits_for_the_clerk(qtbot: QtBot, tmp_path: Path) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    preview.show()
    preview.show_pdf("paper", pdf(tmp_path))
    qtbot.waitUntil(lambda: preview.pdf is not None and preview.is_idle)
    assert preview.pdf is not None
    printer = make_printer(preview.pdf, "paper")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(72)
    with qtbot.assertNotEmitted(preview.printed, wait=50):
        preview.print_if_ready(printer, trouble_text("HP", QPrinter.PrinterState.Error))
    assert "comes out later" in preview.banner.text()
    with qtbot.waitSignal(preview.printed):
        screen.button(preview.banner, "Print all the same").click()
    with qtbot.waitSignal(preview.printed):
        preview.print_if_ready(printer, "")
    preview.close_pdf()
