"""Rules on names, ID documents and holders."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from fuyuan_desk.estates.rules import housing
from fuyuan_desk.estates.rules.housing import HeritageClass, HistoricArea, HouseKind, Tenure, UnitUse
from fuyuan_desk.formats import id_numbers
from fuyuan_desk.formats.id_numbers import IdKind
from fuyuan_desk.formats.names import is_company, mask_name, name_fault, normalize_name


@pytest.mark.parametrize(
    "enum", [HouseKind, Tenure, HeritageClass, HistoricArea, housing.HoldingRole, UnitUse]
)
def test_every_member_has_a_name_of_its_own(enum: type[HouseKind]) -> None:
    names = [housing.label(member) for member in enum]
    assert len(set(names)) == len(names)
    assert all(names)


@pytest.mark.parametrize(
    ("tenure", "owns"),
    [(Tenure.DIRECT_PUBLIC, False), (Tenure.UNIT_PUBLIC, False), (Tenure.PRIVATE, True), (None, True)],
)
def test_tenants_of_public_housing_do_not_own(tenure: Tenure | None, owns: bool) -> None:
    assert housing.holder_owns(tenure) is owns


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("欧阳　伟伟", "欧阳伟伟"),
        ("古丽•阿依木", "古丽·阿依木"),
        ("玛丽亚．陈", "玛丽亚·陈"),
        ("玛丽亚 ・ 陈", "玛丽亚·陈"),
        ("John   Smith", "John Smith"),
        ("ＪＯＨＮ", "JOHN"),
        ("上海（集团）有限公司", "上海（集团）有限公司"),
        ("李㛃", "李㛃"),
        ("\u200b周㐂 ", "周㐂"),
        ("𬭼 䶮", "𬭼䶮"),
    ],
)
def test_names_are_normalised(written: str, name: str) -> None:
    assert normalize_name(written) == name
    assert name_fault(name) == ""


@pytest.mark.parametrize("name", ["", "123", "张" * 51, "、"])
def test_invalid_names_are_reported(name: str) -> None:
    assert name_fault(name)


def test_fifty_characters_outside_the_first_plane_are_a_name() -> None:
    assert name_fault("𬭼" * 50) == ""
    assert name_fault("𬭼" * 51)


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("上海海棠文化传播有限公司", True),
        ("福元居委会", True),
        ("Fuyuan Trading Ltd.", True),
        ("张三", False),
        ("古丽·阿依木", False),
        ("欧阳伟伟", False),
    ],
)
def test_companies_are_distinguished_from_people(name: str, company: bool) -> None:
    assert is_company(name) is company


@pytest.mark.parametrize(
    ("written", "kind", "number", "doubted"),
    [
        ("310101195001050008", IdKind.RESIDENT, "310101195001050008", False),
        ("31010119410605000x", IdKind.RESIDENT, "31010119410605000X", False),
        ("３１０１０１１９５００１０５０００８", IdKind.RESIDENT, "310101195001050008", False),
        ("310101 19500105 0008", IdKind.RESIDENT, "310101195001050008", False),
        ("310101198801060000", IdKind.RESIDENT, "310101198801060000", True),
        ("310101195013050008", IdKind.RESIDENT, "310101195013050008", True),
        ("31010119500105000", IdKind.RESIDENT, "31010119500105000", True),
        ("310101500105000", IdKind.RESIDENT, "310101500105000", True),
        ("91310000MA1FL0000X", IdKind.USCC, "91310000MA1FL0000X", True),
        ("E12345678", IdKind.PASSPORT, "E12345678", False),
        ("H12345678", IdKind.HK_MACAU, "H12345678", False),
        ("士兵证第8号", IdKind.OTHER, "士兵证第8号", False),
    ],
)
def test_id_numbers_are_parsed_and_doubts_reported(
    written: str, kind: IdKind, number: str, doubted: bool
) -> None:
    paper = id_numbers.parse_id_number(written)
    assert (paper.kind, paper.number, bool(paper.doubt)) == (kind, number, doubted)


def test_a_credit_code_with_its_check_digit_is_sound() -> None:
    from stdnum.cn import uscc

    body = "91310101MA1FL0000"
    number = body + uscc.calc_check_digit(body)
    assert id_numbers.parse_id_number(number) == id_numbers.Paper(IdKind.USCC, number)


@given(
    st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    st.integers(110000, 659999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_every_single_wrong_digit_of_an_id_is_noticed(day: date, area: int, place: int, step: int) -> None:
    body = f"{area}{day:%Y%m%d}000"
    number = body + ric.calc_check_digit(body + "0")
    assert id_numbers.parse_id_number(number).doubt == ""
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    read = id_numbers.parse_id_number(wrong)
    # a number without a year of birth may be a sound credit code
    assert read.doubt or (read.kind == IdKind.USCC and wrong[6:8] not in ("19", "20"))


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("310101195001051234", "310101********1234"),
        ("E12345678", "E1*****78"),
        ("A12", "***"),
    ],
)
def test_id_numbers_are_masked(number: str, masked: str) -> None:
    assert id_numbers.mask_id(number) == masked


def test_people_are_masked_and_companies_are_not() -> None:
    assert mask_name("张三丰") == "张*"
    assert mask_name("上海海棠商贸有限公司", company=True) == "上海海棠商贸有限公司"
    assert mask_name("") == ""
