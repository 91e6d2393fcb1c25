"""The page of calls and their tab in an estate, the page of those who are due, and the month sheets."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.calls.book import call_book, due_book
from fuyuan_desk.calls.facts import CallFields, DueFields, MonthOrder, NewCall, SheetRow
from fuyuan_desk.calls.kinds import CALL
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls, due, month, residents
from fuyuan_desk.calls.service.of_households import latest_calls
from fuyuan_desk.calls.view import month_dialog
from fuyuan_desk.calls.workbook import write_months
from fuyuan_desk.core.files import joined_name, safe_name, with_ending
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.controller.card_parts import CardPart
from fuyuan_desk.estates.facts.cards import CardWords
from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.kit.book import Known, Line, Option
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.fields import Picked
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings

_PEOPLE = frozenset({"estate", "building", "unit", "household", "person"})

USES = Uses(
    calls.find_calls,
    calls.read_call,
    calls.save_call,
    remove=calls.remove_call,
    change_many=calls.change_calls,
    history=calls.call_history,
    export=calls.calls_for_export,
    paper=calls.calls_for_print,
    options={"estate_id": estates.estate_options, "staff": residents.staff_options},
    finders={"resident": residents.find_residents},
    tables=_PEOPLE,
)
DUE_USES = ListUses(
    due.find_due,
    due.due_for_export,
    {"estate_id": estates.estate_options, "tag_id": due.rhythm_options},
    _PEOPLE | {"tag", "person_tag"},
    paper=due.due_for_print,
)


def calls_page(
    desk: Desk,
    settings: Settings | None,
    *,
    in_estate: bool = False,
    show_due: Callable[[], object] | None = None,
) -> BookPage[CallFields]:
    """Return the page of all calls, or of those in one estate; `show_due` opens the list of those who are due."""
    tools = [button(_("Who is due …"), show_due)]
    if desk.may(month.month_for_export):
        tools.append(button(_("&Month sheets …"), lambda: MonthSheets(desk, page.view)))

    def defaults() -> dict[str, Any]:
        return {"called_on": desk.seat.today(), "staff": desk.seat.operator.name}

    page = BookPage(
        desk, call_book(), CallFields, USES, settings,
        in_estate=in_estate, tools=() if in_estate else tools, defaults=defaults,
    )  # fmt: skip
    return page


def card_part(
    open_call: Callable[[int], object],
    show_all: Callable[[str], object],
    record: Callable[[int], object],
) -> CardPart:
    """Return the part with the last calls for the card of a household."""
    words = CardWords(
        title=_("Calls"),
        nothing=_("No call on this household is recorded."),
        all=_("All calls on this home …"),
        add=_("Record a call …"),
        open=_("Call of {day}"),
    )
    return CardPart(
        words,
        latest_calls,
        frozenset({CALL.table}),
        open_call,
        show_all,
        record,
        may_add=lambda desk: desk.may(calls.save_call),
    )


def record_call(desk: Desk, page: BookPage[CallFields], household_id: int, person_id: int = HOLDER) -> None:
    """Open the form of a new call on somebody."""

    def done(new: NewCall) -> None:
        page.new_record(new.estate_id, {"resident": Picked(new.key, new.text)})

    desk.run(
        residents.new_call, household_id, person_id,
        done=done, failed=page.view.banner.refuse, owner=page.view,
    )  # fmt: skip


class DueController(QObject):
    """The page of those who are to be called on; `call_requested` carries household and person, 0 for nobody."""

    call_requested = Signal(int, int)

    def __init__(self, desk: Desk, settings: Settings | None) -> None:
        super().__init__()
        self._desk = desk
        self._list: ListPage[DueFields] = ListPage(
            desk, due_book(desk.seat.today()), DUE_USES, settings, "due-calls",
            can_add=lambda desk: desk.may(calls.save_call), title=_("Calls that are due"),
        )  # fmt: skip
        self.view = self._list.view
        self.page: QWidget = self.view
        self.view.table.opened.connect(self._request)
        self.view.new_requested.connect(lambda: self._request(self.view.table.current_row()))

    @property
    def preview(self) -> Any:
        """The preview of the printed list, once it was opened."""
        return self._list.preview

    def show_tag(self, tag_id: int) -> None:
        """List those with a tag."""

        def done(options: tuple[Option, ...]) -> None:
            table = self.view.table
            table.clear_filters()
            self.view.banner.clear()
            if tag_id not in {option.id for option in options}:
                self.view.banner.say(
                    "warn", _("This tag says no longer how often to call, or nobody has it.")
                )
                return
            table.facets.set_choices("tag_id", [(option.id, option.text) for option in options])
            table.facets.choose("tag_id", tag_id)

        self._desk.run(due.rhythm_options, done=done, owner=self.view)

    def _request(self, line: Line[DueFields] | None) -> None:
        if not self._desk.may(calls.save_call):
            return
        called = None if line is None else Called.of(line.fields.resident)
        if called is None:
            self.call_requested.emit(0, HOLDER)
        else:
            self.call_requested.emit(called.household_id, called.person_id)


class MonthSheets(QObject):
    """Asks for months and an order, writes the workbook, and offers to mark its calls as entered."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self.dialog = month_dialog(page, desk.seat.today())
        self.dialog.form.submitted.connect(self._submit)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()
        self.dialog.form.focus_first()

    def _submit(self, values: dict[str, Any]) -> None:
        months = MonthOrder(values["year"], values["month"], values["only_open"])
        order = ExportOrder(values["purpose"], values["receiver"], values["unmasked"])
        name = joined_name(
            _("Calls on residents"), "-".join(map(str, filter(None, (months.year, months.month))))
        )
        chosen = choose_target(
            self._page,
            Purpose.EXPORT,
            _("Save the list as"),
            safe_name(name, ".xlsx"),
            _("Excel workbook (*.xlsx)"),
        )
        if chosen is None:
            return
        path = with_ending(chosen, ".xlsx")

        def write(export: Export[SheetRow]) -> None:
            self._desk.run_paper(
                write_months, path, export.rows, export.stamp.lines(), months,
                done=lambda _nothing: self._written(path.name, export), failed=self.dialog.refuse, owner=self,
            )  # fmt: skip

        self._desk.run(
            month.month_for_export, order, months, done=write, failed=self.dialog.refuse, owner=self
        )

    def _written(self, name: str, export: Export[SheetRow]) -> None:
        self.dialog.done_saving()
        self._desk.notify(_("Saved as {file}.").format(file=name))
        known = [Known(row.id, row.version) for row in export.rows if not row.is_entered]
        if not known or not self._desk.may(calls.change_calls):
            return
        confirm(
            self._page,
            numbered(
                len(known),
                N_("Mark {n} call as entered in 社区云?"),
                N_("Mark {n} calls as entered in 社区云?"),
            ),
            _("They then no longer stand in the sheet of what is not entered yet."),
            _("&Mark as entered"),
            lambda: self._mark(known),
        )

    def _mark(self, known: list[Known]) -> None:
        def done(count: int) -> None:
            self._desk.notify(numbered(count, N_("{n} record was changed."), N_("{n} records were changed.")))

        self._desk.run(
            calls.change_calls, known, {"entered_on": self._desk.seat.today()}, done=done, owner=self._page
        )
