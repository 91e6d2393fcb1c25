"""Undoing an import of which some records were changed or used since."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.core.errors import Conflict, NotAllowed
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import units
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.finish import finish_imports
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.search import index as search
from tests.conftest import PASSWORD
from tests.roster.undoing import ROWS, Clerk, names_left

FIRST = ["福元小区", "1号", "101室", "丁华", "13900000001"]
HOME = "福元小区1号101室"


@pytest.fixture
def clerk(seat: Seat, tmp_path: Path) -> Clerk:
    """A clerk at the desk."""
    return Clerk(seat, tmp_path)


@dataclass(frozen=True)
class Case:
    """What is done after the import, what is left after its undo, and which places are listed with which reason."""

    then: Callable[[Clerk], object]
    left: list[str]
    places: list[tuple[str, str, str]]


CASES = {
    "nothing": Case(lambda clerk: None, [], []),
    "a household was changed": Case(
        lambda clerk: clerk.change_household("丁华", people=3),
        FIRST,
        [(HOME, "丁*", "Household changed")],
    ),
    "its telephones were replaced": Case(
        lambda clerk: clerk.change_household("丁华", phones=("13900000007",)),
        [*FIRST[:4], "13900000007"],
        [(HOME, "丁*", "Household changed, Telephone numbers changed")],
    ),
    "its telephones were removed": Case(
        lambda clerk: clerk.change_household("丁华", phones=()),
        FIRST[:4],
        [(HOME, "丁*", "Household changed, Telephone numbers changed")],
    ),
    "a household and its telephones were changed": Case(
        lambda clerk: clerk.change_household("丁华", people=3, phones=("13900000007",)),
        [*FIRST[:4], "13900000007"],
        [(HOME, "丁*", "Household changed, Telephone numbers changed")],
    ),
    "a household was moved to another home": Case(
        lambda clerk: clerk.change_household("丁华", "201室"),
        ["福元小区", "2号", "201室", "丁华", "13900000001"],
        [("福元小区2号201室", "丁*", "Household changed")],
    ),
    "a household was added to a home": Case(
        lambda clerk: clerk.add_household("101室", "后来者"),
        ["福元小区", "1号", "101室", "后来者"],
        [(HOME, "后*", "has 1 household since")],
    ),
    "a household was removed": Case(lambda clerk: clerk.remove_household("丁华"), [], []),
    "a home was removed": Case(lambda clerk: clerk.remove_home("101室", "丁华"), [], []),
    "a home was changed": Case(
        lambda clerk: clerk.change_unit("101室", area=5_000),
        ["福元小区", "1号", "101室"],
        [(HOME, "", "Home changed")],
    ),
    "a home was moved to another building": Case(
        lambda clerk: clerk.change_unit("101室", building_id=clerk.building("2号")),
        ["福元小区", "2号", "101室"],
        [("福元小区2号101室", "", "Home changed")],
    ),
    "a home was added to a building": Case(
        lambda clerk: clerk.add_unit("1号", "301室"),
        ["福元小区", "1号", "301室"],
        [("福元小区1号", "", "has 1 unit since")],
    ),
    "a building was renamed": Case(
        lambda clerk: clerk.rename_building("1号", "9号"),
        ["福元小区", "9号"],
        [("福元小区9号", "", "Building changed")],
    ),
    "a building was added": Case(
        lambda clerk: clerk.add_building("9号"),
        ["福元小区", "9号"],
        [("福元小区", "", "has 1 building since")],
    ),
    "the estate was renamed": Case(
        lambda clerk: clerk.rename_estate("新元小区"), ["新元小区"], [("新元小区", "", "Estate changed")]
    ),
    "a renovation was filed": Case(
        lambda clerk: clerk.file_case("101室"), FIRST, [(HOME, "丁*", "has 1 renovation since")]
    ),
    "a lift was added to a building": Case(
        lambda clerk: clerk.add_facility("1号"),
        ["福元小区", "1号"],
        [("福元小区1号", "", "has 1 facility since")],
    ),
    "a lift was added to the estate": Case(
        lambda clerk: clerk.add_facility(), ["福元小区"], [("福元小区", "", "has 1 facility since")]
    ),
    "the estate was visited": Case(
        lambda clerk: clerk.log_visit(), ["福元小区"], [("福元小区", "", "has 1 visit since")]
    ),
    "a person was erased": Case(
        lambda clerk: clerk.erase("丁华"),
        ["福元小区", "1号", "101室", "已匿名"],
        [(HOME, "已匿名", "Household changed")],
    ),
    "another roster added a household to a home": Case(
        lambda clerk: clerk.import_rows(ROWS[0], "福元小区,1号,101室,后来者,13900000008"),
        ["福元小区", "1号", "101室", "后来者", "13900000008"],
        [(HOME, "后*", "has 1 household since")],
    ),
    "another roster added homes to a building": Case(
        lambda clerk: clerk.import_rows("福元小区,1号,301室,后来者,", "福元小区,1号,302室,后到者,"),
        ["福元小区", "1号", "301室", "302室", "后到者", "后来者"],
        [("福元小区1号", "", "has 2 units since")],
    ),
    "another roster added a building to the estate": Case(
        lambda clerk: clerk.import_rows("福元小区,9号,301室,后来者,"),
        ["福元小区", "9号", "301室", "后来者"],
        [("福元小区", "", "has 1 building since")],
    ),
    "a form was left unsaved": Case(
        lambda clerk: drafts.save_draft(clerk.seat, f"household:{clerk.household('丁华')}", {"head": "丁"}),
        [],
        [],
    ),
}


def is_sound(seat: Seat) -> bool:
    """Return whether nothing dangles and the trail is whole."""
    return [fault for finding in check_store(seat.store) for fault in finding.faults] == []


def listed(undoing: Undoing) -> list[tuple[str, str, str]]:
    return [(place.address, place.holder, place.reason) for place in undoing.places]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_was_changed_or_used_stays_and_the_rest_goes(clerk: Clerk, case: Case) -> None:
    number = clerk.import_rows(*ROWS)
    case.then(clerk)
    before = names_left(clerk.seat)
    asked = imports.preview_undo(clerk.seat, number)
    assert names_left(clerk.seat) == before
    done = imports.undo_import(clerk.seat, number)
    assert names_left(clerk.seat) == case.left
    assert asked == done
    assert listed(done) == case.places
    assert is_sound(clerk.seat)
    view = next(view for view in imports.list_imports(clerk.seat) if view.id == number)
    assert (view.undone_at is not None, view.counts["kept"]) == (True, len(case.places))
    assert view.counts["kept_homes"] == sum(place.kind == "unit" for place in done.places)
    left = imports.kept_records(clerk.seat, number)
    assert (listed(left), left.kept) == (case.places, done.kept)


def test_counts_say_what_goes_and_what_stays(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    clerk.change_household("丁华", people=3)
    undoing = imports.preview_undo(clerk.seat, number)
    assert undoing.removed == {"estate": 0, "building": 1, "unit": 2, "household": 2, "household_phone": 2}
    assert undoing.kept == {"estate": 1, "building": 1, "unit": 1, "household": 1, "household_phone": 1}


def test_the_search_finds_exactly_what_stays(clerk: Clerk) -> None:
    clerk.import_rows("福元小区,9号,901室,先来者,13900000099")
    number = clerk.import_rows(
        *ROWS, "福元小区,9号,901室,先来者,13900000099", "福元小区,9号,901室,同住者,13900000098"
    )
    clerk.change_household("丁华", people=3)
    clerk.change_unit("102室", area=5_000)
    imports.undo_import(clerk.seat, number)
    home, empty, other = clerk.unit("101室"), clerk.unit("102室"), clerk.unit("901室")
    estate = clerk.estate()
    expected = {
        "丁华": [home],
        "李新": [],
        "102室": [empty],
        "王五": [],
        "先来者": [other],
        "同住者": [],
        "0098": [],
        "0001": [home],
    }
    with clerk.seat.store.sessions() as session:
        found = {typed: [hit.record_id for hit in search.find(session, typed, [UNIT])] for typed in expected}
        estates = [hit.record_id for hit in search.find(session, "福元小区", [ESTATE])]
    assert found == expected
    assert estates == [estate]


def test_an_import_of_which_nothing_is_untouched_is_refused(clerk: Clerk) -> None:
    number = clerk.import_rows(ROWS[0])
    clerk.change_household("丁华", people=3)
    before = names_left(clerk.seat)
    for service in (imports.preview_undo, imports.undo_import):
        with pytest.raises(Conflict, match="Changed or added since: 1 household"):
            service(clerk.seat, number)
    assert names_left(clerk.seat) == before
    assert imports.list_imports(clerk.seat)[0].undone_at is None


def test_removed_telephones_alone_keep_an_import_of_one_household(clerk: Clerk) -> None:
    number = clerk.import_rows(ROWS[0])
    clerk.change_household("丁华", phones=())
    with pytest.raises(Conflict, match="Changed or added since: 1 household"):
        imports.undo_import(clerk.seat, number)


def test_an_import_removed_by_hand_can_still_be_undone(clerk: Clerk) -> None:
    first = clerk.import_rows(*ROWS)
    number = clerk.import_rows(ROWS[0], "福元小区,1号,101室,后来者,13900000008")
    clerk.remove_household("后来者")
    undoing = imports.undo_import(clerk.seat, number)
    assert (undoing.removed, undoing.places) == ({"household": 0, "household_phone": 0}, ())
    assert imports.undo_import(clerk.seat, first).kept == dict.fromkeys(
        ("estate", "building", "unit", "household", "household_phone"), 0
    )
    assert names_left(clerk.seat) == []


def test_what_stayed_is_not_undone_again(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    clerk.change_household("丁华", people=3)
    imports.undo_import(clerk.seat, number)
    for service in (imports.preview_undo, imports.undo_import):
        with pytest.raises(Conflict, match="already undone"):
            service(clerk.seat, number)
    assert names_left(clerk.seat) == FIRST


def test_two_imports_in_one_building_are_undone_in_either_order(clerk: Clerk) -> None:
    first = clerk.import_rows(*ROWS)
    second = clerk.import_rows("福元小区,1号,301室,后来者,")
    imports.undo_import(clerk.seat, first)
    assert names_left(clerk.seat) == ["福元小区", "1号", "301室", "后来者"]
    imports.undo_import(clerk.seat, second)
    assert names_left(clerk.seat) == ["福元小区", "1号"]
    left = imports.kept_records(clerk.seat, first)
    assert listed(left) == [
        ("福元小区", "", "no longer used; can be removed"),
        ("福元小区1号", "", "no longer used; can be removed"),
    ]


def test_the_roster_can_be_imported_again_around_what_stayed(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    clerk.change_household("丁华", people=3)
    imports.undo_import(clerk.seat, number)
    again = clerk.import_rows(*ROWS)
    assert imports.list_imports(clerk.seat)[0].counts["households"] == 2
    imports.undo_import(clerk.seat, again)
    assert names_left(clerk.seat) == FIRST


def test_what_stays_sorts_and_reads_as_before(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    clerk.change_household("李新", people=3)
    key = clerk.unit("102室")
    before = units.unit_detail(clerk.seat, key)
    imports.undo_import(clerk.seat, number)
    assert units.unit_detail(clerk.seat, key) == before


def test_what_stays_of_an_import_that_was_not_findable_is_found(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    clerk.change_household("丁华", people=3)
    with clerk.seat.store.sessions() as session:
        run = session.get_one(ImportRun, number)
        run.findable = False
        search.drop(session, UNIT, range(run.created["unit"][0], run.created["unit"][1] + 1))
        session.commit()
    imports.undo_import(clerk.seat, number)
    assert finish_imports(clerk.seat) == 0
    with clerk.seat.store.sessions() as session:
        assert len(search.find(session, "丁华", [UNIT])) == 1


def test_only_what_was_undone_has_records_that_stayed(clerk: Clerk) -> None:
    number = clerk.import_rows(*ROWS)
    with pytest.raises(Conflict, match="was not undone"):
        imports.kept_records(clerk.seat, number)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PROPERTY, Role.REVIEWER])
def test_other_roles_undo_nothing_and_see_no_list(
    clerk: Clerk, seat_as: Callable[[Role], Seat], role: Role
) -> None:
    number = clerk.import_rows(*ROWS)
    for service in (imports.preview_undo, imports.undo_import, imports.kept_records):
        with pytest.raises(NotAllowed):
            service(seat_as(role), number)
    with clerk.seat.store.sessions() as session:
        assert session.query(Household).count() == len(ROWS)


def test_an_import_of_another_or_of_long_ago_takes_two_persons(clerk: Clerk) -> None:
    seat, done = clerk.seat, clerk.import_rows(*ROWS)
    later = replace(seat, now=lambda: datetime.now(UTC) + timedelta(days=2))
    other = replace(seat, operator=replace(seat.operator, login="other"))
    for asking in (later, other):
        with pytest.raises(SecondNeeded):
            imports.undo_import(asking, done)
    assert imports.undo_import(replace(later, second=Second("reviewer", PASSWORD)), done).removed
