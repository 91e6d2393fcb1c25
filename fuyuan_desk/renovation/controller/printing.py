"""Printing of cases: registration forms and inspection sheets, created on a worker and previewed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.controller.issue import SheetsIssue, sheets_name
from fuyuan_desk.inspections.service.page_data import Sheets, blank_previews
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.renovation.service import sheet_data
from fuyuan_desk.renovation.sheets import RegistrationSheet
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.preview import Issue, PreviewDialog, open_preview
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.work import UiProgress


class Screen(Protocol):
    """The view that requested a paper; it shows progress and errors."""

    banner: Banner
    progress: ProgressPanel


@dataclass(frozen=True)
class Work:
    """How papers are read from the store, drawn and named, and made final when a preview of them is printed."""

    read: Callable[[Seat], Any]
    draw: Callable[..., Printed]
    name: Callable[[Any], str]
    issue: Callable[[Any], Issue] | None = None
    reveals: bool = False


class Papers:
    """Creates the papers of cases and previews them over `page`."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self._desk = desk
        self._page = page
        self.preview: PreviewDialog | None = None

    def registration_forms(self, screen: Screen, case_ids: Sequence[int], reveal: bool = False) -> None:
        """Preview the registration forms of cases; `reveal` prints phones unmasked (this is logged)."""

        def read(seat: Seat) -> tuple[tuple[RegistrationSheet, ...], str]:
            return sheet_data.registration_sheets(seat, case_ids, reveal), read_settings(seat).heading

        def draw(data: tuple[tuple[RegistrationSheet, ...], str], progress: UiProgress) -> Printed:
            from fuyuan_desk.renovation.sheets import registration_form

            sheets, name = data
            return registration_form(sheets, name, self._desk.seat.today(), reveal, progress)

        def name(data: tuple[tuple[RegistrationSheet, ...], str]) -> str:
            numbers = sorted(sheet.number for sheet in data[0])
            which = data[0][0].address if len(numbers) == 1 else numbers[-1]
            return joined_name(_("Registration form"), numbers[0], which)

        self._preview(screen, _("Registration form"), Work(read, draw, name, reveals=reveal), len(case_ids))

    def inspection_sheets(self, screen: Screen, case_ids: Sequence[int]) -> None:
        """Preview blank inspection sheets of cases."""

        def read(seat: Seat) -> Sheets:
            return blank_previews(seat, sheet_data.inspection_subjects(seat, case_ids))

        def draw(papers: Sheets, progress: UiProgress) -> Printed:
            from fuyuan_desk.inspections.sheets import inspection_sheets

            return inspection_sheets(papers.sheets, papers.office, papers.made, progress)

        def issue(papers: Sheets) -> Issue:
            return SheetsIssue(self._desk, papers, self._page)

        work = Work(read, draw, sheets_name, issue)
        self._preview(screen, _("Inspection sheet"), work, len(case_ids))

    def _preview(self, screen: Screen, title: str, work: Work, count: int) -> None:
        if not count:
            return
        progress = UiProgress()

        def drawn(data: Any, printed: Printed) -> None:
            screen.progress.finish()
            issue = work.issue(data) if work.issue is not None else None
            self.preview = open_preview(
                self._page, title, printed.pdf, name=work.name(data), issue=issue, reveals=work.reveals
            )

        def failed(refusal: UserError) -> None:
            screen.progress.finish()
            screen.banner.refuse(refusal)

        def stopped() -> None:
            screen.progress.finish()
            screen.banner.say("info", _("Nothing was printed."))

        def read_done(data: Any) -> None:
            job = self._desk.run_paper(
                work.draw, data, progress,
                done=lambda printed: drawn(data, printed), failed=failed, cancelled=stopped, progress=progress,
                owner=self._page,
            )  # fmt: skip
            title = numbered(count, N_("Creating {n} form"), N_("Creating {n} forms"))
            screen.progress.follow(title, progress, job.cancel)

        self._desk.run(work.read, done=read_done, failed=failed, owner=self._page)
