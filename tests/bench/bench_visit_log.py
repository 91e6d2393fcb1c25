"""Speed of the log of visits and of its figures: 40,000 visits of four years with 1,000,000 results.

    python -m tests.bench.bench_visit_log [VISITS]

Prints the time of the first page of the log (p95 over filters, at most 50 ms), and of the figures of a year (at most
1 s). Exits with 1 when a limit is exceeded.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, timedelta
from pathlib import Path

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.service.figures import visit_figures
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.store.audit import bulk_insert
from tests.bench.bench_import import fresh_office

VISITS, ITEMS, ESTATES, YEARS = 40_000, 25, 40, 4
PAGE_LIMIT_MS, FIGURES_LIMIT = 50.0, 1.0
ROUNDS = 5


@permit(*STAFF)
def fill(seat: Seat, estate_ids: list[int], visits: int) -> None:
    """Store visits at random times, every tenth with an item that failed."""
    rng = random.Random(1)
    now = seat.now()
    numbers = range(visits)
    wrong = [rng.randrange(ITEMS) if number % 10 == 0 else -1 for number in numbers]
    times = sorted(now - timedelta(minutes=rng.randrange(YEARS * 365 * 24 * 60)) for _number in numbers)
    places = [rng.choice(estate_ids) for _number in numbers]
    with seat.transaction() as session:
        ids = bulk_insert.insert_blocks(
            session,
            Visit,
            {
                "number": [f"XC{at.year}-{number:06}" for number, at in zip(numbers, times, strict=True)],
                "estate_id": places,
                "subject_kind": ["estate"] * visits,
                "subject_id": places,
                "subject": ["福元小区"] * visits,
                "at": [at.astimezone(UTC) for at in times],
                "party": ["committee"] * visits,
                "inspectors": ["某甲、某乙"] * visits,
                "checklist": ["estate-round"] * visits,
                "checklist_version": ["2026-11"] * visits,
                "conclusion": ["clean" if failed < 0 else "deadline" for failed in wrong],
            },
            2_000,
        )
        rows = [
            (visit, item, failed) for visit, failed in zip(ids, wrong, strict=True) for item in range(ITEMS)
        ]
        bulk_insert.insert_blocks(
            session,
            VisitResult,
            {
                "visit_id": [visit for visit, _item, _failed in rows],
                "position": [item for _visit, item, _failed in rows],
                "item": [f"item-{item}" for _visit, item, _failed in rows],
                "text": [f"第{item}项：楼道、疏散通道无堆物、无占用" for _visit, item, _failed in rows],
                "clauses": [[]] * len(rows),
                "result": ["fail" if item == failed else "pass" for _visit, item, failed in rows],
            },
            5_000,
        )


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    with tempfile.TemporaryDirectory() as name:
        seat = fresh_office(Path(name) / "office")
        estate_ids = [
            estates.save_estate(seat, EstateFields(f"南昌路{number + 1}弄")).id for number in range(ESTATES)
        ]
        fill(seat, estate_ids, visits)
        queries = [BookQuery(), *(BookQuery(facets={"estate_id": estate}) for estate in estate_ids[:19])]
        pages = [_timed(lambda query=query: list_visits(seat, query, 0, 200)) * 1000 for query in queries * 5]
        p95 = statistics.quantiles(pages, n=20)[-1]
        today = seat.today()
        year = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        whole = min(_timed(lambda: visit_figures(seat, *year)) for _round in range(ROUNDS))
        one = min(_timed(lambda: visit_figures(seat, *year, estate_ids[0])) for _round in range(ROUNDS))
        assert visit_figures(seat, *year).visits
        seat.store.close()
    print(f"{visits:,} visits, {visits * ITEMS:,} results, {YEARS} years")
    print(f"first page of the log p95 {p95:.0f} ms (at most {PAGE_LIMIT_MS:g})")
    print(f"figures of a year {whole:.2f} s, of one estate {one:.2f} s (at most {FIGURES_LIMIT:g})")
    return 0 if p95 <= PAGE_LIMIT_MS and max(whole, one) <= FIGURES_LIMIT else 1


def _timed(use: Callable[[], object]) -> float:
    started = time.perf_counter()
    use()
    return time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(main())
