"""A person's rights: search, report, and erasure of what the law does not keep."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.service import households
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.privacy.catalogue import grounds
from fuyuan_desk.privacy.facts import Candidate, Key
from fuyuan_desk.privacy.service import matching, people
from tests.privacy.neighbours import (
    ID,
    NAME,
    OTHER,
    OTHER_ID,
    OTHER_PHONE,
    PHONE,
    add_home,
    agreed,
    everything,
    file_case,
    log_visit,
    move_out,
    set_values,
    trail,
    value,
)


def keys(candidates: tuple[Candidate, ...]) -> list[set[Key]]:
    return [set(candidate.keys) for candidate in candidates]


# --- finding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NAME, "兰刚", ID, "000x", PHONE, "5678", " 蔡兰刚 "])
def test_a_person_is_found_in_all_records_at_once(seat: Seat, typed: str) -> None:
    home = add_home(seat)
    case = file_case(seat, home)
    [found] = people.find_people(seat, typed)
    assert set(found.keys) == {Key("household", home.household), Key("renovation_case", case)}
    assert (found.name, found.id_number, found.phones) == ("蔡*", "310101********000X", ("138****5678",))
    assert NAME not in repr(found)
    assert ID not in repr(found)


def test_people_of_one_name_are_distinguished_by_ids_and_homes(seat: Seat) -> None:
    one = add_home(seat)
    other = add_home(seat, "502室", id_number=OTHER_ID, phones=())
    third = add_home(seat, "503室", id_number="", phones=())
    same = add_home(seat, "504室", id_number="", phones=(PHONE,))
    assert sorted(map(sorted, keys(people.find_people(seat, NAME)))) == sorted(
        map(
            sorted,
            [
                {Key("household", one.household), Key("household", same.household)},
                {Key("household", other.household)},
                {Key("household", third.household)},
            ],
        )
    )


def test_the_foreman_of_a_case_is_another_person_than_its_applicant(seat: Seat) -> None:
    case = file_case(seat, add_home(seat))
    [found] = people.find_people(seat, OTHER)
    assert found.keys == (Key("renovation_case", case, "contractor"),)
    assert found.phones == ("139****4321",)


def test_a_mention_by_name_only_is_listed_separately(seat: Seat) -> None:
    add_home(seat)
    visit = log_visit(seat, accompanying=f"苏强平、{OTHER}")
    [found] = people.find_people(seat, OTHER)
    assert found.only_by_name
    assert found.keys == (Key("visit", visit, "", 1),)


def test_companies_and_anonymised_persons_are_not_found(seat: Seat) -> None:
    add_home(seat, head="福元物业管理有限公司", id_number="", phones=())
    gone = add_home(seat, "502室", id_number="", phones=())
    set_values(seat, "household", gone.household, head=ANONYMOUS)
    assert people.find_people(seat, "福元物业") == ()
    assert people.find_people(seat, ANONYMOUS) == ()


@pytest.mark.parametrize("typed", ["", "蔡", "567", "%", "_"])
def test_too_little_is_refused(seat: Seat, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        people.find_people(seat, typed)
    assert refused.value.fields.keys() == {"text"}


def test_too_many_are_refused_rather_than_cut_off(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_HITS", 2)
    for number in (501, 502):
        add_home(seat, f"{number}室", id_number="", phones=())
    assert len(people.find_people(seat, NAME)) == 2
    add_home(seat, "503室", id_number="", phones=())
    with pytest.raises(Conflict):
        people.find_people(seat, NAME)


def test_wildcard_characters_are_literal(seat: Seat) -> None:
    add_home(seat)
    assert people.find_people(seat, "%%") == ()
    assert people.find_people(seat, "__") == ()


def test_lists_of_names_are_split() -> None:
    assert matching.people_in("某甲、某乙，某丙 某丁") == ["某甲", "某乙", "某丙", "某丁"]
    assert matching.people_in("") == []


# --- the report ------------------------------------------------------------------------------------------------


def test_the_report_contains_all_of_a_person_and_nothing_of_others(seat: Seat) -> None:
    home = add_home(seat, contact="weixin-9981")
    case = file_case(seat, home)
    households.reveal(seat, home.household, "id_number")
    [found] = people.find_people(seat, NAME)
    report = people.person_report(seat, found.keys, "本人，身份证", "核对信息")
    texts = {value for held in report.held for _label, value in held.values}
    assert {NAME, ID, PHONE, "weixin-9981", "独居老人，有高血压", "申请人腿脚不便", "业主"} <= texts
    assert OTHER not in texts
    assert OTHER_PHONE not in texts
    assert report.number == "GR2026-0001"
    assert report.name == NAME
    assert NAME not in repr(report)
    first = report.held[0]
    assert first.since is not None
    assert "个人信息保护法" in first.basis
    assert "3年" in first.kept
    assert [seen.action for seen in first.seen] == ["reveal"]
    assert {held.what for held in report.held} == {"住户登记", "装修登记"}
    assert case


def test_the_foreman_gets_only_their_own_data(seat: Seat) -> None:
    case = file_case(seat, add_home(seat))
    report = people.person_report(seat, [Key("renovation_case", case, "contractor")], "本人")
    texts = {value for held in report.held for _label, value in held.values}
    assert {OTHER, OTHER_PHONE} <= texts
    assert texts.isdisjoint({NAME, ID, PHONE, "申请人腿脚不便"})


def test_a_person_in_a_list_gets_only_their_own_name(seat: Seat) -> None:
    add_home(seat)
    visit = log_visit(seat, accompanying=f"苏强平、{OTHER}", remarks="与苏强平谈话")
    report = people.person_report(seat, [Key("visit", visit, "", 1)], "本人")
    texts = {value for held in report.held for _label, value in held.values}
    assert OTHER in texts
    assert not any("苏强平" in value for value in texts)


def test_the_report_is_audited_without_values(seat: Seat) -> None:
    home = add_home(seat)
    first = people.person_report(seat, [Key("household", home.household)], f"{NAME}本人")
    second = people.person_report(seat, [Key("household", home.household)], f"{NAME}本人")
    assert (first.number, second.number) == ("GR2026-0001", "GR2026-0002")
    entries = trail(seat, "person_report")
    assert [entry.record_id for entry in entries] == [home.household] * 2
    assert json.loads(entries[0].changes) == {"number": "GR2026-0001"}
    assert [seen.action for seen in second.held[0].seen] == ["person_report"]


def test_a_report_requires_a_requester(seat: Seat) -> None:
    home = add_home(seat)
    with pytest.raises(InvalidInput):
        people.person_report(seat, [Key("household", home.household)], " ")
    with pytest.raises(NotFound):
        people.person_report(seat, [Key("household", 999)], "本人")
    assert trail(seat, "person_report") == []


# --- erasing ---------------------------------------------------------------------------------------------------


def test_the_preview_of_erasing_shows_what_the_law_keeps(seat: Seat) -> None:
    home = add_home(seat)
    case = file_case(seat, home)
    log_visit(seat)
    records = [Key("household", home.household), Key("renovation_case", case)]
    holds, filed = people.preview_erasure(seat, records)
    assert (holds.erased, holds.until) == (False, None)
    assert holds.clauses
    assert holds.why
    assert (filed.erased, filed.until) == (False, None)
    move_out(seat, home, date(2026, 2, 1))
    set_values(seat, "renovation_case", case, status="closed", closed_on=date(2026, 1, 31))
    gone, still = people.preview_erasure(seat, records)
    assert gone.erased
    assert (still.erased, still.until) == (False, date(2031, 1, 31))
    with pytest.raises(Conflict):
        people.erase_person(agreed(seat), records[1:], "consent")


def test_erasing_takes_a_second_person_and_leaves_what_the_law_keeps(seat: Seat) -> None:
    home = add_home(seat)
    case = file_case(seat, home)
    move_out(seat, home, date(2026, 2, 1))
    records = [Key("household", home.household), Key("renovation_case", case)]
    with pytest.raises(SecondNeeded):
        people.erase_person(seat, records, "consent")
    assert value(seat, "household", home.household, "head") == NAME
    erased = people.erase_person(agreed(seat), records, "consent")
    assert erased.done.records == 1
    assert [place.erased for place in erased.places] == [True, False]
    assert value(seat, "household", home.household, "head") == ANONYMOUS
    assert value(seat, "household", home.household, "people") == 3
    assert value(seat, "renovation_case", case, "applicant") == NAME
    [entry] = trail(seat, "erase")
    assert json.loads(entry.changes) == {"reason": "PIPL§47 consent"}
    assert [found.faults for found in check_office(seat) if found.faults] == []


def test_drafts_are_erased_too(seat: Seat) -> None:
    home = add_home(seat)
    move_out(seat, home, date(2026, 2, 1))
    drafts.save_draft(seat, "renovation:new", {"applicant": NAME, "applicant_phone": PHONE})
    drafts.save_draft(seat, "estate:new", {"name": "富南大厦"})
    records = [Key("household", home.household)]
    assert [place.what for place in people.preview_erasure(seat, records)] == ["Household", "Draft"]
    people.erase_person(agreed(seat), records, "purpose")
    with seat.store.sessions() as session:
        texts = everything(session)
    assert drafts.load_draft(seat, "renovation:new") is None
    assert drafts.load_draft(seat, "estate:new") is not None
    for gone in (NAME, ID, PHONE, "高血压"):
        assert gone not in texts


def test_erasing_the_foreman_leaves_the_applicant(seat: Seat) -> None:
    case = file_case(seat, add_home(seat))
    set_values(seat, "renovation_case", case, status="closed", closed_on=date(2020, 1, 31))
    people.erase_person(agreed(seat), [Key("renovation_case", case, "contractor")], "term")
    assert value(seat, "renovation_case", case, "contractor_lead") == ANONYMOUS
    assert value(seat, "renovation_case", case, "contractor_phone") == ""
    assert value(seat, "renovation_case", case, "applicant") == NAME
    assert value(seat, "renovation_case", case, "anonymised_on") is None


def test_an_operator_is_kept_for_the_trail_until_her_account_is_long_closed(seat: Seat) -> None:
    [viewer] = [one for one in list_operators(seat) if one.role is Role.VIEWER]
    key = Key("operator", viewer.id)
    set_values(seat, "operator", viewer.id, last_sign_in_at=datetime(2020, 1, 1, tzinfo=UTC))
    [place] = people.preview_erasure(seat, [key])
    assert not place.erased
    set_values(seat, "operator", viewer.id, active=False)
    [place] = people.preview_erasure(seat, [key])
    assert place.erased


def test_a_ground_of_the_law_is_needed(seat: Seat) -> None:
    home = add_home(seat)
    with pytest.raises(InvalidInput):
        people.erase_person(agreed(seat), [Key("household", home.household)], "because")
    assert grounds().keys() == {"purpose", "term", "consent", "unlawful"}


def test_roles(seat_as: Callable[[Role], Seat]) -> None:
    for role in (Role.VIEWER, Role.PROPERTY):
        with pytest.raises(NotAllowed):
            people.find_people(seat_as(role), NAME)
        with pytest.raises(NotAllowed):
            people.person_report(seat_as(role), [], "")
    with pytest.raises(NotAllowed):
        people.erase_person(seat_as(Role.REVIEWER), [], "consent")
