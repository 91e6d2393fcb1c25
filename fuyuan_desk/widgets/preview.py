"""Print preview of a document: view, print, save."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import safe_name, with_ending, write_atomically
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.pdf import PdfFile, open_pdf
from fuyuan_desk.widgets.pdf_view import PdfView
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.revealed import Revealed
from fuyuan_desk.widgets.work import UiProgress, Worker

Issue = Callable[[Callable[[bytes, str], object], Callable[[UserError], object]], object]
"""issue(done, failed): make the final document in the background; `done` takes the PDF and its name."""


class Preview(QWidget):
    """Shows one PDF with navigation, zoom, print and save; without `can_save` it is for printing only.

    With `issue` the document shown is a draft: the first time that it is printed or saved, the final one takes its
    place, such as the one with a serial number, and is the one that is printed. `printed` carries the number of pages
    sent to the printer, `saved` the file's path; the receiver logs the event. Call `close_pdf` before the widget is
    closed.
    """

    printed = Signal(int)
    saved = Signal(str)

    def __init__(self, can_save: bool = True) -> None:
        super().__init__()
        self._can_save = can_save
        self._worker = Worker("preview")
        self._worker.refused.connect(self._refuse)
        self._pdf: PdfFile | None = None
        self._title = ""
        self._file_name = ""
        self._issue: Issue | None = None
        self._is_issuing = False
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.view = PdfView(self._worker)
        self.view.setAccessibleName(_("Document pages"))
        self._page_label = label("", "hint")
        self._percent = label("", "hint")
        self.print_button = button(_("&Print"), self.print, role="primary", picture="print")
        self.print_button.setToolTip("Ctrl+P")
        self.save_button = button(_("&Save as PDF"), self.save, picture="save")
        self.save_button.setToolTip("Ctrl+S")
        if not can_save:
            self.save_button.hide()
        self._lay_out()
        self.view.page_changed.connect(self._show_page)
        self.view.zoom_changed.connect(lambda zoom: self._percent.setText(f"{round(zoom * 100)} %"))
        for keys, action in (
            (QKeySequence(QKeySequence.StandardKey.Print), self.print),
            (QKeySequence(QKeySequence.StandardKey.Save), self.save),
            (QKeySequence(QKeySequence.StandardKey.ZoomIn), lambda: self.view.step_zoom(1)),
            (QKeySequence(QKeySequence.StandardKey.ZoomOut), lambda: self.view.step_zoom(-1)),
            (QKeySequence("Ctrl+0"), lambda: self.view.fit("width")),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self._enable(False)

    def show_pdf(self, title: str, source: bytes | Path, name: str = "", issue: Issue | None = None) -> None:
        """Open a PDF in the background and show it; `name` is proposed for its file instead of the title."""
        self._title = title
        self._file_name = safe_name(name or title, ".pdf")
        self._issue = issue
        self.banner.clear()
        self._page_label.setText(_("Opening …"))
        self._worker.run(open_pdf, source, done=self._on_opened, failed=self._on_unreadable, owner=self)

    @property
    def pdf(self) -> PdfFile | None:
        """The document shown."""
        return self._pdf

    @property
    def file_name(self) -> str:
        """The name proposed for the file."""
        return self._file_name

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being opened, drawn, printed or saved."""
        return self._worker.is_idle and not self._is_issuing

    def print(self) -> None:
        """Show the print dialog, then print in the background."""
        from PySide6.QtPrintSupport import QPrintDialog

        from fuyuan_desk.widgets import printing

        if self._pdf is None or self.progress.isVisible() or self._is_issuing:
            return
        if not printing.has_printer() and not self._can_save:
            text = _(
                "No printer is set up on this PC. Set one up, or copy the document by hand; it must not be saved."
            )
            self.banner.say("warn", text)
            return
        if not printing.has_printer():
            self.banner.say(
                "warn",
                _("No printer is set up on this PC. Save the document as PDF and print it elsewhere."),
                _("&Save as PDF"),
                self.save,
            )
            return
        printer = printing.make_printer(self._pdf, self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, self._can_save)
        dialog.setMinMax(1, len(self._pdf.sizes))
        dialog.setFromTo(1, len(self._pdf.sizes))
        offered = printer.printerName()
        if dialog.exec():  # on Windows this is the system dialog, which is always blocking
            printing.take_choice(printer, offered)
            self.print_if_ready(printer, printing.trouble(printer))

    def print_if_ready(self, printer: Any, trouble: str) -> None:
        """Print on a QPrinter, but say first what is wrong with it, '' for nothing; the clerk decides."""
        if trouble:
            self.banner.say("warn", trouble, _("Print all the same"), lambda: self.print_on(printer))
        else:
            self.print_on(printer)

    def print_on(self, printer: Any) -> None:
        """Print the pages chosen in `printer` (a QPrinter) with progress, in the background."""
        self._when_final(lambda: self._print_final(printer))

    def _print_final(self, printer: Any) -> None:
        from fuyuan_desk.widgets import printing

        if self._pdf is None:
            return
        progress = UiProgress()
        numbers = printing.chosen_pages(printer, len(self._pdf.sizes))
        job = self._worker.run(
            printing.print_pages,
            self._pdf,
            printer,
            numbers,
            progress,
            done=self._on_printed,
            failed=self._refuse,
            cancelled=self._on_stopped,
            progress=progress,
            owner=self,
        )
        self.progress.follow(_("Printing “{title}”").format(title=self._title), progress, job.cancel)

    def save(self) -> None:
        """Ask for a file name, then write the PDF in the background."""
        if self._pdf is None or not self._can_save or self._is_issuing:
            return
        chosen = choose_target(self, Purpose.PDF, _("Save as PDF"), self._file_name, "PDF (*.pdf)")
        if chosen is not None:
            self.save_to(chosen)

    def save_to(self, path: Path) -> None:
        """Write the PDF to `path` in the background; show a message on failure."""
        if self._can_save:
            self._when_final(lambda: self._save_final(with_ending(path, ".pdf")))

    def _save_final(self, path: Path) -> None:
        if self._pdf is not None:
            self._worker.run(
                _write, self._pdf.raw, path, done=self._on_saved, failed=self._refuse, owner=self
            )

    def _when_final(self, act: Callable[[], object]) -> None:
        """Call `act` once the final document is shown; a draft that is not issued yet is issued first."""
        if self._pdf is None or self._is_issuing:
            return
        if self._issue is None:
            act()
            return

        def opened(pdf: PdfFile) -> None:
            self._end_issuing()
            self._issue = None
            self._on_opened(pdf)
            act()

        def issued(pdf: bytes, name: str) -> None:
            if self._pdf is None:  # closed meanwhile
                return
            self._file_name = safe_name(name, ".pdf")
            self._worker.run(open_pdf, pdf, done=opened, failed=refused, owner=self)

        def refused(error: UserError) -> None:
            self._end_issuing()
            self._refuse(error)

        self._is_issuing = True
        self._enable(False)
        self._issue(issued, refused)

    def _end_issuing(self) -> None:
        self._is_issuing = False
        self._enable(self._pdf is not None)

    def close_pdf(self) -> None:
        """Stop running work and close the document."""
        self.view.set_pdf(None)
        pdf, self._pdf = self._pdf, None
        self._worker.retire()
        if pdf is not None:
            pdf.close()

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setProperty("role", "topbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        row.addWidget(
            icon_button("chevron-left", _("Previous page"), lambda: self.view.go_to(self.view.page - 1))
        )
        row.addWidget(self._page_label)
        row.addWidget(
            icon_button("chevron-right", _("Next page"), lambda: self.view.go_to(self.view.page + 1))
        )
        row.addSpacing(16)
        row.addWidget(icon_button("zoom-out", _("Zoom out"), lambda: self.view.step_zoom(-1)))
        row.addWidget(self._percent)
        row.addWidget(icon_button("zoom-in", _("Zoom in"), lambda: self.view.step_zoom(1)))
        row.addWidget(button(_("Fit &width"), lambda: self.view.fit("width"), role="link"))
        row.addWidget(button(_("Fit pa&ge"), lambda: self.view.fit("page"), role="link"))
        row.addStretch(1)
        row.addWidget(self.save_button)
        row.addSpacing(4)
        row.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        notes = QVBoxLayout()
        notes.setContentsMargins(16, 4, 16, 4)
        notes.addWidget(self.banner)
        notes.addWidget(self.progress)
        column.addLayout(notes)
        column.addWidget(self.view, 1)

    def _on_opened(self, pdf: PdfFile) -> None:
        old, self._pdf = self._pdf, pdf
        self.view.set_pdf(pdf)
        if old is not None:
            old.close()
        self._enable(True)
        self._show_page(0)
        self.view.setFocus()

    def _on_unreadable(self, error: UserError) -> None:
        self._page_label.setText("")
        self._refuse(error)

    def _on_printed(self, pages: int) -> None:
        self.progress.finish()
        text = numbered(
            pages, N_("{n} page was sent to the printer."), N_("{n} pages were sent to the printer.")
        )
        self.banner.say("ok", text)
        self.printed.emit(pages)

    def _on_stopped(self) -> None:
        self.progress.finish()
        self.banner.say("info", _("Printing was stopped."))

    def _on_saved(self, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        self.banner.say(
            "ok",
            _("Saved as {name}.").format(name=path.name),
            _("Open the &folder"),
            lambda: QDesktopServices.openUrl(folder),
        )
        self.saved.emit(str(path))

    def _refuse(self, error: UserError) -> None:
        self.progress.finish()
        self.banner.refuse(error)

    def _show_page(self, number: int) -> None:
        if self._pdf is not None:
            self._page_label.setText(
                _("Page {n} of {total}").format(n=number + 1, total=self.view.page_count)
            )

    def _enable(self, on: bool) -> None:
        self.print_button.setEnabled(on)
        self.save_button.setEnabled(on)


class PreviewDialog(QDialog):
    """A window with a `Preview`; Esc closes it."""

    def __init__(self, parent: QWidget | None, title: str, can_save: bool = True) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle(title)
        self.preview = Preview(can_save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.preview)
        room = self.screen().availableSize()
        self.resize(min(1100, room.width() - 80), min(1000, room.height() - 60))

    def done(self, result: int) -> None:
        """Close the window and its document."""
        self.preview.close_pdf()
        super().done(result)


def open_preview(
    parent: QWidget | None,
    title: str,
    source: bytes | Path,
    can_save: bool = True,
    *,
    name: str = "",
    issue: Issue | None = None,
    reveals: bool = False,
) -> PreviewDialog:
    """Open a preview window for a PDF without blocking; connect to `.preview.printed` and `.preview.saved`.

    Without `can_save` the document can be printed only; `name` is proposed for its file, `issue` makes the final
    document out of a draft, see `Preview`. `reveals`: it shows personal data unmasked; what cannot be saved is a
    secret, too. Such a window is kept out of pictures of the screen.
    """
    dialog = PreviewDialog(parent, title, can_save)
    Revealed(dialog).set_on(reveals or not can_save)
    dialog.preview.show_pdf(title, source, name, issue)
    dialog.show()
    return dialog


def _write(raw: bytes, path: Path) -> Path:
    write_atomically(path, raw)
    return path
