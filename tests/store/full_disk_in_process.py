"""A process that works in an office on a disk of its own without a free byte, and reports what happened as JSON.

unshare --user --map-root-user --mount python -m tests.store.full_disk_in_process OFFICE PASSWORD DISK WAS_CLOSED
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.service import backups
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.facts.houses import EstateFields, UnitQuery
from fuyuan_desk.estates.service import estates, households, page_data, units
from fuyuan_desk.facilities.service.facilities import facilities_for_print
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.office.service.sign_in_greeting import disk_is_full, last_visit
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.db.engine import checkpoint
from fuyuan_desk.today import service as today

FILLER = "filler"


def fill(disk: Path) -> None:
    """Write until not one more byte fits."""
    with open(disk / FILLER, "ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def answer(act: Callable[[], object]) -> str:
    """Return the message with which an act is refused, '' if it is done."""
    try:
        act()
    except UserError as refusal:
        return f"{type(refusal).__name__}: {refusal.message}"
    return ""


def actions(seat: Seat) -> list[str]:
    """Return what the audit trail holds, the newest first."""
    with seat.store.use() as session:
        found = session.connection().exec_driver_sql("SELECT action FROM audit_entry ORDER BY id DESC")
        return [str(action) for action in found.scalars()]


def look(seat: Seat) -> dict[str, object]:
    """Read as a clerk does."""
    return {
        "estates": [row.name for row in estates.list_estates(seat).rows],
        "units": units.list_units(seat, UnitQuery()).total,
        "found": [hit.kind for hit in today.search(seat, all_records(), "陈")],
        "faults": [fault for finding in check_office(seat) for fault in finding.faults],
    }


def refusals(seat: Seat) -> dict[str, str]:
    """Try what writes, or what is logged to be shown."""
    order = ExportOrder("核对", "街道办事处")
    return {
        "save": answer(lambda: estates.save_estate(seat, EstateFields(name="新小区", street="瑞金二路街道"))),
        "reveal": answer(lambda: households.reveal(seat, 1, "head")),
        "print": answer(lambda: facilities_for_print(seat, BookQuery())),
        "export": answer(lambda: page_data.estates_for_export(seat, order)),
    }


def main(office: Path, password: str, disk: Path, was_closed: bool) -> None:
    """Report what is seen and refused on the full disk, and what follows once it has room."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=True)
    use_language("en")
    folder = disk / "office"
    open_seat = sign_in(office, "admin", password)
    with open_seat.store.use() as session:  # free pages: the log can be emptied without the file growing
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE slack (filler BLOB)")
        connection.exec_driver_sql("INSERT INTO slack VALUES (zeroblob(400000))")
        connection.exec_driver_sql("DROP TABLE slack")
        session.commit()
    checkpoint(open_seat.store.engine)
    estates.save_estate(open_seat, EstateFields(name="未入主文件", street="瑞金二路街道"))
    if was_closed:
        open_seat.store.close()
    shutil.copytree(office, folder, ignore=shutil.ignore_patterns("*-shm"))
    fill(disk)
    free = shutil.disk_usage(disk).free
    seat = sign_in(folder, "admin", password)
    before = actions(seat)
    report: dict[str, Any] = {
        "free": free,
        "full": disk_is_full(seat),
        "greeting": last_visit(seat).at is not None,
        "seen": look(seat),
        "refused": refusals(seat),
        "wrong": answer(lambda: sign_in(folder, "admin", "no such password")),
        "added": len(actions(seat)) - len(before),
    }
    folder_elsewhere = Path(office.parent / "elsewhere")
    folder_elsewhere.mkdir()
    report["backup"] = answer(lambda: backups.back_up_to(seat, folder_elsewhere))
    report["copied"] = len(list(folder_elsewhere.glob("*/*/manifest.json")))
    [beside] = backups.back_up(seat, roots=()).outcomes
    report["beside"] = beside.words
    (disk / FILLER).unlink()
    report["full_again"] = disk_is_full(seat)
    report["logged"] = actions(seat)[: len(actions(seat)) - len(before)]
    report["refused_then"] = refusals(seat)
    seat.store.close()
    seat = sign_in(folder, "admin", password)
    report["after"] = look(seat)
    report["closed"] = seat.store.repaired.was_closed
    seat.store.close()
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4] == "closed")
