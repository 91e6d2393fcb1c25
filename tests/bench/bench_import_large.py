"""A long roster: 300,000 rows and 12 columns read, checked, committed and findable.

    python -m tests.bench.bench_import_large [ROWS]

Prints the seconds of each step, the peak memory of the process and of its sandbox (at most 400 MB each), the longest
time for which another thread – the window's – had to wait (at most 50 ms), and the longest time from one report of
progress to the next, which is how long cancelling takes (at most 4 s; the commit reports nothing and is not cancelled).
Exits with 1 when a limit is exceeded.

Last measured on a PC of two cores on which others worked: 388 MB and 364 MB; at a load of two 5, 10 and 19 s, 35 ms and
2.4 s; at a load of five up to 140 ms and 4.4 s, which includes the waiting for a core.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.roster.service import imports as importing
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.widgets.work import SWITCH_SECONDS
from fuyuan_desk.workbook.reader import read_workbook
from tests.bench.bench_import import Watch, fresh_office, is_findable, write_roster

ROWS = 300_000
MEMORY_LIMIT_MB, STALL_LIMIT_MS, SILENCE_LIMIT_S = 400, 50.0, 4.0


class Reports(Progress):
    """A progress that records the longest time between two reports, in seconds, and counts them."""

    def __init__(self) -> None:
        super().__init__(self._note)
        self.longest = 0.0
        self.count = 0
        self._before = time.perf_counter()

    def _note(self, _done: int, _total: int, _what: str) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._before)
        self.count += 1
        self._before = now


@dataclass(frozen=True)
class Measured:
    """Seconds of each step, megabytes of the process and its sandbox, and the longest waits."""

    read: float
    understood: float
    written: float
    own: int
    sandbox: int
    stall_ms: float
    silence: float
    reports: int


def measure(roster: Path, rows: int, folder: Path) -> Measured:
    """Import a roster into a new office; to be run in a process of its own, whose one child is the sandbox."""
    pinyin.warm()
    sys.setswitchinterval(SWITCH_SECONDS)
    seat = fresh_office(folder / "office")
    watch, progress = Watch(), Reports()
    watch.start()
    with undisturbed():
        started = time.perf_counter()
        workbook = read_workbook(roster, progress)
        read = time.perf_counter()
        draft = understand(workbook, "福元小区", progress=progress)
        understood = time.perf_counter()
        report = importing.import_roster(seat, draft, progress=progress)
        written = time.perf_counter()
    stall = watch.stop()
    own, sandbox = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    assert (report.units, report.rejected) == (rows, 0)
    assert is_findable(seat, rows)
    seat.store.close()
    return Measured(
        read - started, understood - read, written - understood,
        own, sandbox, stall, progress.longest, progress.count,
    )  # fmt: skip


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    processes = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roster = folder / "名册.xlsx"
        for work, arguments in ((write_roster, (roster, rows)), (measure, (roster, rows, folder))):
            with ProcessPoolExecutor(1, mp_context=processes) as pool:  # a new process for each
                found = pool.submit(work, *arguments).result()
    assert isinstance(found, Measured)
    print(
        f"rows {rows:,}: read in {found.read:.1f} s, understood in {found.understood:.1f} s, "
        f"written and findable in {found.written:.1f} s"
    )
    print(f"memory {found.own} MB, of the sandbox {found.sandbox} MB (at most {MEMORY_LIMIT_MB} each)")
    print(f"longest wait {found.stall_ms:.0f} ms (at most {STALL_LIMIT_MS:g})")
    print(
        f"{found.reports} reports of progress, the longest silence {found.silence:.1f} s (at most {SILENCE_LIMIT_S:g})"
    )
    verdict = (
        max(found.own, found.sandbox) <= MEMORY_LIMIT_MB
        and found.stall_ms <= STALL_LIMIT_MS
        and found.silence <= SILENCE_LIMIT_S
    )
    return 0 if verdict else 1


if __name__ == "__main__":
    raise SystemExit(main())
