"""The form of a report: when, to whom, under which number."""

from datetime import datetime
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Report
from fuyuan_desk.inspections.view.entry import read_time
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form

_SHOWN_AS = {"at": "day"}
"""Fields of a report that stand in another field of the form."""


class ReportForm(Form):
    """The form of a report; the moment is entered as a day and a time, both local."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            [
                Field("day", _("&Day"), "date", required=True),
                Field("time", _("&Time"), required=True, placeholder="09:30"),
                Field("to", _("Reported t&o"), required=True, span=2,
                      placeholder=_("Owners' committee, housing office, law enforcement"),
                      hint=_("Both must be told (WY §59): the owners' committee and the authority in charge.")),
                Field("note", _("&Number or note"), "lines", rows=2, span=2),
            ],
            columns=2,
        )  # fmt: skip
        at = report.at.astimezone()
        values = {"day": at.date(), "time": f"{at:%H:%M}", "to": report.to, "note": report.note}
        self.set_values(values)

    def show_errors(self, errors: Any) -> bool:
        """Show errors of a report beside the fields of the form."""
        return super().show_errors({_SHOWN_AS.get(field, field): text for field, text in errors.items()})


def read_report(typed: dict[str, Any]) -> Report:
    """Build the report from the values of its form; raise ValueError if the time is invalid."""
    at = datetime.combine(typed["day"], read_time(typed["time"])).astimezone()
    return Report(at, typed["to"] or "", typed["note"] or "")
