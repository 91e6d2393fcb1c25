"""The trail is checked while the desk goes on writing: one moment, on a connection of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.store import check
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import snapshot
from fuyuan_desk.store.db import readers
from fuyuan_desk.store.db.engine import checkpoint
from fuyuan_desk.store.entry import open_store
from fuyuan_desk.store.store import Store
from tests.conftest import PASSWORD

MANY = 30_000


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A store with a long trail."""
    made = open_store(folder, "admin", PASSWORD)
    with made.use() as session:
        event = audit.Event("export", "household", None, None, {"purpose": "x" * 40})
        audit.append(session, [event] * MANY)
        session.commit()
    yield made
    made.close()


def _save(store: Store) -> None:
    with store.use() as session:
        audit.note(session, "print", "household", 1)
        session.commit()
    store.save_trail_end()  # updates the stored end, which the check of an earlier moment must not use


class Beside:
    """Runs a check on a thread of its own and pauses it once it has begun to read, until it is resumed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> None:
        self.started, self.go = threading.Event(), threading.Event()
        self.outcome: Any = None
        really = audit.verify_chain

        def held(connection: Any) -> audit.Verification:
            self.started.set()
            assert self.go.wait(20)
            return really(connection)

        def work() -> None:
            try:
                self.outcome = run()
            except BaseException as problem:  # noqa: BLE001 - reported to the test
                self.outcome = problem

        monkeypatch.setattr(check.audit, "verify_chain", held)
        self._thread = threading.Thread(target=work)
        self._thread.start()
        assert self.started.wait(20)

    def end(self) -> Any:
        self.go.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.outcome


def test_a_save_is_acknowledged_while_a_check_of_a_long_trail_runs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _finding = check.check_trail(store)
    beside = Beside(monkeypatch, lambda: check.check_trail(store))
    began = time.perf_counter()
    for _time in range(3):
        _save(store)
    assert time.perf_counter() - began < 5
    assert beside.outcome is None  # it is still running
    end, finding = beside.end()
    assert (end, finding.faults) == (before, ())  # as of its own moment, though the stored end moved on
    assert check.check_trail(store) == (before + 3, finding)


def test_a_fault_is_found_on_the_other_connection_too(store: Store) -> None:
    with store.use() as session:
        connection = session.connection()
        connection.exec_driver_sql("DROP TRIGGER audit_entry_unchanged")
        connection.exec_driver_sql("UPDATE audit_entry SET operator = 'li' WHERE id = 77")
        session.commit()
    _end, finding = check.check_trail(store)
    assert any("at entry 77" in fault for fault in finding.faults)
    assert any("protection" in fault for fault in finding.faults)


def test_a_check_breaks_off_when_cancelled_and_leaves_no_connection(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    really = readers.open_reader

    def watched(path: Path, key: bytes) -> Any:
        opened.append(really(path, key))
        return opened[-1]

    monkeypatch.setattr(readers, "open_reader", watched)
    progress = Progress()
    beside = Beside(monkeypatch, lambda: check.check_trail(store, progress))
    progress.cancel()
    assert isinstance(beside.end(), Cancelled)
    with pytest.raises(Exception, match="closed"):
        opened[0].execute("SELECT 1")


def test_closing_waits_until_a_cancelled_check_let_go_of_the_key(folder: Path) -> None:
    closing = open_store(folder, "admin", PASSWORD)
    closing.snapshot_lock.acquire()
    threading.Timer(0.3, closing.snapshot_lock.release).start()
    began = time.perf_counter()
    closing.close()
    assert 0.2 < time.perf_counter() - began < 1.9


def test_a_backup_waits_for_a_check_instead_of_failing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = Beside(monkeypatch, lambda: check.check_trail(store))
    _save(store)  # the WAL holds something that the check does not see: it cannot be emptied now
    held = threading.Event()

    def hold() -> None:
        with snapshot.open_snapshot(store):
            held.set()

    backing = threading.Thread(target=hold)
    backing.start()
    assert not held.wait(0.3)
    _save(store)  # nor does the waiting backup keep others from saving
    assert beside.end()[1].faults == ()
    backing.join(20)
    assert held.is_set()
    checkpoint(store.engine)


def test_where_the_file_cannot_be_opened_twice_the_turn_is_held(
    folder: Path, on_share: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "open_reader", lambda *_what: pytest.fail("opened twice"))
    alone = open_store(folder, "admin", PASSWORD)
    try:
        assert check.check_trail(alone)[1].faults == ()
    finally:
        alone.close()
