"""Recording that a visit whose dissuasion failed was reported (WY §59)."""

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.inspections.facts import Report, VisitDetail
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Conclusion, ReportFault
from fuyuan_desk.inspections.service.queries import detail, get_visit
from fuyuan_desk.kit.guards import refuse_wrong

_LONGEST = {"to": 200, "note": 1_000}
_FAULTS = {
    ReportFault.IN_FUTURE: N_("The report is in the future. Enter when it was made."),
    ReportFault.BEFORE_VISIT: N_("The report is before the visit. Enter a later time."),
    ReportFault.NO_RECEIVER: N_("Enter to whom it was reported."),
}


@permit(*WRITERS)
def record_report(seat: Seat, visit_id: int, report: Report) -> VisitDetail:
    """Record to whom and when a visit was reported; this ends its task, and its number or note is kept.

    A report can be corrected; what stood there before stays in the trail. Raises `Conflict` for a visit with another
    conclusion.
    """
    with seat.transaction() as session:
        visit = get_visit(session, visit_id)
        if visit.conclusion != Conclusion.REPORT:
            raise Conflict(_("This visit did not end with a report. Open the visit to see its conclusion."))
        faults = rules.report_faults(report.at, visit.at, seat.now(), report.to)
        wrong = {field: _(_FAULTS[fault]) for field, fault in faults.items()}
        for field, most in _LONGEST.items():
            if len(getattr(report, field)) > most:
                wrong[field] = _("This is longer than {n} characters. Shorten it.").format(n=most)
        refuse_wrong(wrong)
        visit.reported_at, visit.reported_to = report.at, report.to.strip()
        visit.report_note = report.note.strip()
        session.flush()
        return detail(session, visit, seat.today())
