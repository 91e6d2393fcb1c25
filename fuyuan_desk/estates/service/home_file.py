"""What the file of a home states: its place, its house, itself, its fund, and its households over time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    open_value,
    value,
)
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, TagView
from fuyuan_desk.estates.records import Household, OwnerShare, Person, PersonPaper, Unit
from fuyuan_desk.estates.rules import people as rules
from fuyuan_desk.estates.rules.checks import needs_top_up
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, UnitUse
from fuyuan_desk.estates.rules.people import HouseholdEnd, Relation, Sex
from fuyuan_desk.estates.service import search_entries, tags
from fuyuan_desk.estates.service.house_file import (
    house_items,
    hundredths,
    named,
    notices,
    place_items,
    square_metres,
    yes_no,
)
from fuyuan_desk.estates.service.parts import phones_of
from fuyuan_desk.estates.service.rows import get_building, get_estate, get_unit
from fuyuan_desk.formats.id_numbers import id_kind_label
from fuyuan_desk.kit.queries import Reader

_MONEY = "{n} yuan"


def sections(session: Session, unit_id: int, reader: Reader) -> Iterator[Section]:
    """Yield what the estates know of a home."""
    unit = get_unit(session, unit_id)
    building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
    yield Section(
        "place",
        _("Place"),
        (
            Item(_("Address"), open_value(_address(session, unit))),
            Item(_("Building"), open_value(building.label)),
            Item(_("Floor"), open_value(unit.floor)),
            *place_items(session, estate, reader.today),
        ),
    )
    yield Section(
        "house",
        _("House and protection"),
        tuple(house_items(building, estate)),
        attached=notices(session, [building]),
    )
    yield Section("home", _("Home"), tuple(_home_items(unit)))
    yield Section("fund", _("Maintenance fund"), tuple(_fund_items(unit)))
    yield from _household_sections(session, unit, reader)


def _address(session: Session, unit: Unit) -> str:
    building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
    return search_entries.unit_address(estate.name, building.label, unit.entrance, unit.label)


def _home_items(unit: Unit) -> Iterator[Item]:
    yield Item(_("Use"), open_value(named(UnitUse, unit.use)))
    yield Item(_("Tenure"), office_value(named(Tenure, unit.tenure)))
    yield Item(_("Built area"), office_value(square_metres(unit.area)))
    yield Item(_("Inner area"), office_value(square_metres(unit.inner_area)))
    yield Item(_("Lease number"), office_value(unit.lease_no))
    yield Item(_("Real-estate unit"), office_value(unit.real_estate_no))
    for system, number in (unit.other_ids or {}).items():
        yield Item(system, office_value(number))


def _fund_items(unit: Unit) -> Iterator[Item]:
    low = _("below 30 % of the first deposit") if needs_top_up(unit.fund_first, unit.fund_balance) else ""
    yield Item(_("First deposit"), office_value(hundredths(unit.fund_first, _(_MONEY))))
    yield Item(
        _("Balance"), office_value(hundredths(unit.fund_balance, _(_MONEY)), unit.fund_balance_on, low)
    )
    yield Item(_("Topped up"), office_value(yes_no(unit.fund_topped_up), unit.fund_topped_up_on))
    yield Item(_("Fund account"), office_value(unit.fund_account))


# --- households


@dataclass(frozen=True)
class _Known:
    """What is stored of the people of some households beside their rows, by household and person."""

    people: Sequence[Person]
    phones: Mapping[tuple[int, int], Sequence[str]]
    papers: Sequence[PersonPaper]
    shares: Sequence[OwnerShare]
    tags: Mapping[tuple[int, int], Sequence[TagView]]


def _household_sections(session: Session, unit: Unit, reader: Reader) -> Iterator[Section]:
    rows = session.scalars(select(Household).where(Household.unit_id == unit.id)).all()
    current = sorted(rows, key=lambda row: (row.moved_out_on is not None, row.id))
    if not current:
        empty = listing((), (), nothing=_("No household is recorded in this home."))
        yield Section("households", _("Households"), listings=(empty,))
        return
    known = _read(session, [row.id for row in current], reader.role)
    for number, household in enumerate(current, 1):
        yield _household(number, household, known, reader)


def _read(session: Session, ids: Sequence[int], role: Role) -> _Known:
    people = select(Person).where(Person.household_id.in_(ids)).order_by(Person.position, Person.id)
    papers = select(PersonPaper).where(PersonPaper.household_id.in_(ids)).order_by(PersonPaper.position)
    shares = select(OwnerShare).where(OwnerShare.household_id.in_(ids)).order_by(OwnerShare.id)
    return _Known(
        session.scalars(people).all(),
        phones_of(session, ids),
        session.scalars(papers).all(),
        session.scalars(shares).all(),
        tags.tags_of_people(session, ids, role),
    )


def _household(number: int, row: Household, known: _Known, reader: Reader) -> Section:
    role = named(HoldingRole, row.role) or _("Owner or tenant: not recorded")
    text = (
        _("Household {n}: {role}, moved out") if row.moved_out_on is not None else _("Household {n}: {role}")
    )
    members = [person for person in known.people if person.household_id == row.id]
    return Section(
        f"household-{number}",
        text.format(n=number, role=role),
        (*_household_items(row, reader), *_somebody_items(row, row, known, reader)),
        tuple(_listings(row, members, known, reader)),
        left_as=_("Households"),  # not how many there are
    )


def _household_items(row: Household, reader: Reader) -> Iterator[Item]:
    name = office_value(row.head) if row.is_company else value(Privacy.NAME, row.head)
    ended = name_of(HouseholdEnd, row.ended_how) if row.ended_how else ""
    yield Item(_("Holder"), name)
    yield Item(_("Moved in"), office_value(row.moved_in_on))
    if row.moved_out_on is not None or ended:
        yield Item(_("Moved out"), office_value(row.moved_out_on, ended))
    if row.lease_from is not None or row.lease_until is not None or row.role == HoldingRole.RENTER:
        yield Item(_("Lease from"), office_value(row.lease_from))
        yield Item(_("Lease until"), office_value(row.lease_until))
    yield Item(_("People"), office_value(row.people))
    yield Item(_("Vacant"), office_value(yes_no(row.vacant)))
    yield Item(_("Other contact"), value(Privacy.CONTACT, row.contact))
    yield Item(_("Remarks"), _remarks(row.remarks, reader))


def _remarks(text: str, reader: Reader) -> Value:
    """Return the committee's remarks on people, which are not for a property company."""
    if reader.role is Role.PROPERTY:
        return office_value(_("withheld from your role"))
    return value(Privacy.TEXT, text)


def _somebody_items(
    row: Household | Person, household: Household, known: _Known, reader: Reader
) -> Iterator[Item]:
    """Yield what is recorded of the holder as of any person."""
    key = (household.id, HOLDER if isinstance(row, Household) else row.id)
    yield Item(_("Telephone"), value(Privacy.PHONE, *known.phones.get(key, ())))
    yield Item(id_kind_label(row.id_kind) or _("ID document"), value(Privacy.ID_NUMBER, row.id_number))
    papers = [paper for paper in known.papers if (paper.household_id, paper.person_id or HOLDER) == key]
    if papers:
        yield Item(_("Other documents"), value(Privacy.ID_NUMBER, *(paper.number for paper in papers)))
    if isinstance(row, Household) and row.is_company:
        return
    yield Item(_("Sex and age"), office_value(*_sex_and_age(row, reader)))
    yield Item(_("Born on"), value(Privacy.TEXT, _born(row)))
    yield Item(_("Lives here"), office_value(yes_no(row.lives_here)))
    yield Item(_("Registered here"), office_value(yes_no(row.registered_here)))
    yield Item(_("Registered at"), value(Privacy.CONTACT, row.registered_at))
    yield Item(_("Agreements"), office_value(*_agreements(row)))
    yield Item(_("Tags"), _tags(known.tags.get(key, ()), reader))
    yield Item(_("Other numbers"), value(Privacy.TEXT, *(_numbers(row.other_ids))))


def _numbers(other_ids: Mapping[str, str] | None) -> Iterable[str]:
    return (f"{system} {number}" for system, number in (other_ids or {}).items())


def _agreements(row: Household | Person) -> Iterator[str]:
    """Yield what somebody agreed to be or to have published (PIPL §25)."""
    if row.is_emergency:
        yield _("Emergency contact")
    if row.has_key:
        yield _("Keeps a key")
    if row.may_publish is not None:
        text = _("Agreed to publication") if row.may_publish else _("Refused publication")
        yield f"{text} {row.consented_on.isoformat()}" if row.consented_on is not None else text


def _tags(held: Sequence[TagView], reader: Reader) -> Value:
    """Return the tags of somebody that the reader's role may see; a property company is told that there may be some."""
    if reader.role is Role.PROPERTY:
        return office_value(_("withheld from your role"))
    return value(Privacy.TAG, *(tag.name for tag in held))


def _born(row: Household | Person) -> object:
    return row.born_on or rules.birth_and_sex(row.id_number)[0]


def _sex_and_age(row: Household | Person, reader: Reader) -> Iterator[str]:
    born, sex = rules.birth_and_sex(row.id_number)
    born, sex = row.born_on or born, row.sex or sex
    yield name_of(Sex, sex) if sex else ""
    yield "" if born is None else str(rules.age_on(born, reader.today))


def _listings(
    household: Household, members: Sequence[Person], known: _Known, reader: Reader
) -> Iterator[Listing]:
    if members:
        columns = (
            Column(_("Name"), 8),
            Column(_("Relation"), 8),
            Column(_("Sex and age"), 6),
            Column(_("Telephone"), 11),
            Column(_("ID document"), 14),
            Column(_("Lives and registered"), 12),
            Column(_("Time"), 12),
            Column(_("Tags"), 8),
            Column(_("Remarks"), 10),
        )
        rows = (_person(household, person, known, reader) for person in members)
        yield listing(columns, rows, _("Other people of the household"))
        more = [
            row for row in (_more_of(person) for person in members) if any(cell.texts for cell in row[1:])
        ]
        if more:
            titles = (_("Name"), _("Born on"), _("Registered at"), _("Agreements"), _("Other numbers"))
            yield listing(map(Column, titles), more, _("More about them"))
    shares = [share for share in known.shares if share.household_id == household.id]
    if shares:
        names = {person.id: person.name for person in members}
        yield listing(
            (Column(_("Owner"), 12), Column(_("Share"), 8), Column(_("Votes"), 6), Column(_("Time"), 14)),
            (_share(household, share, names) for share in shares),
            _("Shares over time"),
        )


def _person(household: Household, row: Person, known: _Known, reader: Reader) -> tuple[Value, ...]:
    key = (household.id, row.id)
    lives = rules.residence(row.lives_here, row.registered_here)
    papers = (paper.number for paper in known.papers if paper.person_id == row.id)
    return (
        value(Privacy.NAME, row.name),
        office_value(name_of(Relation, row.relation) if row.relation else ""),
        office_value(*_sex_and_age(row, reader)),
        value(Privacy.PHONE, *known.phones.get(key, ())),
        value(Privacy.ID_NUMBER, row.id_number, *papers),
        office_value("" if lives is None else lives.label),
        office_value(_time(row)),
        _tags(known.tags.get(key, ()), reader),
        _remarks(row.remarks, reader),
    )


def _more_of(row: Person) -> tuple[Value, ...]:
    return (
        value(Privacy.NAME, row.name),
        value(Privacy.TEXT, _born(row)),
        value(Privacy.CONTACT, row.registered_at),
        office_value(*_agreements(row)),
        value(Privacy.TEXT, *_numbers(row.other_ids)),
    )


def _time(row: Person | OwnerShare) -> str:
    if row.from_on is None and row.until_on is None:
        return ""
    begin = row.from_on.isoformat() if row.from_on is not None else "?"
    until = row.until_on.isoformat() if row.until_on is not None else _("today")
    return _("{first} to {last}").format(first=begin, last=until)


def _share(household: Household, row: OwnerShare, names: Mapping[int, str]) -> tuple[Value, ...]:
    if row.person_id is not None:
        owner = value(Privacy.NAME, names.get(row.person_id, ""))
    else:
        owner = office_value(household.head) if household.is_company else value(Privacy.NAME, household.head)
    return (owner, office_value(row.share), office_value(yes_no(row.is_voter)), office_value(_time(row)))
