"""The estate book at 200,000 households: filters by tag and building, and opening a unit's page with its people.

    python -m tests.bench.bench_estate_book [HOUSEHOLDS]

Imports rosters, then gives every tenth household three more persons and a tag. The list of homes is filtered by
building, by tag, by both, and by tag within an estate; each filter is measured with the first window of rows and its
count, in processor time of the database thread, to which other work on the machine adds nothing; so is the list of
homes, households and people that may be recorded twice. A unit's page is opened in a window until it shows its people,
from another estate as the search does, and within its estate; then the longest stall of the window. The first
opening, which builds the page, is told apart. Prints the 95th percentile of each – of the pages, whose time other
work adds to, the median – and exits with 1 when one is above its limit.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtWidgets import QApplication
from sqlalchemy import insert, select

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.records import Household, Person, PersonTag, Tag, Unit
from fuyuan_desk.estates.service.suspects import list_pairs
from fuyuan_desk.estates.service.units import list_units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.theme import apply_theme, make_application
from fuyuan_desk.widgets.work import Worker
from tests.bench.bench_keystroke import HOUSEHOLDS, office

FILTER_MS, PAGE_MS, TWICE_MS = 100.0, 50.0, 3_000.0
_ROUNDS, _EVERY = 25, 10


@permit(*WRITERS)
def add_people(seat: Seat) -> int:
    """Give every tenth household three persons and a tag; return the tag."""
    with seat.transaction() as session:
        tag = Tag(name="测速标签", look="amber", roles=["admin"])
        session.add(tag)
        session.flush()
        ids = list(session.scalars(select(Household.id).order_by(Household.id)))[::_EVERY]
        connection = session.connection()
        connection.execute(
            insert(Person),
            [
                {"household_id": key, "position": place, "name": name, "uid": f"p{key}-{place}", "version": 1}
                for key in ids
                for place, name in enumerate(("曾国安", "单乐平", "陆晓东"))
            ],
        )
        connection.execute(
            insert(PersonTag),
            [{"household_id": key, "tag_id": tag.id, "uid": f"t{key}", "version": 1} for key in ids],
        )
        return tag.id


@permit(*WRITERS)
def some_units(seat: Seat) -> list[tuple[int, int, int]]:
    """Return units of all estates, with their buildings and estates, among them such with several people."""
    with seat.reading() as session:
        rows = session.execute(select(Unit.id, Unit.building_id, Unit.estate_id).order_by(Unit.id)).all()
    step = max(_EVERY, len(rows) // _ROUNDS // _EVERY * _EVERY)
    return [(row.id, row.building_id, row.estate_id) for row in rows[::step]]


def percentile(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def filtered(seat: Seat, tag: int) -> dict[str, float]:
    """Return the milliseconds of each kind of filter."""
    kinds: dict[str, Callable[[int, int], UnitQuery]] = {
        "building": lambda building, _estate: UnitQuery(building_id=building),
        "tag": lambda _building, _estate: UnitQuery(tag_id=tag),
        "tag and building": lambda building, estate: UnitQuery(estate, building, tag),
        "tag and estate": lambda _building, estate: UnitQuery(estate_id=estate, tag_id=tag),
    }
    found = {}
    for kind, query in kinds.items():
        times = []
        for _unit, building, estate in some_units(seat):
            begun = time.thread_time()
            list_units(seat, query(building, estate))
            times.append((time.thread_time() - begun) * 1000)
        found[kind] = percentile(times)
    return found


def suspected(seat: Seat) -> dict[str, float]:
    """Return the milliseconds of listing what may be recorded twice."""
    begun = time.thread_time()
    list_pairs(seat)
    return {"recorded twice": (time.thread_time() - begun) * 1000}


def opened(application: QApplication, seat: Seat) -> dict[str, float]:
    """Open the pages of units; return the milliseconds until their people are shown, and of the longest stalls."""
    worker = Worker("store")
    desk = Desk(seat, worker)
    controller = EstatesController(desk)
    controller.page.resize(1158, 700)
    controller.page.show()
    took: dict[str, list[float]] = {"from elsewhere": [], "within the estate": []}
    stalls = []
    for unit, _building, _estate in some_units(seat):
        for kind, wanted in (("from elsewhere", unit), ("within the estate", unit + 1)):
            begun, stall, shown = time.perf_counter(), 0.0, 0.0
            controller.open_unit(wanted)
            while not desk.is_idle or not shown:
                before = time.thread_time()
                application.processEvents()
                stall = max(stall, time.thread_time() - before)
                if not shown and controller.shown_record == ("unit", wanted):
                    shown = time.perf_counter() - begun
                time.sleep(0.0005)
            took[kind].append(shown * 1000)
            stalls.append(stall * 1000)
    controller.page.deleteLater()
    desk.close()
    first = {"unit page, the first": took["from elsewhere"].pop(0)}
    pages = {f"unit page {kind}": median(times) for kind, times in took.items()}
    return first | pages | {"unit page, longest stall": percentile(stalls[2:])}


def main() -> int:
    """Measure, print, and return the exit code."""
    use_language("zh_CN")
    application = make_application()
    apply_theme(application, False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seat, _people = office(Path(folder), int(sys.argv[1]) if sys.argv[1:] else HOUSEHOLDS)
        return measured(application, seat)


def measured(application: QApplication, seat: Seat) -> int:
    """Measure an office and print; return the exit code."""
    filters = filtered(seat, add_people(seat))
    twice = suspected(seat)
    pages = opened(application, seat)
    seat.store.close()
    missed = 0
    for limit, times in ((FILTER_MS, filters), (TWICE_MS, twice), (PAGE_MS, pages)):
        for kind, took in times.items():
            has_limit = kind != "unit page, the first"
            missed += has_limit and took > limit
            verdict = ("met" if took <= limit else "MISSED") if has_limit else "no limit"
            print(f"{kind:28} {took:6.1f} ms, limit {limit:.0f}: {verdict}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
