"""Printing of PDF pages as previewed: each page is rendered at the printer's resolution and placed 1:1."""

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.pdf import POINTS_PER_INCH, PdfFile

FINEST_DPI = 600
"""A higher resolution is not visible on office paper and needs 140 MB a page."""


def has_printer() -> bool:
    """Return whether this PC has a printer."""
    return bool(QPrinterInfo.availablePrinterNames())


def make_printer(pdf: PdfFile, title: str) -> QPrinter:
    """Set up the default printer for this document; call on the UI thread."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    printer.setPageLayout(_layout(pdf.sizes[0]))
    printer.setFromTo(1, len(pdf.sizes))
    print_plainly(printer)
    return printer


def print_plainly(printer: QPrinter) -> None:
    """Print one side, from the tray that holds the size: what the driver has by default is not for our papers."""
    printer.setDuplex(QPrinter.DuplexMode.DuplexNone)
    printer.setPaperSource(QPrinter.PaperSource.Auto)


def take_choice(printer: QPrinter, offered: str, default: QPrinter.DuplexMode | None = None) -> None:
    """Keep both sides only where they were chosen in the print dialog.

    `offered` names the printer with which the dialog opened. Of another one it shows the driver's defaults, which are
    not a choice; `default` is that printer's, the system's answer if it is not given.
    """
    if printer.printerName() == offered:
        return
    if default is None:
        default = QPrinterInfo.printerInfo(printer.printerName()).defaultDuplexMode()
    if printer.duplex() == default:
        printer.setDuplex(QPrinter.DuplexMode.DuplexNone)


def trouble_text(name: str, state: QPrinter.PrinterState | None) -> str:
    """Return what is wrong with a printer in this state, None for one that is gone; '' if nothing is known."""
    if state is None:
        return _("The printer “{name}” is no longer there. Choose another one.").format(name=name)
    if state in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        return _(
            "The printer “{name}” reports that it cannot print now: it is paused, offline, without paper or jammed."
            " What is sent now waits, and comes out later, perhaps unattended."
        ).format(name=name)
    return ""


def trouble(printer: QPrinter) -> str:
    """Return what is wrong with the printer chosen; '' if nothing is known, and for a file."""
    name = printer.printerName()
    if printer.outputFileName() or not name:
        return ""
    found = QPrinterInfo.printerInfo(name)
    return trouble_text(name, None if found.isNull() else found.state())


def chosen_pages(printer: QPrinter, count: int) -> list[int]:
    """Return the pages (from 0) chosen in the print dialog, in printing order, including copies."""
    numbers = list(range(count))
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage():
        numbers = numbers[printer.fromPage() - 1 : max(printer.toPage(), printer.fromPage())]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        numbers.reverse()
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    if printer.collateCopies():
        return numbers * copies
    return [number for number in numbers for _copy in range(copies)]


def print_pages(pdf: PdfFile, printer: QPrinter, numbers: Sequence[int], progress: Progress) -> int:
    """Print pages and return their number; call on a background thread.

    Raises `Unusable` when the printer fails, `Cancelled` after aborting the print job.
    """
    printer.setPageLayout(_layout(pdf.sizes[numbers[0]]))
    painter = QPainter()
    if not painter.begin(printer):
        raise Unusable(
            _("The printer does not respond. Check that it is on and has paper, then print again.")
        )
    try:
        for done, number in enumerate(numbers):
            progress.step(done, len(numbers), _("Printing"))
            if done:
                printer.setPageLayout(_layout(pdf.sizes[number]))
                if not printer.newPage():
                    raise Unusable(
                        _(
                            "The printer stopped after page {n}. Fix the problem, then print the remaining pages."
                        ).format(n=done)
                    )
            _print_page(pdf, printer, painter, number)
        progress.step(len(numbers), len(numbers), _("Printing"))
    except (Cancelled, Unusable):
        printer.abort()
        raise
    finally:
        painter.end()
    return len(numbers)


def _print_page(pdf: PdfFile, printer: QPrinter, painter: QPainter, number: int) -> None:
    dots = min(printer.resolution(), FINEST_DPI)
    gray = printer.colorMode() == QPrinter.ColorMode.GrayScale
    image = pdf.image(number, dots, gray)
    width, height = pdf.sizes[number]
    scale = printer.resolution() / POINTS_PER_INCH
    painter.drawImage(QRectF(0, 0, width * scale, height * scale), image)


def _layout(size: tuple[float, float]) -> QPageLayout:
    width, height = size
    landscape = width > height
    upright = QSizeF(min(size), max(size))
    page = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    orientation = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(page, orientation, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
