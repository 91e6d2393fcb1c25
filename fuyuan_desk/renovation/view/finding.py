"""What failed on the last visit to a case and is not put right yet: above the case, with a link to the visit."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.renovation.facts import OpenFinding
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import set_role

_ICON = 20


class FindingLine(QFrame):
    """An open finding: red while it is to be reported or late, else amber; hidden while there is none."""

    visit_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._visit_id = 0
        self._picture = Picture()
        self._text = label("", wrap=True, selectable=True)
        self.visit_button = button("", lambda: self.visit_requested.emit(self._visit_id), role="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self.visit_button)
        self.hide()

    def text(self) -> str:
        """Return the text shown, '' while hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_finding(self, finding: OpenFinding | None, today: date) -> None:
        """Show a finding as it stands today."""
        self.setVisible(finding is not None)
        if finding is None:
            return
        self._visit_id = finding.visit_id
        text = finding_text(finding, today)
        tone = "error" if is_pressing(finding, today) else "warn"
        self._text.setText(text)
        self._picture.show_icon("error" if tone == "error" else "warning", _ICON, tone)
        self.visit_button.setText(_("Open visit {number}").format(number=finding.number))
        set_role(self, f"banner_{tone}")
        self.setAccessibleName(text)


def is_pressing(finding: OpenFinding, today: date) -> bool:
    """Return whether a finding is a breach that dissuasion did not end, or its deadline is past."""
    return finding.report_by is not None or (finding.deadline is not None and finding.deadline < today)


def finding_text(finding: OpenFinding, today: date) -> str:
    """Say what failed, by when it is due, and what was reported."""
    sentence = numbered(
        finding.failures, N_("{n} item failed on {day}"), N_("{n} items failed on {day}"), day=finding.day
    )
    if finding.deadline is not None:
        sentence += _("; to be corrected by {day}").format(day=finding.deadline)
    parts = [sentence]
    due = finding.deadline
    if finding.reported_at is not None:
        text = _("Dissuasion failed; reported to {to} on {moment}, not put right yet")
        parts.append(text.format(to=finding.reported_to, moment=f"{finding.reported_at:%Y-%m-%d %H:%M}"))
    elif finding.report_by is not None:
        text = _("Dissuasion failed: report to owners' committee and authority by {until}")
        parts.append(text.format(until=f"{finding.report_by:%Y-%m-%d %H:%M}"))
        due = finding.report_by.date()
    if due is not None and due < today:
        late = N_("{n} day overdue"), N_("{n} days overdue")
        parts.append(numbered((today - due).days, *late))
    return " · ".join(parts)
