"""The search finds the same after an import as when everything had been saved one by one."""

import shutil
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.buildings import save_building
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.estates.service.households import save_household
from fuyuan_desk.estates.service.units import save_unit
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.search import filter as listed
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import pinyin
from fuyuan_desk.store.store import Store
from tests.conftest import PASSWORD
from tests.roster.test_imports import FUND, LANE, TENANTS, TOWER

KINDS = (ESTATE, UNIT)
EVERY = 13
MOST = 10_000
Answers = dict[str, tuple[list[search.Hit], list[int], list[int]]]


def _typed(texts: list[str]) -> set[str]:
    """Return what somebody types who looks for these names, addresses and numbers."""
    spelt = {
        spelling
        for text in texts
        for syllables in pinyin.readings(text)
        for spelling in ("".join(syllables), "".join(syllable[0] for syllable in syllables))
    }
    parts = {text[start:] for text in texts for start in range(len(text))}
    begun = {text[:length] for text in (*texts, *spelt) for length in (1, 2, 3, len(text))}
    together = {f"{one} {other}" for one, other in pairwise(texts)}
    return {text for text in (*parts, *begun, *spelt, *together) if text.strip()}


def _texts_of(store: Store) -> list[str]:
    """Return names, addresses, phones and ID numbers of some of the households, and of the estates."""
    with store.use() as session:
        texts = list(session.scalars(select(Estate.name)))
        for unit in islice(session.scalars(select(Unit).order_by(Unit.id)), 0, None, EVERY):
            texts += [f"{unit.building.label}{unit.entrance}{unit.label}", unit.label]
            for household in unit.households:
                texts += [household.head, household.id_number, *(phone.number for phone in household.phones)]
        session.rollback()
    return [text for text in texts if text]


def _answers(store: Store, typed: set[str]) -> Answers:
    """Return for each query the hits of the search, and the records in the lists of both kinds."""

    def keys(text: str, kind: Kind) -> list[int]:
        return listed.matching_ids(session, text, kind, MOST)

    with store.use() as session:
        found = {
            text: (search.find(session, text, KINDS, MOST), keys(text, ESTATE), keys(text, UNIT))
            for text in sorted(typed)
        }
        session.rollback()
    return found


def _index_one_by_one(store: Store) -> None:
    with store.use() as session:
        units = list(session.scalars(select(Unit.id)))
        search.drop(session, UNIT, units)
        session.commit()
    for unit in units:
        with store.use() as session:
            search_entries.index_units(session, [unit])
            session.commit()


def test_a_bulk_of_entries_finds_the_same_as_single_ones(seat: Seat) -> None:
    for roster in (LANE, TENANTS, FUND, TOWER):
        imports.import_roster(seat, roster)
    typed = _typed(_texts_of(seat.store))
    bulk = _answers(seat.store, typed)
    _index_one_by_one(seat.store)
    assert _answers(seat.store, typed) == bulk
    assert len(bulk) > 1_000
    assert sum(bool(hits) for hits, _estates, _units in bulk.values()) > 1_000


def _save_one_by_one(source: Store, seat: Seat) -> None:
    """Save the records of another office through the services, in the same order."""
    with source.use() as session:
        estates = [EstateFields(each.name, each.address) for each in session.scalars(select(Estate))]
        buildings = [
            (each.estate_id, BuildingFields(each.label))
            for each in session.scalars(select(Building).order_by(Building.id))
        ]
        units = [
            UnitFields(each.building_id, entrance=each.entrance, label=each.label)
            for each in session.scalars(select(Unit).order_by(Unit.id))
        ]
        households = [
            (
                each.unit_id,
                HouseholdFields(
                    head=each.head,
                    phones=tuple(phone.number for phone in each.phones),
                    is_company=each.is_company,
                    id_kind=each.id_kind,
                    id_number=each.id_number,
                ),
            )
            for each in session.scalars(select(Household).order_by(Household.id))
        ]
        session.rollback()
    for estate in estates:
        save_estate(seat, estate)
    for estate_id, building in buildings:
        save_building(seat, replace(building, estate_id=estate_id))
    for unit in units:
        save_unit(seat, unit)
    for unit_id, household in households:
        save_household(seat, unit_id, household)


@pytest.mark.parametrize("roster", [LANE, TENANTS])
def test_an_import_finds_the_same_as_saves_of_a_clerk(
    seat: Seat, prepared_office: Path, tmp_path: Path, roster: Path
) -> None:
    imports.import_roster(seat, roster)
    shutil.copytree(prepared_office, tmp_path / "other")
    other = sign_in(tmp_path / "other", "admin", PASSWORD)
    _save_one_by_one(seat.store, other)
    typed = _typed(_texts_of(seat.store))
    try:
        assert _answers(other.store, typed) == _answers(seat.store, typed)
    finally:
        other.store.close()


def test_a_house_known_by_another_spelling_is_found_by_its_own(seat: Seat, tmp_path: Path) -> None:
    def roster(name: str, house: str, room: str) -> Path:
        path = tmp_path / f"{name}.csv"
        path.write_text(f"小区,楼栋,室号,业主\n福元小区,{house},{room},丁华\n", encoding="utf-8")
        return path

    imports.import_roster(seat, roster("一", "3号楼", "101室"))
    imports.import_roster(seat, roster("二", "3幢", "102室"))
    typed = {"3号楼102", "3号楼102室", "3幢102室", "102", "丁华", "3号楼"}
    bulk = _answers(seat.store, typed)
    assert len(bulk["3号楼102室"][2]) == 1
    _index_one_by_one(seat.store)
    assert _answers(seat.store, typed) == bulk
