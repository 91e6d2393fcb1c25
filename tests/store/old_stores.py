"""Stores of each migration step, with data, small and unencrypted, to be migrated in tests.

    python -m tests.store.old_stores

writes the one of the newest step; an existing file is never overwritten.
"""

import lzma
import secrets
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from sqlcipher3 import dbapi2

from fuyuan_desk.shell import sample_office
from fuyuan_desk.store import layout
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.keys import keyring

FOLDER = Path(__file__).parent.parent / "data" / "stores"
PASSWORD, RECOVERY = "old-store-password", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
ESTATE = "南昌路168弄"
_CHEAP = keyring.Cost(passes=1, memory_kib=64, lanes=1)


def _export(source: Path, source_key: str, target: Path, target_key: str) -> None:
    connection = dbapi2.connect(str(source), isolation_level=None)
    if source_key:
        connection.execute(f'PRAGMA key = "{source_key}"')
    connection.execute(f'ATTACH DATABASE ? AS made KEY "{target_key}"', (str(target),))
    connection.execute("SELECT sqlcipher_export('made')")
    connection.close()


def unpack(step: str, folder: Path) -> None:
    """Create an office in `folder` from the saved store of a migration step; `admin` has `PASSWORD`."""
    folder.mkdir()
    key = secrets.token_bytes(keyring.KEY_BYTES)
    plain = folder / "plain.db"
    plain.write_bytes(lzma.decompress((FOLDER / f"{step}.db.xz").read_bytes()))
    _export(plain, "", folder / layout.DATABASE, f"x'{key.hex()}'")
    plain.unlink()
    keys = keyring.add_recovery(keyring.empty_keyring(), RECOVERY, key, _CHEAP)
    keyring.write(folder, keyring.add_operator(keys, "admin", PASSWORD, key, _CHEAP))


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without photos: they are files beside the database."""
    return {name: value for name, value in record.items() if name not in ("photo", "shots")}


def _one_estate(data: dict[str, Any]) -> dict[str, Any]:
    cases = [case for case in data["cases"] if case["estate"] == ESTATE]
    keys = {case["key"] for case in cases}
    facilities = {row["number"] for row in data["facilities"] if row["estate"] == ESTATE}
    return {
        **data,
        "estates": [estate for estate in data["estates"] if estate["name"] == ESTATE],
        "operators": [
            {**operator, "estates": [ESTATE]} if operator.get("estates") else operator
            for operator in data["operators"]
        ],
        "facility_checks": [row for row in data["facility_checks"] if row["facility"] in facilities],
        "orders": [
            {**_bare(order), "steps": [_bare(step) for step in order.get("steps", ())]}
            for order in data["orders"]
            if order.get("estate", ESTATE) == ESTATE  # the one of a call is of that estate
        ],
        "round_plans": [{**row, "in": [ESTATE]} for row in data["round_plans"] if ESTATE in row["in"]],
        "calls": [row for row in data["calls"] if row["of"][0] == ESTATE],
        "people": [people for people in data["people"] if people["estate"] == ESTATE],
        "cases": cases,
        "visits": [
            _bare(visit)
            for visit in data["visits"]
            if visit.get("case") in keys or visit.get("estate") == ESTATE
        ],
        "sheets": [sheet for sheet in data["sheets"] if sheet["estate"] == ESTATE],
        **{
            name: [row for row in data[name] if row["estate"] == ESTATE]
            for name in ("facilities", "roles", "contracts")
        },
    }


def main() -> None:
    """Save a store of the newest step."""
    target = FOLDER / f"{migrate.NEWEST}.db.xz"
    if target.exists():
        raise SystemExit(f"{target} already exists and is kept")
    data = _one_estate(sample_office.read_data())
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(sample_office, "read_data", return_value=data),
    ):
        made = sample_office.build(Path(folder) / "office", PASSWORD, cost=_CHEAP).seat.store
        key = made.key
        made.close()
        plain = Path(folder) / "plain.db"
        _export(made.folder / layout.DATABASE, f"x'{key.hex()}'", plain, "")
        FOLDER.mkdir(exist_ok=True)
        target.write_bytes(lzma.compress(plain.read_bytes(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
