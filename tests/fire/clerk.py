"""A clerk's day in a process of its own: everything that could leave a trace, then the desk is locked by shortcut.

Started by `tests.fire.grep`. Secrets and people come through a pipe, as they come from a keyboard and from a roster,
never as an argument; each step is reported on the standard output.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.diagnostics import service as diagnostics
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import households, page_data
from fuyuan_desk.inspections.service import visits as inspections
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.roster.service import imports
from fuyuan_desk.shell import main_window, startup
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.workbook.writer import Sheet, workbook_bytes
from tests.fire.hand import CHEAP, Hand

_LONGEST_MS = 30_000
_started = subprocess.Popen


class _Told(_started):  # type: ignore[type-arg]
    """Reports which process replaces this one."""

    def __init__(self, *words: Any, **how: Any) -> None:
        super().__init__(*words, **how)
        _say("successor", self.pid)


def _say(*words: object) -> None:
    print(*words, flush=True)


def _wait(until: Callable[[], object], what: str) -> None:
    end = time.monotonic() + _LONGEST_MS / 1000
    while not until():
        if time.monotonic() > end:
            raise TimeoutError(what)
        QTest.qWait(20)


class Day:
    """The work in the window, from sign-in to lock."""

    def __init__(self, secrets: dict[str, Any], root: Path) -> None:
        self._secrets, self._root = secrets, root
        self._saved = root / "saved"

    def prepare(self) -> None:
        """Set up the office, import the first roster, and let the window remember the office."""
        folder = self._root / "office"
        seat = set_up_office(
            folder,
            OfficeSettings("福元居民委员会"),
            "admin",
            "管理员",
            self._secrets["password"],
            self._secrets["code"],
            CHEAP,
        )
        roster = self._root / "outside" / "名册.csv"
        imports.import_roster(seat, roster, "福元小区")
        hand = Hand(self._root, seat, random.Random(2))
        unit = page_data.unit_of_household(seat, 1)
        person = self._secrets["people"][0]
        filing = hand.filing(unit)
        renovation.file_case(seat, replace(filing, applicant=person[0], applicant_phone=person[1]))
        visit = hand.visit(photos=2)
        inspections.log_visit(seat, replace(visit, inspectors=person[0], remarks=f"{person[0]} {person[1]}"))
        seat.store.close()
        remembered = self._root / "home" / "fuyuan_desk" / "settings.json"
        remembered.parent.mkdir(parents=True, exist_ok=True)
        remembered.write_text(
            json.dumps({"store": str(folder), "last_login": "admin", "language": "zh_CN"}), encoding="utf-8"
        )

    def work(self) -> None:
        """Run all steps in order."""
        self._window = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, main_window.MainWindow)
        )
        _wait(lambda: self._window._relaunch is not None and self._window.worker.is_idle, "the window")
        for step in (
            self._mistype, self._sign_in, self._look_around, self._reveal, self._type, self._bring_in, self._export,
            self._preview, self._back_up, self._fall, self._diagnose,
        ):  # fmt: skip
            step()
            self._rest()
            _say("done", step.__name__.strip("_"))

    @property
    def _desk(self) -> Any:
        assert self._window.open_desk is not None
        return self._window.open_desk

    def _rest(self) -> None:
        def is_idle() -> bool:
            desk = self._window.open_desk
            return self._window.worker.is_idle and (desk is None or desk.desk.is_idle)

        for _ in range(3):
            _wait(is_idle, "rest")
            QTest.qWait(30)

    def _run(self, use: Callable[..., Any], *args: Any) -> Any:
        got: list[Any] = []
        self._desk.desk.run(use, *args, done=got.append)
        _wait(lambda: got, use.__name__)
        return got[0]

    def _enter(self, password: str) -> None:
        view = self._window.entry.view
        view.password.clear()
        QTest.keyClicks(view.password, password)
        QTest.keyClick(view.password, Qt.Key.Key_Return)

    def _mistype(self) -> None:
        self._enter(self._secrets["password"] + "x")
        _wait(lambda: bool(self._window.entry.view.message.text()), "the refusal")

    def _sign_in(self) -> None:
        _wait(self._window.entry.view.enter.isEnabled, "the pause")
        self._enter(self._secrets["password"])
        _wait(lambda: self._window.open_desk is not None and self._window.entry is None, "the desk")

    def _look_around(self) -> None:
        for page in self._desk.shown_pages():
            self._desk.frame.go(page.name)
            self._rest()
        for kind in ("estate", "building", "unit", "household", "case", "visit"):
            self._desk.open_record(kind, 1)
            self._rest()
        self._desk.search.setText(self._secrets["people"][1][0])
        self._rest()
        self._desk.search.clear()

    def _reveal(self) -> None:
        for number in range(1, 4):
            for field in ("head", "id_number", "phone:0"):
                shown = self._run(households.reveal, number, field)
                QApplication.clipboard().setText(shown)

    def _type(self) -> None:
        estates = self._desk.go("estates")
        estates.new_estate()
        self._rest()
        line = estates.new_pane.form.editor("name").inner()[0]
        line.setText(self._secrets["people"][2][0])
        line.textEdited.emit(line.text())
        QTest.qWait(1_200)  # until it is saved as a draft

    def _bring_in(self) -> None:
        self._run(imports.import_roster, self._root / "outside" / "名册二.csv", "福元二村")

    def _export(self) -> None:
        export = self._run(page_data.units_for_export, ExportOrder("核对", "街道办事处"), UnitQuery())
        self._saved.mkdir(exist_ok=True)
        cells = [[str(row)] for row in export.rows]
        (self._saved / "住户.xlsx").write_bytes(workbook_bytes([Sheet("住户", ["住户"], cells)], ()))

    def _preview(self) -> None:
        self._desk.open_record("case", 1)
        self._rest()
        page = self._desk.go("renovation")
        page.papers.registration_forms(page.case, [1], True)
        _wait(lambda: self._boxes(PreviewDialog), "the preview")
        [dialog] = self._boxes(PreviewDialog)
        _wait(lambda: dialog.preview.pdf is not None, "the paper")
        dialog.preview.save_to(self._saved / "登记表.pdf")
        self._rest()
        dialog.close()

    def _boxes(self, kind: type[QWidget]) -> list[Any]:
        return [box for box in QApplication.topLevelWidgets() if isinstance(box, kind) and box.isVisible()]

    def _back_up(self) -> None:
        assert self._run(backups.back_up, None, backups.Why.ASKED, ()).is_good
        assert places.first_path(self._root / "office").is_dir()

    def _fall(self) -> None:
        held = {"name": self._secrets["people"][3][0]}
        try:
            raise KeyError(f"{held}")
        except KeyError as bug:  # the way in which Qt reports exceptions that escape from a slot
            sys.excepthook(KeyError, bug, bug.__traceback__)
        QTest.qWait(200)
        for box in QApplication.topLevelWidgets():
            if box is not self._window and box.isVisible():
                box.close()

    def _diagnose(self) -> None:
        report = self._run(diagnostics.report)
        (self._root / "diagnostics.txt").write_text(report, encoding="utf-8")

    def lock(self) -> None:
        """Lock by shortcut; a new process replaces this one."""
        self._window.activateWindow()
        _wait(self._window.isActiveWindow, "the window in front")
        QTest.keyClick(self._window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        _wait(lambda: self._window.entry is not None, "the locked window")


def main() -> None:
    """Do the day's work, then wait for the command to lock."""
    day = Day(json.loads(sys.stdin.readline()), Path(sys.argv[1]))
    day.prepare()
    subprocess.Popen = _Told  # type: ignore[misc]
    lock_requested = threading.Event()
    make = startup.make_application

    def begin() -> None:
        day.work()
        _say("worked")
        threading.Thread(target=lambda: (sys.stdin.readline(), lock_requested.set()), daemon=True).start()
        _wait(lock_requested.is_set, "the word to lock")
        day.lock()

    def begin_or_end() -> None:
        try:
            begin()
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def made(options: Sequence[str]) -> QApplication:
        application = make(options)
        QTimer.singleShot(300, application, begin_or_end)
        return application

    startup.make_application = made
    startup.run_window()


if __name__ == "__main__":
    main()
