"""The printed slip of a backup, and its last entry compared with the office later."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.rules import Agreement
from fuyuan_desk.audit.service.compare import compare_anchor
from fuyuan_desk.backups.facts import BackupSlip
from fuyuan_desk.backups.rules import PlaceKind
from fuyuan_desk.backups.service import backups
from fuyuan_desk.backups.service.check import check_backup
from fuyuan_desk.backups.service.slip import slip_for_print
from fuyuan_desk.backups.sheets import backup_slip
from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import manifest
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.paper import pdf
from tests.store.audit.trail_tools import chain_anew, unprotected

SLIP = BackupSlip(
    "黄浦区瑞金二路街道福元居民委员会", datetime(2026, 11, 28, 2, 6, tzinfo=UTC), "王主任", PlaceKind.STICK, "蓝色",
    "E:\\福元台备份", "2026-11-28_093000", datetime(2026, 11, 28, 1, 30, tzinfo=UTC), "1.2.3", 123_456_789, 23_456,
    152_300, "8c1f1046219ddd216a023f792356ddf127fce372a72ec9b4cdac989ee5b0b455",
    {"estates": 5, "units": 1_204, "visits": 0, "photos": 320}, True,
)  # fmt: skip


@pytest.fixture
def made(seat: Seat) -> Path:
    """A backup beside the office."""
    [outcome] = backups.back_up(seat, roots=[]).outcomes
    assert outcome.path is not None
    return outcome.path


def test_the_slip_names_the_backup_and_its_last_entry() -> None:
    paper = backup_slip(SLIP)
    shown = pdf.flat(paper, 1)
    taken = SLIP.taken_at.astimezone()
    for words in (
        "备份凭条", "福元居民委员会", "U盘“蓝色”", "福元台备份", "2026-11-28_093000", f"{taken.day}日{taken:%H:%M}",
        "1.2.3", "117.7MB", "小区5、房屋1,204、照片320", "23,456行", "王主任", "打开核对过", "没有重新读出全部文件",
        "最后一条：第152,300条", SLIP.hash, "经办人（签名）", "书记或负责人（签名）", "第1页/共1页",
    ):  # fmt: skip
        assert words in shown, words
    assert "巡查0" not in shown
    assert paper.boxes == ()
    assert pdf.within_margins(paper)
    picture = pypdfium2.PdfDocument(paper.pdf)[0].render(scale=150 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"152300:{SLIP.hash}"]


@pytest.mark.parametrize(
    ("verified", "words"),
    [(None, "没有这份备份的核对记录"), (False, "发现问题：照片坏了"), (True, "才算完成")],
)
def test_how_it_was_checked_is_said(verified: bool | None, words: str) -> None:
    shown = pdf.flat(backup_slip(replace(SLIP, verified=verified, fault="照片坏了")), 1)
    assert words in shown
    assert ("才算完成" in shown) == (verified is True)


def test_an_empty_backup_elsewhere_with_a_long_path_is_one_page() -> None:
    paper = backup_slip(replace(SLIP, kind=None, counts={}, path="D:\\" + "很长的文件夹\\" * 30))
    assert paper.pages == 1
    assert "其他文件夹" in pdf.flat(paper, 1)
    assert "都还没有" in pdf.flat(paper, 1)
    assert pdf.within_margins(paper)


def test_the_slip_of_a_backup_agrees_with_the_office(seat: Seat, made: Path) -> None:
    slip = slip_for_print(seat, made)
    listed = manifest.read(made)
    assert (slip.entry, slip.hash) == (listed.facts.entry, listed.facts.hash)
    assert (slip.kind, slip.name, slip.path) == (PlaceKind.FIRST, made.name, str(made.parent))
    assert (slip.taken_at, slip.size, slip.verified) == (listed.taken_at, listed.size, True)
    assert slip.rows == sum(listed.facts.rows.values())
    found = compare_anchor(seat, str(slip.entry), slip.hash)
    assert found.agreement is Agreement.AGREES
    with seat.store.use() as session:
        entry = session.get(audit.AuditEntry, found.end)
        assert entry is not None
        assert (entry.action, entry.table_name) == ("print", "backup_run")


def test_a_forged_office_does_not_agree_with_the_slip(seat: Seat, made: Path) -> None:
    slip = slip_for_print(seat, made)
    with seat.store.use() as session:
        connection = session.connection()
        with unprotected(connection):
            connection.exec_driver_sql("UPDATE audit_entry SET operator = 'li' WHERE id = 2")
            chain_anew(connection)
        session.commit()
    assert compare_anchor(seat, str(slip.entry), slip.hash).agreement is Agreement.OTHER


def test_a_changed_manifest_has_no_slip(seat: Seat, made: Path) -> None:
    file = made / manifest.FILE
    raw = file.read_bytes()
    entry = manifest.read(made).facts.entry
    file.write_bytes(raw.replace(f'"entry":{entry}'.encode(), f'"entry":{entry + 1}'.encode()))
    assert file.read_bytes() != raw
    with pytest.raises(Unusable, match="damaged or was changed"):
        slip_for_print(seat, made)
    file.write_bytes(b"{}")
    with pytest.raises(Unusable, match="damaged or was changed"):
        slip_for_print(seat, made)
    shutil.rmtree(made)
    with pytest.raises(Unusable, match="no backup"):
        slip_for_print(seat, made)


def test_a_backup_found_damaged_says_so_on_its_slip(seat: Seat, made: Path) -> None:
    store = made / "store.db"
    content = store.read_bytes()
    store.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(Unusable):
        check_backup(seat, made)
    slip = slip_for_print(seat, made)
    assert slip.verified is False
    assert "store.db" in pdf.flat(backup_slip(slip), 1)


def test_a_copy_in_another_folder_has_no_record_of_its_check(seat: Seat, made: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / made.name
    shutil.copytree(made, other)
    slip = slip_for_print(seat, other)
    assert (slip.kind, slip.verified, slip.path) == (None, None, str(other.parent))


def test_the_backup_of_another_office_is_refused(seat: Seat, tmp_path: Path) -> None:
    settings = OfficeSettings("其他居民委员会")
    other = set_up_office(tmp_path / "other", settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP)
    [outcome] = backups.back_up(other, roots=[]).outcomes
    other.store.close()
    assert outcome.path is not None
    with pytest.raises(InvalidInput, match="another office"):
        slip_for_print(seat, outcome.path)
