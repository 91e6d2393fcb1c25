"""Copies that stay on this PC and for a while only: Windows neither lists them in its history nor sends them anywhere.

Windows keeps what is copied in a history (Win+V), saves what is pinned there to the disk, and sends it to the user's
other devices if that is on. The formats that forbid it must be there with the first copy: the history takes it at once.
All copies carry them, not only those made while something is revealed: lists and fields hold names and addresses, too,
and what is copied does not say where it came from.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.focus_filter import FocusFilter

_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_WINDOWS_FORMATS = (
    "ExcludeClipboardContentFromMonitorProcessing",
    "CanIncludeInClipboardHistory",
    "CanUploadToCloudClipboard",
)
_NO = bytes(4)  # a DWORD of 0
_KDE, _SECRET = "x-kde-passwordManagerHint", b"secret"
_COPY, _CUT = "edit-copy", "edit-cut"


def private_formats(platform: str = sys.platform) -> dict[str, bytes]:
    """Return the formats, with their content, that keep a copy out of the clipboard's history."""
    if platform == "win32":
        return {_WINDOWS.format(name): _NO for name in _WINDOWS_FORMATS}
    return {_KDE: _SECRET}


def is_private(data: QMimeData, platform: str = sys.platform) -> bool:
    """Return whether a copy carries all of these formats."""
    return all(data.hasFormat(name) for name in private_formats(platform))


def as_private(data: QMimeData, platform: str = sys.platform) -> QMimeData:
    """Return the same content with these formats."""
    made = QMimeData()
    for name in data.formats():
        made.setData(name, data.data(name))
    for name, content in private_formats(platform).items():
        made.setData(name, content)
    return made


def copy_text(text: str, platform: str = sys.platform) -> None:
    """Copy a text that stays out of the history."""
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(as_private(data, platform))


def selected_text(widget: QObject) -> str:
    """Return what a copy from this widget would hold; '' for nothing, as from a password."""
    if isinstance(widget, QComboBox):
        line = widget.lineEdit()
        return "" if line is None else selected_text(line)
    if isinstance(widget, QLineEdit):
        return widget.selectedText() if widget.echoMode() == QLineEdit.EchoMode.Normal else ""
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.textCursor().selection().toPlainText()
    if isinstance(widget, QLabel):
        return widget.selectedText().replace("\u2029", "\n")
    if isinstance(widget, QAbstractItemView):
        return str(widget.currentIndex().data() or "")
    return ""


def _remove_selected(widget: QObject) -> None:
    line = widget.lineEdit() if isinstance(widget, QComboBox) else widget
    if isinstance(line, QLineEdit) and not line.isReadOnly():
        line.del_()
    elif isinstance(line, QPlainTextEdit | QTextEdit) and not line.isReadOnly():
        line.textCursor().removeSelectedText()


class PrivateCopy(QObject):
    """Makes the copies of the focused widget, by key and by its menu, as private ones."""

    def __init__(
        self, application: QApplication, parent: QObject | None = None, platform: str = sys.platform
    ) -> None:
        super().__init__(parent)
        self._platform = platform
        FocusFilter(application, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_cut = event.matches(QKeySequence.StandardKey.Cut)
            if is_cut or event.matches(QKeySequence.StandardKey.Copy):
                return self.copy(watched, is_cut)
        elif isinstance(event, QContextMenuEvent):
            return self._open_menu(_owner(watched), event)
        return False

    def copy(self, widget: QObject, is_cut: bool = False) -> bool:
        """Copy what is selected, and remove it if it is cut; return whether anything was selected."""
        text = selected_text(widget)
        if not text:
            return False
        copy_text(text, self._platform)
        if is_cut:
            _remove_selected(widget)
        return True

    def _open_menu(self, widget: QObject, event: QContextMenuEvent) -> bool:
        if (
            isinstance(widget, QWidget)
            and widget.contextMenuPolicy() != Qt.ContextMenuPolicy.DefaultContextMenu
        ):
            return False
        menu = self.menu(widget)
        if menu is None:
            return False
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
        return True

    def menu(self, widget: QObject) -> QMenu | None:
        """Return the usual menu of a text, whose copies are private; None where there is none."""
        if isinstance(widget, QLabel):
            return self._menu_of_label(widget)
        if not isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
            return None
        menu = widget.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() in (_COPY, _CUT):
                action.triggered.disconnect()
                is_cut = action.objectName() == _CUT
                action.triggered.connect(lambda _on, is_cut=is_cut: self.copy(widget, is_cut))
        return menu

    def _menu_of_label(self, label: QLabel) -> QMenu | None:
        if not label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            return None
        menu = QMenu(label)
        _add(menu, _("Copy"), lambda: self.copy(label), bool(selected_text(label)))
        _add(menu, _("Select all"), lambda: label.setSelection(0, len(label.text())), bool(label.text()))
        return menu


def _add(menu: QMenu, text: str, act: Callable[[], object], is_enabled: bool) -> None:
    action = menu.addAction(text)
    action.setEnabled(is_enabled)
    action.triggered.connect(lambda _on: act())


def _owner(watched: QObject) -> QObject:
    """Return the text to which a viewport belongs, or the widget itself."""
    parent = watched.parent()
    is_viewport = isinstance(parent, QPlainTextEdit | QTextEdit) and parent.viewport() is watched
    return parent if is_viewport else watched
