"""The cost of a save until it is durable, in an office of 200,000 households.

    python -m tests.bench.bench_save [HOUSEHOLDS [SAVES]]

Imports rosters, then saves through the services as a clerk does: households all over the office, changes of them,
drafts, visits with all findings, some with a new photo; 10,000 saves, or `SAVES`, of which most are households. They
follow each other, and the imports, without a pause: that is when the merging of the search index is most in the way.
The form of a visit stores a photo as soon as it is chosen, with the draft; this is timed as a save of its own, and
the save of the visit takes the stored photo over.
A save is acknowledged when it is durable (WAL with `synchronous = FULL`). Prints the 50th and 95th percentile and the
longest of each kind and of all, and exits with 1 when those of all exceed `P95_LIMIT_MS` or `LONGEST_LIMIT_MS`. For
comparison, the time to write and sync one page.
"""

import gc
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
from fuyuan_desk.core.garbage import collect_due
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import households
from fuyuan_desk.estates.service.units import list_units
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import KeptPhoto, NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.photos import keep_draft_photo
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.attached import prepare_photo
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from tests.bench.bench_keystroke import rosters

HOUSEHOLDS, SAVES = 200_000, 10_000
P95_LIMIT_MS, LONGEST_LIMIT_MS = 20.0, 100.0
TIMES = 200
"""How many drafts, and how many visits of each kind, are saved at most."""


def large_office(folder: Path, households: int) -> Seat:
    """Create an office in `folder`/office and import rosters of invented people."""
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    settings = OfficeSettings("测速")
    seat = set_up_office(
        folder / "office", settings, "admin", "测速", "bench-password", new_recovery_code(), cheap
    )
    for file in rosters(folder, households, []):
        imports.import_roster(seat, file)
    return seat


def _picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def _units(seat: Seat, count: int) -> list[int]:
    """Return units spread over the whole office."""
    total = list_units(seat, UnitQuery(), limit=1).total
    pages = range(0, total, max(total * 100 // count, 1))
    return [row.id for start in pages for row in list_units(seat, UnitQuery(), offset=start, limit=100).rows]


def actions(seat: Seat, households_saved: int) -> dict[str, Callable[[int], object]]:
    """Return each kind of save as a function of its running number."""
    units = _units(seat, households_saved)
    subject = estate_subjects(seat)[0]
    checklist = catalogue.checklist_for(SubjectKind.ESTATE)
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist.items)
    visit = NewVisit(subject, seat.now(), Party.COMMITTEE, "某甲、某乙", findings)
    saved: dict[int, households.Saved] = {}
    # prepared by the form before; its content is made different for each save
    photo = prepare_photo(_picture(), False)
    kept: dict[int, KeptPhoto] = {}

    def add(number: int) -> None:
        fields = HouseholdFields(head=f"测{number}", phones=(f"139{number:08d}",), people=3)
        saved[number] = households.save_household(seat, units[number], fields)

    def change(number: int) -> None:
        fields = HouseholdFields(head=f"测{number}", phones=(f"139{number:08d}",), people=4)
        households.save_household(seat, units[number], fields, saved[number].id, saved[number].version)

    def keep(number: int) -> None:
        another = replace(photo, jpeg=photo.jpeg + number.to_bytes(2))
        kept[number] = KeptPhoto(keep_draft_photo(seat, f"visit:{number}", another).id)

    return {
        "new household": add,
        "changed household": change,
        "draft": lambda number: drafts.save_draft(seat, "household:new", {"head": f"测{number}"}),
        "visit": lambda _number: log_visit(seat, visit),
        "new photo of 2 MP, to the draft": keep,
        "visit with that photo": lambda number: log_visit(seat, replace(visit, kept_photos=(kept[number],))),
    }


def timed(action: Callable[[int], object], times: int) -> list[float]:
    """Return the milliseconds of an action, sorted; as in the program, the saving thread collects no garbage."""
    taken = []
    gc.disable()
    for number in range(times):
        started = time.perf_counter()
        action(number)
        taken.append((time.perf_counter() - started) * 1000)
        collect_due()
    gc.enable()
    return sorted(taken)


def one_page(folder: Path) -> list[float]:
    """Return the milliseconds of writing one page to a file and syncing it, sorted."""
    with (folder / "page").open("wb", buffering=0) as file:

        def write(_number: int) -> None:
            file.write(os.urandom(4096))
            os.fsync(file.fileno())

        return timed(write, TIMES)


def summary(kind: str, taken: list[float]) -> str:
    """Format one kind's times as a line."""
    half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    return f"{kind}, {len(taken)} times: p50 {half:.1f} ms, p95 {most:.1f} ms, longest {taken[-1]:.1f} ms"


def main(office: int = HOUSEHOLDS, saves: int = SAVES) -> int:
    """Measure and print; return 1 when a limit is exceeded."""
    others = min(TIMES, saves // 10)
    households_saved = (saves - 4 * others) // 2
    times = {"new household": households_saved, "changed household": households_saved}
    every: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        seat = large_office(Path(folder), office)
        print(summary("one page, confirmed", one_page(Path(folder))))
        for kind, action in actions(seat, households_saved).items():
            taken = timed(action, times.get(kind, others))
            print(summary(kind, taken), flush=True)
            every += taken
        seat.store.close()
    every.sort()
    is_met = every[int(len(every) * 0.95)] <= P95_LIMIT_MS and every[-1] <= LONGEST_LIMIT_MS
    print(f"{summary('every save', every)}: {'met' if is_met else 'MISSED'}")
    print(f"limits: p95 {P95_LIMIT_MS:g} ms, longest {LONGEST_LIMIT_MS:g} ms")
    return 0 if is_met else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
