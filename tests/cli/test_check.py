"""The command `check`: what it finds, and its exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import sample_office
from tests.cli.conftest import Run


def test_an_intact_office_passes_the_check(run: Run, sampled: Path) -> None:
    code, out, _err = run("check", "--store", sampled)
    assert code == 0
    assert out.count("intact") == 5
    assert "Backups: not known" in out


def test_a_process_of_its_own_compares_every_table(sampled: Path) -> None:
    seat = sign_in(sampled, "admin", sample_office.PASSWORD)
    with seat.store.use() as session:
        for change in (
            "household SET people = 99",
            "facility SET place = 'elsewhere'",
            "renovation_case SET remarks = 'x'",
            "tier_assignment SET reason = 'x'",
        ):
            table = change.split()[0]
            session.connection().exec_driver_sql(f"UPDATE {change} WHERE id = (SELECT max(id) FROM {table})")
        session.commit()
    seat.store.close()
    # the tables of a job are loaded when it is first used, and here nothing was
    command = [sys.executable, "-m", "fuyuan_desk", "check", "--store", str(sampled)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stdout.count("changed outside the program") + done.stdout.count("在程序外面被改过") == 4


def test_a_missing_photo_fails_the_check(run: Run, sampled: Path) -> None:
    seat = sign_in(sampled, "admin", sample_office.PASSWORD)
    assert any(row.extra["photos"] for row in list_visits(seat).rows)
    seat.store.close()
    missing = list((sampled / "media").rglob("*.bin"))
    for file in missing:
        file.unlink()
    code, out, err = run("check", "--store", sampled)
    assert code == 1
    assert out.count("missing") == len(missing)
    assert f"{len(missing)} problems" in err


@pytest.mark.parametrize("place", [2_100, 45_000, 120_000, 250_000])
def test_a_damaged_file_is_reported_line_by_line(run: Run, sampled: Path, place: int) -> None:
    database = sampled / "store.db"
    content = bytearray(database.read_bytes())
    content[place] ^= 1
    database.write_bytes(content)
    code, _out, err = run("check", "--store", sampled)
    assert code == 1
    assert "Traceback" not in err
    assert err.strip()
