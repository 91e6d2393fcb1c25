"""The page to log a visit: the form on the left, the checklist on the right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _, language
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.printed import whole_number
from fuyuan_desk.inspections.rules.visits import Checklist, Conclusion, SubjectKind, label
from fuyuan_desk.inspections.view.checklist import ChecklistEditor
from fuyuan_desk.kit.book import choices_of
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.fields import ChoiceEditor, Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.parsing import plain
from fuyuan_desk.widgets.photos import Photo, PhotoStrip
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

HANDLINGS = (Conclusion.ON_THE_SPOT, Conclusion.DEADLINE, Conclusion.REPORT)
"""How what failed can be handled."""
_LEAST_LEFT, _MOST_LEFT, _LEAST_RIGHT = 320, 560, 360  # pixels at normal text size


@dataclass(frozen=True)
class Entry:
    """The input of a visit; day and time are local."""

    subject: Subject
    day: date
    time: time
    party: Party
    inspectors: str
    accompanying: str
    handling: Conclusion | None
    deadline: date | None
    remarks: str
    sheet: str = ""


def subject_text(subject: Subject) -> str:
    """Return the text of a subject in a list of choices."""
    return f"{subject.number} {subject.name}".strip()


def read_time(text: str) -> time:
    """Parse 9:30, 0930, 9点30分 or 9; raise ValueError with a message for the clerk."""
    raw = plain(text).replace("点", ":").replace("时", ":").replace("分", "").replace(".", ":").rstrip(":")
    if raw.isdigit() and len(raw) in (3, 4):
        raw = f"{raw[:-2]}:{raw[-2:]}"
    hour, _colon, minute = raw.partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ValueError(_("Enter a time such as 09:30.")) from None


def moment_of(typed: Mapping[str, Any]) -> datetime:
    """Return the local moment whose day and time were typed; raise `InvalidInput` for what is no time."""
    try:
        return datetime.combine(typed["day"], read_time(typed["time"])).astimezone()
    except ValueError as wrong:
        raise InvalidInput(str(wrong), {"time": str(wrong)}) from None


class VisitForm(Form):
    """The form beside the checklist; answers, photos and the planned round are part of its input.

    `round_id` is the round that the visit is logged for, None for the one that fits. `restored` carries the photos of a
    restored draft, as keys and captions.
    """

    restored = Signal(list)

    def __init__(self, checklist: ChecklistEditor) -> None:
        self._checklist: ChecklistEditor | None = None
        self._photos: list[tuple[int, str]] = []
        self.round_id: int | None = None
        self._subjects: dict[str, Subject] = {}
        self._checklists: list[tuple[str, str]] = []
        self._deadline_rule: Callable[[date], date | None] = lambda _day: None
        self._deadline_doubt: Callable[[date], str] = lambda _day: ""
        self._proposed, self._is_asked = "", False
        super().__init__(
            [
                Field("kind", _("&Kind of visit"), "choice", required=True,
                      choices=[(kind.value, label(kind)) for kind in SubjectKind]),
                Field("party", _("Pa&rty"), "choice", required=True,
                      choices=choices_of(Party)),
                Field("subject", _("Sub&ject"), "choice", required=True, span=2),
                Field("checklist", _("Check&list"), "choice", span=2),
                Field("day", _("&Day"), "date", required=True),
                Field("time", _("&Time"), required=True, placeholder="09:30"),
                Field("inspectors", _("&Inspectors"), "suggest", required=True, span=2,
                      placeholder=_("Names, as signed")),
                Field("accompanying", _("Acc&ompanied by"), span=2),
                Field("handling", _("&Handling"), "choice", span=2,
                      choices=[(member.value, label(member)) for member in HANDLINGS]),
                Field("deadline", _("Correct &by"), "date", span=2,
                      hint=_("↑ ↓ change the day, Alt+↓ opens the calendar.")),
                Field("remarks", _("Fi&ndings and actions"), "lines", rows=2, span=2),
                Field("sheet", _("Sheet n&umber"), span=2, placeholder=_("XCB-2026-000123, of the paper filled in")),
            ],
            columns=2,
        )  # fmt: skip
        self._checklist = checklist
        self.mark_clean()  # from here on answers and photos count as unsaved changes
        checklist.changed.connect(self._on_answers)
        self.changed.connect(self._update_fields)
        self._update_fields()

    # input beside the fields

    def raw(self) -> dict[str, Any]:
        """Return fields, answers and photos as typed, JSON-serializable."""
        content = super().raw()
        if self._checklist is not None:
            content["answers"] = self._checklist.raw()
            content["seen"] = self._checklist.seen
            content["photos"] = [list(photo) for photo in self._photos]
            content["round"] = self.round_id
        return content

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Restore the result of `raw`; fields first, since the subject determines the checklist."""
        self.round_id = raw.get("round")
        super().set_raw(raw)
        if self._checklist is not None:
            self._checklist.set_raw(raw.get("answers", {}), [str(key) for key in raw.get("seen", [])])
            self._photos = [(int(key), str(caption)) for key, caption in raw.get("photos", [])]
            self.changed.emit()
            self.restored.emit(self._photos)

    def set_photos(self, photos: Sequence[tuple[int, str]]) -> None:
        """Set the photos (key, caption) of the visit."""
        self._photos = list(photos)
        self.changed.emit()

    def captions(self) -> dict[int, str]:
        """Return the captions of the visit's photos by key."""
        return dict(self._photos)

    # subjects

    def offer(self, subjects: Sequence[Subject]) -> None:
        """Set the subjects to choose from, keeping the current choice."""
        self._subjects = {f"{subject.kind}:{subject.id}": subject for subject in subjects}
        editor = self._subject_editor()
        chosen = editor.value()
        editor.set_choices([(key, subject_text(subject)) for key, subject in self._subjects.items()])
        editor.set_value(chosen)

    def offer_parties(self, parties: Sequence[Party]) -> None:
        """Set the parties to choose from."""
        editor = self.editor("party")
        assert isinstance(editor, ChoiceEditor)
        editor.set_choices([(party.value, party.label) for party in parties])

    def subject(self) -> Subject | None:
        """Return the chosen subject."""
        return self._subjects.get(self._subject_editor().value() or "")

    def sheet(self) -> str:
        """Return the number of a printed sheet once it is typed in full, '' before."""
        return whole_number(str(self.editor("sheet").raw() or ""))

    def day(self) -> date | None:
        """Return the day of the visit, None while it cannot be read."""
        found = self.readable_values()["day"]
        return found if isinstance(found, date) else None

    def offer_checklists(self, offered: Sequence[Checklist]) -> None:
        """Offer the checklists to choose from; nothing is asked if there is no choice."""
        editor = self.editor("checklist")
        assert isinstance(editor, ChoiceEditor)
        chinese = language().startswith("zh")
        choices = [(checklist.key, checklist.title(chinese)) for checklist in offered]
        if choices != self._checklists:
            self._checklists = choices
            chosen = editor.value()
            editor.set_choices(choices)
            editor.set_value(chosen if chosen in dict(choices) else next(iter(dict(choices)), None))
        self.show_field("checklist", len(choices) > 1)

    def checklist_key(self) -> str:
        """Return the key of the chosen checklist, '' for none."""
        return self.editor("checklist").value() or ""

    def kind(self) -> SubjectKind | None:
        """Return the chosen kind of visit."""
        value = self.editor("kind").value()
        return SubjectKind(value) if value else None

    def _subject_editor(self) -> ChoiceEditor:
        editor = self.editor("subject")
        assert isinstance(editor, ChoiceEditor)
        return editor

    def entry(self, values: Mapping[str, Any]) -> Entry:
        """Build the entry from valid field values; raise ValueError if the time is invalid."""
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
            values["sheet"],
        )

    def propose_deadline(
        self, rule: Callable[[date], date | None], text: str, doubt: Callable[[date], str]
    ) -> None:
        """Propose a deadline: `rule` returns it by the day of the visit, `text` is the hint beside it.

        It is entered when the field appears empty, and follows the day of the visit until the clerk changes it.
        `doubt` returns what to consider about a day that is typed.
        """
        self._deadline_rule, self._deadline_doubt = rule, doubt
        self._proposed, self._is_asked = "", False
        self.show_hint("deadline", text)
        self._propose()

    def _propose(self) -> None:
        was_asked, self._is_asked = self._is_asked, self._asks_deadline()
        typed = str(self.editor("deadline").raw() or "")
        if not self._is_asked or typed != (self._proposed if was_asked else ""):
            return
        try:
            visited = self.editor("day").value()
        except ValueError:
            return
        proposed = self._deadline_rule(visited) if visited is not None else None
        if proposed is not None and proposed.isoformat() != typed:
            self._proposed = proposed.isoformat()
            self.set_value("deadline", proposed)

    def _doubt_deadline(self) -> None:
        try:
            typed = self.editor("deadline").value()
        except ValueError:
            typed = None
        self.show_doubt("deadline", "" if typed is None else self._deadline_doubt(typed))

    def _asks_deadline(self) -> bool:
        has_failures = self._checklist is not None and self._checklist.failures > 0
        return has_failures and self.editor("handling").value() == Conclusion.DEADLINE.value

    def _on_answers(self) -> None:
        self.changed.emit()

    def _update_fields(self) -> None:
        has_failures = self._checklist is not None and self._checklist.failures > 0
        self.show_field("handling", has_failures)
        self.show_field("deadline", self._asks_deadline())
        self._propose()
        self._doubt_deadline()


class EntryView(QWidget):
    """The page to log a visit; on `submitted`, save, then call `saved()` or `refuse(error)`.

    `left`: the page may be closed; `subject_changed`: another subject or sheet was chosen; for photos see
    `PhotoStrip`.
    """

    submitted = Signal(object)
    left = Signal()
    subject_changed = Signal()
    kind_changed = Signal()
    party_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.back = icon_button("back", _("Back to the log"), self.cancel)
        self._title = labels.OneLine(_("Log a visit"), "title")
        self.save_button = button(_("&Save the visit"), self._submit, role="primary", picture="save")
        self.save_button.setToolTip("Ctrl+S")
        self.banner = Banner()
        self.version_note = Banner()
        self.place_note = Banner()
        self.checklist = ChecklistEditor()
        self.form = VisitForm(self.checklist)
        self.photos = PhotoStrip(can_place=True)
        self.photos_error = labels.label("", "error", wrap=True)
        self.photos_error.hide()
        self._chosen: tuple[Any, ...] = (None,) * 6
        self._lay_out()
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        self.form.changed.connect(self._on_changed)
        self.form.asking.connect(self.checklist.setDisabled)
        self.form.asking.connect(self.photos.setDisabled)
        self.checklist.finished.connect(self._after_checklist)
        self.form.save_key.setParent(self)  # on the buttons beside the fields, too

    def _lay_out(self) -> None:
        cancel = button(_("Cancel"), self.cancel)
        cancel.setToolTip("Esc")
        head = labels.head_line((self.back, self._title), (cancel, self.save_button))
        inner = QWidget()
        left_column = QVBoxLayout(inner)
        left_column.setContentsMargins(0, 0, 12, 0)
        left_column.setSpacing(12)
        left_column.addWidget(self.form)
        left_column.addWidget(labels.rule())
        left_column.addWidget(labels.label(_("Photos"), "strong"))
        left_column.addWidget(self.photos)
        left_column.addWidget(self.photos_error)
        left_column.addStretch(1)
        facts = labels.Card()
        facts.body.addWidget(scrolled(inner))
        facts.setMinimumWidth(_LEAST_LEFT * text_px() // TEXT_PX)
        facts.setMaximumWidth(_MOST_LEFT * text_px() // TEXT_PX)
        self.checklist.setMinimumWidth(_LEAST_RIGHT * text_px() // TEXT_PX)
        self.panes = Panes([(_("The visit"), facts), (_("Checklist"), self.checklist)], (2, 3))
        column = page_column(self)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.version_note)
        column.addWidget(self.place_note)
        column.addWidget(self.panes, 1)

    def open(
        self, values: Mapping[str, Any], subject: Subject | None = None, round_id: int | None = None
    ) -> None:
        """Reset the page for a new visit, with `subject` chosen if given, for a planned round if given."""
        self.form.round_id = round_id
        self.banner.clear()
        self.photos_error.hide()
        self.set_busy(False)
        chosen = f"{subject.kind}:{subject.id}" if subject is not None else None
        self.checklist.set_raw({})
        self.show_photos([])
        self.form.set_values({**values, "subject": chosen})

    def show_visited(self, subject: Subject | None, place: str) -> None:
        """Show in the title what is visited; `place` is a building or gate, '' if all of the subject is."""
        if subject is None:
            self._title.setText(_("Log a visit"))
            return
        name = " ".join(filter(None, (subject_text(subject), place)))
        self._title.setText(_("Log a visit: {name}").format(name=name))

    def tell_version(self, printed: Checklist | None) -> None:
        """Say that a sheet is entered with the version it was printed with, as another one counts now."""
        if printed is None:
            self.version_note.clear()
            return
        text = _(
            "This sheet was printed with version {version} of “{name}”. It is entered with that version."
        )
        name = printed.title(language().startswith("zh"))
        self.version_note.say("info", text.format(version=printed.version, name=name))

    def tell_of_place(self, text: str) -> None:
        """Say what another job knows of the place that is visited, '' for nothing."""
        if text:
            self.place_note.say("info", text)
        else:
            self.place_note.clear()

    def focus_first(self) -> None:
        """Focus the first thing to fill in: the subject, the inspectors, or the checklist."""
        for name in ("subject", "inspectors"):
            if self.form.editor(name).is_empty():
                self.panes.bring(self.form)
                self.form.editor(name).inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.panes.bring(self.checklist)
        self.checklist.focus_first()

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Show the photos of this visit; their keys are numeric strings."""
        self.photos.set_photos(list(photos))
        self.sync_photos()

    def sync_photos(self) -> None:
        """Copy the photos of the strip to the form's input."""
        self.photos_error.hide()
        self.form.set_photos([(int(photo.key), photo.caption) for photo in self.photos.photos()])

    def refuse_photo(self, error: UserError) -> None:
        """Show below the photos why one was refused."""
        self.photos_error.setText(error.message)
        self.photos_error.show()

    def cancel(self) -> None:
        """Leave the page, asking first if there are unsaved changes."""
        self.form.leave(self.left.emit)

    def saved(self) -> None:
        """Mark the input as saved."""
        self.set_busy(False)
        self.form.mark_clean()

    def refuse(self, error: UserError) -> None:
        """Show an error beside the fields and items it names, or above the page."""
        self.set_busy(False)
        fields = {{"at": "day"}.get(name, name): text for name, text in error.fields.items()}
        in_form = self.form.show_errors(fields)
        in_list = self.checklist.show_errors(fields)
        if in_form or in_list:
            self.panes.bring(self.form if in_form else self.checklist)
        if not in_form and not in_list:
            self.banner.refuse(error)

    def set_busy(self, on: bool) -> None:
        """Disable the form while a save is running."""
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
        self.sync_photos()
        try:
            entry = self.form.entry(values)
        except ValueError as reason:
            self.form.show_errors({"time": str(reason)})
            return
        self.set_busy(True)
        self.banner.clear()
        self.submitted.emit(entry)

    def _on_changed(self) -> None:
        form = self.form
        now = (
            *(form.editor(name).value() for name in ("kind", "subject", "party", "checklist")),
            form.sheet(),
            form.day(),
        )
        before, self._chosen = self._chosen, now
        again = self.subject_changed
        signals = (self.kind_changed, again, self.party_changed, again, again, again)
        for index, signal in enumerate(signals):
            if now[index] != before[index]:
                signal.emit()

    def _after_checklist(self) -> None:
        for name in ("handling", "deadline", "time"):
            editor = self.form.editor(name)
            if editor.isVisibleTo(self.form) and editor.is_empty():
                self.panes.bring(self.form)
                editor.inner()[0].setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.save_button.setFocus(Qt.FocusReason.TabFocusReason)
