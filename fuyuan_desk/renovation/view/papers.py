"""The documents a renovation needs: ticked in a filing, received on a day in a case."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import DocumentView
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.rules.works import label as label_of
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.editors import make_editor
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.icons import icon_pixmap
from fuyuan_desk.widgets.labels import label


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

    def show_papers(
        self, documents: Sequence[DocumentView], ticked: Collection[str], locked: Collection[str] = ()
    ) -> None:
        """Show the documents; `locked` ones were received earlier and cannot be changed."""
        if self._shown == (documents, frozenset(locked)):
            for key, row in self.rows.items():
                row.box.setChecked(key in ticked)
            return
        self._shown = (documents, frozenset(locked))
        focused = next((key for key, row in self.rows.items() if row.box.hasFocus()), "")
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.rows = {}
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for due in Due:
            due_documents = [document for document in documents if document.due is due]
            if due_documents:
                column.addWidget(label(label_of(due), "caption"))
            for document in due_documents:
                key = document.document
                row = _Tick(document, key in ticked, key in locked)
                row.box.clicked.connect(lambda on, key=key: self.ticked.emit(key, on))
                self.rows[key] = row
                column.addWidget(row)
        self._column.addWidget(self._inner)
        if focused in self.rows:
            self.rows[focused].box.setFocus()


class PaperRow(QWidget):
    """A document of a case: missing, with a button to receive it today, or received on an editable day.

    `received(document, day)`; day None undoes the receipt.
    """

    received = Signal(str, object)

    def __init__(self, document: DocumentView, today: date, can_write: bool) -> None:
        super().__init__()
        self.document = document
        is_received = document.received_on is not None
        picture = QLabel()
        tone = "ok" if is_received else "warn" if document.due is Due.START else "muted"
        picture.setPixmap(
            icon_pixmap("ok" if is_received else "document", 18, tone, self.devicePixelRatioF())
        )
        state = _("received") if is_received else _("missing")
        name = label(document.name, "", wrap=True)
        name.setAccessibleName(f"{document.name} {state}")
        self.setToolTip(_details(document))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        if document.works:
            texts.addWidget(
                label(_("For: {works}").format(works=_(", ").join(document.works)), "hint", wrap=True)
            )
        texts.addWidget(self.error)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(picture)
        row.addLayout(texts, 1)
        self.day = make_editor(Field("received_on", "", "date"))
        self.day.setAccessibleName(_("{paper} received on").format(paper=document.name))
        self.day.inner()[0].setAccessibleName(self.day.accessibleName())
        self.day.setFixedWidth(152)
        self.day.set_value(document.received_on)
        self.undo_button = icon_button(
            "undo", _("Mark {paper} as not received").format(paper=document.name), self._undo_receipt
        )
        self.today_button = button(_("Received today"), lambda: self.received.emit(document.document, today))
        self.today_button.setAccessibleName(_("{paper} received today").format(paper=document.name))
        row.addWidget(self.day)
        row.addWidget(self.undo_button)
        row.addWidget(self.today_button)
        if is_received and not can_write:
            row.addWidget(label(document.received_on.isoformat() if document.received_on else "", "hint"))
        self.day.setVisible(is_received and can_write)
        self.undo_button.setVisible(is_received and can_write)
        self.today_button.setVisible(not is_received and can_write)
        self.day.entered.connect(self._change)
        line: Any = self.day.inner()[0]
        line.editingFinished.connect(self._change)

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
    """The documents of a case, those due before the start first."""

    received = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, PaperRow] = {}
        self._inner: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_papers(self, documents: Sequence[DocumentView], today: date, can_write: bool) -> None:
        """Show the documents, keeping the focused one."""
        focused = next((key for key, row in self.rows.items() if _holds_focus(row)), "")
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.rows = {}
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for due in Due:
            due_documents = [document for document in documents if document.due is due]
            if due_documents:
                column.addWidget(label(label_of(due), "caption"))
            for document in due_documents:
                row = PaperRow(document, today, can_write)
                row.received.connect(self.received)
                self.rows[document.document] = row
                column.addWidget(row)
        self._column.addWidget(self._inner)
        if focused in self.rows:
            row = self.rows[focused]
            target = row.today_button if row.document.received_on is None else row.undo_button
            target.setFocus()


def _holds_focus(row: QWidget) -> bool:
    window: Any = row.window()
    focus = window.focusWidget()
    return focus is not None and row.isAncestorOf(focus)
