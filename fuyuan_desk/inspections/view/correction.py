"""The dialog in which a visit is compared with the paper, and corrected with the reason."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Correction, ToCorrect
from fuyuan_desk.inspections.rules.visits import Conclusion, label
from fuyuan_desk.inspections.view.checklist import ChecklistEditor
from fuyuan_desk.inspections.view.entry import HANDLINGS
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_WIDTH, _LIST = 860, 300  # pixels; the list at normal text size


class CorrectionForm(Form):
    """The fields below the results, which are part of its input."""

    def __init__(self, checklist: ChecklistEditor) -> None:
        self._checklist: ChecklistEditor | None = None  # while the fields are made
        super().__init__(
            [
                Field("day", _("&Day"), "date", required=True),
                Field("time", _("&Time"), required=True, placeholder="09:30"),
                Field("inspectors", _("&Inspectors"), required=True),
                Field("accompanying", _("Acc&ompanied by")),
                Field("handling", _("&Handling"), "choice",
                      choices=[(member.value, label(member)) for member in HANDLINGS]),
                Field("deadline", _("Correct &by"), "date"),
                Field("remarks", _("Fi&ndings and actions"), "lines", rows=2, span=2),
                Field("reason", _("&Reason"), "lines", required=True, rows=2, span=2,
                      hint=_("Such as: read wrongly from the paper. It stays with the visit.")),
            ],
            columns=2,
        )  # fmt: skip
        self._checklist = checklist
        checklist.changed.connect(self._on_answers)

    def raw(self) -> dict[str, Any]:
        """Return fields and answers as typed, JSON-serializable."""
        answers = {} if self._checklist is None else {"answers": self._checklist.raw()}
        return {**super().raw(), **answers}

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Restore the result of `raw`."""
        super().set_raw(raw)
        if self._checklist is not None:
            self._checklist.set_raw(raw.get("answers", {}))

    def _on_answers(self) -> None:
        assert self._checklist is not None
        for name in ("handling", "deadline"):
            self.show_field(name, self._checklist.failures > 0)
        self.changed.emit()


class CorrectionDialog(FormDialog):
    """Shows what was entered, item by item; what differs from it says below the item what stood there."""

    def __init__(self, parent: QWidget | None, found: ToCorrect) -> None:
        self.checklist = ChecklistEditor()
        self._found = found
        form = CorrectionForm(self.checklist)
        title = _("Correct visit {number}").format(number=found.visit.number)
        hint = _("Compare with the paper, item by item. What was entered first stays in the audit log.")
        super().__init__(parent, title, form, _("Sa&ve the correction"), hint, width=_WIDTH)
        self.checklist.setFixedHeight(_LIST * text_px() // TEXT_PX)
        self.content.insertWidget(self.content.indexOf(form), self.checklist)
        self.checklist.show_checklist(found.checklist, {})
        self.checklist.set_raw(
            {one.item: [one.result.value, one.remark, one.value, one.photos] for one in found.findings}
        )
        self.checklist.compare_with(found.findings)
        self.checklist.finished.connect(
            lambda: form.editor("reason").inner()[0].setFocus(Qt.FocusReason.TabFocusReason)
        )
        conclusion = found.visit.conclusion
        handling = conclusion.value if conclusion in HANDLINGS else None
        at = found.visit.at.astimezone()
        form.set_values(
            {
                "day": at.date(),
                "time": f"{at:%H:%M}",
                "inspectors": found.visit.inspectors,
                "accompanying": found.visit.accompanying,
                "handling": handling,
                "deadline": found.visit.deadline,
                "remarks": found.visit.remarks,
                "reason": "",
            }
        )
        form.mark_clean()

    def correction(self, typed: Mapping[str, Any], version: int) -> Correction:
        """Return what was typed but its time; `version` is that of the record on which it is based."""
        handling = Conclusion(typed["handling"]) if typed["handling"] else None
        return Correction(
            self._found.visit.id, version, self.checklist.findings(), handling, typed["deadline"],
            typed["remarks"], typed["reason"], None, typed["inspectors"], typed["accompanying"],
            self._found.earliest,
        )  # fmt: skip

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields and items that it names, or above the form."""
        self.form.set_busy(False)
        fields = {{"at": "day"}.get(name, name): text for name, text in error.fields.items()}
        if not self.checklist.show_errors(fields) or self.form.show_errors(fields):
            super().refuse(InvalidInput(error.message, fields) if fields else error)
