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
    ("王芳（女，72岁）", "王芳", "女,72岁", False),
    ("王芳（已故，女儿王丽）", "王芳", "已故,女儿王丽", True),
    ("王芳，已故", "王芳", "已故", True),
    ("王芳 80岁", "王芳", "80岁", False),
    ("王芳、老伴", "王芳", "老伴", True),
    ("李建华/租客小王", "李建华", "租客小王", True),
    ("李建华/二房东老周", "李建华", "二房东老周", True),
    ("李建华/邻居王阿姨", "李建华", "邻居王阿姨", True),
    ("孙丽萍/儿子", "孙丽萍", "儿子", True),
    ("张三（李四、王五）", "张三", "李四、王五", True),
    ("(未核实)甘露", "甘露", "未核实", False),
    ("甘露—已搬", "甘露", "已搬", True),
    ("甘露>李四", "李四", "甘露>李四", True),
    ("甘露①", "甘露", "①", False),
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


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("王芳（租客：李四、赵五）", [("李四", "renter", ""), ("赵五", "renter", "")]),
        ("甘露(租)李四", [("李四", "renter", "")]),
        ("颜幸（共有人：颜何、颜路）", [("颜何", "", "co-owner"), ("颜路", "", "co-owner")]),
        ("李建华/租客王强", [("王强", "renter", "")]),
    ],
)
def test_who_the_others_are_is_as_the_word_says(text: str, others: list[tuple[str, str, str]]) -> None:
    _first, *found = read_names(text).everybody
    assert [(one.name, one.role, one.relation) for one in found] == others


def test_numbered_names_are_several() -> None:
    assert [one.name for one in read_names("1.周德喜 2.王芳").everybody] == ["周德喜", "王芳"]
