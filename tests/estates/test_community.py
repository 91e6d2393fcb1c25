"""The roster for 社区云: its columns, what is masked, the file with its note, and its way back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.records import Household, Unit
from fuyuan_desk.estates.service.community import community_for_export
from fuyuan_desk.estates.workbook import write_community
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.workbook.reader import read_workbook
from tests.estates.lane import Lane
from tests.privacy.neighbours import agreed

COLUMNS = [
    "UUID",
    "姓名",
    "身份证",
    "电话",
    "户籍地址",
    "居住ID",
    "居住地址",
    "房屋ID",
    "在住",
    "人员类型",
    "社区标识",
    "实口",
    "紧急联系人",
    "紧急联系电话",
    "备注",
]
ID, SON_ID = "310101196503020008", "310101199001010005"
ORDER = ExportOrder("与社区云交换", "街道办事处")
WHOLE = replace(ORDER, unmasked=True)


@pytest.fixture
def lane(seat: Seat) -> Lane:
    lane = Lane(seat)
    unit = lane.home("501室")
    home = lane.household(unit, "欧阳明慧", id_number=ID, phones=("13812345678", "13900001111"))
    lane.person(
        home, "欧阳小明", relation="child", id_number=SON_ID, phones=("13700001111",), is_emergency=True,
        registered_at="黄浦区南昌路1号", lives_here=True, remarks="住读",
        other_ids=(("社区云 UUID", "u-2"), ("社区云 居住ID", "j-2")),
    )  # fmt: skip
    lane.household(lane.home("502室"), "福元物业有限公司", is_company=True)
    gone = lane.household(lane.home("503室"), "陆离")
    with seat.store.use() as session:
        session.get_one(Unit, unit).other_ids = {"社区云 房屋ID": "f-1"}
        session.get_one(Household, gone).moved_out_on = date(2020, 1, 1)
        holder = session.scalars(select(Household).where(Household.head == "欧阳明慧")).one()
        holder.other_ids = {"社区云 UUID": "u-1"}
        session.commit()
    return lane


def rows(seat: Seat, order: ExportOrder, estate: int | None = None) -> list[Mapping[str, str]]:
    export = community_for_export(seat, order, estate)
    return [dict(zip(COLUMNS, row, strict=True)) for row in export.rows]


def test_everybody_who_is_there_now_stands_in_the_columns_of_the_system(seat: Seat, lane: Lane) -> None:
    holder, son, company = rows(agreed(seat), WHOLE, lane.estate)
    assert holder == {
        **dict.fromkeys(COLUMNS, ""),
        "UUID": "u-1", "姓名": "欧阳明慧", "身份证": ID, "电话": "13812345678/13900001111",
        "居住地址": "南昌路168弄4号501室", "房屋ID": "f-1", "人员类型": "业主",
        "紧急联系人": "欧阳小明", "紧急联系电话": "13700001111",
    }  # fmt: skip
    assert (son["UUID"], son["居住ID"], son["在住"]) == ("u-2", "j-2", "是")
    assert (son["户籍地址"], son["备注"], son["房屋ID"]) == ("黄浦区南昌路1号", "住读", "f-1")
    assert son["人员类型"] == "子女"
    assert son["紧急联系人"] == "", "nobody is her own emergency contact"
    assert company["姓名"] == "福元物业有限公司"


def test_it_is_masked_unless_a_second_person_agrees(seat: Seat, lane: Lane) -> None:
    said = str(community_for_export(seat, ORDER, None).rows)
    for secret in ("欧阳", ID, SON_ID, "13812345678", "u-1", "j-2", "f-1", "住读", "南昌路1号"):
        assert secret not in said
    with pytest.raises(SecondNeeded):
        community_for_export(seat, WHOLE, None)
    with pytest.raises(InvalidInput):
        community_for_export(seat, ExportOrder(), None)


def test_another_estate_has_its_own_people(seat: Seat, lane: Lane) -> None:
    other = Lane(seat, "福元小区")
    other.household(other.home("101室"), "甲某")
    assert [row["姓名"] for row in rows(agreed(seat), WHOLE, other.estate)] == ["甲某"]
    assert len(rows(agreed(seat), WHOLE)) == 4


def test_the_table_has_no_other_lines_and_its_note_carries_the_stamp(
    seat: Seat, lane: Lane, tmp_path: Path
) -> None:
    export = community_for_export(agreed(seat), WHOLE, None)
    note = write_community(tmp_path / "社区云.tsv", export.rows, export.stamp.lines())
    raw = (tmp_path / "社区云.tsv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[0].split("\t") == COLUMNS
    assert len(lines) == 1 + len(export.rows)
    told = note.read_text("utf-8-sig")
    assert "街道办事处" in told
    assert "NOT masked" in told


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("一\t二\n三", "一 二 三"),
        ("=1+1", "'=1+1"),
        ("@甲", "'@甲"),
        ("-2+3|cmd", "'-2+3|cmd"),
        ("+8613812345678/021-62093705", "+8613812345678/021-62093705"),
        ("-", "'-"),
        ("", ""),
    ],
)
def test_a_cell_breaks_no_line_and_is_no_formula(cell: str, written: str, tmp_path: Path) -> None:
    write_community(tmp_path / "a.tsv", [[cell, *[""] * 14]], ())
    line = (tmp_path / "a.tsv").read_text("utf-8-sig").splitlines()[1]
    assert line.split("\t")[0] == written


def test_the_reader_of_rosters_finds_the_same_people_again(seat: Seat, lane: Lane, tmp_path: Path) -> None:
    use_language("zh_CN")
    export = community_for_export(agreed(seat), WHOLE, None)
    write_community(tmp_path / "社区云.tsv", export.rows, export.stamp.lines())
    book = read_workbook(tmp_path / "社区云.tsv")
    fields = {**dict.fromkeys(range(15), "-"), 1: "name", 2: "id", 3: "phone", 6: "address"}
    draft = understand(book, mapping={book.sheets[0].name: fields})
    found = {
        (one.name, one.id_number, one.phones, row.estate, row.building, row.unit)
        for row in draft.rows
        for one in (row, *row.persons)
    }
    assert found == {
        ("欧阳明慧", ID, ("13812345678", "13900001111"), "南昌路168弄", "4号", "501室"),
        ("欧阳小明", SON_ID, ("13700001111",), "南昌路168弄", "4号", "501室"),
        ("福元物业有限公司", "", (), "南昌路168弄", "4号", "502室"),
    }
