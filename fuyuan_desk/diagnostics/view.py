"""The diagnostics tab: the support report, shown before it is saved."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import OneLine, head_line
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import Stack


class DiagnosticsView(QWidget):
    """Offers to create a report, then shows its text to be read and saved."""

    make_requested = Signal()
    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(_("Report for support"))
        self.save = button(_("&Save the report …"), self.save_requested.emit, role="primary", picture="save")
        self.again = button(_("Create a&gain"), self.make_requested.emit)
        self.empty = EmptyState(
            "shield",
            _("A report for your support contact"),
            _(
                "Versions, sizes, counts, results of backups and recent errors, without names, addresses, "
                "telephone numbers or folders. You can read it before it is saved; nothing is sent."
            ),
            _("Create report"),
        )
        self.empty.acted.connect(self.make_requested)
        self._pages = Stack()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._report())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self._pages, 1)

    def _report(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        about = OneLine(_("Exactly this is saved as one file. Read it before you pass it on."), "hint")
        column.addLayout(head_line((about,), (self.again, self.save)))
        column.addWidget(self.text, 1)
        return page

    def show_report(self, text: str) -> None:
        """Show a report."""
        self.text.setPlainText(text)
        self._pages.setCurrentIndex(1)
        self.save.setFocus()
