"""The longest stall of the window while a page is opened for the first time.

    python -m tests.bench.bench_pages [ROUNDS [PAGE …]]

Each measurement is a process of its own at a sample office: the operator signs in, the desk comes to rest – the code of
the pages is loaded, and whatever the program does while nobody acts is done – and the page is chosen in the navigation.
A timer of 1 ms beats meanwhile; the longest pause between two beats is the stall, from the click until the page shows
its records. Prints for each page the shortest of `ROUNDS` stalls (other work on the machine only adds to them), their
median, and the processor time of the window's thread in the longest pause. The first line is the longest pause after
signing in while the desk comes to rest; it has no limit, for it includes the first page. Exits with 1 when a page
stalls for more than `LIMIT_MS`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fuyuan_desk.shell import sample_office
from fuyuan_desk.shell.jobs import all_pages
from fuyuan_desk.store.keys.keyring import Cost

ROUNDS, LIMIT_MS = 5, 100.0
ROOT = Path(__file__).resolve().parents[2]
FIRST = "today"  # open already when the desk is

_OPEN = """
import json, os, sys, threading, time
from pathlib import Path
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.shell import main_window, startup
from fuyuan_desk.widgets.theme import make_application

folder, password, page = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
use_language("zh_CN")
application = make_application()
preferences = Preferences(store=str(folder), last_login="admin")
window = main_window.MainWindow(application, preferences, folder.parent / "settings.json")
window.preloads = True
window.show_entry()
window.show()
startup.after_first_window(window)
REST, LONGEST = 0.6, 60.0


def pauses(until, act=None):
    # run the event loop until `until` has held for REST seconds; return the longest pause: wall and processor ms
    worst, previous = [0.0, 0.0], [time.perf_counter(), time.thread_time()]
    begun = calm = time.perf_counter()
    loop = QEventLoop()

    def beat():
        nonlocal worst, previous, calm
        now = [time.perf_counter(), time.thread_time()]
        gap = [1000 * (after - before) for after, before in zip(now, previous)]
        worst = max(worst, gap)
        previous = now
        if not until():
            calm = now[0]
        if now[0] - calm > REST:
            loop.quit()
        elif now[0] - begun > LONGEST:
            print("the desk does not come to rest", file=sys.stderr, flush=True)
            os._exit(1)

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(1)
    if act is not None:
        QTimer.singleShot(20, act)
    loop.exec()
    return worst


pauses(lambda: all(thread.name != "load-ahead" for thread in threading.enumerate()))
window.entry.view.password.setText(password)
window.entry.view.enter.click()


def is_at_rest():
    desk = window.open_desk
    if desk is None or not desk.frame.isVisible() or not desk.desk.is_idle:
        return False
    if not desk.frame.controller("today").page.tasks.count():
        return False
    loaded = all(module in sys.modules for found in desk.shown_pages() for module in found.modules)
    return loaded and all(thread.name != "load-pages" for thread in threading.enumerate())


resting = pauses(is_at_rest)
opened = pauses(lambda: window.open_desk.desk.is_idle, lambda: window.open_desk.frame.nav.chosen.emit(page))
assert window.open_desk.frame.current == page
print(json.dumps([*opened, *resting]), flush=True)
os._exit(0)
"""


@dataclass(frozen=True)
class Stall:
    """One opening in milliseconds: the longest pause, its processor time, and the longest pause before it."""

    wall: float
    processor: float
    resting: float


def open_page(office: Path, password: str, page: str) -> Stall:
    """Open a page in a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(office.parent)}
    command = [sys.executable, "-c", _OPEN, str(office), password, page]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    wall, processor, resting, _processor = json.loads(done.stdout.splitlines()[-1])
    return Stall(wall, processor, resting)


def measure(rounds: int, pages: list[str], folder: Path) -> dict[str, list[Stall]]:
    """Open every page `rounds` times."""
    made = sample_office.build(folder / "office", cost=Cost(passes=1, memory_kib=8_192, lanes=1))
    made.seat.store.close()
    open_page(folder / "office", made.password, FIRST)  # reads the files into the page cache
    found: dict[str, list[Stall]] = {page: [] for page in pages}
    for _round in range(rounds):
        for page in pages:
            found[page].append(open_page(folder / "office", made.password, page))
    return found


def summary(found: dict[str, list[Stall]]) -> str:
    """Format the results, a line per page."""
    resting = [stall.resting for stalls in found.values() for stall in stalls]
    lines = [f"{'signing in':12} {min(resting):5.0f} ms, median {statistics.median(resting):4.0f}"]
    for page, stalls in found.items():
        best = min(stalls, key=lambda stall: stall.wall)
        median = statistics.median(stall.wall for stall in stalls)
        verdict = "met" if best.wall <= LIMIT_MS else "MISSED"
        lines.append(
            f"{page:12} {best.wall:5.0f} ms, median {median:4.0f}, processor {best.processor:4.0f}: {verdict}"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return the exit code."""
    pages = sys.argv[2:] or [page.name for page in all_pages() if page.name != FIRST]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = measure(int(sys.argv[1]) if sys.argv[1:] else ROUNDS, pages, Path(folder))
    print(summary(found))
    print(f"limit {LIMIT_MS:.0f} ms")
    return 0 if all(min(stall.wall for stall in stalls) <= LIMIT_MS for stalls in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
