"""Controller of the audit log tab."""

import enum
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import EntryDetail, EntryLine, EntryPage, TrailChoices, TrailExport, TrailQuery
from fuyuan_desk.audit.rules import Agreement, Comparison, comparison_sentence, read_anchor
from fuyuan_desk.audit.service import check, entries
from fuyuan_desk.audit.service.check import ChainState
from fuyuan_desk.audit.service.compare import compare_anchor
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.audit.view import CUSTOM, TrailView, anchor_fields, day_fields
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.files import with_ending, write_atomically
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes


class Days(enum.StrEnum):
    """Predefined date ranges of the filter."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


DAY_NAMES = {
    Days.TODAY: N_("Today"),
    Days.WEEK: N_("Last 7 days"),
    Days.MONTH: N_("Last 30 days"),
    Days.YEAR: N_("This year"),
}


def days_of(days: Days, today: date) -> tuple[date, date]:
    """Return the first and last day of a date range, both included."""
    first = {
        Days.TODAY: today,
        Days.WEEK: today - timedelta(days=6),
        Days.MONTH: today - timedelta(days=29),
        Days.YEAR: today.replace(month=1, day=1),
    }[days]
    return first, today


class TrailController(QObject):
    """Lists the filtered entries, shows the chosen one, checks the chain, exports."""

    def __init__(self, desk: Desk, settings: Settings | None = None, records: Sequence[Record] = ()) -> None:
        super().__init__()
        self._desk = desk
        self._records = tuple(records)
        self._chosen: int | None = None
        self._is_stale = False
        self.preview: PreviewDialog | None = None
        self.page = TrailView(self._fetch, settings)
        self.page.narrowed.connect(self._narrow)
        self.page.check_requested.connect(self._check)
        self.page.proof_requested.connect(self._print_proof)
        self.page.compare_requested.connect(self._ask_anchor)
        self.page.table.selected.connect(self._on_selected)
        self.page.table.opened.connect(lambda _row: self.page.entry.reveal.setFocus())
        self.page.table.export_requested.connect(self._ask_export)
        self.page.entry.reveal_requested.connect(self._reveal)
        desk.changes.connect(self._on_changes)
        self.page.show_chain(
            _("Each entry is chained to the previous one; check whether the chain is intact."), "info"
        )
        self._read_choices()
        self.page.table.load()

    def on_shown(self) -> None:
        """Reload if something changed while the page was hidden."""
        if self._is_stale:
            self._is_stale = False
            self._read_choices()
            self.page.table.refresh()

    def _on_changes(self, _tables: frozenset[str]) -> None:
        # every change adds an entry
        self._is_stale = True
        if self.page.isVisible():
            self.on_shown()

    # --- the list

    def _read_choices(self) -> None:
        self._desk.run(entries.trail_choices, done=self._show_choices, owner=self.page)

    def _show_choices(self, choices: TrailChoices) -> None:
        periods = [*((days.value, _(name)) for days, name in DAY_NAMES.items()), (CUSTOM, _("From … to …"))]
        self.page.set_choices(periods, choices.operators, choices.actions, choices.tables)

    def _query(self, query: Query) -> TrailQuery:
        first, last = query.facets.get("period", (None, None))

        def chosen(name: str) -> tuple[str, ...]:
            value = query.facets.get(name)
            return () if value is None else (value,)

        return TrailQuery(
            first, last, chosen("operator"), chosen("action"), chosen("table"), text=query.filter
        )

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: EntryPage) -> None:
            if page.more:
                text = _("Only the newest {n} are listed. Narrow the search to reach older ones.")
                self.page.banner.say("info", text.format(n=f"{page.total:,}"))
            deliver(Window(page.total, page.rows))

        self._desk.run(
            entries.find_entries, self._query(query), offset, limit, self._records,
            done=done, failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _narrow(self, name: str, value: Any) -> None:
        self.page.banner.clear()
        if name != "period":
            self.page.table.set_facet(name, value)
        elif value == CUSTOM:
            self._ask_days()
        else:
            days = None if value is None else days_of(Days(value), self._desk.seat.today())
            self.page.table.set_facet("period", days)

    def _ask_days(self) -> None:
        form = Form(day_fields(), columns=2, only_asks=True)
        first, last = self.page.table.model.query.facets.get("period", (None, None))
        form.set_values({"first": first, "last": last})
        dialog = FormDialog(self.page, _("Entries of which days?"), form, _("&Show"))
        form.submitted.connect(lambda days: self._choose_days(days, dialog))
        dialog.rejected.connect(lambda: self.page.show_days(first, last))
        dialog.open()
        form.focus_first()

    def _choose_days(self, days: dict[str, date | None], dialog: FormDialog) -> None:
        first, last = days["first"], days["last"]
        if first is not None and last is not None and first > last:
            dialog.form.show_errors({"last": _("The last day is before the first.")})
            return
        dialog.done_saving()
        self.page.show_days(first, last)
        self.page.table.set_facet("period", None if first is None and last is None else (first, last))

    # --- one entry

    def _on_selected(self, row: EntryLine | None) -> None:
        self._chosen = None if row is None else row.id
        if row is None:
            self.page.split.show_detail(False)
        else:
            self._ask_detail(entries.entry_detail, row.id, False)

    def _ask_detail(self, use: Any, entry: int, revealed: bool) -> None:
        def done(detail: EntryDetail) -> None:
            if detail.line.id == self._chosen:
                self.page.entry.show_entry(detail, revealed)
                self.page.split.show_detail()

        self._desk.run(
            use, entry, None, self._records, done=done, failed=self.page.banner.refuse, owner=self.page
        )

    def _reveal(self) -> None:
        if self._chosen is not None:
            self._ask_detail(entries.reveal_entry, self._chosen, True)

    # --- the chain

    def _check(self) -> None:
        self._read_chain(check.check_chain, (), self._show_chain, self.page.banner.refuse)

    def _read_chain(self, use: Any, words: tuple[Any, ...], done: Any, refuse: Any) -> None:
        """Run what reads every entry, on a thread of its own; it is cancelled when the desk is locked."""
        before = self.page.chain_shown
        self.page.allow_reading(False)
        self.page.show_chain(_("Checking every entry …"), "info")

        def succeeded(found: Any) -> None:
            self.page.allow_reading(True)
            done(found)

        def failed(refusal: Any) -> None:
            self.page.allow_reading(True)
            self.page.show_chain(*before)
            refuse(refusal)

        progress = Progress()
        self._desk.run_paper(
            use, self._desk.seat, *words, progress,
            done=succeeded, failed=failed, progress=progress, owner=self.page,
        )  # fmt: skip

    def _show_chain(self, state: ChainState) -> None:
        if state.faults:
            self.page.show_chain(" ".join(state.faults), "error")
            return
        clock = f"{self._desk.seat.now().astimezone():%H:%M}"
        text = _(
            "The chain is intact up to entry {n}; nothing was changed, removed or moved (checked {time})."
        )
        self.page.show_chain(text.format(n=f"{state.end:,}", time=clock), "ok")

    # --- on paper

    def _print_proof(self) -> None:
        self.page.banner.clear()
        before = self.page.chain_shown

        def done(printed: Printed) -> None:
            self.page.show_chain(*before)
            self.preview = open_preview(self.page, _("Proof sheet of the audit log"), printed.pdf)
            self._on_changes(frozenset())  # the print is an entry of its own

        self._read_chain(_draw_proof, (), done, self.page.banner.refuse)

    def _ask_anchor(self) -> None:
        form = Form(anchor_fields())
        hint = _(
            "Type what is printed on a proof sheet or on a backup's slip; its QR code can be scanned, too."
        )
        dialog = FormDialog(self.page, _("Compare with a proof sheet"), form, _("Co&mpare"), hint)

        def compare(typed: dict[str, Any]) -> None:
            try:
                read_anchor(typed["number"], typed["hash"])
            except InvalidInput as refusal:
                dialog.refuse(refusal)
                return
            dialog.done_saving()
            words = (typed["number"], typed["hash"])
            self._read_chain(compare_anchor, words, self._show_comparison, self.page.banner.refuse)

        form.submitted.connect(compare)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        form.focus_first()

    def _show_comparison(self, found: Comparison) -> None:
        self.page.show_chain(comparison_sentence(found), _TONES.get(found.agreement, "error"))

    # --- to Excel

    def _ask_export(self, query: Query) -> None:
        dialog = ExportDialog(self.page, _("Audit log"), may_unmask=False)

        def save(values: dict[str, Any]) -> None:
            name, kinds = f"{_('Audit log')}.xlsx", _("Excel workbook (*.xlsx)")
            chosen = choose_target(self.page, Purpose.EXPORT, _("Save the list as"), name, kinds)
            if chosen is not None:
                self._export(query, with_ending(chosen, ".xlsx"), ExportOrder(**values))

        dialog.ordered.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open_with({"purpose": "", "receiver": ""})

    def _export(self, query: Query, path: Path, order: ExportOrder) -> None:
        def write(export: TrailExport) -> None:
            self._desk.run_paper(
                _write, path, export,
                done=lambda _nothing: self.page.banner.say("ok", _("Saved as {file}.").format(file=path.name)),
                failed=self.page.banner.refuse, owner=self.page,
            )  # fmt: skip

        self._desk.run(
            entries.entries_for_export, order, self._query(query),
            done=write, failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip


_TONES = {Agreement.AGREES: "ok", Agreement.RECHAINED: "info"}


def _draw_proof(seat: Seat, progress: Progress) -> Printed:
    from fuyuan_desk.audit.sheets import proof_sheet

    return proof_sheet(proof_for_print(seat, progress))


def _write(path: Path, export: TrailExport) -> None:
    headers = [_("No."), _("When"), _("Operator"), _("Action"), _("Record"), _("Details"), _("Hash")]
    rows: list[list[Value]] = [
        [
            row.line.id,
            f"{row.line.at.astimezone():%Y-%m-%d %H:%M:%S}",
            row.line.operator_name,
            row.line.action_name,
            row.line.table_name + (f" {row.line.record_id}" if row.line.record_id is not None else ""),
            row.line.summary,
            row.hash,
        ]
        for row in export.rows
    ]
    proof = export.proof
    about: Sequence[tuple[str, str | int]] = [
        (_("Entries in this file"), proof.count),
        (_("First entry"), f"{proof.first} {proof.first_hash}"),
        (_("Last entry"), f"{proof.last} {proof.last_hash}"),
        (_("Entries in the whole audit log"), proof.entries),
        (_("End of the audit log"), f"{proof.end} {proof.end_hash}"),
        (_("Older entries are missing"), _("yes") if export.more else _("no")),
    ]
    sheets = [Sheet(_("Audit log"), headers, rows), Sheet(_("Proof"), [_("What"), _("Value")], about)]
    write_atomically(path, workbook_bytes(sheets, export.stamp.lines()))
