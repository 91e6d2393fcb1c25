"""Speed of the files of homes and estates.

    python -m tests.bench.bench_dossier

The file of a home from the click to the painted page, in an office of 200,000 households; the file of an estate of
2,400 homes on the screen, and as a paper: reading, and drawing its pages. The slowest of 95 % of the homes counts.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.dossiers.rules import About
from fuyuan_desk.dossiers.service import file_for_export, read_file
from fuyuan_desk.dossiers.sheets import file_sheet
from fuyuan_desk.dossiers.view import FileScreen
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields
from fuyuan_desk.estates.service import buildings, bulk, estates
from fuyuan_desk.estates.service.search_entries import unit_order_key
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.widgets.snapshot import SCREEN, settle
from fuyuan_desk.widgets.theme import apply_theme, make_application
from tests.conftest import CHEAP, PASSWORD, RECOVERY

HOUSEHOLDS, OF_ESTATE, OF_BUILDING = 200_000, 2_400, 120
HOMES = 60
LIMITS_MS = {"file of a home": 150.0, "file of an estate": 2_000.0, "paper of an estate": 5_000.0}
PARTS = tuple(part for job in JOBS for part in job.files)
_NAMES = "蔡兰刚李强平吴静怡陈志远"


@permit(*WRITERS)
def fill(seat: Seat, name: str, homes: int) -> int:
    """Add an estate with its homes, a household and a telephone in each, and return its id."""
    estate = estates.save_estate(seat, EstateFields(name)).id
    kept = [f"{number}号楼" for number in range(1, -(-homes // OF_BUILDING) + 1)]
    ids = [buildings.save_building(seat, BuildingFields(label, estate_id=estate)).id for label in kept]
    labels = [f"{number // 4 % 30 + 1}{number % 4 + 1:02d}室" for number in range(homes)]
    places = [number // OF_BUILDING for number in range(homes)]
    with seat.transaction() as session:
        units = {
            "building_id": [ids[place] for place in places],
            "estate_id": [estate] * homes,
            "label": labels,
            "order_key": [
                unit_order_key(name, kept[place], "", label)
                for place, label in zip(places, labels, strict=True)
            ],
            "tenure": ["commodity"] * homes,
            "area": [7_500] * homes,
        }
        made = bulk.add_blocks(session, bulk.UNIT, units, 2_000, lambda _done: None)
        heads = {
            "unit_id": list(made),
            "estate_id": [estate] * homes,
            "head": [_NAMES[number % 12] + _NAMES[number % 7] for number in range(homes)],
            "role": ["owner"] * homes,
            "people": [3] * homes,
        }
        held = bulk.add_blocks(session, bulk.HOUSEHOLD, heads, 2_000, lambda _done: None)
        phones = {
            "household_id": list(held),
            "position": [0] * homes,
            "number": [f"199{number:08d}" for number in range(homes)],
        }
        bulk.add_blocks(session, bulk.PHONE, phones, 2_000, lambda _done: None)
    return estate


@contextmanager
def office() -> Iterator[tuple[Seat, int]]:
    """Create an office of 200,000 households, 2,400 of them in one estate."""
    with tempfile.TemporaryDirectory() as folder:
        settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
        seat = set_up_office(Path(folder) / "office", settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP)
        estate = fill(seat, "福元小区", OF_ESTATE)
        fill(seat, "其余小区", HOUSEHOLDS - OF_ESTATE)
        yield seat, estate
        seat.store.close()


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of an act and of the painting that follows."""
    start = time.perf_counter()
    act()
    QApplication.processEvents()
    return (time.perf_counter() - start) * 1000


def measure(seat: Seat, estate: int) -> dict[str, float]:
    """Return the milliseconds of each figure."""
    screen = FileScreen()
    screen.resize(*SCREEN)
    screen.show()
    settle()
    chosen = random.Random(7).sample(range(1, HOUSEHOLDS), HOMES)
    homes = [
        timed(lambda unit=unit: screen.show_file(read_file(seat, About.UNIT, unit, PARTS))) for unit in chosen
    ]
    found = {"file of a home": sorted(homes)[round(HOMES * 0.95) - 1]}
    found["file of an estate"] = timed(lambda: screen.show_file(read_file(seat, About.ESTATE, estate, PARTS)))
    screen.close()
    order = ExportOrder("核对", "街道办事处")
    papers = []

    def paper() -> None:
        papers.append(file_sheet(file_for_export(seat, order, About.ESTATE, estate, PARTS)))

    found["paper of an estate"] = timed(paper)
    print(f"pages of the paper   {papers[0].pages}")
    return found


def main() -> int:
    """Print the figures; return 1 when one is missed."""
    app = make_application()
    apply_theme(app)
    with office() as (seat, estate):
        figures = measure(seat, estate)
    for name, figure in figures.items():
        print(f"{name:20} {figure:7.1f} ms (limit {LIMITS_MS[name]:.0f})")
    return int(any(figure > LIMITS_MS[name] for name, figure in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
