"""The files of the sample office: who reads what of them, and that no personal value leaves unless it is meant to."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.roles import STAFF, Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.contracts.records import Contract
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, NotFound
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.dossiers.rules import About, Level, ShownSection
from fuyuan_desk.dossiers.service import file_for_export, read_file
from fuyuan_desk.estates.records import Estate, EstateRole, Household, HouseholdPhone, Person, Unit
from fuyuan_desk.kit.queries import FilePart
from fuyuan_desk.office.service.operators import list_operators
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.shell.sample_office import PASSWORD
from fuyuan_desk.store.audit.log import AuditEntry
from tests.dossiers.conftest import PARTS, a_home, an_estate, harmless_words, held, personal_words
from tests.test_roles_estates import sat

ORDER = ExportOrder("走访前准备", "街道办事处")
OWN, OTHER = "福元小区", "富南大厦"


def texts(of: Any) -> Iterator[str]:
    if isinstance(of, str):
        yield of
    elif is_dataclass(of) and not isinstance(of, type):
        for field in fields(of):
            yield from texts(getattr(of, field.name))
    elif isinstance(of, tuple):
        for part in of:
            yield from texts(part)


def as_role(seat: Seat, role: Role) -> Seat:
    return replace(seat, operator=replace(seat.operator, role=role))


def every_file(seat: Seat) -> Iterator[tuple[About, int]]:
    yield from ((About.ESTATE, key) for key in held(seat, select(Estate.id)))
    yield from ((About.UNIT, key) for key in held(seat, select(RenovationCase.unit_id)))
    for estate in held(seat, select(Estate.id)):
        yield from (
            (About.UNIT, key) for key in held(seat, select(Unit.id).where(Unit.estate_id == estate))[::7]
        )
    people = select(Household.unit_id).join(Person, Person.household_id == Household.id)
    yield from ((About.UNIT, key) for key in held(seat, people))


def test_no_personal_value_is_in_a_masked_or_posted_file(sample_seat: Seat) -> None:
    secrets = set(personal_words(sample_seat))
    assert len(secrets) > 500
    shown = set()
    for about, key in dict.fromkeys(every_file(sample_seat)):
        for is_posted in (False, True):
            paper = file_for_export(sample_seat, ORDER, about, key, PARTS, is_posted)
            shown |= set(texts(paper.shown))
            if is_posted:
                assert not any("*" in text for text in texts(paper.shown))
    harmless = harmless_words(sample_seat)
    leaked = {secret for secret in secrets if any(secret in text for text in shown)}
    # such as a remark “独居老人”, which is the name of a tag, too, or a company that is also entered as such
    assert {secret for secret in leaked if not any(secret in text for text in harmless)} == set()


def test_an_unmasked_file_holds_what_is_known_of_its_people(sample_seat: Seat) -> None:
    unit = a_home(sample_seat, with_case=True)
    order = replace(ORDER, unmasked=True)
    with pytest.raises(SecondNeeded) as asked:
        file_for_export(sample_seat, order, About.UNIT, unit, PARTS)
    assert asked.value.what.startswith("File of a home 福元小区1号楼")
    agreed = replace(sample_seat, second=second(sample_seat))
    paper = file_for_export(agreed, order, About.UNIT, unit, PARTS)
    assert paper.level is Level.FULL
    whole = "\n".join(texts(paper.shown))
    [household, *_rest] = held(sample_seat, select(Household).where(Household.unit_id == unit))
    phones = held(
        sample_seat, select(HouseholdPhone.number).where(HouseholdPhone.household_id == household.id)
    )
    names = held(sample_seat, select(Person.name).where(Person.household_id == household.id))
    for word in (household.head, household.id_number, *phones, *names):
        assert word in whole
    [case] = held(sample_seat, select(RenovationCase.number).where(RenovationCase.unit_id == unit))
    assert case in whole


def second(seat: Seat) -> Second:
    reviewer = next(view for view in list_operators(seat) if view.role is Role.REVIEWER)
    return Second(reviewer.login, PASSWORD)


def test_a_posted_file_is_never_unmasked(sample_seat: Seat) -> None:
    unit = a_home(sample_seat)
    paper = file_for_export(sample_seat, replace(ORDER, unmasked=True), About.UNIT, unit, PARTS, True)
    assert paper.level is Level.POSTED
    assert {section.key for section in paper.shown.sections} >= {"0-place", "0-house", "0-home"}
    assert paper.shown.left_out


@pytest.mark.parametrize("about", About)
def test_a_paper_is_numbered_and_audited_with_level_and_receiver(sample_seat: Seat, about: About) -> None:
    key = a_home(sample_seat) if about is About.UNIT else an_estate(sample_seat, OWN)
    paper = file_for_export(sample_seat, ORDER, about, key, PARTS)
    assert (paper.number, paper.purpose, paper.receiver) == ("DA2026-0001", ORDER.purpose, ORDER.receiver)
    with sample_seat.store.use() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.id.desc())
        ).first()
        assert entry is not None
        assert (entry.table_name, entry.record_id) == (about.value, key)
        noted = json.loads(entry.changes)
    assert noted["level"] == "masked"
    assert noted["receiver"] == ORDER.receiver
    assert noted["number"] == "DA2026-0001"
    assert file_for_export(sample_seat, ORDER, about, key, PARTS).number == "DA2026-0002"


def test_without_an_order_nothing_leaves_and_no_number_is_used(sample_seat: Seat) -> None:
    unit = a_home(sample_seat)
    with pytest.raises(InvalidInput) as refused:
        file_for_export(sample_seat, ExportOrder("", "街道"), About.UNIT, unit, PARTS)
    assert refused.value.fields.keys() == {"purpose"}
    assert file_for_export(sample_seat, ORDER, About.UNIT, unit, PARTS).number == "DA2026-0001"


@pytest.mark.parametrize("role", STAFF)
def test_the_staff_reads_every_file(sample_seat: Seat, role: Role) -> None:
    seat = as_role(sample_seat, role)
    for about, key in ((About.UNIT, a_home(seat, True)), (About.ESTATE, an_estate(seat, OTHER))):
        file = read_file(seat, about, key, PARTS)
        assert not any(section.withheld for section in file.shown.sections if "tags" not in section.key)
        assert "withheld from your role" not in set(texts(file.shown))


def test_a_viewer_gets_no_unmasked_file(sample_seat: Seat) -> None:
    seat = as_role(sample_seat, Role.VIEWER)
    with pytest.raises(NotAllowed):
        file_for_export(seat, replace(ORDER, unmasked=True), About.UNIT, a_home(seat), PARTS)


def test_a_property_company_reads_its_own_estates_without_tags_and_remarks(sample_seat: Seat) -> None:
    company = sat(sample_seat, OWN)
    with pytest.raises(NotFound):
        read_file(company, About.ESTATE, an_estate(sample_seat, OTHER), PARTS)
    foreign = held(sample_seat, select(Unit.id).where(Unit.estate_id == an_estate(sample_seat, OTHER)))[0]
    with pytest.raises(NotFound):
        read_file(company, About.UNIT, foreign, PARTS)
    file = read_file(company, About.ESTATE, an_estate(sample_seat, OWN), PARTS)
    tags = next(section for section in file.shown.sections if section.key.endswith("tags"))
    assert tags.withheld
    assert all(len(row) == 8 for row in _homes(file.shown.sections))
    unit = held(sample_seat, select(Unit.id).where(Unit.estate_id == an_estate(sample_seat, OWN)))[0]
    home = read_file(company, About.UNIT, unit, PARTS)
    household = next(section for section in home.shown.sections if "household" in section.key)
    shown = {item.label: item.text for item in household.items}
    assert shown["Remarks"] == shown["Tags"] == "withheld from your role"


def _homes(sections: Any) -> Iterator[tuple[str, ...]]:
    for section in sections:
        if section.key.endswith("homes"):
            for listing in section.listings:
                yield from listing.rows


def test_a_part_that_a_role_may_not_see_is_named(sample_seat: Seat) -> None:
    def secret(*_asked: object) -> list[Section]:
        raise AssertionError("read although it is withheld")

    part = FilePart("Votes", secret, secret, (Role.ADMIN,))
    file = read_file(as_role(sample_seat, Role.VIEWER), About.UNIT, a_home(sample_seat), (*PARTS, part))
    last = file.shown.sections[-1]
    assert (last.title, last.withheld) == ("Votes", "Your role may not see this part.")


def test_a_removed_home_has_no_file(sample_seat: Seat) -> None:
    for about in About:
        with pytest.raises(NotFound):
            read_file(sample_seat, about, 999_999, PARTS)


@pytest.mark.parametrize("about", About)
def test_every_job_states_what_it_knows(sample_seat: Seat, about: About) -> None:
    key = a_home(sample_seat, True) if about is About.UNIT else an_estate(sample_seat, OWN)
    keys = [section.key for section in read_file(sample_seat, about, key, PARTS).shown.sections]
    assert len(keys) == len(set(keys))
    wanted = {
        About.UNIT: (
            "place",
            "house",
            "home",
            "fund",
            "household-1",
            "facilities",
            "tier",
            "renovation-1",
            "calls",
        ),
        About.ESTATE: (
            "estate",
            "size",
            "organisations",
            "buildings",
            "tags",
            "homes",
            "facilities",
            "tiers",
            "renovation",
            "visits",
            "contracts",
            "calls",
        ),
    }[about]
    assert {key.split("-", 1)[1] for key in keys} >= set(wanted)


def test_calls_contracts_and_organisations_are_told_masked(sample_seat: Seat) -> None:
    [unit] = held(sample_seat, select(ResidentCall.unit_id).where(ResidentCall.follow_up != ""))[:1]
    calls = held(sample_seat, select(ResidentCall).where(ResidentCall.unit_id == unit))
    [section] = sections_of(sample_seat, About.UNIT, unit, "calls")
    rows = section.listings[0].rows
    assert len(rows) == len(calls)
    assert all(row[2].endswith("*") and row[5] in ("", "recorded, not shown") for row in rows)
    estate = an_estate(sample_seat, OWN)
    [section] = sections_of(sample_seat, About.ESTATE, estate, "contracts")
    kept = held(sample_seat, select(Contract).where(Contract.estate_id == estate))
    assert {row[1] for row in section.listings[0].rows} == {one.number for one in kept} != set()
    [section] = sections_of(sample_seat, About.ESTATE, estate, "organisations")
    roles = held(sample_seat, select(EstateRole).where(EstateRole.estate_id == estate))
    assert len(section.listings[0].rows) == len(roles) > 0


def test_a_property_company_reads_neither_calls_nor_contracts(sample_seat: Seat) -> None:
    company, estate = sat(sample_seat, OWN), an_estate(sample_seat, OWN)
    withheld = {
        part.title for part in read_file(company, About.ESTATE, estate, PARTS).shown.sections if part.withheld
    }
    assert withheld >= {"Contracts", "Calls on residents"}


def sections_of(seat: Seat, about: About, record_id: int, key: str) -> list[ShownSection]:
    found = read_file(seat, about, record_id, PARTS).shown.sections
    return [section for section in found if section.key.split("-", 1)[1] == key]


def test_counts_and_lists_of_an_estate_agree(sample_seat: Seat) -> None:
    for estate in held(sample_seat, select(Estate.id)):
        sections = read_file(sample_seat, About.ESTATE, estate, PARTS).shown.sections
        counts = next(section for section in sections if section.key.endswith("size"))
        shown = {item.label: item.text for item in counts.items}
        rows = list(_homes(sections))
        units = held(sample_seat, select(Unit.id).where(Unit.estate_id == estate))
        assert len(rows) == len(units) == int(shown["Homes and rooms"])
        assert sum(row[-2] == "Yes" for row in rows) == int(shown["Vacant homes"])


def test_a_paper_is_chinese_whatever_the_screen_speaks(
    sample_seat: Seat, seat_as: Callable[[Role], Seat]
) -> None:
    use_language("en")
    unit = a_home(sample_seat)
    assert read_file(sample_seat, About.UNIT, unit, PARTS).shown.sections[0].title == "Place"
    assert file_for_export(sample_seat, ORDER, About.UNIT, unit, PARTS).shown.sections[0].title == "位置"
