import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.equipment import NOTHING_KNOWN, Equipment, Presence
from fuyuan_desk.standards import rules
from fuyuan_desk.standards.catalogue import ladder, ladders
from fuyuan_desk.standards.rules import (
    Assignment,
    AssignmentFault,
    Direction,
    Duty,
    Frequency,
    Tier,
    TimeLimit,
)

LADDER = ladder()
TODAY = date(2026, 3, 2)

# the ladder as supplied by the office, one item per line
TABLE = """
管理巡查 | ≥1/日 | 1/日 | 1/日 | 2/日
治安巡逻 | 1/1 | 2/3 | 4/6 | 6/8
门岗 | 可不设 | 主出入口专职 | 主口24h | 所有口24h+门禁
楼内清扫 | 隔日1 | 1/日 门厅2 | 1/日 门厅2 | 1/日 门厅2
拖洗 | — | 2/周 | 隔日1 | ≥1/日
扶手窗台 | 1/周 | 2/周 | 2/周 | 隔日1
道路清扫 | 1/日 | 1/日 | 1/日 | 2/日
垃圾清运 | 1/日 | 1/日 | 1/日 | 2/日
顶灯除尘 | 半年1 | 半年1 | 季1 | 月1
公共玻璃 | 3/年 | 2月1 | 月1 | 月1
消杀 | 季1 | 季1 | 季1 | 月1
草坪修剪 | 1 | 2 | 3 | 5
报修与投诉 | 2h/3日/7日 | 2h/3日/5日 | 1h/2日/3日 | 30min/1日/2日
"""


def test_the_ladder_is_the_table_of_the_office() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    assert [duty.name for duty in LADDER.duties[Tier.PROTECTIVE]] == [row[0] for row in rows]
    items = read_json("standards", "ladder.json")["ladders"][-1]["items"]
    assert [item["cells"] for item in items] == [row[1:] for row in rows]
    assert LADDER.reference
    assert "参考值" in LADDER.note


ALL = [duty for duties in (*LADDER.duties.values(), LADDER.untiered) for duty in duties]
WORDS = {1: "(once|every other day|at least every|a |1)", 2: "(twice|2)"}


@pytest.mark.parametrize("duty", ALL, ids=lambda duty: f"{duty.item}-{duty.rank}")
def test_duties_are_sentences_with_the_numbers_of_their_cells(duty: Duty) -> None:
    assert not re.search(r"[/≥+—]|\d(h|min|日|年|月|周)\b", duty.name + duty.text), "a code, not a sentence"
    assert not re.search(r"[/≥+—]|[一-鿿]", duty.name_en + duty.text_en)
    assert not duty.text_en[0].islower()
    for frequency in duty.frequencies:
        if frequency.times > 1 or frequency.every == 1:
            assert f"{frequency.times} 次" in duty.text
        assert re.search(WORDS.get(frequency.times, str(frequency.times)), duty.text_en.lower())
        assert frequency.at_least == ("至少" in duty.text) == ("at least" in duty.text_en.lower())
    for limit in duty.limits:
        amount = limit.minutes if limit.minutes < 60 else limit.minutes // 60
        amount = amount if limit.minutes < 24 * 60 else limit.minutes // (24 * 60)
        assert re.search(rf"{limit.what}\D*{amount} ", duty.text)
        assert f"{amount} " in duty.text_en


def test_only_what_an_estate_can_have_is_owed() -> None:
    known = {Equipment.LIFT: Presence.NONE, Equipment.GARAGE: Presence.NONE, Equipment.TANK: Presence.HAS}
    equipment = {**NOTHING_KNOWN, **known}
    owed = {duty.item: duty.if_there for duty in rules.owed(LADDER.untiered, equipment)}
    assert owed == {"tank": False, "fire_pump": True}
    assert rules.not_there(LADDER.untiered, equipment) == (Equipment.LIFT, Equipment.GARAGE)
    of_tier = rules.owed(LADDER.duties[Tier.SETTLED], equipment)
    assert [duty.item for duty in of_tier if duty.if_there] == ["lawn"]
    assert len(of_tier) == len(LADDER.duties[Tier.SETTLED])


def test_tiers_are_ordered_and_named() -> None:
    assert [tier.rank for tier in Tier] == [0, 1, 2, 3]
    assert len({rules.label(tier) for tier in Tier}) == 4


@pytest.mark.parametrize(
    ("cell", "frequencies"),
    [
        ("—", []),
        ("≥1/日", [Frequency(1, 1, "day", at_least=True)]),
        ("2/周", [Frequency(2, 1, "week")]),
        ("隔日1", [Frequency(1, 2, "day")]),
        ("半年1", [Frequency(1, 6, "month")]),
        ("季1", [Frequency(1, 3, "month")]),
        ("2月1", [Frequency(1, 2, "month")]),
        ("月1", [Frequency(1, 1, "month")]),
        ("3/年", [Frequency(3, 1, "year")]),
        ("≥15日1", [Frequency(1, 15, "day", at_least=True)]),
        ("1/日 门厅2", [Frequency(1, 1, "day"), Frequency(2, 1, "day", where="门厅")]),
    ],
)
def test_cells_are_parsed(cell: str, frequencies: list[Frequency]) -> None:
    assert list(rules.read_frequencies(cell)) == frequencies


@pytest.mark.parametrize("cell", ["常", "门厅2", "1/时", "两次"])
def test_a_cell_that_cannot_be_counted_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        rules.read_frequencies(cell)


def test_limits_and_patrols_are_parsed() -> None:
    assert rules.read_day_night("4/6") == (
        Frequency(4, 1, "day", where="昼"),
        Frequency(6, 1, "day", where="夜"),
    )
    assert rules.read_limits(("急修", "一般", "投诉"), "30min/1日/2日") == (
        TimeLimit("急修", 30),
        TimeLimit("一般", 1440),
        TimeLimit("投诉", 2880),
    )
    with pytest.raises(ValueError, match="cannot read"):
        rules.read_limits("急修", "soon")


def test_frequencies_compare_by_the_year() -> None:
    assert Frequency(3, 1, "year").per_year < Frequency(1, 2, "month").per_year
    assert Frequency(2, 1, "week").per_year < Frequency(1, 2, "day").per_year
    assert Frequency(1, 6, "month").per_year == Fraction(2)


def test_nothing_falls_from_tier_to_tier() -> None:
    steps = list(Tier)
    for lower, upper in itertools.pairwise(steps):
        changes = rules.compare(LADDER.duties[lower], LADDER.duties[upper])
        directions = {change.direction for change in changes}
        assert directions == {Direction.SAME, Direction.RISES}, (lower, directions)
        back = rules.compare(LADDER.duties[upper], LADDER.duties[lower])
        assert [-change.direction for change in back] == [change.direction for change in changes]


def test_what_rises_from_the_second_to_the_third_tier() -> None:
    changes = rules.compare(LADDER.duties[Tier.CORRECTIVE], LADDER.duties[Tier.SETTLED])
    rising = {change.after.item for change in changes if change.direction is Direction.RISES}
    assert rising == {"security_patrol", "gate", "mop", "ceiling_lamps", "glass", "lawn", "response"}


def test_a_mixed_change_is_neither_rise_nor_fall() -> None:
    response = next(duty for duty in LADDER.duties[Tier.SETTLED] if duty.item == "response")
    mixed = replace(
        response, text="2h/1日/3日", limits=rules.read_limits(("急修", "一般", "投诉"), "2h/1日/3日")
    )
    assert rules.compare([response], [mixed])[0].direction is Direction.OTHER


def test_pest_control_is_denser_in_summer() -> None:
    pests = next(duty for duty in LADDER.duties[Tier.SETTLED] if duty.item == "pests")
    assert [month for month in range(1, 13) if rules.in_season(pests, date(2026, month, 1))] == [6, 7, 8]
    assert not any(rules.in_season(d, date(2026, 7, 1)) for d in LADDER.duties[Tier.SETTLED] if d != pests)


def test_lift_and_tank_are_bound_by_law_in_every_tier() -> None:
    lift, tank, *_others = LADDER.untiered
    assert (lift.frequencies[0].every, lift.frequencies[0].unit) == (15, "day")
    assert tank.frequencies[0].per_year == 2
    assert lift.clauses
    assert tank.clauses


def test_versions_are_kept() -> None:
    assert ladder(LADDER.version) is LADDER
    assert ladder("gone") is ladders()[-1]


# --- assignments -----------------------------------------------------------------------------------------


def assigned_on(days: int, tier: Tier = Tier.CORRECTIVE, **more: str) -> Assignment:
    fields = {"reason": "达标", "document_no": "瑞街〔2026〕3号", **more}
    return Assignment(tier, TODAY + timedelta(days=days), ladder_version="1", **fields)


HISTORY = [assigned_on(-400, Tier.PROTECTIVE), assigned_on(-30, Tier.SETTLED)]


@pytest.mark.parametrize(
    ("new", "faults"),
    [
        (assigned_on(0, Tier.LIVABLE), {}),
        (assigned_on(-100, Tier.CORRECTIVE), {}),
        (assigned_on(-30, Tier.LIVABLE), {"effective_on": AssignmentFault.SAME_DAY}),
        (assigned_on(0, Tier.SETTLED), {"tier": AssignmentFault.SAME_TIER}),
        (assigned_on(-100, Tier.PROTECTIVE), {"tier": AssignmentFault.SAME_TIER}),
        (assigned_on(-100, Tier.SETTLED), {"tier": AssignmentFault.SAME_AS_NEXT}),
        (assigned_on(-500, Tier.PROTECTIVE), {"tier": AssignmentFault.SAME_AS_NEXT}),
        (assigned_on(366, Tier.LIVABLE), {}),
        (assigned_on(367, Tier.LIVABLE), {"effective_on": AssignmentFault.TOO_FAR}),
        (assigned_on(-30_000, Tier.LIVABLE), {"effective_on": AssignmentFault.TOO_FAR}),
        (assigned_on(0, Tier.LIVABLE, reason=" "), {"reason": AssignmentFault.NO_REASON}),
        (assigned_on(0, Tier.LIVABLE, document_no=""), {"document_no": AssignmentFault.NO_DOCUMENT}),
    ],
)
def test_an_assignment_changes_the_tier_with_a_reason(
    new: Assignment, faults: dict[str, AssignmentFault]
) -> None:
    assert rules.assignment_faults(HISTORY, new, TODAY) == faults


@given(st.lists(st.tuples(st.integers(-900, 300), st.sampled_from(list(Tier))), max_size=8))
def test_accepted_assignments_always_make_a_real_history(steps: list[tuple[int, Tier]]) -> None:
    history: list[Assignment] = []
    for days, tier in steps:
        new = assigned_on(days, tier)
        if not rules.assignment_faults(history, new, TODAY):
            history.append(new)
    ordered = rules.in_order(history)
    for before, after in itertools.pairwise(ordered):
        assert before.effective_on < after.effective_on
        assert before.tier is not after.tier
    for assignment in ordered:
        assert rules.current(history, assignment.effective_on) is assignment
    if ordered:
        assert rules.current(history, ordered[0].effective_on - timedelta(days=1)) is None
