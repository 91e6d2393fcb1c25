"""The number of modules loaded until the desk is usable: what is not shown must not be loaded.

    python -m tests.bench.bench_modules

A process signs in to a sample office at the pace of a person and counts when the first page shows its tasks. Prints
all modules and those of the program; exits with 1 when they are more than 5 % above those of the program with five
jobs, before its jobs were declared (November 2026), or when they include a page, a paper or the judging of
renovations.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from fuyuan_desk.shell import sample_office

ROOT = Path(__file__).resolve().parents[2]
ALL_BEFORE, OWN_BEFORE, ROOM = 784, 290, 1.05
# the first page itself, the sign-in, the age of the backups in the status line, and the frame of the pages
SHOWN = {"today", "office", "backups", "kit", "shell"}

_COUNT = """
import json, os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication

from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.shell import main_window, startup
from fuyuan_desk.widgets.theme import apply_theme

folder, password = Path(sys.argv[1]), sys.argv[2]
use_language("zh_CN")
application = QApplication(sys.argv[:1])
preferences = Preferences(store=str(folder), last_login="admin")
window = main_window.MainWindow(application, preferences, folder.parent / "settings.json")
window.preloads = True
window.show_entry()
window.show()
startup.after_first_window(window)

def work(seconds, until=lambda: False):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        application.processEvents()
        time.sleep(0.002)

work(3)
window.entry.view.password.setText(password)
window.entry.view.enter.click()

def is_usable():
    desk = window.open_desk
    if desk is None or not desk.frame.isVisible():
        return False
    page = desk.frame.controller("today").page
    return page.tasks.isVisible() and page.tasks.count() > 0

work(30, is_usable)
assert is_usable()
print(json.dumps(sorted(sys.modules)), flush=True)
os._exit(0)
"""


def loaded(folder: Path) -> list[str]:
    """List the modules that are loaded when the desk of a sample office is usable."""
    made = sample_office.build(folder / "office")
    made.seat.store.close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-c", _COUNT, str(folder / "office"), made.password]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return names


def not_shown(own: list[str]) -> list[str]:
    """List the pages and papers of jobs that are not shown, and the judging of renovations."""
    parts = {name: name.split(".") for name in own}
    screens = [
        name for name, part in parts.items()
        if {"controller", "view", "sheets"} & set(part) and part[1] not in SHOWN
    ]  # fmt: skip
    return [*screens, *(name for name in own if name.endswith("rules.judging"))]


def main() -> int:
    """Count, print, and return the exit code."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        names = loaded(Path(folder))
    own = [name for name in names if name.startswith("fuyuan_desk.")]
    is_met = len(names) <= ALL_BEFORE * ROOM and len(own) <= OWN_BEFORE * ROOM and not not_shown(own)
    print(
        f"{len(names)} modules (before {ALL_BEFORE}), {len(own)} of the program (before {OWN_BEFORE}), "
        f"at most {ROOM} ×, not shown: {', '.join(not_shown(own)) or 'none'}: {'met' if is_met else 'MISSED'}"
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
