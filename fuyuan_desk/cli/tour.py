"""A walk through the program without a screen: a picture of every page, and its papers.

It goes the ways a clerk goes – first run, import, desk, papers – in offices of its own in a temporary folder;
what is remembered on this PC and the offices that lie here are not touched.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from fuyuan_desk.cli import batch_print
from fuyuan_desk.core import files, paths
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import language
from fuyuan_desk.shell import sample_office as sample

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from fuyuan_desk.access.seat import Seat

LANE = "南昌路168弄"
_ROSTER = "南昌路168弄住户名册.xlsx"
_PATIENCE = 30.0
_PASSWORD = "tour-of-the-desk-1"
# what Qt's screen-less platform says of every window that it shows
_REMARK = "This plugin does not support propagateSizeHints()"
_PERSON = "邵一鸣"
_FILING = {
    "applicant_phone": "19900005555",
    "contractor": "上海里弄房屋修缮有限公司（示例）",
    "contractor_lead": "龚宏伟",
    "contractor_phone": "19900003333",
}


def take(out: Path) -> Iterator[Path]:
    """Leave pictures (PNG, 1366 × 768) and papers (PDF) in `out`, giving each file as it is written.

    Raises `Unusable` when `out` cannot be written to.
    """
    _prepare(out)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (
        _without_remark(),
        tempfile.TemporaryDirectory(prefix="fuyuan-tour-", ignore_cleanup_errors=True) as folder,
    ):
        walk = _Walk(out, Path(folder))
        try:
            yield from walk.first_run()
            yield from walk.sample()
        finally:
            walk.end()


@contextmanager
def _without_remark() -> Iterator[None]:
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    former: Any = None

    def tell(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if message == _REMARK:
            return
        if former is not None:
            former(kind, context, message)
        else:
            print(message, file=sys.stderr)

    former = qInstallMessageHandler(tell)
    try:
        yield
    finally:
        qInstallMessageHandler(former)


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise files.in_words(problem, out) from problem
    probe = out / f".probe-{os.getpid()}"
    files.write_atomically(probe, b"")
    probe.unlink()


def _application() -> "QApplication":
    from PySide6.QtWidgets import QApplication

    from fuyuan_desk.widgets.theme import apply_theme, load_rare_characters

    application = QApplication.instance() or QApplication(["fuyuan-desk"])
    assert isinstance(application, QApplication)
    apply_theme(application, False)
    load_rare_characters()
    return application


class _Walk:
    """Goes from page to page in one window."""

    def __init__(self, out: Path, folder: Path) -> None:
        from fuyuan_desk.shell.main_window import MainWindow

        self._out, self._folder = out, folder
        self._number = 0
        self._backup = Path()
        self._application = _application()
        preferences = Preferences(language=language())
        self._window = MainWindow(self._application, preferences, folder / "settings.json")

    def end(self) -> None:
        """Close the window and the office in it."""
        self._window.close()
        self._window.deleteLater()
        self._settle()

    # --- means

    def _settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Let all work end, that which timers are about to begin too."""
        from fuyuan_desk.widgets.snapshot import settle

        def is_quiet() -> bool:
            desk = self._window.open_desk
            return self._window.worker.is_idle and (desk is None or desk.is_idle) and until()

        for _again in range(2):
            settle(is_quiet, _PATIENCE)
            settle(seconds=0.2)

    def _picture(self, name: str, widget: "QWidget | None" = None, above: "QWidget | None" = None) -> Path:
        from fuyuan_desk.widgets.snapshot import grab

        self._settle()
        self._number += 1
        return grab(widget or self._window, self._out / f"{self._number:02}-{name}.png", above=above)

    def _paper(self, name: str, make: Callable[[Path], object]) -> Path:
        file = self._out / f"{name}.pdf"
        make(file)
        return file

    @property
    def _entry(self) -> Any:
        return self._window.entry

    @property
    def _desk(self) -> Any:
        return self._window.open_desk

    def _go(self, page: str) -> Any:
        return self._desk.frame.go(page)

    # --- the first run and the import of a roster

    def first_run(self) -> Iterator[Path]:
        """Set an office up, page by page, and bring a roster in."""
        self._window.show_set_up()
        view = self._entry.view
        yield self._picture("first-run-welcome")
        view.next_requested.emit()
        view.office.set_value("name", "瑞金居民委员会")
        view.office.set_value("street", "瑞金二路街道")
        yield self._picture("first-run-office")
        view.next_requested.emit()
        for field, value in (("name", "王小芳"), ("password", _PASSWORD), ("again", _PASSWORD)):
            view.operator.set_value(field, value)
        yield self._picture("first-run-operator")
        view.next_requested.emit()
        # a picture names no folder of this PC
        view.place.set_value("folder", "D:\\福元台")
        yield self._picture("first-run-folder")
        view.place.set_value("folder", str(self._folder / "office"))
        view.next_requested.emit()
        self._settle()
        code = view.code.text()
        view.code.setText("SAMP-LE00-0000-0000-0000-0000-0000")
        yield self._picture("first-run-recovery-code")
        view.code.setText(code)
        view.written.setChecked(True)
        view.next_requested.emit()
        self._settle(lambda: self._desk is not None)
        yield self._picture("today-empty")
        yield from self._import()

    def _import(self) -> Iterator[Path]:
        made = self._go("import")
        yield self._picture("import-start")
        made.open_file(paths.resource("sample", _ROSTER))
        yield self._picture("import-check")
        made.check.import_requested.emit()
        yield self._picture("import-done")
        self._go("estates")
        yield self._picture("estates-after-import")

    # --- the sample office

    def sample(self) -> Iterator[Path]:
        """Sign in to a sample office and look at every page."""
        made = sample.build(self._folder / "sample")
        made.seat.store.close()
        self._window.show_sign_in(self._folder / "sample")
        view = self._entry.view
        view.login.setText(made.login)
        view.password.setText(made.told)
        view.folder.hide()  # a picture names no folder of this PC
        yield self._picture("sign-in")
        view.enter.click()
        self._settle(lambda: self._desk is not None and self._desk.frame.isVisible())
        yield self._picture("today")
        yield from self._estates()
        yield from self._renovation()
        yield from self._inspections()
        yield from self._others()
        yield from self._safety()
        yield from self._papers()
        yield from self._restore()

    def _estates(self) -> Iterator[Path]:
        made = self._go("estates")
        made.show_list()
        yield self._picture("estates")
        made.list.tabs.setCurrentIndex(1)
        yield self._picture("homes-of-all-estates")
        made.open_estate(self._estate())
        self._settle()
        for place, name in enumerate(("overview", "buildings", "homes", "standard", "inspections")):
            made.detail.tabs.setCurrentIndex(place)
            yield self._picture(f"estate-{name}")
        made.open_unit(self._home())
        yield self._picture("home")

    def _renovation(self) -> Iterator[Path]:
        made = self._go("renovation")
        made.show_list()
        yield self._picture("renovations")
        cases = self._cases()
        for key, name in (("prohibited", "renovation-prohibited"), ("lane", "renovation-of-a-tenant")):
            made.open_case(cases[key])
            yield self._picture(name)
        made.case.tabs.setCurrentIndex(made.case.tabs.count() - 1)
        yield self._picture("renovation-visits")
        made.file_for(self._home())
        self._settle()
        view = made.filing.view
        view.home.holder_chosen.emit(next(iter(view.home.holders)))
        self._settle()
        for work in ("finish.paint", "wet.tiles", "structure.opening"):
            view.form.toggle_work(work, True)
        yield self._picture("new-filing-prohibited")
        view.form.toggle_work("structure.opening", False)
        view.form.answer("wet.tiles", "waterproof", "no")
        for field, value in _FILING.items():
            view.form.set_value(field, value)
        view.form.set_value("ends_on", self._desk.desk.seat.today() + timedelta(days=40))
        yield self._picture("new-filing")
        view.submit(False)
        yield self._picture("renovation-filed")

    def _inspections(self) -> Iterator[Path]:
        made = self._go("inspections")
        made.show_log()
        yield self._picture("inspections")
        made.open_visit(self._visit_with_photo())
        yield self._picture("visit")
        made.log_estate_visit(self._estate())
        self._settle()
        view = made.entry.view
        view.checklist.row("wires").set_raw("fail", "2号底楼门口有飞线充电")
        view.checklist.answer_rest()
        view.form.set_value("handling", "on-the-spot")
        yield self._picture("new-visit")
        view.form.submit()
        yield self._picture("visit-logged")

    def _others(self) -> Iterator[Path]:
        standards = self._go("standards")
        standards.show_estate(self._estate())
        yield self._picture("standards")
        standards.view.tabs.setCurrentIndex(1)
        yield self._picture("standards-side-by-side")
        self._go("import")
        yield self._picture("imports-of-the-past")
        settings = self._go("settings")
        for place in range(settings.page.tabs.count()):
            settings.page.tabs.setCurrentIndex(place)
            yield self._picture(f"settings-{place + 1}")
        self._go("help")
        yield self._picture("help")
        self._go("today")
        self._window.activateWindow()
        box = self._desk.search
        box.begin()
        box.setText("ncl168")
        yield self._picture("search")
        box.clear()

    # --- data safety

    def _safety(self) -> Iterator[Path]:
        from fuyuan_desk.access.second_person import Act, SecondNeeded

        made = self._go("safety")
        backup = made.backup.page
        backup.place_about.hide()
        yield self._picture("backup-none-yet")
        backup.now.click()
        self._settle()
        backup.check.click()
        yield self._picture("backup-made-and-checked")
        self._backup = Path(backup.chosen_path)
        made.go("trail")
        self._settle()
        trail = made.trail.page
        trail.check.click()
        self._settle()
        place = trail.kinds.findData("renovation_case")
        trail.kinds.setCurrentIndex(place)
        trail.kinds.activated.emit(place)
        self._settle()
        trail.table.table.selectRow(0)
        yield self._picture("trail")
        made.go("people")
        self._settle()
        yield from self._people(made.people.page)
        made.go("diagnostics")
        made.diagnostics.page.make_requested.emit()
        yield self._picture("diagnostics")
        second = self._desk.second
        second.ask(SecondNeeded(Act.PURGE, _PERSON), lambda *_again: None, lambda: None)
        yield self._picture("second-person", above=second.dialog)
        second.dialog.reject()
        made.go("backup")

    def _people(self, page: Any) -> Iterator[Path]:
        from fuyuan_desk.privacy.service import people
        from fuyuan_desk.privacy.sheets import person_sheet

        page.people.filter.setText(_PERSON)
        page.people.filter.returnPressed.emit()
        self._settle(lambda: page.people.model.total > 0)
        page.people.table.selectRow(0)
        yield self._picture("personal-data")
        keys = [key for one in self._ask(lambda seat: people.find_people(seat, _PERSON)) for key in one.keys]
        report = self._ask(lambda seat: people.person_report(seat, keys, "本人，凭身份证"))
        yield self._paper(
            "person-report", lambda file: files.write_atomically(file, person_sheet(report).pdf)
        )

    def _restore(self) -> Iterator[Path]:
        self._window.show_restore(self._folder / "sample", str(self._backup))
        self._settle()
        view = self._entry.view
        place = view.backups.item(0, 1)
        place.setText(str(PureWindowsPath("D:/福元台-backup")))
        yield self._picture("restore-which")
        view.next.click()
        for field, value in (("login", "admin"), ("second_login", "li")):
            view.who.set_value(field, value)
        for field in ("password", "second_password"):
            view.who.set_value(field, sample.PASSWORD)
        yield self._picture("restore-two-persons")
        view.next.click()
        yield self._picture("restore-what-it-holds")
        view.next.click()
        view.where.set_value("where", "in_place")
        yield self._picture("restore-where-to")
        view.next.click()
        self._settle()
        view.done_text.setText(view.done_text.text().replace(f"{self._folder}{os.sep}", "D:\\"))
        yield self._picture("restore-done")

    # --- papers

    def _papers(self) -> Iterator[Path]:
        from fuyuan_desk.office.sheets import recovery_sheet
        from fuyuan_desk.widgets.preview import PreviewDialog

        seat = self._desk.desk.seat
        number = self._numbers()["lane"]
        for name, what, choice in (
            ("registration", batch_print.REGISTRATION, {"case": number}),
            ("registrations-of-all", batch_print.REGISTRATION, {}),
            ("inspection-sheet-case", batch_print.INSPECTION_SHEET, {"case": number}),
            ("inspection-sheet-estate", batch_print.INSPECTION_SHEET, {"estate": LANE}),
            ("inspection-sheets-batch", batch_print.INSPECTION_SHEET, {}),
        ):
            yield self._paper(name, partial(self._print, seat, what, choice))
        code = "SAMP-LE00-0000-0000-0000-0000-0000"
        pdf = recovery_sheet("福元居民委员会", "admin", code, "D:\\福元台", seat.today())
        yield self._paper("recovery-sheet", lambda file: files.write_atomically(file, pdf))
        dialog = PreviewDialog(self._window, number)
        dialog.preview.show_pdf(number, self._out / "registration.pdf")
        dialog.open()
        yield self._picture("preview", dialog)
        dialog.reject()
        self._window.lock()
        self._settle()
        self._entry.view.folder.hide()
        yield self._picture("locked")

    def _print(self, seat: "Seat", what: str, choice: dict[str, str], file: Path) -> None:
        self._ask(lambda _seat: batch_print.print_sheets(seat, what, file, **choice))

    # --- what the pages are opened with

    def _ask(self, use: Callable[["Seat"], Any]) -> Any:
        """Run a service on the database thread and wait for its answer."""
        answers: list[Any] = []
        self._desk.desk.run(use, done=answers.append)
        self._settle(lambda: bool(answers))
        return answers[0]

    def _estate(self) -> int:
        from fuyuan_desk.estates.service.estates import list_estates

        rows = self._ask(list_estates).rows
        return next(int(row.id) for row in rows if row.name == LANE)

    def _home(self) -> int:
        from fuyuan_desk.estates.service.estates import find_units

        found = self._ask(lambda seat: find_units(seat, f"{LANE}2号亭子间"))
        return int(found[0].id)

    def _case_rows(self) -> dict[str, Any]:
        from fuyuan_desk.renovation.rules.cases import Verdict
        from fuyuan_desk.renovation.service.queries import list_cases

        rows = self._ask(list_cases).rows
        lane = next(row for row in rows if row.estate == LANE)
        prohibited = next(row for row in rows if row.verdict is Verdict.PROHIBITED)
        return {"lane": lane, "prohibited": prohibited}

    def _cases(self) -> dict[str, int]:
        return {key: row.id for key, row in self._case_rows().items()}

    def _numbers(self) -> dict[str, str]:
        return {key: row.number for key, row in self._case_rows().items()}

    def _visit_with_photo(self) -> int:
        from fuyuan_desk.inspections.service.visits import list_visits

        return next(int(row.id) for row in self._ask(list_visits).rows if row.photos)
