"""A long table read and written in parts gives what it gives as a whole."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.packed import PackedList
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.parts import parts_of
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.service import imports
from fuyuan_desk.workbook.reader import Sheet, Workbook
from tests.workbook.in_process import read_in_process

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
HEADER = ["小区", "门牌号", "室号", "姓名", "电话", "面积", "备注"]


def book(rows: list[list[str]]) -> Workbook:
    return Workbook(Path("名册.xlsx"), (Sheet("名册", [list(HEADER), *map(list, rows)]),))


def compared(draft: RosterDraft) -> tuple[object, ...]:
    tables = [(t.sheet, t.columns, list(t.numbers), [list(row) for row in t.rows]) for t in draft.tables]
    # second holders stand at the end of their part
    rows = sorted(draft.rows, key=lambda row: (row.sheet, row.row, row.name))
    return (rows, draft.problems, draft.estates, draft.addresses, draft.confirmed, tables)


def in_parts(workbook: Workbook) -> RosterDraft:
    return understand(workbook, "", longest=5)


# a table of parking places is refused
FILES = sorted(
    path
    for path in ROSTERS.rglob("*")
    if path.is_file() and path.suffix != ".json" and not path.name.startswith("车位")
)


@pytest.mark.parametrize(
    "path",
    FILES,
    ids=lambda path: path.name,
)
def test_rosters_in_parts_read_the_same(path: Path) -> None:
    workbook = read_in_process(path)
    assert compared(in_parts(workbook)) == compared(understand(workbook, ""))


ROW = st.tuples(
    st.sampled_from(["", "福元小区", "南昌路168弄"]),
    st.sampled_from(["", "1号", "2号", "〃"]),
    st.sampled_from(["", "101", "102", "201"]),
    st.sampled_from(["", "张三", "李四", "王五"]),
    st.sampled_from(["", "13990000001", "13990000002"]),
    st.sampled_from(["", "50", "60.5", "大"]),
    st.sampled_from(["", "独居"]),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=6, max_size=40))
def test_blanks_and_dittos_keep_what_is_above_them(rows: list[tuple[str, ...]]) -> None:
    first = ["福元小区", "1号", "101", "张三", "13990000001", "50", ""]
    workbook = book([first, *map(list, rows)])
    assert compared(in_parts(workbook)) == compared(understand(workbook, ""))


def long_book(count: int) -> Workbook:
    return book(
        [
            [
                "福元小区",
                f"{n // 8 + 1}号",
                f"{n % 8 + 1}01",
                f"张{'一二三四五六七八'[n % 8]}",
                f"1399{n:07}",
                "50",
                "",
            ]
            for n in range(count)
        ]
    )


def test_a_long_table_is_packed_and_cut_where_rows_stand_alone() -> None:
    rows = in_parts(long_book(40)).rows
    assert (isinstance(rows, PackedList), len(rows)) == (True, 40)
    whole = Table("", (), [Column(0, "室号", "unit"), Column(1, "姓名", "name")], list(range(7)))
    whole.rows = [
        ["101", "甲"],
        ["102", "乙"],
        ["", "丙"],
        ["103", ""],
        ["104", "丁"],
        ["104", "戊"],
        ["105", "己"],
    ]
    assert list(parts_of(whole, 5)) == [range(4), range(4, 6), range(6, 7)]
    assert list(parts_of(whole, 7)) == [range(7)]


def test_a_long_plan_is_written_in_parts(seat: Seat) -> None:
    count = 10_050  # more than are written at a time
    report = imports.import_roster(seat, understand(long_book(count), ""))
    assert (report.units, report.households, report.problems) == (count, count, ())
    assert imports.preview_undo(seat, report.import_id or 0).removed["unit"] == count


class Stopping(Progress):
    """Is cancelled at a step; `left` counts down to it."""

    def __init__(self, left: int) -> None:
        super().__init__(self._count)
        self.left = left

    def _count(self, _done: int, _total: int, _what: str) -> None:
        self.left -= 1
        if self.left <= 0:
            self.cancel()


def test_every_step_of_a_long_import_can_be_cancelled(seat: Seat) -> None:
    at = 1
    while True:
        progress = Stopping(at)
        try:
            draft = understand(long_book(40), "", progress=progress, longest=5)
            imports.import_roster(seat, draft, progress=progress)
        except Cancelled:
            assert imports.preview_roster(seat, understand(long_book(3), "")).units == 3, "nothing is left"
            at += 1
        else:
            break
    assert at > 20


def test_a_list_of_persons_is_not_cut_as_its_households_may_be_anywhere() -> None:
    rows = [["福元小区", "1号", f"{n % 8 + 1}01", f"张{n}", "户主" if n < 8 else "子"] for n in range(40)]
    header = ["小区", "门牌号", "室号", "姓名", "与户主关系"]
    workbook = Workbook(Path("名册.xlsx"), (Sheet("名册", [header, *rows]),))
    made = in_parts(workbook).rows
    assert (len(made), {len(row.persons) for row in made}) == (8, {4})
