"""Controller of the editor of one version of a checklist; what is typed is kept as a draft until it is saved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.files import safe_name, with_ending
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import VersionDetail, VersionFields
from fuyuan_desk.inspections.rules.checklists import (
    ItemDifference,
    TypedItem,
    differences,
    item_faults,
    tidied,
)
from fuyuan_desk.inspections.service import checklists as service
from fuyuan_desk.inspections.service.sheet_data import example_sheet
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.inspections.view.differences import DifferencesDialog
from fuyuan_desk.inspections.view.version import VersionView
from fuyuan_desk.inspections.view.version_words import difference_lines, version_title
from fuyuan_desk.inspections.workbook import ReadChecklist, read_checklist, told, write_checklist
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.store.db.base import new_uid
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_file, choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.pdf import PdfFile, open_pdf
from fuyuan_desk.widgets.question import confirm

DRAFT = "checklist"
"""The keys of drafts of this form begin with this."""


@dataclass(frozen=True)
class _Found:
    """A clause that was found: its citation, and its words."""

    key: str
    title: str
    detail: str
    meant: str = ""


def _new_key() -> str:
    return new_uid()[:12]


class VersionController(QObject):
    """Connects the editor to the services; emits `opened` to show it, `left`, and `removed` when the draft is gone."""

    opened = Signal()
    left = Signal()
    removed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._heading = ""
        self._asked = 0
        self.view = VersionView(_new_key)
        self._drafts = keep_drafts(desk, self.view.form, DRAFT)
        self.view.saved.connect(self._save)
        self.view.published.connect(self._ask_publish)
        self.view.left.connect(self.left)
        self.view.remove_asked.connect(self._ask_remove)
        self.view.withdraw_asked.connect(self._ask_withdraw)
        self.view.version_asked.connect(self._begin)
        self.view.differences_asked.connect(self._show_differences)
        self.view.export_asked.connect(self._ask_export)
        self.view.import_asked.connect(self._import)
        self.view.preview_asked.connect(self._draw)
        self.view.form.changed.connect(self._judge)
        self.view.item.clause_asked.connect(self._find_clauses)

    def open(self, detail: VersionDetail) -> None:
        """Show a version; a draft with input that was not saved asks about it first."""
        self._drafts.set_key(f"{DRAFT}:{detail.line.id or 0}", detail.record_version)
        self._show(detail)
        self.view.banner.clear()
        if self.view.is_draft:
            self._drafts.offer()
        self.opened.emit()
        self.view.list.list.setFocus()

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once unsaved changes are saved or discarded, showing the page to ask about them."""
        if self.view.form.is_dirty:
            self.opened.emit()
        self.view.form.leave(then)

    @property
    def _detail(self) -> VersionDetail:
        assert self.view.detail is not None
        return self.view.detail

    @property
    def _known(self) -> Known:
        version = self._drafts.version  # a restored draft is based on what was read then
        assert self._detail.line.id is not None
        return Known(self._detail.line.id, int(version or self._detail.record_version))

    def _show(self, detail: VersionDetail) -> None:
        self.view.show_version(detail, self._desk.seat.today())
        self.view.export_button.setVisible(self._desk.may(service.checklist_for_export))
        self._judge()

    def _judge(self) -> None:
        items = self.view.list.items
        self.view.show_faults(item_faults(items, service.is_known_clause) if self.view.is_draft else ())

    # --- acts

    def _save(self, fields: VersionFields) -> None:
        def done(detail: VersionDetail) -> None:
            self._took(detail)
            self._desk.notify(_("The draft is saved."))

        self._run(service.save_draft_version, fields, self._known, done=done)

    def _took(self, detail: VersionDetail) -> None:
        self._drafts.version = detail.record_version
        self._show(detail)
        self.view.form.mark_clean()

    def _ask_publish(self, fields: VersionFields) -> None:
        faults = item_faults(fields.items, service.is_known_clause)
        if faults:
            self.view.list.list.setCurrentRow(max(0, faults[0].place))
            self._judge()
            text = numbered(
                len(faults),
                N_("{n} fault prevents publishing. It is shown at its item."),
                N_("{n} faults prevent publishing. They are shown at their items."),
            )
            self.view.refuse(InvalidInput(text))
            return
        day = fields.effective_on
        if day is None:
            missing = _("Enter from which day on it counts.")
            self.view.refuse(InvalidInput(missing, {"effective_on": missing}))
            return
        changes = len(self._differences(fields.items))
        text = numbered(
            changes,
            N_("{n} item differs from the version before."),
            N_("{n} items differ from the version before."),
        )
        same = _("No item differs from the version before.")
        hint = _(
            "It never changes again. Sheets that are printed already are entered with their own version."
        )
        confirm(
            self.view,
            _("Publish “{name}”, to count from {day} on?").format(name=fields.name, day=day),
            f"{text if changes else same} {hint}",
            _("&Publish"),
            lambda: self._publish(fields),
        )

    def _publish(self, fields: VersionFields) -> None:
        def done(detail: VersionDetail) -> None:
            self._took(detail)
            self.view.banner.say("ok", _("{name} is published.").format(name=version_title(detail.line)))

        self._run(service.publish_version, fields, self._known, done=done)

    def _ask_remove(self) -> None:
        confirm(
            self.view,
            _("Delete the draft {name}?").format(name=version_title(self._detail.line)),
            _("Published versions stay."),
            _("&Delete"),
            lambda: self._run(service.remove_draft_version, self._known, done=self._on_removed),
            dangerous=True,
        )

    def _on_removed(self, _nothing: None) -> None:
        self.view.form.mark_clean()
        self.removed.emit()

    def _ask_withdraw(self) -> None:
        confirm(
            self.view,
            _("Withdraw {name} from today on?").format(name=version_title(self._detail.line)),
            _("The version before counts again. Sheets that are out can still be entered with this one."),
            _("&Withdraw"),
            lambda: self._run(service.withdraw_version, self._known, done=self._show),
            dangerous=True,
        )

    def _begin(self) -> None:
        line = self._detail.line
        self._run(service.begin_version, line.key, line.version, done=self.open)

    def _run(self, use: Callable[..., Any], *args: Any, done: Callable[[Any], object]) -> None:
        self._desk.run(use, *args, done=done, failed=self.view.refuse, owner=self.view)

    # --- beside the form

    def _find_clauses(self, text: str) -> None:
        def done(found: tuple[tuple[str, str], ...]) -> None:
            self.view.item.show_clauses(text, [_Found(ref, ref, words) for ref, words in found])

        self._run(service.find_clauses, text, done=done)

    def _show_differences(self) -> None:
        found = self._differences(self.view.list.items)
        dialog = DifferencesDialog(self.view, self._detail.before_version, difference_lines(found))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _differences(self, items: Iterable[TypedItem]) -> tuple[ItemDifference, ...]:
        return differences(self._detail.before, tuple(map(tidied, items)))

    def _draw(self) -> None:
        """Draw the printed sheet as it would be now; only the newest one asked for is shown."""
        self._asked += 1
        asked, fields, kind = self._asked, self.view.fields(), self._detail.line.kind

        def draw(heading: str) -> None:
            sheet = example_sheet(kind, fields.name, fields.items)
            self._desk.run_paper(
                lambda: open_pdf(inspection_sheets([sheet], heading, self._desk.seat.today()).pdf),
                done=show, failed=failed, owner=self.view,
            )  # fmt: skip

        def show(pdf: PdfFile) -> None:
            if asked == self._asked and self.view.isVisible():
                self.view.show_preview(pdf)
            else:
                pdf.close()

        def failed(_refusal: UserError) -> None:
            self.view.show_preview(None)

        if fields.items:
            self._desk.run(_heading, done=draw, failed=failed, owner=self.view)
        else:
            self.view.show_preview(None)

    # --- Excel

    def _ask_export(self) -> None:
        dialog = ExportDialog(self.view, version_title(self._detail.line), may_unmask=False)
        dialog.ordered.connect(self._export)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open_with({"purpose": "", "receiver": ""})

    def _export(self, values: dict[str, Any]) -> None:
        line = self._detail.line
        chosen = choose_target(
            self.view, Purpose.EXPORT, _("Save the list as"), safe_name(version_title(line), ".xlsx"),
            _("Excel workbook (*.xlsx)"),
        )  # fmt: skip
        if chosen is None:
            return
        path = with_ending(chosen, ".xlsx")

        def write(export: Export[TypedItem]) -> None:
            self._desk.run_paper(
                write_checklist, path, export.rows, export.stamp.lines(),
                done=lambda _nothing: self._desk.notify(_("Saved as {file}.").format(file=path.name)),
                failed=self.view.refuse, owner=self.view,
            )  # fmt: skip

        self._run(service.checklist_for_export, ExportOrder(**values), line.key, line.version, done=write)

    def _import(self) -> None:
        chosen = choose_file(self.view, Purpose.EXPORT, _("Choose a checklist"), _("Excel workbook (*.xlsx)"))
        if chosen is not None:
            self.import_file(chosen)

    def import_file(self, path: Path) -> None:
        """Take over the items of a file if every row is understood; they are saved as everything typed is."""
        known = (*self.view.list.items, *self._detail.before)

        def done(found: ReadChecklist) -> None:
            if found.faults:
                text = _("Nothing was imported. Correct these rows in Excel, then import it again:")
                self.view.banner.say("error", f"{text}\n{told(found.faults)}")
                return
            self.view.list.replace_all(found.items)
            count = numbered(len(found.items), N_("{n} item was read."), N_("{n} items were read."))
            hint = _("Look at them, then save. Undo brings the others back.")
            self.view.banner.say("info", f"{count} {hint}")

        self._desk.run_file(
            read_checklist, path, known, _new_key, service.is_known_clause,
            done=done, failed=self.view.refuse, owner=self.view,
        )  # fmt: skip


def _heading(seat: Seat) -> str:
    return read_settings(seat).heading
