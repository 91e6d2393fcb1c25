"""The screen on which a list is compared with the estates that are known: what is different, and what is written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
from fuyuan_desk.roster.rules.differences import Difference
from fuyuan_desk.roster.rules.entries import NOTHING_COMPARED, Comparison, Entry, Group
from fuyuan_desk.roster.rules.matching import row_key
from fuyuan_desk.roster.rules.taking import APPLICABLE, Take, is_usual, part_key, written_of
from fuyuan_desk.roster.rules.telling import partial_sentence
from fuyuan_desk.roster.view.check import step_names
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, Tone
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
_MORE_FIELDS |= {"paper": N_("Further document")}
_MORE_FIELDS |= {"registered_at": N_("Registered at"), "lives_here": N_("Lives here")}
_MORE_FIELDS |= {"other_ids": N_("Number in another system")}
_TONES: Mapping[Group, Tone] = {Group.NEW: "ok", Group.GONE: "warn", Group.OTHER_HOLDER: "warn"}
_WHOLE = frozenset((Group.NEW, Group.OTHER_HOLDER, Group.MOVED, Group.GONE))


@dataclass(frozen=True, slots=True)
class Line:
    """One difference of a comparison; `searched` is what the filter finds it by."""

    entry: Entry
    difference: Difference
    searched: str

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


@dataclass(frozen=True)
class Shown:
    """A comparison ready to be shown: its differences, and by group its households and those usually written.

    `in_new_estates` counts the households of estates that the store does not have: they are imported in any case.
    """

    comparison: Comparison
    lines: tuple[Line, ...]
    counts: Mapping[Group, int]
    usual: Mapping[Group, int]
    in_new_estates: int = 0


def shown_of(comparison: Comparison, in_new_estates: int = 0) -> Shown:
    """Return a comparison ready to be shown; takes too long for the window's thread."""
    return Shown(
        comparison,
        tuple(
            Line(entry, one, _searched(entry, one))
            for entry in comparison.entries
            for one in entry.differences
        ),
        {group: comparison.count(group) for group in APPLICABLE},
        Counter(entry.group for entry in comparison.entries if is_usual(entry)),
        in_new_estates,
    )


def _searched(entry: Entry, one: Difference) -> str:
    return " ".join(
        (entry.place, entry.holder, _field_name(one), one.old, one.new, one.why, entry.why)
    ).casefold()


def _field(line: Line) -> str:
    return _field_name(line.difference)


def _field_name(difference: Difference) -> str:
    name = difference.field
    return _(FIELD_LABELS.get(name) or _MORE_FIELDS[name])


def _group_chip(line: Line) -> Chip:
    group = line.entry.group
    return Chip(group.label, _TONES.get(group, "neutral"))


def _columns(taken_chip: Callable[[Line], Chip]) -> list[Column]:
    return [
        Column("taken", _("Import"), lambda line: taken_chip(line).text, 112, chip=taken_chip),
        Column("group", _("Group"), lambda line: line.entry.group.label, 104, chip=_group_chip),
        Column("place", _("Home"), lambda line: line.entry.place, 136, ends=True),
        Column("holder", _("Holder"), _holder, 88, masked=True),
        Column("field", _("Field"), _field, 112),
        Column("old", _("In the store"), lambda line: _masked(line, line.difference.old), 136, masked=True),
        Column("new", _("In the list"), lambda line: _masked(line, line.difference.new), 136, masked=True),
        Column("note", _("Remarks"), lambda line: line.note, 260),
        Column("row", _("Row"), lambda line: str(line.entry.row or ""), 56, "right", hidden=True),
    ]


def _holder(line: Line) -> str:
    whose = line.difference.whose
    return mask_name(whose) if whose else mask_name(line.entry.holder, line.entry.is_company)


def _masked(line: Line, text: str) -> str:
    return masked_difference(line.difference, text) or "–"


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
        self._shown = Shown(NOTHING_COMPARED, (), {}, {})
        self._take = Take(USUALLY_TAKEN)
        self._decided: dict[str, Entry] = {}  # those of which rows were chosen
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
            _columns(self._taken_chip),
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

    def show_comparison(self, file_name: str, shown: Shown, today: date, is_new: bool) -> None:
        """Show a comparison; `is_new`: of another file, so that nothing is chosen yet."""
        self._shown = shown
        if is_new:
            self._take, self._decided = Take(USUALLY_TAKEN), {}
            self.form.set_values({"ended_on": today, Group.OTHER_HOLDER.value: "", Group.GONE.value: ""})
        self.header.set_texts(file_name, _("Compared with the store: choose what is written."))
        self.banner.clear()
        if shown.comparison.is_partial:
            self.banner.say("warn", partial_sentence())
        choices = [
            (group.value, f"{group.label} {count:,}") for group, count in shown.counts.items() if count
        ]
        for group, box in self.boxes.items():
            count = shown.counts.get(group, 0)
            with QSignalBlocker(box):
                box.setText(f"{group.label} {count:,}")
                box.setChecked(bool(count) and group in self._take.groups)
            box.setVisible(bool(count))
        unchanged = shown.comparison.unchanged
        self.unchanged.setText(
            numbered(unchanged, N_("{n} household is unchanged"), N_("{n} households are unchanged"))
        )
        self.table.clear_filters()
        self.table.facets.set_choices(_GROUP, choices)
        self.table.load()
        self._renew()

    def set_busy(self, on: bool) -> None:
        """Disable the controls while something is written or compared."""
        for part in (self.write_button, self.back_button, self.table, self.form, *self.boxes.values()):
            part.setDisabled(on)

    def is_taken(self, line: Line) -> bool:
        """Return whether a difference is to be written."""
        written = written_of(line.entry, self._take)
        return written is not None and (line.entry.group in _WHOLE or line.difference in written.differences)

    def _taken_chip(self, line: Line) -> Chip:
        if self.is_taken(line):
            return Chip(_("Will be written"), "ok")
        return Chip(_("Left as it is")) if line.can_be_taken else Chip(_("Only told"), "neutral", "info")

    def _renew(self) -> None:
        written = self._counts()
        count = sum(written.values()) + self._shown.in_new_estates
        self.write_button.setText(
            numbered(count, N_("&Import: {n} household"), N_("&Import: {n} households"))
            if count
            else _("&Import")
        )
        self.write_button.setEnabled(count > 0)
        self.form.setVisible(any(written[group] for group in _LEAVING))
        for group in (Group.OTHER_HOLDER, Group.GONE):
            self.form.show_field(group.value, written[group] > 0)
        if self.table.model.is_loaded:
            self.table.refresh()
        self._offer()

    def _counts(self) -> Counter[Group]:
        """Count what is to be written, by group: the usual, but for what was decided by row."""
        counts = Counter(
            {group: count for group, count in self._shown.usual.items() if group in self._take.groups}
        )
        for entry in self._decided.values():
            usual = entry.group in self._take.groups and is_usual(entry)
            counts[entry.group] += (written_of(entry, self._take) is not None) - usual
        return counts

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        group, typed = query.facets.get(_GROUP), query.filter.casefold()
        found: Sequence[Line] = self._shown.lines
        if group is not None:
            found = [line for line in found if line.entry.group == group]
        if typed:
            found = [line for line in found if typed in line.searched]
        deliver(Window(len(found), found[offset : offset + limit]))

    def _chosen(self) -> list[Line]:
        return [line for line in self.table.chosen_rows() if isinstance(line, Line)]

    def _offer(self) -> None:
        chosen = self._chosen()
        self.take_button.setEnabled(any(line.can_be_taken and not self.is_taken(line) for line in chosen))
        self.leave_button.setEnabled(any(map(self.is_taken, chosen)))
        self.apart_button.setEnabled(any(line.entry.likeness for line in chosen))

    # --- what is chosen

    @property
    def take(self) -> Take:
        """What is to be written."""
        return self._take

    def _take_group(self, group: Group, on: bool) -> None:
        groups = self._take.groups | {group} if on else self._take.groups - {group}
        # a box decides for its whole group, whatever was chosen by row before
        start = f"{group.value}:"
        self._take = replace(
            self._take,
            groups=groups,
            also=frozenset(key for key in self._take.also if not key.startswith(start)),
            but=frozenset(key for key in self._take.but if not key.startswith(start)),
        )
        self._decided = {key: entry for key, entry in self._decided.items() if entry.group is not group}
        self._renew()

    def _toggle(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._choose(not self.is_taken(chosen[0]))

    def _choose(self, on: bool) -> None:
        chosen = [line for line in self._chosen() if line.can_be_taken]
        keys = {line.key for line in chosen}
        self._decided |= {line.entry.key: line.entry for line in chosen}
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
