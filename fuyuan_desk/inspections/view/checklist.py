"""A checklist to fill in: items by group, the number answered, and a button to pass all others."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.inspections.facts import OpenItems
from fuyuan_desk.inspections.rules.visits import CheckItem, Checklist, Finding, Result
from fuyuan_desk.inspections.rules.visits import label as label_of
from fuyuan_desk.inspections.view.answer import ItemRow
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card, OneLine, head_line, label, rule


class ChecklistEditor(Card):
    """Edits a checklist; emits `changed`, and `finished` when the last open item was answered by key."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ItemRow] = []
        self._checklist: Checklist | None = None
        self._failed: OpenItems | None = None
        self._held: dict[str, list[str]] = {}  # what was answered, and may belong to items that are not shown
        self._seen: set[str] = set()  # what was answered knowing that it had failed last time
        self._is_ready = True
        self._entered: Mapping[str, tuple[Result, str, str, str]] = {}
        self._name = OneLine("", "section")
        self._count = OneLine("", "hint")
        self.rest_button = button(_("&All others passed"), self.answer_rest, picture="ok")
        self.rest_button.setToolTip(_("Mark every unanswered item as passed, except what failed last time"))
        head = head_line((self._name, self._count), (self.rest_button,))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addLayout(head)
        self.body.addWidget(label(_("1 passed · 2 failed · 3 not applicable · ↑↓ items"), "hint", wrap=True))
        self.body.addWidget(rule())
        self.body.addWidget(self._area, 1)

    @property
    def checklist(self) -> Checklist | None:
        """The shown checklist."""
        return self._checklist

    @property
    def failed(self) -> OpenItems | None:
        """What failed last time, shown first."""
        return self._failed

    def show_checklist(
        self, checklist: Checklist, laws: Mapping[str, str], failed: OpenItems | None = None
    ) -> None:
        """Show a checklist; `laws` maps citations to their words, `failed` is what comes first.

        Answers stay, so that another place or version does not cost them, also to items that are not shown now; one
        that had failed last time is asked for again unless this was shown when it was answered.
        """
        before = self._checklist
        is_same_kind = before is None or before.subject is checklist.subject
        kept = self.raw() if is_same_kind else {}
        self._checklist, self._failed = checklist, failed
        seen = self._seen if failed is not None else set()
        chinese = language().startswith("zh")
        self._name.setText(checklist.title(chinese))
        self.setAccessibleName(self._name.text())
        self._rows.clear()
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        heading = ""
        for number, item in _failed_first(checklist, failed):
            last = failed.items.get(item.key) if failed is not None else None
            title = item.shown(chinese)[0]
            if last is not None:
                title = _("Failed on {day}: look at it again").format(day=last.day)
            if title != heading:
                above = label(title, "strong")
                above.setContentsMargins(0, 10 if heading else 0, 0, 4)
                column.addWidget(above)
                heading = title
            law = "\n".join(laws[ref] for ref in item.clauses if ref in laws)
            row = self._add(number, item, law, chinese)
            row.show_last(last.remark if last is not None else "")
            column.addWidget(row)
        column.addStretch(1)
        self._area.setWidget(inner)
        self.set_raw(kept, seen)
        self._update_count()

    def _add(self, number: int, item: CheckItem, law: str, chinese: bool) -> ItemRow:
        row = ItemRow(item, number, item.shown(chinese)[1], law)
        row.changed.connect(self._on_changed)
        row.done.connect(lambda: self._focus_next(row))
        row.moved.connect(lambda by: self._move(row, by))
        self._rows.append(row)
        return row

    def row(self, key: str) -> ItemRow:
        """Return the row of an item."""
        return next(row for row in self._rows if row.key == key)

    def findings(self) -> tuple[Finding, ...]:
        """Return the answered items."""
        return tuple(
            Finding(
                row.key,
                row.result,
                row.remark.text().strip() if row.result is Result.FAIL else "",
                row.box.value,
                row.photos.text().strip(),
            )
            for row in self._rows
            if row.result is not None
        )

    def raw(self) -> dict[str, list[str]]:
        """Return the answers as stored in a draft, also to items that are not shown now, omitting unanswered ones."""
        shown = {row.key for row in self._rows}
        held = {key: answer for key, answer in self._held.items() if key not in shown}
        return held | {row.key: row.raw() for row in self._rows if any(row.raw())}

    @property
    def seen(self) -> list[str]:
        """The items answered while it was shown that they had failed last time, in a fixed order."""
        return sorted(row.key for row in self._rows if row.key in self._seen and row.result is not None)

    def set_raw(self, raw: Mapping[str, Any], seen: Collection[str] = ()) -> None:
        """Restore the result of `raw`; answers to items that are not shown are held, as a sheet may ask for them.

        An item that had failed last time counts as passed only if it is among those `seen`.
        """
        failed = self._failed_keys()
        self._held = {key: list(answer) for key, answer in raw.items()}
        for row in self._rows:
            # drafts of earlier versions hold no value, or no photo numbers
            answer, remark, value, photos = (*raw.get(row.key, ("", "")), "", "")[:4]
            if row.key in failed and row.key not in seen and answer != Result.FAIL:
                answer = value = ""
            row.set_raw(str(answer), str(remark), str(value), str(photos))
        self._seen = failed | set(seen)

    def compare_with(self, entered: Collection[Finding]) -> None:
        """Show below each item what was entered before, as soon as its answer differs from that."""
        self._entered = {
            found.item: (found.result, found.remark, found.value, found.photos) for found in entered
        }
        self._show_entered()

    def _show_entered(self) -> None:
        for row in self._rows:
            before = self._entered.get(row.key)
            remark = row.remark.text().strip() if row.result is Result.FAIL else ""
            now = (row.result, remark, row.box.value, row.photos.text().strip())
            if before is not None:
                said = ", ".join(filter(None, (label_of(before[0]), before[2], before[1], before[3])))
                row.show_last("" if now == before else _("Entered first: {what}").format(what=said))

    def set_ready(self, on: bool) -> None:
        """Allow to pass all others, once it is known what had failed last time."""
        self._is_ready = on
        self._update_count()

    def answer_rest(self) -> None:
        """Mark every unanswered item as passed, except those that failed last time: each needs its own answer."""
        failed = self._failed_keys()
        for row in self._rows:
            if row.can_pass and row.result is None and row.key not in failed:
                row.box.set_result(Result.PASS)
        if any(row.result is None for row in self._rows):
            self.focus_first()
        else:
            self.finished.emit()

    def _failed_keys(self) -> set[str]:
        return set(self._failed.items) if self._failed is not None else set()

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show each message beside its item and focus the first; return whether there was any."""
        first: ItemRow | None = None
        for row in self._rows:
            message = errors.get(f"item.{row.key}", "")
            row.show_error(message)
            if message and first is None:
                first = row
        if first is not None:
            self._focus_row(first)
        return first is not None

    def errors(self) -> dict[str, str]:
        """Return the shown messages by item key."""
        return {row.key: row.error.text() for row in self._rows if row.error.text()}

    def focus_first(self) -> None:
        """Focus the first unanswered item."""
        if self._rows:
            self._focus_row(next((row for row in self._rows if row.result is None), self._rows[0]))

    @property
    def failures(self) -> int:
        """The number of failed items."""
        return sum(row.result is Result.FAIL for row in self._rows)

    def _on_changed(self) -> None:
        if self._entered:
            self._show_entered()
        self._update_count()
        self.changed.emit()

    def _focus_next(self, row: ItemRow) -> None:
        after = self._rows[self._rows.index(row) + 1 :]
        before = self._rows[: self._rows.index(row)]
        following = next((other for other in (*after, *before) if other.result is None), None)
        if following is not None:
            self._focus_row(following)
        elif after:
            self._focus_row(after[0])
        else:
            self.finished.emit()

    def _move(self, row: ItemRow, by: int) -> None:
        index = self._rows.index(row) + by
        if 0 <= index < len(self._rows):
            self._rows[index].box.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._rows[index], 0, 48)

    def _focus_row(self, row: ItemRow) -> None:
        row.focus()
        self._area.ensureWidgetVisible(row, 0, 48)

    def _update_count(self) -> None:
        answered = sum(row.result is not None for row in self._rows)
        total = len(self._rows)
        text = (
            _("{done} of {total} answered").format(done=answered, total=total)
            if answered
            else numbered(total, N_("{n} item, not answered yet"), N_("{n} items, none answered yet"))
        )
        if self.failures:
            text += " · " + _("{n} failed").format(n=self.failures)
        unanswered = {row.key for row in self._rows if row.result is None}
        again = unanswered & self._failed_keys()
        if again:
            text += " · " + numbered(
                len(again),
                N_("{n} item failed last time: answer it by itself"),
                N_("{n} items failed last time: answer them one by one"),
            )
        self._count.setText(text)
        rest = {row.key for row in self._rows if row.can_pass and row.result is None} - again
        self.rest_button.setEnabled(self._is_ready and bool(rest))


def _failed_first(checklist: Checklist, failed: OpenItems | None) -> list[tuple[int, CheckItem]]:
    """Return the items with their numbers, those that failed last time first."""
    last = failed.items if failed is not None else {}
    # the earliest first, so that those of one day stand together
    return sorted(
        enumerate(checklist.items, 1),
        key=lambda numbered_item: (
            numbered_item[1].key not in last,
            last[numbered_item[1].key].day if numbered_item[1].key in last else date.min,
        ),
    )
