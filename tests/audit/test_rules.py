"""What may be typed from a paper, and how months are counted back."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.audit import rules
from fuyuan_desk.core.errors import InvalidInput

LINK = "8c1f1046219ddd216a023f792356ddf127fce372a72ec9b4cdac989ee5b0b455"


@pytest.mark.parametrize(
    "number", ["152344", "152,344", "１５２，３４４", " 152 344 ", "第 152,344 条", "152344:"]
)
@pytest.mark.parametrize(
    "printed",
    [
        "8c1f1046219ddd21", "8C1F 1046 219D DD21", "8c1f-1046–219d—dd21", "８ｃ１ｆ１０４６２１９ｄｄｄ２１",
        "8c1f　1046\t219d\ndd21", "8clf lo46 2I9d dd2l",
    ],
)  # fmt: skip
def test_blanks_dashes_case_and_width_do_not_matter(number: str, printed: str) -> None:
    if number.endswith(":"):
        number, printed = number + printed, ""
    assert rules.read_anchor(number, printed) == (152344, LINK[:16])


@pytest.mark.parametrize("texts", [(f"152344:{LINK}", ""), ("", f"152344：{LINK.upper()}")])
def test_a_scanned_code_fills_both_fields_from_either(texts: tuple[str, str]) -> None:
    assert rules.read_anchor(*texts) == (152344, LINK)


@pytest.mark.parametrize(
    ("number", "printed", "fields"),
    [
        ("", LINK, {"number"}),
        ("0", LINK, {"number"}),
        ("12a", LINK, {"number"}),
        ("9" * 13, LINK, {"number"}),
        ("12", "", {"hash"}),
        ("12", LINK[:15], {"hash"}),
        ("12", LINK + "0", {"hash"}),
        ("12", LINK[:20] + "g", {"hash"}),
        ("-", "?", {"number", "hash"}),
    ],
)
def test_what_cannot_be_compared_is_refused_beside_its_field(
    number: str, printed: str, fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.read_anchor(number, printed)
    assert refused.value.fields.keys() == fields
    assert all(refused.value.fields.values())


@given(st.integers(1, 10**12 - 1), st.text("0123456789abcdef", min_size=16, max_size=64))
def test_the_text_of_the_code_is_read_back(number: int, link: str) -> None:
    assert rules.read_anchor(rules.anchor_text(number, link), "") == (number, link)
    assert rules.read_anchor(f"{number:,}", " ".join(rules.grouped(link))) == (number, link)


@given(st.text(), st.text())
def test_whatever_is_typed_is_read_or_refused(number: str, printed: str) -> None:
    try:
        found, link = rules.read_anchor(number, printed)
    except InvalidInput:
        return
    assert found > 0
    assert rules.LEAST_HASH <= len(link) <= rules.WHOLE_HASH


def test_months_are_counted_back_over_the_end_of_a_year() -> None:
    months = rules.months_before(date(2026, 2, 28), 3)
    assert months == (
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2025, 12, 1), date(2026, 1, 1)),
        (date(2025, 11, 1), date(2025, 12, 1)),
    )


@given(st.dates(date(1990, 1, 1)))
def test_twelve_months_are_the_year_before_this_month(day: date) -> None:
    months = rules.months_before(day, 12)
    first = day.replace(day=1)
    assert months[0][1] == first
    assert months[-1][0] == first.replace(year=first.year - 1)
    assert all(later[0] == earlier[1] for later, earlier in itertools.pairwise(months))
