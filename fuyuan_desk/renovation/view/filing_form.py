"""The form of a filing: what is typed, and beside it the home, the works and the papers chosen on the page."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.checks import parse_typed_id_number
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.view.fields import choices
from fuyuan_desk.formats.id_numbers import IdKind, parse_id_number
from fuyuan_desk.renovation.rules.cases import Answer, ScopeItem
from fuyuan_desk.widgets.fields import Field, Section
from fuyuan_desk.widgets.form import Form


def _hours_of_the_law() -> str:
    return _("Noisy work keeps to the hours of the law and of the estate.")


def filing_fields() -> list[Field | Section]:
    """Give the fields of the form."""
    return [
        Section(_("Applicant")),
        Field("applicant", _("&Applicant"), required=True),
        Field("role", _("Is to the &home"), "choice", choices=choices(HoldingRole), required=True),
        Field("applicant_phone", _("&Telephone"), required=True),
        Field("applicant_id_kind", _("&Paper"), "choice", choices=choices(IdKind),
              placeholder=_("Told by its number")),
        Field("applicant_id_number", _("Number of the pape&r"), span=2, sensitive=True),
        Section(_("Period"), _hours_of_the_law()),
        Field("starts_on", _("&Begins"), "date", required=True),
        Field("ends_on", _("&Ends"), "date", required=True),
        Section(_("Contractor"), _("Leave it empty if the resident does it; some works need a qualified firm.")),
        Field("contractor", _("&Contractor"), span=2),
        Field("contractor_code", _("Credit code (18 si&gns)"), span=2),
        Field("contractor_lead", _("Person in char&ge")),
        Field("contractor_phone", _("Telephone o&f the site")),
        Section(_("Other")),
        Field("remarks", _("Re&marks"), "lines", span=2, rows=2, sensitive=True),
    ]  # fmt: skip


class FilingForm(Form):
    """A `Form` whose input is more than its fields: `home` {id, address}, `works`, `received`.

    They are kept in drafts and count as unsaved like everything typed. `put_back` tells that a draft brought them.
    """

    put_back = Signal()
    # Form's own beginning asks for `raw` already
    _home: Mapping[str, Any] = {}
    _works: tuple[Mapping[str, Any], ...] = ()
    _received: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__(filing_fields(), columns=2)
        self._hours = next(
            words for words in self.findChildren(QLabel) if words.text() == _hours_of_the_law()
        )
        self.changed.connect(self._judge_numbers)

    # --- beside the fields

    @property
    def home_id(self) -> int | None:
        """The key of the home, None while none was chosen."""
        return self._home.get("id")

    @property
    def scope(self) -> tuple[ScopeItem, ...]:
        """The works with the answers given for them, in the order they were chosen."""
        return tuple(
            ScopeItem(
                work["work"],
                {key: Answer(told) for key, told in work["answers"].items()},
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
        """The papers that were handed in."""
        return self._received

    @property
    def is_being_left(self) -> bool:
        """Whether saving was chosen on the way to something else."""
        return self._after is not None

    def begin(
        self,
        values: Mapping[str, Any],
        home: Mapping[str, Any] | None = None,
        scope: tuple[ScopeItem, ...] = (),
        received: tuple[str, ...] = (),
    ) -> None:
        """Fill everything anew; nothing is unsaved then."""
        self._home = dict(home or {})
        self._works = tuple(
            {"work": item.work, "answers": {k: a.value for k, a in item.answers.items()}, "note": item.note}
            for item in scope
        )
        self._received = tuple(received)
        self.set_values(values)

    def set_home(self, home: Mapping[str, Any]) -> None:
        """File for this home."""
        self._home = dict(home)
        self.changed.emit()

    def preset(self, name: str, value: Any) -> None:
        """Fill a field by what is known; that alone makes nothing unsaved."""
        was_clean = not self.is_dirty
        self.set_value(name, value)
        if was_clean:
            self._baseline = self.raw()

    def toggle_work(self, key: str, on: bool) -> None:
        """Take a work in or out."""
        kept = tuple(work for work in self._works if work["work"] != key)
        self._works = (*kept, {"work": key, "answers": {}, "note": ""}) if on else kept
        self.changed.emit()

    def answer(self, key: str, question: str, told: str) -> None:
        """Note the answer to a question about a work."""
        self._works = tuple(
            {**work, "answers": {**work["answers"], question: told}} if work["work"] == key else work
            for work in self._works
        )
        self.changed.emit()

    def tick(self, document: str, on: bool) -> None:
        """Note that a paper was handed in, or not."""
        kept = tuple(name for name in self._received if name != document)
        self._received = (*kept, document) if on else kept
        self.changed.emit()

    # --- Form's own

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
        self.put_back.emit()
        self.changed.emit()

    def show_hours(self, words: str) -> None:
        """Say below the period when noisy work may be done."""
        self._hours.setText(words or _hours_of_the_law())

    def _judge_numbers(self) -> None:
        typed = str(self.editor("contractor_code").raw() or "")
        doubt = ""
        if typed.strip():
            code = parse_id_number(typed)
            doubt = (
                _("A credit code has 18 signs; this is none yet.")
                if code.kind is not IdKind.USCC
                else code.doubt
            )
        self.show_doubt("contractor_code", doubt)
        kind = str(self.editor("applicant_id_kind").value() or "")
        paper = parse_typed_id_number(kind, str(self.editor("applicant_id_number").raw() or ""))
        self.show_doubt("applicant_id_number", paper.doubt if paper is not None else "")
