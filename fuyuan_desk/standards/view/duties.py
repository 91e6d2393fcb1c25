"""Duties by group: of one tier, of two tiers compared, or of all four side by side."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.standards.facts import EstateDuties
from fuyuan_desk.standards.rules import Change, Direction, Duty, Ladder, Tier, label
from fuyuan_desk.standards.view.words import (
    direction_chip,
    duty_name,
    duty_text,
    equipment_name,
    group_text,
    is_chinese,
    left_out_text,
    season_text,
)
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.chips import Chip, ChipLabel


class _Grid(QWidget):
    """A grid whose rows are rebuilt each time."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._line = 0
        self.columns = 2

    def clear(self) -> None:
        """Remove all rows."""
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._line = 0

    def heading(self, text: str) -> None:
        """Add the heading of a group."""
        title = labels.label(text, "strong")
        title.setContentsMargins(0, 8 if self._line else 0, 0, 0)
        self._grid.addWidget(title, self._line, 0, 1, self.columns)
        self._line += 1

    def row(self, *parts: QWidget) -> None:
        """Add a row."""
        for column, part in enumerate(parts):
            self._grid.addWidget(part, self._line, column, Qt.AlignmentFlag.AlignVCenter)
        self._line += 1

    def wide(self, part: QWidget) -> None:
        """Add a row of one part."""
        self._grid.addWidget(part, self._line, 0, 1, self.columns)
        self._line += 1

    def line(self) -> None:
        """Draw a thin line below the last row."""
        self._grid.addWidget(labels.rule(), self._line, 0, 1, self.columns)
        self._line += 1

    def stretch(self, *parts: int) -> None:
        """Set the stretch factors of the columns."""
        for column, part in enumerate(parts):
            self._grid.setColumnStretch(column, part)


def _text(text: str, role: str = "") -> QLabel:
    return labels.label(text, role, wrap=True, selectable=True)


class DutiesView(QWidget):
    """The duties owed to an estate; those done more often this season are marked."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = _Grid()
        self._grid.stretch(2, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid)
        column.addStretch(1)

    def show_duties(self, duties: EstateDuties, laws: Mapping[str, str]) -> None:
        """Show the duties of the tier, then those of every tier."""
        self._grid.clear()
        group = ""
        for duty in duties.duties:
            if group_text(duty) != group:
                group = group_text(duty)
                self._grid.heading(group)
            self._grid.row(_text(duty_name(duty), "muted"), _required(duty, duty.item in duties.dense))
        if not duties.duties:
            self._grid.row(_text(_("The tier sets the duties. This estate has no tier yet."), "muted"))
        self._grid.heading(_("In every tier"))
        for duty in duties.untiered:
            self._grid.row(_text(duty_name(duty), "muted"), _untiered(duty, laws))
        if duties.left_out:
            self._grid.wide(_text(left_out_text(duties.left_out), "hint"))


def _required(duty: Duty, dense: bool) -> QWidget:
    if duty.season is None:
        return _text(duty_text(duty))
    text = season_text(duty)
    season = ChipLabel(Chip(text, "warn", "calendar")) if dense else labels.label(text, "hint")
    return _beside(_text(duty_text(duty)), season)


def _untiered(duty: Duty, laws: Mapping[str, str]) -> QWidget:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(_text(duty_text(duty)))
    column.addWidget(_text(_basis(duty, laws), "hint"))
    return widget


def _basis(duty: Duty, laws: Mapping[str, str]) -> str:
    citations = [laws.get(ref, ref) for ref in duty.clauses]
    return _("Basis: {clauses}").format(clauses=_("; ").join(citations))


def _beside(*parts: QWidget) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return widget


class ChangesView(QWidget):
    """The duties that rise and fall from one tier to another."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = labels.label("", "strong", wrap=True)
        self._grid = _Grid()
        self._grid.columns = 4
        self._grid.stretch(3, 3, 3, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self._grid)
        column.addStretch(1)

    def show_changes(self, before: Tier | None, after: Tier | None, changes: Sequence[Change]) -> None:
        """Show the changes; without a tier before, all requirements."""
        self._grid.clear()
        if after is None:
            self.summary.setText(_("Choose a tier to see its requirements."))
            return
        if before is None:
            self.summary.setText(_("Requirements: {tier}").format(tier=label(after)))
            for change in changes:
                self._grid.row(_text(duty_name(change.after), "muted"), _text(duty_text(change.after)))
            return
        self.summary.setText(changes_summary(before, after, changes))
        moved = [change for change in changes if change.direction is not Direction.SAME]
        for change in moved:
            self._grid.row(
                _text(duty_name(change.after), "muted"),
                _text(duty_text(change.before)),
                _text(duty_text(change.after), "strong"),
                ChipLabel(direction_chip(change)),
            )


def changes_summary(before: Tier, after: Tier, changes: Sequence[Change]) -> str:
    """Return how many duties rise and fall from one tier to another."""
    if before is after:
        return _("The estate already has this tier on that day.")
    rising = sum(change.direction is Direction.RISES for change in changes)
    falling = sum(change.direction is Direction.FALLS for change in changes)
    parts = []
    if rising:
        parts.append(numbered(rising, N_("{n} duty rises"), N_("{n} duties rise")))
    if falling:
        parts.append(numbered(falling, N_("{n} duty falls"), N_("{n} duties fall")))
    what = _(", ").join(parts) or _("no duty changes")
    return _("{before} → {after}: {what}").format(before=label(before), after=label(after), what=what)


class LadderView(QWidget):
    """All tiers side by side; changes from one step to the next are bold."""

    def __init__(self) -> None:
        super().__init__()
        self._version = labels.label("", "strong")
        self._reference = ChipLabel(Chip(_("Reference values"), "warn", "info"))
        self._note = labels.label("", "hint", wrap=True)
        self._grid = _Grid()
        self._grid.columns = 1 + len(Tier)
        self._grid.stretch(3, 3, 3, 3, 3)
        card = labels.Card()
        card.body.addWidget(self._grid)
        self._untiered = _Grid()
        self._untiered.stretch(3, 5, 7)
        self._untiered.columns = 3
        rest = labels.Card(_("In every tier"))
        rest.body.addWidget(self._untiered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(_beside(self._version, self._reference))
        column.addWidget(self._note)
        column.addWidget(card)
        column.addWidget(rest)
        column.addStretch(1)

    def show_ladder(self, ladder: Ladder, dense: Iterable[str], laws: Mapping[str, str]) -> None:
        """Show a version of the ladder; `dense` are the items done more often now."""
        self._version.setText(_("Version {version}").format(version=ladder.version))
        self._reference.setVisible(ladder.reference)
        self._note.setText(ladder.note if is_chinese() else ladder.note_en)
        now = frozenset(dense)
        self._grid.clear()
        self._grid.row(labels.label(""), *(labels.label(label(tier), "section") for tier in Tier))
        self._grid.line()
        group = ""
        for rows in zip(*(ladder.duties[tier] for tier in Tier), strict=True):
            if group_text(rows[0]) != group:
                group = group_text(rows[0])
                self._grid.heading(group)
            self._grid.row(_name(rows[0], rows[0].item in now), *_cells(rows))
        self._untiered.clear()
        for duty in ladder.untiered:
            self._untiered.row(_name(duty, False), _text(duty_text(duty)), _text(_basis(duty, laws), "hint"))


def _cells(duties: Sequence[Duty]) -> list[QLabel]:
    cells, before = [], duty_text(duties[0])
    for duty in duties:
        text = duty_text(duty)
        cells.append(_text(text, "strong" if text != before else ""))
        before = text
    return cells


def _name(duty: Duty, dense: bool) -> QWidget:
    name = _text(duty_name(duty), "muted")
    if duty.needs is not None:
        return _beside(
            name,
            labels.label(_("where there is one: {what}").format(what=equipment_name(duty.needs)), "hint"),
        )
    if duty.season is None:
        return name
    text = season_text(duty)
    season = ChipLabel(Chip(text, "warn", "calendar")) if dense else labels.label(text, "hint")
    return _beside(name, season)
