"""Speed of comparing a list: 20,000 rows against the 20,000 households that are known, and a second run of one file.

    python -m tests.bench.bench_compare [ROWS]

Prints the import of the list into an empty office, a second run of the same file, and a comparison with a list of the
next year in which every tenth household has another telephone and every hundredth another holder. The second run may
take no longer than the import, the comparison at most 1.5 times as long. Exits with 1 when a limit is exceeded.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.service import imports as importing
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.widgets.work import SWITCH_SECONDS
from tests.bench.bench_import import ROWS, fresh_office, write_roster

ROUNDS = 3
SECOND_LIMIT, COMPARE_LIMIT = 1.0, 1.5


def next_year(path: Path, made: Path) -> None:
    """Write the list of the next year."""
    from openpyxl import load_workbook

    rng = random.Random(2)
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(sheet.iter_rows(min_row=2)):
        if number % 10 == 0:
            row[4].value = f"1{rng.choice('3456789')}{rng.randint(0, 999_999_999):09}"
        if number % 100 == 0:
            row[3].value, row[5].value = f"新{row[3].value}", None
    book.save(made)


def _timed(work: object) -> tuple[float, importing.ImportReport]:
    started = time.perf_counter()
    report = work()  # type: ignore[operator]
    return time.perf_counter() - started, report


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    pinyin.warm()
    sys.setswitchinterval(SWITCH_SECONDS)
    first, second, compared = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roster, later = folder / "名册.xlsx", folder / "次年.xlsx"
        spawn = multiprocessing.get_context("spawn")
        for work in ((write_roster, (roster, rows)), (next_year, (roster, later))):
            process = spawn.Process(target=work[0], args=work[1])
            process.start()
            process.join()
        for turn in range(ROUNDS):
            seat = fresh_office(folder / f"office-{turn}")
            taken, _report = _timed(lambda: importing.import_roster(seat, roster, "福元小区"))  # noqa: B023
            first.append(taken)
            taken, again = _timed(lambda: importing.import_roster(seat, roster, "福元小区"))  # noqa: B023
            second.append(taken)
            assert again.comparison.unchanged == rows
            taken, report = _timed(
                lambda: importing.import_roster(seat, later, "福元小区", dry_run=True)  # noqa: B023
            )
            compared.append(taken)
            assert report.comparison.count(Group.OTHER_HOLDER) == (rows + 99) // 100
            assert report.comparison.count(Group.CHANGED) == (rows + 9) // 10 - (rows + 99) // 100
            seat.store.close()
    yardstick = min(first)
    ratios = min(second) / yardstick, min(compared) / yardstick
    print(f"rows {rows:,}: imported in {yardstick:.2f} s")
    print(f"second run {min(second):.2f} s, {ratios[0]:.2f} × (at most {SECOND_LIMIT:g})")
    print(
        f"compared with the next year's {min(compared):.2f} s, {ratios[1]:.2f} × (at most {COMPARE_LIMIT:g})"
    )
    return 0 if ratios[0] <= SECOND_LIMIT and ratios[1] <= COMPARE_LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
