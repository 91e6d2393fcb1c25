"""Correcting the results of a visit, over its page."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import ToCorrect, VisitDetail
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.view.correction import CorrectionDialog
from fuyuan_desk.kit.course_dialog import DialogDraft, run_dialog
from fuyuan_desk.kit.desk import Desk

DRAFTS = "visit_correction"
"""The keys of drafts of this dialog begin with this."""


def ask_correction(
    desk: Desk,
    over: QWidget,
    visit_id: int,
    done: Callable[[VisitDetail], object],
    refused: Callable[[UserError], object],
) -> None:
    """Show what was entered of a visit beside what is typed now, and correct it; `done` takes the visit then."""

    def ask(found: ToCorrect) -> None:
        dialog = CorrectionDialog(over, found)

        def corrected(visit: VisitDetail) -> None:
            desk.notify(_("Visit {number} is corrected.").format(number=visit.number))
            done(visit)

        run_dialog(
            desk,
            dialog,
            lambda typed, version: (correct_visit, dialog.correction(typed, int(version or found.version))),
            corrected,
            DialogDraft(f"{DRAFTS}:{visit_id}", found.version),
        )
        dialog.checklist.focus_first()

    if desk.may(correct_visit):
        desk.run(visit_to_correct, visit_id, done=ask, failed=refused, owner=over)
