"""Filters beside the filter box of a list: one choice each, of values or of a period of days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from fuyuan_desk.core import periods
from fuyuan_desk.core.periods import Days, Period
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form

_CUSTOM = "custom"
_WIDEST = 200


@dataclass(frozen=True)
class Facet:
    """A filter: `everything` is shown when nothing is chosen (“All estates”), `name` heads its tooltip.

    `choices` are (value, text). With `periods` it filters by days instead.
    """

    key: str
    name: str
    everything: str
    choices: Sequence[tuple[Any, str]] = ()
    periods: Sequence[Period] = ()


class FacetBar(QWidget):
    """The filters of a list; `changed` after each choice.

    `today` returns the day from which periods count.
    """

    changed = Signal()

    def __init__(self, facets: Sequence[Facet], today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._facets = {facet.key: facet for facet in facets}
        self._boxes: dict[str, QComboBox] = {}
        self._days: dict[str, Days] = {}
        line = Flow(self)
        for facet in facets:
            line.add(self._add(facet))

    def has(self, key: str) -> bool:
        """Return whether the bar has this facet."""
        return key in self._boxes

    def values(self) -> dict[str, Any]:
        """Return what is chosen, by facet: a value, or the first and last day of a period."""
        found = {}
        for key, box in self._boxes.items():
            chosen = box.currentData()
            if chosen is None:
                continue
            if not self._facets[key].periods:
                found[key] = chosen
            else:
                custom = chosen == _CUSTOM
                found[key] = self._days[key] if custom else periods.days_of(Period(chosen), self._today())
        return found

    def set_choices(self, key: str, choices: Sequence[tuple[Any, str]]) -> None:
        """Replace the choices of a facet, keeping the current one; if it is gone, all are shown."""
        box = self._boxes[key]
        current = box.currentData()
        box.clear()
        box.addItem(self._facets[key].everything, None)
        for value, text in choices:
            box.addItem(text, value)
        box.setCurrentIndex(max(box.findData(current), 0))
        if current is not None and box.currentIndex() == 0:
            self.changed.emit()  # what was chosen is gone

    def choose(self, key: str, value: Any) -> None:
        """Choose a value or a period as if the clerk had; None for all."""
        box = self._boxes[key]
        box.setCurrentIndex(max(box.findData(value), 0))
        self.changed.emit()

    def show_facet(self, key: str, shown: bool) -> None:
        """Show or hide a facet; a hidden one filters nothing."""
        self._boxes[key].setVisible(shown)
        if not shown:
            self._boxes[key].setCurrentIndex(0)

    def clear(self) -> None:
        """Choose nothing, without `changed`."""
        for key, box in self._boxes.items():
            box.setCurrentIndex(0)
            self._show_days(key, None)

    def raw(self) -> dict[str, Any]:
        """Return what is chosen, JSON-serializable; a period by its name, so that it moves with the days."""
        found: dict[str, Any] = {}
        for key, box in self._boxes.items():
            if box.currentData() == _CUSTOM and self._facets[key].periods:
                found[key] = [day.isoformat() if day is not None else None for day in self._days[key]]
            elif box.currentData() is not None:
                found[key] = box.currentData()
        return found

    def set_raw(self, raw: dict[str, Any]) -> bool:
        """Restore the result of `raw`; return False if something chosen then no longer exists."""
        self.clear()
        is_whole = True
        for key, chosen in raw.items():
            box = self._boxes.get(key)
            if box is not None and isinstance(chosen, list) and len(chosen) == 2:
                self._show_days(key, _days(chosen))
            elif box is not None and box.findData(chosen) > 0:
                box.setCurrentIndex(box.findData(chosen))
            else:
                is_whole = False
        return is_whole

    def _add(self, facet: Facet) -> QComboBox:
        box = DropDown()
        box.setAccessibleName(_("Filter by {what}").format(what=facet.name))
        box.currentTextChanged.connect(lambda text: box.setToolTip(f"{box.accessibleName()}: {text}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMinimumContentsLength(4)
        box.setMaximumWidth(_WIDEST)
        box.addItem(facet.everything, None)
        for value, text in facet.choices:
            box.addItem(text, value)
        for period in facet.periods:
            box.addItem(periods.label(period), period.value)
        if facet.periods:
            box.addItem(_("From … to …"), _CUSTOM)
        box.activated.connect(lambda _index: self._on_chosen(facet))
        self._boxes[facet.key] = box
        return box

    def _on_chosen(self, facet: Facet) -> None:
        if facet.periods and self._boxes[facet.key].currentData() == _CUSTOM:
            self._ask_days(facet)
        else:
            self.changed.emit()

    def _ask_days(self, facet: Facet) -> None:
        fields = [Field("first", _("&From"), "date"), Field("last", _("&To"), "date")]
        form = Form(fields, columns=2, only_asks=True)
        first, last = self._days.get(facet.key, (None, None))
        form.set_values({"first": first, "last": last})
        dialog = FormDialog(self, _("Choose the days: {what}").format(what=facet.name), form, _("&Show"))
        form.submitted.connect(lambda days: self._choose_days(facet, days, dialog))
        dialog.rejected.connect(lambda: self._show_days(facet.key, self._days.get(facet.key)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        form.focus_first()

    def _choose_days(self, facet: Facet, days: dict[str, date | None], dialog: FormDialog) -> None:
        first, last = days["first"], days["last"]
        if first is not None and last is not None and first > last:
            dialog.form.show_errors({"last": _("The last day is before the first.")})
            return
        dialog.done_saving()
        self._show_days(facet.key, None if first is None and last is None else (first, last))
        self.changed.emit()

    def _show_days(self, key: str, days: Days | None) -> None:
        """Show the days chosen in the dialog, or that all are shown."""
        box = self._boxes[key]
        index = box.findData(_CUSTOM)
        if index < 0 or not self._facets[key].periods:
            return
        if days is None:
            self._days.pop(key, None)
            box.setItemText(index, _("From … to …"))
            box.setCurrentIndex(0)
            return
        self._days[key] = days
        texts = [day.isoformat() if day is not None else "" for day in days]
        box.setItemText(index, _("{first} to {last}").format(first=texts[0], last=texts[1]))
        box.setCurrentIndex(index)


def _days(raw: Sequence[Any]) -> Days | None:
    try:
        first, last = (None if day is None else date.fromisoformat(day) for day in raw)
    except (TypeError, ValueError):
        return None
    return first, last
