"""Controller of the rows that were not imported: show them, reveal one, write them to a file when asked."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import with_ending
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.roster.facts import UnimportedList
from fuyuan_desk.roster.service import imports, unimported
from fuyuan_desk.roster.view.unimported import ImportUnimportedView
from fuyuan_desk.roster.workbook import write_unimported
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.split import Settings


class UnimportedScreen(QObject):
    """Runs the screen of the rows not imported, above the one from which it is opened.

    `refused(refusal)`: the list is no longer there.
    """

    refused = Signal(object)

    def __init__(self, desk: Desk, page: Pages, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk, self._page = desk, page
        self._from: QWidget | None = None
        self.view = ImportUnimportedView(settings)
        self.view.back_requested.connect(self._leave)
        self.view.reveal_requested.connect(self._reveal)
        self.view.file_requested.connect(self._ask_order)

    def show(self, import_id: int) -> None:
        """Show the rows of an import; leaving returns to the screen that is shown now."""
        self._from = self._page.currentWidget()

        def done(rows: UnimportedList) -> None:
            self.view.show_list(rows)
            self._page.show_screen(self.view)
            self.view.close_button.setFocus()

        self._run(unimported.list_unimported, import_id, done=done, failed=self.refused.emit)

    def _leave(self) -> None:
        if self._from is not None:
            self._page.show_screen(self._from)

    def _reveal(self, row_id: int) -> None:
        self._run(unimported.reveal_unimported, row_id, done=lambda cells: self.view.reveal(row_id, cells))

    def _ask_order(self) -> None:
        shown = self.view.shown
        if shown is None:
            return
        dialog = ExportDialog(self._page, _("Rows that were not imported"), may_unmask=False)
        dialog.ordered.connect(lambda values: self._choose_file(shown, values))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open_with({"purpose": _("correct the roster and import it again"), "receiver": ""})

    def _choose_file(self, shown: UnimportedList, values: dict[str, Any]) -> None:
        chosen = choose_target(
            self._page,
            Purpose.EXPORT,
            _("Save the rows that were not imported – they contain personal data: delete the file after use"),
            imports.rejects_name(shown.file_name),
            _("Excel workbook (*.xlsx)"),
        )
        if chosen is not None:
            self._export(shown.import_id, ExportOrder(**values), with_ending(chosen, ".xlsx"))

    def _export(self, import_id: int, order: ExportOrder, path: Path) -> None:
        def write(export: Export[UnimportedList]) -> None:
            self._desk.run_paper(
                write_unimported, export, path,
                done=lambda _path: self.view.banner.say("ok", _("Saved as {file}.").format(file=path.name)),
                failed=self.view.banner.refuse, owner=self._page,
            )  # fmt: skip

        self._run(unimported.unimported_for_export, import_id, order, done=write)

    def _run(self, use: Any, *arguments: Any, done: Any, failed: Any = None) -> None:
        def refuse(refusal: UserError) -> None:
            (failed or self.view.banner.refuse)(refusal)

        self._desk.run(use, *arguments, done=done, failed=refuse, owner=self._page)
