"""The list of rounds: the page of all, and a tab of an estate; a round is logged, shown or left out from there."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.book import round_book, round_name
from fuyuan_desk.inspections.controller.batches import BatchController
from fuyuan_desk.inspections.controller.papers import CasesOf, known_cases, no_cases
from fuyuan_desk.inspections.controller.scan import follow_scans
from fuyuan_desk.inspections.facts import RoundFields, Subject
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.service import round_plans, rounds
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.course_dialog import DialogDraft, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.kit.list_screen import ListScreen
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.split import Settings

SKIP = "round_skip"
"""The keys of drafts of the dialog that leaves a round out begin with this."""
USES = ListUses(
    rounds.list_rounds,
    rounds.rounds_for_export,
    {"estate_id": estates.estate_options, "plan_id": round_plans.plan_options},
    frozenset({"planned_round", "round_plan", "visit", "estate"}),
    # who goes does not leave the office when the clerk hid it
    export_hidden=False,
    paper=rounds.rounds_for_print,
)


class RoundActs:
    """What is done with the chosen round of a list: log it, or leave it out."""

    def __init__(self, desk: Desk, log: Callable[[int], object]) -> None:
        self._desk = desk
        self._log = log
        self._screen: ListScreen | None = None
        self.skip_button: QPushButton = button(_("Leave o&ut …"), self._skip_chosen)
        self.skip_button.setEnabled(False)
        self.unskip_button: QPushButton = button(_("Take &back"), self._unskip_chosen)
        self.unskip_button.setToolTip(_("Plan the round again that was left out"))
        self.unskip_button.hide()

    def attach(self, screen: ListScreen, empty: Callable[[], object]) -> None:
        """Act on the chosen row of a list; `empty` is called for a round to log where there is none."""
        self._screen = screen
        screen.table.selected.connect(self._on_chosen)
        screen.opened.connect(self._log)
        screen.new_requested.connect(lambda: self._log_chosen(empty))
        self.skip_button.setVisible(self._desk.may(rounds.skip_round))

    @property
    def _chosen(self) -> Line[RoundFields] | None:
        assert self._screen is not None
        return self._screen.table.current_row()

    def _on_chosen(self, line: Line[RoundFields] | None) -> None:
        self.skip_button.setEnabled(line is not None and line.fields.outcome == Outcome.OPEN)
        is_skipped = line is not None and line.fields.outcome == Outcome.SKIPPED
        may = self._desk.may(rounds.skip_round)
        self.skip_button.setVisible(may and not is_skipped)
        self.unskip_button.setVisible(may and is_skipped)

    def _log_chosen(self, empty: Callable[[], object]) -> None:
        assert self._screen is not None
        line = self._chosen
        if line is not None:
            self._log(line.id)
        elif self._screen.table.model.total:
            self._screen.banner.say("info", _("Choose the round in the list first."))
        elif self._desk.may(round_plans.find_plans):
            empty()
        else:
            self._screen.banner.say("info", _("No round is planned. The residents' committee plans them."))

    def _skip_chosen(self) -> None:
        line = self._chosen
        if line is not None:
            ask_to_skip(self._desk, self._screen, line)

    def _unskip_chosen(self) -> None:
        line, screen = self._chosen, self._screen
        if line is None or screen is None:
            return
        self._desk.run(
            rounds.unskip_round,
            line.id,
            done=lambda _standing: self._desk.notify(_("The round is planned again.")),
            failed=screen.banner.refuse,
            owner=screen,
        )


def ask_to_skip(desk: Desk, over: QWidget | None, line: Line[RoundFields]) -> FormDialog:
    """Ask why a round is left out, telling that one is missed already, and leave it out."""
    round_id, name = line.id, round_name(line.fields)
    hint = _("Such as a typhoon, or a site that is closed.")
    if line.fields.latest_on < desk.seat.today():
        hint = _(
            "Its last day has passed: it stays missed in the figures, which say that it was left out afterwards."
        )
    field = Field("reason", _("&Reason"), "lines", required=True, hint=hint)
    dialog = FormDialog(over, _("Leave out: {name}").format(name=name), Form([field]), _("&Leave it out"))
    run_dialog(
        desk,
        dialog,
        lambda typed, _version: (rounds.skip_round, round_id, typed["reason"]),
        lambda _standing: desk.notify(_("The round is left out.")),
        DialogDraft(f"{SKIP}:{round_id}"),
    )
    return dialog


class RoundsController(QObject):
    """The page of all rounds; what is to be planned is planned when it is shown.

    `log_requested` carries the round that is to be logged or whose visit is to be shown, `sheet_opened` a printed sheet
    that was scanned; `plans_requested` leads to the plans, `sheets_requested` to the sheets that are out.
    """

    log_requested = Signal(int)
    sheet_opened = Signal(int)
    plans_requested = Signal()
    sheets_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._cases_of: CasesOf = no_cases
        self._planned_on: date | None = None
        self._acts = RoundActs(desk, self.log_requested.emit)
        self.skip_button, self.unskip_button = self._acts.skip_button, self._acts.unskip_button
        self.plans_button = button(_("&Plans …"), self.plans_requested.emit, picture="settings")
        self.print_button = button(_("Print &sheets …"), self._print_sheets, picture="print")
        self.out_button = button(_("Sheets &out …"), self.sheets_requested.emit, picture="list")
        self.list = ListPage(
            desk, round_book(), USES, settings, "rounds",
            can_add=lambda desk: desk.can_visit, title=_("Rounds"),
            acts=(
                self.plans_button, self.skip_button, self.unskip_button,
                self.out_button, self.print_button,
            ),
        )  # fmt: skip
        self.view = self.list.view
        self.page = Pages()
        self.page.addWidget(self.view)
        self.page.set_first_focus(self.view, self.view.table.filter)
        self.plans_button.setVisible(desk.may(round_plans.find_plans))
        self._acts.attach(self.view, self.plans_requested.emit)
        self.view.shown.connect(self.plan)
        follow_scans(desk, self.view, self.sheet_opened.emit)
        self.batches = BatchController(
            desk,
            self.page,
            self.view.progress,
            self._refuse,
            self._list_cases,
            settings,
        )

    def use_cases(self, cases_of: CasesOf) -> None:
        """Plan the rounds of renovations, too: `cases_of(seat, None)` are those under way."""
        self._cases_of = cases_of

    def plan(self) -> None:
        """Plan rounds ahead, once a day and if the operator may."""

        def plan(seat: Seat) -> int:
            return plan_rounds(seat, known_cases(seat, self._cases_of))

        today = self._desk.seat.today()
        if self._desk.may(plan_rounds) and self._planned_on != today:
            self._planned_on = today
            self._desk.run(plan, failed=self._refuse, owner=self.page)

    def _list_cases(self, seat: Seat, ids: Sequence[int] | None) -> tuple[Subject, ...]:
        return self._cases_of(seat, ids)

    def _print_sheets(self) -> None:
        self.batches.choose()

    def show_list(self) -> None:
        """Show the list as it is filtered."""
        self.view.table.table.setFocus()

    def show_plan(self, plan_id: int) -> None:
        """List the rounds of a plan; what is due comes first."""
        self.list.show_of("plan_id", plan_id)

    def open_round(self, round_id: int) -> None:
        """Log a round, or show its visit."""
        self.log_requested.emit(round_id)

    def reopen(self, key: str) -> None:
        """Open the dialog of the draft `key` again."""
        round_id = int(key.partition(":")[2])

        def ask(found: Any) -> None:
            for line in found.rows:
                ask_to_skip(self._desk, self.view, line)

        query = BookQuery(facets={"id": round_id})
        self._desk.run(rounds.list_rounds, query, 0, 1, done=ask, failed=self._refuse, owner=self.page)

    def _refuse(self, refusal: UserError) -> None:
        self.view.banner.refuse(refusal)


class RoundsSection(QObject):
    """The rounds of one estate, as a tab; `log_requested` as above."""

    log_requested = Signal(int)
    plans_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        acts = RoundActs(desk, self.log_requested.emit)
        self._list = ListPage(
            desk, round_book(), USES, settings, "rounds-of",
            can_add=lambda desk: desk.can_visit, without="estate_id", acts=(acts.skip_button, acts.unskip_button),
        )  # fmt: skip
        self._acts = acts
        self.view = self._list.view
        self.page: QWidget = self.view
        acts.attach(self.view, self.plans_requested.emit)

    def show_estate(self, estate_id: int) -> None:
        """List the rounds of an estate."""
        self._list.show_within({"estate_id": estate_id})
