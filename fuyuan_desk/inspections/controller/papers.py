"""Controller of printing: reads the data of sheets, creates them on a worker and previews them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.controller.issue import SheetsIssue, sheets_name
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.visits import Checklist, SheetScope, SubjectKind
from fuyuan_desk.inspections.service import page_data
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.inspections.view.sheets import SheetsDialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.work import UiProgress

CasesOf = Callable[[Seat, Sequence[int] | None], tuple[Subject, ...]]
"""cases_of(seat, ids): renovations as subjects; None means all that are under way."""


Offered = dict[SubjectKind, tuple[Checklist, ...]]


def no_cases(seat: Seat, ids: Sequence[int] | None) -> tuple[Subject, ...]:
    """Return no renovations; the default where that job is absent."""
    return ()


def known_cases(seat: Seat, cases_of: CasesOf) -> tuple[Subject, ...] | None:
    """Return the renovations under way, None where no job knows of them."""
    return None if cases_of is no_cases else cases_of(seat, None)


class PapersController(QObject):
    """Prints blank sheets and those of logged visits."""

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        progress: ProgressPanel,
        refused: Callable[[UserError], object],
        cases_of: CasesOf,
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._progress = progress
        self._refused = refused
        self._cases_of = cases_of
        self.dialog: SheetsDialog | None = None
        self.preview: PreviewDialog | None = None

    def choose(self) -> None:
        """Open the dialog to choose the subjects of blank sheets."""

        def read(seat: Seat) -> tuple[tuple[Subject, ...], Offered]:
            subjects = (*estate_subjects(seat), *self._cases_of(seat, None))
            return subjects, page_data.offered_checklists(seat)

        self._desk.run(read, done=self._open_choice, failed=self._refused, owner=self._page)

    def print_estate(self, estate_id: int) -> None:
        """Preview a blank sheet for a round of one estate."""

        def read(seat: Seat) -> page_data.Sheets:
            return page_data.blank_previews(seat, estate_subjects(seat, [estate_id]))

        self._desk.run(read, done=self.draw, failed=self._refused, owner=self._page)

    def print_blank(
        self, subjects: Sequence[Subject], party: Party | None, scope: SheetScope, checklist: str = ""
    ) -> None:
        """Preview blank sheets, one for each case, and one or more for each estate."""
        self._desk.run(
            page_data.blank_previews, tuple(subjects), party, scope, checklist,
            done=self.draw, failed=self._refused, owner=self._page,
        )  # fmt: skip

    def print_visit(self, visit_id: int, case_id: int | None) -> None:
        """Preview the sheet of a logged visit; `case_id` is given if the subject is a renovation."""

        def read(seat: Seat) -> page_data.Sheets:
            subjects = self._cases_of(seat, [case_id]) if case_id is not None else ()
            return page_data.visit_previews(seat, [visit_id], subjects)

        self._desk.run(read, done=self.draw, failed=self._refused, owner=self._page)

    def _open_choice(self, read: tuple[tuple[Subject, ...], Offered]) -> None:
        subjects, checklists = read
        self.dialog = SheetsDialog(self._page, subjects, checklists)
        self.dialog.print_requested.connect(self.print_blank)
        self.dialog.show()

    def draw(self, sheets: page_data.Sheets) -> None:
        """Preview sheets that have no numbers yet; they get them when they are printed or saved."""
        progress = UiProgress()
        job = self._desk.run_paper(
            inspection_sheets, sheets.sheets, sheets.office, sheets.made, progress, sheets.hands_over,
            done=lambda printed: self._show(sheets, printed),
            failed=self._fail,
            cancelled=self._progress.finish,
            progress=progress,
            owner=self._page,
        )  # fmt: skip
        title = numbered(len(sheets.sheets), N_("Creating {n} sheet"), N_("Creating {n} sheets"))
        self._progress.follow(title, progress, job.cancel)

    def _show(self, sheets: page_data.Sheets, printed: Printed) -> None:
        self._progress.finish()
        first = sheets.sheets[0]
        title = first.subject if len(sheets.sheets) == 1 else _("{n} sheets").format(n=len(sheets.sheets))
        heading = _("Inspection sheet: {what}").format(what=title)
        self.preview = open_preview(
            self._page, heading, printed.pdf,
            name=sheets_name(sheets), issue=SheetsIssue(self._desk, sheets, self._page),
        )  # fmt: skip

    def _fail(self, refusal: UserError) -> None:
        self._progress.finish()
        self._refused(refusal)
