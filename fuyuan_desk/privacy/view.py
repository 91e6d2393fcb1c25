"""The personal data tab: one person's data to report or erase, and records due to be anonymised."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.privacy.facts import Candidate, Consequence, Due
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.room import Tabs
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch
from fuyuan_desk.widgets.theme import show_if

ONE, DUE = 0, 1


def _candidate_columns() -> list[Column]:
    return [
        Column("name", _("Name"), lambda row: row.name, 64, masked=True, least=56),
        Column("where", _("Where"), lambda row: row.places[0].place, 184, tip=_all_places),
        Column("id_number", _("ID document"), lambda row: row.id_number, 168, masked=True),
        Column("phones", _("Telephone"), lambda row: _(", ").join(row.phones), 128, masked=True, hidden=True),
        Column("places", _("Records"), lambda row: str(len(row.places)), 56, "right", least=56),
        Column("sure", _("Certainty"), lambda row: "", 96, chip=_certainty, least=92),
    ]


def _all_places(row: Candidate) -> str:
    return "\n".join(f"{place.what} · {place.place}" for place in row.places)


def _certainty(row: Candidate) -> Chip | None:
    return Chip(_("By name only"), "warn") if row.only_by_name else None


def _due_columns() -> list[Column]:
    return [
        Column("what", _("Kind of record"), lambda row: row.what, 104),
        Column("place", _("Where"), lambda row: row.place, 280, tip=lambda row: row.place),
        Column("who", _("Concerns"), lambda row: row.who, 88, masked=True),
        Column("reason", _("Why it is due"), lambda row: row.reason, 184),
        Column("since", _("Counted from"), lambda row: row.since.isoformat(), 104),
        Column("due_on", _("Due since"), lambda row: row.due_on.isoformat(), 104),
        Column("fate", _("What happens"), lambda row: "", 128, chip=_fate),
    ]


def _fate(row: Due) -> Chip:
    return (
        Chip(_("Will be removed"), "warn", "delete")
        if row.removed
        else Chip(_("Will be anonymised"), "neutral", "user")
    )


class PersonView(QFrame):
    """One person's records and what erasing would do to each."""

    report_requested = Signal()
    erase_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._title = label("", "section", wrap=True)
        self._hint = label("", "hint", wrap=True)
        self.report = button(
            _("Repo&rt for this person …"), self.report_requested.emit, role="primary", picture="document"
        )
        self.erase = button(_("E&rase …"), self.erase_requested.emit, role="danger", picture="delete")
        self._places = QGridLayout()
        self._places.setHorizontalSpacing(12)
        self._places.setVerticalSpacing(4)
        self._places.setColumnStretch(1, 1)
        inner = QWidget()
        room = QVBoxLayout(inner)
        room.setContentsMargins(0, 0, 8, 0)
        room.setSpacing(12)
        room.addLayout(self._places)
        room.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        for surface in (area.viewport(), inner):  # let the card's white background show through
            surface.setAutoFillBackground(False)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.report)
        actions.addWidget(self.erase)
        actions.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addLayout(actions)
        column.addWidget(area, 1)

    def show_person(self, chosen: Sequence[Candidate]) -> None:
        """Show the chosen person; `show_places` follows with the records."""
        self._title.setText(_(", ").join(dict.fromkeys(one.name for one in chosen)))
        self._hint.setText(" ")  # keeps its line
        self._clear()

    def show_places(self, places: Sequence[Consequence]) -> None:
        """Show for each record whether it would be erased, or until when and why the law keeps it."""
        self._clear()
        hint = numbered(
            len(places),
            N_("{n} record. It shows what erasing would do."),
            N_("{n} records. Each shows what erasing would do."),
        )
        self._hint.setText(hint if places else _("No record is left. Search again."))
        for number, place in enumerate(places):
            line = number * 2
            chip = Chip(_("Would be erased"), "ok") if place.erased else Chip(_kept(place), "warn", "lock")
            title = label(f"{place.what} · {place.place}", "strong", wrap=True)
            self._places.addWidget(ChipLabel(chip), line, 0, Qt.AlignmentFlag.AlignTop)
            self._places.addWidget(title, line, 1)
            if not place.erased:
                reason = f"{place.why} {place.clauses}".strip()
                self._places.addWidget(label(reason, "hint", wrap=True), line + 1, 1)
        self.erase.setEnabled(any(place.erased for place in places))

    def _clear(self) -> None:
        self.erase.setEnabled(False)
        while self._places.count():
            old = self._places.takeAt(0).widget()
            old.hide()
            old.deleteLater()


def _kept(place: Consequence) -> str:
    if place.until is None:
        return _("Kept by law")
    return _("Kept until {day}").format(day=place.until.isoformat())


def _below(inner: QWidget, head: QHBoxLayout | None = None) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    if head is not None:
        column.addLayout(head)
    column.addWidget(inner, 1)
    return page


class PeopleView(QWidget):
    """Two tabs: one person, found by name or number, and the records due to be anonymised.

    `chosen` carries the candidates, `anonymise_requested` the due rows, empty for all.
    """

    chosen = Signal(list)
    anonymise_requested = Signal(list)
    shown = Signal(int)

    def __init__(self, fetch_people: Fetch, fetch_due: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.banner = Banner()
        self._can_write = True
        self.people = TablePage(
            "people", _candidate_columns(), fetch_people, name=_("Search result"),
            empty=EmptyState(
                "people", _("Whose data?"),
                _("Type a name, or the last four digits of an ID or phone number, in the box above."),
            ),
            settings=settings, exportable=False, filter_hint=_("Name, or end of an ID or phone number"),
            identity=lambda row: row.keys,
        )  # fmt: skip
        self.people.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.person = PersonView()
        nothing = EmptyState(
            "people", _("No person chosen"),
            _("Choose a person to report on or erase; add more records of the same person with Ctrl."),
        )  # fmt: skip
        split = ListDetail(self.people, self.person, nothing, settings, "people", 0.52)
        self._split = split
        self.due = TablePage(
            "due", _due_columns(), fetch_due, name=_("Due to be anonymised"),
            empty=EmptyState(
                "ok", _("Nothing is due"),
                _("Records appear here when their retention term is over, for example 3 years after moving out."),
            ),
            settings=settings, exportable=False,
        )  # fmt: skip
        show_if(self.due.filter, False)
        self.due.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.all_button = button(
            _("&Anonymise all …"), lambda: self.anonymise_requested.emit([]), role="primary"
        )
        self.chosen_button = button(_("Anonymise t&he selection …"), self._ask_chosen)
        self.tabs = Tabs()
        self.tabs.addTab(_below(split), _("One person"))
        self.tabs.addTab(self._due_page(), _("Due"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)
        self._connect()
        self._offer()

    def _due_page(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(8)
        text = _(
            "Names, numbers and remarks are deleted, also in the audit log; statistics stay."
            " Copies in backups disappear when those backups are pruned, after a year at most."
        )
        head.addWidget(label(text, "hint", wrap=True), 1)
        head.addWidget(self.chosen_button)
        head.addWidget(self.all_button)
        return _below(self.due, head)

    def _connect(self) -> None:
        self.people.table.selectionModel().selectionChanged.connect(lambda *_changed: self._on_chosen())
        self.due.table.selectionModel().selectionChanged.connect(lambda *_changed: self._offer())
        self.due.model.loaded.connect(self._on_due)
        self.tabs.currentChanged.connect(self.shown)

    def set_writable(self, on: bool) -> None:
        """Show or hide erasing and anonymising."""
        self._can_write = on
        self.person.erase.setVisible(on)
        self.all_button.setVisible(on)
        self.chosen_button.setVisible(on)

    def rows_of(self, table: TablePage) -> list[Any]:
        """Return the selected rows of a list."""
        numbers = sorted(index.row() for index in table.table.selectionModel().selectedRows())
        return [row for row in map(table.model.row, numbers) if row is not None]

    def _on_chosen(self) -> None:
        chosen = self.rows_of(self.people)
        self._split.show_detail(bool(chosen))
        if chosen:
            self.person.show_person(chosen)
        self.chosen.emit(chosen)

    def _ask_chosen(self) -> None:
        if rows := self.rows_of(self.due):
            self.anonymise_requested.emit(rows)

    def _on_due(self, total: int) -> None:
        self.tabs.setTabText(DUE, _("Due ({n})").format(n=f"{total:,}") if total else _("Due"))
        self._offer()

    def _offer(self) -> None:
        self.all_button.setEnabled(self.due.model.total > 0)
        self.chosen_button.setEnabled(bool(self.due.table.selectionModel().hasSelection()))
