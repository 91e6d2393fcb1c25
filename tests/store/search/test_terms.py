"""The terms of many records at once are those of each."""

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.store.search.terms import terms_of_text, terms_within

_PIECES = st.text("0129a弄号室甲楼单元张重庆 -（）", max_size=6)


@given(_PIECES, st.lists(_PIECES, max_size=4))
def test_rooms_have_the_terms_of_their_whole_places(building: str, rooms: list[str]) -> None:
    assert terms_within(building, rooms) == [terms_of_text(building + room) for room in rooms]


@given(st.sampled_from(["1号", "12弄3号", "A1栋", "2楼", "1"]), st.lists(_PIECES, max_size=4))
def test_so_have_those_of_numbered_buildings(building: str, rooms: list[str]) -> None:
    assert terms_within(building, rooms) == [terms_of_text(building + room) for room in rooms]
