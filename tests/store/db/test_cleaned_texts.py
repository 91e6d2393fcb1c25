"""An office of an earlier version whose texts hold invisible characters: cleaned once, logged, and found again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import check_records
from fuyuan_desk.audit.service.reindex import INDEXES, finish_cleaning
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import units
from fuyuan_desk.kit.trail.history import history
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store import layout
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.today import service as today
from tests.store import old_stores

ZERO_WIDTH = "\u200b"


def write(connection: Connection, table: str, key: int, column: str, value: str) -> None:
    """Change a row and log it, as the earlier version did."""
    old = connection.execute(text(f"SELECT {column}, uid FROM {table} WHERE id = {key}")).one()
    connection.execute(text(f"UPDATE {table} SET {column} = :value WHERE id = {key}"), {"value": value})
    logged = [json.loads(part) if column == "tenures" else part for part in (old[0], value)]
    audit.append_to(connection, "admin", [audit.Event("update", table, key, old[1], {column: logged})])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Seat]:
    """Streets, an estate, a building, a unit, a household and a telephone with invisible characters."""
    folder = tmp_path / "office"
    old_stores.unpack("0007", folder)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection:
        write(connection, "estate", 1, "name", f"南昌路168弄{ZERO_WIDTH}老里")
        write(connection, "estate", 1, "remarks", "甲\r\n乙\x00")
        write(connection, "estate", 1, "tenures", json.dumps([f"public{ZERO_WIDTH}"]))
        write(connection, "household", 1, "head", f"欧阳{ZERO_WIDTH}正明\ufeff")
        write(connection, "household_phone", 1, "number", "138\u202d00001111\u202c")
        write(connection, "street", 2, "name", f"南京东路街道{ZERO_WIDTH}")
        write(connection, "street", 1, "name", "南京东路街道")
    engine.dispose()
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    yield seat
    seat.store.close()


def found(seat: Seat, typed: str) -> list[str]:
    return [hit.kind for hit in today.search(seat, all_records(), typed)]


def value(seat: Seat, column: str) -> object:
    with seat.store.use() as session:
        return session.execute(text(f"SELECT {column}")).scalar_one()


def test_texts_are_cleaned_and_the_trail_agrees(office: Seat) -> None:
    assert value(office, "name FROM estate WHERE id = 1") == "南昌路168弄老里"
    assert value(office, "remarks FROM estate WHERE id = 1") == "甲\n乙"
    assert value(office, "tenures FROM estate WHERE id = 1") == '["public"]'
    assert value(office, "head FROM household WHERE id = 1") == "欧阳正明"
    assert value(office, "number FROM household_phone WHERE id = 1") == "13800001111"
    assert check_records(office).faults == ()
    assert [fault for finding in check_office(office) for fault in finding.faults] == []


def test_names_that_become_equal_are_numbered(office: Seat) -> None:
    assert value(office, "name FROM street WHERE id = 1") == "南京东路街道"
    assert value(office, "name FROM street WHERE id = 2") == "南京东路街道 (2)"


def test_cleaned_records_are_found_once_the_search_knows_them(office: Seat) -> None:
    assert "unit" not in found(office, "欧阳正明")
    assert finish_cleaning(office) == 4 + 3  # and the organisations that a later step made of names
    for typed in ("欧阳正明", "ouyangzhengming", "13800001111"):
        assert "unit" in found(office, typed), typed
    assert found(office, "南昌路168弄老里")[0] == "estate"
    assert units.list_units(office, UnitQuery(text="欧阳正明")).total == 1
    assert finish_cleaning(office) == 0


def test_the_change_is_told_as_one(office: Seat) -> None:
    with office.store.use() as session:
        event = history(session, "estate", 1)[0]
    assert (event.operator, event.action) == ("The program", "Record changed")
    name = next(change for change in event.changes if change.field == "name")
    assert (name.old, name.new) == ("南昌路168弄老里 (with invisible characters)", "南昌路168弄老里")


def test_every_table_that_is_searched_can_be_indexed_again(office: Seat) -> None:
    for index in INDEXES.values():
        with office.store.use() as session:
            index(session, [1, 999])
            session.rollback()
