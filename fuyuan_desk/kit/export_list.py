"""Export of a list to Excel, the same for every page: order, file, service, workbook."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import safe_name, with_ending, write_atomically
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.table_model import Column
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes


def export_list(
    desk: Desk,
    page: QWidget,
    title: str,
    columns: Sequence[Column],
    use: Callable[..., Export[Any]],
    arguments: Sequence[Any],
    *,
    may_unmask: bool = False,
    failed: Callable[[UserError], object] | None = None,
) -> ExportDialog:
    """Ask for purpose, receiver and file, then write the rows that `use(seat, order, *arguments)` returns."""

    def save(values: dict[str, Any]) -> None:
        order = ExportOrder(**values)
        chosen = choose_target(
            page,
            Purpose.EXPORT,
            _("Save the list as"),
            safe_name(title, ".xlsx"),
            _("Excel workbook (*.xlsx)"),
        )
        if chosen is None:
            return
        path = with_ending(chosen, ".xlsx")

        def write(export: Export[Any]) -> None:
            desk.run_paper(
                write_list, path, title, columns, export,
                done=lambda _nothing: desk.notify(_("Saved as {file}.").format(file=path.name)),
                failed=failed, owner=page,
            )  # fmt: skip

        desk.run(use, order, *arguments, done=write, failed=failed, owner=page)

    dialog = ExportDialog(page, title, may_unmask)
    dialog.ordered.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open_with({"purpose": "", "receiver": "", **({"unmasked": False} if may_unmask else {})})
    return dialog


def write_list(path: Path, title: str, columns: Sequence[Column], export: Export[Any]) -> None:
    """Write an exported list with its stamp in the first lines."""
    cells = [[_shown(column, row) for column in columns] for row in export.rows]
    sheet = Sheet(title, [column.header for column in columns], cells)
    write_atomically(path, workbook_bytes([sheet], export.stamp.lines()))


def _shown(column: Column, row: Any) -> Value:
    """Return a cell's value as the list shows it: its text or number, which a chip may shorten, or its chip's text."""
    chip = column.chip(row) if column.chip is not None else None
    text = column.text(row) or (chip.text if chip is not None else "")
    if column.align == "right" and text:
        number = float(text.replace(",", ""))
        return int(number) if number.is_integer() and "." not in text else number
    return text
