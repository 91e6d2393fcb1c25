"""What the papers and duties of twelve invented cases show; the table is `tests/data/papers.json`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.inspections.rules.visits import SheetScope
from fuyuan_desk.inspections.service.page_data import blank_papers
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.renovation.service import sheet_data
from fuyuan_desk.renovation.sheets import registration_form
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service.tiers import assign_tier, duties_of_estate
from fuyuan_desk.standards.view.words import duty_name, duty_text, left_out_text
from tests.paper import pdf
from tests.renovation.clerk import GOOD_ID, PAINT, file

CASES = json.loads((Path(__file__).parents[1] / "data" / "papers.json").read_text("utf-8"))["cases"]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Show the clerk's language."""
    use_language("zh_CN")
    yield
    use_language("en")


@pytest.fixture(params=CASES, ids=lambda case: case["case"])
def case(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """One case of the table."""
    found: Mapping[str, Any] = request.param
    return found


@pytest.fixture
def estate(seat: Seat, case: Mapping[str, Any]) -> int:
    """The estate of the case, with its buildings, gates, facilities and tier."""
    key = estates.save_estate(seat, EstateFields(**case["estate"])).id
    for data in case["buildings"]:
        fields = dict(data)
        gates = fields.pop("gates", [""])
        building = buildings.save_building(seat, BuildingFields(**fields, estate_id=key)).id
        for gate in gates:
            units.save_unit(
                seat,
                UnitFields(building, entrance=gate, label="101室", tenure=case.get("tenure", "commodity")),
            )
    for data in case.get("facilities", ()):
        save_facility(seat, FacilityFields(**data, estate_id=key))
    if case["tier"]:
        assign_tier(seat, key, Tier(case["tier"]), seat.today(), "理由", "瑞二街物〔2026〕1号")
    return key


def flat(text: str) -> str:
    return "".join(text.split())


def assert_shows(text: str, expected: Mapping[str, list[str]]) -> None:
    shown = flat(text)
    for wanted in expected["has"]:
        assert flat(wanted) in shown
    for unwanted in expected["lacks"]:
        assert flat(unwanted) not in shown


def all_text(printed: Printed, name: str, keep: Path) -> str:
    (keep / f"{name}.pdf").write_bytes(printed.pdf)
    assert pdf.within_margins(printed)
    return "".join(pdf.text(printed, page) for page in range(1, printed.pages + 1))


def filed(seat: Seat, estate: int, case: Mapping[str, Any]) -> int:
    applicant = case.get("applicant", {})
    unit = units.list_units(seat, UnitQuery(estate_id=estate)).rows[0].id
    name, role = applicant.get("name", "蔡兰刚"), HoldingRole(applicant.get("role", "owner"))
    households.save_household(seat, unit, HouseholdFields(name, role=role, id_number=GOOD_ID))
    return file(seat, unit, *case.get("works", [PAINT]), applicant=name, role=role).id


def test_the_duties_shown(seat: Seat, estate: int, case: Mapping[str, Any]) -> None:
    duties = duties_of_estate(seat, estate)
    lines = [f"{duty_name(duty)}：{duty_text(duty)}" for duty in (*duties.duties, *duties.untiered)]
    assert_shows("\n".join([*lines, left_out_text(duties.left_out)]), case["duties"])


def test_the_inspection_sheet(seat: Seat, estate: int, case: Mapping[str, Any], tmp_path: Path) -> None:
    subjects = estate_subjects(seat, [estate])
    if case["sheet"].get("of") == "case":
        subjects = sheet_data.inspection_subjects(seat, [filed(seat, estate, case)])
    papers = blank_papers(seat, subjects, None, SheetScope(case.get("scope", "estate")))
    for sheet, expected in zip(papers.sheets, ("sheet", "second"), strict=False):
        printed = inspection_sheets([sheet], papers.office, papers.made)
        assert printed.pages == 1, "a shipped checklist fits one page"
        assert_shows(all_text(printed, expected, tmp_path), case[expected])
        assert pdf.marks(printed, 1)[0].uid == sheet.uid


def test_the_registration_form(seat: Seat, estate: int, case: Mapping[str, Any], tmp_path: Path) -> None:
    sheets = sheet_data.registration_sheets(seat, [filed(seat, estate, case)])
    printed = registration_form(sheets, read_settings(seat).heading, seat.today())
    assert_shows(all_text(printed, "form", tmp_path), case["form"])


def test_the_table_has_its_cases() -> None:
    assert len(CASES) == 12
