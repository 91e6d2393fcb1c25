"""Backup and restore of an office of 200,000 households, compared with copying its file.

    python -m tests.bench.bench_backup [HOUSEHOLDS] [FOLDER]

The baseline is what cannot be avoided: reading the database's file and writing it durably (write, fsync). Each round
copies and backs up into files of its own that stay until the end, because a disk takes longer for new space than for
space that was just freed. A backup is measured as the desk makes it: hashed, read back and compared; the weekly one,
which checks every page too, is measured separately. A restore is the verification and the restoring of the backup,
without the argon2 time of the two passwords, which is the same for an office of any size.
Prints the median of each and its ratio to copying; the issue asks for at most `LIMIT`.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.backup import backup, restore
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from fuyuan_desk.store.layout import DATABASE
from tests.bench.bench_keystroke import rosters
from tests.store.backup.opening import open_backup

HOUSEHOLDS, ROUNDS, LIMIT = 200_000, 7, 2.0
PASSWORD = "bench-password"
_CHEAP = Cost(passes=1, memory_kib=64, lanes=1)


def furnished(folder: Path, households: int) -> Seat:
    """Set up an office of invented households."""
    settings = OfficeSettings("测速")
    seat = set_up_office(folder / "office", settings, "admin", "测速", PASSWORD, new_recovery_code(), _CHEAP)
    for file in rosters(folder, households, []):
        imports.import_roster(seat, file)
    return seat


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes, started when the disk has nothing left to write."""
    os.sync()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def copied(source: Path, target: Path) -> None:
    """Copy a file durably, as simply as possible."""
    with open(source, "rb") as original, open(target, "wb") as copy:
        shutil.copyfileobj(original, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())


def measure(folder: Path, seat: Seat) -> dict[str, list[float]]:
    """Return the seconds of each round by kind of work."""
    found: dict[str, list[float]] = {"copy": [], "backup": [], "weekly backup": [], "restore": []}
    location, file = folder / "place", seat.store.folder / DATABASE
    location.mkdir()
    at = datetime.now(UTC)
    for number in range(ROUNDS):
        found["copy"].append(seconds(partial(copied, file, folder / f"copy-{number}")))
        for kind, deep in (("backup", False), ("weekly backup", True)):
            at += timedelta(days=1)
            found[kind].append(seconds(partial(backup.write_backup, seat.store, location, at, deep=deep)))
        newest = backup.generations(next(location.iterdir()))[-1]
        found["restore"].append(seconds(partial(back, newest, folder / f"restored-{number}")))
    return found


def back(newest: Path, target: Path) -> None:
    """Verify a backup and restore it."""
    whole = open_backup(newest, "admin", PASSWORD)
    restore.restore(whole, target, restore.By("admin", {}))
    whole.close()


def summary(found: dict[str, list[float]], size: int) -> str:
    """Format the results, a line per kind."""
    yardstick = statistics.median(found["copy"])
    lines = [f"{size / 1e6:.0f} MB; copying takes {yardstick:.2f} s (fastest {min(found['copy']):.2f} s)"]
    for kind, times in found.items():
        if kind != "copy":
            times_longer = statistics.median(times) / yardstick
            verdict = "met" if times_longer <= LIMIT else "MISSED"
            lines.append(
                f"{kind}: median {statistics.median(times):.2f} s, fastest {min(times):.2f} s,"
                f" {times_longer:.2f} x copying, limit {LIMIT:g}: {verdict}"
            )
    return "\n".join(lines)


def main(households: int, folder: Path) -> None:
    """Measure and print."""
    seat = furnished(folder, households)
    try:
        found = measure(folder, seat)
        print(summary(found, (seat.store.folder / DATABASE).stat().st_size))
    finally:
        seat.store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if sys.argv[2:] else None) as root:
        main(int(sys.argv[1]) if sys.argv[1:] else HOUSEHOLDS, Path(root))
