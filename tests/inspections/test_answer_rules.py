from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.rules.answers import (
    MARKED,
    AnswerForm,
    AnswerKind,
    Option,
    PhotoNeed,
    is_omitted,
    passes,
    plain_value,
    range_text,
    read_number,
)
from fuyuan_desk.inspections.rules.visits import (
    CheckItem,
    Checklist,
    Conclusion,
    Finding,
    Result,
    SubjectKind,
    VisitFault,
    derived,
    result_of,
    visit_faults,
)
from tests.inspections.test_visit_rules import NOW

PRESSURE = AnswerForm(AnswerKind.NUMBER, "MPa", Decimal("1.0"), Decimal("1.4"))
LAMP = AnswerForm(AnswerKind.CHOICE, options=(Option("亮", True), Option("闪", False), Option("不亮", False)))
NOTE = AnswerForm(AnswerKind.TEXT)
ITEM = checklist_for(SubjectKind.ESTATE).items[0]


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (PRESSURE, "1.2", True),
        (PRESSURE, "１．２", True),  # full-width, as a Chinese input method types it
        (PRESSURE, "1.0", True),
        (PRESSURE, "1.40", True),
        (PRESSURE, "1.41", False),
        (PRESSURE, "0.999999", False),
        (PRESSURE, "-3", False),
        (PRESSURE, "", None),
        (PRESSURE, "一点二", None),
        (PRESSURE, "1e3", None),
        (PRESSURE, "nan", None),
        (PRESSURE, "1.2.3", None),
        (replace(PRESSURE, low=None), "-273", True),
        (replace(PRESSURE, high=None), "999999999", True),
        (LAMP, "亮", True),
        (LAMP, " 不亮 ", False),
        (LAMP, "灭", None),
        (NOTE, "𬭼字号门牌", True),
        (NOTE, "  ", None),
        (NOTE, "长" * 201, True),  # refused for its length when it is saved
        (MARKED, "1", None),
    ],
)
def test_a_value_passes_fails_or_is_no_answer(form: AnswerForm, value: str, expected: bool | None) -> None:
    assert passes(form, value) is expected


@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3), st.integers(-(10**6), 10**6))
def test_a_number_passes_within_its_range(one: Decimal, other: Decimal, thousandths: int) -> None:
    low, high = sorted((one, other))
    text = f"{thousandths / 1000:.3f}"
    inside = int(low * 1000) <= thousandths <= int(high * 1000)  # counted in whole thousandths
    assert passes(AnswerForm(AnswerKind.NUMBER, "", low, high), text) is inside


def test_what_is_stored_is_what_was_read() -> None:
    assert plain_value(PRESSURE, " １．２０ ") == "1.20"
    assert plain_value(PRESSURE, "约1.2") == "约1.2"
    assert plain_value(NOTE, "甲\n乙\x00") == "甲 乙"
    assert read_number("-0") == 0
    assert f"{read_number('-0')}" == "0"
    assert [range_text(PRESSURE), range_text(replace(PRESSURE, low=None))] == ["1.0–1.4 MPa", "≤ 1.4 MPa"]
    assert [range_text(replace(PRESSURE, high=None)), range_text(NOTE)] == ["≥ 1.0 MPa", ""]
    assert all(map(is_omitted, ("-", "－", "无", "不适用", " / ")))
    assert not any(map(is_omitted, ("", "-1", "无水")))


def test_the_result_follows_from_the_value_whatever_was_marked() -> None:
    item = replace(ITEM, answer=PRESSURE)
    assert result_of(item, Result.PASS, "9") is Result.FAIL
    assert result_of(item, None, "1.1") is Result.PASS
    assert result_of(item, Result.NOT_APPLICABLE) is Result.NOT_APPLICABLE
    assert result_of(item, Result.PASS, "?") is None
    checklist = Checklist("k", "v1", SubjectKind.ESTATE, "表", "", (item,))
    [found] = derived(checklist, [Finding(item.key, Result.PASS, "", "９")])
    assert found == Finding(item.key, Result.FAIL, "", "9")
    [left_out] = derived(checklist, [Finding(item.key, Result.NOT_APPLICABLE, "", "9")])
    assert left_out.value == ""


@pytest.mark.parametrize(
    ("item", "finding", "photos", "expected"),
    [
        (replace(ITEM, answer=PRESSURE), None, 0, VisitFault.NO_VALUE),
        (ITEM, None, 0, VisitFault.UNANSWERED),
        (replace(ITEM, answer=LAMP), Finding(ITEM.key, Result.PASS, "", "灭"), 0, VisitFault.NO_VALUE),
        (
            replace(ITEM, answer=NOTE),
            Finding(ITEM.key, Result.PASS, "", "甲" * 201),
            0,
            VisitFault.LONG_VALUE,
        ),
        (replace(ITEM, mandatory=True), Finding(ITEM.key, Result.NOT_APPLICABLE), 0, VisitFault.OMITTED),
        (replace(ITEM, photo=PhotoNeed.ALWAYS), Finding(ITEM.key, Result.PASS), 0, VisitFault.NO_PHOTO),
        (replace(ITEM, photo=PhotoNeed.ALWAYS), Finding(ITEM.key, Result.PASS), 1, None),
        (replace(ITEM, photo=PhotoNeed.ON_FAILURE), Finding(ITEM.key, Result.PASS), 0, None),
        (
            replace(ITEM, photo=PhotoNeed.ON_FAILURE),
            Finding(ITEM.key, Result.FAIL, "坏"),
            0,
            VisitFault.NO_PHOTO,
        ),
    ],
)
def test_an_item_is_answered_as_it_asks(
    item: CheckItem, finding: Finding | None, photos: int, expected: VisitFault | None
) -> None:
    checklist = Checklist("k", "v1", SubjectKind.ESTATE, "表", "", (item,))
    findings = [finding] if finding is not None else []
    faults = visit_faults(checklist, findings, NOW, NOW, "某甲", Conclusion.ON_THE_SPOT, None, photos=photos)
    assert faults.get(f"item.{ITEM.key}") is expected
