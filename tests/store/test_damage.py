"""Damaged files: truncated, changed, lost, or replaced by older ones."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotAllowed, Unusable, UserError
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import entry, layout
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import attempts, keyring
from tests.conftest import PASSWORD
from tests.store.audit.trail_tools import unprotected

KEYS = (keyring.FILE, keyring.COPY)


def faults(folder: Path) -> list[str]:
    """Open the office and return the faults; an office that does not open is one fault."""
    try:
        seat = sign_in(folder, "admin", PASSWORD)
    except Unusable as refusal:
        return [refusal.message]
    try:
        return [fault for finding in check_office(seat) for fault in finding.faults]
    finally:
        seat.store.close()


def alter(folder: Path, statement: str) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    key = seat.store.key
    seat.store.close()
    engine = open_engine(folder / layout.DATABASE, key)
    with engine.begin() as connection, unprotected(connection):
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_flipped_bit_on_any_page_is_found(folder: Path, tmp_path: Path) -> None:
    whole = (folder / layout.DATABASE).read_bytes()
    for place in range(2_000, len(whole), 37_001):
        copied = tmp_path / f"at-{place}"
        shutil.copytree(folder, copied)
        changed = bytearray(whole)
        changed[place] ^= 1
        (copied / layout.DATABASE).write_bytes(changed)
        assert faults(copied), place


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5])
def test_a_cut_off_database_is_refused_and_left_unchanged(folder: Path, share: float) -> None:
    file = folder / layout.DATABASE
    content = file.read_bytes()[: int(file.stat().st_size * share)]
    file.write_bytes(content)
    [fault] = faults(folder)
    assert "backup" in fault
    assert file.read_bytes() == content


def test_a_lost_database_is_not_taken_for_a_new_one(folder: Path) -> None:
    (folder / layout.DATABASE).unlink()
    assert "missing" in faults(folder)[0]
    assert not (folder / layout.DATABASE).exists()


@pytest.mark.parametrize(
    "content", [b"", b"null", b"\xff\xfe", b'{"slots": []', b"[" * 5000, b'{"store_uid": 3, "slots": []}']
)
def test_the_copy_steps_in_for_a_damaged_key_file(folder: Path, content: bytes) -> None:
    good = (folder / keyring.FILE).read_bytes()
    (folder / keyring.FILE).write_bytes(content)
    assert faults(folder) == []
    assert json.loads((folder / keyring.FILE).read_bytes()) == json.loads(good)
    for name in KEYS:
        (folder / name).write_bytes(content)
    assert "key file" in faults(folder)[0]


def _change_first_slot(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    data = json.loads((folder / keyring.FILE).read_bytes())
    change(data["slots"][0])
    for name in KEYS:
        (folder / name).write_text(json.dumps(data))


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "xyz"},
        {"nonce": "00"},
        {"wrapped": 5},
        {"cost": {"passes": 3, "memory_kib": 10**9, "lanes": 4}},
        {"cost": {"passes": 0, "memory_kib": 64, "lanes": 1}},
        {"cost": {"passes": "3", "memory_kib": 64, "lanes": 1}},
    ],
)
def test_an_invalid_key_file_is_reported_with_a_message(folder: Path, change: dict[str, object]) -> None:
    _change_first_slot(folder, lambda slot: slot.update(change))
    assert "key file" in faults(folder)[0]


def test_lost_keys_are_reported_and_nothing_is_set_up_over_the_data(folder: Path) -> None:
    for name in KEYS:
        (folder / name).unlink()
    assert "keys.json" in faults(folder)[0]
    before = (folder / layout.DATABASE).read_bytes()
    with pytest.raises(UserError, match=r"keys\.json"):
        entry.check_new_folder(folder)
    assert (folder / layout.DATABASE).read_bytes() == before


def test_a_moved_office_opens(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "福元 台 😀" / "é"
    elsewhere.parent.mkdir()
    shutil.move(folder, elsewhere)
    assert faults(elsewhere) == []


# --- the trail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET operator = 'x' WHERE id = 3",
        "UPDATE audit_entry SET changes = '{}' WHERE id = 1",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 4",
        "DELETE FROM audit_entry WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 5",
        "UPDATE audit_entry SET id = 100000 WHERE id = 5",
        "DELETE FROM audit_entry WHERE id >= (SELECT max(id) FROM audit_entry)",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry (at, operator, action, table_name, changes, hash, salt, digest)"
        " VALUES ('2026-01-01 00:00:00', 'x', 'print', 'visit', '{}', 'abc', '', '')",
    ],
)
def test_every_change_to_the_trail_is_found(folder: Path, statement: str) -> None:
    alter(folder, statement)
    assert faults(folder), statement
    assert faults(folder), "and again, after somebody signed in"


def test_the_end_of_the_trail_cannot_be_cut_unseen(folder: Path) -> None:
    alter(folder, "DELETE FROM audit_entry WHERE id > 8")
    alter(folder, "UPDATE sqlite_sequence SET seq = 8 WHERE name = 'audit_entry'")
    assert any("once reached" in fault for fault in faults(folder))
    assert any("once reached" in fault for fault in faults(folder))


def test_an_older_database_under_a_newer_end_is_found(folder: Path) -> None:
    old = (folder / layout.DATABASE).read_bytes()
    sign_in(folder, "admin", PASSWORD).store.close()
    end = (folder / anchor.FILE).read_bytes()
    (folder / layout.DATABASE).write_bytes(old)
    assert any("once reached" in fault for fault in faults(folder))
    assert (folder / anchor.FILE).read_bytes() == end


@pytest.mark.parametrize("content", [b"", b"{}", b'{"number": 1, "hash": "x", "seal": "y"}', b"\xff"])
def test_a_changed_end_is_reported_and_locks_nobody_out(folder: Path, content: bytes) -> None:
    (folder / anchor.FILE).write_bytes(content)
    assert any(anchor.FILE in fault for fault in faults(folder))


def test_a_lost_end_is_written_again(folder: Path) -> None:
    (folder / anchor.FILE).unlink()
    assert faults(folder) == []
    assert (folder / anchor.FILE).exists()


# --- wrong passwords ---------------------------------------------------------------------------------


def test_a_clock_that_was_ahead_locks_nobody_out_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / attempts.FILE).write_text('{"failures": 3, "last": "2099-01-01T00:00:00"}')
    with pytest.raises(NotAllowed, match="wait"):
        entry.open_store(folder, "admin", PASSWORD)
    monkeypatch.setattr(attempts, "pause_after", lambda failures: attempts.timedelta(0))
    entry.open_store(folder, "admin", PASSWORD).close()
    assert not (folder / attempts.FILE).exists()


def test_the_pause_is_written_down_for_the_next_start(folder: Path) -> None:
    for _again in range(3):
        with pytest.raises(NotAllowed):
            entry.open_store(folder, "admin", "wrong-password")
    kept = attempts.read(folder)
    assert kept.failures == 3
    assert kept.last is not None
    with pytest.raises(NotAllowed, match="wait"):
        entry.open_with_recovery(folder, "AAAA")


def test_a_message_never_contains_what_was_typed(folder: Path) -> None:
    for attempt in (
        lambda: entry.open_store(folder, "秘密姓名", "secret-typed-1"),
        lambda: entry.open_with_recovery(folder, "ZZZZ-9999"),
    ):
        with pytest.raises(NotAllowed) as refusal:
            attempt()
        assert not {"秘密", "secret", "ZZZZ"} & set(refusal.value.message.split())


def test_an_error_of_the_database_tells_no_values(seat: Seat) -> None:
    with seat.store.sessions() as session, pytest.raises(Exception, match="no such table") as refusal:
        session.connection().exec_driver_sql("INSERT INTO missing VALUES (?)", ("张秘密",))
    assert "张秘密" not in str(refusal.value)
