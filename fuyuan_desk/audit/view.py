"""The audit log tab: entries narrowed by filters, and the details of one entry."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.audit.facts import EntryDetail, EntryLine
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import Fact, Facts, label, rule
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch
from fuyuan_desk.widgets.theme import TEXT_PX, show_if, text_px

CUSTOM = "custom"
_FAILURES = (
    "sign_in_failed", "confirm_failed", "refused", "backup_failed", "end_lost", "older_keys", "contradicts_backup",
    "rechained",
)  # fmt: skip
_SENTENCE = 260  # px; beside less room, the answer of a comparison stands above the buttons
_DISCLOSURES = ("reveal", "export", "print")
_CHANGES = ("insert", "update", "delete")


def action_chip(line: EntryLine) -> Chip:
    """Return the chip for an entry's action."""
    if line.action in _FAILURES:
        return Chip(line.action_name, "error", "warning")
    if line.action in _DISCLOSURES:
        return Chip(line.action_name, "warn", {"reveal": "eye", "export": "export"}.get(line.action, "print"))
    if line.action in _CHANGES:
        picture = {"insert": "add", "update": "edit"}.get(line.action, "delete")
        return Chip(line.action_name, "neutral", picture)
    return Chip(line.action_name, "neutral", "user")


def _columns() -> list[Column]:
    is_large = text_px() > TEXT_PX
    return [
        Column("id", _("No."), lambda row: f"{row.id:,}", 72, "right", hidden=is_large),
        Column("at", _("When"), lambda row: f"{row.at.astimezone():%Y-%m-%d %H:%M:%S}", 178, least=172),
        Column("operator", _("Operator"), lambda row: row.operator_name, 88, tip=lambda row: row.operator, least=76),
        Column("action", _("Action"), lambda row: row.action_name, 136, chip=action_chip, least=136),
        Column("what", _("Record"), _record, 150, least=116),
        Column("summary", _("Details"), lambda row: row.summary, 300, tip=lambda row: row.whole or row.summary),
    ]  # fmt: skip


def _record(row: EntryLine) -> str:
    if row.record_id is None:
        return row.table_name
    return f"{row.table_name} {row.record_name or row.record_id}"


class EntryView(QFrame):
    """The details of one entry: the facts, then each field with its old and new value."""

    reveal_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._chip = ChipLabel()
        self._facts = Facts()
        self._changes = QGridLayout()
        self._changes.setHorizontalSpacing(16)
        self._changes.setVerticalSpacing(8)
        self.reveal = button(_("Sho&w unmasked (this is logged)"), self.reveal_requested.emit, picture="eye")
        self._note = label("", "hint", wrap=True)
        inner = QWidget()
        room = QVBoxLayout(inner)
        room.setContentsMargins(0, 0, 8, 0)
        room.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._chip)
        head.addStretch(1)
        room.addLayout(head)
        room.addWidget(self._facts)
        room.addWidget(rule())
        room.addLayout(self._changes)
        room.addWidget(self._note)
        room.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        for surface in (area.viewport(), inner):  # let the card's white background show through
            surface.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(8)
        column.addWidget(area, 1)
        column.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeft)

    def show_entry(self, detail: EntryDetail, revealed: bool) -> None:
        """Show an entry; `revealed`: nothing in it is masked."""
        line = detail.line
        self._chip.set_chip(action_chip(line))
        record = _record(line) + (f" · {line.record_id:,}" if line.record_name else "")
        if detail.block is not None:
            record = _("{table} {first} to {last}").format(
                table=line.table_name, first=detail.block[0], last=detail.block[1]
            )
        self._facts.set_rows(
            [
                Fact(_("When"), f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}"),
                Fact(_("Operator"), _named(line)),
                Fact(_("Record"), record),
                Fact(_("Entry"), f"{line.id:,} · {detail.hash[:12]}…"),
            ]
        )
        self._fill(detail)
        self.reveal.setVisible(detail.hidden and not revealed)
        note = ""
        if detail.erased:
            note = _(
                "Personal data was erased from this entry as required by law; the chain is still intact."
            )
        elif not detail.changes:
            note = _("This entry has no further details.")
        self._note.setText(note)
        show_if(self._note, bool(note))

    def _fill(self, detail: EntryDetail) -> None:
        while self._changes.count():
            old = self._changes.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        changed = detail.line.action == "update"
        titles = (_("Field"), _("Before"), _("After")) if changed else (_("Field"), _("Value"))
        if detail.changes:
            for column, title in enumerate(titles):
                self._changes.addWidget(label(title, "caption"), 0, column)
        for row, change in enumerate(detail.changes, 1):
            values = (change.old, change.new) if changed else (change.new or change.old,)
            self._changes.addWidget(label(change.name, "muted", wrap=True), row, 0, _TOP)
            for column, value in enumerate(values, 1):
                self._changes.addWidget(self._value(value, change.hidden), row, column, _TOP)
        for column in range(1, 3):
            self._changes.setColumnStretch(column, 1 if column < len(titles) else 0)

    def _value(self, value: str, is_masked: bool) -> QLabel:
        return label(value or "—", "muted" if is_masked else "", wrap=True, selectable=True)


_TOP = Qt.AlignmentFlag.AlignTop


def _named(line: EntryLine) -> str:
    same = line.operator_name == line.operator
    return line.operator if same else f"{line.operator_name} ({line.operator})"


class TrailView(QWidget):
    """State of the chain, filters, list and details; `narrowed` carries a filter's name and value."""

    narrowed = Signal(str, object)
    check_requested = Signal()
    proof_requested = Signal()
    compare_requested = Signal()

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self.banner = Banner()
        self.progress = ProgressPanel()
        self._picture = Picture()
        self.chain = label("", wrap=True)
        self.chain_shown = ("", "info")
        self.check = button(_("Chec&k the chain"), self.check_requested.emit, role="primary")
        self.proof = button(_("Print &proof sheet"), self.proof_requested.emit, picture="print")
        self.compare = button(_("Co&mpare with a proof sheet …"), self.compare_requested.emit)
        empty = EmptyState("list", _("No entries yet"), _("Everything done at this desk is recorded here."))
        self.table = TablePage(
            "trail", _columns(), fetch, name=_("Audit log"), empty=empty, settings=settings,
            filter_hint=_("Words in the details"),
        )  # fmt: skip
        self.periods = self._facet("period", _("Only these days"))
        self.operators = self._facet("operator", _("Only this operator"))
        self.action_types = self._facet("action", _("Only this action"))
        self.kinds = self._facet("table", _("Only this kind of record"))
        self.entry = EntryView()
        nothing = EmptyState("list", _("No entry chosen"), _("Choose an entry to see its details."))
        self.split = ListDetail(self.table, self.entry, nothing, settings, "trail", 0.68)
        self.table.filters_cleared.connect(self._clear_facets)
        self._lay_out()

    def _lay_out(self) -> None:
        sentence = QWidget()
        sentence.setMinimumWidth(_SENTENCE)
        beside = QHBoxLayout(sentence)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self._picture)
        beside.addWidget(self.chain, 1)
        state = Flow()
        state.add(sentence, grows=True)
        for control in (self.compare, self.proof, self.check):
            state.add(control, end=True)
        for box in (self.periods, self.operators, self.action_types, self.kinds):
            self.table.add_tool(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addLayout(state)
        column.addWidget(self.progress)
        column.addWidget(self.split, 1)

    def _facet(self, name: str, hint: str) -> QComboBox:
        box = DropDown()
        box.setAccessibleName(hint)
        box.currentTextChanged.connect(lambda text: box.setToolTip(f"{hint}: {text}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(240)
        box.activated.connect(lambda index: self.narrowed.emit(name, box.itemData(index)))
        return box

    def set_choices(
        self,
        periods: Sequence[tuple[str, str]],
        operators: Sequence[tuple[str, str]],
        actions: Sequence[tuple[str, str]],
        tables: Sequence[tuple[str, str]],
    ) -> None:
        """Set the choices of the filters as key and name, keeping the selection."""
        for box, all_label, choices in (
            (self.periods, _("All days"), periods),
            (self.operators, _("All operators"), operators),
            (self.action_types, _("All actions"), actions),
            (self.kinds, _("All records"), tables),
        ):
            kept = box.currentData()
            box.clear()
            box.addItem(all_label, None)
            for key, name in choices:
                box.addItem(name, key)
            box.setCurrentIndex(max(box.findData(kept), 0) if kept is not None else 0)

    def show_days(self, first: date | None, last: date | None) -> None:
        """Show the chosen days in the filter, or that all are shown."""
        index = self.periods.findData(CUSTOM)
        if first is None and last is None:
            self.periods.setItemText(index, _("From … to …"))
            self.periods.setCurrentIndex(0)
        else:
            ends = [day.isoformat() if day is not None else "" for day in (first, last)]
            self.periods.setItemText(index, _("{first} to {last}").format(first=ends[0], last=ends[1]))
            self.periods.setCurrentIndex(index)

    def show_chain(self, sentence: str, tone: str) -> None:
        """Show the state of the chain; `tone` is 'ok', 'error' or 'info'."""
        self.chain_shown = (sentence, tone)
        self.chain.setText(sentence)
        picture = {"ok": "ok", "error": "error"}.get(tone, "info")
        self._picture.show_icon(picture, 20, tone)

    def allow_reading(self, allowed: bool) -> None:
        """Enable or disable what reads every entry, so that one such reading runs at a time."""
        for control in (self.compare, self.proof, self.check):
            control.setEnabled(allowed)

    def _clear_facets(self) -> None:
        for box in (self.periods, self.operators, self.action_types, self.kinds):
            box.setCurrentIndex(0)
        if self.periods.findData(CUSTOM) >= 0:
            self.show_days(None, None)


def day_fields() -> list[Field]:
    """Return the form fields of a date range."""
    return [Field("first", _("&From"), "date"), Field("last", _("&To"), "date")]


def anchor_fields() -> list[Field]:
    """Return the form fields for what a paper names: an entry's number and hash."""
    return [
        Field("number", _("&Number of the entry")),
        Field(
            "hash",
            _("&Hash"),
            hint=_("As printed; the first four groups are enough. Blanks and case do not matter."),
        ),
    ]
