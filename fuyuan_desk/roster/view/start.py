"""The first screen of the roster import: a drop zone for the file, and the list of earlier imports."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.houses import ImportRow
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window
from fuyuan_desk.widgets.theme import set_role

FILE_KINDS = "*.xlsx *.xlsm *.xls *.xlsb *.et *.ods *.csv *.tsv *.txt"


def _file_in(data: QMimeData) -> Path | None:
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


class DropZone(QFrame):
    """A drop zone for a file, with a button to choose one."""

    dropped = Signal(object)
    choose_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setProperty("role", "drop")
        picture = Picture()
        picture.show_icon("import", 40, "accent")
        self.choose_button = button(
            _("&Choose a file …"),
            self.choose_requested.emit,
            role="primary",
            picture="folder",
            shortcut="Ctrl+O",
        )
        title = label(_("Drop the roster here, or choose it"), "section")
        hint = label(
            _("Excel, WPS, ODS or CSV as it is: titles, merged cells and notes may stay."),
            "muted", wrap=True,
        )  # fmt: skip
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for part in (picture, title):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self.hidden = QCheckBox(_("Read h&idden sheets, too"))
        column.addWidget(hint)
        column.addSpacing(4)
        column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.hidden, 0, Qt.AlignmentFlag.AlignHCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _file_in(event.mimeData()) is not None:
            set_role(self, "drop_ready")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_role(self, "drop")

    def dropEvent(self, event: QDropEvent) -> None:
        set_role(self, "drop")
        path = _file_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)


def _count(name: str) -> Callable[[ImportRow], str]:
    return lambda row: f"{row.counts.get(name, 0):,}"


_ORDERS: dict[str, Callable[[ImportRow], Any]] = {
    "at": lambda row: row.at,
    "file": lambda row: natural_key(row.file_name),
    "operator": lambda row: row.operator,
}


def _ordered(rows: list[ImportRow], query: Query) -> list[ImportRow]:
    """Return the rows in the order of a column: a figure's, or one of `_ORDERS`; as they came without one."""
    if not query.sort:
        return rows
    key = _ORDERS.get(query.sort, lambda row: row.counts.get(query.sort, 0))
    return sorted(rows, key=key, reverse=query.descending)


def _undone(row: ImportRow) -> str:
    kept, homes = row.counts.get("kept", 0), row.counts.get("kept_homes", 0)
    if not kept:
        return _("Undone")
    if kept == homes:
        return numbered(kept, N_("Undone, {n} home stays"), N_("Undone, {n} homes stay"))
    return numbered(kept, N_("Undone, {n} record stays"), N_("Undone, {n} records stay"))


def _state(row: ImportRow) -> Chip:
    if row.undone_at is not None:
        return Chip(_undone(row), "neutral", "undo")
    return Chip(_("Imported"), "ok")


def _has_kept(row: ImportRow | None) -> bool:
    return row is not None and row.undone_at is not None and row.counts.get("kept", 0) > 0


def _columns() -> list[Column]:
    return [
        Column("at", _("When"), lambda row: row.at.astimezone().strftime("%Y-%m-%d %H:%M"), 152, sort="at"),
        Column("file", _("File"), lambda row: row.file_name, 264, sort="file"),
        Column("operator", _("By"), lambda row: row.operator, 88, sort="operator"),
        Column("buildings", _("Buildings"), _count("buildings"), 64, "right", sort="buildings"),
        Column("units", _("Homes"), _count("units"), 64, "right", sort="units"),
        Column("households", _("Households"), _count("households"), 64, "right", sort="households"),
        Column("changes", _("Changed"), _count("changes"), 64, "right", sort="changes"),
        Column("duplicates", _("Duplicates"), _count("duplicates"), 64, "right", sort="duplicates"),
        Column("rejected", _("Faulty"), _count("rejected"), 64, "right", sort="rejected"),
        Column("state", _("State"), lambda row: "", 192, chip=_state),
    ]


class ImportStartView(QWidget):
    """Accepts a file, lists earlier imports, and offers what can be done with each.

    An import can be undone, what stayed of one that was undone is shown, and so are the rows that were not imported.
    """

    file_chosen = Signal(object)
    choose_requested = Signal()
    undo_requested = Signal(object)
    kept_requested = Signal(int)
    rest_requested = Signal(int)
    back_requested = Signal()
    community_requested = Signal()

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._rows: Sequence[ImportRow] = ()
        self._can_write = True
        self._returns_focus = False
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.zone = DropZone()
        self.zone.dropped.connect(self.file_chosen)
        self.zone.choose_requested.connect(self.choose_requested)
        # Not a book of the kit: a few rows, read whole, which neither the search nor a form knows.
        self.table = TablePage(
            "imports",
            _columns(),
            self._fetch,
            name=_("Earlier imports"),
            empty=EmptyState(
                "list", _("Nothing imported yet"), _("Every import is listed here and can be undone.")
            ),
            settings=settings,
            exportable=False,
            filter_hint=_("Filter imports"),
        )
        self.undo_button = button(_("Undo impor&t …"), self._ask_undo, picture="undo")
        self.undo_button.setEnabled(False)
        self.undo_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.table.add_tool(self.undo_button)
        self.kept_button = button(_("&Show what stayed"), self._show_kept, picture="list")
        self.kept_button.setEnabled(False)
        self.kept_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.table.add_tool(self.kept_button)
        self.rest_button = button(_("Ro&ws not imported"), self._show_rest, picture="list")
        self.rest_button.setEnabled(False)
        self.rest_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.table.add_tool(self.rest_button)
        self.table.selected.connect(self._on_selected)
        inner = QWidget()
        column = page_column(inner)
        self.community_button = button(
            _("&Export for 社区云 …"), self.community_requested.emit, picture="export"
        )
        header = PageHeader(
            _("Roster import"),
            _("Nothing is saved before you have checked the result."),
            [self.community_button],
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        self.back = icon_button("back", _("Back to all estates"), self.back_requested.emit)
        head.addWidget(self.back)
        head.addWidget(header, 1)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.zone)
        column.addWidget(self.progress)
        column.addSpacing(4)
        column.addWidget(label(_("Earlier imports"), "section"))
        self.table.setMinimumHeight(200)
        column.addWidget(self.table, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))

    @property
    def reads_hidden(self) -> bool:
        """Whether the hidden sheets of a file are read, too."""
        return self.zone.hidden.isChecked()

    def show_imports(self, rows: Sequence[ImportRow]) -> None:
        """List the earlier imports."""
        self._rows = rows
        self.table.load()
        self.table.table.measure_states()  # that of an undone import is longer
        # the chosen import may be the one that was just undone
        self._on_selected(self.table.current_row())

    def set_busy(self, on: bool) -> None:
        """Disable the drop zone while a file is being read; its button then has the focus that it had before."""
        focused: QWidget | None = self.window().focusWidget()
        if on and focused is not None and self.zone.isAncestorOf(focused):
            self._returns_focus = True
        self.zone.setEnabled(not on)
        if not on and self._returns_focus:
            self._returns_focus = False
            self.zone.choose_button.setFocus()

    def set_writable(self, on: bool) -> None:
        """Show or hide importing and undoing."""
        self._can_write = on
        self.zone.setVisible(on)
        self.community_button.setVisible(on)
        self.undo_button.setVisible(on)
        self.kept_button.setVisible(on)
        self.rest_button.setVisible(on)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        found = [row for row in self._rows if query.filter.casefold() in row.file_name.casefold()]
        found = _ordered(found, query)
        deliver(Window(len(found), found[offset : offset + limit]))

    def _on_selected(self, row: ImportRow | None) -> None:
        self.undo_button.setEnabled(row is not None and row.undone_at is None)
        self.kept_button.setEnabled(_has_kept(row))
        self.rest_button.setEnabled(row is not None and row.unimported > 0)

    def _ask_undo(self) -> None:
        row = self.table.current_row()
        if row is not None and row.undone_at is None:
            self.undo_requested.emit(row)

    def _show_kept(self) -> None:
        row = self.table.current_row()
        if row is not None and _has_kept(row):
            self.kept_requested.emit(row.id)

    def _show_rest(self) -> None:
        row = self.table.current_row()
        if row is not None and row.unimported:
            self.rest_requested.emit(row.id)
