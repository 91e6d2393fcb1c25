"""Speed of the log of visits and of the month book: 40,000 visits of four years with 1,000,000 results.

    python -m tests.bench.bench_visit_log [VISITS]

The year whose figures are read also has 117,000 planned rounds and 20,000 work orders. Prints the time of the first
page of the log (p95 over filters, at most 50 ms), and of the figures of that year (at most 1 s). Exits with 1 when a
limit is exceeded.
"""

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.records import PlannedRound, RoundPlan, Visit, VisitResult
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.reports.facts import Period
from fuyuan_desk.reports.service.books import read_figures
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from tests.bench.bench_import import fresh_office

VISITS, ITEMS, ESTATES, YEARS = 40_000, 25, 40, 4
PLANS, ROUNDS_PLANNED, ORDERS = 12, 117_000, 20_000
_STEPS = ("to-dispatch", "dispatched", "accepted", "in-progress", "to-verify", "verified")
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


@permit(*STAFF)
def fill_rounds(seat: Seat, estate_ids: list[int], year: int) -> None:
    """Store the rounds of a year: of ten one late, one missed and every hundredth left out."""
    rng = random.Random(2)
    numbers = range(ROUNDS_PLANNED)
    days = [date(year, 1, 1) + timedelta(days=rng.randrange(365)) for _number in numbers]
    places = [rng.choice(estate_ids) for _number in numbers]
    outcomes = ["skipped" if n % 100 == 0 else "open" if n % 10 == 1 else "done" for n in numbers]
    with seat.transaction() as session:
        plans = [
            RoundPlan(
                name=f"职责{number}", checklist="estate-round", objects="estate", times=1, unit="week", step=1,
                holidays="keep", early=0, late=1, from_on=date(year, 1, 1), lead="何斌", weekdays=[],
                estates=[],
            )
            for number in range(PLANS)
        ]  # fmt: skip
        session.add_all(plans)
        session.flush()
        keys = [plan.id for plan in plans]
        bulk_insert.insert_blocks(
            session,
            PlannedRound,
            {
                "plan_id": [keys[number % PLANS] for number in numbers],
                "estate_id": places,
                "subject_kind": ["estate"] * ROUNDS_PLANNED,
                "subject_id": places,
                "place": [""] * ROUNDS_PLANNED,
                "subject": ["福元小区"] * ROUNDS_PLANNED,
                "day": days,
                "earliest_on": days,
                "latest_on": [day + timedelta(days=1) for day in days],
                "serial": [1] * ROUNDS_PLANNED,
                "lead": [f"某{'甲乙丙丁戊己庚辛'[number % 8]}" for number in numbers],
                "outcome": outcomes,
                "visited_on": [
                    day + timedelta(days=4 if n % 10 == 2 else 0) if outcome == "done" else None
                    for n, (day, outcome) in enumerate(zip(days, outcomes, strict=True))
                ],
                "is_checked": [True] * ROUNDS_PLANNED,
                "skipped_why": ["台风" if outcome == "skipped" else "" for outcome in outcomes],
            },
            5_000,
        )


@permit(*STAFF)
def fill_orders(seat: Seat, estate_ids: list[int], year: int) -> None:
    """Store the orders of a year with all their steps; every tenth is open, every twentieth stood for a day."""
    rng = random.Random(3)
    numbers = range(ORDERS)
    begun = [
        datetime.combine(date(year, 1, 1), clock(8)).astimezone(UTC)
        + timedelta(minutes=rng.randrange(365 * 1440))
        for _number in numbers
    ]
    took = [timedelta(minutes=rng.randrange(60, 9_000)) for _number in numbers]
    ended = [n % 10 != 0 for n in numbers]
    with seat.transaction() as session:
        ids = bulk_insert.insert_blocks(
            session,
            WorkOrder,
            {
                "year": [year] * ORDERS,
                "serial": [number + 1 for number in numbers],
                "number": [f"PD{year}-{number + 1:05}" for number in numbers],
                "estate_id": [rng.choice(estate_ids) for _number in numbers],
                "title": ["楼道灯不亮"] * ORDERS,
                "severity": ["general"] * ORDERS,
                "source": ["office"] * ORDERS,
                "status": ["verified" if one else "in-progress" for one in ended],
                "begun_at": begun,
                "term_count": [4_320] * ORDERS,
                "term_unit": ["minutes"] * ORDERS,
                "term_by": ["18:00"] * ORDERS,
                "term_source": ["reference"] * ORDERS,
                "due_at": [at + timedelta(days=3) for at in begun],
                "done_at": [
                    at + long if one else None for at, long, one in zip(begun, took, ended, strict=True)
                ],
                "closed_at": [
                    at + long if one else None for at, long, one in zip(begun, took, ended, strict=True)
                ],
            },
            2_000,
        )
        steps = [
            (key, at + timedelta(minutes=10 * place), before, after)
            for number, (key, at) in enumerate(zip(ids, begun, strict=True))
            for place, (before, after) in enumerate(_way(number))
        ]
        due = {key: at + timedelta(days=3) for key, at in zip(ids, begun, strict=True)}
        bulk_insert.insert_blocks(
            session,
            OrderStep,
            {
                "order_id": [key for key, _at, _before, _after in steps],
                "at": [at for _key, at, _before, _after in steps],
                "before": [before for _key, _at, before, _after in steps],
                "after": [after for _key, _at, _before, after in steps],
                "operator": ["admin"] * len(steps),
                "severity": ["general"] * len(steps),
                "due_at": [due[key] for key, _at, _before, _after in steps],
            },
            5_000,
        )


def _way(number: int) -> list[tuple[str, str]]:
    way = list(zip(("", *_STEPS), _STEPS, strict=False))
    if number % 20 == 0:
        way[4:4] = [("in-progress", "paused"), ("paused", "in-progress")]
    return way if number % 10 else way[:-2]


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    with tempfile.TemporaryDirectory() as name:
        seat = fresh_office(Path(name) / "office")
        estate_ids = [
            estates.save_estate(seat, EstateFields(f"南昌路{number + 1}弄")).id for number in range(ESTATES)
        ]
        fill(seat, estate_ids, visits)
        facets = [
            {},
            {"inspectors": "某乙"},
            {"building_id": 1},
            *({"estate_id": one} for one in estate_ids[:17]),
        ]
        queries = [BookQuery(facets=one) for one in facets]
        pages = [_timed(lambda query=query: list_visits(seat, query, 0, 200)) * 1000 for query in queries * 5]
        p95 = statistics.quantiles(pages, n=20)[-1]
        today = seat.today()
        year = today.year - 1
        gc.disable()  # as on the worker of the program
        fill_rounds(seat, estate_ids, year)
        fill_orders(seat, estate_ids, year)
        whole = min(_timed(lambda: read_figures(seat, Period(year))) for _round in range(ROUNDS))
        one = min(
            _timed(lambda: read_figures(seat, Period(year, estate_id=estate_ids[0])))
            for _round in range(ROUNDS)
        )
        assert read_figures(seat, Period(year)).visits.visits
        seat.store.close()
    print(f"{visits:,} visits, {visits * ITEMS:,} results, {YEARS} years")
    print(f"{ROUNDS_PLANNED:,} rounds and {ORDERS:,} orders in one of them")
    print(f"first page of the log p95 {p95:.0f} ms (at most {PAGE_LIMIT_MS:g})")
    print(f"figures of a year {whole:.2f} s, of one estate {one:.2f} s (at most {FIGURES_LIMIT:g})")
    return 0 if p95 <= PAGE_LIMIT_MS and max(whole, one) <= FIGURES_LIMIT else 1


def _timed(use: Callable[[], object]) -> float:
    started = time.perf_counter()
    use()
    return time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(main())
