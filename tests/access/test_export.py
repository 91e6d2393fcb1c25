"""Exported lists state purpose and receiver; unmasked ones need a second person; posted papers name nobody."""

import ast
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

import fuyuan_desk
from fuyuan_desk.access.export_order import MAX_CHARS, ExportOrder, Holds, Stamp
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.core.errors import InvalidInput, NotAllowed
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, estates, households, page_data, units
from fuyuan_desk.inspections.service.queries import visits_for_export
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.paper.posting import Posted, personal_fields
from fuyuan_desk.renovation.service.queries import cases_for_export
from fuyuan_desk.store.audit.log import AuditEntry
from tests.conftest import PASSWORD
from tests.sources import calls, full_name, trees

ORDER = ExportOrder("核对面积", "某物业公司")
NAME, PHONE = "蔡兰刚", "13812345678"


@pytest.fixture
def home(seat: Seat) -> int:
    estate = estates.save_estate(seat, EstateFields("福元小区")).id
    building = buildings.save_building(seat, BuildingFields("2号楼", estate_id=estate)).id
    unit = units.save_unit(seat, UnitFields(building, label="501室")).id
    households.save_household(seat, unit, HouseholdFields(NAME, phones=(PHONE,)))
    return unit


def audited(seat: Seat, action: str) -> list[dict[str, Any]]:
    with seat.store.sessions() as session:
        entries = session.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.id)
        return [json.loads(entry.changes) for entry in entries]


# --- orders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        (ExportOrder("a", "b"), set()),
        (ExportOrder("a" * MAX_CHARS, "b" * MAX_CHARS), set()),
        (ExportOrder("", "b"), {"purpose"}),
        (ExportOrder("a", "  "), {"receiver"}),
        (ExportOrder(), {"purpose", "receiver"}),
        (ExportOrder("a" * (MAX_CHARS + 1), "b"), {"purpose"}),
        (ExportOrder("a", "b" * (MAX_CHARS + 1)), {"receiver"}),
    ],
)
def test_an_order_says_what_for_and_for_whom(order: ExportOrder, wrong: set[str]) -> None:
    assert order.faults().keys() == wrong


def test_without_an_order_nothing_leaves(seat: Seat, home: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        page_data.units_for_export(seat, ExportOrder("", "某物业公司"), UnitQuery())
    assert refused.value.fields.keys() == {"purpose"}
    assert audited(seat, "export") == []


def test_a_list_leaves_masked_and_the_trail_says_what_for(seat: Seat, home: int) -> None:
    export = page_data.units_for_export(seat, ORDER, UnitQuery(text="501"))
    assert [(row.holder, row.phone) for row in export.rows] == [("蔡*", "138****5678")]
    assert export.stamp.holds is Holds.MASKED
    assert audited(seat, "export") == [
        {"rows": 1, "filtered": True, "purpose": "核对面积", "receiver": "某物业公司", "unmasked": False}
    ]


def test_what_was_typed_to_filter_stays_out_of_the_trail(seat: Seat, home: int) -> None:
    page_data.units_for_export(seat, ORDER, UnitQuery(text=NAME))
    assert NAME not in str(audited(seat, "export"))


def test_unmasked_data_takes_a_second_person(seat: Seat, home: int) -> None:
    order = replace(ORDER, unmasked=True)
    with pytest.raises(SecondNeeded):
        page_data.units_for_export(seat, order, UnitQuery())
    assert audited(seat, "export") == []
    agreed = replace(seat, second=Second("reviewer", PASSWORD))
    export = page_data.units_for_export(agreed, order, UnitQuery())
    assert [(row.holder, row.phone) for row in export.rows] == [(NAME, PHONE)]
    assert export.stamp.holds is Holds.UNMASKED
    [entry] = audited(seat, "export")
    assert entry["unmasked"] is True
    [confirmed] = audited(seat, "confirm")
    assert confirmed["act"] == "unmasked_export"
    assert cases_for_export(agreed, order, BookQuery()).rows == ()


def test_a_list_without_anything_masked_cannot_be_unmasked(seat: Seat, home: int) -> None:
    agreed = replace(seat, second=Second("reviewer", PASSWORD))
    order = replace(ORDER, unmasked=True)
    for use in (
        lambda: page_data.estates_for_export(agreed, order),
        lambda: visits_for_export(agreed, order, BookQuery()),
    ):
        with pytest.raises(InvalidInput) as refused:
            use()
        assert refused.value.fields.keys() == {"unmasked"}


def test_who_may_not_see_may_not_export(seat_as: Callable[[Role], Seat], home: int) -> None:
    for role in (Role.VIEWER, Role.PROPERTY):
        with pytest.raises(NotAllowed):
            page_data.units_for_export(seat_as(role), ORDER, UnitQuery())


def test_the_file_says_it_in_its_first_lines() -> None:
    stamp = Stamp("核对", "某物业公司", "某甲", datetime(2026, 3, 2, 1, 30, tzinfo=UTC), Holds.UNMASKED)
    lines = stamp.lines()
    assert len(lines) == 5
    assert lines[:2] == ("Purpose: 核对", "Receiver: 某物业公司")
    assert "某甲" in lines[2]
    assert "2026-03-02" in lines[2]
    assert "NOT masked" in lines[3]
    assert "destroy" in lines[4]


# --- every list, also those of later jobs -----------------------------------------------------------------------


def exports() -> dict[str, Callable[..., Any]]:
    """Return every service that exports a list."""
    found = {}
    for module in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk."):
        if "__main__" in module.name or "migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(value) and value.__module__ == module.name and name.endswith("_for_export"):
                found[f"{module.name}.{name}"] = value
    return found


def test_every_export_takes_an_order() -> None:
    assert len(exports()) >= 5
    without = [
        name
        for name, use in exports().items()
        if ExportOrder not in get_type_hints(inspect.unwrap(use)).values()
        or inspect.signature(use).parameters["order"].default is not inspect.Parameter.empty
    ]
    assert without == []


WRITER = "fuyuan_desk.workbook.writer.workbook_bytes"


def calls_without_lead(tree: ast.Module) -> list[int]:
    """Return the lines on which a workbook is written whose first lines are not those of a stamp."""
    wrong = []
    for call in calls(tree, WRITER):
        lead = call.args[1] if len(call.args) > 1 else None
        stamped = isinstance(lead, ast.Call) and full_name(lead.func, {}).endswith(".stamp.lines")
        if not stamped:
            wrong.append(call.lineno)
    return wrong


def test_every_workbook_begins_with_a_stamp() -> None:
    assert sum(len(list(calls(tree, WRITER))) for tree in trees().values()) >= 2
    wrong = {path.name: calls_without_lead(tree) for path, tree in trees().items()}
    assert {name: lines for name, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize("lead", ["", ", ()", ", stamp()", ", other.lines()"])
def test_a_workbook_without_a_stamp_is_found(lead: str) -> None:
    imports = "from fuyuan_desk.workbook import writer as w\n"
    assert calls_without_lead(ast.parse(f"{imports}w.workbook_bytes(sheets{lead})")) == [2]
    assert calls_without_lead(ast.parse(f"{imports}w.workbook_bytes(sheets, export.stamp.lines())")) == []


# --- what is posted --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    room: str
    state: str


@dataclass(frozen=True)
class _Good(Posted):
    title: str
    lines: tuple[_Line, ...]


@dataclass(frozen=True)
class _Named:
    room: str
    holder: str


@dataclass(frozen=True)
class _Bad(Posted):
    lines: tuple[_Named, ...]
    contact_phone: str


def test_a_posted_paper_that_tells_of_people_is_found() -> None:
    assert personal_fields(_Good) == []
    assert personal_fields(_Bad) == ["_Named.holder", "_Bad.contact_phone"]


def test_posted_papers_name_nobody() -> None:
    for module in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk."):
        if module.name.endswith(".sheets"):
            importlib.import_module(module.name)
    # none is posted yet; this covers the first one
    posted = [kind for kind in Posted.__subclasses__() if kind.__module__.startswith("fuyuan_desk.")]
    assert [field for kind in posted for field in personal_fields(kind)] == []
