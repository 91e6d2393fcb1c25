"""An office on a disk without a free byte: it opens, everything is seen, nothing is saved, and no sign-in is lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import DiskFull
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.sign_in_greeting import disk_is_full
from fuyuan_desk.shell import sample_office
from fuyuan_desk.shell.full_disk import FullDiskController
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.widgets.banner import Banner

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]
FULL = "DiskFull: The disk is full; nothing was changed. Free some space, then save again."


def _can_mount(folder: Path) -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("ended", ["closed", "killed"])
def test_an_office_on_a_full_disk(prepared_sample: Path, tmp_path: Path, ended: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not _can_mount(disk):
        pytest.skip("this system does not let a test mount a disk of its own")
    office = tmp_path / "source"
    shutil.copytree(prepared_sample, office)
    module = "tests.store.full_disk_in_process"
    done = subprocess.run(
        [*OWN_MOUNTS, sys.executable, "-m", module, str(office), sample_office.PASSWORD, str(disk), ended],
        check=False, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["free"] == 0
    assert report["full"]
    assert report["greeting"]
    seen = report["seen"]
    assert "未入主文件" in seen["estates"]
    assert seen["units"] > 100
    assert seen["found"]
    assert seen["faults"] == []
    assert report["refused"] == dict.fromkeys(("save", "reveal", "print", "export"), FULL)
    assert report["added"] == 0
    assert report["wrong"].startswith("NotAllowed")
    # there is room elsewhere, and the copy is what counts now
    assert (report["backup"], report["copied"]) == ("", 1)
    assert "full" in report["beside"]
    # with room again: the sign-in first, then everything works, and nothing is left over
    assert not report["full_again"]
    assert "sign_in" in report["logged"]
    assert set(report["refused_then"].values()) == {""}
    assert report["closed"]
    assert set(report["after"]["estates"]) == {*seen["estates"], "新小区"}
    assert report["after"]["faults"] == []


class Room:
    """A disk that has room once `is_there`; `log` is what an opening owes, `seen` what it saw of it meanwhile."""

    def __init__(self, seat: Seat) -> None:
        self.is_full = lambda: seat.store.is_full
        self.is_there = self.seen = False

    def log(self, session: Session) -> None:
        self.seen = self.is_full()
        if not self.is_there:
            raise DiskFull("full")
        audit.note(session, "sign_in", "operator", 1)


def test_nothing_is_saved_before_what_is_owed(seat: Seat) -> None:
    room = Room(seat)
    seat.store.owe(room.log)
    with pytest.raises(DiskFull, match="nothing was changed"):
        estates.save_estate(seat, EstateFields(name="甲", street="瑞金二路街道"))
    assert estates.list_estates(seat).rows == ()
    assert disk_is_full(seat)
    assert room.seen, "whoever asks during an attempt must not hear of room"
    room.is_there = True
    estates.save_estate(seat, EstateFields(name="甲", street="瑞金二路街道"))
    assert not disk_is_full(seat)
    with seat.store.use() as session:
        found = session.connection().exec_driver_sql(
            "SELECT action FROM audit_entry ORDER BY id DESC LIMIT 2"
        )
        assert found.scalars().all() == ["insert", "sign_in"]


def test_what_is_owed_stays_owed_when_it_fails_otherwise(seat: Seat) -> None:
    def fail(_session: Session) -> None:
        raise RuntimeError("a bug")

    seat.store.owe(fail)
    with pytest.raises(RuntimeError, match="a bug"):
        disk_is_full(seat)
    assert seat.store.is_full


def test_the_banner_says_so_until_there_is_room(seat: Seat, desk: Desk, qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    room = Room(seat)
    seat.store.owe(room.log)
    controller = FullDiskController(desk, banner, look_ms=10)
    controller.start()
    assert "nothing can be saved" in banner.text()
    assert banner.tone == "error"
    qtbot.wait(60)
    assert "nothing can be saved" in banner.text()
    room.is_there = True
    qtbot.waitUntil(lambda: "room again" in banner.text())
    assert banner.tone == "ok"


def test_without_a_full_disk_nothing_is_said(desk: Desk, qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    FullDiskController(desk, banner, look_ms=10).start()
    qtbot.wait(30)
    assert banner.text() == ""
