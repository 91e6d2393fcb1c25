import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.office.service.settings import check_office, read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.works import Verdict
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.shell import sample_office
from fuyuan_desk.standards.service.tiers import tier_history, tiers_of_estates
from tests.conftest import CHEAP

UNITS = {"福元小区": 72, "太阳都市花园后期": 360, "富南大厦": 171, "南昌路168弄": 85, "思南路26弄": 120}
# the first and the last day of a year, and a leap day: the sample counts its days back from any of them
MOMENTS = [
    datetime(2026, 11, 20, 2, tzinfo=UTC),
    datetime(2027, 1, 1, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 5, tzinfo=UTC),
]


def test_five_estates_by_name_with_all_their_units(sample_seat: Seat) -> None:
    rows = estates.list_estates(sample_seat).rows
    assert {row.name: row.units for row in rows} == UNITS
    assert all(row.street and row.property_company and row.house_kind for row in rows)
    assert {row.name for row in rows if row.protected} == {"南昌路168弄", "思南路26弄"}


def test_the_tower_has_its_homes_and_offices(sample_seat: Seat) -> None:
    tower = next(row for row in estates.list_estates(sample_seat).rows if row.name == "富南大厦")
    uses = [row.use for row in units.list_units(sample_seat, UnitQuery(tower.id), 0, 500).rows]
    assert (uses.count("home"), uses.count("office")) == (132, 39)


def test_commodity_estates_have_lifts(sample_seat: Seat) -> None:
    for row in estates.list_estates(sample_seat).rows:
        lifts = {b.fields.has_lift for b in buildings.list_buildings(sample_seat, row.id)}
        assert lifts == {row.name in ("福元小区", "太阳都市花园后期", "富南大厦")}


def test_tiers_have_history_and_one_estate_has_none(sample_seat: Seat) -> None:
    tiers = tiers_of_estates(sample_seat)
    names = {row.id: row.name for row in estates.list_estates(sample_seat).rows}
    assert {names[key] for key in names.keys() - tiers.keys()} == {"思南路26弄"}
    assert max(len(tier_history(sample_seat, key)) for key in tiers) >= 2
    assert all(tier.reason and tier.document_no for tier in tiers.values())


def test_renovations_in_every_state(sample_seat: Seat) -> None:
    rows = queries.list_cases(sample_seat).rows
    assert len(rows) == 11
    assert {row.fields.status for row in rows} == set(CaseStatus)
    assert Verdict.PROHIBITED.name in {row.fields.verdict for row in rows}
    details = [queries.case_detail(sample_seat, row.id) for row in rows]
    tenants = [detail for detail in details if detail.role == "tenant"]
    assert any(
        paper.document == "public_owner_consent" and paper.received_on
        for detail in tenants
        for paper in detail.documents
    )


def test_visits_with_findings_and_photos(sample_seat: Seat) -> None:
    rows = list_visits(sample_seat).rows
    assert len(rows) == 12
    assert any(row.extra["failures"] for row in rows)
    of_whole, of_items = sorted(
        (visit_detail(sample_seat, row.id).photos for row in rows if row.extra["photos"]), key=len
    )
    assert [photo.item for photo in of_whole] == [""]
    assert [(photo.item, photo.kind, photo.number) for photo in of_items] == [
        ("wires", "far", "0412"),
        ("wires", "near", "0413"),
    ]
    assert all(row.fields.at <= sample_seat.now() for row in rows)


def test_its_store_is_intact_and_marked_as_a_sample(sample_seat: Seat) -> None:
    assert read_settings(sample_seat).is_sample
    assert [fault for finding in check_office(sample_seat) for fault in finding.faults] == []
    assert {view.role for view in list_operators(sample_seat)} == set(Role)


@pytest.mark.parametrize("moment", MOMENTS[1:])
def test_it_can_be_built_on_any_day(tmp_path: Path, moment: datetime) -> None:
    started = time.monotonic()
    made = sample_office.build(tmp_path / "s", "another-password", now=moment, cost=CHEAP)
    assert made.password == "another-password"
    assert queries.list_cases(made.seat).total == 11
    made.seat.store.close()
    assert time.monotonic() - started < 15
    sign_in(tmp_path / "s", made.login, made.password).store.close()


def test_the_temporary_sample_is_rebuilt_each_time(home: Path) -> None:
    seat = sample_office.build_temporary()
    estates.save_estate(seat, estates.EstateFields(name="新小区"))
    with pytest.raises(Unusable, match="another window"):
        sample_office.build_temporary()
    seat.store.close()
    again = sample_office.build_temporary()
    assert {row.name for row in estates.list_estates(again).rows} == set(UNITS)
    again.store.close()


def test_people_are_invented() -> None:
    text = (sample_office.paths.resource("sample", "福元小区住户名册.csv")).read_text(encoding="utf-8-sig")
    numbers = [line.split(",")[5] for line in text.splitlines()[2:]]
    assert numbers
    assert all(number[14:17] == "000" for number in numbers)
