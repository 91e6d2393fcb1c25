"""Editors for one record that is found by typing, and for several names of which some are offered."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.widgets.fields import Editor, Field, Picked, SuggestEditor
from fuyuan_desk.widgets.search_box import SearchBox, SearchHit, guessed_groups

NAMES_APART = "、"


class Findable(Protocol):
    """A record that was found: its key, the texts to show, and for a guess the words that it matches instead."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def meant(self) -> str: ...


class PickEditor(Editor):
    """Finds a record as it is typed; its value is the record's key, '' for none.

    `asked` carries what was typed; answer with `show_found`. What is typed and not chosen is refused: it names nobody.
    """

    asked = Signal(str)

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.box = SearchBox(field.placeholder, window_shortcut=False)
        self._key = self._text = ""
        self._found: Sequence[Findable] = ()
        self.box.asked.connect(self._ask)
        self.box.chosen.connect(self._choose)
        self.box.textChanged.connect(self._on_text)
        self._hold(self.box)

    def show_found(self, text: str, found: Sequence[Findable], heading: str) -> None:
        """Show what was found for a text, unless it has changed since."""
        if text != self.box.text().strip():
            return
        self._found = found
        hits = [
            SearchHit("", place, one.title, one.detail, "household", one.meant)
            for place, one in enumerate(found)
        ]
        exact = [hit for hit in hits if not hit.meant]
        groups = [(heading, exact)] if exact else []
        self.box.show_hits(text, [*groups, *guessed_groups([hit for hit in hits if hit.meant])])

    def inner(self) -> list[QWidget]:
        return [self.box]

    def raw(self) -> dict[str, str]:
        # under "address", as drafts call what says where a new record is to be
        return {"key": self._key, "address": visible(self.box.text())}

    def set_raw(self, raw: Any) -> None:
        known = raw if isinstance(raw, Mapping) else {}
        self._show(str(known.get("key", "")), str(known.get("address", "")))

    def value(self) -> str:
        if self.box.text().strip() and not self._key:
            raise ValueError(_("Choose one of those found, or clear the field."))
        return self._key

    def set_value(self, value: Any) -> None:
        shown = value if isinstance(value, Picked) else Picked(str(value or ""), str(value or ""))
        self._show(shown.key, shown.text)

    def is_empty(self) -> bool:
        return not self.box.text().strip()

    def _show(self, key: str, text: str) -> None:
        self._key, self._text = (key, text) if text.strip() else ("", "")
        self.box.setText(text)
        self.box.setCursorPosition(0)

    def _on_text(self, text: str) -> None:
        if text != self._text:
            self._key = self._text = ""
        self.changed.emit()

    def _ask(self, text: str) -> None:
        if not self._key:  # what was chosen stands in the field, and is not searched for again
            self.asked.emit(text)

    def _choose(self, hit: SearchHit) -> None:
        chosen = self._found[hit.record_id]
        self._show(chosen.key, f"{chosen.title}  {chosen.detail}".strip())
        self.changed.emit()


class NamesEditor(SuggestEditor):
    """Several names in one text; one that is chosen from those offered is added to what is typed."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._typed = ""
        line = self.combo.lineEdit()
        assert line is not None
        line.textEdited.connect(self._note)
        self.combo.activated.connect(self._add)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these names."""
        kept = self.raw()
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItems([text for _value, text in choices])
        self.combo.setCurrentIndex(-1)
        self.combo.setEditText(kept)
        self.combo.blockSignals(False)

    def set_raw(self, raw: Any) -> None:
        super().set_raw(raw)
        self._note(self.raw())

    def _note(self, text: str) -> None:
        self._typed = text

    def _add(self, index: int) -> None:
        names = [name.strip() for name in self._typed.split(NAMES_APART)]
        added = dict.fromkeys([*filter(None, names), self.combo.itemText(index)])
        self.set_raw(NAMES_APART.join(added))
