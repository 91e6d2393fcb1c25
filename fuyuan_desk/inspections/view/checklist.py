"""A checklist to fill in: items in groups, how many are answered, and the rest in order with one press."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _, language
from fuyuan_desk.inspections.rules import CheckItem, Checklist, Finding, Result
from fuyuan_desk.inspections.view.answer import ItemRow
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card, label, rule


class ChecklistEditor(Card):
    """Hear `changed`; `finished` when the last open item was answered by key."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ItemRow] = []
        self._checklist: Checklist | None = None
        self._name = label("", "section")
        self._count = label("", "hint")
        self.rest_button = button(_("&All others in order"), self.answer_rest, picture="ok")
        self.rest_button.setToolTip(_("Marks every item that has no answer yet as in order"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._name)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.rest_button)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addLayout(head)
        self.body.addWidget(label(_("1 in order · 2 not in order · 3 does not apply · ↑↓ items"), "hint"))
        self.body.addWidget(rule())
        self.body.addWidget(self._area, 1)

    @property
    def checklist(self) -> Checklist | None:
        """The list that is filled in."""
        return self._checklist

    def show_checklist(self, checklist: Checklist, laws: Mapping[str, str]) -> None:
        """Show an empty list; `laws` gives the clauses of an item by its key."""
        self._checklist = checklist
        chinese = language().startswith("zh")
        self._name.setText(checklist.name if chinese else checklist.name_en)
        self.setAccessibleName(self._name.text())
        self._rows.clear()
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        group = ""
        for number, item in enumerate(checklist.items, 1):
            if item.group != group:
                group = item.group
                heading = label(group if chinese else item.group_en, "strong")
                heading.setContentsMargins(0, 0 if number == 1 else 10, 0, 4)
                column.addWidget(heading)
            column.addWidget(self._add(number, item, laws.get(item.key, ""), chinese))
        column.addStretch(1)
        self._area.setWidget(inner)
        self._tell()

    def _add(self, number: int, item: CheckItem, law: str, chinese: bool) -> ItemRow:
        row = ItemRow(item.key, number, item.text if chinese else item.text_en, law)
        row.changed.connect(self._on_changed)
        row.done.connect(lambda: self._go_on(row))
        row.moved.connect(lambda by: self._move(row, by))
        self._rows.append(row)
        return row

    def row(self, key: str) -> ItemRow:
        """Give the row of an item."""
        return next(row for row in self._rows if row.key == key)

    def findings(self) -> tuple[Finding, ...]:
        """Give what was answered."""
        return tuple(
            Finding(row.key, row.result, row.remark.text().strip() if row.result is Result.FAIL else "")
            for row in self._rows
            if row.result is not None
        )

    def raw(self) -> dict[str, list[str]]:
        """Give the answers as a draft keeps them; items without one are left out."""
        return {row.key: row.raw() for row in self._rows if row.raw() != ["", ""]}

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Put back what `raw` gave; items that are not on the list are passed over."""
        for row in self._rows:
            answer, remark = raw.get(row.key, ("", ""))
            row.set_raw(str(answer), str(remark))

    def answer_rest(self) -> None:
        """Mark every item that has no answer yet as in order."""
        for row in self._rows:
            if row.result is None:
                row.box.set_result(Result.PASS)
        self.finished.emit()

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its item and focus the first; tell whether an item was meant."""
        first: ItemRow | None = None
        for row in self._rows:
            message = errors.get(f"item.{row.key}", "")
            row.show_error(message)
            if message and first is None:
                first = row
        if first is not None:
            self._bring(first)
        return first is not None

    def errors(self) -> dict[str, str]:
        """Give the messages now shown, by the item's key."""
        return {row.key: row.error.text() for row in self._rows if row.error.text()}

    def focus_first(self) -> None:
        """Go to the first item without an answer."""
        if self._rows:
            self._bring(next((row for row in self._rows if row.result is None), self._rows[0]))

    @property
    def failures(self) -> int:
        """How many items are not in order."""
        return sum(row.result is Result.FAIL for row in self._rows)

    def _on_changed(self) -> None:
        self._tell()
        self.changed.emit()

    def _go_on(self, row: ItemRow) -> None:
        after = self._rows[self._rows.index(row) + 1 :]
        before = self._rows[: self._rows.index(row)]
        following = next((other for other in (*after, *before) if other.result is None), None)
        if following is not None:
            self._bring(following)
        elif after:
            self._bring(after[0])
        else:
            self.finished.emit()

    def _move(self, row: ItemRow, by: int) -> None:
        place = self._rows.index(row) + by
        if 0 <= place < len(self._rows):
            self._rows[place].box.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._rows[place], 0, 48)

    def _bring(self, row: ItemRow) -> None:
        row.focus()
        self._area.ensureWidgetVisible(row, 0, 48)

    def _tell(self) -> None:
        answered = sum(row.result is not None for row in self._rows)
        words = _("{done} of {total} answered").format(done=answered, total=len(self._rows))
        if self.failures:
            words += " · " + _("{n} not in order").format(n=self.failures)
        self._count.setText(words)
        self.rest_button.setEnabled(answered < len(self._rows))
