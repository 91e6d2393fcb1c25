"""The acts of a case that ask for something in a dialog: start, close, undo the start, reopen."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Offer
from fuyuan_desk.kit.course_dialog import DialogDraft, Typed, run_dialog, undo_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus, Outcome
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

DRAFTS = "renovation_"
"""The keys of drafts of these dialogs begin with this and the name of the act."""


class CaseActs:
    """Changes the state of cases over `page`, asking in a dialog; calls `changed` with the new case."""

    def __init__(self, desk: Desk, page: QWidget, changed: Callable[[CaseDetail], object]) -> None:
        self._desk = desk
        self._page = page
        self._changed = changed

    def ask_start(self, case: CaseDetail) -> None:
        """Ask for the day on which the work starts."""
        form = Form([Field("started_on", _("The work starts o&n"), "date", required=True)])
        form.set_values({"started_on": self._desk.seat.today()})
        title = _("Start the work of {number}?").format(number=case.number)
        dialog = FormDialog(self._page, title, form, _("&Start"), case.house.address)
        self._open_dialog(
            dialog, case, "start", lambda typed: (cases.start_work, case.id, typed["started_on"]),
            _("{number} is under way."),
        )  # fmt: skip

    def ask_close(self, case: CaseDetail) -> None:
        """Ask for the outcome of a case, listing above the form what is unfinished."""
        has_started = case.status is CaseStatus.UNDER_WAY
        outcomes = [outcome for outcome in Outcome if has_started or outcome is not Outcome.COMPLETED]
        form = Form(
            [
                Field("outcome", _("Ou&tcome"), "choice", required=True,
                      choices=[(outcome.value, course.label(outcome)) for outcome in outcomes]),
                Field("closed_on", _("&Day"), "date", required=True),
                Field("note", _("&Note"), "lines", span=2,
                      hint=_("Required when something is still open, or when work that had started was abandoned.")),
            ],
            columns=2,
        )  # fmt: skip
        form.set_values({"outcome": outcomes[0].value, "closed_on": self._desk.seat.today()})
        notice = _("A closed case is locked: to change it, a second person must agree.")
        hint = "\n".join(
            (case.house.address, *(f"• {line}" for line in self._offer(case, "close").warnings), notice)
        )
        title = _("Close {number}?").format(number=case.number)
        dialog = FormDialog(self._page, title, form, _("Cl&ose the case"), hint)
        self._open_dialog(
            dialog,
            case,
            "close",
            lambda typed: (
                cases.close_case, case.id, Outcome(typed["outcome"]), typed["closed_on"], typed["note"]
            ),
            _("{number} is closed."),
        )  # fmt: skip

    def ask_undo_start(self, case: CaseDetail) -> None:
        """Ask why the start of a case is undone."""
        title = _("Undo the start of {number}?").format(number=case.number)
        self._ask_why(case, "undo_start", title, cases.undo_start, _("The start of {number} was undone."))

    def ask_reopen(self, case: CaseDetail) -> None:
        """Ask why a closed case is reopened; the desk then asks for the second person who must agree."""
        title = _("Reopen {number}?").format(number=case.number)
        self._ask_why(case, "reopen", title, cases.reopen_case, _("{number} was reopened."))

    def _ask_why(
        self, case: CaseDetail, act: str, title: str, service: Callable[..., CaseDetail], message: str
    ) -> None:
        dialog = undo_dialog(self._page, title, self._offer(case, act), case.house.address)
        self._open_dialog(dialog, case, act, lambda typed: (service, case.id, typed["reason"]), message)

    def _offer(self, case: CaseDetail, act: str) -> Offer:
        seat = self._desk.seat
        offers = COURSE.offered(case.course, seat.operator.role, seat.today())
        return next(offer for offer in offers if offer.name == act)

    def _open_dialog(
        self,
        dialog: FormDialog,
        case: CaseDetail,
        act: str,
        call_of: Callable[[Typed], tuple[Any, ...]],
        message: str,
    ) -> None:
        def done(changed: CaseDetail) -> None:
            self._desk.notify(message.format(number=changed.number))
            self._changed(changed)

        draft = DialogDraft(f"{DRAFTS}{act}:{case.id}", case.version)
        run_dialog(self._desk, dialog, lambda typed, _version: call_of(typed), done, draft)
