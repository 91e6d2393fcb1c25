"""Lists filtered by what is typed."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import ESTATE, HOUSEHOLD, UNIT
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.filter import matching_ids
from fuyuan_desk.store.search.index import Entry

TOWER, LANE = 1, 2


@pytest.fixture
def session(seat: Seat) -> Iterator[Session]:
    """A tower and a lane with a unit each of the same name, and some more."""
    with seat.store.sessions() as session:
        search.put(
            session,
            [
                Entry(ESTATE, TOWER, ("富南大厦",)),
                Entry(ESTATE, LANE, ("南昌路168弄",)),
                Entry(UNIT, 1, ("401室", "张三丰"), ("13800005678",), estate=TOWER),
                Entry(UNIT, 2, ("402室", "李四"), estate=TOWER),
                Entry(UNIT, 3, ("4号401室", "张三丰"), estate=LANE),
                Entry(HOUSEHOLD, 1, ("401室",), estate=TOWER),
            ],
        )
        yield session


@pytest.mark.parametrize(
    ("typed", "estate", "units"),
    [
        ("张三丰", 0, [1, 3]),
        ("张三丰", TOWER, [1]),
        ("张三丰", 99, []),
        ("401", 0, [1, 3]),
        ("401", LANE, [3]),
        ("富南大厦", 0, [1, 2]),
        ("富南大厦401", 0, [1]),
        ("富南大厦401室", 0, [1]),
        ("fnds401", 0, [1]),
        ("富南大厦4", 0, [1, 2]),
        ("富南大厦401", LANE, []),
        ("富南大厦405", 0, []),
        ("ncl168 401", 0, [3]),
        ("南昌路168弄4号401", 0, [3]),
        ("5678", 0, [1]),
        ("", 0, []),
        ('" OR *', 0, []),
    ],
)
def test_a_list_is_narrowed_to_what_fits(session: Session, typed: str, estate: int, units: list[int]) -> None:
    assert matching_ids(session, typed, UNIT, 100, estate) == units


def test_no_more_come_than_are_asked_for(session: Session) -> None:
    assert matching_ids(session, "zsf", UNIT, 1) == [1]


@pytest.mark.parametrize("typed", ["富南大厦401", "fnds401", "funandasha401shi", "富南大厦 401"])
def test_a_room_right_behind_its_estates_name_is_found(session: Session, typed: str) -> None:
    assert [tuple(hit) for hit in search.find(session, typed, [HOUSEHOLD, UNIT])] == [
        (HOUSEHOLD, 1),
        (UNIT, 1),
    ]
