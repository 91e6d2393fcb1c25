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
    ("周德旺*", "周德旺", "*", False),
    ("王芳†", "王芳", "†", False),
    ("林徽【出租】", "林徽", "出租", False),
    ("李梦[亡]", "李梦", "亡", False),
    ("【王大福】", "王大福", "", False),
    ("王英(孤老", "王英", "孤老", False),
    ("霍光明\n（已故）", "霍光明", "已故", False),
    ("刘备(已故) 继承人刘禅", "刘备", "(已故) 继承人刘禅", True),
    ("温庭（已售）新业主：褚新", "褚新", "温庭(已售)新业主:褚新", True),
    ("刘飞(已搬)现王小三", "王小三", "刘飞(已搬)现王小三", True),
    ("刘备（原）关羽（现）", "关羽", "刘备(原)关羽(现)", True),
    ("刘飞（女）72岁", "刘飞", "(女)72岁", True),
    ("刘山（加拿大）其弟代管", "刘山", "(加拿大)其弟代管", True),
    ("刘璋已故", "刘璋", "已故", True),
    ("李绅出租", "李绅", "出租", True),
    ("福元有限公司 王经理 13800138000", "福元有限公司", "王经理 13800138000", True),
    ("福元有限公司，联系人李娜", "福元有限公司", "联系人李娜", True),
    ("福元有限公司黄浦分公司", "福元有限公司黄浦分公司", "", False),
    # what is a name, or a masked one, stays whole
    ("周德*", "周德*", "", False),
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


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("房东：李鸿章 租户：王五洲", [("李鸿章", "", "owner"), ("王五洲", "", "renter")]),
        ("刘飞(户主)租客王小二", [("刘飞", "", ""), ("王小二", "", "renter")]),
        ("刘岱（去世）其子刘晔", [("刘岱", "", ""), ("刘晔", "child", "")]),
        ("刘岱 妻子：甘露", [("刘岱", "", ""), ("甘露", "spouse", "")]),
        ("王昌龄 13800138000 李太白 13900139000", [("王昌龄", "", ""), ("李太白", "", "")]),
    ],
)
def test_two_people_are_told_apart_by_the_word_between_them(
    text: str, people: list[tuple[str, str, str]]
) -> None:
    assert [(one.name, one.relation, one.role) for one in read_names(text).everybody] == people
