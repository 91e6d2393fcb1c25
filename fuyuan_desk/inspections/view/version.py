"""A version of a checklist: its name and items, the form of one item, and the printed sheet beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import VersionDetail, VersionFields
from fuyuan_desk.inspections.rules.checklists import ItemFault, VersionStatus, unpack
from fuyuan_desk.inspections.view.item_form import ItemForm
from fuyuan_desk.inspections.view.item_list import ItemList
from fuyuan_desk.inspections.view.version_words import state_chip, version_title
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import ChipLabel
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.keyed_tabs import KeyedTabs
from fuyuan_desk.widgets.panes import Panes
from fuyuan_desk.widgets.pdf import PdfFile
from fuyuan_desk.widgets.pdf_view import PdfView
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.theme import TEXT_PX, text_px
from fuyuan_desk.widgets.work import Worker

_PREVIEW_MS = 500
_LEAST_RIGHT = 480  # pixels at normal text size


class VersionForm(Form):
    """The name of a version and the day from which it counts; its items are part of its input."""

    items_restored = Signal()

    def __init__(self, items: ItemList) -> None:
        self._list: ItemList | None = None
        super().__init__(
            [
                Field("name", _("&Name of the checklist"), required=True),
                Field("name_en", _("Name in &English")),
                Field("effective_on", _("Coun&ts from"), "date"),
            ],
            columns=3,
        )
        self._list = items
        self.mark_clean()
        items.changed.connect(self.changed)

    def raw(self) -> dict[str, Any]:
        """Return name and items as typed, JSON-serializable."""
        content = super().raw()
        if self._list is not None:
            content["items"] = [asdict(item) for item in self._list.items]
        return content

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Restore the result of `raw`."""
        super().set_raw(raw)
        if self._list is not None and "items" in raw:
            self._list.set_items(unpack(raw["items"]))
            self.changed.emit()
            self.items_restored.emit()

    def fields(self, values: Mapping[str, Any]) -> VersionFields:
        """Return the input, `values` being those of the fields."""
        items = self._list.items if self._list is not None else ()
        return VersionFields(values["name"], values["name_en"], items, values["effective_on"])


class VersionView(QWidget):
    """Edits a draft, or shows a version that is published.

    `saved` and `published` carry the input. `preview_asked` is emitted a moment after a change while the printed sheet
    is in sight; answer with `show_preview`.
    """

    saved = Signal(object)
    published = Signal(object)
    left = Signal()
    preview_asked = Signal()
    export_asked = Signal()
    import_asked = Signal()
    differences_asked = Signal()
    remove_asked = Signal()
    withdraw_asked = Signal()
    version_asked = Signal()

    def __init__(self, new_key: Callable[[], str]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._detail: VersionDetail | None = None
        self._pdf: PdfFile | None = None
        self._is_publishing = False
        self.back = icon_button("back", _("Back to the checklists"), self.cancel)
        self._title = labels.OneLine("", "title")
        self._chip = ChipLabel()
        self.banner = Banner()
        self.list = ItemList(new_key)
        self.item = ItemForm()
        self.form = VersionForm(self.list)
        self._faults = labels.label("", "error", wrap=True)
        self._worker = Worker("checklist-preview")
        self.destroyed.connect(self._worker.retire)
        self.preview = PdfView(self._worker)
        self.preview.setAccessibleName(_("Printed sheet"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PREVIEW_MS)
        self._timer.timeout.connect(self._ask_preview)
        self.tabs = KeyedTabs()
        self.save_button = button(_("&Save"), self.form.submit, picture="save")
        self.save_button.setToolTip("Ctrl+S")
        self.publish_button = button(_("Pu&blish …"), self._publish, role="primary", picture="ok")
        self.version_button = button(_("New &version from this"), self.version_asked.emit, role="primary")
        self.withdraw_button = button(_("&Withdraw …"), self.withdraw_asked.emit)
        self.remove_button = button(_("Remo&ve the draft …"), self.remove_asked.emit)
        self.differences_button = button(_("&Differences"), self.differences_asked.emit)
        self.import_button = button(_("&Import …"), self.import_asked.emit, picture="import")
        self.export_button = button(_("E&xport …"), self.export_asked.emit, picture="export")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(8, 8, 12, 8)
        column.addWidget(self._faults)
        column.addWidget(self.item)
        column.addStretch(1)
        self.tabs.show_tabs(
            [("item", _("Item"), scrolled(inner)), ("sheet", _("Printed sheet"), self.preview)]
        )
        self.tabs.setMinimumWidth(_LEAST_RIGHT * text_px() // TEXT_PX)
        self.panes = Panes([(_("All items"), self.list), (_("Item"), self.tabs)], (2, 3))
        column = page_column(self)
        column.addLayout(
            labels.head_line(
                (self.back, self._title, self._chip),
                (
                    self.differences_button, self.import_button, self.export_button, self.remove_button,
                    self.withdraw_button, self.save_button, self.publish_button, self.version_button,
                ),
            )
        )  # fmt: skip
        column.addWidget(self.banner)
        column.addWidget(self.form)
        column.addWidget(self.panes, 1)

    def _connect(self) -> None:
        self.form.submitted.connect(self._on_submitted)
        self.form.escaped.connect(self.cancel)
        self.form.save_key.setParent(self)
        self.form.asking.connect(self.panes.setDisabled)
        self.form.items_restored.connect(self._show_item)
        self.list.chosen.connect(self._show_item)
        self.list.edit_asked.connect(self._edit_item)
        self.list.changed.connect(self._timer.start)
        self.item.edited.connect(self.list.replace_current)
        self.item.escaped.connect(self.list.list.setFocus)
        self.tabs.key_shown.connect(lambda _key: self._timer.start())
        for keys, act in (("Alt+Up", "up"), ("Alt+Down", "down")):
            shortcut = QShortcut(QKeySequence(keys), self.item)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.list.press, act))

    @property
    def detail(self) -> VersionDetail | None:
        """The version shown, None before one is."""
        return self._detail

    @property
    def is_draft(self) -> bool:
        """Whether the version shown can be edited."""
        return self._detail is not None and self._detail.line.status is VersionStatus.DRAFT

    def show_version(self, detail: VersionDetail, today: date) -> None:
        """Show a version; the same one keeps the chosen item. A draft is proposed to count from `today` on."""
        same = self._detail is not None and self._detail.line.id == detail.line.id and detail.line.id
        place = self.list.place if same else 0
        self._detail = detail
        self._is_publishing = False
        self.form.set_busy(False)
        self._title.setText(version_title(detail.line))
        self._chip.set_chip(state_chip(detail.line))
        self.list.set_items(detail.items, place)
        effective_on = detail.line.effective_on or (today if self.is_draft else None)
        values = {"name": detail.name, "name_en": detail.name_en, "effective_on": effective_on}
        self.form.set_values(values)
        self._allow()
        self._timer.start()

    def _allow(self) -> None:
        draft = self.is_draft
        detail = self._detail
        published = detail is not None and detail.line.status is VersionStatus.PUBLISHED
        for shown, made in (
            (draft, self.save_button),
            (draft, self.publish_button),
            (draft, self.import_button),
            (draft, self.remove_button),
            (not draft, self.version_button),
            (published and detail is not None and detail.line.id is not None, self.withdraw_button),
            (detail is not None and bool(detail.before_version), self.differences_button),
        ):
            made.setVisible(shown)
        self.form.set_read_only(not draft)
        self.item.set_read_only(not draft)
        self.list.set_read_only(not draft)

    def fields(self) -> VersionFields:
        """Return what is typed, as far as it can be read."""
        return self.form.fields({**self.form.readable_values(), "name": str(self.form.editor("name").raw())})

    def show_faults(self, faults: Sequence[ItemFault]) -> None:
        """Show what prevents publishing: at the list, and in words above the item."""
        self.list.show_faults({fault.place for fault in faults if fault.place >= 0})
        here = [fault for fault in faults if fault.place == self.list.place]
        wrong = {fault.field: fault.message for fault in here}
        for name in self.item.names:  # without moving the focus, as somebody is typing
            self.item.show_doubt(name, wrong.get(name, ""))
        texts = [fault.message for fault in faults if fault.place < 0]
        texts += [fault.message for fault in here if not self.item.has(fault.field)]
        others = len({fault.place for fault in faults if fault.place not in (-1, self.list.place)})
        if others:
            text = numbered(
                others, N_("{n} other item has faults (✗)."), N_("{n} other items have faults (✗).")
            )
            texts.append(text)
        self._faults.setText("\n".join(texts))
        self._faults.setVisible(bool(texts))

    def show_preview(self, pdf: PdfFile | None) -> None:
        """Show the printed sheet, at the place that was in sight."""
        top = self.preview.verticalScrollBar().value()
        before, self._pdf = self._pdf, pdf
        self.preview.set_pdf(pdf)
        self.preview.fit("width")
        self.preview.verticalScrollBar().setValue(top)
        if before is not None:
            before.close()

    def refuse(self, error: UserError) -> None:
        """Show an error beside the field that it names, or above the page."""
        self._is_publishing = False
        self.form.set_busy(False)
        fields = {name: text for name, text in error.fields.items() if self.form.has(name)}
        if not self.form.show_errors(fields):
            self.form.stop_leaving()
            self.banner.refuse(error)

    def cancel(self) -> None:
        """Leave the page, asking first if there are unsaved changes."""
        self.form.leave(self.left.emit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.show_preview(None)  # a document out of sight is not kept in memory

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.cancel()
            return
        super().keyPressEvent(event)

    def _publish(self) -> None:
        self._is_publishing = True
        self.form.submit()
        self._is_publishing = False

    def _on_submitted(self, values: dict[str, Any]) -> None:
        if not self.is_draft:
            self.form.set_busy(False)
            return
        fields = self.form.fields(values)
        self.banner.clear()
        if self._is_publishing:
            self.published.emit(fields)
        else:
            self.form.set_busy(True)
            self.saved.emit(fields)

    def _show_item(self) -> None:
        groups = dict.fromkeys(item.group for item in self.list.items if item.group)
        self.item.offer_groups(list(groups))
        self.item.show_item(self.list.current)
        if not self.is_draft:
            self.item.setEnabled(self.list.current is not None)
        self.form.changed.emit()

    def _edit_item(self) -> None:
        self.tabs.show_key("item")
        self.panes.bring(self.item)
        self.item.focus_first("text")

    def _ask_preview(self) -> None:
        if self._detail is not None and self.tabs.key == "sheet" and self.isVisible():
            self.preview_asked.emit()
