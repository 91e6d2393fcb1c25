"""The kit's list against one made by hand: opening and paging the list of 20,000 facilities.

    python -m tests.bench.bench_lists [FACILITIES]

Both run on the same store and return the same rows as frozen dataclasses with the names of estate and building: the
kit by `find_facilities`, the other one by two statements written out for this table. Compared are opening the list,
a page in the middle, each column it can be sorted by, filters by value and by day, and a typed filter. They alternate
`ROUNDS` times; the fastest of each counts. Prints the milliseconds and the ratio of each, and exits with 1 when the
ratio of the sums is above `LIMIT`, or that of one above `LIMIT_OF_EACH`.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import case, func, select

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.estates.records import Building, Estate
from fuyuan_desk.facilities.book import book
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState
from fuyuan_desk.facilities.service.facilities import TABLE, find_facilities
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from fuyuan_desk.store.search.filter import fits

FACILITIES, ESTATES, ROUNDS = 20_000, 40, 25
LIMIT, LIMIT_OF_EACH = 1.03, 1.15
_PAGE, _MOST = 200, 100_000
_TODAY = date(2026, 11, 27)
_TEXTS = (
    "number",
    "company",
    "place",
    "maker",
    "certificate",
)  # the others are sorted naturally where they are alike
_COMPANIES = ("申安电梯", "沪东消防", "卢湾水务", "外滩物业", "南市机电")

Find = Callable[[BookQuery, int], Any]


@dataclass(frozen=True)
class Case:
    """A list as a clerk asks for it, and the number of its first row."""

    name: str
    query: BookQuery
    offset: int = 0


def cases() -> list[Case]:
    """Return what is compared."""
    sorted_by = [
        Case(f"by {part.name}{' down' if down else ''}", BookQuery(sort=part.name, descending=down))
        for part in book().fields
        if part.shown is not None and part.shown.sort
        for down in (False, True)
    ]
    due = (_TODAY, _TODAY + timedelta(days=30))
    return [
        Case("opened", BookQuery()),
        Case("middle", BookQuery(), FACILITIES // 2),
        *sorted_by,
        Case("lifts", BookQuery(facets={"kind": FacilityKind.LIFT.value})),
        Case("due", BookQuery(facets={"next_check_on": due})),
        Case("typed", BookQuery("申安")),
        Case("typed 2", BookQuery("1号梯 wtwy")),
    ]


@permit(*WRITERS)
def save_estates(seat: Seat) -> list[tuple[int, int]]:
    """Save estates with a building each; return their ids."""
    with seat.transaction() as session:
        estates = [Estate(name=f"南昌路{100 + number}弄") for number in range(ESTATES)]
        session.add_all(estates)
        session.flush()
        buildings = [Building(estate_id=estate.id, label="1号楼", order_key="1") for estate in estates]
        session.add_all(buildings)
        session.flush()
        return [(estate.id, building.id) for estate, building in zip(estates, buildings, strict=True)]


@permit(*WRITERS)
def save_facilities(seat: Seat, numbers: range, places: list[tuple[int, int]]) -> None:
    """Save facilities, spread over the estates."""
    kinds, states = list(FacilityKind), list(FacilityState)
    with seat.transaction() as session:
        rows = [
            Facility(
                estate_id=places[number % ESTATES][0],
                building_id=places[number % ESTATES][1] if number % 3 else None,
                kind=kinds[number % len(kinds)].value,
                number=f"{number}号梯",
                order_key=natural_key(f"{number}号梯"),
                place=f"{number % 30}F",
                state=states[number % len(states)].value,
                next_check_on=_TODAY + timedelta(days=number % 700 - 100) if number % 5 else None,
                company=_COMPANIES[number % len(_COMPANIES)],
                maker="三菱",
            )
            for number in numbers
        ]
        session.add_all(rows)
        session.flush()
        TABLE.index(session, rows)


def fill(seat: Seat, count: int) -> None:
    """Save the office of this bench."""
    places = save_estates(seat)
    for first in range(0, count, 2_000):
        save_facilities(seat, range(first, min(first + 2_000, count)), places)


@permit(*EVERYONE)
def find_by_hand(seat: Seat, query: BookQuery, offset: int) -> Any:
    """Return a page of lines and the length of the list, written out for this one table as a job without the kit."""
    with seat.reading() as session:
        conditions = []
        if query.text:
            conditions.append(fits(session, Facility.id, query.text, book().kind, _MOST))  # type: ignore[arg-type]
        if "kind" in query.facets:
            conditions.append(Facility.kind == query.facets["kind"])
        if "next_check_on" in query.facets:
            conditions.append(Facility.next_check_on.between(*query.facets["next_check_on"]))
            conditions.append(Facility.state != "scrapped")
        total = session.scalar(select(func.count(Facility.id)).where(*conditions))
        ids = _ids_by_hand(session, query, conditions, offset)
        found = session.execute(
            select(Facility, Estate.name, Building.label)
            .join(Estate, Estate.id == Facility.estate_id)
            .outerjoin(Building, Building.id == Facility.building_id)
            .where(Facility.id.in_(ids))
        )
        rows = {row[0].id: row for row in found}
        return total, tuple(_line(*rows[one]) for one in ids)


def _ids_by_hand(session: Any, query: BookQuery, conditions: list[Any], offset: int) -> list[int]:
    if query.sort == "place":  # no column holds its natural order
        by_age = Facility.id.desc() if query.descending else Facility.id.asc()
        found = session.execute(select(Facility.id, Facility.place).where(*conditions).order_by(by_age)).all()
        ranks = {place: natural_key(place) for place in {row[1] for row in found}}
        filled = sorted(
            (row for row in found if row[1]), key=lambda row: ranks[row[1]], reverse=query.descending
        )
        ids = [row[0] for row in (*filled, *(row for row in found if not row[1]))]
        return ids[offset : offset + _PAGE]
    by = _by(session, query.sort or "next_check_on")
    order = (by.desc(), Facility.id.desc()) if query.descending else (by.asc(), Facility.id.asc())
    naturally = () if query.sort in _TEXTS else (Facility.order_key,)
    window = (
        select(Facility.id)
        .where(*conditions)
        .order_by(order[0].nulls_last(), *naturally, order[1])
        .offset(offset)
        .limit(_PAGE)
    )
    return list(session.scalars(window))


def _by(session: Any, sort: str) -> Any:
    if sort == "estate_id":
        names = dict(session.execute(select(Estate.id, Estate.name)).all())
        ordered = sorted(names, key=lambda one: natural_key(names[one]))
        return case({one: rank for rank, one in enumerate(ordered)}, value=Facility.estate_id)
    if sort in ("kind", "state"):
        values = list(FacilityKind if sort == "kind" else FacilityState)
        ranks = {value.value: rank for rank, value in enumerate(values)}
        return case(ranks, value=getattr(Facility, sort))
    return Facility.order_key if sort == "number" else getattr(Facility, sort)


def _line(row: Facility, estate: str, building: str | None) -> Line[FacilityFields]:
    fields = FacilityFields(
        row.kind, row.number, row.estate_id, row.building_id, row.place, row.state, row.next_check_on,
        row.company, row.certificate, row.maker, row.installed_on, row.remarks,
    )  # fmt: skip
    return Line(row.id, row.version, fields, {"estate_id": estate, "building_id": building or ""}, {})


def measure(seat: Seat, rounds: int) -> dict[str, tuple[float, float]]:
    """Return by case the milliseconds of the kit and of the list made by hand; raises if their rows differ."""

    def by_hand(query: BookQuery, offset: int) -> Any:
        return find_by_hand(seat, query, offset)

    def by_kit(query: BookQuery, offset: int) -> Any:
        page = find_facilities(seat, query, offset, _PAGE)
        return page.total, page.rows

    found = {}
    for one in cases():
        if by_kit(one.query, one.offset) != by_hand(one.query, one.offset):
            raise AssertionError(f"the lists differ: {one.name}")
        best = [float("inf"), float("inf")]
        for _round in range(rounds):
            for which, find in enumerate((by_kit, by_hand)):
                begun = time.perf_counter()
                find(one.query, one.offset)
                best[which] = min(best[which], (time.perf_counter() - begun) * 1000)
        found[one.name] = (best[0], best[1])
    return found


def main() -> int:
    """Measure, print, and return the exit code."""
    count = int(sys.argv[1]) if sys.argv[1:] else FACILITIES
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seat = set_up_office(
            Path(folder) / "office", OfficeSettings("测速"), "admin", "测速", "bench-password", new_recovery_code(),
            Cost(passes=1, memory_kib=64, lanes=1),
        )  # fmt: skip
        fill(seat, count)
        found = measure(seat, ROUNDS)
        seat.store.close()
    for name, (kit, hand) in found.items():
        print(f"{name:22} kit {kit:6.1f} ms, by hand {hand:6.1f} ms, ratio {kit / hand:.2f}")
    ratio = sum(kit for kit, _hand in found.values()) / sum(hand for _kit, hand in found.values())
    slow = [name for name, (kit, hand) in found.items() if kit / hand > LIMIT_OF_EACH]
    is_met = ratio <= LIMIT and not slow
    print(
        f"all together: ratio {ratio:.3f}, limit {LIMIT}, {LIMIT_OF_EACH} each: {'met' if is_met else 'MISSED'}"
    )
    for name in slow:
        print(f"too slow: {name}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
