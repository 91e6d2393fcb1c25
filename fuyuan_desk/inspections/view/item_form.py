"""The form of one item of a checklist; what is typed is taken over at once, there is nothing to save."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.inspections.rules.answers import AnswerKind, ItemSeverity, PhotoNeed
from fuyuan_desk.inspections.rules.checklists import OPTIONS_APART, TypedItem, citations
from fuyuan_desk.widgets.fields import Field, Section
from fuyuan_desk.widgets.form import Form

EQUIPMENT: Mapping[Equipment, str] = {
    Equipment.LIFT: N_("Lift"),
    Equipment.TANK: N_("Water tank"),
    Equipment.PUMP: N_("Water pump"),
    Equipment.FIRE_PUMP: N_("Fire pump"),
    Equipment.GARAGE: N_("Underground garage"),
    Equipment.GREENERY: N_("Greenery"),
}
_CODES = ("kind", "photo", "severity")
_LINES = ("choices", "passing")
_SHOWN_FOR = {
    AnswerKind.NUMBER.value: ("unit", "low", "high"),
    AnswerKind.CHOICE.value: ("choices", "passing"),
}
_WITH_EQUIPMENT = ("unsure", "unsure_en", "without", "without_en")


class ItemForm(Form):
    """Edits the item shown; `edited` carries it as it is typed, `clause_asked` what is typed to find a clause."""

    edited = Signal(object)
    clause_asked = Signal(str)

    def __init__(self) -> None:
        self._item: TypedItem | None = None
        super().__init__(_fields(), columns=2, only_asks=True)
        self.changed.connect(self._take_over)
        self.editor("clause").asked.connect(self.clause_asked)  # type: ignore[attr-defined]  # a PickEditor
        self._show_needed()

    @property
    def names(self) -> list[str]:
        """The names of the fields."""
        return [field.name for field in self._fields if isinstance(field, Field)]

    def offer_groups(self, groups: Sequence[str]) -> None:
        """Offer the groups that are there."""
        self.set_choices("group", [(group, group) for group in groups])

    def show_item(self, item: TypedItem | None) -> None:
        """Show an item, None if there is none."""
        self._item = None
        values: dict[str, Any] = {} if item is None else {**vars(item), "needs": item.needs or None}
        for name in _LINES:
            values[name] = str(values.get(name, "")).replace(OPTIONS_APART, "\n")
        self.set_values(values)
        self._item = item
        self.setEnabled(item is not None)
        self._show_needed()

    def show_clauses(self, text: str, found: Sequence[Any]) -> None:
        """Show the clauses that were found for a typed text."""
        self.editor("clause").show_found(text, found, _("Clauses"))  # type: ignore[attr-defined]  # a PickEditor

    def _take_over(self) -> None:
        if self._item is None:
            return
        chosen = self.readable_values()["clause"]
        if chosen:
            self._add_clause(chosen)
            return
        item = self._typed(self._item)
        if item != self._item:
            self._item = item
            self._show_needed()
            self.edited.emit(item)

    def _add_clause(self, ref: str) -> None:
        """Add a clause that was found, and clear the field to find another."""
        refs = dict.fromkeys((*citations(str(self.editor("clauses").raw())), ref))
        self.editor("clause").set_value("")
        self.set_value("clauses", " ".join(refs))

    def _typed(self, item: TypedItem) -> TypedItem:
        changes: dict[str, Any] = {}
        for name in vars(item):
            if name == "key":
                continue
            editor = self.editor(name)
            if name in _CODES or name == "needs":
                # a list of which nothing is chosen changes nothing, but for equipment, which may be none
                changes[name] = editor.value() or ("" if name == "needs" else getattr(item, name))
            elif name == "mandatory":
                changes[name] = bool(editor.value())
            else:
                changes[name] = str(editor.raw())
        return replace(item, **changes)

    def _show_needed(self) -> None:
        """Show what the chosen kind of answer asks for, and no more."""
        kind = self._item.kind if self._item is not None else ""
        for of, names in _SHOWN_FOR.items():
            for name in names:
                self.show_field(name, kind == of)
        for name in _WITH_EQUIPMENT:
            self.show_field(name, self._item is not None and bool(self._item.needs))


def _fields() -> list[Field | Section]:
    def codes(kinds: Any) -> list[tuple[str, str]]:
        return [(code.value, code.label) for code in kinds]

    def line(name: str, label: str, span: int = 1, **more: Any) -> Field:
        return Field(name, label, span=span, **more)

    return [
        line("group", _("&Group"), kind="suggest", required=True),
        line("kind", _("&Answer"), kind="choice", required=True, choices=codes(AnswerKind)),
        line("text", _("What is to be chec&ked"), 2, kind="lines", rows=2, required=True),
        line("low", _("L&owest"), placeholder=_("No limit")),
        line("high", _("&Highest"), placeholder=_("No limit")),
        line("unit", _("&Unit"), 2, placeholder="MPa"),
        line("choices", _("Choices, one on each &line"), kind="lines", rows=4),
        line("passing", _("Of these, what &passes"), kind="lines", rows=4),
        line("severity", _("Severit&y"), kind="choice", required=True, choices=codes(ItemSeverity)),
        line("photo", _("Photo &required"), kind="choice", required=True, choices=codes(PhotoNeed)),
        line("mandatory", _("&Must be inspected: cannot be “not applicable”"), 2, kind="check"),
        line("clauses", _("&Clauses"), placeholder="FIRE§28"),
        line("clause", _("&Find a clause"), kind="search", placeholder=_("Words of the law, such as 消防 28")),
        Section(_("Equipment and English"), _("Needed only where they apply.")),
        line(
            "needs", _("About e&quipment"), 2, kind="choice", placeholder=_("For every place"),
            choices=[(equipment.value, _(name)) for equipment, name in EQUIPMENT.items()],
        ),
        line("unsure", _("If it is unknown whether it is there"), 2),
        line("without", _("If it is not there; empty: left out"), 2),
        line("group_en", _("Group in English")),
        line("text_en", _("Item in English")),
        line("unsure_en", _("If unknown, in English")),
        line("without_en", _("If not there, in English")),
    ]  # fmt: skip
