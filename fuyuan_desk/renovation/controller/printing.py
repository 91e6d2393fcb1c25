"""The papers of cases: registration forms and inspection sheets, drawn beside the store and shown before printing."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.service.visits import blank_sheets
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service import office
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.renovation.service import sheet_data
from fuyuan_desk.renovation.sheets import RegistrationSheet
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.work import UiProgress


class Place(Protocol):
    """The screen a paper is asked for on: where its progress and its refusals are shown."""

    banner: Banner
    progress: ProgressPanel


class Papers:
    """Draws papers of cases and opens their preview over `page`."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self._desk = desk
        self._page = page
        self.preview: PreviewDialog | None = None

    def registration_forms(self, place: Place, case_ids: Sequence[int], reveal: bool = False) -> None:
        """Preview the registration forms of cases; `reveal` prints phones in full, which is logged."""

        def read(seat: Seat) -> tuple[tuple[RegistrationSheet, ...], str]:
            return sheet_data.registration_sheets(seat, case_ids, reveal), office.read_settings(seat).name

        def draw(told: tuple[tuple[RegistrationSheet, ...], str], progress: UiProgress) -> Printed:
            from fuyuan_desk.renovation.sheets import registration_form

            sheets, name = told
            return registration_form(sheets, name, self._desk.seat.today(), reveal, progress)

        self._make(place, _("Registration form"), read, draw, len(case_ids))

    def inspection_sheets(self, place: Place, case_ids: Sequence[int]) -> None:
        """Preview inspection sheets of cases, to be filled in on the spot."""

        def read(seat: Seat) -> tuple[tuple[Subject, ...], str]:
            return sheet_data.inspection_subjects(seat, case_ids), office.read_settings(seat).name

        def draw(told: tuple[tuple[Subject, ...], str], progress: UiProgress) -> Printed:
            from fuyuan_desk.inspections.sheets import inspection_sheets

            subjects, name = told
            return inspection_sheets(blank_sheets(subjects), name, self._desk.seat.today(), progress)

        self._make(place, _("Inspection sheet"), read, draw, len(case_ids))

    def _make(
        self, place: Place, title: str, read: Callable[[Seat], Any], draw: Callable[..., Printed], count: int
    ) -> None:
        if not count:
            return
        progress = UiProgress()

        def drawn(printed: Printed) -> None:
            place.progress.finish()
            self.preview = open_preview(self._page, title, printed.pdf)

        def failed(refusal: UserError) -> None:
            place.progress.finish()
            place.banner.refuse(refusal)

        def stopped() -> None:
            place.progress.finish()
            place.banner.say("info", _("Nothing was printed."))

        def told(answer: Any) -> None:
            job = self._desk.run_paper(
                draw, answer, progress,
                done=drawn, failed=failed, cancelled=stopped, progress=progress, owner=self._page,
            )  # fmt: skip
            place.progress.follow(_("Drawing {n} papers").format(n=f"{count:,}"), progress, job.cancel)

        self._desk.run(read, done=told, failed=failed, owner=self._page)
