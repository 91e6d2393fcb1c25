"""Pages onto paper, exactly as previewed: each page is drawn at the printer's resolution and placed 1:1."""

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.pdf import POINTS_PER_INCH, PdfFile

FINEST_DPI = 600
"""More shows no difference on office paper and needs 140 MB a page."""


def has_printer() -> bool:
    """Whether this PC knows any printer."""
    return bool(QPrinterInfo.availablePrinterNames())


def make_printer(pdf: PdfFile, title: str) -> QPrinter:
    """Prepare the PC's usual printer for this document; call it on the UI thread."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    printer.setPageLayout(_layout(pdf.sizes[0]))
    printer.setFromTo(1, len(pdf.sizes))
    return printer


def chosen_pages(printer: QPrinter, count: int) -> list[int]:
    """Give the pages (from 0) that the print dialog asked for, in printing order, copies and all."""
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
    """Print pages and give their number; made for a background thread.

    Raises `Unusable` when the printer refuses, `Cancelled` after stopping the print job.
    """
    printer.setPageLayout(_layout(pdf.sizes[numbers[0]]))
    painter = QPainter()
    if not painter.begin(printer):
        raise Unusable(
            _("The printer does not answer. Is it switched on and has it paper? Then print again.")
        )
    try:
        for done, number in enumerate(numbers):
            progress.step(done, len(numbers), _("Printing"))
            if done:
                printer.setPageLayout(_layout(pdf.sizes[number]))
                if not printer.newPage():
                    raise Unusable(
                        _("The printer stopped after page {n}. See to it and print the rest again.").format(
                            n=done
                        )
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
    turn = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(page, turn, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
