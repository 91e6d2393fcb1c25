"""Correcting what was entered of a visit, over its page."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.controller.papers import CasesOf
from fuyuan_desk.inspections.facts import Correction, ToCorrect, VisitDetail
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.corrections import correct_visit, visit_to_correct
from fuyuan_desk.inspections.view.correction import CorrectionDialog
from fuyuan_desk.inspections.view.entry import moment_of
from fuyuan_desk.kit.course_dialog import DialogDraft, Typed, run_dialog
from fuyuan_desk.kit.desk import Desk

DRAFTS = "visit_correction"
"""The keys of drafts of this dialog begin with this."""


def ask_correction(
    desk: Desk,
    over: QWidget,
    visit_id: int,
    cases_of: CasesOf,
    done: Callable[[VisitDetail], object],
    refused: Callable[[UserError], object],
) -> None:
    """Show what was entered of a visit beside what is typed now, and correct it; `done` takes the visit then."""

    def read(seat: Seat) -> ToCorrect:
        found = visit_to_correct(seat, visit_id)
        is_case = found.visit.kind is SubjectKind.RENOVATION
        cases = cases_of(seat, [found.visit.subject_id]) if is_case else ()
        return replace(found, earliest=next((one.earliest for one in cases), None))

    def correct(seat: Seat, made: Correction, typed: Typed) -> VisitDetail:
        return correct_visit(seat, replace(made, at=moment_of(typed)))

    def ask(found: ToCorrect) -> None:
        dialog = CorrectionDialog(over, found)

        def corrected(visit: VisitDetail) -> None:
            text = _("Visit {number} is corrected: {how}")
            desk.notify(text.format(number=visit.number, how=visit.correction))
            done(visit)

        run_dialog(
            desk,
            dialog,
            lambda typed, version: (
                correct,
                dialog.correction(typed, int(version or found.version)),
                typed,
            ),
            corrected,
            DialogDraft(f"{DRAFTS}:{visit_id}", found.version),
        )
        dialog.checklist.focus_first()

    if desk.may(correct_visit):
        desk.run(read, done=ask, failed=refused, owner=over)
