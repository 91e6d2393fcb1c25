"""The tour: run the program without a screen and save a picture of every page and all documents.

It follows a clerk's work – first run, import, desk, documents – in offices of its own in a temporary folder;
the preferences and offices of this PC are not touched.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from fuyuan_desk.cli import batch_print, tour_charts
from fuyuan_desk.core import files, path_rules, paths
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import language
from fuyuan_desk.shell import sample_office as sample
from fuyuan_desk.shell.jobs import JOBS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from fuyuan_desk.access.seat import Seat

LANE = "南昌路168弄"
_ROSTER = "南昌路168弄住户名册.xlsx"
_TIMEOUT_SECONDS = 30.0
_PASSWORD = "tour-of-the-desk-1"
# logged by Qt's offscreen platform for every window
_QT_REMARK = "This plugin does not support propagateSizeHints()"


def take(out: Path) -> Iterator[Path]:
    """Save pictures (PNG, 1366 × 768) and documents (PDF) in `out` and yield each file once it is written.

    Raises `Unusable` if `out` cannot be written to.
    """
    _prepare(out)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (
        _without_qt_remark(),
        tempfile.TemporaryDirectory(prefix="fuyuan-tour-", ignore_cleanup_errors=True) as folder,
    ):
        walk = _Walk(out, Path(folder))
        try:
            yield from walk.first_run()
            yield from walk.sample()
        finally:
            walk.end()


@contextmanager
def _without_qt_remark() -> Iterator[None]:
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    previous: Any = None

    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if message == _QT_REMARK:
            return
        if previous is not None:
            previous(kind, context, message)
        else:
            print(message, file=sys.stderr)

    previous = qInstallMessageHandler(handle)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)


def _prepare(out: Path) -> None:
    path_rules.refuse_bad_name(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise files.as_unusable(problem, out) from problem
    probe = out / f".probe-{os.getpid()}"
    files.write_atomically(probe, b"")
    files.remove(probe)


def _application() -> "QApplication":
    from PySide6.QtWidgets import QApplication

    from fuyuan_desk.widgets.theme import load_rare_characters

    application = QApplication.instance() or QApplication(["fuyuan-desk", "-platform", "offscreen"])
    assert isinstance(application, QApplication)
    load_rare_characters()
    return application


class _Walk:
    """Visits page after page in one window."""

    def __init__(self, out: Path, folder: Path) -> None:
        from fuyuan_desk.shell.main_window import MainWindow

        self._out, self._folder = out, folder
        self._number = 0
        self.known: dict[str, Any] = {}
        self._application = _application()
        preferences = Preferences(language=language())
        self.window = MainWindow(self._application, preferences, folder / "settings.json")

    def end(self) -> None:
        """Close the window and the office in it."""
        self.window.close()
        self.window.deleteLater()
        self.settle()

    # --- tools

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Wait until all work is finished, including work that timers are about to start."""
        from fuyuan_desk.widgets.snapshot import settle

        def is_quiet() -> bool:
            desk = self.window.open_desk
            return self.window.worker.is_idle and (desk is None or desk.is_idle) and until()

        for _again in range(2):
            settle(is_quiet, _TIMEOUT_SECONDS)
            settle(seconds=0.2)

    def picture(self, name: str, widget: "QWidget | None" = None, above: "QWidget | None" = None) -> Path:
        """Save a picture of the window or a widget."""
        from fuyuan_desk.widgets.snapshot import grab

        self.settle()
        self._number += 1
        return grab(widget or self.window, self._out / f"{self._number:02}-{name}.png", above=above)

    def paper(self, name: str, pdf: bytes) -> Path:
        """Save a document."""
        file = self._out / f"{name}.pdf"
        files.write_atomically(file, pdf)
        return file

    @property
    def _entry(self) -> Any:
        return self.window.entry

    @property
    def shell(self) -> Any:
        """The open desk with its pages, None before sign-in."""
        return self.window.open_desk

    @property
    def desk(self) -> Any:
        """The operator's desk."""
        return self.shell.desk

    def lock(self) -> None:
        """Lock the desk, which closes its office."""
        self.window.lock()
        self.settle(lambda: self.shell is None)

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""
        return self.shell.go(page)

    # --- the first run and the import of a roster

    def first_run(self) -> Iterator[Path]:
        """Set up an office, page by page, and import a roster."""
        self.window.show_set_up()
        view = self._entry.view
        yield self.picture("first-run-welcome")
        view.next_requested.emit()
        view.office.set_value("name", "瑞金居民委员会")
        view.office.set_value("street", "瑞金二路街道")
        yield self.picture("first-run-office")
        view.next_requested.emit()
        for field, value in (("name", "王小芳"), ("password", _PASSWORD), ("again", _PASSWORD)):
            view.operator.set_value(field, value)
        yield self.picture("first-run-operator")
        view.next_requested.emit()
        # pictures show no folder of this PC
        view.place.set_value("folder", "D:\\福元台")
        yield self.picture("first-run-folder")
        view.place.set_value("folder", str(self._folder / "office"))
        view.next_requested.emit()
        self.settle()
        code = view.code.text()
        view.code.setText("SAMP-LE00-0000-0000-0000-0000-0000")
        yield self.picture("first-run-recovery-code")
        view.code.setText(code)
        view.written.setChecked(True)
        view.next_requested.emit()
        self.settle(lambda: self.shell is not None)
        yield self.picture("today-empty")
        yield from self._import()

    def _import(self) -> Iterator[Path]:
        page = self.go("import")
        yield self.picture("import-start")
        page.open_file(paths.resource("sample", _ROSTER))
        yield self.picture("import-check")
        page.check.import_requested.emit()
        yield self.picture("import-done")
        self.go("estates")
        yield self.picture("estates-after-import")

    # --- the sample office

    def sample(self) -> Iterator[Path]:
        """Leave the office of the first run, sign in to a sample office and show every page."""
        self.lock()
        made = sample.build(self._folder / "sample")
        made.seat.store.close()
        self.window.show_sign_in(self._folder / "sample")
        view = self._entry.view
        view.login.setText(made.login)
        view.password.setText(made.password)
        view.folder.hide()  # pictures show no folder of this PC
        yield self.picture("sign-in")
        view.enter.click()
        self.settle(lambda: self.shell is not None and self.shell.frame.isVisible())
        yield self.picture("today")
        for job in JOBS:
            if job.tour is not None:
                yield from job.tour(self)
        yield from tour_charts.walk(self)
        yield from self._search()
        yield from self._second_person()
        yield from self._papers()
        yield from self._restore()

    def _search(self) -> Iterator[Path]:
        self.go("today")
        self.window.activateWindow()
        box = self.shell.search
        box.begin()
        box.setText("ncl168")
        yield self.picture("search")
        box.clear()

    def _second_person(self) -> Iterator[Path]:
        from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded

        second = self.shell.second
        second.ask(SecondNeeded(ProtectedAction.PURGE, "邵一鸣"), lambda *_again: None, lambda: None)
        yield self.picture("second-person", above=second.dialog)
        second.dialog.reject()

    def _restore(self) -> Iterator[Path]:
        self.window.show_restore(self._folder / "sample", self.known["backup"])
        self.settle()
        view = self._entry.view
        folder = view.backups.item(0, 1)
        folder.setText(str(PureWindowsPath("D:/福元台-backup")))
        yield self.picture("restore-which")
        view.next.click()
        for field, value in (("login", "admin"), ("second_login", "li")):
            view.who.set_value(field, value)
        for field in ("password", "second_password"):
            view.who.set_value(field, sample.PASSWORD)
        yield self.picture("restore-two-persons")
        view.next.click()
        yield self.picture("restore-what-it-holds")
        view.next.click()
        view.where.set_value("where", "in_place")
        yield self.picture("restore-where-to")
        view.next.click()
        self.settle()
        view.done_text.setText(view.done_text.text().replace(f"{self._folder}{os.sep}", "D:\\"))
        yield self.picture("restore-done")

    # --- documents

    def _papers(self) -> Iterator[Path]:
        from fuyuan_desk.office.sheets import recovery_sheet
        from fuyuan_desk.widgets.preview import PreviewDialog
        from fuyuan_desk.widgets.snapshot import SCREEN

        seat = self.desk.seat
        number = self.known["case"]
        for name, sheet, choice in (
            ("registration", "registration", {"case": number}),
            ("registrations-of-all", "registration", {}),
            ("inspection-sheet-case", "inspection-sheet", {"case": number}),
            ("inspection-sheet-estate", "inspection-sheet", {"estate": LANE}),
            ("inspection-sheets-batch", "inspection-sheet", {}),
        ):
            file = self._out / f"{name}.pdf"
            self.ask(partial(batch_print.print_sheets, jobs=JOBS, name=sheet, out=file, **choice))
            yield file
        code = "SAMP-LE00-0000-0000-0000-0000-0000"
        pdf = recovery_sheet("福元居民委员会", "admin", code, "D:\\福元台", seat.now().astimezone())
        yield self.paper("recovery-sheet", pdf)
        dialog = PreviewDialog(self.window, number)
        dialog.preview.show_pdf(number, self._out / "registration.pdf")
        dialog.resize(*SCREEN)  # before the page is drawn, which takes a moment
        dialog.open()
        self.settle(lambda: dialog.preview.is_idle)
        yield self.picture("preview", dialog)
        dialog.reject()
        self.lock()
        self._entry.view.folder.hide()
        yield self.picture("locked")

    def ask(self, use: Callable[["Seat"], Any]) -> Any:
        """Run a service on the database thread and return its result."""
        results: list[Any] = []
        self.desk.run(use, done=results.append)
        self.settle(lambda: bool(results))
        return results[0]
