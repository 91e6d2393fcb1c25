"""Records that were changed, added or removed past the program differ from the audit trail, and are named."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.records import MOST, check_records
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import estates, units
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.privacy.service import retention
from fuyuan_desk.roster.service.imports import import_roster, undo_import
from tests.privacy.neighbours import add_home, agreed, log_visit, move_out
from tests.store import old_stores
from tests.store.audit.trail_tools import unprotected

FORGERIES = {
    "a role": ("UPDATE operator SET role = 'admin' WHERE login = 'li'", "li: Role"),
    "a name": ("UPDATE operator SET name = '某' WHERE login = 'li'", "li: Name"),
    "an estate of a property company": (
        "INSERT INTO operator_estate (uid, version, operator_id, estate_id) VALUES ('f', 1, 1, 1)",
        "does not know it",
    ),
    "a tier": ("UPDATE tier_assignment SET tier = 'livable' WHERE id = 1", "not what the audit log says"),
    "the state of a case": ("UPDATE renovation_case SET status = 'closed' WHERE id = 2", "not what the audit log says"),
    "a day that was empty": ("UPDATE renovation_case SET closed_on = '2026-01-01' WHERE id = 2", "ZX2026-0002"),
    "a household": ("UPDATE household SET head = '某某' WHERE id = 3", "not what the audit log says"),
    "a number in a household": ("UPDATE household SET people = 99 WHERE id = 3", "not what the audit log says"),
    "a visit's result": ("UPDATE visit_result SET result = 'na' WHERE id = 5", "not what the audit log says"),
    "a removed telephone": ("DELETE FROM household_phone WHERE id = 2", "does not say that it was removed"),
    "an operator made": (
        "INSERT INTO operator (uid, version, login, name, role, active)"
        " VALUES ('f', 1, 'ghost', '鬼', 'admin', 1)",
        "ghost: the audit log does not know it",
    ),
}  # fmt: skip


def forge(seat: Seat, *statements: str) -> None:
    with seat.store.use() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
        session.commit()


def test_the_sample_office_agrees(sample_seat: Seat) -> None:
    assert check_records(sample_seat).faults == ()


@pytest.mark.parametrize("step", ["0001", "0002", "0003", "0004", "0005", "0006"])
def test_an_office_of_an_earlier_version_agrees(tmp_path: Path, step: str) -> None:
    old_stores.unpack(step, tmp_path / "old")
    seat = sign_in(tmp_path / "old", "admin", old_stores.PASSWORD)
    assert check_records(seat).faults == ()
    seat.store.close()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_named(sample_seat: Seat, forgery: str) -> None:
    statement, words = FORGERIES[forgery]
    forge(sample_seat, statement)
    [fault] = check_records(sample_seat).faults
    assert words in fault
    assert "鬼" not in fault
    assert "某某" not in fault


def test_many_differences_of_a_table_are_cut_short(sample_seat: Seat) -> None:
    forge(sample_seat, "UPDATE household SET people = 77")
    faults = check_records(sample_seat).faults
    assert len(faults) == MOST + 1
    assert "more records" in faults[-1]


def test_renaming_an_estate_is_none(sample_seat: Seat) -> None:
    [first, *_] = estates.list_estates(sample_seat).rows
    known = estates.estate_detail(sample_seat, first.id)
    estates.save_estate(sample_seat, replace(known.fields, name="改名小区"), first.id, known.version)
    assert units.list_units(sample_seat, UnitQuery()).total
    assert check_records(sample_seat).faults == ()


def test_an_import_and_its_undoing_are_none(seat: Seat, tmp_path: Path) -> None:
    rows = "\n".join(f"1号,{number}01室,王{number},1390000{number:04}" for number in range(1, 40))
    roster = tmp_path / "名册.csv"
    roster.write_text(f"门牌号,室号,姓名,联系电话\n{rows}\n", encoding="utf-8")
    report = import_roster(seat, roster, "某小区")
    assert check_records(seat).faults == ()
    assert report.import_id is not None
    forge(seat, "UPDATE household SET head = '别人' WHERE id = (SELECT max(id) FROM household)")
    assert len(check_records(seat).faults) == 1
    forge(seat, "UPDATE household SET head = '王39' WHERE id = (SELECT max(id) FROM household)")
    undo_import(seat, report.import_id)
    assert check_records(seat).faults == ()


def test_erasing_personal_data_is_none(seat: Seat) -> None:
    home = add_home(seat)
    add_home(seat, "502室")
    log_visit(seat, remarks="某甲在场")
    move_out(seat, home, date(2021, 3, 2))
    assert check_records(seat).faults == ()
    assert retention.anonymise(agreed(seat)).records
    assert check_records(seat).faults == ()
    forge(seat, "UPDATE household SET people = people + 1 WHERE anonymised_on IS NULL")
    assert len(check_records(seat).faults) == 1


@pytest.mark.parametrize(
    "content", ["no JSON", "null", "[1]", '"x"', "[" * 100_000, '{"ids":[1],"rows":{}}', "1" * 5_000]
)
def test_an_entry_that_cannot_be_read_is_a_fault(sample_seat: Seat, content: str) -> None:
    with sample_seat.store.use() as session:
        connection = session.connection()
        with unprotected(connection):
            entry = "(SELECT max(id) FROM audit_entry WHERE table_name = 'visit' AND action = 'insert')"
            connection.exec_driver_sql(f"UPDATE audit_entry SET changes = ? WHERE id = {entry}", (content,))
        session.commit()
    assert check_records(sample_seat).faults
