"""Photos from a folder on their way to visits: the list with what is proposed, and beside it the chosen ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fuyuan_desk.core.photos import DISTANCES, PhotoKind
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules.photo_batch import READY, Row, State, clock_text
from fuyuan_desk.inspections.rules.photo_matching import VisitNoted
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, Tone
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Deliver, Query, Window

NO_VISIT = 0
_TONES: dict[State, tuple[Tone, str]] = {
    State.UNSURE: ("warn", "help"),
    State.OPEN: ("warn", "warning"),
    State.FAULT: ("error", "error"),
    State.LIKELY: ("neutral", "ok"),
    State.SURE: ("ok", "ok"),
    State.CHOSEN: ("ok", "edit"),
    State.ATTACHED: ("ok", "save"),
}
_STEPS = (timedelta(hours=-1), timedelta(minutes=-1), timedelta(minutes=1), timedelta(hours=1))
_PREVIEW_PX = 132


def state_chip(row: Row) -> Chip:
    """Return the chip of what becomes of a file."""
    tone, picture = _TONES.get(row.state, ("neutral", ""))
    return Chip(row.state.label, tone, picture)


def visit_text(visit: VisitNoted) -> str:
    """Return a visit as it is chosen: when, where, its number."""
    return f"{visit.at.astimezone():%m-%d %H:%M} {visit.subject} · {visit.number}"


def kind_text(kind: str) -> str:
    """Return the name of a kind of photo, '' for none."""
    return PhotoKind(kind).label if kind else ""


def _taken(row: Row) -> str:
    return f"{row.taken_at.astimezone():%y-%m-%d %H:%M}" if row.taken_at is not None else "?"


def _visit(row: Row) -> str:
    """Return the visit of a file, without its day if that is the day of the photo beside it."""
    if row.visit is None:
        return ""
    same = row.taken_at is not None and row.taken_at.astimezone().date() == row.visit.day
    return f"{row.visit.at.astimezone():{'%H:%M' if same else '%m-%d %H:%M'}} {row.visit.subject}"


def _visit_tip(row: Row) -> str:
    return "" if row.visit is None else visit_text(row.visit)


def _when(row: Row) -> str:
    """Return when a photo was taken and what says so."""
    if row.taken_at is None:
        return _("not known")
    moment = f"{row.taken_at.astimezone():%Y-%m-%d %H:%M}"
    return _("{moment}, {source}").format(moment=moment, source=row.file.shot.time_from.label)


class PhotoImportView(QWidget):
    """The page of photos to be attached; decides nothing.

    `chosen` carries what was chosen by hand for the chosen rows, as {"visit_id" | "item" | "kind": value}; `taken`:
    their proposals are right; `left_out`: they are not to be attached, or again are. `clock_moved` carries a
    `timedelta`.
    """

    folder_requested = Signal()
    files_requested = Signal()
    attach_requested = Signal()
    left = Signal()
    chosen = Signal(dict)
    taken = Signal()
    left_out = Signal()
    clock_moved = Signal(object)
    clock_requested = Signal()
    visit_requested = Signal(int)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._rows: Sequence[Row] = ()
        self._thumbnails: Mapping[int, bytes] = {}
        self._pixmaps: dict[str, QPixmap] = {}  # by the fingerprint of the file
        self._visits: Sequence[VisitNoted] = ()
        self._filling = False
        self.back = icon_button("back", _("Back to the log"), self.left.emit)
        self.folder_button = button(_("Choose a &folder …"), self.folder_requested.emit, picture="folder")
        self.files_button = button(_("Choose f&iles …"), self.files_requested.emit, picture="photo")
        self.attach_button = button(
            _("&Attach"), self.attach_requested.emit, role="primary", picture="save", shortcut="Ctrl+S"
        )
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.table = TablePage(
            "photos", self._columns(), self._fetch, name=_("Photos to be attached"), many=True, lines=2,
            settings=settings, exportable=False, filter_hint=_("Name, number, visit"),
            empty=EmptyState(
                "photo", _("No photos chosen yet"),
                _(
                    "Choose the folder of a camera card or of a phone export. Each photo is matched with a visit by"
                    " its time and by the photo numbers of the sheet; nothing is attached before you confirm it."
                ),
                _("Choose a &folder …"),
            ),
        )  # fmt: skip
        self._clock = labels.label("", "hint")
        self._clock_tools = self._make_clock_tools()
        self.table.add_tool(self._clock_tools)
        self._make_panel()
        self._lay_out(settings)
        self._connect()
        self._clock_tools.hide()
        self.show_clock(timedelta())
        self._on_selected()

    def _columns(self) -> list[Column]:
        return [
            Column("photo", _("Photo"), lambda _row: "", 64, picture=self.picture_of, least=64),
            Column("state", _("State"), lambda row: row.state.label, 96, chip=state_chip, least=88),
            Column("taken", _("Taken"), _taken, 116, tip=_when),
            Column(
                "number", _("Photo no."), lambda row: row.file.shot.number or row.file.sheet, 64, least=64
            ),
            Column("visit", _("Proposed visit"), _visit, 150, tip=_visit_tip),
            Column("item", _("Item"), lambda row: row.item.text if row.item else "", 110),
            Column("kind", _("Distance"), lambda row: kind_text(row.kind), 56, least=56),
            Column("note", _("Why"), lambda row: row.note, 140, least=100),
            Column("name", _("File"), lambda row: row.file.name, 128, ends=True, hidden=True),
        ]

    def _make_clock_tools(self) -> QWidget:
        tools = QWidget()
        line = Flow(tools)
        line.setSpacing(4)
        line.add(self._clock)
        for text, name, by in zip(
            (_("−1 h"), _("−1 min"), _("+1 min"), _("+1 h")),
            (_("One hour earlier"), _("One minute earlier"), _("One minute later"), _("One hour later")),
            _STEPS,
            strict=True,
        ):
            made = button(text, partial(self.clock_moved.emit, by))
            made.setToolTip(_("Correct the clock of the camera for all photos: {step}").format(step=name))
            made.setAccessibleName(made.toolTip())
            line.add(made)
        self.clock_button = button(_("Set the &clock …"), self.clock_requested.emit, picture="clock")
        self.clock_button.setToolTip(_("Enter when the chosen photo was really taken"))
        line.add(self.clock_button)
        return tools

    def _make_panel(self) -> None:
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setMinimumHeight(_PREVIEW_PX)
        self.title = labels.OneLine("", "strong")
        self.facts = labels.Facts()
        self.form = Form(
            [
                Field("visit", _("&Visit"), "choice", placeholder=_("No visit")),
                Field("item", _("Ite&m"), "choice", placeholder=_("The whole visit")),
                Field("kind", _("&Distance"), "choice", placeholder=_("Not said"),
                      choices=[(kind.value, kind.label) for kind in DISTANCES]),
            ],
            only_asks=True,
        )  # fmt: skip
        self.form.save_key.setEnabled(False)  # Ctrl+S attaches the photos
        self.take_button = button(_("&Take it so"), self.taken.emit, picture="ok")
        self.take_button.setToolTip(_("Space"))
        self.leave_button = button(_("&Leave out"), self.left_out.emit, picture="delete")
        self.leave_button.setToolTip(_("Delete"))
        self.panel = labels.Card()
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for made in (self.take_button, self.leave_button):
            acts.addWidget(made)
        acts.addStretch(1)
        for part in (self.preview, self.title, self.facts, self.form):
            self.panel.body.addWidget(part)
        self.panel.body.addLayout(acts)
        keys = _("In the list: 1 far, 2 middle, 3 near, 0 not said; Space takes it so, Delete leaves it out.")
        self.panel.body.addWidget(labels.label(keys, "hint", wrap=True))
        self.panel.body.addStretch(1)

    def _lay_out(self, settings: Settings | None) -> None:
        nothing = EmptyState(
            "photo", _("No photo chosen"), _("Choose one or more photos to see or change what they show.")
        )
        within = QWidget()
        around = QVBoxLayout(within)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.panel)
        self.split = ListDetail(self.table, scrolled(within), nothing, settings, "photos", 0.73)
        column = page_column(self)
        column.addLayout(
            labels.head_line(
                (self.back, labels.OneLine(_("Photos from a folder"), "title")),
                (self.files_button, self.folder_button, self.attach_button),
            )
        )
        for part in (self.banner, self.progress):
            column.addWidget(part)
        column.addWidget(self.split, 1)

    def _connect(self) -> None:
        self.table.first_step.connect(self.folder_requested)
        self.table.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.table.opened.connect(lambda _row: self._focus_visit())
        self.form.changed.connect(self._on_form)
        self.form.escaped.connect(self.split.show_list)
        acts: dict[str, Callable[[], object]] = {
            "Space": self.taken.emit,
            "Del": self.left_out.emit,
            "0": lambda: self.chosen.emit({"kind": ""}),
        }
        for digit, kind in enumerate(DISTANCES, 1):
            acts[str(digit)] = partial(self.chosen.emit, {"kind": kind.value})
        for key, act in acts.items():
            made = QShortcut(QKeySequence(key), self.table.table)
            made.setContext(Qt.ShortcutContext.WidgetShortcut)
            made.activated.connect(act)

    # --- what is shown

    def show_rows(
        self, rows: Sequence[Row], visits: Sequence[VisitNoted], thumbnails: Mapping[int, bytes]
    ) -> None:
        """Show the files in this order; those that were chosen stay chosen. `thumbnails` are JPEGs by key."""
        self._rows, self._thumbnails = rows, thumbnails
        self._clock_tools.setVisible(bool(rows))
        if not rows:
            self._pixmaps.clear()
        if visits != self._visits:
            self._visits = visits
            self._filling = True
            self.form.set_choices("visit", [(visit.id, visit_text(visit)) for visit in visits])
            self._filling = False
        self.table.refresh()
        ready = sum(row.state in READY for row in rows)
        text = numbered(ready, N_("&Attach {n} photo"), N_("&Attach {n} photos"))
        self.attach_button.setText(text if ready else _("&Attach"))
        self.attach_button.setEnabled(ready > 0)
        self._on_selected()

    def show_clock(self, clock: timedelta) -> None:
        """Show by how much the clock of the camera is put right."""
        self._clock.setText(_("Camera clock: {shift}").format(shift=clock_text(clock)))

    def chosen_rows(self) -> list[Row]:
        """Return the chosen files."""
        return list(self.table.chosen_rows())

    def picture_of(self, row: Row) -> QPixmap | None:
        """Return the thumbnail of a file, None while there is none."""
        source = row.file.source
        if source not in self._pixmaps and self._thumbnails.get(row.id):
            made = QPixmap()
            made.loadFromData(self._thumbnails[row.id])
            self._pixmaps[source] = made
        return self._pixmaps.get(source)

    def set_busy(self, on: bool) -> None:
        """Forbid to change what is attached while it is attached."""
        for part in (self.form, self.take_button, self.leave_button, self.folder_button, self.files_button):
            part.setDisabled(on)
        if on:
            self.attach_button.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        words = query.filter.lower().split()
        found = [row for row in self._rows if all(word in _searched(row) for word in words)]
        deliver(Window(len(found), found[offset : offset + limit]))

    def _on_selected(self, *_changed: object) -> None:
        rows = self.chosen_rows()
        self.split.show_detail(bool(rows))
        if not rows:
            return
        first = rows[0]
        picture = self.picture_of(first)
        self.preview.setPixmap(QPixmap() if picture is None else _scaled(picture))
        many = numbered(len(rows), N_("{n} photo"), N_("{n} photos"))
        self.title.setText(first.file.name if len(rows) == 1 else many)
        self.facts.set_rows(
            [labels.Fact(_("Taken"), _when(first)), labels.Fact(_("Why"), first.note)]
            if len(rows) == 1
            else []
        )
        self._fill(rows)

    def _fill(self, rows: Sequence[Row]) -> None:
        """Show what the chosen files have in common."""
        visits = {row.visit for row in rows}
        visit = next(iter(visits)) if len(visits) == 1 else None
        items = {row.item.key if row.item else "" for row in rows}
        kinds = {row.kind for row in rows}
        self._filling = True
        offered = [(item.key, _item_text(item.text, item.numbers)) for item in visit.items] if visit else []
        self.form.set_choices("item", offered)
        self.form.set_values(
            {
                "visit": visit.id if visit else None,
                "item": next(iter(items)) or None if len(items) == 1 else None,
                "kind": next(iter(kinds)) or None if len(kinds) == 1 else None,
            }
        )
        self._shown = self.form.readable_values()
        self._filling = False
        self.take_button.setEnabled(any(row.state is State.UNSURE for row in rows))
        out = all(row.state is State.LEFT_OUT for row in rows)
        self.leave_button.setText(_("&Attach after all") if out else _("&Leave out"))

    def _on_form(self) -> None:
        if self._filling:
            return
        now = self.form.readable_values()
        changed: dict[str, Any] = {name: value for name, value in now.items() if value != self._shown[name]}
        if not changed:
            return
        self._shown = now
        if "visit" in changed:
            self.chosen.emit({"visit_id": changed["visit"] or NO_VISIT, "item": ""})
        else:
            self.chosen.emit({name: value or "" for name, value in changed.items()})

    def _focus_visit(self) -> None:
        self.form.editor("visit").inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)


def _searched(row: Row) -> str:
    visit = visit_text(row.visit) if row.visit else ""
    item = row.item.text if row.item else ""
    parts = (row.file.name, row.file.shot.number, visit, item, row.state.label, row.note)
    return " ".join(parts).lower()


def _item_text(text: str, numbers: str) -> str:
    return _("{item} (photos {numbers})").format(item=text, numbers=numbers) if numbers else text


def _scaled(picture: QPixmap) -> QPixmap:
    size = picture.size().boundedTo(
        picture.size().scaled(320, _PREVIEW_PX, Qt.AspectRatioMode.KeepAspectRatio)
    )
    return picture.scaled(
        size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
