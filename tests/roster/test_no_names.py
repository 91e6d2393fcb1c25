"""Words in place of names make nobody, and end nobody a year later; what may be a name is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.core import paths
from fuyuan_desk.roster.reading.cells import WORDS
from fuyuan_desk.roster.reading.meanings import NO_NAMES, SOUND_NAMES, with_meanings
from fuyuan_desk.roster.reading.no_names import Said, said_by
from fuyuan_desk.roster.reading.people import surnames
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.roster.reading.shapes import readings_of
from fuyuan_desk.roster.reading.unsure import NAMES, unsure_readings
from fuyuan_desk.roster.service import imports
from fuyuan_desk.workbook.parser import Cell
from fuyuan_desk.workbook.reader import read_workbook
from tests.roster.rosters import draft
from tests.roster.yearly import ROWS, Office, counted

TEXTS = {
    Said.STATE: (
        "待售 法院查封 已抵押 动迁 装修中 拒登 死亡 房东 业主 户主 保密 法拍 不愿透露 群租房 房东在国外 已出租 "
        "出租中 自住 未售 封存 无业主 查无此人 网约房 二房东 挂牌出售 已过户 未交房 商铺 样板房 物业用房 民宿 "
        "居委活动室 联系不上 出国 同左 待查 不在家 司法拍卖 拆迁户 拒不开门 不肯说 "
        "新业主 保密户 长租 毛坯未装修 廉租房 危房 拒絕登記"
    ),
    Said.VACANT: "空关 空置 无人 空着 长期空置 已空置",
    Said.NAME: (
        "王芳 李秀英 欧阳明慧 诸葛亮 張國強 陳麗華 房玄龄 查良镛 司马迁 王开发 王继承 张建设 李户生 常青 单田芳 "
        "上官婉儿 陈方安生 新王华英 王某 王* 爱新觉罗启星 公孙胜 关之琳 福元物业管理有限公司 "
        "福元物业公司第二分部 上海福元公司（黄浦） Smith Müller 阿卜杜拉·买买提 王*芳 **芳 史密斯/John "
        "住户101甲 张三2 Owner-12 "
        "王芳A O'Brien 金哲秀 李𬭼"
    ),
    Said.UNSURE: (
        "刘璋已故 刘备(已故)继承人刘禅 王芳【出租】 李梦[亡] 房管所收回 王芳13800138000 张三、李四 "
        "开发商 公 施国强夫妇 王建国李秀英 陈平李红 阿依古丽 单位宿舍 保障房 外出打工 夫妻两人"
    ),
}


@pytest.mark.parametrize("said", TEXTS)
def test_what_stands_in_place_of_a_name(said: Said) -> None:
    texts = TEXTS[said].split()
    assert {text: said_by(text) for text in texts} == dict.fromkeys(texts, said)


def test_no_usual_surname_is_a_mark_of_other_words() -> None:
    words = paths.read_json(*WORDS)
    single, _double = surnames()
    assert single.isdisjoint(words["no_name_first"])
    assert single.isdisjoint(words["no_name_within"])


@pytest.mark.parametrize(
    "text",
    [
        "福元有限公司 王经理 13800138000",
        "福元有限公司，联系人李娜",
        "福元有限公司/李娜",
        "福元有限公司（租）",
        "福元有限公司法人李娜",
        "王芳 女 68",
    ],
)
def test_what_is_more_than_a_name_is_doubted(text: str) -> None:
    assert said_by(text) is Said.UNSURE


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"),
    st.text("国建华英明丽秀军伟芳文平玉红志海春生德桂", min_size=1, max_size=2),
)
def test_usual_names_are_never_doubted(surname: str, given_name: str) -> None:
    assert said_by(surname + given_name) is Said.NAME


def test_each_word_is_told_and_makes_nobody() -> None:
    rows = [
        ["1", str(101 + n), text] for n, text in enumerate(("未售", "（未售）", "法拍", "开发商", "王芳"))
    ]
    roster = draft([["楼号", "室号", "业主"], *rows], estate="福元小区")
    assert [row.name for row in roster.rows] == ["", "", "", "开发商", "王芳"]
    assert [row.remarks for row in roster.rows] == ["未售", "未售", "法拍", "", ""]
    assert [(one.row, one.column) for one in roster.problems] == [(2, "C"), (3, "C"), (4, "C"), (5, "C")]


def test_a_word_in_the_column_of_tenants_is_no_tenant() -> None:
    rows = [["1", "101", "王芳", "未出租"], ["1", "102", "李秀英", "张国强"]]
    roster = draft([["楼号", "室号", "业主", "租客"], *rows], estate="福元小区")
    assert [(row.name, row.remarks) for row in roster.rows] == [
        ("王芳", "租客：未出租"),
        ("李秀英", ""),
        ("张国强", ""),
    ]


@pytest.mark.parametrize(
    "word", ["空置", "长期空关", "已售", "法拍", "不愿透露", "", "开发商", "阿依古丽", "同上楼"]
)
def test_no_word_in_a_known_room_ends_its_holder(office: Office, word: str) -> None:
    report = office.take(office.file(f"福元小区,1号,101室,{word},,,50.5", *ROWS[1:]))
    assert office.present()["101室"] == "丁华"
    assert counted(report) == {"unchanged": 3}
    assert any("丁* of the store stays" in one.message for one in report.problems)


def test_a_list_of_empty_homes_tells_of_each(office: Office) -> None:
    words = ("空置", "未售", "出国", "毛坯")
    rows = [",".join((*row.split(",")[:3], word, "", "", "")) for row, word in zip(ROWS, words, strict=True)]
    report = office.take(office.file(*rows))
    assert counted(report) == {}
    assert sorted(one.row for one in report.problems if "of the store stays" in one.message) == [2, 3, 4, 5]


def test_names_that_may_be_none_are_confirmed_or_taken_for_remarks_together() -> None:
    rows: list[list[Cell]] = [
        ["1", "101", "阿依古丽", ""],
        ["1", "102", "开发商", "13900000001"],
        ["1", "103", "王芳", ""],
    ]
    roster = draft([["楼号", "室号", "业主", "电话"], *rows], estate="福元小区")
    [group] = [one for one in unsure_readings(roster, roster.problems) if one.field == "name"]
    assert (group.kind, group.count, group.row) == (NAMES, 2, 2)
    sound = with_meanings(roster, {"name": {"": SOUND_NAMES}})
    assert [(row.name, row.is_unsure) for row in sound.rows] == [(str(row[2]), False) for row in rows]
    none = with_meanings(roster, {"name": {"": NO_NAMES}})
    assert [(row.name, row.remarks, bool(row.fault)) for row in none.rows] == [
        ("", "阿依古丽", False),
        ("", "开发商", True),
        ("王芳", "", False),
    ]
    kept = readings_of(roster.tables, {}, {}, {"name": {"": SOUND_NAMES}}, {NAMES})
    assert [(one.words, one.confirmed) for one in kept] == [({}, frozenset())]


def test_a_clerk_who_says_that_it_is_a_name_lets_it_take_the_home(office: Office) -> None:
    path = office.file("福元小区,1号,101室,阿依古丽,,,50.5", *ROWS[1:])
    read = understand(read_workbook(path))
    sound = with_meanings(read, {"name": {"": SOUND_NAMES}})
    assert counted(imports.preview_roster(office.seat, sound)) == {"other-holder": 1, "unchanged": 3}
