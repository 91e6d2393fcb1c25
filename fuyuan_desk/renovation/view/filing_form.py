"""The filing form: its fields, and the home, works and documents chosen beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.view.fields import choices
from fuyuan_desk.formats.id_numbers import IdKind, credit_code_doubt, id_kind_label, parse_typed_id_number
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.renovation.rules.works import Answer, ScopeItem
from fuyuan_desk.widgets.fields import Field, Section
from fuyuan_desk.widgets.form import Form


def _default_hours_text() -> str:
    return _("Noisy work is limited to the hours set by law and by the estate.")


def filing_fields() -> list[Field | Section]:
    """Return the fields of the form."""
    return [
        Section(_("Applicant")),
        Field("applicant", _("&Applicant"), required=True),
        Field("role", _("Relation to the &home"), "choice", choices=choices(HoldingRole), required=True),
        Field("applicant_phone", _("&Telephone"), required=True, check=phone_fault),
        Field("applicant_id_kind", _("Ty&pe of ID document"), "choice", choices=choices(IdKind, id_kind_label),
              placeholder=_("Detected from the number")),
        Field("applicant_id_number", _("ID numbe&r"), span=2, sensitive=True),
        Section(_("Period"), _default_hours_text()),
        Field("starts_on", _("&Begins"), "date", required=True),
        Field("ends_on", _("&Ends"), "date", required=True),
        Section(_("Contractor"), _("Leave empty if the resident does the work; some works need a qualified firm.")),
        Field("contractor", _("&Contractor"), "suggest", span=2),
        Field("contractor_code", _("Cre&dit code (18 characters)"), span=2),
        Field("contractor_lead", _("Person in char&ge")),
        Field("contractor_phone", _("S&ite telephone"), check=phone_fault),
        Section(_("Other")),
        Field("remarks", _("Re&marks"), "lines", span=2, rows=2, sensitive=True),
    ]  # fmt: skip


class FilingForm(Form):
    """A `Form` whose input includes, beside its fields, `home` {id, address}, `works` and `received`.

    They are kept in drafts and count as unsaved changes. `restored` is emitted when a draft restored them.
    """

    restored = Signal()
    # defaults, because Form.__init__ already calls `raw`
    _home: Mapping[str, Any] = {}
    _works: tuple[Mapping[str, Any], ...] = ()
    _received: tuple[str, ...] = ()
    _before_all: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def __init__(self) -> None:
        super().__init__(filing_fields(), columns=2)
        self._hours = next(
            text_label
            for text_label in self.findChildren(QLabel)
            if text_label.text() == _default_hours_text()
        )
        self.changed.connect(self._check_numbers)

    # --- input beside the fields

    @property
    def home_id(self) -> int | None:
        """The key of the home, None while none was chosen."""
        return self._home.get("id")

    @property
    def scope(self) -> tuple[ScopeItem, ...]:
        """The works with their answers, in the order they were chosen."""
        return tuple(
            ScopeItem(
                work["work"],
                {key: Answer(answer) for key, answer in work["answers"].items()},
                work.get("note", ""),
            )
            for work in self._works
        )

    @property
    def works(self) -> tuple[str, ...]:
        """The keys of the works."""
        return tuple(work["work"] for work in self._works)

    @property
    def received(self) -> tuple[str, ...]:
        """The documents that were handed in."""
        return self._received

    @property
    def is_being_left(self) -> bool:
        """Whether the save was started by leaving the page."""
        return self._after is not None

    def begin(
        self,
        values: Mapping[str, Any],
        home: Mapping[str, Any] | None = None,
        scope: tuple[ScopeItem, ...] = (),
        received: tuple[str, ...] = (),
    ) -> None:
        """Replace all input and mark it as saved."""
        self._home = dict(home or {})
        self._works = tuple(
            {"work": item.work, "answers": {k: a.value for k, a in item.answers.items()}, "note": item.note}
            for item in scope
        )
        self._received = tuple(received)
        self._before_all = None
        self.set_values(values)

    def set_home(self, home: Mapping[str, Any]) -> None:
        """Set the home."""
        self._home = dict(home)
        self.changed.emit()

    def preset(self, name: str, value: Any) -> None:
        """Set the default of a field without marking the form as changed."""
        was_clean = not self.is_dirty
        self.set_value(name, value)
        if was_clean:
            self._baseline = self.raw()

    def toggle_work(self, key: str, on: bool) -> None:
        """Add or remove a work."""
        others = tuple(work for work in self._works if work["work"] != key)
        self._works = (*others, {"work": key, "answers": {}, "note": ""}) if on else others
        self.changed.emit()

    def answer(self, key: str, question: str, answer: str) -> None:
        """Set the answer to a question about a work."""
        self._works = tuple(
            {**work, "answers": {**work["answers"], question: answer}} if work["work"] == key else work
            for work in self._works
        )
        self.changed.emit()

    def tick(self, document: str, on: bool) -> None:
        """Set whether a document was handed in."""
        others = tuple(name for name in self._received if name != document)
        self._received = (*others, document) if on else others
        self.changed.emit()

    def receive_all(self, documents: Sequence[str]) -> None:
        """Set that all these documents were handed in, until `undo_receive_all`."""
        before = self._received
        self._received = tuple(dict.fromkeys((*before, *documents)))
        self._before_all = (before, self._received)
        self.changed.emit()

    @property
    def can_undo_receive_all(self) -> bool:
        """Whether nothing was ticked since all documents were received at once."""
        return self._before_all is not None and self._before_all[1] == self._received

    def undo_receive_all(self) -> None:
        """Restore the ticks from before `receive_all`."""
        if self._before_all is not None:
            self._received, self._before_all = self._before_all[0], None
            self.changed.emit()

    # --- overrides

    def raw(self) -> dict[str, Any]:
        return {
            **super().raw(),
            "home": dict(self._home),
            "works": [{**work, "answers": dict(work["answers"])} for work in self._works],
            "received": sorted(self._received),
        }

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        fields = {name: value for name, value in raw.items() if name not in ("home", "works", "received")}
        self._home = dict(raw.get("home") or {})
        self._works = tuple(raw.get("works") or ())
        self._received = tuple(raw.get("received") or ())
        super().set_raw(fields)
        self.restored.emit()
        self.changed.emit()

    def show_hours(self, text: str) -> None:
        """Show the permitted hours of noisy work below the period."""
        self._hours.setText(text or _default_hours_text())

    def _check_numbers(self) -> None:
        typed = str(self.editor("contractor_code").raw() or "")
        self.show_doubt("contractor_code", credit_code_doubt(typed) if typed.strip() else "")
        kind = str(self.editor("applicant_id_kind").value() or "")
        id_number = parse_typed_id_number(kind, str(self.editor("applicant_id_number").raw() or ""))
        self.show_doubt("applicant_id_number", id_number.doubt if id_number is not None else "")
