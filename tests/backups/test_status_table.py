"""What happened → what the status line, its tooltip and the page say, and in which colour."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.rules import BackupStatus, PlaceKind, PlaceView
from fuyuan_desk.core.texts import use_language

NOW = datetime(2026, 11, 27, 9, 0).astimezone()
HERE = Path("there")
FIRST, SECOND, STICK = PlaceKind.FIRST, PlaceKind.SECOND, PlaceKind.STICK


def on(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute).astimezone()


TODAY, YESTERDAY = on(27, "07:30"), on(26, "17:01")


def first(good: datetime | None = TODAY, *, found: bool = True, fault: str = "") -> PlaceView:
    """The folder beside the office, on its disk."""
    return PlaceView(1, FIRST, "", HERE, "there", good, good, fault, is_found=found, on_office_disk=True)


def second(
    good: datetime | None = TODAY,
    *,
    present: bool = True,
    fault: str = "",
    own: bool | None = False,
    found: bool = True,
) -> PlaceView:
    """A second folder, on another disk."""
    path = HERE if present else None
    is_found = found if present else None
    return PlaceView(
        2,
        SECOND,
        "",
        path,
        "there",
        good,
        good,
        fault,
        is_found=is_found,
        on_office_disk=own if present else None,
    )


def stick(good: datetime | None = TODAY, *, present: bool = False) -> PlaceView:
    """A named USB stick."""
    path = HERE if present else None
    found, own = (True, False) if present else (None, None)
    return PlaceView(3, STICK, "Blue", path, "E:", good, good, is_found=found, on_office_disk=own)


@dataclass(frozen=True)
class Case:
    """What happened, and what is to be said."""

    what: str
    places: tuple[PlaceView, ...]
    line: str
    tone: str
    chinese: str
    changes: int | None = 0
    now: datetime = NOW
    also: tuple[str, ...] = field(default=())


CASES = [
    Case("a new office", (first(None, found=False),), "Nothing is backed up yet", "warn", "还没有备份", None),
    Case("backed up, nothing since", (second(),), "✓ Everything is backed up, today 07:30", "ok",
         "✓ 已全部备份 今天 07:30"),
    Case("an import since", (second(),), "1,842 changes since 07:30 are not backed up", "warn",
         "07:30 之后的 1,842 处改动还没有备份", 1842),
    Case("one change since", (second(),), "1 change since 07:30 is not backed up", "warn",
         "07:30 之后的 1 处改动还没有备份", 1),
    Case("changes since yesterday", (second(YESTERDAY),), "3 changes since yesterday 17:01 are not backed up",
         "warn", "昨天 17:01 之后的 3 处改动还没有备份", 3),
    Case("changes since last week", (second(on(20, "08:00")),),
         "3 changes since 2026-11-20 08:00 are not backed up", "warn",
         "2026-11-20 08:00 之后的 3 处改动还没有备份", 3),
    Case("nothing changed overnight", (second(YESTERDAY),), "✓ Everything is backed up, yesterday 17:01", "ok",
         "✓ 已全部备份 昨天 17:01"),
    Case("nothing changed in the holidays", (second(on(15, "08:00")),),
         "✓ Everything is backed up, 2026-11-15 08:00", "ok", "✓ 已全部备份 2026-11-15 08:00"),
    Case("left open past midnight", (second(),), "✓ Everything is backed up, yesterday 07:30", "ok",
         "✓ 已全部备份 昨天 07:30", now=on(28, "00:01")),
    Case("changes, left open past midnight", (second(),), "2 changes since yesterday 07:30 are not backed up",
         "warn", "昨天 07:30 之后的 2 处改动还没有备份", 2, on(28, "00:01")),
    Case("only beside the office", (first(),),
         "Backed up today 07:30, but the only backup is on the same disk as the data", "warn",
         "今天 07:30 已备份，但唯一的备份和数据在同一块硬盘上"),
    Case("only beside the office, and changes", (first(),), "5 changes since 07:30 are not backed up", "warn",
         "07:30 之后的 5 处改动还没有备份", 5,
         also=("The only backup is on the same disk as the data.",)),
    Case("beside the office and elsewhere", (first(), second()), "✓ Everything is backed up, today 07:30", "ok",
         "✓ 已全部备份 今天 07:30"),
    Case("a folder that may be on the same disk", (first(), second(own=None)),
         "✓ Everything is backed up, today 07:30", "ok", "✓ 已全部备份 今天 07:30",
         also=("It is not known whether a backup is on another disk than the data.",)),
    Case("both folders on one disk", (first(), second(own=True)),
         "Backed up today 07:30, but all backups are on the same disk as the data", "warn",
         "今天 07:30 已备份，但所有备份和数据都在同一块硬盘上"),
    Case("the second folder is away", (first(), second(YESTERDAY, present=False)),
         "✓ Everything is backed up, today 07:30", "ok", "✓ 已全部备份 今天 07:30",
         also=("It is not known whether a backup is on another disk than the data.",
               "Second folder cannot be reached now; its newest backup is of yesterday 17:01.")),
    Case("the stick is plugged in", (first(), stick(present=True)), "✓ Everything is backed up, today 07:30", "ok",
         "✓ 已全部备份 今天 07:30"),
    Case("the stick was in today", (first(), stick()), "✓ Everything is backed up, today 07:30", "ok",
         "✓ 已全部备份 今天 07:30"),
    Case("the stick was in three days ago", (first(), stick(on(24, "17:00"))),
         "✓ Everything is backed up, today 07:30", "ok", "✓ 已全部备份 今天 07:30",
         also=("The newest backup away from the disk with the data is of 2026-11-24 17:00.",)),
    Case("the stick was not seen for nine days", (first(), stick(on(18, "17:00"))),
         "USB drive “Blue” has not been connected for 9 days", "warn", "U盘“Blue”已经 9 天没有插上"),
    Case("nine days, and changes", (first(), stick(on(18, "17:00"))), "7 changes since 07:30 are not backed up",
         "warn", "07:30 之后的 7 处改动还没有备份", 7,
         also=("USB drive “Blue” has not been connected for 9 days.",)),
    Case("the stick never had a backup", (second(), stick(None)), "USB drive “Blue” has no backup yet", "warn",
         "U盘“Blue”上还没有备份"),
    Case("only the stick is newest, and away", (first(on(24, "08:00"), found=False), stick()),
         "✓ Everything is backed up, today 07:30", "ok", "✓ 已全部备份 今天 07:30",
         also=("USB drive “Blue” cannot be reached now; its newest backup is of today 07:30.",
               "Beside the office: the backup of 2026-11-24 08:00 is no longer there.")),
    Case("the last one could not be verified", (first(fault="The copy differs."),),
         "The last backup failed (Beside the office); the newest good one is of today 07:30", "warn",
         "最近一次备份没有成功（资料文件夹旁边）；最近的好备份是今天 07:30", also=("The copy differs.",)),
    Case("one of two failed", (first(), second(None, fault="The disk is full.", found=False)),
         "The last backup failed (Second folder); the newest good one is of today 07:30", "warn",
         "最近一次备份没有成功（第二个文件夹）；最近的好备份是今天 07:30", also=("The disk is full.",)),
    Case("the first one failed", (first(None, fault="The disk is full.", found=False),),
         "The last backup failed (Beside the office); there is no good one", "warn",
         "最近一次备份没有成功（资料文件夹旁边）；没有好的备份", None),
    Case("a place that is away failed once", (first(), second(present=False, fault="The disk is full.")),
         "✓ Everything is backed up, today 07:30", "ok", "✓ 已全部备份 今天 07:30"),
    Case("somebody deleted the backup", (first(found=False),), "The backup of today 07:30 is no longer there",
         "warn", "今天 07:30 的备份已经不在了", None),
    Case("deleted here, kept there", (first(found=False), second(YESTERDAY)),
         "4 changes since yesterday 17:01 are not backed up", "warn", "昨天 17:01 之后的 4 处改动还没有备份", 4,
         also=("Beside the office: the backup of today 07:30 is no longer there.",)),
    Case("the position is not known", (second(),), "Backed up today 07:30; what changed since is not known",
         "warn", "今天 07:30 备份过；之后改了多少不清楚", None),
    Case("the clock was set back", (second(on(28, "07:30")),),
         "The clock of this PC was changed: the newest backup is dated 2026-11-28 07:30", "warn",
         "电脑时钟改动过：最近的备份写着 2026-11-28 07:30"),
    Case("the clock was set back, and changes", (second(on(28, "07:30")),),
         "The clock of this PC was changed: the newest backup is dated 2026-11-28 07:30", "warn",
         "电脑时钟改动过：最近的备份写着 2026-11-28 07:30", 6, also=("6 changes since are not backed up.",)),
    Case("a clock that is a minute off", (second(NOW + timedelta(minutes=1)),),
         "✓ Everything is backed up, today 09:01", "ok", "✓ 已全部备份 今天 09:01"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_happened_is_what_is_said(case: Case) -> None:
    status = BackupStatus(case.places, case.changes)
    line, tone = wording.status_text(status, case.now)
    assert (line, tone) == (case.line, case.tone)
    tip = wording.status_tip(status, case.now).split("\n")
    page, page_tone = wording.state_text(status, case.now)
    about = wording.state_details(status, case.now)
    assert (page, page_tone) == (line if line.startswith("✓") else f"{line}.", tone)
    for sentence in case.also:
        assert sentence in tip
        assert sentence in about
    assert wording.counted() in tip
    use_language("zh_CN")
    assert wording.status_text(status, case.now)[0] == case.chinese


def test_nothing_is_said_twice() -> None:
    for case in CASES:
        lines = wording.status_tip(BackupStatus(case.places, case.changes), case.now).split("\n")
        assert len(lines) == len(set(lines)), case.what


def test_all_is_backed_up_is_said_only_when_it_is() -> None:
    for case in CASES:
        if case.line.startswith("✓"):
            assert case.changes == 0, case.what
