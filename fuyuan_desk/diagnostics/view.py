"""The diagnostics tab: the support report and the self-test, shown before they are saved."""

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
    """Offers to create a report or to test the installation, then shows the text to be read and saved."""

    make_requested = Signal()
    test_requested = Signal()
    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.test_progress = ProgressPanel()  # both may be at work
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.save = button(_("&Save the report …"), self.save_requested.emit, role="primary", picture="save")
        self.again = button(_("Create the &report"), self.make_requested.emit)
        self.test = button(_("&Test the installation"), self.test_requested.emit)
        self._about = OneLine("", "hint")
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
        self._pages.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addLayout(head_line((self._about,), (self.test, self.again, self.save)))
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.test_progress)
        column.addWidget(self._pages, 1)
        for part in (self._about, self.again, self.save):
            part.hide()

    def show_report(self, text: str) -> None:
        """Show a report."""
        about = _("Exactly this is saved as one file. Read it before you pass it on.")
        self._show(text, _("Report for support"), about)

    def show_test(self, text: str) -> None:
        """Show the lines of the self-test."""
        about = _("Read the last line to your support contact, or save all lines as a file.")
        self._show(text, _("Result of the self-test"), about)

    def _show(self, text: str, name: str, about: str) -> None:
        self.banner.clear()
        self.text.setAccessibleName(name)
        self.text.setPlainText(text)
        self._about.setText(about)
        for part in (self._about, self.again, self.save):
            part.show()
        self._pages.setCurrentIndex(1)
        self.save.setFocus()
