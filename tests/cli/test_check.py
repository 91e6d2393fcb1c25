"""The command `check`: what it finds, and its exit code."""

from pathlib import Path

from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import sample_office
from tests.cli.conftest import Run


def test_an_intact_office_passes_the_check(run: Run, sampled: Path) -> None:
    code, out, _err = run("check", "--store", sampled)
    assert code == 0
    assert out.count("intact") == 5
    assert "Backups: not known" in out


def test_a_missing_photo_fails_the_check(run: Run, sampled: Path) -> None:
    seat = sign_in(sampled, "admin", sample_office.PASSWORD)
    assert any(row.extra["photos"] for row in list_visits(seat).rows)
    seat.store.close()
    for file in (sampled / "media").rglob("*.bin"):
        file.unlink()
    code, out, err = run("check", "--store", sampled)
    assert code == 1
    assert "missing" in out
    assert "1 problem;" in err
