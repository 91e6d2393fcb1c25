"""Time from a correct password to a usable desk, without the argon2 time of the password check.

    python -m tests.bench.bench_desk [ROUNDS]

Each round is a process of its own at a sample office: the sign-in window opens, the password is typed at the pace of
a person (during which the program loads what the desk needs), and the time runs from Enter until the first page shows
its tasks and accepts keys. The key derivation is measured separately, in the same process.
Prints the fastest and the median; the issue asks for at most `LIMIT` seconds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from fuyuan_desk.shell import sample_office

ROUNDS, LIMIT = 5, 1.0
TYPING_SECONDS = 3.0
ROOT = Path(__file__).resolve().parents[2]

_ROUND = """
import json, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication

from fuyuan_desk.shell import main_window, startup
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.widgets.theme import apply_theme

folder, password, typing = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
use_language("zh_CN")
application = QApplication(sys.argv[:1])
preferences = Preferences(store=str(folder), last_login="admin")
window = main_window.MainWindow(application, preferences, folder.parent / "settings.json")
window.show_entry()
window.show()
startup.after_first_window(window)

def work(seconds, until=lambda: False):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        application.processEvents()
        time.sleep(0.002)

work(typing)
view = window._entry.view
view.password.setText(password)
begun = time.monotonic()
view.enter.click()

def is_usable():
    desk = window.open_desk
    if desk is None or not desk.frame.isVisible():
        return False
    page = desk.frame.controller("today").page
    return page.tasks.isVisible() and page.tasks.count() > 0

work(30, is_usable)
assert is_usable()
application.processEvents()
total = time.monotonic() - begun

from fuyuan_desk.store.keys import keyring
keys = keyring.read(folder)
begun = time.monotonic()
keyring.open_with_password(keys, "admin", password)
argon2 = time.monotonic() - begun
window.close()
print(json.dumps([total, argon2]))
"""


def measure(rounds: int, folder: Path) -> list[tuple[float, float]]:
    """Return for each round the seconds from Enter to the desk, and those of argon2."""
    made = sample_office.build(folder / "office")
    made.seat.store.close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-c", _ROUND, str(folder / "office"), made.password, str(TYPING_SECONDS)]
    found = []
    for _round in range(rounds + 1):
        result = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise RuntimeError(result.stderr)
        found.append(tuple(json.loads(result.stdout.splitlines()[-1])))
    return found[1:]  # the first one reads the files into the page cache


def summary(found: list[tuple[float, float]]) -> str:
    """Format the results in one line."""
    rest = [total - argon2 for total, argon2 in found]
    return (
        f"from Enter to the desk {min(total for total, _ in found):.2f} s, of it argon2 "
        f"{min(argon2 for _, argon2 in found):.2f} s; without it fastest {min(rest):.2f} s, "
        f"median {statistics.median(rest):.2f} s, limit {LIMIT} s: "
        f"{'met' if statistics.median(rest) <= LIMIT else 'MISSED'}"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(summary(measure(int(sys.argv[1]) if sys.argv[1:] else ROUNDS, Path(folder))))
