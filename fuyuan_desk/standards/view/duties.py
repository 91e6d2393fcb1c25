"""Duties in groups: those of one tier, those of two compared, or those of all four side by side."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.standards.facts import EstateDuties
from fuyuan_desk.standards.rules import Change, Direction, Duty, Ladder, Tier, label
from fuyuan_desk.standards.view.words import (
    direction_chip,
    duty_name,
    duty_text,
    group_text,
    is_chinese,
    season_text,
)
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.chips import Chip, ChipLabel


class _Grid(QWidget):
    """Rows that are made anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._line = 0
        self.columns = 2

    def clear(self) -> None:
        """Take all rows away."""
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._line = 0

    def heading(self, text: str) -> None:
        """Begin a group."""
        made = labels.label(text, "strong")
        made.setContentsMargins(0, 8 if self._line else 0, 0, 0)
        self._grid.addWidget(made, self._line, 0, 1, self.columns)
        self._line += 1

    def row(self, *parts: QWidget) -> None:
        """Add a row."""
        for column, part in enumerate(parts):
            self._grid.addWidget(part, self._line, column, Qt.AlignmentFlag.AlignVCenter)
        self._line += 1

    def line(self) -> None:
        """Draw a thin line below the last row."""
        self._grid.addWidget(labels.rule(), self._line, 0, 1, self.columns)
        self._line += 1

    def stretch(self, *parts: int) -> None:
        """Share the width out between the columns."""
        for column, part in enumerate(parts):
            self._grid.setColumnStretch(column, part)


def _words(text: str, role: str = "") -> QLabel:
    return labels.label(text, role, wrap=True, selectable=True)


class DutiesView(QWidget):
    """What an estate must be served with; what is done more often this season is marked."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = _Grid()
        self._grid.stretch(2, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid)
        column.addStretch(1)

    def show_duties(self, duties: EstateDuties, laws: Mapping[str, str]) -> None:
        """Show the duties of the tier, then those that every estate has."""
        self._grid.clear()
        group = ""
        for duty in duties.duties:
            if group_text(duty) != group:
                group = group_text(duty)
                self._grid.heading(group)
            self._grid.row(_words(duty_name(duty), "muted"), _required(duty, duty.item in duties.dense))
        if not duties.duties:
            self._grid.row(_words(_("Duties follow from the tier. This estate has none yet."), "muted"))
        self._grid.heading(_("In every tier"))
        for duty in duties.untiered:
            self._grid.row(_words(duty_name(duty), "muted"), _untiered(duty, laws))


def _required(duty: Duty, dense: bool) -> QWidget:
    if duty.season is None:
        return _words(duty_text(duty))
    words = season_text(duty)
    mark = ChipLabel(Chip(words, "warn", "calendar")) if dense else labels.label(words, "hint")
    return _beside(_words(duty_text(duty)), mark)


def _untiered(duty: Duty, laws: Mapping[str, str]) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(_words(duty_text(duty)))
    column.addWidget(_words(_basis(duty, laws), "hint"))
    return made


def _basis(duty: Duty, laws: Mapping[str, str]) -> str:
    named = [laws.get(ref, ref) for ref in duty.clauses]
    return _("Basis: {clauses}").format(clauses=_("; ").join(named))


def _beside(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return made


class ChangesView(QWidget):
    """What rises and what falls from one tier to another."""

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
        """Show what changes; without a tier before, what will be asked for."""
        self._grid.clear()
        if after is None:
            self.summary.setText(_("Choose a tier to see what it asks for."))
            return
        if before is None:
            self.summary.setText(_("What {tier} asks for").format(tier=label(after)))
            for change in changes:
                self._grid.row(_words(duty_name(change.after), "muted"), _words(duty_text(change.after)))
            return
        self.summary.setText(_summary(before, after, changes))
        moved = [change for change in changes if change.direction is not Direction.SAME]
        for change in moved:
            self._grid.row(
                _words(duty_name(change.after), "muted"),
                _words(duty_text(change.before)),
                _words(duty_text(change.after), "strong"),
                ChipLabel(direction_chip(change)),
            )


def _summary(before: Tier, after: Tier, changes: Sequence[Change]) -> str:
    if before is after:
        return _("The estate has this tier already on that day.")
    rising = sum(change.direction is Direction.RISES for change in changes)
    falling = sum(change.direction is Direction.FALLS for change in changes)
    words = _("{before} → {after}: {rising} duties rise, {falling} fall")
    return words.format(before=label(before), after=label(after), rising=rising, falling=falling)


class LadderView(QWidget):
    """All tiers side by side; changes from one step to the next stand in bold."""

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
        """Show a version of the ladder; `dense` names the items done more often now."""
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
            self._untiered.row(
                _words(duty_name(duty), "muted"), _words(duty_text(duty)), _words(_basis(duty, laws), "hint")
            )


def _cells(duties: Sequence[Duty]) -> list[QLabel]:
    made, before = [], duty_text(duties[0])
    for duty in duties:
        text = duty_text(duty)
        made.append(_words(text, "strong" if text != before else ""))
        before = text
    return made


def _name(duty: Duty, dense: bool) -> QWidget:
    name = _words(duty_name(duty), "muted")
    if duty.season is None:
        return name
    words = season_text(duty)
    mark = ChipLabel(Chip(words, "warn", "calendar")) if dense else labels.label(words, "hint")
    return _beside(name, mark)
