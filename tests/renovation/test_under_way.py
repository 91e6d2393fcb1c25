"""What a case keeps while its work is under way, and what its registration form says of home and state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.service import cases, sheet_data
from tests.renovation.clerk import PAINT, WATERPROOF, file
from tests.renovation.conftest import Homes


def filed_today(seat: Seat, unit: int, work: str = PAINT) -> CaseDetail:
    return file(
        seat, unit, work, starts_on=seat.today(), ends_on=seat.today(),
        contractor="上海某某装饰工程有限公司", contractor_lead="王某", contractor_phone="021-62093705",
    )  # fmt: skip


def test_what_the_start_needed_stays_received_while_the_work_is_under_way(seat: Seat, homes: Homes) -> None:
    filed = filed_today(seat, homes.flat, WATERPROOF)
    everything = [paper.document for paper in filed.documents]
    cases.receive_documents(seat, filed.id, everything, seat.today())
    cases.start_work(seat, filed.id)
    for wanted in (["scheme"], everything):
        with pytest.raises(Conflict, match=r"The work started with these documents: .*Undo the start first"):
            cases.receive_documents(seat, filed.id, wanted, None)
    earlier = cases.receive_document(seat, filed.id, "scheme", seat.today() - timedelta(days=1))
    assert all(paper.received_on for paper in earlier.documents), "its day may be corrected"
    late = cases.receive_document(seat, filed.id, "water_test", None)
    assert [paper.document for paper in late.documents if not paper.received_on] == ["water_test"]
    cases.undo_start(seat, filed.id, "误点")
    undone = cases.receive_document(seat, filed.id, "scheme", None)
    assert {paper.document for paper in undone.documents if not paper.received_on} == {"scheme", "water_test"}


@pytest.mark.parametrize(
    ("street", "printed"),
    [
        ("", "福元小区1号楼501室"),
        ("南昌路500弄", "南昌路500弄 福元小区1号楼501室"),
        ("福元小区", "福元小区1号楼501室"),
    ],
)
def test_the_form_prints_the_address_of_the_estate(
    seat: Seat, homes: Homes, street: str, printed: str
) -> None:
    known = estates.estate_detail(seat, homes.estate)
    estates.save_estate(seat, replace(known.fields, address=street), homes.estate, known.version)
    filed = filed_today(seat, homes.flat)
    (sheet,) = sheet_data.registration_sheets(seat, [filed.id])
    assert (sheet.address, sheet.estate) == (printed, "福元小区")


def test_a_building_that_names_its_street_is_printed_without_that_of_the_estate(
    seat: Seat, homes: Homes
) -> None:
    known = estates.estate_detail(seat, homes.estate)
    estates.save_estate(seat, replace(known.fields, address="南昌路500弄"), homes.estate, known.version)
    house = buildings.save_building(seat, BuildingFields(label="南昌路600弄1号", estate_id=homes.estate)).id
    room = units.save_unit(seat, UnitFields(building_id=house, label="101室", tenure="commodity")).id
    filed = filed_today(seat, room)
    (sheet,) = sheet_data.registration_sheets(seat, [filed.id])
    assert sheet.address == "福元小区南昌路600弄1号101室"


def test_the_form_of_a_case_that_was_withdrawn_says_so_beside_its_number(seat: Seat, homes: Homes) -> None:
    filed = filed_today(seat, homes.flat)
    assert sheet_data.registration_sheets(seat, [filed.id])[0].state == ""
    cases.close_case(seat, filed.id, Outcome.WITHDRAWN, seat.today(), "不装了")
    (sheet,) = sheet_data.registration_sheets(seat, [filed.id])
    assert sheet.state == "已撤回"
