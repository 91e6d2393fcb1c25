"""Which spellings are one room, and which times have a day in common, against an oracle of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.estates.rules.people import Period
from fuyuan_desk.estates.rules.same import alike, building_key, overlap, room_key

ONE_ROOM = ["101室", "101", "0101", "１０１室", " 101 室", "101房", "101号", "101户"]
OTHER_ROOMS = ["1010室", "101A", "102室", "前楼", "二楼前楼", "亭子间", "1-101", "地下101室"]


@pytest.mark.parametrize("label", ONE_ROOM)
def test_spellings_of_one_room_are_alike(label: str) -> None:
    assert room_key("", label) == room_key("", "101室")


@pytest.mark.parametrize("label", OTHER_ROOMS)
def test_other_rooms_are_not(label: str) -> None:
    assert room_key("", label) != room_key("", "101室")


def test_the_entrance_tells_rooms_apart() -> None:
    assert room_key("1单元", "101室") == room_key("1", "101")
    assert room_key("2单元", "101室") != room_key("1单元", "101室")


def test_parts_of_a_lane_house_differ_by_their_words() -> None:
    assert len({room_key("", part) for part in ("前楼", "后楼", "二楼前楼", "亭子间", "三层阁", "客堂")}) == 6


@pytest.mark.parametrize("label", ["4", "4号", "04号", "4幢", "４号楼", "4栋"])
def test_spellings_of_one_building_are_alike(label: str) -> None:
    assert building_key(label) == building_key("4号")


@pytest.mark.parametrize("label", ["4号甲", "14号", "4支弄", "4-5号"])
def test_other_buildings_are_not(label: str) -> None:
    assert building_key(label) != building_key("4号")


DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(6)]
TIMES = st.builds(Period, st.none() | st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)).filter(
    lambda time: time.start is None or time.end is None or time.start < time.end
)


@given(TIMES, TIMES)
def test_times_overlap_when_a_day_lies_in_both(first: Period, second: Period) -> None:
    days = [DAYS[0] - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]
    assert overlap(first, second) == any(first.covers(day) and second.covers(day) for day in days)
    assert overlap(first, second) == overlap(second, first)


@given(st.lists(st.integers(0, 3), max_size=12))
def test_every_record_that_is_not_alone_is_in_a_pair(keys: list[int]) -> None:
    pairs = list(alike(enumerate(keys)))
    assert all(first < second and keys[first] == keys[second] for first, second in pairs)
    paired = {record for pair in pairs for record in pair}
    assert paired == {record for record, key in enumerate(keys) if keys.count(key) > 1}
