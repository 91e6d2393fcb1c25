"""The dialog that records a report, over the page of a visit or of what was visited."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Report, VisitDetail
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.reports import record_report
from fuyuan_desk.inspections.view.report import ReportForm, read_report
from fuyuan_desk.kit.course_dialog import DialogDraft, keep_draft
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog

DRAFTS = "visit_report"
"""The keys of drafts of this dialog begin with this."""


def ask_report(desk: Desk, over: QWidget, visit_id: int, done: Callable[[VisitDetail], object]) -> None:
    """Ask when and to whom a visit was reported, and record it; `done` takes the visit as it is then."""
    if not desk.can_write:
        return

    def ask(visit: VisitDetail) -> None:
        _open(desk, over, visit, done)

    desk.run(visit_detail, visit_id, done=ask, owner=over)


def _open(desk: Desk, over: QWidget, visit: VisitDetail, done: Callable[[VisitDetail], object]) -> None:
    form = ReportForm(visit.report or Report(desk.seat.now(), ""))
    title = _("{number} was reported").format(number=visit.number)
    hint = visit.subject
    if visit.report_by is not None:
        text = _("To be reported by {until}.")
        hint += "\n" + text.format(until=f"{visit.report_by.astimezone():%Y-%m-%d %H:%M}")
    dialog = FormDialog(over, title, form, _("&Record the report"), hint)

    def recorded(changed: VisitDetail) -> None:
        dialog.done_saving()
        desk.notify(_("The report of {number} is recorded.").format(number=visit.number))
        done(changed)

    def failed(refusal: UserError) -> None:
        form.set_busy(False)
        dialog.refuse(refusal)

    def submit(typed: dict[str, object]) -> None:
        try:
            report = read_report(typed)
        except ValueError as reason:
            form.show_errors({"time": str(reason)})
            return
        form.set_busy(True)
        desk.run(record_report, visit.id, report, done=recorded, failed=failed, owner=dialog)

    form.submitted.connect(submit)
    keep_draft(desk, dialog, DialogDraft(f"{DRAFTS}:{visit.id}", "" if visit.report is None else "recorded"))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    form.editor("to").inner()[0].setFocus()
