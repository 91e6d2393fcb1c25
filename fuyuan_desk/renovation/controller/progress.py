"""The course of a case: its start, its end, and opening it again; each asked in a small form or done at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.cases import CaseStatus, Outcome, label
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form


class Course:
    """Brings cases on over `page`; `changed` is told of each that went on, `refused` of what was not."""

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        changed: Callable[[CaseDetail], object],
        refused: Callable[[UserError], object],
    ) -> None:
        self._desk = desk
        self._page = page
        self._changed = changed
        self._refused = refused

    def ask_start(self, case: CaseDetail) -> None:
        """Ask on which day the work starts."""
        form = Form([Field("started_on", _("The work starts o&n"), "date", required=True)])
        form.set_values({"started_on": self._desk.seat.today()})
        title = _("Start the work of {number}?").format(number=case.number)
        dialog = FormDialog(self._page, title, form, _("&Start"), case.house.address)
        self._open(
            dialog, lambda typed: (cases.start_work, case.id, typed["started_on"]),
            _("{number} is under way."),
        )  # fmt: skip

    def ask_close(self, case: CaseDetail) -> None:
        """Ask how a case ended; what is still open stands above the form."""
        is_started = case.status is CaseStatus.UNDER_WAY
        outcomes = [outcome for outcome in Outcome if is_started or outcome is not Outcome.COMPLETED]
        form = Form(
            [
                Field("outcome", _("&How it ended"), "choice", required=True,
                      choices=[(outcome.value, label(outcome)) for outcome in outcomes]),
                Field("closed_on", _("&Day"), "date", required=True),
                Field("note", _("&Note"), "lines", span=2,
                      hint=_("Needed when something is still open, or when work that began was given up.")),
            ],
            columns=2,
        )  # fmt: skip
        form.set_values({"outcome": outcomes[0].value, "closed_on": self._desk.seat.today()})
        told = _("A closed case stays as it is: to change it, a second person must agree.")
        hint = "\n".join((case.house.address, *(f"• {sentence}" for sentence in case.unfinished), told))
        title = _("Close {number}?").format(number=case.number)
        dialog = FormDialog(self._page, title, form, _("Cl&ose the case"), hint)
        self._open(
            dialog,
            lambda typed: (
                cases.close_case, case.id, Outcome(typed["outcome"]), typed["closed_on"], typed["note"]
            ),
            _("{number} is closed."),
        )  # fmt: skip

    def reopen(self, case: CaseDetail) -> None:
        """Open a closed case again; the second person who must agree is asked for on the way."""

        def done(opened: CaseDetail) -> None:
            self._desk.notify(_("{number} is open again.").format(number=opened.number))
            self._changed(opened)

        self._desk.run(cases.reopen_case, case.id, done=done, failed=self._refused, owner=self._page)

    def _open(
        self, dialog: FormDialog, use_of: Callable[[dict[str, Any]], tuple[Any, ...]], words: str
    ) -> None:
        def done(case: CaseDetail) -> None:
            dialog.done_saving()
            self._desk.notify(words.format(number=case.number))
            self._changed(case)

        def submit(typed: dict[str, Any]) -> None:
            dialog.form.set_busy(True)
            use, *args = use_of(typed)
            self._desk.run(use, *args, done=done, failed=dialog.refuse, owner=dialog)

        dialog.form.submitted.connect(submit)
        dialog.open()
        dialog.form.focus_first()
