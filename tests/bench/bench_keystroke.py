"""The cost of one keystroke in the search box on the database thread, at 200,000 households.

    python -m tests.bench.bench_keystroke [HOUSEHOLDS]

Unlike `bench_search`, which measures the index alone, this imports rosters and calls the service behind the search
box: hits found, looked up, masked, formatted, and told why. Every query is typed character by character. Prints the
50th and 95th percentile and the longest keystroke of each kind; the issue asks for `LIMIT_MS`. Processor time of
the database thread, to which other work on the machine adds nothing.
"""

import csv
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.service import imports
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.today import service
from tests.bench.bench_search import GIVEN, ROADS, SURNAMES

HOUSEHOLDS, LIMIT_MS = 200_000, 16.0
_PER_FILE, _PER_ESTATE = 20_000, 5_000
_MISTYPED = 20
_PINYIN = ("ncl", "nanchanglu", "zhangw", "wangxm", "ncl100 zhang", "snl101", "yangjl")


def rosters(folder: Path, households: int, people: list[tuple[str, str, str]]) -> Iterator[Path]:
    """Write rosters of invented people, and note some of them to search for: estate, name, telephone."""
    rng = random.Random(1)
    for first in range(0, households, _PER_FILE):
        file = folder / f"{first}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(["小区", "楼号", "室号", "户主姓名", "联系电话"])
            for number in range(first, min(first + _PER_FILE, households)):
                index, inside = divmod(number, _PER_ESTATE)
                estate = f"{ROADS[index % len(ROADS)]}{100 + index}弄"
                name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
                phone = f"199{rng.randrange(10**8):08d}"
                if number % 2_000 == 0:
                    people.append((estate, name, phone))
                room = f"{inside % 40 // 4 + 1}0{inside % 4 + 1}室"
                writer.writerow([estate, f"{inside // 40 + 1}号楼", room, name, phone])
        yield file


def typed(seat: Seat, query: str, with_guesses: bool = False) -> list[float]:
    """Type a query character by character; return the milliseconds of each keystroke."""
    records, times = all_records(), []
    for end in range(1, len(query) + 1):
        started = time.thread_time()
        found = service.search(seat, records, query[:end])
        if with_guesses:
            service.guess(seat, records, query[:end], found)
        times.append((time.thread_time() - started) * 1000)
    return times


def office(folder: Path, households: int) -> tuple[Seat, list[tuple[str, str, str]]]:
    """Import an office in `folder`; return its administrator's seat and some people to search for."""
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    seat = set_up_office(
        folder / "office",
        OfficeSettings("测速"),
        "admin",
        "测速",
        "bench-password",
        new_recovery_code(),
        cheap,
    )
    people: list[tuple[str, str, str]] = []
    for file in rosters(folder, households, people):
        imports.import_roster(seat, file)
    return seat, people


def measure(seat: Seat, people: list[tuple[str, str, str]]) -> dict[str, list[float]]:
    """Return the milliseconds of all keystrokes by kind of query."""
    times: dict[str, list[float]] = {"Chinese": [], "address": [], "phone tail": [], "Pinyin, initials": []}
    times |= {"mistyped, with guesses": [], "typed together": []}
    for estate, name, phone in people:
        times["Chinese"] += typed(seat, name)
        times["address"] += typed(seat, f"{estate}3号楼")
        times["phone tail"] += typed(seat, phone[-4:])
    for query in _PINYIN:
        times["Pinyin, initials"] += typed(seat, query)
    for estate, name, phone in people[:_MISTYPED]:
        times["mistyped, with guesses"] += typed(seat, _exchanged(name), with_guesses=True)
        times["typed together"] += typed(seat, f"{name}{phone[-4:]}", with_guesses=True)
        times["mistyped, with guesses"] += typed(seat, _exchanged(estate), with_guesses=True)
    return times


def _exchanged(text: str) -> str:
    """Return the Pinyin of a text with two letters exchanged."""
    letters = "".join(pinyin.readings("".join(char for char in text if not char.isdigit()))[0])
    return letters[:3] + letters[4:5] + letters[3:4] + letters[5:]


def summary(times: dict[str, list[float]]) -> str:
    """Format the results, a line per kind."""
    lines = []
    for kind, found in times.items():
        found = sorted(found)
        half, most = found[len(found) // 2], found[int(len(found) * 0.95)]
        verdict = "met" if most <= LIMIT_MS else "MISSED"
        lines.append(f"{kind}: p50 {half:.1f} ms, p95 {most:.1f} ms, longest {found[-1]:.1f} ms: {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        its_seat, its_people = office(Path(made), int(sys.argv[1]) if sys.argv[1:] else HOUSEHOLDS)
        print(summary(measure(its_seat, its_people)))
        its_seat.store.close()
