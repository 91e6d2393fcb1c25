"""The step that rechains the trail loses nothing and hides nothing that was broken before."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import layout
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from tests.store import old_stores
from tests.store.audit.trail_tools import tell_as_before

ACTS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office of the first version with a longer trail."""
    folder = tmp_path / "office"
    old_stores.unpack("0001", folder)
    alter(folder, lambda connection: tell_as_before(connection, ACTS))
    return folder


def alter(folder: Path, change: object) -> None:
    """Change the database directly: by a function or a statement."""
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection:
        if callable(change):
            change(connection)
        else:
            connection.exec_driver_sql(str(change))
    engine.dispose()


@pytest.fixture
def opened(folder: Path) -> Iterator[Seat]:
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    yield seat
    seat.store.close()


def faults(seat: Seat) -> list[str]:
    return [fault for finding in check_store(seat.store) for fault in finding.faults]


def test_an_intact_chain_is_intact_afterwards_and_its_old_end_is_logged(opened: Seat) -> None:
    assert faults(opened) == []
    with opened.store.use() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT id, changes FROM audit_entry WHERE action = 'rechained'"
        )
        [(number, changes)] = rows.all()
        changes = json.loads(changes)
        assert (changes["entries"], changes["entry"], changes["broken"]) == (number - 1, number - 1, [])
        assert re.fullmatch("[0-9a-f]{64}", changes["last"])
        salts = session.connection().exec_driver_sql("SELECT count(DISTINCT salt), count(*) FROM audit_entry")
        assert len(set(salts.one())) == 1


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        ("UPDATE audit_entry SET operator = 'x' WHERE id = {}", 1),
        ("UPDATE audit_entry SET changes = '{{}}' WHERE id = {}", 1),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = {}", 1),
        ("DELETE FROM audit_entry WHERE id = {}", 2),
    ],
)
def test_earlier_breaks_are_reported_for_ever(folder: Path, deed: str, found: int) -> None:
    alter(folder, deed.format(60))
    for _again in range(2):
        seat = sign_in(folder, "admin", old_stores.PASSWORD)
        found_faults = faults(seat)
        seat.store.close()
        assert any("rechained" in fault for fault in found_faults)
        assert len(found_faults) == found


def keep_end(folder: Path, number_from_end: int) -> None:
    """Store an end of the trail beside the database as the first version did."""
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)

    def write(connection: Connection) -> None:
        number, link = connection.exec_driver_sql(
            "SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1 OFFSET ?", (number_from_end,)
        ).one()
        end = anchor._End(number, link)
        content = {"number": number, "hash": link, "seal": anchor._seal(key, end)}
        (folder / anchor.FILE).write_text(json.dumps(content))

    alter(folder, write)


@pytest.mark.parametrize("behind", [0, 7])
def test_a_stored_end_stays_valid(folder: Path, behind: int) -> None:
    keep_end(folder, behind)
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    assert faults(seat) == []
    seat.store.close()


def test_a_stored_end_stays_valid_when_the_program_ends_after_the_step(folder: Path) -> None:
    keep_end(folder, 7)
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    key = seat.store.key
    seat.store.close()
    # as stored between the step and the sign-in
    old = json.loads(_changes(folder, "rechained")[0])
    end = anchor._End(old["entry"], old["last"], 1)
    (folder / anchor.FILE).write_bytes(anchor._content(key, end))
    alter(folder, "PRAGMA user_version = 1")
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    assert faults(seat) == []
    seat.store.close()


def _changes(folder: Path, action: str) -> list[str]:
    found: list[str] = []
    statement = f"SELECT changes FROM audit_entry WHERE action = '{action}'"
    alter(folder, lambda connection: found.extend(connection.exec_driver_sql(statement).scalars()))
    return found


def test_an_end_cut_off_before_is_still_found(folder: Path) -> None:
    keep_end(folder, 0)

    def cut(connection: Connection) -> None:
        run = connection.exec_driver_sql
        run("DELETE FROM audit_entry WHERE id > (SELECT max(id) - 5 FROM audit_entry)")
        run("UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM audit_entry) WHERE name = 'audit_entry'")

    alter(folder, cut)
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    assert any("once reached" in fault for fault in faults(seat))
    seat.store.close()


def test_a_step_that_is_interrupted_leaves_the_old_trail(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_end(folder, 3)
    with monkeypatch.context() as failing:
        failing.setattr(migrate, "upgrade", _fail)
        with pytest.raises(Unusable, match="full"):
            sign_in(folder, "admin", old_stores.PASSWORD)
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    assert faults(seat) == []
    seat.store.close()


def _fail(engine: Engine) -> None:
    raise Unusable("The disk is full")


def test_the_triggers_and_indexes_are_those_of_the_program(opened: Seat) -> None:
    with opened.store.use() as session:
        connection = session.connection()
        assert audit.unprotected(connection) == []
        present = set(
            connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'audit_entry'"
            ).scalars()
        )
    assert present == {str(index.name) for index in audit.AuditEntry.__table__.indexes}  # type: ignore[attr-defined]
