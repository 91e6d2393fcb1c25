"""A walk through every page, tab, form and dialog of the sample office, measured at each size of the screen."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMenu, QStackedWidget, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded
from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.household_card import Asked
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.process.high_contrast import SystemColours
from fuyuan_desk.renovation.service.queries import list_cases
from fuyuan_desk.shell import sample_office
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.shell.main_window import SIZE, MainWindow
from tests.fits import faults
from tests.windows import at_desk, close_window, quiet, show_window, sign_in

SCALES = (100, 125, 150, 200)
_ROUNDS = 6
_MOMENT_MS = 200
ROSTER = "南昌路168弄住户名册.xlsx"


def logical(scale: int) -> tuple[int, int]:
    """Return the size of the screen in logical pixels at a scale in percent."""
    return SIZE[0] * 100 // scale, SIZE[1] * 100 // scale


@contextmanager
def walk_through(
    qtbot: QtBot,
    qapp: QApplication,
    office: Path,
    place: Path,
    language: str,
    *,
    large: bool = False,
    scales: tuple[int, ...] = SCALES,
    pictures: Path | None = None,
    system: SystemColours | None = None,
) -> Iterator["FitWalk"]:
    """Open a copy of the sample office in a language and a text size; close it afterwards."""
    shutil.copytree(office, place / "office")
    use_language(language)
    preferences = {
        "store": str(place / "office"), "last_login": "admin", "language": language, "large_text": large,
    }  # fmt: skip
    window = show_window(qtbot, qapp, place / "settings.json", system, **preferences)
    try:
        sign_in(qtbot, window, sample_office.PASSWORD)
        qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
        quiet(qtbot, window)
        yield FitWalk(qtbot, window, scales, pictures)
    finally:
        close_window(qtbot, qapp, window)


class FitWalk:
    """Opens what there is to open in one window, as a `Tour` does, and measures where that takes pictures."""

    def __init__(
        self, qtbot: QtBot, window: MainWindow, scales: tuple[int, ...] = SCALES, pictures: Path | None = None
    ) -> None:
        self._qtbot = qtbot
        self._scales = scales
        self._pictures = pictures
        self.window = window
        self.known: dict[str, Any] = {}
        self.found: dict[str, list[str]] = {}

    # --- what a job's tour uses

    @property
    def desk(self) -> Any:
        return self._shell.desk

    @property
    def _shell(self) -> Any:
        return self.window.open_desk

    def go(self, page: str) -> Any:
        return self._shell.go(page)

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        self._qtbot.waitUntil(lambda: until() and self._shell.is_idle, timeout=20_000)
        quiet(self._qtbot, self.window)

    def ask(self, use: Callable[[Seat], Any]) -> Any:
        results: list[Any] = []
        self.desk.run(use, done=results.append)
        self.settle(lambda: bool(results))
        return results[0]

    def paper(self, name: str, pdf: bytes) -> Path:
        return Path(name)

    def picture(self, name: str, widget: QWidget | None = None, above: QWidget | None = None) -> Path:
        """Measure the window, or the dialog above it, at each size."""
        self.settle()
        self.measure(name, above or widget)
        return Path(name)

    # --- measuring

    def measure(self, name: str, shown: QWidget | None = None) -> None:
        """Note what does not fit at each size."""
        for scale in self._scales:
            self.window.resize(*logical(scale))
            self._note(f"{name} at {scale} %", shown or self.window)
            if self._pictures is not None:
                (shown or self.window).grab().save(str(self._pictures / f"{name}-{scale}.png"))
        self.window.resize(*SIZE)

    def _note(self, name: str, shown: QWidget) -> None:
        _lay_out()
        found = self._faults(shown)
        if found:  # a text that is laid out in the background has come to rest after a moment
            QTest.qWait(_MOMENT_MS)
            found = self._faults(shown)
        if found:
            self.found[name] = found

    def _faults(self, shown: QWidget) -> list[str]:
        return faults(shown) if shown is self.window else [*faults(shown), *self._too_large(shown)]

    def _too_large(self, dialog: QWidget) -> list[str]:
        room = self.window.size()
        fits = dialog.width() <= room.width() and dialog.height() <= room.height()
        return (
            [] if fits else [f"dialog {dialog.width()}×{dialog.height()} in {room.width()}×{room.height()}"]
        )

    def _context(self) -> list[str]:
        """Return what has the focus, and which pages and tabs are in front."""
        focused = QApplication.focusWidget()
        fronts = [
            f"{type(stack).__name__} {stack.currentIndex()}"
            for kind in (QStackedWidget, QTabWidget)
            for stack in self.window.findChildren(kind)
            if stack.isVisible()
        ]
        return [f"{type(focused).__name__} {focused and focused.accessibleName()}", *fronts]

    def dialog(self, name: str, opens: Callable[[], object]) -> None:
        """Open a dialog where there is least room, measure it, and close it: one is where one was."""
        for scale in self._scales[-1:]:
            self.window.resize(*logical(scale))
            self.settle()
            before = self._context()
            opens()
            self.settle(lambda: _dialog() is not None)
            shown = _dialog()
            assert shown is not None
            self._note(f"{name} at {scale} %", shown)
            if self._pictures is not None:
                shown.grab().save(str(self._pictures / f"{name}-{scale}.png"))
            QDialog.reject(shown)
            self.settle(lambda: _dialog() is None)
            if self._context() != before:
                self.found[f"{name}: where one was"] = [f"{before} before, {self._context()} afterwards"]
        self.window.resize(*SIZE)

    # --- the way

    def pages(self) -> None:
        """Measure every page, as the jobs' tours show them, and the forms that they do not open."""
        self.picture("today")
        for job in JOBS:
            if job.tour is not None:
                for _picture in job.tour(self):
                    pass
        self._forms()

    def _forms(self) -> None:
        estates = self.go("estates")
        estates.new_estate()
        self.picture("new-estate")
        estates.show_list()
        estates.open_estate(self.known["estate"])
        self.settle()
        estates.estate.overview.edit_requested.emit()
        self.picture("edit-estate")
        estates.estate.overview.pane.cancel()
        estates.estate.view.tabs.setCurrentIndex(1)
        self.settle()
        for page, name in ((estates.estate.buildings, "building"), (self.go("facilities"), "facility")):
            if name == "building":
                estates = self.go("estates")
            page.new_record()
            self.picture(f"new-{name}")
            page.view.pane.cancel()
            page.view.table.table.selectRow(0)
            self.picture(f"edit-{name}")
            page.view.pane.cancel()
        estates = self.go("estates")
        estates.open_unit(self.known["unit"])
        self.settle()
        panel = estates.estate.units.view.panel
        panel.edit_unit_requested.emit()
        self.picture("edit-home")
        panel.unit_pane.cancel()
        panel.add_household_requested.emit()
        self.picture("new-household")
        panel.household_pane.cancel()
        self.settle()
        self._people(panel)
        estates.estate.units.view.add_requested.emit()
        self.picture("new-home")
        panel.unit_pane.cancel()
        self.settle()
        importing = self.go("import")
        self.settle()
        importing.start.table.table.selectRow(0)
        importing.start.undo_button.click()
        self.picture("import-undo")
        assert importing.undo.isVisible()
        importing.undo.keep_button.click()
        importing.open_file(paths.resource("sample", ROSTER))
        self.picture("import-check")
        inspections = self.go("inspections")
        inspections.new_visit()
        self.picture("new-visit-empty")
        renovation = self.go("renovation")
        renovation.show_list()
        renovation.new_filing()
        self.picture("new-filing-empty")
        renovation.show_list()

    def _people(self, panel: UnitPanel) -> None:
        """The forms and dialogs of a household and of the people in it."""
        household = panel.households()[0]
        for act, pane, name in (
            (household_card.EDIT, panel.household_pane, "edit-household"),
            (household_card.EDIT_PERSON, panel.holder_pane, "edit-holder"),
            (household_card.ADD_PERSON, panel.person_pane, "new-person"),
        ):
            panel.asked.emit(Asked(act, household))
            self.settle()
            self.picture(name)
            pane.cancel()
            self.settle()
        self.dialog("end-household", lambda: panel.asked.emit(Asked(household_card.END, household)))
        self.dialog("who-was-here", panel.day_requested.emit)

    def dialogs(self) -> None:
        """Measure the dialogs."""
        second = self._shell.second
        asked = SecondNeeded(ProtectedAction.PURGE, "邵一鸣")
        self.dialog("second-person", lambda: second.ask(asked, lambda *_again: None, lambda: None))
        self._of_lists()
        self._of_records()
        self._of_settings()

    def _of_lists(self) -> None:
        page = self.go("facilities")
        page.show_list()
        self.settle()
        table = page.view.table
        self.dialog("export", lambda: table.export_requested.emit(table.model.query))
        table.filter.setText("1")
        self.settle()
        self.dialog("save-filter", lambda: _trigger(table.saved_filters.menu()))
        table.clear_filters()
        days = table.facets.findChildren(QComboBox)[-1]
        self.dialog("days", lambda: _choose(days, days.count() - 1))
        self.settle()
        table.table.selectAll()
        self.dialog("change-many", page.view.change_many_requested.emit)
        table.clear_selection()
        table.table.selectRow(0)
        self.settle()
        self.dialog("history", page.view.history_button.click)
        self.dialog("remove", page.view.remove_button.click)
        page.view.pane.form.set_value("place", "改过")
        self.dialog("unsaved", page.view.pane.cancel)
        page.view.pane.form.mark_clean()
        inspections = self.go("inspections")
        inspections.show_log()
        self.dialog("sheets", inspections.papers.choose)
        rounds = self.go("rounds")
        self.dialog("sheets-of-rounds", rounds.print_button.click)
        rounds.view.table.table.selectRow(0)
        self.dialog("leave-out", rounds.skip_button.click)
        sheets = self.go("sheets-out")
        self.settle()
        sheets.view.table.table.selectRow(0)
        self.dialog("write-off", sheets.withdraw_button.click)
        self.go("inspections").open_visit(1)
        self.settle()
        self.dialog("correction", inspections.detail.correct_button.click)

    def _of_records(self) -> None:
        estates = self.go("estates")
        estates.show_list()
        estates.open_estate(self.known["estate"])
        self.settle()
        self.dialog("remove-estate", estates.estate.view.remove_requested.emit)
        renovation = self.go("renovation")
        for name, act in self._acts_by_case().items():
            renovation.open_case(act)
            self.settle()
            bar = renovation.case.acts if name in ("start", "close") else renovation.case.undos
            self.dialog(f"case-{name}", bar.button(name).click)

    def _acts_by_case(self) -> dict[str, int]:
        """Return a case for each act that asks for something."""
        found: dict[str, int] = {}
        renovation = self.go("renovation")
        for row in self.ask(list_cases).rows:
            renovation.open_case(row.id)
            self.settle()
            case = renovation.case
            for bar, names in ((case.acts, ("start", "close")), (case.undos, ("undo_start", "reopen"))):
                for name in names:
                    made = bar.button(name)
                    if made.isVisibleTo(bar) and made.isEnabled():
                        found.setdefault(name, row.id)
        return found

    def _of_settings(self) -> None:
        settings = self.go("settings").page
        operator = self.desk.operator.id
        for name, opens in (
            ("add-operator", settings.add_operator_requested.emit),
            ("change-operator", lambda: settings.change_operator_requested.emit(operator)),
            ("reset-password", lambda: settings.reset_password_requested.emit(operator)),
            ("end-operator", lambda: settings.end_operator_requested.emit(operator)),
            ("reactivate-operator", lambda: settings.reactivate_requested.emit(operator)),
            ("new-code", settings.new_code_requested.emit),
        ):
            self.dialog(name, opens)
        safety = self.go("safety")
        safety.show_tab("backup")
        self.settle()
        self.dialog("name-drive", safety.tab("backup").page.stick.click)
        safety.show_tab("people")
        self.settle()
        people = safety.tab("people").page
        people.people.table.selectRow(0)
        self.settle()
        for name, asks in (
            ("report", people.person.report_requested),
            ("erase", people.person.erase_requested),
        ):
            self.dialog(f"person-{name}", asks.emit)


def _lay_out() -> None:
    """Let the layouts come to rest; what is still read changes nothing in them."""
    for _round in range(_ROUNDS):
        QApplication.processEvents()


def _choose(box: QComboBox, index: int) -> None:
    box.setCurrentIndex(index)
    box.activated.emit(index)


def _trigger(menu: QMenu) -> None:
    menu.actions()[0].trigger()


def _dialog() -> QDialog | None:
    shown = [box for box in QApplication.topLevelWidgets() if isinstance(box, QDialog) and box.isVisible()]
    return shown[-1] if shown else None
