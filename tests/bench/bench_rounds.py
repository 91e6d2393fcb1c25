"""Speed of rounds: a year of them for 100 estates × 12 duties, planned and stored; the list and the first page of them.

    python -m tests.bench.bench_rounds [ESTATES]

Planning may take `LIMIT` seconds, the first page of the list and the tasks of “Today” `LIMIT_READ` each. The twelve
duties are those of a tier: two a day, three twice a week, three a week, two a month, two four times a year. Prints the
seconds and rounds of each, and exits with 1 when a limit is exceeded.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.inspections.facts import PlanFields
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.round_plans import TABLE
from fuyuan_desk.inspections.service.rounds import list_rounds, round_tasks
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code

ESTATES, REPEATS = 100, 9
LIMIT, LIMIT_READ = 3.0, 0.1
_TODAY = date(2026, 3, 2)
_DUTIES = (
    ("day", 1),
    ("day", 1),
    *[("week", 2)] * 3,
    *[("week", 1)] * 3,
    *[("month", 1)] * 2,
    *[("year", 4)] * 2,
)


@permit(*WRITERS)
def save_plans(seat: Seat, estates: int) -> None:
    """Save the estates and the twelve plans, whose rounds are still to be planned."""
    with seat.transaction() as session:
        session.add_all(Estate(name=f"南昌路{100 + number}弄") for number in range(estates))
        plan = PlanFields("", "estate", from_on=_TODAY, lead="何斌", early=1, late=2)
        for number, (unit, times) in enumerate(_DUTIES):
            TABLE.save(session, replace(plan, name=f"职责{number}", unit=unit, times=times))


@permit(*EVERYONE)
def read_tasks(seat: Seat) -> int:
    """Read the tasks of the first page."""
    with seat.reading() as session:
        return len(round_tasks(session, seat.today()))


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _repeat in range(REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return sorted(taken)[REPEATS // 2]


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    estates = int(sys.argv[1]) if len(sys.argv) > 1 else ESTATES
    with tempfile.TemporaryDirectory() as name:
        cost = Cost(passes=1, memory_kib=64, lanes=1)
        made = set_up_office(
            Path(name, "office"), OfficeSettings("福元居民委员会"), "admin", "管理员", "correct-horse-9",
            new_recovery_code(), cost,
        )  # fmt: skip
        seat = replace(made, now=lambda: datetime(2026, 3, 2, 9).astimezone())
        save_plans(seat, estates)
        started = time.perf_counter()
        count = plan_rounds(seat, horizon=364)
        planned = time.perf_counter() - started
        started = time.perf_counter()
        again = plan_rounds(seat, horizon=364)
        repeated = time.perf_counter() - started
        listed, tasks = _median(lambda: list_rounds(seat)), _median(lambda: read_tasks(seat))
        seat.store.close()
    print(f"planned  {count:>9,} rounds  {planned:6.2f} s  (limit {LIMIT} s)")
    print(f"again    {again:>9,} rounds  {repeated:6.2f} s")
    print(f"list     first page       {listed * 1000:6.1f} ms (limit {LIMIT_READ * 1000:.0f} ms)")
    print(f"today    tasks            {tasks * 1000:6.1f} ms (limit {LIMIT_READ * 1000:.0f} ms)")
    return int(planned > LIMIT or listed > LIMIT_READ or tasks > LIMIT_READ or again > 0)


if __name__ == "__main__":
    sys.exit(main())
