"""A text table with a few damaged bytes: their rows are named and not imported, all others are read."""

from pathlib import Path

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.masking import masked_cell, masked_value
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.workbook.plain import decode
from tests.roster.rosters import draft
from tests.workbook.in_process import read_in_process

LINES = ["门牌号,室号,姓名,电话,备注", *(f"1号,{room},张三丰,13900001111,无" for room in range(101, 160))]
TEXT = "\n".join(LINES)
MIDDLE = "1号,120,张三丰"


def damaged(encoding: str, bad: bytes) -> bytes:
    """Put bytes behind the name of room 120."""
    whole = MIDDLE.encode(encoding)
    raw = TEXT.encode(encoding)
    assert whole in raw
    return raw.replace(whole, whole + bad)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("bad", [b"\0", b"\xff"])
def test_the_row_is_named_and_the_rest_is_read(tmp_path: Path, encoding: str, bad: bytes) -> None:
    path = tmp_path / "福元小区.csv"
    mark = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
    path.write_bytes(mark + damaged(encoding.removesuffix("-sig"), bad))
    read = understand(read_in_process(path))
    faulty = [row for row in read.rows if row.fault]
    assert [(row.row, row.unit) for row in faulty] == [(21, "120室")]
    assert len(read.rows) == len(LINES) - 1
    [problem] = [problem for problem in read.problems if problem.severity == "error"]
    assert (problem.row, problem.column) == (21, "C")
    assert "cannot be read" in problem.message


def test_a_damaged_cell_of_a_column_that_is_not_read_stops_nothing() -> None:
    read = draft([["门牌号", "室号", "姓名", "看法"], ["1号", "101", "张三", "好\0"]], estate="福元小区")
    assert [row.fault for row in read.rows] == [""]


@pytest.mark.parametrize("bad", [b"\xff", b"\xe4\xb8"])
def test_one_broken_byte_does_not_change_the_encoding(bad: bytes) -> None:
    text = decode("x.csv", damaged("utf-8", bad))
    assert text.count("张三丰") == TEXT.count("张三丰")
    assert "\ufffd" in text


def test_a_file_of_broken_bytes_is_refused() -> None:
    with pytest.raises(InvalidInput):
        decode("x.csv", b"\xfd\xff\xfd,\xfd\xff\xfd\n" * 40)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("bad", [b"\x00", b"\xff"])
def test_a_short_list_with_one_broken_byte_is_read(encoding: str, bad: bytes) -> None:
    rows = "".join(f"1号,{number}01室,王小{number},1380000000{number}\n" for number in range(1, 6))
    raw = f"门牌号,室号,姓名,联系电话\n{rows}".encode(encoding)
    for place in (5, len(raw) // 2, len(raw) - 8):
        assert "01室" in decode("名册.csv", raw[:place] + bad + raw[place:])


@pytest.mark.parametrize("bad", [b"\x00", b"\xff"])
def test_a_row_that_cannot_be_read_names_no_building_of_the_others(tmp_path: Path, bad: bytes) -> None:
    rows = [f"乙小区,南昌路{number}号,101室,王小".encode() + b"\xe6\x98\x8e" for number in range(1, 6)]
    rows[3] = rows[3].replace("南昌路".encode(), bad + "南昌路".encode())
    path = tmp_path / "乙小区.csv"
    path.write_bytes("小区,地址,室号,姓名\n".encode() + b"\n".join(rows) + b"\n")
    read = understand(read_in_process(path))
    assert [row.building for row in read.rows if not row.fault] == ["1号", "2号", "3号", "5号"]


def test_a_last_byte_that_begins_no_character_does_not_mean_a_cut_file() -> None:
    assert decode("x.csv", TEXT.encode() + b"\xff")
    with pytest.raises(InvalidInput, match="incomplete"):
        decode("x.csv", (TEXT + "\n张").encode()[:-1])


@pytest.mark.parametrize("number", ["310101 19900101 1234", "138/0013/8000", "138*0013*8000", "138O0138OOO"])
def test_what_a_problem_says_of_a_number_is_masked(number: str) -> None:
    read = draft([["门牌号", "室号", "姓名", "电话"], ["1号", "101", "张三", number]], estate="福元小区")
    for problem in read.problems:
        assert number not in problem.message
        assert number not in masked_value(problem)


@pytest.mark.parametrize("gap", ["\ufffd", "\x00", "-", " "])
def test_a_number_with_a_gap_is_masked(gap: str) -> None:
    assert "00003" not in masked_cell("phone", f"138000{gap}00003")
