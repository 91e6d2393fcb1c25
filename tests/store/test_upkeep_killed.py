"""A kill while the search index is merged leaves an intact store, in which every acknowledged save is found."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.service.buildings import save_building
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.estates.service.units import save_unit
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import upkeep
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db.engine import driver_connection
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import merging
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
_ENDS = 20.0


def _unit(seat: Seat) -> int:
    estate = save_estate(seat, EstateFields("福元小区"))
    return save_unit(
        seat, UnitFields(save_building(seat, BuildingFields("1号", estate_id=estate.id)).id, label="101室")
    ).id


def _killed(folder: Path, unit: int, turn: int, chance: random.Random) -> list[str]:
    """Kill a process while steps and saves alternate; return the phones whose saving it acknowledged."""
    command = [
        sys.executable,
        "-m",
        "tests.store.save_in_process",
        str(folder),
        PASSWORD,
        str(unit),
        str(turn),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(upkeep.MOST_WRITES)]
    time.sleep(chance.uniform(0, 0.2))
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    process.wait(_ENDS)
    # an incomplete line does not count
    return ("".join(acknowledged) + rest).split("\n")[:-1]


def test_killed_during_the_upkeep_every_acknowledged_save_is_found(folder: Path) -> None:
    chance = random.Random()
    seat = sign_in(folder, "admin", PASSWORD)
    unit = _unit(seat)
    seat.store.close()
    phones: list[str] = []
    for turn in range(ROUNDS):
        phones += _killed(folder, unit, turn, chance)
        seat = sign_in(folder, "admin", PASSWORD)
        assert [finding.faults for finding in check_store(seat.store) if finding.faults] == []
        _assert_found(seat, unit, phones)
        if turn == ROUNDS - 1:
            assert seat.store.upkeep.wait(_ENDS)
            with driver_connection(seat.store.engine) as connection:
                assert not merging.merge(connection, 1)
            _assert_found(seat, unit, phones)
        seat.store.close()
    assert len(phones) >= ROUNDS * upkeep.MOST_WRITES


def _assert_found(seat: Seat, unit: int, phones: list[str]) -> None:
    with seat.store.use() as session:
        for phone in phones:
            assert [hit.record_id for hit in search.find(session, phone, [UNIT])] == [unit], phone
