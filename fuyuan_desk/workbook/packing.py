"""Packing a workbook in memory: no row of it reaches the disk before the whole file is saved."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

Fill = Callable[[], None]


class MemoryPacker(ExcelWriter):
    """Writes each sheet straight into the package; `fills` appends the rows, by the title of their sheet.

    In both of its modes openpyxl writes every sheet to a file of its own in the temporary folder and deletes it
    once it is packed; if the program is ended meanwhile, the rows stay there unencrypted. Its sheet writer takes a
    stream as well, but only from within: so the writer of a sheet is set here before its first row. The rows are
    compressed as they come, so no sheet is ever in memory as a whole.
    """

    def __init__(self, book: Workbook, fills: dict[str, Fill]) -> None:
        self._packed = io.BytesIO()
        self._package = zipfile.ZipFile(self._packed, "w", zipfile.ZIP_DEFLATED)
        super().__init__(book, self._package)
        self._fills = fills

    def packed(self) -> bytes:
        """Fill and pack all sheets, and return the .xlsx file."""
        self.workbook.properties.modified = datetime.now(UTC).replace(tzinfo=None)
        self.save()
        return self._packed.getvalue()

    def write_worksheet(self, ws: WriteOnlyWorksheet) -> None:  # type: ignore[override] # a write-only book has no others
        """Fill and pack a sheet; called by openpyxl for each in turn."""
        ws._drawing = SpreadsheetDrawing()  # type: ignore[attr-defined] # stub lacks it
        ws._drawing.charts = ws._charts  # type: ignore[attr-defined] # stub lacks both
        with self._package.open(ws.path[1:], "w") as part:
            writer = WorksheetWriter(ws, out=part)
            writer.write_top()
            ws._writer = writer  # type: ignore[attr-defined] # stub lacks it
            self._fills[ws.title]()
            ws.close()
        ws._rels = writer._rels  # type: ignore[attr-defined] # stub lacks both
        self.manifest.append(ws)
