"""Rows of several streets in one estate: the same number in another street is another house."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Building, Estate
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport
from tests.roster.rosters import Rows, draft, plan, summary_of

THREE: Rows = [
    ["小区", "路", "弄", "号", "室", "姓名"],
    ["福元小区", "南昌路", "500", "1", "101", "张三"],
    ["福元小区", "南昌路", "600", "1", "101", "李四"],
    ["福元小区", "复兴中路", "", "1", "101", "王五"],
]
HOUSES = ["南昌路500弄1号", "南昌路600弄1号", "复兴中路1号"]
ADDRESSES: Rows = [
    ["地址", "姓名"],
    ["南昌路500弄1号101室", "张三"],
    ["南昌路600弄1号101室", "李四"],
    ["复兴中路1号101室", "王五"],
]
PLAIN: Rows = [["门牌号", "室号", "姓名"], ["1号", "101", "赵六"]]
Import = Callable[[Rows], ImportReport]


@pytest.fixture
def into_fuyuan(seat: Seat) -> Import:
    """Import rows into 福元小区."""
    return lambda rows: imports.import_roster(seat, draft(rows, estate="福元小区", one_estate=True))


def labels(seat: Seat) -> list[str]:
    with seat.store.sessions() as session:
        return sorted(session.scalars(select(Building.label)))


def enter_address(seat: Seat, address: str) -> None:
    with seat.store.sessions() as session:
        session.scalars(select(Estate)).one().address = address
        session.commit()


@pytest.mark.parametrize(
    ("rows", "estate", "file"),
    [
        (THREE, "", "导出.xlsx"),
        (THREE, "福元小区", "导出.xlsx"),
        ([row[1:] for row in THREE], "福元小区", "导出.xlsx"),
        (ADDRESSES, "", "福元小区业主名册.xlsx"),
    ],
)
def test_houses_of_several_streets_stay_apart(rows: Rows, estate: str, file: str) -> None:
    made = draft(rows, estate=estate, file=file, one_estate=True)
    assert made.estates == ("福元小区",)
    assert [building for building, _unit, _name in summary_of(made)] == HOUSES
    planned = plan(made)
    assert (len(planned.buildings), len(planned.units), len(planned.households)) == (3, 3, 3)
    told = [problem for problem in made.problems if "another building" in problem.message]
    assert [(problem.row, problem.severity) for problem in told] == [(n, WARNING) for n in (2, 3, 4)]
    assert made.addresses == {}, "none of the three is the address of the estate"


def test_the_street_that_the_estate_is_named_for_is_not_repeated() -> None:
    made = draft(ADDRESSES[:3], estate="南昌路500弄", one_estate=True)
    assert [building for building, _unit, _name in summary_of(made)] == ["1号", "南昌路600弄1号"]


def test_a_second_import_finds_the_houses_again(seat: Seat, into_fuyuan: Import) -> None:
    into_fuyuan(THREE)
    for rows in (THREE, THREE[:2], [THREE[0], THREE[2]]):
        assert (into_fuyuan(rows).units, into_fuyuan(rows).duplicates) == (0, len(rows) - 1)
    assert labels(seat) == sorted(HOUSES)


def test_only_the_street_of_the_estate_joins_its_houses(seat: Seat, into_fuyuan: Import) -> None:
    into_fuyuan(PLAIN)
    enter_address(seat, "上海市黄浦区南昌路500弄")
    report = into_fuyuan(THREE)
    assert labels(seat) == ["1号", "南昌路600弄1号", "复兴中路1号"]
    assert (report.buildings, report.units, report.households) == (2, 2, 2)
    assert report.comparison.count(Group.OTHER_HOLDER) == 1
    told = [problem.row for problem in report.problems if "has a 1号 already" in problem.message]
    assert told == [3, 4]


def test_a_single_other_street_is_another_building(seat: Seat, into_fuyuan: Import) -> None:
    into_fuyuan(PLAIN)
    enter_address(seat, "建国中路100弄")
    assert (into_fuyuan(THREE[:2]).buildings, labels(seat)) == (1, ["1号", "南昌路500弄1号"])


def test_rows_join_homes_of_an_estate_without_address_with_a_warning_each(
    seat: Seat, into_fuyuan: Import
) -> None:
    into_fuyuan([*PLAIN, ["1号", "102", "孙七"]])
    strangers = [*THREE[:2], ["福元小区", "南昌路", "500", "1", "102", "李四"]]
    report = into_fuyuan(strangers)
    assert (labels(seat), report.units, report.households) == (["1号"], 0, 0)
    assert report.comparison.count(Group.OTHER_HOLDER) == 2
    told = [problem for problem in report.problems if "joins the home" in problem.message]
    assert [(problem.row, problem.severity) for problem in told] == [(2, WARNING), (3, WARNING)]


def test_households_that_are_there_without_a_street_are_not_added_again(
    seat: Seat, into_fuyuan: Import
) -> None:
    into_fuyuan([["门牌号", "室号", "姓名"], ["1号", "101", "李四"]])
    enter_address(seat, "南昌路500弄")
    report = into_fuyuan([THREE[0], THREE[2]])
    assert (report.units, report.duplicates, labels(seat)) == (0, 1, ["1号"])
