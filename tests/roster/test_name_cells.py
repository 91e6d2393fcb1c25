"""Cells of names with a word or a mark around a name: what is the name, and what is told."""

import pytest

from fuyuan_desk.roster.reading.name_cells import read_names

# a cell, the holder's name, what goes to the remarks, whether it is told
CELLS = [
    ("原：白展堂 现：佟湘玉", "佟湘玉", "原:白展堂 现:佟湘玉", True),
    ("旧：白展堂\n新：佟湘玉", "佟湘玉", "旧:白展堂\n新:佟湘玉", True),
    ("白展堂→佟湘玉", "佟湘玉", "白展堂→佟湘玉", True),
    ("白展堂变更为佟湘玉", "佟湘玉", "白展堂变更为佟湘玉", True),
    ("白展堂（现佟湘玉）", "佟湘玉", "白展堂(现佟湘玉)", True),
    ("沙宝亮改沙宝根", "沙宝根", "沙宝亮改沙宝根", True),
    ("白展堂（已卖给佟湘玉）", "白展堂", "已卖给佟湘玉", True),
    ("佟湘玉（原业主白展堂）", "佟湘玉", "原业主白展堂", False),
    ("户主白展堂，实际居住佟湘玉", "白展堂", "实际居住佟湘玉", True),
    ("原户主白展堂", "白展堂", "原户主", True),
    ("新业主佟湘玉", "佟湘玉", "新业主", False),
    ("户主：佟湘玉", "佟湘玉", "", False),
    ("（故）白展堂", "白展堂", "故", False),
    ("(户主已故)白展堂", "白展堂", "户主已故", False),
    ("已故顾永年", "顾永年", "已故", False),
    ("★周德兴", "周德兴", "★", False),
    ("※周德发", "周德发", "※", False),
    ("白展堂?", "白展堂", "?", True),
    ("白展堂 上海同福客栈有限公司", "白展堂", "上海同福客栈有限公司", True),
    ("上海七侠镖局有限公司 佟湘玉", "上海七侠镖局有限公司", "佟湘玉", True),
    # what is a name, or a masked one, stays whole
    ("周德旺*", "周德旺*", "", False),
    ("王现明", "王现明", "", False),
    ("陈原新", "陈原新", "", False),
    ("史密斯 John", "史密斯 John", "", False),
]


@pytest.mark.parametrize(("text", "name", "note", "is_told"), CELLS)
def test_the_holder_is_the_one_named_now(text: str, name: str, note: str, is_told: bool) -> None:
    cell = read_names(text)
    assert (cell.name, cell.note, bool(cell.doubt)) == (name, note, is_told)
    assert not cell.everybody


@pytest.mark.parametrize("text", ["(租)刘小姥", "【租】刘小姥", "租客：刘小姥", "租 刘小姥"])
def test_a_renter_is_none_of_the_owners(text: str) -> None:
    [one] = read_names(text).everybody
    assert (one.name, one.role) == ("刘小姥", "renter")


def test_numbered_names_are_several() -> None:
    assert [one.name for one in read_names("1.周德喜 2.王芳").everybody] == ["周德喜", "王芳"]
