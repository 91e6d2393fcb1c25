"""Printing the sheets of planned rounds: the rounds are chosen, previewed, and numbered when they are printed."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.inspections.controller.papers import CasesOf, PapersController
from fuyuan_desk.inspections.facts import RoundToPrint
from fuyuan_desk.inspections.rules.route import Route
from fuyuan_desk.inspections.service import batches
from fuyuan_desk.inspections.service.page_data import Sheets
from fuyuan_desk.inspections.view.batch import BatchDialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.split import Settings

_KEY = "sheets-of-rounds"


class BatchController(QObject):
    """Prints the sheets of rounds of some days; the chosen order of the buildings is remembered on this PC."""

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        progress: ProgressPanel,
        refused: Callable[[UserError], object],
        cases_of: CasesOf,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._refused = refused
        self._cases_of = cases_of
        self._settings = settings
        self._asked: tuple[date, date] | None = None
        self.papers = PapersController(desk, page, progress, refused, cases_of)
        self.dialog: BatchDialog | None = None

    def choose(self) -> None:
        """Open the dialog with the rounds of today."""
        today = self._desk.seat.today()
        kept = (self._settings.load(_KEY) or {}) if self._settings is not None else {}
        known = kept.get("route") in set(Route)
        self.dialog = BatchDialog(self._page, today, Route(kept["route"]) if known else Route.NUMBERS)
        self.dialog.days_changed.connect(self._read)
        self.dialog.print_requested.connect(self._preview)
        self.dialog.route.currentIndexChanged.connect(self._remember)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()
        self._read(today, today)

    def _read(self, first: date, last: date) -> None:
        dialog, asked = self.dialog, (first, last)
        assert dialog is not None
        self._asked = asked

        def read(seat: Seat) -> tuple[RoundToPrint, ...]:
            return batches.rounds_to_print(seat, first, last, self._cases_of(seat, None))

        def done(rounds: tuple[RoundToPrint, ...]) -> None:
            if self._asked == asked:  # else other days were chosen meanwhile
                dialog.show_rounds(rounds)

        self._desk.run(read, done=done, failed=dialog.refuse, owner=dialog)

    def _remember(self) -> None:
        if self._settings is not None and self.dialog is not None:
            self._settings.save(_KEY, {"route": str(self.dialog.route.currentData())})

    def _preview(self, ids: tuple[int, ...]) -> None:
        def read(seat: Seat) -> Sheets:
            return batches.round_previews(seat, ids, self._cases_of(seat, None))

        self._desk.run(read, done=self.papers.draw, failed=self._refused, owner=self._page)
