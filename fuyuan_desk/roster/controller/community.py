"""Controller of the roster for 社区云: whose people, what for, which file."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.files import joined_name, safe_name, with_ending
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data
from fuyuan_desk.estates.service.community import CommunityRow, community_for_export
from fuyuan_desk.estates.workbook import write_community
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.view.community import community_dialog
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose

_ENDING = ".tsv"


class CommunityExport(QObject):
    """Asks for an estate and an order, and writes the table with its note."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self._names: dict[int, str] = {}
        self.dialog: FormDialog | None = None

    def ask(self) -> None:
        """Show the dialog."""

        def done(estates: tuple[tuple[int, str], ...]) -> None:
            self._names = dict(estates)
            dialog = self.dialog = community_dialog(self._page, estates)
            dialog.form.submitted.connect(lambda values: self._submit(dialog, values))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            dialog.form.focus_first()

        self._desk.run(page_data.estate_choices, done=done, owner=self)

    def _submit(self, dialog: FormDialog, values: dict[str, Any]) -> None:
        estate = values["estate"]
        order = ExportOrder(values["purpose"], values["receiver"], bool(values["unmasked"]))
        name = joined_name("社区云", self._names.get(estate, ""))
        chosen = choose_target(
            self._page,
            Purpose.EXPORT,
            _("Save the roster for 社区云 – it contains personal data: delete the file after use"),
            safe_name(name, _ENDING),
            _("Text table (*.tsv)"),
        )
        if chosen is None:
            return
        path = with_ending(chosen, _ENDING)

        def write(export: Export[CommunityRow]) -> None:
            self._desk.run_paper(
                write_community, path, export.rows, export.stamp.lines(),
                done=lambda note: self._written(dialog, path, note), failed=dialog.refuse, owner=self,
            )  # fmt: skip

        self._desk.run(community_for_export, order, estate, done=write, failed=dialog.refuse, owner=self)

    def _written(self, dialog: FormDialog, path: Path, note: Path) -> None:
        dialog.done_saving()
        self._desk.notify(_("Saved as {file}, with {note}.").format(file=path.name, note=note.name))
