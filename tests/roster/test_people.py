"""The people in single cells: several names, relations, roles, shares and documents, as clerks write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.documents import number_in, read_papers
from fuyuan_desk.roster.reading.kin import Kin, read_kin, read_standing
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.ownership import read_shares
from fuyuan_desk.roster.reading.people import is_name
from fuyuan_desk.workbook.parser import Cell

Everybody = list[tuple[str, str, str, str]]


def _all(*names: str | tuple[str, ...]) -> Everybody:
    """Return everybody as name, share, note, relation."""
    padded = [((name,) if isinstance(name, str) else name) + ("", "", "") for name in names]
    return [(name, share, note, relation) for name, share, note, relation, *_more in padded]


BOTH = _all("张三", "李四")
HALVES = _all(("张三", "1/2"), ("李四", "1/2"))


@pytest.mark.parametrize(
    ("cell", "note", "everybody"),
    [
        ("张三", "", []),
        ("张 三", "", []),
        ("张三 李四", "", BOTH),
        ("张三　李四", "", BOTH),
        ("张三、李四", "", BOTH),
        ("张三；李四", "", BOTH),
        ("张三，李四", "", BOTH),
        ("张三\n李四", "", BOTH),
        ("张三&李四", "", BOTH),
        ("张三和李四", "", BOTH),
        ("张三 与 李四", "", BOTH),
        ("张三-李四", "", BOTH),
        ("张三/李四/王五", "", _all("张三", "李四", "王五")),
        ("张三50% 李四50%", "", HALVES),
        ("张三（1/2）、李四（1/2）", "", HALVES),
        ("张三1/2/李四1/2", "", HALVES),
        ("张三：50%；李四：50%", "", HALVES),
        ("张三、李四各50%", "", HALVES),
        ("张三、李四各半", "", HALVES),
        ("50%张三、50%李四", "", HALVES),
        ("张三占60%、李四占40%", "", _all(("张三", "3/5"), ("李四", "2/5"))),
        ("张三2分之1、李四2分之1", "", HALVES),
        ("张三（50%）", "", _all(("张三", "1/2"))),
        ("张三（夫）、李四（妻）", "夫", _all(("张三", "", "夫"), ("李四", "", "妻"))),
        ("张三(夫) 李四(妻)", "夫", _all(("张三", "", "夫"), ("李四", "", "妻"))),
        ("张三、妻李四", "", _all("张三", ("李四", "", "", "spouse"))),
        ("张三、孙文斌", "", _all("张三", "孙文斌")),
        ("张三、孙：李文斌", "", _all("张三", ("李文斌", "", "", "grandchild"))),
        ("张三、母王芳", "", _all("张三", ("王芳", "", "", "parent"))),
        ("张三、女儿：张小三", "", _all("张三", ("张小三", "", "", "child"))),
        ("张三等3人", "等3人", []),
        ("张三、李四等3人", "", _all("张三", ("李四", "", "等3人"))),
        ("张三等", "等", []),
        ("张三等三人", "等三人", []),
        ("张三、李四共有", "", _all("张三", ("李四", "", "共有"))),
        ("李大有", "", []),
        ("张三 常住", "常住", []),
        ("张三（长子）", "长子", []),
        ("张三 13812345678", "13812345678", []),
        ("张三13812345678 李四13912345678", "13812345678",
         _all(("张三", "", "13812345678"), ("李四", "", "13912345678"))),
        ("阿不都·热合曼、张三", "", _all("阿不都·热合曼", "张三")),
        ("John Smith/Mary Smith", "", _all("John Smith", "Mary Smith")),
        ("John Smith, Mary Smith", "", _all("John Smith", "Mary Smith")),
        ("无", "", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_names_of_a_cell(cell: str, note: str, everybody: Everybody) -> None:
    read = read_names(cell)
    assert (read.note, [tuple(one)[:4] for one in read.everybody]) == (note, everybody)
    assert not any(one.role for one in read.everybody)
    assert not read.doubt


@pytest.mark.parametrize(
    ("cell", "everybody"),
    [
        ("张三 租客", [("张三", "", "renter")]),
        ("张三、租客", [("张三", "", "renter")]),
        ("张三（租户）", [("张三", "", "renter")]),
        ("张三（业主）/李四（租客）", [("张三", "", "owner"), ("李四", "", "renter")]),
        ("张三/租客李四", [("张三", "", ""), ("李四", "", "renter")]),
        ("张三、承租人：李四", [("张三", "", ""), ("李四", "", "tenant")]),
        ("张三、李四（租）", [("张三", "", ""), ("李四", "", "renter")]),
        ("张三（租：李四）", [("张三", "", ""), ("李四", "", "renter")]),
        ("房东张三、李四", [("张三", "", "owner"), ("李四", "", "")]),
        ("张三、其母李四芳", [("张三", "", ""), ("李四芳", "parent", "")]),
        ("张三（配偶李四）", [("张三", "", ""), ("李四", "spouse", "")]),
        ("张三（共有人：李四）", [("张三", "", ""), ("李四", "co-owner", "")]),
    ],
)
def test_words_beside_names_say_what_somebody_is(cell: str, everybody: list[tuple[str, str, str]]) -> None:
    read = read_names(cell)

    assert (read.name, read.note) == (everybody[0][0], "")
    assert [(one.name, one.relation, one.role) for one in read.everybody] == everybody


def test_a_word_that_may_mean_either_is_told() -> None:
    assert read_names("张三（租）")[:2] == ("张三", "租")
    assert read_names("张三（租）").doubt


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("欧阳 娜娜", "欧阳娜娜"),
        ("欧阳 文静", "欧阳文静"),
        ("慕容 雪", "慕容雪"),
        ("王 小 明", "王小明"),
        ("John Smith", "John Smith"),
        ("Smith, John", "Smith, John"),
        ("阿不都·热合曼", "阿不都·热合曼"),
        ("上海张三、李四律师事务所", "上海张三、李四律师事务所"),
        ("上海 示例 商贸 有限公司", "上海示例商贸有限公司"),
        ("ABC Trading Co., Ltd.", "ABC Trading Co., Ltd."),
    ],
)
def test_one_name_stays_one(cell: str, name: str) -> None:
    read = read_names(cell)
    assert (read.name, read.everybody, read.doubt) == (name, (), "")


@pytest.mark.parametrize(
    "cell", ["张三/Zhang San", "张三、李", "张三、李四律师事务所", "阿力木 买买提 热合曼"]
)
def test_what_may_be_several_is_kept_whole_and_told(cell: str) -> None:
    read = read_names(cell)
    assert "".join(read.name.split()) == "".join(cell.split())
    assert read.doubt


def test_two_companies_are_two_owners() -> None:
    read = read_names("上海甲乙商贸有限公司、上海丙丁有限公司")
    assert [one.name for one in read.everybody] == ["上海甲乙商贸有限公司", "上海丙丁有限公司"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("张三", True),
        ("欧阳娜娜", True),
        ("司徒雷登", True),
        ("欧阳", False),
        ("娜娜", False),
        ("常住", False),
        ("张", False),
        ("张三李四王", False),
    ],
)
def test_a_name_has_a_surname_and_is_no_word(text: str, is_one: bool) -> None:
    assert is_name(text) == is_one


# an independent list of whole names, and of what may stand between them
NAMES = ["张三", "李小四", "王五", "赵大勇", "欧阳娜娜", "司徒明", "孙立", "钱多多"]
BETWEEN = ["、", "/", "；", "，", "\n", " / ", "、 ", "  "]


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True), st.sampled_from(BETWEEN))
def test_names_come_back_in_their_order(names: list[str], between: str) -> None:
    assert [one.name for one in read_names(between.join(names)).everybody] == names


FORMS = ["{name}（{part}/9）", "{name}{part}/9", "{name} {part}/9", "{name}：{part}/9", "{name}占{part}/9"]
REDUCED = {3: "1/3", 6: "2/3", 9: "1"}


@given(
    st.dictionaries(st.sampled_from([*NAMES, "李大有"]), st.integers(1, 9), min_size=2, max_size=4),
    st.sampled_from(FORMS),
    st.sampled_from(["、", "；", "，", " "]),
)
def test_shares_stay_with_their_names(owners: dict[str, int], form: str, between: str) -> None:
    cell = between.join(form.format(name=name, part=part) for name, part in owners.items())
    expected = [(name, REDUCED.get(part, f"{part}/9")) for name, part in owners.items()]
    assert [(one.name, one.share) for one in read_names(cell).everybody] == expected


@given(st.text(alphabet="张三李四 、/;，（）()1250%和等妻\nabc公司·", max_size=25))
def test_no_character_of_a_cell_of_names_vanishes(cell: str) -> None:
    read = read_names(cell)
    kept = read.name + read.note + "".join("".join(one) for one in read.everybody)
    letters = re.sub(r"[\W\d_]|[各占半和等妻]", "", cell)
    assert not set(letters) - set(kept + "无")


# --- relations and roles


@pytest.mark.parametrize(
    ("cell", "kin"),
    [
        ("", Kin()),
        ("无", Kin()),
        ("户主", Kin(is_given=True)),
        ("本人", Kin(is_given=True)),
        ("产权人", Kin(role=HoldingRole.OWNER, is_given=True)),
        ("租客", Kin(role=HoldingRole.RENTER, is_given=True)),
        ("配偶", Kin("spouse", False, is_given=True)),
        ("妻", Kin("spouse", False, is_given=True)),
        ("长子", Kin("child", False, is_given=True)),
        ("户主之女", Kin("child", False, is_given=True)),
        ("系户主女儿", Kin("child", False, is_given=True)),
        ("子1", Kin("child", False, is_given=True)),
        ("儿子（大）", Kin("child", False, is_given=True)),
        ("外孙女", Kin("grandchild", False, is_given=True)),
        ("儿媳", Kin("child-in-law", False, is_given=True)),
        ("岳母", Kin("parent-in-law", False, is_given=True)),
        ("保姆", Kin("carer", False, is_given=True)),
        ("Wife", Kin("spouse", False, is_given=True)),
        ("妻/共有人", Kin("spouse", False, None, "妻/共有人", True)),
        ("网友", Kin("", False, None, "网友", True)),
    ],
)
def test_relations(cell: str, kin: Kin) -> None:
    assert read_kin(cell) == kin


@pytest.mark.parametrize(
    ("cell", "role", "relation", "words"),
    [
        ("业主", "owner", "", ""),
        ("业主/自住", "owner", "", ""),
        ("户主本人", "owner", "", ""),
        ("公房承租户", "tenant", "", ""),
        ("租客", "renter", "", ""),
        ("借住", "occupant", "", ""),
        ("家属", None, "relative", ""),
        ("业主家属", None, "relative", ""),
        ("产权人配偶", None, "spouse", ""),
        ("租客(2023年起)", "renter", "", "租客(2023年起)"),
        ("来沪", None, "", "来沪"),
        ("其他", None, "", "其他"),
        ("", None, "", ""),
    ],
)
def test_roles(cell: str, role: str | None, relation: str, words: str) -> None:
    read = read_standing(cell)
    assert (read.role, read.relation, read.words, read.is_company, read.doubt) == (
        role, relation, words, False, "",
    )  # fmt: skip


def test_a_company_and_roles_that_contradict() -> None:
    assert read_standing("公司").is_company
    assert not read_standing("单位租房").is_company
    let = read_standing("业主（出租）")
    assert (let.role, let.words, bool(let.doubt)) == (HoldingRole.OWNER, "业主(出租)", True)


# --- shares


@pytest.mark.parametrize(
    ("cell", "shares", "names", "words"),
    [
        ("1/2", ("1/2",), (), ""),
        ("50%", ("1/2",), (), ""),
        (0.5, ("1/2",), (), ""),
        (0.333333333333, ("1/3",), (), ""),
        ("0.25", ("1/4",), (), ""),
        (1.0, ("1",), (), ""),
        ("单独所有", ("1",), (), ""),
        ("50%/50%", ("1/2", "1/2"), ("", ""), ""),
        ("1/3、2/3", ("1/3", "2/3"), ("", ""), ""),
        ("张三1/3，李四2/3", ("1/3", "2/3"), ("张三", "李四"), ""),
        ("各50%", ("1/2",), ("各",), ""),
        ("共同共有", (), (), "共同共有"),
        ("按份共有", (), (), "按份共有"),
        ("按份共有 50%/50%", ("1/2", "1/2"), ("", ""), "按份共有"),
        ("无", (), (), ""),
        ("", (), (), ""),
    ],
)
def test_shares(cell: Cell, shares: tuple[str, ...], names: tuple[str, ...], words: str) -> None:
    read = read_shares(cell)
    assert (read.shares, read.names, read.words, read.doubt) == (shares, names, words, "")


@pytest.mark.parametrize("cell", ["看附件", "3/2", 50.0, "0", "一半", "1/2 见备注"])
def test_what_is_no_share_is_kept_and_told(cell: Cell) -> None:
    read = read_shares(cell)
    assert (read.shares, bool(read.words), bool(read.doubt)) == ((), True, True)


def test_a_title_may_say_that_numbers_are_per_cent() -> None:
    assert read_shares(50.0, is_percent=True).shares == ("1/2",)
    assert read_shares(33.33, is_percent=True).shares == ("3333/10000",)


# --- documents

ZHANG, LI = "31010119800101000X", "310101199001010004"


@pytest.mark.parametrize(
    ("cell", "numbers", "words"),
    [
        (ZHANG, (ZHANG,), ""),
        (ZHANG.lower(), (ZHANG,), ""),
        ("310101 19800101 000X", (ZHANG,), ""),
        (f"{ZHANG}、{LI}", (ZHANG, LI), ""),
        (f"{ZHANG}\n{LI}", (ZHANG, LI), ""),
        (f"{ZHANG} {LI}", (ZHANG, LI), ""),
        (f"{ZHANG}{LI}", (ZHANG, LI), ""),
        (f"张三{ZHANG}；李四{LI}", (ZHANG, LI), "张三、李四"),
        (f"身份证：{ZHANG}", (ZHANG,), ""),
        (f"{ZHANG}（夫）{LI}（妻）", (ZHANG, LI), "夫、妻"),
        ("护照 E12345678", ("E12345678",), ""),
        ("999999999999999999", (), ""),
        ("123456789012345678", (), ""),
        ("无", (), ""),
        ("/", (), ""),
    ],
)
def test_documents(cell: str, numbers: tuple[str, ...], words: str) -> None:
    read = read_papers(cell)
    assert (tuple(paper.number for paper in read.papers), read.words) == (numbers, words)
    assert not read.doubts


@pytest.mark.parametrize(
    ("cell", "numbers", "words"),
    [
        ("C01X00T47", ("C01X00T47",), ""),
        ("3101011980010100", ("3101011980010100",), ""),
        (f"{ZHANG}、{LI[:-1]}5", (ZHANG, LI[:-1] + "5"), ""),
        ("未提供", (), "未提供"),
        ("A1" * 30, (), "A1" * 30),
    ],
)
def test_doubtful_documents_are_kept_whole_and_told(cell: str, numbers: tuple[str, ...], words: str) -> None:
    read = read_papers(cell)
    assert (tuple(paper.number for paper in read.papers), read.words) == (numbers, words)
    assert len(read.doubts) == 1


@pytest.mark.parametrize("cell", [310101198001010000.0, "3.10101E+17", "310101198001010000.0"])
def test_a_number_that_lost_digits_is_left_out_and_told(cell: Cell) -> None:
    read = read_papers(cell)
    assert (read.papers, len(read.lost)) == ((), 1)


def test_a_note_may_be_a_document() -> None:
    paper = number_in(ZHANG)
    assert paper is not None
    assert paper.number == ZHANG
    assert [number_in(note) for note in ("长子", "13812345678", f"张三{ZHANG}")] == [None, None, None]
