"""Free texts without who lives there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.estates.catalogue import name_words
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.rules.free_texts import Names, is_looked_for, without_residents
from fuyuan_desk.estates.service import buildings, estates, households, people, units
from fuyuan_desk.estates.service.free_texts import FreeTexts

KNOWN = Names.of(["王小明", "張三丰", "沈文娟", "沈文"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明 13911112222 说三楼灯坏", "王* 139****2222 说三楼灯坏"),
        ("身份证 310101199001011234", "身份证 310101********1234"),
        ("身份证３１０１０１１９９００１０１１２３Ｘ", "身份证310101********123X"),
        ("１３９１１１１２２２２", "139****2222"),
        ("139 1111 2222、139-1111-2222", "139****2222、139****2222"),
        ("+8613911112222，86-13911112222", "139****2222，139****2222"),
        ("021-62093705 021－62093705 (021)62093705 （021）6209 3705", " ".join(["021-****3705"] * 4)),
        ("02162093705", "021-****3705"),
        ("0571-88123456", "057****3456"),
        ("座机62093705转801", "座机620****3705转801"),
        ("座机 6209 3705", "座机 620****3705"),
        ("021-12345678 回电", "021-****5678 回电"),
        ("表号 20260311", "表号 20260311"),
        ("接 PD2026-000123，设备 DT-62093705，3号2201室", "接 PD2026-000123，设备 DT-62093705，3号2201室"),
        ("（三楼）限 2026-03-11 18:00", "（三楼）限 2026-03-11 18:00"),
        ("维保 4008123123", "维保 4008123123"),
        ("5号2201 2202室、2203 2204号", "5号2201 2202室、2203 2204号"),
        ("张三丰和張三豐、王小明家", "张*和張*、王*家"),
        ("沈文娟与沈文同住", "沈*与沈*同住"),
        ("302室王丽华（13800138000）门口堆放纸箱", "302室王*（138****8000）门口堆放纸箱"),
        ("3号楼302室王丽华13800138000", "3号楼302室王*138****8000"),
        ("302室欧阳建国家、5户周强反映漏水", "302室欧*家、5户周*反映漏水"),
        ("王丽华反映，电话13800138000", "王*反映，电话138****8000"),
        ("请李雷（联系电话：62093705）来修", "请李*（联系电话：620****3705）来修"),
        ("302室马桶堵、302室高空抛物、302室金属门坏", "302室马桶堵、302室高空抛物、302室金属门坏"),
        ("高空抛物投诉62093705，方案见附件", "高空抛物投诉620****3705，方案见附件"),
    ],
)
def test_a_text_names_no_resident(text: str, shown: str) -> None:
    assert without_residents(text, name_words(), [KNOWN], ["021-12345678"]) == shown


@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    wide=st.booleans(),
    around=st.text("说家，。 王", max_size=9),
)
def test_no_mobile_is_left_however_it_is_typed(number: str, wide: bool, around: str) -> None:
    typed = number.translate({ord(str(n)): ord("０") + n for n in range(10)}) if wide else number
    assert number not in without_residents(f"{around}{typed}{around}", name_words())


@pytest.mark.parametrize(
    ("name", "is_wanted"),
    [("王小明", True), ("欧阳娜", True), ("Li Wei", True), ("业主", False), ("王", False), ("已匿名", False)],
)
def test_what_stands_in_place_of_a_name_is_not_looked_for(name: str, is_wanted: bool) -> None:
    assert is_looked_for(name, name_words()) is is_wanted


@permit(*EVERYONE)
def read(seat: Seat, estate_id: int, text: str, *, printed: bool) -> str:
    with seat.reading() as session:
        return FreeTexts(session, printed=printed).of(estate_id, ["沈青"], ["77"])(text)


def test_only_who_may_reveal_reads_of_residents_and_no_paper_names_them(
    seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    lane, tower = (estates.save_estate(seat, EstateFields(name)).id for name in ("南昌路168弄", "富南大厦"))
    house = buildings.save_building(seat, BuildingFields("4号", estate_id=lane)).id
    home = units.save_unit(seat, UnitFields(house, label="101室")).id
    held = households.save_household(seat, home, HouseholdFields("蔡兰刚")).id
    people.save_person(seat, held, PersonFields("沈文娟", "child"))
    text = "蔡兰刚、沈文娟、沈青、苏强平 77"
    masked = "蔡*、沈*、沈*、苏强平 **"
    company = seat_as(Role.PROPERTY)
    company = replace(company, operator=replace(company.operator, estates=frozenset({lane})))
    for reader in (company, *(seat_as(role) for role in Role if role is not Role.PROPERTY)):
        may_reveal = reader.operator.role in (Role.ADMIN, Role.CLERK, Role.REVIEWER)
        assert read(reader, lane, text, printed=False) == (text if may_reveal else masked)
        assert read(reader, lane, text, printed=True) == masked
    assert read(seat, tower, text, printed=True) == "蔡兰刚、沈文娟、沈*、苏强平 **"
