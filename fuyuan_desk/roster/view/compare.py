"""The screen on which a list is compared with the estates that are known: what is different, and what is written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.people import HouseholdEnd
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.roster.reading.headers import FIELD_LABELS
from fuyuan_desk.roster.reading.masking import masked_difference
from fuyuan_desk.roster.rules.comparison import Comparison, Entry, Group
from fuyuan_desk.roster.rules.differences import Difference
from fuyuan_desk.roster.rules.matching import row_key
from fuyuan_desk.roster.rules.taking import APPLICABLE, Take, part_key, taken
from fuyuan_desk.roster.view.check import step_names
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.steps import Steps
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_GROUP = "group"
USUALLY_TAKEN = frozenset({Group.NEW, Group.CHANGED})
"""What a list is imported for; what it says of those who left is asked."""
_LEAVING = (Group.OTHER_HOLDER, Group.MOVED, Group.GONE)
_MORE_FIELDS = {"person": N_("Person of the household"), "share": N_("Share of the home")}
_MORE_FIELDS |= {"registered_at": N_("Registered at"), "lives_here": N_("Lives here")}
_MORE_FIELDS |= {"other_ids": N_("Number in another system")}
_TONES = {Group.NEW: "ok", Group.GONE: "warn", Group.OTHER_HOLDER: "warn"}
_WHOLE = frozenset((Group.NEW, Group.OTHER_HOLDER, Group.MOVED, Group.GONE))


@dataclass(frozen=True)
class Line:
    """One difference of a comparison; `is_taken`: it is to be written."""

    entry: Entry
    difference: Difference
    is_taken: bool

    @property
    def id(self) -> str:
        """What the list knows it by."""
        return part_key(self.entry, self.difference)

    @property
    def key(self) -> str:
        """What a `Take` names it by: one of a changed household by itself, else its household."""
        return self.entry.key if self.entry.group in _WHOLE else self.id

    @property
    def can_be_taken(self) -> bool:
        """Whether it can be written: some are only told."""
        return self.entry.group in _WHOLE or bool(self.difference.table)

    @property
    def note(self) -> str:
        """What is to be known before it is taken."""
        alike = _("In the store: {place}").format(place=self.entry.likeness) if self.entry.likeness else ""
        return " ".join(filter(None, (self.difference.why or self.entry.why, alike)))


def _field(line: Line) -> str:
    name = line.difference.field
    return _(FIELD_LABELS.get(name) or _MORE_FIELDS[name])


def _taken_chip(line: Line) -> Chip:
    if line.is_taken:
        return Chip(_("Will be written"), "ok")
    return Chip(_("Left as it is")) if line.can_be_taken else Chip(_("Only told"), "neutral", "info")


def _group_chip(line: Line) -> Chip:
    group = line.entry.group
    return Chip(group.label, _TONES.get(group, "neutral"))  # type: ignore[arg-type]


def _columns() -> list[Column]:
    return [
        Column("taken", _("Import"), lambda line: _taken_chip(line).text, 112, chip=_taken_chip),
        Column("group", _("Group"), lambda line: line.entry.group.label, 104, chip=_group_chip),
        Column("place", _("Home"), lambda line: line.entry.place, 136, ends=True),
        Column("holder", _("Holder"), _holder, 88, masked=True),
        Column("field", _("Field"), _field, 112),
        Column("old", _("In the store"), lambda line: _shown(line, line.difference.old), 136, masked=True),
        Column("new", _("In the list"), lambda line: _shown(line, line.difference.new), 136, masked=True),
        Column("row", _("Row"), lambda line: str(line.entry.row or ""), 56, "right"),
        Column("note", _("Remarks"), lambda line: line.note, 260),
    ]


def _holder(line: Line) -> str:
    return mask_name(line.entry.holder, line.entry.is_company)


def _shown(line: Line, text: str) -> str:
    return masked_difference(line.difference, text) or "–"


def _searched(line: Line) -> str:
    one = line.difference
    return " ".join(
        (line.entry.place, line.entry.holder, _field(line), one.old, one.new, line.note)
    ).casefold()


def _ends() -> list[tuple[str, str]]:
    return [("", _("Not known")), *((how.value, how.label) for how in HouseholdEnd)]


class ImportCompareView(QWidget):
    """Shows a comparison; a group is taken whole by its box, a row by its button.

    `written(take)`: write what is chosen; `compared(take)`: compare again, as rows are no homes that are merely alike;
    `back_requested`: back to the columns. Names and numbers are masked; a full name typed into the filter is found.
    """

    written = Signal(object)
    compared = Signal(object)
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._comparison = Comparison()
        self._take = Take(USUALLY_TAKEN)
        self._lines: list[Line] = []
        self.steps = Steps(step_names())
        self.steps.set_current(1)
        self.banner = Banner()
        self.write_button = button(
            _("&Import"), self._write, role="primary", picture="import", shortcut="Ctrl+Return"
        )
        self.back_button = button(_("&Back to the columns"), self.back_requested.emit)
        self.header = PageHeader("", "", [self.back_button, self.write_button])
        self.boxes = {group: QCheckBox() for group in APPLICABLE}
        self.unchanged = label("", "hint")
        self.form = Form(
            [
                Field("ended_on", _("First day &not there any more"), "date"),
                Field(
                    Group.OTHER_HOLDER.value, _("Other &holder: the former one"), "choice", choices=_ends()
                ),
                Field(Group.GONE.value, _("&Gone from the list: they"), "choice", choices=_ends()),
            ],
            columns=3,
            only_asks=True,
        )
        self.table = TablePage(
            "comparison",
            _columns(),
            self._fetch,
            name=_("Differences"),
            empty=EmptyState("ok", _("No differences"), _("The list says the same as the store.")),
            exportable=False,
            filter_hint=_("Filter by home, name or field"),
            facets=[Facet(_GROUP, _("Group"), _("{what}: all").format(what=_("Group")))],
            many=True,
        )
        self.take_button = button(_("&Take over"), lambda: self._choose(True), picture="ok")
        self.leave_button = button(_("&Leave as it is"), lambda: self._choose(False))
        self.apart_button = button(_("Another ho&me"), self._tell_apart)
        self.progress = ProgressPanel()
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        for group, box in self.boxes.items():
            box.toggled.connect(lambda on, group=group: self._take_group(group, on))
        self.table.selected.connect(lambda _row: self._offer())
        self.table.chosen_many.connect(lambda _count: self._offer())
        toggle = QShortcut(QKeySequence(Qt.Key.Key_Space), self.table.table)
        toggle.setContext(Qt.ShortcutContext.WidgetShortcut)
        toggle.activated.connect(self._toggle)

    def _lay_out(self) -> None:
        groups = QWidget()
        line = Flow(groups)
        line.setSpacing(16)
        for box in self.boxes.values():
            line.add(box)
        line.add(self.unchanged)
        for tool in (self.take_button, self.leave_button, self.apart_button):
            self.table.add_tool(tool)
        column: QVBoxLayout = page_column(self)
        column.addWidget(self.header)
        column.addWidget(self.steps)
        column.addWidget(self.banner)
        column.addWidget(groups)
        column.addWidget(self.form)
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)

    # --- what is shown

    def show_comparison(self, file_name: str, comparison: Comparison, today: date, is_new: bool) -> None:
        """Show a comparison; `is_new`: of another file, so that nothing is chosen yet."""
        self._comparison = comparison
        if is_new:
            self._take = Take(USUALLY_TAKEN)
            self.form.set_values({"ended_on": today, Group.OTHER_HOLDER.value: "", Group.GONE.value: ""})
        self.header.set_texts(file_name, _("Compared with the store: choose what is written."))
        self.banner.clear()
        if comparison.is_partial:
            self.banner.say(
                "warn",
                _(
                    "Less than half of those who live there are in this list: those gone from it may just not be on it."
                ),
            )
        choices = []
        for group, box in self.boxes.items():
            count = comparison.count(group)
            with QSignalBlocker(box):
                box.setText(f"{group.label} {count:,}")
                box.setChecked(bool(count) and group in self._take.groups)
            box.setVisible(bool(count))
            if count:
                choices.append((group.value, f"{group.label} {count:,}"))
        unchanged = comparison.unchanged
        self.unchanged.setText(
            numbered(unchanged, N_("{n} household is unchanged"), N_("{n} households are unchanged"))
        )
        self.table.clear_filters()
        self.table.facets.set_choices(_GROUP, choices)
        self._renew()

    def set_busy(self, on: bool) -> None:
        """Disable the controls while something is written or compared."""
        for part in (self.write_button, self.back_button, self.table, self.form, *self.boxes.values()):
            part.setDisabled(on)

    def lines(self) -> list[Line]:
        """Return all differences, each with whether it is to be written."""
        return self._lines

    def _renew(self) -> None:
        written = {entry.key: entry for entry in taken(self._comparison, self._take)}
        self._lines = [
            Line(entry, one, self._is_written(entry, one, written))
            for entry in self._comparison.entries
            for one in entry.differences
        ]
        count = len(written)
        self.write_button.setText(
            numbered(count, N_("&Import: {n} household"), N_("&Import: {n} households"))
            if count
            else _("&Import")
        )
        self.write_button.setEnabled(bool(count))
        leaving = [group for group in _LEAVING if any(entry.group is group for entry in written.values())]
        self.form.setVisible(bool(leaving))
        for group in (Group.OTHER_HOLDER, Group.GONE):
            self.form.show_field(group.value, group in leaving)
        self.table.refresh() if self.table.model.is_loaded else self.table.load()
        self._offer()

    @staticmethod
    def _is_written(entry: Entry, difference: Difference, written: dict[str, Entry]) -> bool:
        found = written.get(entry.key)
        return found is not None and (entry.group in _WHOLE or difference in found.differences)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        group, typed = query.facets.get(_GROUP), query.filter.casefold()
        found = [
            line
            for line in self._lines
            if group in (None, line.entry.group.value) and (not typed or typed in _searched(line))
        ]
        deliver(Window(len(found), found[offset : offset + limit]))

    def _chosen(self) -> list[Line]:
        return [line for line in self.table.chosen_rows() if isinstance(line, Line)]

    def _offer(self) -> None:
        chosen = self._chosen()
        self.take_button.setEnabled(any(line.can_be_taken and not line.is_taken for line in chosen))
        self.leave_button.setEnabled(any(line.is_taken for line in chosen))
        self.apart_button.setEnabled(any(line.entry.likeness for line in chosen))

    # --- what is chosen

    @property
    def take(self) -> Take:
        """What is to be written."""
        return self._take

    def _take_group(self, group: Group, on: bool) -> None:
        own = {line.key for line in self._lines if line.entry.group is group}
        groups = self._take.groups | {group} if on else self._take.groups - {group}
        # a box decides for its whole group, whatever was chosen by row before
        self._take = replace(self._take, groups=groups, also=self._take.also - own, but=self._take.but - own)
        self._renew()

    def _toggle(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._choose(not chosen[0].is_taken)

    def _choose(self, on: bool) -> None:
        keys = {line.key for line in self._chosen() if line.can_be_taken}
        also, but = self._take.also, self._take.but
        self._take = replace(
            self._take, also=also | keys if on else also - keys, but=but - keys if on else but | keys
        )
        self._renew()

    def _tell_apart(self) -> None:
        rows = {
            row_key(line.entry.listed)
            for line in self._chosen()
            if line.entry.likeness and line.entry.listed is not None
        }
        self._take = replace(self._take, apart=self._take.apart | rows)
        self.compared.emit(self._take)

    def _write(self) -> None:
        values: dict[str, Any] | None = self.form.read()
        if values is None:
            return
        ends = {
            group: how
            for group in (Group.OTHER_HOLDER, Group.GONE)
            for how in HouseholdEnd
            if how.value == values.get(group.value)
        }
        self._take = replace(self._take, ended_on=values["ended_on"], ends=ends)
        self.written.emit(self._take)
