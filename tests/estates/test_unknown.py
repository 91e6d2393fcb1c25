"""What was never recorded of an estate is unknown, and looks it."""

from dataclasses import replace
from typing import Any

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Task
from fuyuan_desk.estates.service import dues, estates
from tests.estates.test_service import add_estate, add_household, add_unit


def test_what_was_never_recorded_is_unknown(seat: Seat) -> None:
    estate_id = add_estate(seat)
    [row] = estates.list_estates(seat).rows
    detail = estates.estate_detail(seat, estate_id)
    assert row.protected is None
    assert (detail.fields.heritage_class, detail.fields.historic_area) == (None, "")
    assert (detail.people, detail.area) == (None, None)
    known, unknown = add_unit(seat, estate_id, area=5_000), add_unit(seat, estate_id, "5号")
    add_household(seat, known, people=3)
    add_household(seat, unknown)
    detail = estates.estate_detail(seat, estate_id)
    assert (detail.people, detail.people_known, detail.households) == (3, 1, 2)
    assert (detail.area, detail.area_known, detail.units) == (5_000, 1, 2)


@pytest.mark.parametrize(
    ("fields", "protected"),
    [
        ({"heritage_class": 0}, None),
        ({"historic_area": "none"}, None),
        ({"heritage_class": 0, "historic_area": "none"}, False),
        ({"heritage_class": 2}, True),
        ({"historic_area": "core"}, True),
        ({"cultural_relic": True}, True),
    ],
)
def test_an_estate_is_unprotected_only_if_that_is_recorded(
    seat: Seat, fields: dict[str, Any], protected: bool | None
) -> None:
    add_estate(seat, **fields)
    assert estates.list_estates(seat).rows[0].protected is protected


def test_today_asks_for_the_protection_of_estates(seat: Seat) -> None:
    def asked() -> list[Task]:
        with seat.store.sessions() as session:
            return dues.tasks(session, seat.today())

    assert asked() == []
    for number in (10, 9, 2, 1):
        add_estate(seat, f"思南路{number}弄")
    [task] = asked()
    assert "4" in task.title
    assert "思南路1弄, 思南路2弄, 思南路9弄…" in task.detail
    assert task.record_id == estates.list_estates(seat).rows[0].id
    for row in estates.list_estates(seat).rows:
        detail = estates.estate_detail(seat, row.id)
        known = replace(detail.fields, heritage_class=0, historic_area="none")
        estates.save_estate(seat, known, row.id, detail.version)
    assert asked() == []
