"""Controller of the rows that were not imported: show and reveal them, import corrected ones, write them to a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.errors import Conflict, UserError
from fuyuan_desk.core.files import with_ending
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.roster.controller.checking import ask_about_typed
from fuyuan_desk.roster.facts import Cell, UnimportedList
from fuyuan_desk.roster.reading.explain import about_row, explain, without_unknown
from fuyuan_desk.roster.reading.kept_rows import KeptDraft, only, read_kept
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take
from fuyuan_desk.roster.service import imports, unimported
from fuyuan_desk.roster.service.imports import ImportReport
from fuyuan_desk.roster.view.unimported import ImportUnimportedView
from fuyuan_desk.roster.view.words import left_out_sentence, new_sentence
from fuyuan_desk.roster.workbook import write_unimported
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.split import Settings

_WRITTEN = frozenset({Group.NEW, Group.CHANGED})


class UnimportedScreen(QObject):
    """Runs the screen of the rows not imported, above the one from which it is opened.

    `refused(refusal)`: the list is no longer there.
    """

    refused = Signal(object)

    def __init__(self, desk: Desk, page: Pages, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk, self._page = desk, page
        self._from: QWidget | None = None
        self._known: dict[int, tuple[Cell, ...]] = {}
        self._typed: dict[int, dict[int, str]] = {}
        self.view = ImportUnimportedView(settings)
        self.view.back_requested.connect(lambda: self.leave(self._leave))
        self.view.typed.connect(self._type)
        self.view.import_requested.connect(self._import)
        self.view.reveal_requested.connect(self._reveal)
        self.view.file_requested.connect(self._ask_order)

    def show(self, import_id: int) -> None:
        """Show the rows of an import; leaving returns to the screen that is shown now."""
        self._from = self._page.currentWidget()

        def done(rows: UnimportedList) -> None:
            self._known, self._typed = {}, {}
            self.view.show_list(rows)
            self._page.show_screen(self.view)
            self.view.close_button.setFocus()

        self._run(unimported.list_unimported, import_id, done=done, failed=self.refused.emit)

    @property
    def has_unsaved(self) -> bool:
        """Whether cells were typed anew that are not imported."""
        return bool(self._typed)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then`, after asking if cells were typed anew that are not imported."""

        def left() -> None:
            self._known, self._typed = {}, {}
            then()

        shown = self.view.shown
        if shown is None or not self._typed:
            left()
        else:
            ask_about_typed(self._page, shown.file_name, left)

    def _leave(self) -> None:
        if self._from is not None:
            self._page.show_screen(self._from)

    def _reveal(self, row_id: int) -> None:
        def done(cells: tuple[Cell, ...]) -> None:
            self._known[row_id] = cells
            self.view.reveal(row_id, cells)
            self._read_again(row_id)

        self._run(unimported.reveal_unimported, row_id, done=done)

    # --- correcting

    def _type(self, row_id: int, column: int, text: str) -> None:
        self._typed.setdefault(row_id, {})[column] = text
        self._read_again(row_id)

    def _cells(self) -> dict[int, tuple[Cell, ...]]:
        """Return the cells of the rows that were revealed, as they are now."""
        return {
            key: tuple(self._typed.get(key, {}).get(index, cell) for index, cell in enumerate(cells))
            for key, cells in self._known.items()
        }

    def _read_again(self, row_id: int) -> None:
        shown = self.view.shown
        if shown is None:
            return

        def done(kept: KeptDraft) -> None:
            if shown is self.view.shown:
                place = kept.places[row_id]
                cells = without_unknown(explain(kept.draft, *place))
                self.view.show_cells(row_id, about_row(kept.draft, *place), cells)
                self.view.show_corrected({key: kept.fault_of(key) for key in self._typed})

        self._desk.run_paper(
            read_kept, shown, self._cells(),
            done=done, failed=self.view.banner.refuse, owner=self._page,
        )  # fmt: skip

    def _import(self) -> None:
        shown = self.view.shown
        if shown is None or not self._typed:
            return
        typed = {key: cells for key, cells in self._cells().items() if key in self._typed}
        self.view.import_button.setEnabled(False)

        def done(imported: tuple[ImportReport, tuple[int, ...]]) -> None:
            self._on_imported(shown.import_id, *imported)

        def failed(refusal: UserError) -> None:
            self.view.import_button.setEnabled(True)
            self.view.banner.refuse(refusal)

        self._run(_import_corrected, shown, typed, done=done, failed=failed)

    def _on_imported(self, import_id: int, report: ImportReport, keys: tuple[int, ...]) -> None:
        def show(rows: UnimportedList) -> None:
            self.view.show_list(rows)
            self.view.show_corrected(dict.fromkeys(self._typed, _("still faulty")))
            parts = [new_sentence(report.buildings, report.units, report.households)]
            if report.left_out:
                parts.append(left_out_sentence(report.repeats, report.rejected))
            if any(report.comparison.count(group) for group in (Group.OTHER_HOLDER, Group.MOVED)):
                parts.append(
                    _("Who takes somebody's place stays in this list: import the whole list to compare.")
                )
            self.view.banner.say("ok" if len(parts) == 1 else "warn", " ".join(parts))

        for key in keys:
            self._typed.pop(key, None)
            self._known.pop(key, None)
        self._run(unimported.list_unimported, import_id, done=show)

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


def _import_corrected(
    seat: Any, shown: UnimportedList, cells: Mapping[int, tuple[Cell, ...]]
) -> tuple[ImportReport, tuple[int, ...]]:
    """Import the corrected rows that have no fault any more, as a file of their own; they leave the list.

    Rows of somebody who would replace a holder of the store stay in it: that is asked where a whole list is compared.
    Should the program end between the two, the rows are imported and still listed; to import them again adds nothing.
    """
    kept = read_kept(shown, cells)
    keys = tuple(key for key in cells if kept.fault_of(key) == "")
    if not keys:
        raise Conflict(
            _("None of the corrected rows can be imported yet. See what is said beside their cells.")
        )
    report = imports.import_roster(seat, only(kept, keys), take=Take(_WRITTEN))
    waiting = {
        (entry.sheet, entry.row)
        for entry in report.comparison.entries
        if entry.group not in (*_WRITTEN, Group.GONE)
    }
    keys = tuple(key for key in keys if kept.places[key] not in waiting)
    unimported.drop_corrected(seat, shown.import_id, keys)
    return report, keys
