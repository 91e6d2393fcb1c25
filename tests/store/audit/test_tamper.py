"""Whatever is done to the trail outside the program is found, and most of it is refused by the database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit import anchor, redaction
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.check import check_store
from tests.conftest import PASSWORD
from tests.store.audit.trail_tools import actions, unprotected

COLUMNS = sorted(audit.AuditEntry.__table__.columns.keys())
ROWS = (1, 20, 59)


@pytest.fixture
def trailed(seat: Seat) -> Seat:
    """An office with a longer trail, with personal data of household 7 erased from entry 60."""
    with seat.store.use() as session:
        session.info[audit.ACTOR] = "admin"
        while (last := session.connection().exec_driver_sql("SELECT max(id) FROM audit_entry").scalar()) < 59:
            audit.note(session, "print", "visit", last)
        household = {"head": "张明", "people": 3}
        audit.append(session, [audit.Event("insert", "household", 7, "u7", household)])
        redaction.redact_records(session, "household", {7: "u7"}, {"head"}, "moved out")
        session.commit()
    seat.store.save_trail_end()
    return seat


def faults(seat: Seat) -> list[str]:
    """Return the faults of the trail."""
    [finding] = [finding for finding in check_store(seat.store) if finding.what == "Audit trail"]
    return list(finding.faults)


def alter(seat: Seat, *statements: str) -> None:
    """Run statements while the protection is removed."""
    with seat.store.use() as session:
        with unprotected(session.connection()):
            for statement in statements:
                session.connection().exec_driver_sql(statement)
        session.commit()


def test_an_untouched_trail_is_sound(trailed: Seat) -> None:
    assert faults(trailed) == []


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", ROWS)
def test_a_change_of_any_column_of_any_row_is_found(trailed: Seat, column: str, row: int) -> None:
    change = "1000" if column == "id" else "coalesce(%s, '') || '1'" % column  # noqa: UP031 - plain SQL
    alter(trailed, f"UPDATE audit_entry SET {column} = {change} WHERE id = {row}")
    assert faults(trailed)


_OTHERS = ", ".join(column for column in COLUMNS if column != "id")
_FORGED = (
    "INSERT INTO audit_entry (at, operator, action, table_name, changes, salt, digest, hash)"
    " SELECT at, operator, action, table_name, changes, salt, digest, {hash} FROM audit_entry WHERE id = 20"
)
DEEDS: dict[str, tuple[str, ...]] = {
    "first removed": ("DELETE FROM audit_entry WHERE id = 1",),
    "one removed": ("DELETE FROM audit_entry WHERE id = 20",),
    "last removed": ("DELETE FROM audit_entry WHERE id = 61",),
    "all removed": ("DELETE FROM audit_entry",),
    "all removed, books too": ("DELETE FROM audit_entry", "DELETE FROM sqlite_sequence"),
    "end cut, books too": (
        "DELETE FROM audit_entry WHERE id > 30",
        "UPDATE sqlite_sequence SET seq = 30 WHERE name = 'audit_entry'",
    ),
    "two swapped": (
        "UPDATE audit_entry SET id = -1 WHERE id = 20",
        "UPDATE audit_entry SET id = 20 WHERE id = 21",
        "UPDATE audit_entry SET id = 21 WHERE id = -1",
    ),
    "moved to the end": ("UPDATE audit_entry SET id = 62 WHERE id = 20",),
    "one put in between": (
        "UPDATE audit_entry SET id = id + 1000 WHERE id > 20",
        "UPDATE audit_entry SET id = id - 999 WHERE id > 1000",
        f"INSERT INTO audit_entry (id, {_OTHERS}) SELECT 21, {_OTHERS} FROM audit_entry WHERE id = 20",
        "UPDATE sqlite_sequence SET seq = 62 WHERE name = 'audit_entry'",
    ),
    "forged without a chain": (_FORGED.format(hash="'abc'"),),
    "forged with a copied link": (_FORGED.format(hash="hash"),),
    "books lowered": ("UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit_entry'",),
    "books raised": ("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'audit_entry'",),
    "books forgotten": ("DELETE FROM sqlite_sequence WHERE name = 'audit_entry'",),
    "words changed, erasure forged": (
        "UPDATE audit_entry SET changes = '{}' WHERE id = 20",
        "INSERT INTO redaction (uid, version, entry_id, digest, at, reason)"
        " VALUES ('f', 1, 20, 'd', '2026-01-01 00:00:00', 'x')",
    ),
    "erasure forged": (
        "INSERT INTO redaction (uid, version, entry_id, digest, at, reason)"
        " VALUES ('f', 1, 20, 'd', '2026-01-01 00:00:00', 'x')",
    ),
    "erasure removed": ("DELETE FROM redaction",),
    "erasure of another entry": ("UPDATE redaction SET entry_id = 20",),
    "erasure with another digest": ("UPDATE redaction SET digest = 'x'",),
    "words changed after the erasure": ("UPDATE audit_entry SET changes = '{}' WHERE id = 60",),
    "salt changed after the erasure": ("UPDATE audit_entry SET salt = 'x' WHERE id = 60",),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_is_found(trailed: Seat, deed: str) -> None:
    alter(trailed, *DEEDS[deed])
    assert faults(trailed)


# the next event corrects this; nothing is lost unless rows are removed too, as above
_MENDED = {"books lowered", "books forgotten"}


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - _MENDED))
def test_and_is_still_found_after_somebody_signed_in(trailed: Seat, deed: str) -> None:
    alter(trailed, *DEEDS[deed])
    trailed.store.close()
    again = sign_in(trailed.store.folder, "admin", PASSWORD)
    again.store.close()
    again = sign_in(trailed.store.folder, "admin", PASSWORD)
    found = faults(again)
    again.store.close()
    assert found


@pytest.mark.parametrize("name", sorted(audit.TRIGGERS))
def test_a_missing_or_changed_protection_is_found(trailed: Seat, name: str) -> None:
    with trailed.store.use() as session:
        connection = session.connection()
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        assert audit.unprotected(connection) == [name]
        connection.exec_driver_sql(audit.TRIGGERS[name].replace("SELECT RAISE(ABORT, ", "SELECT printf("))
        session.commit()
    assert any("protection" in fault for fault in faults(trailed))


def test_a_unknown_protection_is_found(trailed: Seat) -> None:
    with trailed.store.use() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER mute AFTER INSERT ON audit_entry BEGIN SELECT 1; END"
        )
        session.commit()
    assert any("protection" in fault for fault in faults(trailed))


REFUSED = (
    "DELETE FROM audit_entry WHERE id = 20",
    "DELETE FROM audit_entry",
    *(f"UPDATE audit_entry SET {column} = {column} || '1' WHERE id = 60" for column in COLUMNS
      if column not in ("changes", "salt", "record_id")),
    "UPDATE audit_entry SET record_id = 8 WHERE id = 60",
    "UPDATE audit_entry SET record_id = NULL WHERE id = 60",
    "UPDATE audit_entry SET changes = '{}' WHERE id = 20",
    "UPDATE audit_entry SET salt = '' WHERE id = 20",
    f"INSERT OR REPLACE INTO audit_entry (id, {_OTHERS}) SELECT 20, {_OTHERS} FROM audit_entry WHERE id = 21",
    f"INSERT OR REPLACE INTO audit_entry (id, {_OTHERS}) SELECT 61, {_OTHERS} FROM audit_entry WHERE id = 20",
    f"INSERT INTO audit_entry (id, {_OTHERS}) SELECT 5, {_OTHERS} FROM audit_entry WHERE id = 20",
    "UPDATE OR REPLACE audit_entry SET id = 20 WHERE id = 21",
    "DELETE FROM redaction",
    "UPDATE redaction SET reason = ''",
    "REPLACE INTO redaction SELECT * FROM redaction",
)  # fmt: skip


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(trailed: Seat, statement: str) -> None:
    with trailed.store.use() as session, pytest.raises(IntegrityError):
        session.connection().exec_driver_sql(statement)
    assert faults(trailed) == []


# --- the end stored outside -----------------------------------------------------------------------------


def _roll_back(folder: Path, seat: Seat) -> None:
    old = (folder / anchor.FILE).read_bytes()
    with seat.store.use() as session:
        audit.note(session, "print", "visit", 1)
        session.commit()
    seat.store.save_trail_end()
    (folder / anchor.FILE).write_bytes(old)


def _remove(folder: Path, _seat: Seat) -> None:
    (folder / anchor.FILE).unlink()


def _forge(folder: Path, seat: Seat) -> None:
    data = json.loads((folder / anchor.FILE).read_bytes())
    (folder / anchor.FILE).write_text(json.dumps(data | {"number": data["number"] - 1}))


def _wind_on(folder: Path, seat: Seat) -> None:
    data = json.loads((folder / anchor.FILE).read_bytes())
    (folder / anchor.FILE).write_text(json.dumps(data | {"turn": data["turn"] + 1}))


def _fill_deeply(folder: Path, seat: Seat) -> None:
    (folder / anchor.FILE).write_text("[" * 100_000)


@pytest.mark.parametrize("deed", [_roll_back, _remove, _forge, _wind_on, _fill_deeply])
def test_what_is_done_to_the_end_outside_is_found(
    trailed: Seat, deed: Callable[[Path, Seat], object]
) -> None:
    deed(trailed.store.folder, trailed)
    assert any(anchor.FILE in fault for fault in faults(trailed))


def test_an_older_end_put_back_is_still_found_after_signing_in(trailed: Seat) -> None:
    _roll_back(trailed.store.folder, trailed)
    trailed.store.close()
    again = sign_in(trailed.store.folder, "admin", PASSWORD)
    found = faults(again)
    again.store.close()
    assert any("older" in fault for fault in found)


def test_a_lost_end_is_logged_in_the_trail(trailed: Seat) -> None:
    (trailed.store.folder / anchor.FILE).unlink()
    trailed.store.save_trail_end()
    with trailed.store.use() as session:
        assert actions(session.connection())[-1] == "end_lost"
    assert faults(trailed) == []
    [finding] = [finding for finding in check_store(trailed.store) if finding.what == "Audit trail"]
    assert any("Entry 62" in remark and "end of the audit log" in remark for remark in finding.remarks)


def test_an_end_cut_off_within_a_session_is_found(trailed: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuyuan_desk.store.store._END_EVENTS", 10)
    for number in range(25):
        with trailed.store.use() as session:
            audit.note(session, "print", "visit", number)
            session.commit()
    kept = json.loads((trailed.store.folder / anchor.FILE).read_bytes())
    assert kept["number"] == 81  # every tenth event from 61 on
    alter(
        trailed,
        "DELETE FROM audit_entry WHERE id > 75",
        "UPDATE sqlite_sequence SET seq = 75 WHERE name = 'audit_entry'",
    )
    assert any("once reached entry 81" in fault for fault in faults(trailed))


def test_the_end_is_stored_some_minutes_after_an_event(
    trailed: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> int:
        return int(json.loads((trailed.store.folder / anchor.FILE).read_bytes())["number"])

    with trailed.store.use() as session:
        audit.note(session, "print", "visit", 1)
        session.commit()
    assert kept() == 61
    monkeypatch.setattr("fuyuan_desk.store.store._END_SECONDS", 0.0)
    with trailed.store.use():
        pass
    assert kept() == 62
