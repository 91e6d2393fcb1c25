"""The cost of a save until it is durable, in an office of 200,000 households.

    python -m tests.bench.bench_save [HOUSEHOLDS]

Imports rosters, then saves through the services as a clerk does: a household, a change of one, a draft, a visit with
all findings, one with a photo. A save is acknowledged when it is durable (WAL with `synchronous = FULL`). Prints the
50th and 95th percentile and the longest of each; the issue asks for a 95th percentile of `LIMIT_MS`. For comparison,
the time to write and sync one page.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from fuyuan_desk.access import drafts
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts import HouseholdFields, UnitQuery
from fuyuan_desk.estates.service import households
from fuyuan_desk.estates.service.units import list_units
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules import Finding, Party, Result, SubjectKind
from fuyuan_desk.inspections.service.photos import prepare_photo
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.finish import finish_imports
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from tests.bench.bench_keystroke import rosters

HOUSEHOLDS, LIMIT_MS, TIMES = 200_000, 20.0, 200


def large_office(folder: Path, households: int) -> Seat:
    """Create an office in `folder`/office and import rosters of invented people."""
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    settings = OfficeSettings("测速")
    seat = set_up_office(
        folder / "office", settings, "admin", "测速", "bench-password", new_recovery_code(), cheap
    )
    for file in rosters(folder, households, []):
        imports.import_roster(seat, file)
    finish_imports(seat)
    return seat


def _picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def actions(seat: Seat) -> dict[str, Callable[[int], object]]:
    """Return each kind of save as a function of its running number."""
    units = [row.id for row in list_units(seat, UnitQuery(), limit=TIMES).rows]
    subject = estate_subjects(seat)[0]
    checklist = catalogue.checklist_for(SubjectKind.ESTATE)
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist.items)
    visit = NewVisit(subject, seat.now(), Party.COMMITTEE, "某甲、某乙", findings)
    saved: dict[int, households.Saved] = {}
    # the form prepares a photo when it is chosen; its content is made different for each save
    photo = prepare_photo(_picture(), False)

    def add(number: int) -> None:
        fields = HouseholdFields(head=f"测{number}", phones=(f"139{number:08d}",), people=3)
        saved[number] = households.save_household(seat, units[number], fields)

    def change(number: int) -> None:
        fields = HouseholdFields(head=f"测{number}", phones=(f"139{number:08d}",), people=4)
        households.save_household(seat, units[number], fields, saved[number].id, saved[number].version)

    return {
        "new household": add,
        "changed household": change,
        "draft": lambda number: drafts.save_draft(seat, "household:new", {"head": f"测{number}"}),
        "visit": lambda _number: log_visit(seat, visit),
        "visit with a photo of 2 MP": lambda number: log_visit(
            seat, replace(visit, photos=(replace(photo, jpeg=photo.jpeg + bytes([number])),))
        ),
    }


def timed(action: Callable[[int], object], times: int = TIMES) -> list[float]:
    """Return the milliseconds of an action, sorted."""
    taken = []
    for number in range(times):
        started = time.perf_counter()
        action(number)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def one_page(folder: Path) -> list[float]:
    """Return the milliseconds of writing one page to a file and syncing it, sorted."""
    with (folder / "page").open("wb", buffering=0) as file:

        def write(_number: int) -> None:
            file.write(os.urandom(4096))
            os.fsync(file.fileno())

        return timed(write)


def summary(kind: str, taken: list[float]) -> str:
    """Format one kind's times as a line."""
    half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    return f"{kind}: p50 {half:.1f} ms, p95 {most:.1f} ms, longest {taken[-1]:.1f} ms"


def main(households: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        seat = large_office(Path(folder), households)
        print(summary("one page, confirmed", one_page(Path(folder))))
        for kind, action in actions(seat).items():
            taken = timed(action)
            verdict = "met" if taken[int(len(taken) * 0.95)] <= LIMIT_MS else "MISSED"
            print(f"{summary(kind, taken)}: {verdict}")
        seat.store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else HOUSEHOLDS)
