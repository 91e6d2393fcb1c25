"""The backup tab: status sentence, backup places, and the backups of a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import CHIP_ROLE, Chip, ChipDelegate
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.labels import Card, label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.theme import set_role, show_if


@dataclass(frozen=True)
class PlaceRow:
    """A row of the list of places; `id` is 0 without a record, `about` is the path and the last error."""

    id: int
    title: str
    chip: Chip
    newest: str
    about: str
    can_forget: bool


@dataclass(frozen=True)
class GenerationRow:
    """A row of the list of backups: folder, time, size, state, and contents as text."""

    path: str
    taken: str
    size: str
    chip: Chip
    holds: str


class Lines(QTableWidget):
    """A small table with single selection; Enter or a double click opens a row."""

    opened = Signal(int)
    chosen = Signal(int)

    def __init__(self, name: str, titles: Sequence[str], wide: int) -> None:
        super().__init__(0, len(titles))
        self.setHorizontalHeaderLabels(list(titles))
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(104)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.setItemDelegate(ChipDelegate(self))
        self.itemActivated.connect(lambda item: self.opened.emit(item.row()))
        self.currentCellChanged.connect(lambda row, _column, _row, _old: self.chosen.emit(row))

    def show_lines(self, rows: Sequence[Sequence[str | Chip]], keep: int = -1) -> None:
        """Show these rows and select row `keep`, -1 for none, without emitting signals."""
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                text = cell.text if isinstance(cell, Chip) else cell
                # a chip draws its own text; the spaces leave room for its icon
                item = QTableWidgetItem(f"{text}　　" if isinstance(cell, Chip) else text)
                item.setToolTip(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
                if isinstance(cell, Chip):
                    item.setData(CHIP_ROLE, cell)
                self.setItem(number, column, item)
        self.setCurrentCell(keep, 0 if keep >= 0 else -1)
        self.blockSignals(False)


class BackupView(QWidget):
    """Shows the status, the places, and the backups of the chosen place.

    `place_chosen` and `forget_requested` carry a place's row number, `check_requested`,
    `slip_requested` and `restore_requested` a path.
    """

    back_up_requested = Signal()
    second_requested = Signal()
    stick_requested = Signal()
    forget_requested = Signal(int)
    place_chosen = Signal(int)
    check_requested = Signal(str)
    slip_requested = Signal(str)
    restore_requested = Signal(str)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._places: Sequence[PlaceRow] = ()
        self._generations: Sequence[GenerationRow] = ()
        self.banner = Banner()
        self.progress = ProgressPanel()
        self._picture = Picture()
        self.state = label("", "section", wrap=True)
        self.about = label("", "hint", wrap=True)
        self.now = button(_("Back up &now"), self.back_up_requested.emit, role="primary", picture="shield")
        self.places = Lines(_("Backup locations"), [_("Location"), _("State"), _("Newest backup")], 0)
        self.place_about = label("", "hint", wrap=True, selectable=True)
        self.second = button(_("Choose a second &folder …"), self.second_requested.emit)
        self.stick = button(_("Name a U&SB drive …"), self.stick_requested.emit)
        self.forget = button(_("Stop usin&g this location …"), self._forget)
        self.generations = Lines(_("Backups"), [_("Created"), _("State"), _("Size"), _("Contents")], 3)
        self.nothing = label("", "muted", wrap=True)
        self.check = button(_("Chec&k this backup"), self._check)
        self.slip = button(_("&Print its slip"), self._print_slip, picture="print")
        self.restore = button(_("&Restore …"), self._restore)
        self._lay_out(settings)
        self.places.chosen.connect(self._on_place)
        self.generations.chosen.connect(lambda _row: self._enable())
        self.generations.opened.connect(lambda _row: self._check())
        self._enable()

    def _lay_out(self, settings: Settings | None) -> None:
        head = QFrame()
        head.setProperty("role", "card")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.state)
        texts.addWidget(self.about)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(self.now, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(head)
        column.addWidget(self.progress)
        split = ListDetail(
            self._place_card(), self._generation_card(), settings=settings, key="backups", ratio=0.46
        )
        split.show_detail()
        split.show_list()  # where there is room for one pane: where backups go
        column.addWidget(split, 1)

    def _place_card(self) -> Card:
        card = Card(_("Where backups go"))
        card.body.addWidget(self.places, 1)
        card.body.addWidget(self.place_about)
        for control in (self.second, self.stick, self.forget):
            control.setMinimumWidth(64)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.second)
        row.addWidget(self.stick)
        row.addStretch(1)
        card.body.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.forget)
        below.addStretch(1)
        card.body.addLayout(below)
        return card

    def _generation_card(self) -> Card:
        self._generation_title = Card(_("Backups at this location"))
        card = self._generation_title
        card.body.addWidget(self.nothing)
        card.body.addWidget(self.generations, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.check)
        row.addWidget(self.slip)
        row.addStretch(1)
        row.addWidget(self.restore)
        card.body.addLayout(row)
        card.body.addStretch(0)
        return card

    # --- what is shown

    def show_state(self, sentence: str, about: str, tone: str) -> None:
        """Show the status; `tone` is 'ok', 'warn' or 'info'."""
        self.state.setText(sentence)
        self.about.setText(about)
        picture = {"ok": "ok", "warn": "warning"}.get(tone, "info")
        self._picture.show_icon(picture, 32, tone)
        set_role(self.state, "section")

    def show_admin(self, is_admin: bool) -> None:
        """Show or hide the administrator's actions."""
        for control in (self.second, self.stick, self.forget):
            control.setVisible(is_admin)

    def show_restore(self, offered: bool) -> None:
        """Show or hide the button that opens the restore wizard."""
        self.restore.setVisible(offered)

    def show_slip(self, offered: bool) -> None:
        """Show or hide the button that prints a backup's slip."""
        self.slip.setVisible(offered)

    def show_places(self, rows: Sequence[PlaceRow]) -> None:
        """List the places, keeping the selection."""
        keep = max(self.places.currentRow(), 0)
        self._places = rows
        keep = min(keep, len(rows) - 1)
        self.places.show_lines([(row.title, row.chip, row.newest) for row in rows], keep)
        self._show_place()
        self._enable()

    def show_generations(self, rows: Sequence[GenerationRow], nothing: str = "") -> None:
        """List the backups of the chosen place, or show the text `nothing` if there are none."""
        chosen = self.chosen_path
        self._generations = rows
        numbers = [number for number, row in enumerate(rows) if row.path == chosen]
        self.generations.show_lines(
            [(row.taken, row.chip, row.size, row.holds) for row in rows],
            numbers[0] if numbers else (0 if rows else -1),
        )
        self.generations.setVisible(bool(rows))
        self.nothing.setText(nothing)
        show_if(self.nothing, not rows)
        self._enable()

    @property
    def place(self) -> int:
        """The row number of the chosen place, -1 for none."""
        return self.places.currentRow()

    @property
    def chosen_path(self) -> str:
        """The folder of the chosen backup, '' for none."""
        row = self.generations.currentRow()
        return self._generations[row].path if 0 <= row < len(self._generations) else ""

    def _on_place(self, row: int) -> None:
        self._show_place()
        self._enable()
        if row >= 0:
            self.place_chosen.emit(row)

    def _show_place(self) -> None:
        row = self.place
        self.place_about.setText(self._places[row].about if 0 <= row < len(self._places) else "")
        self._generation_title.set_title(
            _("Backups: {place}").format(place=self._places[row].title)
            if 0 <= row < len(self._places)
            else _("Backups at this location")
        )

    def _enable(self) -> None:
        row = self.place
        self.forget.setEnabled(0 <= row < len(self._places) and self._places[row].can_forget)
        self.check.setEnabled(bool(self.chosen_path))
        self.slip.setEnabled(bool(self.chosen_path))
        self.restore.setEnabled(True)

    def _forget(self) -> None:
        if self.place >= 0:
            self.forget_requested.emit(self.place)

    def _check(self) -> None:
        if self.chosen_path:
            self.check_requested.emit(self.chosen_path)

    def _print_slip(self) -> None:
        self.slip_requested.emit(self.chosen_path)

    def _restore(self) -> None:
        self.restore_requested.emit(self.chosen_path)


def stick_fields() -> list[Field]:
    """Return the form fields for naming a USB stick."""
    return [
        Field("drive", _("&Drive or folder of the USB drive"), "folder", required=True),
        Field(
            "name",
            _("N&ame of the USB drive"),
            required=True,
            hint=_("The label on it, such as “Blue drive”."),
        ),
    ]
