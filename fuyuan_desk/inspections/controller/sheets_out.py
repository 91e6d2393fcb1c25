"""The page of printed sheets: which are out and with whom; one is entered, withdrawn or taken back from there."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.book import sheet_book, sheet_name
from fuyuan_desk.inspections.controller.scan import follow_scans
from fuyuan_desk.inspections.facts import SheetFields
from fuyuan_desk.inspections.rules.printed import SheetState, Withdrawal
from fuyuan_desk.inspections.service import sheets_out
from fuyuan_desk.kit.book import BookQuery, Line, choices_of
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.course_dialog import DialogDraft, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.split import Settings

WITHDRAW = "sheet_withdraw"
"""The keys of drafts of the dialog that withdraws a sheet begin with this."""
TABLES = frozenset({"printed_sheet", "visit", "estate"})
USES = ListUses(
    sheets_out.list_sheets,
    sheets_out.sheets_for_export,
    {"estate_id": estates.estate_options},
    TABLES,
    # who took a sheet does not leave the office when the clerk hid it
    export_hidden=False,
    paper=sheets_out.sheets_for_print,
)


class SheetsController(QObject):
    """The list of printed sheets, at first those that are out; `sheet_opened` carries the one to enter or to show."""

    sheet_opened = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.withdraw_button = button(_("&Write off …"), self._withdraw_chosen)
        self.take_back_button = button(_("&Take back"), self._take_back_chosen)
        self.list = ListPage(
            desk, sheet_book(), USES, settings, "sheets-out",
            can_add=lambda desk: desk.can_visit, title=_("Printed sheets"),
            acts=(self.take_back_button, self.withdraw_button), many=True,
        )  # fmt: skip
        self.view = self.list.view
        self.page = Pages()
        self.page.addWidget(self.view)
        self.page.set_first_focus(self.view, self.view.table.filter)
        follow_scans(desk, self.view, self.sheet_opened.emit, is_bare=True)
        self.view.opened.connect(self.sheet_opened)
        self.view.new_requested.connect(self._enter_chosen)
        self.view.table.selected.connect(self._on_chosen)
        self.view.table.chosen_many.connect(self._on_chosen)
        self._desk.changes.connect(self._on_changes)
        self._on_chosen()
        self._show_out({})

    def show_list(self) -> None:
        """Show the list as it is filtered."""
        self.view.table.table.setFocus()

    def show_of(self, sheet_id: int) -> None:
        """List the sheets that are out with who took a sheet, or of its estate if nobody is named."""
        self._desk.run(
            sheets_out.alike,
            sheet_id,
            done=self._show_out,
            failed=self.view.banner.refuse,
            owner=self.page,
        )

    def reopen(self, key: str) -> None:
        """Open the dialog of the draft `key` again."""
        sheet_id = int(key.partition(":")[2])

        def ask(found: Any) -> None:
            self._ask_why([line for line in found.rows if line.fields.state == SheetState.OUT])

        query = BookQuery(facets={"id": sheet_id})
        self._desk.run(
            sheets_out.list_sheets, query, 0, 1, done=ask, failed=self.view.banner.refuse, owner=self.page
        )

    def _show_out(self, of: Mapping[str, Any]) -> None:
        """List what is out, by a further filter if there is one; who has how many is read again."""

        def done(found: tuple[tuple[str, int], ...]) -> None:
            self._offer_holders(found)
            facets = {"state": SheetState.OUT.value, **of}
            self.view.table.show_filter({"facets": facets})

        self._desk.run(sheets_out.holders, done=done, failed=self.view.banner.refuse, owner=self.page)

    def _offer_holders(self, found: tuple[tuple[str, int], ...]) -> None:
        texts = [
            (
                lead,
                numbered(count, N_("{lead}: {n} out"), N_("{lead}: {n} out"), lead=lead) if count else lead,
            )
            for lead, count in found
        ]
        self.view.table.facets.set_choices("lead", texts)

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._on_chosen()
        if "printed_sheet" in tables:
            self._desk.run(
                sheets_out.holders, done=self._offer_holders, failed=self.view.banner.refuse, owner=self.page
            )

    @property
    def _chosen(self) -> Sequence[Line[SheetFields]]:
        return self.view.table.chosen_rows()

    def _on_chosen(self, *_chosen: object) -> None:
        states = [line.fields.state for line in self._chosen]
        may = self._desk.may(sheets_out.withdraw_sheets)
        self.withdraw_button.setVisible(may)
        self.take_back_button.setVisible(may)
        self.withdraw_button.setEnabled(bool(states) and set(states) == {SheetState.OUT})
        self.take_back_button.setEnabled(states == [SheetState.WITHDRAWN])

    def _enter_chosen(self) -> None:
        line = self.view.table.current_row()
        if line is not None:
            self.sheet_opened.emit(line.id)
        else:
            self.view.banner.say("info", _("Choose a sheet in the list first, or scan it."))

    def _withdraw_chosen(self) -> None:
        self._ask_why(self._chosen)

    def _ask_why(self, lines: Sequence[Line[SheetFields]]) -> None:
        if lines:
            ask_to_withdraw(self._desk, self.view, lines)

    def _take_back_chosen(self) -> None:
        line = self.view.table.current_row()
        if line is not None:
            number = line.fields.number

            def done(_nothing: None) -> None:
                self._desk.notify(_("Sheet {number} is out again.").format(number=number))

            self._desk.run(
                sheets_out.take_back, line.id, done=done, failed=self.view.banner.refuse, owner=self.page
            )


def ask_to_withdraw(desk: Desk, over: QWidget, lines: Sequence[Line[SheetFields]]) -> FormDialog:
    """Ask why sheets will not come back, and withdraw them."""
    form = Form(
        [
            Field("why", _("&Reason"), "choice", required=True, choices=choices_of(Withdrawal)),
            Field(
                "note", _("&Note"), "lines", hint=_("Of a lost sheet: when and where, as far as it is known.")
            ),
        ]
    )
    ids = tuple(line.id for line in lines)
    title = (
        _("Write off {name}").format(name=sheet_name(lines[0].fields))
        if len(lines) == 1
        else numbered(len(lines), N_("Write off {n} sheet"), N_("Write off {n} sheets"))
    )
    dialog = FormDialog(
        over, title, form, _("&Write off"), _("The numbers stay taken; printing again gives new ones.")
    )
    run_dialog(
        desk,
        dialog,
        lambda typed, _version: (sheets_out.withdraw_sheets, ids, typed["why"] or "", typed["note"]),
        lambda count: desk.notify(
            numbered(count, N_("{n} sheet written off."), N_("{n} sheets written off."))
        ),
        # of several at once nothing is kept: the choice could not be opened again
        DialogDraft(f"{WITHDRAW}:{ids[0]}") if len(ids) == 1 else None,
    )
    return dialog
