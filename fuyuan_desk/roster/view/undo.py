"""The screen before and after an import is undone: what goes, and the list of what stays and why."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.houses import KeptPlace
from fuyuan_desk.estates.kinds import BUILDING, ESTATE, UNIT
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader, label
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_KINDS = {UNIT.name: N_("Unit"), BUILDING.name: N_("Building"), ESTATE.name: N_("Estate")}
# telephones, shares, documents and tags are part of their household
_COUNTED = {
    "estate": (N_("{n} estate"), N_("{n} estates")),
    "building": (N_("{n} building"), N_("{n} buildings")),
    "unit": (N_("{n} unit"), N_("{n} units")),
    "household": (N_("{n} household"), N_("{n} households")),
    "person": (N_("{n} person"), N_("{n} persons")),
}


def counted(counts: Mapping[str, int]) -> str:
    """Return counts of records by table as one text."""
    texts = [numbered(counts[table], *both) for table, both in _COUNTED.items() if counts.get(table)]
    return _(", ").join(texts) or _("no records")


def removed_text(undoing: Undoing) -> str:
    """Return what undoing an import removes and sets back."""
    text = _("Removed: {things}.").format(things=counted(undoing.removed))
    if not undoing.changes:
        return text
    back = numbered(
        undoing.changes,
        N_("What the list changed in {n} household is set back."),
        N_("What the list changed in {n} households is set back."),
    )
    return f"{text} {back}"


def _columns() -> list[Column]:
    return [
        Column("kind", _("Record"), lambda row: _(_KINDS[row.kind]), 80),
        Column("address", _("Address"), lambda row: row.address, 280),
        Column("holder", _("Holder"), lambda row: row.holder or "–", 160),
        Column("reason", _("Why it stays"), lambda row: row.reason, 360),
    ]


class ImportUndoView(QWidget):
    """Asks whether to undo an import of which something stays, and shows afterwards what stayed.

    `place_opened` carries the `KeptPlace` of a row.
    """

    undo_requested = Signal(int)
    back_requested = Signal()
    place_opened = Signal(object)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._shown: Undoing | None = None
        self._is_done = False
        self.header = PageHeader("")
        self.back = icon_button("back", _("Back to the imports"), self.back_requested.emit)
        self.banner = Banner()
        self.removed = label("", wrap=True)
        self.kept = label("", wrap=True)
        # Not a book of the kit: what stays follows from one import and is stored nowhere.
        self.table = TablePage(
            "kept_records",
            _columns(),
            self._fetch,
            name=_("Records that stay"),
            empty=EmptyState("ok", _("Nothing stays"), _("Everything that this import added is removed.")),
            settings=settings,
            exportable=False,
            filter_hint=_("Filter by address or reason"),
            identity=lambda row: (row.kind, row.id),
        )
        self.table.opened.connect(self.place_opened)
        self.undo_button = button(_("Undo impor&t"), self._undo, role="danger", picture="undo")
        self.keep_button = button(_("&Keep as it is"), self.back_requested.emit)
        self.close_button = button(_("&Back to the imports"), self.back_requested.emit)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.header, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for made in (self.undo_button, self.keep_button, self.close_button):
            foot.addWidget(made)
        foot.addStretch(1)
        inner = QWidget()
        column = page_column(inner)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.removed)
        column.addWidget(self.kept)
        column.addWidget(label(_("Records that stay"), "section"))
        self.table.setMinimumHeight(240)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))

    @property
    def shown(self) -> Undoing | None:
        """What the screen shows, None before the first time."""
        return self._shown

    @property
    def asked(self) -> Undoing | None:
        """What the question on the screen is about, None after the undo."""
        return None if self._is_done else self._shown

    def ask(self, undoing: Undoing) -> None:
        """Ask whether to undo an import, with what would go and stay."""
        self.banner.clear()
        self._show(undoing, is_done=False)
        self.header.set_texts(_("Undo the import of {file}?").format(file=undoing.file_name))
        self.removed.setText(removed_text(undoing))
        self.kept.setText(
            _("Kept: {things}, because they were changed or used since, or hold what was.").format(
                things=counted(undoing.kept)
            )
        )
        self.keep_button.setFocus()

    def show_outcome(self, undoing: Undoing) -> None:
        """Show what stayed after an import was undone."""
        self._show(undoing, is_done=True)
        self.header.set_texts(_("Import undone"), undoing.file_name)
        self.removed.setText(removed_text(undoing))
        self.kept.setText(
            _("Kept: {things}. Open them from the list to correct or remove them one by one.").format(
                things=counted(undoing.kept)
            )
        )
        self.banner.say(
            "info",
            _("The import of {file} was undone, except for what is listed here.").format(
                file=undoing.file_name
            ),
        )
        self.close_button.setFocus()

    def set_busy(self, on: bool) -> None:
        """Disable the buttons while the import is being undone."""
        for made in (self.undo_button, self.keep_button, self.back):
            made.setEnabled(not on)

    def _show(self, undoing: Undoing, is_done: bool) -> None:
        self._shown, self._is_done = undoing, is_done
        self.set_busy(False)
        self.undo_button.setVisible(not is_done)
        self.keep_button.setVisible(not is_done)
        self.close_button.setVisible(is_done)
        self.kept.setVisible(bool(undoing.places))
        self.table.clear_filters()
        self.table.load()

    def _undo(self) -> None:
        if self._shown is not None:
            self.set_busy(True)
            self.undo_requested.emit(self._shown.import_id)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        typed = query.filter.casefold()
        found = [
            row for row in self._places() if typed in f"{row.address} {row.holder} {row.reason}".casefold()
        ]
        deliver(Window(len(found), found[offset : offset + limit]))

    def _places(self) -> tuple[KeptPlace, ...]:
        return () if self._shown is None else self._shown.places
