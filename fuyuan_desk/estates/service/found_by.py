"""The fields by which estates and units are found, to say why a search shows them."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Person, PersonPaper, Unit
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.search.reasons import Field, How


def estate_fields(session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
    """Return what records within estates are found by as well: the estate's name and address."""
    rows = session.execute(
        select(Estate.id, Estate.name, Estate.address).where(Estate.id.in_(functions.keys(ids)))
    )
    return {row.id: [Field(_("Estate"), text) for text in (row.name, row.address) if text] for row in rows}


def own_fields(session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
    """Return what estates themselves are found by, each field with its own label."""
    rows = session.execute(
        select(Estate.id, Estate.name, Estate.address).where(Estate.id.in_(functions.keys(ids)))
    )
    return {row.id: [Field(_("Estate name"), row.name), Field(_("Address"), row.address)] for row in rows}


def unit_fields(session: Session, ids: Collection[int], today: date) -> dict[int, list[Field]]:
    """Return what units are found by: their place, people, telephones, documents and numbers."""
    rows = session.execute(
        select(
            Unit.id,
            Unit.estate_id,
            Building.label.label("building"),
            Unit.entrance,
            Unit.label,
            Unit.real_estate_no,
            Unit.fund_account,
            Unit.other_ids,
        )
        .join(Building, Building.id == Unit.building_id)
        .where(Unit.id.in_(functions.keys(ids)))
    ).all()
    estates = estate_fields(session, {row.estate_id for row in rows})
    found: dict[int, list[Field]] = {}
    for row in rows:
        place = Field(_("House and room"), f"{row.building}{row.entrance}{row.label}")
        numbers = (
            (_("Number of the real-estate unit"), row.real_estate_no),
            (_("Fund account"), row.fund_account),
            *(row.other_ids or {}).items(),
        )
        found[row.id] = [
            place,
            *(Field(name, number, number, "serial") for name, number in numbers if number),
        ]
    for unit_id, field in _of_people(session, ids, today):
        found[unit_id].append(field)
    for row in rows:
        found[row.id] += estates[row.estate_id]
    return found


def _of_people(session: Session, ids: Collection[int], today: date) -> Iterator[tuple[int, Field]]:
    households = session.execute(
        select(
            Household.id,
            Household.unit_id,
            Household.head,
            Household.is_company,
            Household.id_number,
            Household.moved_out_on,
        )
        .where(Household.unit_id.in_(functions.keys(ids)))
        .order_by(Household.id)
    ).all()
    of_unit = {row.id: row.unit_id for row in households}
    gone = {row.id for row in households if row.moved_out_on is not None and row.moved_out_on <= today}
    for held in households:
        yield from _of_one(
            held.unit_id, _("Holder"), held.head, held.id_number, held.is_company, held.id in gone
        )
    for row in session.execute(
        select(Person.household_id, Person.name, Person.id_number, Person.until_on)
        .where(Person.household_id.in_(functions.keys(of_unit)))
        .order_by(Person.id)
    ):
        is_former = row.household_id in gone or (row.until_on is not None and row.until_on <= today)
        yield from _of_one(
            of_unit[row.household_id], _("Resident"), row.name, row.id_number, False, is_former
        )
    numbers: tuple[tuple[type[HouseholdPhone] | type[PersonPaper], str, How], ...] = (
        (HouseholdPhone, _("Telephone"), "phone"),
        (PersonPaper, _("Identity document"), "document"),
    )
    for model, name, how in numbers:
        for household_id, number in session.execute(
            select(model.household_id, model.number).where(model.household_id.in_(functions.keys(of_unit)))
        ):
            yield of_unit[household_id], Field(name, number, how=how, is_former=household_id in gone)


def _of_one(
    unit_id: int, name: str, text: str, id_number: str, is_company: bool, is_former: bool
) -> Iterator[tuple[int, Field]]:
    yield unit_id, Field(name, text, mask_name(text, is_company), is_former=is_former)
    if id_number:
        yield unit_id, Field(_("Identity document"), id_number, how="document", is_former=is_former)
