"""Names of organisations: which are one, which may be, which are not; and what a form may say."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from fuyuan_desk.organisations import rules
from fuyuan_desk.organisations.catalogue import name_words
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.rules import Named, core_of, key_of, suspected

TODAY = date(2026, 11, 28)
WORDS = name_words()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海新城物业有限公司", " 上海新城物业 有限公司\u200b"),
        ("新城物业（上海）有限公司", "新城物业(上海)有限公司"),
        ("新城物业【上海】有限公司", "新城物业〔上海〕有限公司"),
        ("ＡＢＣ物业", "abc物业"),
        ("新城\u3000物业", "新城物业"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海新城物业有限公司", "新城物业管理有限公司"),
        ("上海新城物业有限公司", "新城物业有限公司徐汇分公司"),
    ],
)
def test_names_that_merely_resemble_have_their_own_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


# each line: spellings of one organisation as they stand in rosters, contracts and on stamps
ALIKE = [
    [
        "上海新城物业有限公司",
        "新城物业管理有限公司黄浦分公司",
        "新城物业",
        "新城物业服务有限公司",
        "新城物业（上海）有限公司",
    ],
    [
        "上海福元物业管理有限公司",
        "福元物业",
        "上海市黄浦区福元物业管理有限公司",
        "福元物业服务有限公司（示例）",
    ],
    ["上海华筑装饰工程有限公司", "华筑装饰有限公司", "上海华筑装潢工程有限公司", "华筑装修"],
    [
        "福元居民委员会",
        "福元居委会",
        "瑞金二路街道福元居民委员会",
        "福元社区居委会",
        "黄浦区瑞金二路街道福元居民区居委会",
    ],
    ["思南公馆业主委员会", "思南公馆业委会"],
    ["上海永新电梯有限公司", "永新电梯有限公司浦东分公司", "永新电梯集团有限公司"],
    ["南昌路168弄自治家园执行委员会", "南昌路168弄自治家园执委会"],
    ["瑞金二路街道办事处", "黄浦区瑞金二路街道办事处"],
]
DIFFERENT = [
    ("上海新城物业有限公司", "上海新华物业有限公司"),
    ("福元居民委员会", "富南居民委员会"),
    ("瑞金二路街道办事处", "淮海中路街道办事处"),
    ("瑞金二路街道办事处", "瑞金二路街道综合行政执法队"),
    ("福元小区业主委员会", "福元居民委员会"),
    ("上海物业管理有限公司", "上海工程管理有限公司"),
    ("永新电梯有限公司", "永新物业有限公司"),
    ("黄浦区福元居民委员会", "上海市静安区福元居民委员会"),
    ("新城物业有限公司黄浦分公司", "上海新城物业有限公司徐汇分公司"),
    ("新城物业有限公司第一分公司", "新城物业有限公司第二分公司"),
    ("思南公馆（一期）业委会", "思南公馆(二期)业主委员会"),
]


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: names[0])
def test_variants_of_one_organisation_are_suspected(names: list[str]) -> None:
    assert {core_of(name, WORDS) for name in names} == {core_of(names[0], WORDS)}
    known = [Named(number, name) for number, name in enumerate(names, 1)]
    assert suspected(known, (), WORDS) == list(combinations(range(1, len(names) + 1), 2))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_organisations_are_not_suspected(one: str, other: str) -> None:
    assert suspected([Named(1, one), Named(2, other)], (), WORDS) == []


def test_no_line_of_the_table_is_taken_for_another() -> None:
    known = [Named(number, names[0]) for number, names in enumerate(ALIKE, 1)]
    assert suspected(known, (), WORDS) == []


def test_the_same_credit_code_is_suspected_whatever_the_name() -> None:
    code = "91310101MA1FP0001L"
    known = [Named(2, "甲物业", code), Named(1, "乙保洁", code), Named(3, "丙", "")]
    assert suspected(known, (), WORDS) == [(1, 2)]


def test_two_valid_credit_codes_are_two_organisations() -> None:
    first, second = (
        body + uscc.calc_check_digit(body) for body in ("91310101MA1FP0001", "91310101MA1FP0002")
    )
    mistyped = second[:-1] + ("0" if second[-1] != "0" else "1")
    known = [Named(1, "新城物业", first), Named(2, "新城物业有限公司", second)]
    assert suspected(known, (), WORDS) == []
    assert suspected([known[0], Named(2, "新城物业有限公司", mistyped)], (), WORDS) == [(1, 2)]


def test_what_was_told_apart_is_not_suspected_again() -> None:
    known = [Named(number, name) for number, name in enumerate(ALIKE[0][:3], 1)]
    assert suspected(known, {(1, 2)}, WORDS) == [(1, 3), (2, 3)]


@given(st.text(max_size=30))
def test_any_text_has_a_core_that_is_its_own(name: str) -> None:
    core = core_of(name, WORDS)
    assert bool(core) == bool(key_of(name))
    assert key_of(core) == core


# --- a form


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def test_a_code_of_another_shape_is_refused_and_a_wrong_check_digit_is_a_doubt() -> None:
    body = "91310101MA1FP0001"
    good = body + uscc.calc_check_digit(body)
    wrong = body + ("0" if good[-1] != "0" else "1")
    wrongs = {good[:-1]: "has 17", f"{good}1": "has 19", f"9131O{good[5:]}": "no O", "甲" * 18: "digits"}
    for typed, words in wrongs.items():
        faults = rules.organisation_faults(OrganisationFields("甲", credit_code=typed), TODAY)
        assert words in faults["credit_code"]
    invisible = f"{good[:5]}\u200b{good[5:]}"
    for typed in (good.lower(), f"{good[:8]}-{good[8:]}", " ".join(good), invisible, wide(good)):
        assert rules.organisation_faults(OrganisationFields("甲", credit_code=typed), TODAY) == {}
    assert rules.organisation_faults(OrganisationFields("甲", credit_code=wrong), TODAY) == {}
    assert (
        "check digit" in rules.organisation_doubts(OrganisationFields("甲", credit_code=wrong))["credit_code"]
    )
    assert rules.organisation_doubts(OrganisationFields("甲", credit_code=good)) == {}
    assert rules.organisation_doubts(OrganisationFields("甲")) == {}


def test_bad_telephones_and_days_are_refused_beside_their_fields() -> None:
    fields = OrganisationFields("甲", phone="12", ended_on=date(2026, 11, 29))
    assert set(rules.organisation_faults(fields, TODAY)) == {"phone", "ended_on"}
    assert rules.organisation_faults(OrganisationFields("甲", ended_on=TODAY), TODAY) == {}
    assert set(rules.contact_faults(ContactFields(1, "何斌", phone="12"))) == {"phone"}
    assert rules.contact_faults(ContactFields(1, "何斌", phone="13812345678")) == {}


# --- merging


def test_what_differs_must_be_chosen() -> None:
    first = OrganisationFields("甲物业", "property", "", "021-60000000")
    second = OrganisationFields("甲物业公司", "property", "91310101MA1FP0001L", "021-60000000", remarks="x")
    assert rules.differing(first, second) == ["name", "credit_code"]


@given(st.text(max_size=8), st.text(min_size=1, max_size=8))
def test_joined_remarks_are_taken_apart_again(first: str, second: str) -> None:
    joined = rules.joined_remarks(first, second)
    assert second in joined
    assert first in joined
    if not first.endswith("\n"):
        assert rules.without_joined(joined, second) == first
    assert rules.without_joined(joined + "!", second + "?") == joined + "!"
