"""Services on estates, buildings, units and households."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.records import Unit
from fuyuan_desk.estates.rules.housing import HeritageClass, HoldingRole, Tenure
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.formats.id_numbers import IdKind
from fuyuan_desk.store.audit.log import AuditEntry

GOOD_ID = "31010119800101000X"
BAD_ID = "310101198001010008"


def add_estate(seat: Seat, name: str = "南昌路168弄", **fields: object) -> int:
    return estates.save_estate(seat, EstateFields(name=name, **fields)).id  # type: ignore[arg-type]


def add_unit(
    seat: Seat, estate_id: int, building: str = "4号", label: str = "亭子间", **fields: object
) -> int:
    known = {row.fields.label: row.id for row in buildings.list_buildings(seat, estate_id)}
    building_id = (
        known.get(building)
        or buildings.save_building(seat, BuildingFields(label=building, estate_id=estate_id)).id
    )
    return units.save_unit(seat, UnitFields(building_id=building_id, label=label, **fields)).id  # type: ignore[arg-type]


def add_household(seat: Seat, unit_id: int, head: str = "蔡兰刚", **fields: object) -> int:
    return households.save_household(seat, unit_id, HouseholdFields(head=head, **fields)).id  # type: ignore[arg-type]


def audited(seat: Seat, action: str) -> list[AuditEntry]:
    with seat.store.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


# --- estates -----------------------------------------------------------------------------------------


def test_estates_are_listed_naturally_with_their_counts(seat: Seat) -> None:
    for name in ("思南路100弄", "思南路26弄", "富南大厦"):
        add_estate(seat, name)
    lane = estates.list_estates(seat, "26弄").rows[0]
    unit = add_unit(seat, lane.id)
    add_unit(seat, lane.id, "5号")
    add_household(seat, unit)
    names = [row.name for row in estates.list_estates(seat).rows]
    assert names.index("思南路26弄") < names.index("思南路100弄")
    row = estates.list_estates(seat, "26弄").rows[0]
    assert (row.buildings, row.units, row.households) == (2, 2, 1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("福元", ["福元小区"]),
        ("福元物业", ["富南大厦"]),
        ("sinan", ["思南路26弄"]),
        ("路 26", ["思南路26弄"]),
        ("无此", []),
    ],
)
def test_estates_are_filtered_as_typed(seat: Seat, typed: str, found: list[str]) -> None:
    add_estate(seat, "福元小区", property_company="先锋物业")
    add_estate(seat, "富南大厦", property_company="福元物业")
    add_estate(seat, "思南路26弄")
    rows = [row.name for row in estates.list_estates(seat, typed).rows]
    assert [name for name in found if name in rows] == found
    assert bool(rows) == bool(found)


def test_a_window_of_estates_has_the_total(seat: Seat) -> None:
    for number in range(1, 8):
        add_estate(seat, f"福元路{number}弄")
    page = estates.list_estates(seat, sort="name", descending=True, offset=2, limit=2)
    assert (page.total, [row.name for row in page.rows]) == (7, ["福元路5弄", "福元路4弄"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (EstateFields(name="  "), "name"),
        (EstateFields(name="南" * 101), "name"),
        (EstateFields(name="甲", built_year=1700), "built_year"),
        (EstateFields(name="甲", built_year=2027), "built_year"),
    ],
)
def test_a_wrong_estate_is_refused_at_its_field(seat: Seat, fields: EstateFields, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        estates.save_estate(seat, fields)
    assert set(refused.value.fields) == {wrong}
    assert estates.list_estates(seat).total == 0


def test_two_estates_never_share_a_name(seat: Seat) -> None:
    add_estate(seat, "富南大厦")
    with pytest.raises(InvalidInput) as refused:
        add_estate(seat, " 富南大厦 ")
    assert "name" in refused.value.fields


def test_a_form_opened_before_another_save_is_refused(seat: Seat) -> None:
    estate_id = add_estate(seat)
    opened = estates.estate_detail(seat, estate_id)
    estates.save_estate(seat, replace(opened.fields, street="瑞金二路街道"), estate_id, opened.version)
    with pytest.raises(Conflict):
        estates.save_estate(seat, replace(opened.fields, street="豫园街道"), estate_id, opened.version)
    assert estates.estate_detail(seat, estate_id).fields.street == "瑞金二路街道"


def test_all_fields_of_an_estate_are_kept(seat: Seat) -> None:
    fields = EstateFields(
        "南昌路168弄", "南昌路168弄1-12号", "瑞金二路街道", "福元居委会", "先锋物业", "old-lane",
        (Tenure.DIRECT_PUBLIC, Tenure.PRIVATE), 1931, 3, "core", True, True, True, "18:00-08:00", "一条弄堂",
    )  # fmt: skip
    saved = estates.save_estate(seat, fields)
    assert estates.estate_detail(seat, saved.id).fields == fields


def test_an_estate_in_use_is_not_removed_with_a_reason(seat: Seat) -> None:
    estate_id = add_estate(seat)
    add_unit(seat, estate_id)
    with pytest.raises(Conflict, match=r"南昌路168弄.*1 building.*1 unit"):
        estates.remove_estate(seat, estate_id)
    empty = add_estate(seat, "空弄")
    assert estates.remove_estate(seat, empty) == "空弄"
    with pytest.raises(NotFound):
        estates.estate_detail(seat, empty)
    assert estates.list_estates(seat, "空弄").total == 0


def test_a_renamed_estate_keeps_its_units_findable_and_in_order(seat: Seat) -> None:
    estate_id = add_estate(seat, "旧弄")
    unit = add_unit(seat, estate_id)
    detail = estates.estate_detail(seat, estate_id)
    estates.save_estate(seat, replace(detail.fields, name="新里弄"), estate_id, detail.version)
    assert estates.find_units(seat, "旧弄4号") == ()
    assert [choice.address for choice in estates.find_units(seat, "新里弄4号")] == ["新里弄4号亭子间"]
    with seat.store.sessions() as session:
        key = session.scalar(select(Unit.order_key).where(Unit.id == unit))
    assert key is not None
    assert key.startswith("新里")


# --- buildings ---------------------------------------------------------------------------------------


def test_buildings_sort_naturally(seat: Seat) -> None:
    estate_id = add_estate(seat)
    for label in ("10号", "4号甲", "9号", "4号"):
        buildings.save_building(seat, BuildingFields(label=label, estate_id=estate_id))
    labels = [row.fields.label for row in buildings.list_buildings(seat, estate_id)]
    assert labels == ["4号", "4号甲", "9号", "10号"]


def test_a_building_overrides_the_estates_kind_and_class(seat: Seat) -> None:
    estate_id = add_estate(seat, house_kind="old-lane", heritage_class=4)
    buildings.save_building(seat, BuildingFields(label="1号", estate_id=estate_id))
    buildings.save_building(
        seat, BuildingFields(label="2号", house_kind="garden", heritage_class=0, estate_id=estate_id)
    )
    rows = buildings.list_buildings(seat, estate_id)
    assert [(row.extra["kind_in_force"], row.extra["class_in_force"]) for row in rows] == [
        ("old-lane", HeritageClass.FOURTH),
        ("garden", HeritageClass.NONE),
    ]


@pytest.mark.parametrize("typed", ["1号", " 1号 ", "１号"])
def test_a_building_number_is_unique_in_an_estate(seat: Seat, typed: str) -> None:
    estate_id = add_estate(seat)
    buildings.save_building(seat, BuildingFields(label="1号", estate_id=estate_id))
    with pytest.raises(InvalidInput) as refused:
        buildings.save_building(seat, BuildingFields(label=typed, estate_id=estate_id))
    assert "label" in refused.value.fields
    other = add_estate(seat, "别处")
    [row] = buildings.list_buildings(seat, estate_id)
    with pytest.raises(InvalidInput, match="stays in its estate"):
        buildings.save_building(seat, replace(row.fields, estate_id=other), row.known)
    assert buildings.save_building(seat, BuildingFields(label="1号", estate_id=other)).id


def test_a_building_with_units_is_not_removed(seat: Seat) -> None:
    estate_id = add_estate(seat)
    unit = add_unit(seat, estate_id)
    [building] = buildings.list_buildings(seat, estate_id)
    with pytest.raises(Conflict):
        buildings.remove_building(seat, building.id)
    units.remove_unit(seat, unit)
    assert buildings.remove_building(seat, building.id) == "4号"
    assert buildings.list_buildings(seat, estate_id) == ()


def test_a_relabelled_building_takes_its_units_along(seat: Seat) -> None:
    estate_id = add_estate(seat)
    add_unit(seat, estate_id, "4号")
    [row] = buildings.list_buildings(seat, estate_id)
    buildings.save_building(seat, replace(row.fields, label="12号"), row.known)
    assert [choice.address for choice in estates.find_units(seat, "12号亭子间")] == ["南昌路168弄12号亭子间"]
    assert estates.find_units(seat, "4号亭子间") == ()


# --- units -------------------------------------------------------------------------------------------


def test_units_are_listed_in_the_order_of_the_street(seat: Seat) -> None:
    estate_id = add_estate(seat)
    for building, label in (
        ("10号", "101室"),
        ("9号", "1001室"),
        ("9号", "201室"),
        ("4号甲", "亭子间"),
        ("4号", "二楼前楼"),
    ):
        add_unit(seat, estate_id, building, label)
    listed = units.list_units(seat, UnitQuery(estate_id))
    assert [row.place for row in listed.rows] == [
        "4号二楼前楼", "4号甲亭子间", "9号201室", "9号1001室", "10号101室",
    ]  # fmt: skip


def test_a_window_of_units_and_its_filter(seat: Seat) -> None:
    lane, other = add_estate(seat), add_estate(seat, "思南路26弄")
    for number in range(1, 30):
        add_household(seat, add_unit(seat, lane, "1号", f"{number}室"), "张建国")
    add_household(seat, add_unit(seat, other, "1号", "7室"), "张爱华", phones=("13812345678",))
    page = units.list_units(seat, UnitQuery(lane), offset=8, limit=2)
    assert (page.total, [row.place[2:] for row in page.rows]) == (29, ["9室", "10室"])
    assert units.list_units(seat, UnitQuery(text="zhangaihua")).total == 1
    assert units.list_units(seat, UnitQuery(lane, text="zhangaihua")).total == 0
    assert units.list_units(seat, UnitQuery(text="5678")).rows[0].address == "思南路26弄1号7室"
    assert units.list_units(seat, UnitQuery(text="张 26弄")).total == 1
    assert units.list_units(seat, UnitQuery(lane, descending=True), limit=1).rows[0].place == "1号29室"


def test_units_sort_by_area_too(seat: Seat) -> None:
    lane = add_estate(seat)
    for label, area in (("甲室", 3000), ("乙室", 1240), ("丙室", 2000)):
        add_unit(seat, lane, "1号", label, area=area)
    listed = units.list_units(seat, UnitQuery(lane, sort="area"))
    assert [row.area for row in listed.rows] == [1240, 2000, 3000]


def test_a_unit_is_placed_in_its_list(seat: Seat) -> None:
    lane = add_estate(seat)
    ids = [add_unit(seat, lane, "1号", f"{number}室") for number in (3, 1, 2)]
    assert [units.unit_position(seat, UnitQuery(lane), unit) for unit in ids] == [2, 0, 1]
    assert units.unit_position(seat, UnitQuery(lane + 1), ids[0]) == -1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"label": ""}, "label"),
        ({"label": "室" * 61}, "label"),
        ({"area": 1000, "inner_area": 1001}, "inner_area"),
    ],
)
def test_a_wrong_unit_is_refused_at_its_field(seat: Seat, fields: dict[str, object], wrong: str) -> None:
    lane = add_estate(seat)
    with pytest.raises(InvalidInput) as refused:
        add_unit(seat, lane, **{"label": "1室", **fields})  # type: ignore[arg-type]
    assert set(refused.value.fields) == {wrong}


@pytest.mark.parametrize(("entrance", "typed"), [("", "101室"), ("", "１０１室"), ("　", " 101室 ")])
def test_a_room_is_unique_in_a_building(seat: Seat, entrance: str, typed: str) -> None:
    lane = add_estate(seat)
    add_unit(seat, lane, "1号", "101室")
    with pytest.raises(InvalidInput):
        add_unit(seat, lane, "1号", typed, entrance=entrance)
    assert add_unit(seat, lane, "1号", "101室", entrance="2单元")


def test_a_unit_moved_to_another_estate_takes_its_household_along(seat: Seat) -> None:
    lane, other = add_estate(seat), add_estate(seat, "思南路26弄")
    unit = add_unit(seat, lane)
    add_household(seat, unit)
    target = buildings.save_building(seat, BuildingFields(label="2号", estate_id=other)).id
    opened = units.unit_detail(seat, unit)
    units.save_unit(seat, replace(opened.fields, building_id=target), unit, opened.version)
    assert {row.id: row.households for row in estates.list_estates(seat).rows} == {lane: 0, other: 1}
    assert units.list_units(seat, UnitQuery(lane)).total == 0
    assert units.unit_detail(seat, unit).address == "思南路26弄2号亭子间"


def test_a_unit_with_a_household_is_not_removed(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(seat, unit)
    with pytest.raises(Conflict, match="亭子间"):
        units.remove_unit(seat, unit)
    households.remove_household(seat, household)
    assert units.remove_unit(seat, unit) == "亭子间"
    assert estates.find_units(seat, "亭子间") == ()


# --- households --------------------------------------------------------------------------------------


def test_a_household_is_shown_masked(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    add_household(
        seat, unit, "蔡兰刚", id_number=GOOD_ID, phones=("13812345678", "62093705"), contact="cai@example.org"
    )
    [shown] = units.unit_detail(seat, unit).households
    assert shown.head == "蔡*"
    assert shown.id_number == "310101********000X"
    assert shown.phones == ("138****5678", "021-****3705")
    assert shown.contact == "ca***"
    [row] = units.list_units(seat, UnitQuery()).rows
    assert (row.holder, row.phone) == ("蔡*", "138****5678")
    for told_masked in (shown, row, *estates.find_units(seat, "蔡兰刚")):
        assert "蔡兰刚" not in repr(told_masked)
        assert "13812345678" not in repr(told_masked)


@pytest.mark.parametrize(
    ("field", "value"),
    [("head", "蔡兰刚"), ("id_number", GOOD_ID), ("phone:1", "021-62093705"), ("contact", "cai@example.org")],
)
def test_revealing_returns_one_value_and_is_audited(seat: Seat, field: str, value: str) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(
        seat, unit, id_number=GOOD_ID, phones=("13812345678", "62093705"), contact="cai@example.org"
    )
    assert households.reveal(seat, household, field) == value
    [entry] = audited(seat, "reveal")
    assert (entry.table_name, entry.record_id, entry.operator) == ("household", household, "admin")
    assert field in entry.changes
    assert value not in entry.changes


def test_a_viewer_reveals_nothing(seat: Seat, seat_as: Callable[[Role], Seat]) -> None:
    household = add_household(seat, add_unit(seat, add_estate(seat)))
    viewer = seat_as(Role.VIEWER)
    with pytest.raises(NotAllowed):
        households.reveal(viewer, household, "head")
    with pytest.raises(NotAllowed):
        households.household_for_edit(viewer, household)
    assert audited(seat, "reveal") == []


def test_only_personal_values_are_revealed(seat: Seat) -> None:
    household = add_household(seat, add_unit(seat, add_estate(seat)))
    with pytest.raises(ValueError, match="remarks"):
        households.reveal(seat, household, "remarks")
    with pytest.raises(NotFound):
        households.reveal(seat, household, "phone:3")


def test_typed_values_are_normalised(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(
        seat,
        unit,
        "古丽・阿依木",
        id_number=" 31010119490211000x ",
        phones=("１３８１２３４５６７８", "13812345678", "(021)62093705"),
    )
    loaded = households.household_for_edit(seat, household).fields
    assert loaded.head == "古丽·阿依木"
    assert loaded.id_number == "31010119490211000X"
    assert loaded.id_kind == IdKind.RESIDENT
    assert loaded.phones == ("13812345678", "021-62093705")


def test_loading_the_form_is_audited(seat: Seat) -> None:
    household = add_household(seat, add_unit(seat, add_estate(seat)))
    households.household_for_edit(seat, household)
    [entry] = audited(seat, "reveal")
    assert "form" in entry.changes


def test_a_wrong_check_digit_is_kept_with_a_doubt(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    saved = households.save_household(seat, unit, HouseholdFields("蔡兰刚", id_number=BAD_ID))
    assert len(saved.doubts) == 1
    [shown] = units.unit_detail(seat, unit).households
    assert shown.doubt == saved.doubts[0]
    fine = households.save_household(seat, unit, HouseholdFields("蔡兰刚", id_number=GOOD_ID), shown.id, 1)
    assert fine.doubts == ()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"head": ""}, "head"),
        ({"head": "张" * 51}, "head"),
        ({"phones": ("12345",)}, "phones"),
        ({"people": 100}, "people"),
        ({"people": 2, "vacant": True}, "people"),
        ({"id_kind": IdKind.PASSPORT, "id_number": "E" * 41}, "id_number"),
    ],
)
def test_a_wrong_household_is_refused_at_its_field(seat: Seat, fields: dict[str, object], wrong: str) -> None:
    unit = add_unit(seat, add_estate(seat))
    with pytest.raises(InvalidInput) as refused:
        add_household(seat, unit, **{"head": "蔡兰刚", **fields})  # type: ignore[arg-type]
    assert set(refused.value.fields) == {wrong}
    assert units.unit_detail(seat, unit).households == ()


def test_a_number_kept_from_a_roster_does_not_bar_the_form(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(seat, unit, phones=("13812345678",))
    with seat.store.engine.begin() as connection:
        connection.execute(text("UPDATE household_phone SET number = '1381234'"))
    opened = households.household_for_edit(seat, household)
    saved = households.save_household(
        seat, unit, replace(opened.fields, remarks="独居老人"), household, opened.version
    )
    assert households.household_for_edit(seat, saved.id).fields.phones == ("1381234",)


def test_phones_are_updated_and_found(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(seat, unit, phones=("13812345678",))
    opened = households.household_for_edit(seat, household)
    households.save_household(
        seat, unit, replace(opened.fields, phones=("13900001111", "62093705")), household, opened.version
    )
    assert [choice.id for choice in estates.find_units(seat, "1111")] == [unit]
    assert estates.find_units(seat, "5678") == ()
    assert estates.find_units(seat, "蔡兰刚")[0].holders == "蔡*"


def test_a_company_keeps_its_name(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat, "富南大厦"))
    add_household(seat, unit, "上海海棠文化传播有限公司", is_company=True)
    assert units.unit_detail(seat, unit).households[0].head == "上海海棠文化传播有限公司"


def test_a_stale_household_form_is_refused(seat: Seat) -> None:
    unit = add_unit(seat, add_estate(seat))
    household = add_household(seat, unit)
    opened = households.household_for_edit(seat, household)
    households.save_household(seat, unit, replace(opened.fields, people=2), household, opened.version)
    with pytest.raises(Conflict):
        households.save_household(seat, unit, replace(opened.fields, people=3), household, opened.version)


# --- for other jobs ----------------------------------------------------------------------------------


def test_a_unit_is_summed_up_for_other_jobs(seat: Seat) -> None:
    estate_id = add_estate(
        seat, house_kind="old-lane", heritage_class=3, historic_area="core", property_company="先锋物业"
    )
    building = buildings.save_building(
        seat, BuildingFields("4号", heritage_class=2, protection="保留木楼梯", estate_id=estate_id)
    ).id
    unit = units.save_unit(
        seat, UnitFields(building, label="亭子间", tenure=Tenure.DIRECT_PUBLIC, area=1240)
    ).id
    add_household(seat, unit, role=HoldingRole.TENANT, id_number=GOOD_ID, phones=("13812345678",))
    with seat.store.sessions() as session:
        told_unit = estates.unit_summary(session, unit)
        told_estate = estates.estate_summary(session, estate_id, seat.today())
    assert told_unit.address == "南昌路168弄4号亭子间"
    assert (told_unit.house_kind, told_unit.heritage_class) == ("old-lane", HeritageClass.SECOND)
    assert (told_unit.historic_area, told_unit.protection, told_unit.area) == ("core", "保留木楼梯", 1240)
    [holder] = told_unit.holders
    assert (holder.name, holder.role, holder.phones) == ("蔡兰刚", "tenant", ("13812345678",))
    assert "蔡兰刚" not in repr(told_unit)
    assert (told_estate.name, told_estate.property_company) == ("南昌路168弄", "先锋物业")
    assert (told_estate.units, told_estate.heritage_class) == (1, HeritageClass.THIRD)


def test_viewers_change_nothing(seat: Seat, seat_as: Callable[[Role], Seat]) -> None:
    estate_id = add_estate(seat)
    unit = add_unit(seat, estate_id)
    viewer = seat_as(Role.VIEWER)
    assert estates.estate_detail(viewer, estate_id).units == 1
    assert units.unit_detail(viewer, unit).id == unit
    for use, arguments in (
        (estates.save_estate, (EstateFields("x"),)),
        (estates.remove_estate, (estate_id,)),
        (buildings.save_building, (estate_id, BuildingFields("9号"))),
        (units.save_unit, (UnitFields(1, label="x"),)),
        (units.remove_unit, (unit,)),
        (households.save_household, (unit, HouseholdFields("x"))),
    ):
        with pytest.raises(NotAllowed):
            use(viewer, *arguments)  # type: ignore[operator]
