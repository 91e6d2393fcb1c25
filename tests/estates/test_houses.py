"""What is recorded of buildings and homes: lifts, entrances, protection of their own, numbers, the fund."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.rules import checks, other_ids
from fuyuan_desk.estates.rules.housing import HeritageClass, Structure
from fuyuan_desk.estates.service import buildings, dues, estates, units
from fuyuan_desk.estates.service.estates import unit_summary
from fuyuan_desk.estates.view.overview import protection_chip
from fuyuan_desk.kit.desk import Desk

TODAY = date(2026, 3, 2)
DEED = "310101001001GB00001F00010001"


# --- rules


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"lifts": 2, "has_lift": False}, {"lifts"}),
        ({"lifts": 0, "has_lift": True}, {"lifts"}),
        ({"lifts": 0, "has_lift": False}, set()),
        ({"lifts": 2}, set()),
        ({"has_lift": False}, set()),
        ({"entrances": 2, "entrance_labels": "1单元、2单元"}, set()),
        ({"entrances": 3, "entrance_labels": "1单元、2单元"}, {"entrance_labels"}),
        ({"entrance_labels": "东门 西门"}, set()),
        ({"entrance_labels": "东门,东门"}, {"entrance_labels"}),
        ({"entrances": 2}, set()),
        ({"built_year": 2027}, {"built_year"}),
        ({"built_year": 2026}, set()),
        ({"notice_on": date(2026, 3, 3)}, {"notice_on"}),
        ({"notice_on": TODAY}, set()),
    ],
)
def test_what_a_building_cannot_have(fields: dict[str, object], wrong: set[str]) -> None:
    found = checks.building_faults(BuildingFields("1号", **fields), TODAY)  # type: ignore[arg-type]
    assert set(found) == wrong
    assert all(found.values())


@pytest.mark.parametrize(
    ("fields", "in_force", "doubted"),
    [
        ({"heritage_class": 9}, 9, True),
        ({}, 9, True),
        ({"protection": "保护门厅"}, 9, True),
        ({"protection": "保护门厅"}, None, True),
        ({"protection": "保护门厅"}, 0, True),
        ({"notice_no": "沪房保〔2020〕1号"}, None, True),
        ({"notice_on": TODAY}, 0, True),
        ({"protection": "保护门厅"}, 3, False),
        ({"protection": " "}, None, False),
        ({}, None, False),
        ({}, 0, False),
        ({"heritage_class": 1}, 1, False),
    ],
)
def test_a_protected_building_without_class_is_a_doubt(
    fields: dict[str, object], in_force: int | None, doubted: bool
) -> None:
    found = checks.building_doubts(BuildingFields("1号", **fields), in_force)  # type: ignore[arg-type]
    assert set(found) == ({"heritage_class"} if doubted else set())


@given(st.none() | st.booleans(), st.none() | st.integers(0, 9))
def test_the_number_of_lifts_answers_only_what_was_not(has_lift: bool | None, lifts: int | None) -> None:
    answered = checks.with_lift(BuildingFields("1号", has_lift=has_lift, lifts=lifts)).has_lift
    assert answered == (has_lift if has_lift is not None else None if lifts is None else lifts >= 1)


fen = st.integers(0, 10**9)


@given(st.none() | fen, st.none() | fen)
def test_thirty_per_cent_exactly_is_not_below(first: int | None, balance: int | None) -> None:
    below = checks.needs_top_up(first, balance)
    if first is None or balance is None:
        assert below is None
    else:
        assert below == (balance * 100 < first * 30)


@given(fen, fen)
def test_a_balance_is_doubted_above_the_deposit_and_announced_below_thirty_per_cent(
    first: int, balance: int
) -> None:
    found = checks.unit_doubts(UnitFields(1, label="1室", fund_first=first, fund_balance=balance))
    assert ("above" in found.get("fund_balance", "")) == (balance > first)
    assert ("Below" in found.get("fund_balance", "")) == (
        balance / 3 < first / 10 and 10 * balance < 3 * first
    )


@pytest.mark.parametrize(
    ("number", "doubted"),
    [
        (DEED, False),
        ("310101 001001 GB00001 F00010001", False),
        ("３１０１０１001001gb00001f00010001", False),
        ("310101001001GB00001W00000000", False),
        ("310101001001GB00001F0001000", True),
        ("沪房地黄字2003第1号", True),
        ("", False),
    ],
)
def test_an_odd_number_of_a_real_estate_unit_is_a_doubt(number: str, doubted: bool) -> None:
    assert (
        "real_estate_no" in checks.unit_doubts(UnitFields(1, label="1室", real_estate_no=number))
    ) == doubted


pairs = st.lists(
    st.tuples(
        st.text("社区云物业abc", min_size=1, max_size=8), st.text("0123456789-", min_size=1, max_size=12)
    ),
    max_size=5,
    unique_by=lambda pair: pair[0],
)


@given(pairs)
def test_numbers_of_other_systems_are_read_as_they_are_written(known: list[tuple[str, str]]) -> None:
    assert other_ids.read_ids(other_ids.write_ids(tuple(known))) == tuple(known)


@pytest.mark.parametrize(
    ("text", "read", "is_fault"),
    [
        ("社区云：10086\n\n 物业 : 7-501 ", (("社区云", "10086"), ("物业", "7-501")), False),
        ("10086", (("", "10086"),), True),
        ("社区云:", (("社区云", ""),), True),
        ("社区云:1\n社区云:2", (("社区云", "1"), ("社区云", "2")), True),
        ("社" * 21 + ":1", (("社" * 21, "1"),), True),
        ("", (), False),
    ],
)
def test_a_line_without_system_or_number_is_refused(
    text: str, read: tuple[tuple[str, str], ...], is_fault: bool
) -> None:
    assert other_ids.read_ids(text) == read
    found = checks.unit_faults(UnitFields(1, label="1室", other_ids=read))
    assert set(found) == ({"other_ids"} if is_fault else set())


# --- services


@pytest.fixture
def lane(seat: Seat) -> int:
    """A lane in a historic area with one gate."""
    fields = EstateFields("南昌路168弄", historic_area="control", preserved_block=True, heritage_class=3)
    key = estates.save_estate(seat, fields).id
    buildings.save_building(seat, BuildingFields("4号", estate_id=key))
    return key


def _gate(seat: Seat, **more: object) -> tuple[str, ...]:
    """Save what is the building's own, and return the doubts."""
    line = buildings.read_building(seat, 1)
    return buildings.save_building(seat, replace(line.fields, **more), line.known).doubts  # type: ignore[arg-type]


def test_a_building_keeps_all_that_is_recorded(seat: Seat, lane: int) -> None:
    fields = BuildingFields(
        "6号", 3, True, "new-lane", 2, "保护木楼梯。", lane, 1931, Structure.TIMBER_1, 2, "前门、后门", 1, "core",
        False, True, False, "沪房保〔2020〕12号", date(2020, 5, 6), 4,
    )  # fmt: skip
    saved = buildings.save_building(seat, fields)
    assert (buildings.read_building(seat, saved.id).fields, saved.doubts) == (fields, ())


def test_flags_of_its_own_go_before_those_of_the_estate(seat: Seat, lane: int) -> None:
    home = units.save_unit(seat, UnitFields(1, label="亭子间")).id

    def told() -> tuple[str, bool, bool, bool, HeritageClass | None]:
        with seat.store.use() as session:
            unit = unit_summary(session, home)
        return (
            unit.historic_area,
            unit.preserved_block,
            unit.retained_building,
            unit.cultural_relic,
            unit.heritage_class,
        )

    assert told() == ("control", True, False, False, HeritageClass.THIRD)
    _gate(seat, historic_area="core", preserved_block=False, cultural_relic=True, heritage_class=9)
    assert told() == ("core", False, False, True, HeritageClass.LISTED)


def test_saving_tells_of_a_class_that_is_missing(seat: Seat, lane: int) -> None:
    assert _gate(seat, heritage_class=9, protection="保护门厅")
    assert _gate(seat, heritage_class=None) == ()  # the estate says class three
    row = estates.estate_detail(seat, lane)
    saved = estates.save_estate(seat, replace(row.fields, heritage_class=0), lane, row.version)
    assert saved.doubts == ()
    assert "Choose the class" in _gate(seat, floors=3)[0]
    row = estates.estate_detail(seat, lane)
    assert estates.save_estate(seat, replace(row.fields, heritage_class=9), lane, row.version).doubts
    assert "housing authority" in _gate(seat, floors=2)[0]


def test_the_first_page_asks_for_a_class_of_estate_or_building(seat: Seat, lane: int) -> None:
    def asked() -> list[str]:
        with seat.store.use() as session:
            return [task.title for task in dues.tasks(session, TODAY)]

    assert asked() == []
    _gate(seat, heritage_class=HeritageClass.LISTED)
    assert asked() == ["1 estate has listed houses whose class is not known"]


def test_several_buildings_are_not_given_a_lift_that_one_has_not(seat: Seat, lane: int) -> None:
    buildings.save_building(seat, BuildingFields("6号", lifts=2, estate_id=lane))
    lines = buildings.list_buildings(seat, lane)
    assert [line.fields.has_lift for line in lines] == [None, True]
    with pytest.raises(InvalidInput, match="6号: The building is entered as without a lift"):
        buildings.change_buildings(seat, [line.known for line in lines], {"has_lift": False})


def test_a_building_with_homes_is_not_removed_and_says_how_many(seat: Seat, lane: int) -> None:
    for name in ("前楼", "亭子间"):
        units.save_unit(seat, UnitFields(1, label=name))
    with pytest.raises(Conflict, match="4号 cannot be removed: it still has 2 units"):
        buildings.remove_building(seat, 1)
    with pytest.raises(Conflict, match="南昌路168弄 cannot be removed: it still has 1 building, 2 units"):
        estates.remove_estate(seat, lane)


def test_a_home_is_found_by_its_numbers(seat: Seat, lane: int) -> None:
    saved = units.save_unit(
        seat,
        UnitFields(
            1, label="亭子间", real_estate_no="310101001001gb00001f00010001", fund_account="3100-2201-88",
            fund_first=100_000, fund_balance=20_000, fund_balance_on=date(2026, 1, 31),
            other_ids=(("社区云", "86010042"), ("物业", "7-501")),
        ),
    )  # fmt: skip
    units.save_unit(seat, UnitFields(1, label="前楼"))
    fields = units.unit_detail(seat, saved.id).fields
    assert (fields.real_estate_no, fields.other_ids) == (DEED, (("社区云", "86010042"), ("物业", "7-501")))
    assert "30 %" in saved.doubts[0]
    for typed in (DEED, DEED.lower(), "00010001", "86010042", "10042", "31002201", "220188"):
        found = units.list_units(seat, UnitQuery(text=typed)).rows
        assert [row.id for row in found] == [saved.id], typed
    units.save_unit(seat, replace(fields, other_ids=()), saved.id, saved.version)
    assert units.list_units(seat, UnitQuery(text="86010042")).total == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"fund_balance": 1, "fund_balance_on": date(2999, 1, 1)}, "fund_balance_on"),
        ({"fund_balance_on": date(2026, 1, 31)}, "fund_balance"),
        ({"other_ids": (("", "10086"),)}, "other_ids"),
        ({"fund_account": "1" * 41}, "fund_account"),
    ],
)
def test_what_a_home_cannot_have_is_refused_beside_its_field(
    seat: Seat, lane: int, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        units.save_unit(seat, UnitFields(1, label="前楼", **more))  # type: ignore[arg-type]
    assert set(refusal.value.fields) == {field}


# --- pages


def test_the_form_of_a_building_asks_for_the_class_while_it_is_typed(
    desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Callable[[], None]
) -> None:
    page = buildings_page(desk, in_estate=False)
    front(page.page)
    settled()
    page.open_record(1)
    settled()
    form = page.view.pane.form
    assert form.doubts() == {}
    form.set_value("heritage_class", 9)
    assert "housing authority" in form.doubts()["heritage_class"]
    form.set_value("lifts", 2)
    form.set_value("has_lift", False)
    form.submit()
    settled()
    assert "without a lift" in form.errors()["lifts"]
    form.set_value("has_lift", True)
    form.submit()
    settled()
    assert "housing authority" in form.doubts()["heritage_class"]
    form.set_value("heritage_class", 3)
    assert form.doubts() == {}
    form.set_value("heritage_class", None)
    form.submit()
    settled()
    form.set_value("protection", "保护门厅")  # the estate says nothing of a class
    assert "Choose the class" in form.doubts()["heritage_class"]


def test_a_home_shows_its_numbers_and_a_low_fund(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    page.open_unit(1)
    settled()
    panel = page.estate.units.panel
    panel.edit_button.click()
    form = panel.unit_pane.form
    form.set_value("fund_first", 100_000)
    form.set_value("fund_balance", 29_999)
    form.set_value("real_estate_no", "沪房1号")
    form.set_value("other_ids", "10086")
    assert set(form.doubts()) == {"fund_balance", "real_estate_no"}
    form.submit()
    settled()
    assert "colon" in form.errors()["other_ids"]
    form.set_value("other_ids", "社区云：10086")
    form.submit()
    settled()
    shown = " ".join(text.text() for text in panel.findChildren(QLabel))
    assert "社区云 10086" in shown
    assert "below 30 %" in shown


def test_the_overview_warns_of_a_class_that_is_not_known() -> None:
    chip = protection_chip(EstateFields(heritage_class=HeritageClass.LISTED, historic_area="none"))
    assert chip is not None
    assert (chip.text, chip.tone) == ("Outstanding historic building, class not known", "warn")
