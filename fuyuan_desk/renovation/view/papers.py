"""The documents a renovation needs: ticked in a filing, received on a day in a case."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import DocumentView
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.rules.works import label as label_of
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.editors import make_editor
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.picture import Picture

_WIDEST_DAY = "2000-00-00"
_BESIDE_DAY = 68  # pixels: frame, padding and the button of the calendar


def _why(document: DocumentView) -> str:
    text = document.why
    if document.works:
        text += _(" For: {works}.").format(works=_(", ").join(document.works))
    return text


def _details(document: DocumentView) -> str:
    return "\n".join([_why(document), *document.clauses])


class _Name(QLabel):
    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class _Tick(QWidget):
    """A document with a check box; its name is a label because the text of a check box cannot wrap."""

    def __init__(self, document: DocumentView, ticked: bool, locked: bool) -> None:
        super().__init__()
        self.document = document.document
        self.due = document.due
        self.box = QCheckBox()
        self.box.setChecked(ticked)
        self.box.setDisabled(locked)
        self.box.setAccessibleName(_("{paper} received").format(paper=document.name))
        self.box.setAccessibleDescription(_why(document))
        name = _Name(document.name)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setWordWrap(True)
        name.pressed.connect(self.box.click)
        self.setToolTip(_details(document))
        texts = QVBoxLayout()
        texts.setContentsMargins(0, 2, 0, 0)
        texts.setSpacing(0)
        texts.addWidget(name)
        if document.works:
            texts.addWidget(
                label(_("For: {works}").format(works=_(", ").join(document.works)), "hint", wrap=True)
            )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)


class PaperTicks(QWidget):
    """The document checklist of a filing; emits `ticked(document, on)`."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, _Tick] = {}
        self._shown: tuple[Any, ...] = ()
        self._inner: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def needed(self) -> tuple[str, ...]:
        """Return the documents needed before the start that were not received earlier."""
        rows = self.rows.items()
        return tuple(key for key, row in rows if row.due is Due.START and row.box.isEnabled())

    def set_ticked(self, ticked: Collection[str]) -> None:
        """Tick these documents and no others, without emitting."""
        for key, row in self.rows.items():
            row.box.setChecked(key in ticked)

    def show_papers(
        self, documents: Sequence[DocumentView], ticked: Collection[str], locked: Collection[str] = ()
    ) -> None:
        """Show the documents; `locked` ones were received earlier and cannot be changed."""
        if self._shown == (documents, frozenset(locked)):
            self.set_ticked(ticked)
            return
        self._shown = (documents, frozenset(locked))
        focused = next((key for key, row in self.rows.items() if row.box.hasFocus()), "")
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.rows = {}
        column = _document_column(self._inner)
        for part in _by_due(documents):
            if isinstance(part, Due):
                column.addWidget(label(label_of(part), "caption"))
                continue
            key = part.document
            row = _Tick(part, key in ticked, key in locked)
            row.box.clicked.connect(lambda on, key=key: self.ticked.emit(key, on))
            self.rows[key] = row
            column.addWidget(row)
        self._column.addWidget(self._inner)
        if focused in self.rows:
            self.rows[focused].box.setFocus()


def _document_column(inner: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    return column


def _by_due(documents: Sequence[DocumentView]) -> Iterator[Due | DocumentView]:
    """Yield each day on which documents are due, and after it these documents."""
    for due in Due:
        due_documents = [document for document in documents if document.due is due]
        if due_documents:
            yield due
            yield from due_documents


class AllReceived(QPushButton):
    """“All received”, and after it “Undo” until another document is ticked; emits `received` and `undone`."""

    received = Signal()
    undone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setProperty("role", "link")
        self._is_undo = False
        self.clicked.connect(lambda _checked: (self.undone if self._is_undo else self.received).emit())
        self.offer(False, False)

    @property
    def is_undo(self) -> bool:
        """Whether a press undoes."""
        return self._is_undo

    def offer(self, is_useful: bool, is_undo: bool) -> None:
        """Offer to receive all, or to undo it; keep the room of the button while there is neither."""
        self._is_undo = is_undo
        self.setText(_("Undo “all received”") if is_undo else _("All received"))
        self.setIcon(icon("undo" if is_undo else "ok", "accent"))
        self.setEnabled(is_useful or is_undo)


class PaperRow(QWidget):
    """A document of a case: missing, with a button to receive it today, or received on an editable day.

    `received(document, day)`; day None undoes the receipt. The row has one height in both states.
    """

    received = Signal(str, object)

    def __init__(self, document: DocumentView) -> None:
        super().__init__()
        self.document = document
        self._today: date | None = None
        self._picture = Picture()
        self.name = label(document.name, "", wrap=True)
        self.setToolTip(_details(document))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.name)
        if document.works:
            texts.addWidget(
                label(_("For: {works}").format(works=_(", ").join(document.works)), "hint", wrap=True)
            )
        texts.addWidget(self.error)
        self.day = make_editor(Field("received_on", "", "date"))
        self.day.setAccessibleName(_("{paper} received on").format(paper=document.name))
        self.day.inner()[0].setAccessibleName(self.day.accessibleName())
        self.day.setFixedWidth(self.fontMetrics().horizontalAdvance(_WIDEST_DAY) + _BESIDE_DAY)
        self.undo_button = icon_button(
            "undo", _("Mark {paper} as not received").format(paper=document.name), self._undo_receipt
        )
        self.today_button = button(_("Received today"), self._receive_today)
        self.today_button.setAccessibleName(_("{paper} received today").format(paper=document.name))
        self._read_only_day = label("", "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.setSpacing(4)
        acts.addStretch(1)
        # where “Received today” was, a second click finds the day, not the undo
        for part in (self.undo_button, self.day, self.today_button, self._read_only_day):
            acts.addWidget(part)
        row.addWidget(self._acts)
        self.day.entered.connect(self._change)
        line: Any = self.day.inner()[0]
        line.editingFinished.connect(self._change)

    def show_document(self, document: DocumentView, today: date, can_write: bool, is_kept: bool) -> None:
        """Show the state of the document in place; a day being typed stays until the stored one changes.

        `is_kept`: its receipt cannot be undone, because the work started with it.
        """
        has_changed = document.received_on != self.document.received_on or self._today is None
        self.document, self._today = document, today
        is_received = document.received_on is not None
        tone = "ok" if is_received else "warn" if document.due is Due.START else "muted"
        self._picture.show_icon("ok" if is_received else "document", 18, tone)
        state = _("received") if is_received else _("missing")
        self.name.setAccessibleName(f"{document.name} {state}")
        if has_changed:
            self.day.set_value(document.received_on)
            self.show_error("")
        held = holds_focus(self)
        for part in (self.day, self.undo_button):
            part.setVisible(is_received and can_write)
        self.undo_button.setEnabled(not is_kept)
        name = _("Mark {paper} as not received").format(paper=document.name)
        why_not = _("The work started with this document. Undo the start first.")
        self.undo_button.setToolTip(why_not if is_kept else name)
        self.undo_button.setAccessibleDescription(why_not if is_kept else "")
        self.today_button.setVisible(not is_received and can_write)
        self._read_only_day.setText(document.received_on.isoformat() if document.received_on else "")
        self._read_only_day.setVisible(is_received and not can_write)
        if can_write:
            # one size in both states: the name is not wrapped anew, and no row moves
            parts = [part.sizeHint() for part in (self.undo_button, self.day, self.today_button)]
            wide = max(parts[0].width() + 4 + self.day.minimumWidth(), parts[2].width())
            self._acts.setMinimumSize(wide, max(part.height() for part in parts))
        if held and has_changed:
            received = self.day.inner()[0] if is_kept else self.undo_button
            (received if is_received else self.today_button).setFocus()

    def restore_day(self) -> None:
        """Show the stored day again."""
        self.day.set_value(self.document.received_on)

    def _receive_today(self) -> None:
        self.received.emit(self.document.document, self._today)

    def _undo_receipt(self) -> None:
        self.received.emit(self.document.document, None)

    def _change(self) -> None:
        try:
            day = self.day.value()
        except ValueError as reason:
            self.show_error(str(reason))
            return
        if day is None:
            self.day.set_value(self.document.received_on)
        elif day != self.document.received_on:
            self.received.emit(self.document.document, day)
        self.show_error("")

    def show_error(self, message: str) -> None:
        """Show an error in the day below the name."""
        self.error.setText(message)
        self.error.setVisible(bool(message))


class PaperRows(QWidget):
    """The documents of a case, those due before the start first; a row changes in place."""

    received = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, PaperRow] = {}
        self._shown: tuple[Any, ...] = ()
        self._inner: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def missing(self) -> tuple[str, ...]:
        """Return the documents that are missing, from top to bottom."""
        return tuple(key for key, row in self.rows.items() if row.document.received_on is None)

    def focus_missing(self) -> bool:
        """Focus the first missing document; return whether there is one."""
        shown = (row for row in self.rows.values() if not row.today_button.isHidden())
        row = next(shown, None)
        if row is not None:
            row.today_button.setFocus(Qt.FocusReason.TabFocusReason)
        return row is not None

    def show_papers(
        self, documents: Sequence[DocumentView], today: date, can_write: bool, kept: Due | None = None
    ) -> PaperRow | None:
        """Show the documents; while they are the same ones, their rows stay. The receipt of `kept` ones is not undone.

        Returns the row under the keys if its document has just been received.
        """
        shown = tuple(replace(document, received_on=None) for document in documents)
        if self._inner is None or shown != self._shown:
            self._shown = shown
            self._make_rows(documents)
        received = None
        for document in documents:
            row = self.rows[document.document]
            was_missing, is_held = row.document.received_on is None, holds_focus(row)
            row.show_document(document, today, can_write, document.due is kept)
            if was_missing and is_held and document.received_on is not None:
                received = row
        return received

    def missing_beside(self, row: PaperRow) -> PaperRow | None:
        """Return the next missing document that is due with this one: below it, else above; None when none is."""
        rows = [other for other in self.rows.values() if other.document.due is row.document.due]
        place = rows.index(row)
        beside = (other for other in (*rows[place:], *rows[:place]) if other.document.received_on is None)
        return next(beside, None)

    def _make_rows(self, documents: Sequence[DocumentView]) -> None:
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.rows = {}
        column = _document_column(self._inner)
        for part in _by_due(documents):
            if isinstance(part, Due):
                column.addWidget(label(label_of(part), "caption"))
                continue
            row = PaperRow(part)
            row.received.connect(self.received)
            self.rows[part.document] = row
            column.addWidget(row)
        self._column.addWidget(self._inner)


def holds_focus(row: QWidget) -> bool:
    """Return whether the focus of the window is within a row."""
    window: Any = row.window()
    focus = window.focusWidget()
    return focus is not None and row.isAncestorOf(focus)
