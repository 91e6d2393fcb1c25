"""Controller of the month book: reads the figures of the chosen period, prints and exports them."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name, safe_name, with_ending
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.course_dialog import run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.reports.facts import BookFigures, MonthBook, NotDone, NotDoneChoices, NotDoneOf, Period
from fuyuan_desk.reports.rules import charts, periods, summary, tables
from fuyuan_desk.reports.service.books import book_for_print, figures_for_export, read_figures
from fuyuan_desk.reports.service.not_done import not_done_choices, not_done_for_print
from fuyuan_desk.reports.view import MonthBookView, not_done_dialog
from fuyuan_desk.reports.workbook import write_figures
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview

_YEARS = 10
_TABLES = frozenset(
    {"visit", "visit_result", "planned_round", "round_plan", "work_order", "order_step", "estate"}
)


class MonthBookController(QObject):
    """Shows the month before this one first: a month book is made once its month is over.

    `left`: back to the page of inspections, or to where it was opened.
    """

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.preview: PreviewDialog | None = None
        self.dialog: ExportDialog | None = None
        self.not_done: FormDialog | None = None
        self.page = MonthBookView()
        today = desk.seat.today()
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
        self.page.offer_periods(range(today.year, today.year - _YEARS, -1), month)
        self.page.years.setCurrentText(str(year))
        self.page.export_button.setVisible(desk.may(figures_for_export))
        self.page.period_changed.connect(self.reload)
        self.page.print_requested.connect(self._print)
        self.page.export_requested.connect(self._ask_order)
        self.page.not_done_requested.connect(self._choose_not_done)
        self.page.back_requested.connect(self.left)
        desk.changes.connect(self._on_changes)
        self._read_estates()
        self.reload()

    def reload(self) -> None:
        """Read the figures of the chosen period anew."""
        period = self._period

        def done(figures: BookFigures) -> None:
            if period == self._period:
                self.page.banner.clear()
                self.page.show_figures(
                    periods.as_of(figures),
                    summary.summary(figures),
                    charts.charts(figures),
                    tables.tables(figures),
                )

        def failed(refusal: UserError) -> None:
            if period == self._period:
                self.page.show_figures("", (), (), ())
                self.page.banner.refuse(refusal)

        self._desk.run(read_figures, period, done=done, failed=failed, owner=self.page)

    @property
    def _period(self) -> Period:
        return Period(*self.page.period)

    def _read_estates(self) -> None:
        def done(options: tuple[Option, ...]) -> None:
            self.page.offer_estates([(option.id, option.text) for option in options])

        self._desk.run(estates.estate_options, done=done, owner=self.page)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if "estate" in tables:
            self._read_estates()
        if tables & _TABLES and self.page.isVisible():
            self.reload()

    def _print(self) -> None:
        def draw(book: MonthBook) -> None:
            self._desk.run_paper(_draw, book, done=show, failed=self.page.banner.refuse, owner=self.page)

        def show(printed: Printed) -> None:
            self.preview = open_preview(self.page, _("Month book"), printed.pdf, name=self._name())

        self._desk.run(
            book_for_print, self._period, done=draw, failed=self.page.banner.refuse, owner=self.page
        )

    def _choose_not_done(self) -> None:
        """Ask whose list of what is not done is to be printed; the estate is that of the page."""
        chosen = self._period.estate_id

        def ask(choices: NotDoneChoices) -> None:
            dialog = self.not_done = not_done_dialog(self.page, choices)
            dialog.form.set_values({"day": self._desk.seat.today(), "estate_id": chosen})
            run_dialog(
                self._desk,
                dialog,
                lambda typed, _version: (not_done_for_print, NotDoneOf(**typed)),
                self._show_not_done,
                None,
            )

        self._desk.run(not_done_choices, done=ask, failed=self.page.banner.refuse, owner=self.page)

    def _show_not_done(self, found: NotDone) -> None:
        def show(printed: Printed) -> None:
            name = joined_name(_("Not done"), found.estate or found.organisation or found.person)
            self.preview = open_preview(self.page, _("Not done"), printed.pdf, name=name)

        self._desk.run_paper(
            _draw_not_done, found, done=show, failed=self.page.banner.refuse, owner=self.page
        )

    def _name(self) -> str:
        return joined_name(_("Month book"), periods.period_name(self._period))

    def _ask_order(self) -> None:
        dialog = self.dialog = ExportDialog(self.page, self._name(), may_unmask=False)
        dialog.ordered.connect(self._export)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open_with({"purpose": "", "receiver": ""})

    def _export(self, values: dict[str, Any]) -> None:
        chosen = choose_target(
            self.page,
            Purpose.EXPORT,
            _("Save the month book as"),
            safe_name(self._name(), ".xlsx"),
            _("Excel workbook (*.xlsx)"),
        )
        if chosen is None:
            return
        path = with_ending(chosen, ".xlsx")

        def write(export: Export[BookFigures]) -> None:
            self._desk.run_paper(
                write_figures, path, export.rows[0], export.stamp.lines(),
                done=lambda _nothing: self._desk.notify(_("Saved as {file}.").format(file=path.name)),
                failed=self.page.banner.refuse, owner=self.page,
            )  # fmt: skip

        self._desk.run(
            figures_for_export, ExportOrder(**values), self._period,
            done=write, failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip


def _draw(book: MonthBook) -> Printed:
    from fuyuan_desk.reports.sheets import month_book

    return month_book(book)


def _draw_not_done(found: NotDone) -> Printed:
    from fuyuan_desk.reports.sheets import not_done_sheet

    return not_done_sheet(found)
