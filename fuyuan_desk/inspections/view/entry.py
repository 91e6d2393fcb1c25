"""Logging a visit: what, when and who at the left, the checklist at the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules import Conclusion, Party, SubjectKind, label
from fuyuan_desk.inspections.view.checklist import ChecklistEditor
from fuyuan_desk.kit.form_pane import scrolled
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.fields import ChoiceEditor, Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.parsing import plain
from fuyuan_desk.widgets.photos import Photo, PhotoStrip

_HANDLINGS = (Conclusion.ON_THE_SPOT, Conclusion.DEADLINE, Conclusion.REPORT)
_LEFT = 372


@dataclass(frozen=True)
class Entry:
    """What was typed: day and time of the clock on the wall."""

    subject: Subject
    day: date
    time: time
    party: Party
    inspectors: str
    accompanying: str
    handling: Conclusion | None
    deadline: date | None
    remarks: str
    captions: dict[int, str] = field(default_factory=dict)


def subject_text(subject: Subject) -> str:
    """Name a subject in a choice."""
    return f"{subject.number} {subject.name}".strip()


def read_time(text: str) -> time:
    """Read 9:30, 0930, 9点30分 or 9; ValueError carries the sentence for the clerk."""
    raw = plain(text).replace("点", ":").replace("时", ":").replace("分", "").replace(".", ":").rstrip(":")
    if raw.isdigit() and len(raw) in (3, 4):
        raw = f"{raw[:-2]}:{raw[-2:]}"
    hour, _colon, minute = raw.partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ValueError(_("Type a time like 09:30.")) from None


class VisitForm(Form):
    """The fields beside the checklist; answers and photos count as typed into it.

    `restored` carries the photos, as keys and captions, that a draft brought back.
    """

    restored = Signal(list)

    def __init__(self, checklist: ChecklistEditor) -> None:
        self._checklist: ChecklistEditor | None = None
        self._photos: list[tuple[int, str]] = []
        self._subjects: dict[str, Subject] = {}
        super().__init__(
            [
                Field("kind", _("&Kind of visit"), "choice", required=True,
                      choices=[(kind.value, label(kind)) for kind in SubjectKind]),
                Field("party", _("Pa&rty"), "choice", required=True,
                      choices=[(party.value, label(party)) for party in Party]),
                Field("subject", _("&What is visited"), "choice", required=True, span=2),
                Field("day", _("&Day"), "date", required=True),
                Field("time", _("&Time"), required=True, placeholder="09:30"),
                Field("inspectors", _("&Inspectors"), "suggest", required=True, span=2,
                      placeholder=_("Names, as they sign")),
                Field("accompanying", _("Acc&ompanied by"), span=2),
                Field("handling", _("Dealt with &how"), "choice", span=2,
                      choices=[(member.value, label(member)) for member in _HANDLINGS]),
                Field("deadline", _("Mend &by"), "date", span=2,
                      hint=_("↑ ↓ change the day, Alt+↓ opens the calendar.")),
                Field("remarks", _("What was fou&nd and done"), "lines", rows=2, span=2),
            ],
            columns=2,
        )  # fmt: skip
        self._checklist = checklist
        self.mark_clean()  # answers and photos belong to what is unsaved from here on
        checklist.changed.connect(self._on_answers)
        self.changed.connect(self._fit)
        self._fit()

    # what is typed beside the fields belongs to the form's content

    def raw(self) -> dict[str, Any]:
        """Give fields, answers and photos as typed, JSON-able."""
        content = super().raw()
        if self._checklist is not None:
            content["answers"] = self._checklist.raw()
            content["photos"] = [list(photo) for photo in self._photos]
        return content

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Put back what `raw` gave; the subject first, since the checklist follows from it."""
        super().set_raw(raw)
        if self._checklist is not None:
            self._checklist.set_raw(raw.get("answers", {}))
            self._photos = [(int(key), str(caption)) for key, caption in raw.get("photos", [])]
            self.changed.emit()
            self.restored.emit(self._photos)

    def set_photos(self, photos: Sequence[tuple[int, str]]) -> None:
        """Say which photos (key, caption) belong to the visit now."""
        self._photos = list(photos)
        self.changed.emit()

    def captions(self) -> dict[int, str]:
        """Give the photos that belong to the visit, with their captions."""
        return dict(self._photos)

    # subjects

    def offer(self, subjects: Sequence[Subject]) -> None:
        """Offer what can be visited, keeping the present choice."""
        self._subjects = {f"{subject.kind}:{subject.id}": subject for subject in subjects}
        editor = self._subject_editor()
        chosen = editor.value()
        editor.set_choices([(key, subject_text(subject)) for key, subject in self._subjects.items()])
        editor.set_value(chosen)

    def offer_parties(self, parties: Sequence[Party]) -> None:
        """Offer the parties that the operator logs visits for."""
        editor = self.editor("party")
        assert isinstance(editor, ChoiceEditor)
        editor.set_choices([(party.value, label(party)) for party in parties])

    def subject(self) -> Subject | None:
        """Give what is chosen to be visited."""
        return self._subjects.get(self._subject_editor().value() or "")

    def kind(self) -> SubjectKind | None:
        """Give the chosen kind of visit."""
        value = self.editor("kind").value()
        return SubjectKind(value) if value else None

    def _subject_editor(self) -> ChoiceEditor:
        editor = self.editor("subject")
        assert isinstance(editor, ChoiceEditor)
        return editor

    def entry(self, values: Mapping[str, Any]) -> Entry:
        """Make what was typed of values that `read` found readable; ValueError when the time is not."""
        subject = self.subject()
        assert subject is not None
        return Entry(
            subject,
            values["day"],
            read_time(values["time"]),
            Party(values["party"]),
            values["inspectors"],
            values["accompanying"],
            Conclusion(values["handling"]) if values["handling"] else None,
            values["deadline"],
            values["remarks"],
            self.captions(),
        )

    def _on_answers(self) -> None:
        self.changed.emit()

    def _fit(self) -> None:
        has_failures = self._checklist is not None and self._checklist.failures > 0
        self.show_field("handling", has_failures)
        self.show_field(
            "deadline", has_failures and self.editor("handling").value() == Conclusion.DEADLINE.value
        )


class EntryView(QWidget):
    """Hear `submitted`, save, then call `saved()` or `refuse(error)`; `left` tells that the page may go.

    `subject_changed` when something else is chosen to be visited; photos are told as `PhotoStrip` does.
    """

    submitted = Signal(object)
    left = Signal()
    subject_changed = Signal()
    kind_changed = Signal()
    party_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.back = icon_button("back", _("Back to the log"), self.cancel, shortcut="Alt+Left")
        self._title = labels.label(_("Log a visit"), "title")
        self.save_button = button(_("&Save the visit"), self._submit, role="primary", picture="save")
        self.save_button.setToolTip("Ctrl+S")
        self.banner = Banner()
        self.checklist = ChecklistEditor()
        self.form = VisitForm(self.checklist)
        self.photos = PhotoStrip()
        self.photos_error = labels.label("", "error", wrap=True)
        self.photos_error.hide()
        self._chosen: tuple[Any, Any, Any] = (None, None, None)
        self._lay_out()
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        self.form.changed.connect(self._on_changed)
        self.checklist.finished.connect(self._after_checklist)
        for part in (self.checklist, self.photos):
            save = QShortcut(QKeySequence.StandardKey.Save, part)
            save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            save.activated.connect(self._submit)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self._title)
        head.addStretch(1)
        cancel = button(_("Cancel"), self.cancel)
        cancel.setToolTip("Esc")
        head.addWidget(cancel)
        head.addWidget(self.save_button)
        inner = QWidget()
        room = QVBoxLayout(inner)
        room.setContentsMargins(0, 0, 12, 0)
        room.setSpacing(12)
        room.addWidget(self.form)
        room.addWidget(labels.rule())
        room.addWidget(labels.label(_("Photos"), "strong"))
        room.addWidget(self.photos)
        room.addWidget(self.photos_error)
        room.addStretch(1)
        facts = labels.Card()
        facts.body.addWidget(scrolled(inner))
        facts.setFixedWidth(_LEFT + max(0, self.fontMetrics().height() - 20) * 14)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(facts)
        both.addWidget(self.checklist, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(both, 1)

    def open(self, values: Mapping[str, Any], subject: Subject | None = None) -> None:
        """Begin a visit; a given subject is chosen already and is what the list is for."""
        self.banner.clear()
        self.photos_error.hide()
        self.set_busy(False)
        chosen = f"{subject.kind}:{subject.id}" if subject is not None else None
        self.checklist.set_raw({})
        self.show_photos([])
        self.form.set_values({**values, "subject": chosen})
        if subject is not None:
            self._title.setText(_("Log a visit: {name}").format(name=subject_text(subject)))
        else:
            self._title.setText(_("Log a visit"))

    def focus_first(self) -> None:
        """Go where the first thing is to be done: the subject, the inspectors, or the checklist."""
        for name in ("subject", "inspectors"):
            if self.form.editor(name).is_empty():
                self.form.editor(name).inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.checklist.focus_first()

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Show the photos that are kept with this visit; their keys are numbers."""
        self.photos.set_photos(list(photos))
        self.show_photo_count()

    def show_photo_count(self) -> None:
        """Count what the strip shows as typed."""
        self.photos_error.hide()
        self.form.set_photos([(int(photo.key), photo.caption) for photo in self.photos.photos()])

    def refuse_photo(self, error: UserError) -> None:
        """Say below the photos why one was not taken."""
        self.photos_error.setText(error.message)
        self.photos_error.show()

    def cancel(self) -> None:
        """Leave, after asking once if something typed would be lost."""
        self.form.leave(self.left.emit)

    def saved(self) -> None:
        """What was typed is kept."""
        self.set_busy(False)
        self.form.mark_clean()

    def refuse(self, error: UserError) -> None:
        """Show a refusal beside the fields and items it names, or above the page."""
        self.set_busy(False)
        fields = {{"at": "day"}.get(name, name): text for name, text in error.fields.items()}
        in_form = self.form.show_errors(fields)
        in_list = self.checklist.show_errors(fields)
        if not in_form and not in_list:
            self.banner.refuse(error)

    def set_busy(self, on: bool) -> None:
        """While a save is on its way nothing can be sent twice."""
        self.form.set_busy(on)
        self.save_button.setDisabled(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return
        super().keyPressEvent(event)

    def _submit(self) -> None:
        self.form.submit()

    def _on_submitted(self, values: dict[str, Any]) -> None:
        self.show_photo_count()
        try:
            entry = self.form.entry(values)
        except ValueError as reason:
            self.form.show_errors({"time": str(reason)})
            return
        self.set_busy(True)
        self.banner.clear()
        self.submitted.emit(entry)

    def _on_changed(self) -> None:
        now = tuple(self.form.editor(name).value() for name in ("kind", "subject", "party"))
        before, self._chosen = self._chosen, now
        for place, signal in enumerate((self.kind_changed, self.subject_changed, self.party_changed)):
            if now[place] != before[place]:
                signal.emit()

    def _after_checklist(self) -> None:
        for name in ("handling", "deadline"):
            editor = self.form.editor(name)
            if editor.isVisible() and editor.is_empty():
                editor.inner()[0].setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.save_button.setFocus(Qt.FocusReason.TabFocusReason)
