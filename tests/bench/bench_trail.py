"""Speed of the trail's page at a million events: windows of the list by every filter, one event, the choices.

    python -m tests.bench.bench_trail [EVENTS]

Prints how long writing them took, the 50th and 95th percentile of each search in milliseconds (at most 600 for what
must read the whole trail, 100 for the others) and how long the check of the chain takes.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from unittest import mock

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service import entries
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.keys.keyring import Cost

EVENTS = 1_000_000
ROUNDS = 20
NEAR_LIMIT_MS, FAR_LIMIT_MS = 100.0, 600.0
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = 2_400
_CHUNK = 2_000
_TABLES = (
    "household",
    "household_phone",
    "unit",
    "visit",
    "visit_result",
    "renovation_case",
    "renovation_work",
)
_LOGINS = tuple(f"clerk{number}" for number in range(8))
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林"


def _events(rng: random.Random, first: int) -> list[audit.Event]:
    events = []
    for number in range(first, first + _CHUNK):
        table = rng.choice(_TABLES)
        record = rng.randrange(1, 400_000)
        kind = rng.choices(("insert", "update", "reveal", "print", "delete"), (40, 40, 12, 6, 2))[0]
        name = rng.choice(_SURNAMES) + rng.choice(_SURNAMES)
        if kind == "update":
            changes: dict[str, object] = {"head": [name, name + "明"], "remarks": ["", "独居老人，每周上门"]}
        elif kind in ("insert", "delete"):
            changes = {"unit_id": record, "estate_id": 3, "head": name, "id_number": f"310101{number:012}",
                       "people": 3, "vacant": False, "remarks": "电梯口左转第二户" * 4}  # fmt: skip
        else:
            changes = {"field": "head"}
        events.append(
            audit.Event(kind, table, record, f"{number:032x}" if len(changes) > 1 else None, changes)
        )
    events[0] = audit.Event("sign_in", "operator", 1, None, {})
    return events


def fill(seat: Seat, events: int) -> float:
    """Log this many events, over six years; return the seconds."""
    rng = random.Random(1)
    started = time.perf_counter()
    for first in range(0, events, _CHUNK):
        at = BEGAN + timedelta(days=DAYS * first / events)

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None, at: datetime = at) -> datetime:
                return at

        with seat.store.use() as session, mock.patch.object(audit, "datetime", Clock):
            session.info[audit.ACTOR] = rng.choice(_LOGINS)
            audit.append(session, _events(rng, first))
            session.commit()
    return time.perf_counter() - started


def _searches(events: int) -> dict[str, tuple[float, Callable[[Seat, random.Random], object]]]:
    def by(limit: float, **filters: object) -> tuple[float, Callable[[Seat, random.Random], object]]:
        return limit, lambda seat, rng: entries.find_entries(seat, TrailQuery(**filters))  # type: ignore[arg-type]

    near, far = NEAR_LIMIT_MS, FAR_LIMIT_MS
    day = date(2025, 3, 3)
    return {
        "newest": by(near),
        "anywhere": (
            near,
            lambda seat, rng: entries.find_entries(seat, TrailQuery(), rng.randrange(events)),
        ),
        "one month": by(near, since=day, until=day + timedelta(days=30)),
        "one month, one operator, removals": by(
            near, since=day, until=day + timedelta(days=30), operators=("clerk3",), actions=("delete",)
        ),
        "one record": (
            near,
            lambda seat, rng: entries.find_entries(
                seat, TrailQuery(record=("household", rng.randrange(400_000)))
            ),
        ),
        "all changes": by(near, actions=("update",)),
        "one operator": by(near, operators=("clerk3",)),
        "all sign-ins": by(far, actions=("sign_in",)),
        "an operator's removals": by(far, operators=("clerk3",), actions=("delete",)),
        "what never was": by(far, actions=("restore",)),
        "a table and an operator": by(far, operators=("clerk3",), tables=("operator",)),
        "words": by(far, text="王李明"),
        "words of one year": by(far, since=date(2024, 1, 1), until=date(2024, 12, 31), text="独居 王"),
        "one event": (near, lambda seat, rng: entries.entry_detail(seat, rng.randrange(1, events))),
        "choices": (near, lambda seat, rng: entries.trail_choices(seat)),
    }


def main() -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    rng = random.Random(2)
    slow = False
    with tempfile.TemporaryDirectory() as name:
        settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
        code = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
        seat = set_up_office(
            Path(name) / "office", settings, "admin", "管理员", "correct-horse-9", code, Cost(1, 64, 1)
        )
        print(f"{events:,} events logged in {fill(seat, events):.1f} s")
        for what, (limit, search) in _searches(events).items():
            times = []
            for _round in range(ROUNDS):
                started = time.perf_counter()
                search(seat, rng)
                times.append((time.perf_counter() - started) * 1000)
            middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            slow |= high > limit
            print(f"{what:34} median {middle:7.1f} ms, p95 {high:7.1f} ms (at most {limit:g})")
        started = time.perf_counter()
        with seat.store.use() as session:
            broken = audit.verify_chain(session.connection()).broken
        print(f"chain checked in {time.perf_counter() - started:.1f} s, {len(broken)} broken")
        size = (seat.store.folder / "store.db").stat().st_size
        print(f"the file has {size >> 20} MB")
        seat.store.close()
    return 1 if slow or broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
