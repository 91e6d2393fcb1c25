"""Organisations on a real store: ended only without duties, found, merged and split with everything that refers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service import contracts
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.facts.houses import EstateFields, RoleFields
from fuyuan_desk.estates.service import estates, roles
from fuyuan_desk.kit.book import BookQuery, Known
from fuyuan_desk.kit.merging.facts import Pair, PairState
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.kinds import ORGANISATION
from fuyuan_desk.organisations.service import contacts, merging, organisations
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.search import index as search
from fuyuan_desk.today import service as today
from tests.conftest import NOW

TODAY = NOW.astimezone().date()
ONE_DAY = timedelta(days=1)


def add(seat: Seat, name: str, kind: str = "property", **more: object) -> Known:
    saved = organisations.save_organisation(seat, OrganisationFields(name, kind, **more))  # type: ignore[arg-type]
    return Known(saved.id, saved.version)


def known(saved: Saved) -> Known:
    return Known(saved.id, saved.version)


def fields_of(seat: Seat, key: int) -> OrganisationFields:
    return organisations.read_organisation(seat, key).fields


def names(seat: Seat) -> list[str]:
    return [line.fields.name for line in organisations.find_organisations(seat).rows]


@pytest.fixture
def estate(seat: Seat) -> int:
    return estates.save_estate(seat, EstateFields("福元小区")).id


def role(seat: Seat, estate: int, organisation: int, kind: str = "property", **more: object) -> int:
    return roles.save_role(seat, RoleFields(kind, organisation, estate_id=estate, **more)).id  # type: ignore[arg-type]


def contract(seat: Seat, estate: int, organisation: int, ends_on: date | None = None) -> int:
    fields = ContractFields(
        "cleaning", "", estate, organisation, starts_on=date(2020, 1, 1), ends_on=ends_on,
        term="fixed" if ends_on else "open",
    )  # fmt: skip
    return contracts.save_contract(seat, fields).id


# --- names


def test_a_name_in_another_spelling_is_refused_and_says_so(seat: Seat) -> None:
    add(seat, "新城物业（上海）有限公司")
    with pytest.raises(InvalidInput) as refusal:
        add(seat, "新城物业(上海) 有限公司")
    assert "already" in refusal.value.fields["name"]


def test_a_wrong_check_digit_is_saved_and_told(seat: Seat) -> None:
    saved = organisations.save_organisation(
        seat, OrganisationFields("甲物业", "property", "91310101ma1fp0001 0")
    )
    assert fields_of(seat, saved.id).credit_code == "91310101MA1FP00010"
    assert "check digit" in saved.doubts[0]


def test_the_credit_code_of_another_one_is_told(seat: Seat) -> None:
    code = "91310101MA1FP0001L"
    add(seat, "甲物业", credit_code=code)
    fields = OrganisationFields("乙物业", "property", credit_code=f"{code[:8]}-{code[8:].lower()}")
    saved = organisations.save_organisation(seat, fields)
    assert [doubt for doubt in saved.doubts if "甲物业" in doubt] == list(saved.doubts) != []
    again = organisations.read_organisation(seat, saved.id)
    assert len(organisations.save_organisation(seat, again.fields, again.known).doubts) == 1


@pytest.mark.parametrize("typed", ["福元物业", "fuyuanwuye", "fywy", "91310101MA1FP0001L", "0001L", "5678"])
def test_it_is_found_by_name_sound_code_and_end_of_the_number(seat: Seat, typed: str) -> None:
    known = add(seat, "福元物业有限公司", credit_code="91310101MA1FP0001L", phone="138 1234 5678")
    assert [(hit.kind, hit.record_id) for hit in today.search(seat, all_records(), typed)] == [
        ("organisation", known.id)
    ]
    assert [line.id for line in organisations.find_organisations(seat, BookQuery(text=typed)).rows] == [
        known.id
    ]


def test_a_property_company_sees_no_list_and_no_contact(
    seat: Seat, seat_as: Callable[[Role], Seat], estate: int
) -> None:
    known = add(seat, "福元物业有限公司")
    contact = contacts.save_contact(seat, ContactFields(known.id, "何斌", "经理", "13812345678")).id
    company = seat_as(Role.PROPERTY)
    for use, argument in (
        (organisations.find_organisations, BookQuery()),
        (organisations.read_organisation, known.id),
        (contacts.find_contacts, BookQuery()),
        (contacts.read_contact, contact),
        (merging.list_pairs, None),
    ):
        with pytest.raises(NotAllowed):
            use(company, *(() if argument is None else (argument,)))  # type: ignore[operator]
    own = Seat(seat.store, replace(company.operator, estates=frozenset({estate})), seat.now)
    assert today.search(own, all_records(), "福元物业") == ()


def test_a_contact_is_masked_until_it_is_revealed(seat: Seat) -> None:
    known = add(seat, "福元物业有限公司")
    fields = ContactFields(known.id, "何斌", "经理", "138 1234 5678")
    key = contacts.save_contact(seat, fields).id
    line = contacts.read_contact(seat, key)
    assert (line.fields.name, line.fields.phone) == ("何*", "138****5678")
    assert contacts.reveal_contact(seat, key, "phone") == "13812345678"
    # saved again without revealing: what stayed masked is kept
    contacts.save_contact(seat, replace(line.fields, post="总经理"), line.known, {"name", "phone"})
    assert contacts.reveal_contact(seat, key, "name") == "何斌"


# --- ending


def test_one_that_holds_a_role_or_a_contract_is_not_ended(seat: Seat, estate: int) -> None:
    known = add(seat, "福元物业有限公司")
    held, running = role(seat, estate, known.id), contract(seat, estate, known.id)
    ended = replace(fields_of(seat, known.id), ended_on=TODAY)
    with pytest.raises(InvalidInput) as refusal:
        organisations.save_organisation(seat, ended, known)
    message = refusal.value.fields["ended_on"]
    assert "1 role" in message
    assert "1 contract" in message
    assert "福元小区" in message
    assert "Contracts" in message
    line = roles.read_role(seat, held)
    roles.save_role(seat, replace(line.fields, until=TODAY), line.known)
    of = contracts.read_contract(seat, running)
    contracts.save_contract(seat, replace(of.fields, term="fixed", ends_on=TODAY + ONE_DAY), of.known)
    with pytest.raises(InvalidInput, match="contract") as refusal:
        organisations.save_organisation(seat, ended, known)
    assert "role" not in refusal.value.fields["ended_on"].split("(")[0]
    of = contracts.read_contract(seat, running)
    contracts.save_contract(seat, replace(of.fields, ends_on=TODAY), of.known)
    organisations.save_organisation(seat, ended, known)
    assert fields_of(seat, known.id).ended_on == TODAY


def test_one_that_ended_takes_no_duty_after_its_end(seat: Seat, estate: int) -> None:
    known = add(seat, "福元物业有限公司", ended_on=TODAY - ONE_DAY)
    with pytest.raises(InvalidInput) as refusal:
        role(seat, estate, known.id)
    assert set(refusal.value.fields) == {"organisation_id"}
    role(seat, estate, known.id, until=TODAY - ONE_DAY)
    with pytest.raises(InvalidInput):
        contract(seat, estate, known.id)
    contract(seat, estate, known.id, TODAY - ONE_DAY)


def test_one_that_is_referred_to_is_not_removed(seat: Seat, estate: int) -> None:
    known, other = add(seat, "福元物业有限公司"), add(seat, "福元物业")
    key = role(seat, estate, known.id)
    merging.tell_apart(seat, known.id, other.id)
    with pytest.raises(Conflict, match="1 role"):
        organisations.remove_organisation(seat, known.id)
    roles.remove_role(seat, key)
    assert organisations.remove_organisation(seat, known.id) == "福元物业有限公司"
    assert merging.list_pairs(seat) == ()


# --- merging and splitting


@pytest.fixture
def pair(seat: Seat, estate: int) -> tuple[Known, Known]:
    kept = add(seat, "上海福元物业有限公司", remarks="甲")
    other = add(seat, "福元物业", phone="021-60000011", remarks="乙")
    role(seat, estate, other.id)
    contract(seat, estate, other.id)
    contacts.save_contact(seat, ContactFields(other.id, "何斌", "经理"))
    return kept, other


def holders(seat: Seat) -> list[tuple[str, str]]:
    """Return what refers to which organisation, by kind."""
    lines = [
        *roles.find_roles(seat).rows, *contracts.find_contracts(seat).rows, *contacts.find_contacts(seat).rows,
    ]  # fmt: skip
    return [(type(line.fields).__name__, line.names["organisation_id"]) for line in lines]


def test_suspects_are_listed_and_told_apart(seat: Seat, pair: tuple[Known, Known]) -> None:
    first, second = pair[0].id, pair[1].id
    [suspect] = merging.list_pairs(seat)
    assert suspect == Pair(PairState.SUSPECTED, first, "上海福元物业有限公司", second, "福元物业")
    merging.tell_apart(seat, second, first)
    merging.tell_apart(seat, first, second)
    assert [one.state for one in merging.list_pairs(seat)] == [PairState.APART]
    merging.suspect_again(seat, second, first)
    assert [one.state for one in merging.list_pairs(seat)] == [PairState.SUSPECTED]


def test_both_are_compared_with_what_refers_to_each(seat: Seat, pair: tuple[Known, Known]) -> None:
    found = merging.compare(seat, pair[0].id, pair[1].id)
    title, first, second = found.rows[-1]
    assert (title, first, found.first) == ("Referred to by", "Nothing", "上海福元物业有限公司")
    for words in ("1 role in an estate", "1 contract", "1 contact"):
        assert words in second


def test_a_merge_moves_everything_and_a_split_moves_it_back(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    before = (fields_of(seat, kept.id), fields_of(seat, other.id), holders(seat))
    merging.merge(seat, (kept, other), ["phone"])
    assert {name for _kind, name in holders(seat)} == {"上海福元物业有限公司"}
    merged = fields_of(seat, kept.id)
    assert (merged.name, merged.phone, merged.remarks) == ("上海福元物业有限公司", "021-60000011", "甲\n乙")
    assert names(seat) == ["上海福元物业有限公司"]
    with seat.store.use() as session:
        found = [hit.record_id for hit in search.find(session, "福元", [ORGANISATION])]
    assert found == [kept.id]
    # opening the merged one, from an old link, shows the one that was kept
    assert organisations.read_organisation(seat, other.id).id == kept.id
    [shown] = merging.list_pairs(seat)
    assert (shown.state, shown.first_key, shown.second_key) == (PairState.MERGED, kept.id, other.id)
    merging.split(seat, other.id)
    assert (fields_of(seat, kept.id), fields_of(seat, other.id), holders(seat)) == before
    assert organisations.find_organisations(seat, BookQuery(text="60000011")).rows[0].id == other.id


def test_the_estate_shows_the_one_that_was_kept(seat: Seat, estate: int, pair: tuple[Known, Known]) -> None:
    assert estates.estate_detail(seat, estate).fields.property_company == "福元物业"
    merging.merge(seat, pair)
    assert estates.estate_detail(seat, estate).fields.property_company == "上海福元物业有限公司"
    # the old name typed again means the one that was kept: nothing changes
    fields = replace(estates.estate_detail(seat, estate).fields, property_company="福元物业")
    estates.save_estate(seat, fields, estate)
    [line] = [line for line in roles.find_roles(seat).rows if line.fields.role == "property"]
    assert line.names["organisation_id"] == "上海福元物业有限公司"


def test_one_that_was_merged_is_found_by_its_former_name(seat: Seat) -> None:
    def found(text: str) -> list[int]:
        return [hit.record_id for hit in today.search(seat, all_records(), text)]

    former, kept, last = add(seat, "东晖物业"), add(seat, "东辉物业"), add(seat, "新城物业")
    kept = known(merging.merge(seat, (kept, former)))
    [hit] = today.search(seat, all_records(), "东晖")
    assert (hit.record_id, hit.reasons) == (kept.id, ("Also called 东晖物业",))
    assert [line.id for line in organisations.find_organisations(seat, BookQuery("东晖")).rows] == [kept.id]
    merging.merge(seat, (last, kept))
    assert found("东晖") == found("东辉") == [last.id]
    merging.split(seat, kept.id)
    assert (found("东晖"), found("新城物业")) == ([kept.id], [last.id])
    merging.split(seat, former.id)
    assert (found("东晖"), found("东辉")) == ([former.id], [kept.id])


def test_a_contact_is_not_given_to_one_that_was_merged_or_removed(seat: Seat) -> None:
    former, kept = add(seat, "东晖物业"), add(seat, "东辉物业")
    merging.merge(seat, (kept, former))
    for key in (former.id, 99):
        with pytest.raises(InvalidInput) as refusal:
            contacts.save_contact(seat, ContactFields(key, "何斌"))
        assert "no longer there" in refusal.value.fields["organisation_id"]
    assert contacts.save_contact(seat, ContactFields(kept.id, "何斌")).id


def test_neither_of_two_merged_ones_is_removed(seat: Seat) -> None:
    former, kept = add(seat, "东晖物业"), add(seat, "东辉物业")
    merging.merge(seat, (kept, former))
    with pytest.raises(Conflict, match="merged into it: 东晖物业"):
        organisations.remove_organisation(seat, kept.id)
    with pytest.raises(Conflict, match="merged into another"):
        organisations.remove_organisation(seat, former.id)
    merging.split(seat, former.id)
    assert organisations.remove_organisation(seat, former.id) == "东晖物业"


def test_circles_and_selves_are_refused_in_words(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    with pytest.raises(Conflict, match="itself"):
        merging.merge(seat, (kept, kept))
    merging.merge(seat, (kept, other))
    with seat.store.use() as session:
        versions = {one: organisations.TABLE.get(session, one).version for one in (kept.id, other.id)}
        session.rollback()
    with pytest.raises(Conflict, match="already"):
        merging.merge(seat, (Known(other.id, versions[other.id]), Known(kept.id, versions[kept.id])))
    third = add(seat, "第三物业")
    with pytest.raises(Conflict, match="already"):
        merging.compare(seat, third.id, other.id)
    with pytest.raises(Conflict, match="not merged"):
        merging.split(seat, third.id)


def test_a_chain_is_split_from_its_end(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    last = add(seat, "新福元物业")
    saved = merging.merge(seat, (kept, other))
    merging.merge(seat, (last, Known(saved.id, saved.version)))
    assert {name for _kind, name in holders(seat)} == {"新福元物业"}
    with pytest.raises(Conflict, match="already"):
        merging.split(seat, other.id)
    merging.split(seat, kept.id)
    merging.split(seat, other.id)
    assert {name for _kind, name in holders(seat)} == {"福元物业"}


def test_two_merged_into_one_are_split_in_any_order(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    third = add(seat, "福元物业服务", address="福元路1号")
    saved = merging.merge(seat, (kept, other), ["phone"])
    merging.merge(seat, (Known(saved.id, saved.version), third), ["address"])
    merging.split(seat, other.id)
    merging.split(seat, third.id)
    assert (fields_of(seat, kept.id).phone, fields_of(seat, kept.id).address) == ("", "")


def test_a_split_is_refused_once_something_changed_there(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    saved = merging.merge(seat, (kept, other), ["phone"])
    line = organisations.read_organisation(seat, kept.id)
    organisations.save_organisation(seat, replace(line.fields, phone="021-60000099"), line.known)
    with pytest.raises(Conflict, match="Telephone"):
        merging.split(seat, other.id)
    line = organisations.read_organisation(seat, saved.id)
    organisations.save_organisation(seat, replace(line.fields, phone="021-60000011"), line.known)
    [role_line] = roles.find_roles(seat).rows
    roles.remove_role(seat, role_line.id)
    with pytest.raises(Conflict, match=r"\(1\)"):
        merging.split(seat, other.id)
    assert names(seat) == ["上海福元物业有限公司"]


def test_a_merge_of_what_somebody_changed_meanwhile_is_refused(seat: Seat, pair: tuple[Known, Known]) -> None:
    kept, other = pair
    organisations.save_organisation(seat, replace(fields_of(seat, other.id), phone=""), other)
    with pytest.raises(Conflict, match="meanwhile"):
        merging.merge(seat, (kept, other))
    with pytest.raises(NotFound):
        merging.merge(seat, (kept, Known(99, 1)))


def test_one_that_ended_does_not_take_over_running_duties(seat: Seat, pair: tuple[Known, Known]) -> None:
    ended = add(seat, "旧福元物业", ended_on=TODAY - ONE_DAY)
    with pytest.raises(Conflict, match="ended"):
        merging.merge(seat, (ended, pair[1]))
    assert ("RoleFields", "福元物业") in holders(seat)


def test_of_two_suspects_the_one_that_still_exists_is_kept(seat: Seat) -> None:
    ended = add(seat, "上海福元物业有限公司", ended_on=TODAY - ONE_DAY)
    running = add(seat, "福元物业")
    [pair] = merging.list_pairs(seat)
    assert (pair.first_key, pair.second_key) == (running.id, ended.id)


def test_the_name_of_a_merged_one_is_not_given_again(seat: Seat, pair: tuple[Known, Known]) -> None:
    merging.merge(seat, pair)
    with pytest.raises(InvalidInput, match="was merged into"):
        add(seat, "福元 物业")
    line = organisations.read_organisation(seat, pair[0].id)
    with pytest.raises(InvalidInput, match="was merged into this one"):
        organisations.save_organisation(seat, replace(line.fields, name="福元物业"), line.known)
