import errno
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import schema
from fuyuan_desk.store import entry, layout
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.keys import keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.disk import FaultyDisk
from tests.store import old_stores


def test_nothing_on_disk_can_be_read_without_the_key(seat: Seat) -> None:
    with seat.store.sessions() as session:
        session.add(Estate(name="南昌路168弄", address="福元路1号"))
        session.commit()
    seat.store.close()
    for file in seat.store.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert "南昌路".encode() not in content
            assert "福元".encode() not in content
            assert b"SQLite format 3" not in content


def test_a_wrong_password_is_refused_then_paused(folder: Path) -> None:
    for _ in range(3):
        with pytest.raises(NotAllowed, match="wrong"):
            entry.open_store(folder, "admin", "not-the-password")
    with pytest.raises(NotAllowed, match="wait"):
        entry.open_store(folder, "admin", PASSWORD)


def test_a_second_window_is_refused_and_the_first_goes_on(seat: Seat) -> None:
    with pytest.raises(Unusable, match="another window"):
        entry.open_store(seat.store.folder, "admin", PASSWORD)
    with seat.store.sessions() as session:
        assert session.scalars(select(Estate)).all() == []


def test_closing_gives_the_folder_free(seat: Seat) -> None:
    seat.store.close()
    entry.open_store(seat.store.folder, "admin", PASSWORD).close()


def test_the_recovery_code_opens_the_store(folder: Path) -> None:
    entry.open_with_recovery(folder, RECOVERY).close()
    with pytest.raises(NotAllowed):
        entry.open_with_recovery(folder, keyring.new_recovery_code())


def test_a_damaged_file_is_reported_with_a_message(folder: Path) -> None:
    database = folder / layout.DATABASE
    database.write_bytes(b"\0" * 4096 + database.read_bytes()[4096:])
    (folder / "store.db-wal").unlink(missing_ok=True)
    with pytest.raises(Unusable, match="damaged"):
        entry.open_store(folder, "admin", PASSWORD)


def test_a_store_of_a_newer_program_is_refused(folder: Path) -> None:
    opened = entry.open_store(folder, "admin", PASSWORD)
    with opened.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(Unusable, match="newer version"):
        entry.open_store(folder, "admin", PASSWORD)
    # the refusal released the folder
    with pytest.raises(Unusable, match="newer version"):
        entry.open_store(folder, "admin", PASSWORD)


def test_a_second_office_is_not_put_over_the_first(folder: Path) -> None:
    with pytest.raises(Conflict, match="already holds"):
        entry.create_store(folder, "admin", PASSWORD, RECOVERY, CHEAP)


def test_a_folder_that_is_a_file_is_reported_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unusable):
        entry.create_store(tmp_path / "file", "admin", PASSWORD, RECOVERY, CHEAP)


def test_a_set_up_that_was_interrupted_can_be_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / layout.DATABASE).write_bytes(b"half a database")
    (folder / keyring.UNFINISHED).write_bytes(b"half")
    with pytest.raises(Unusable, match="interrupted"):
        entry.open_store(folder, "admin", PASSWORD)
    entry.create_store(folder, "admin", PASSWORD, RECOVERY, CHEAP).close()
    entry.open_store(folder, "admin", PASSWORD).close()


def test_a_failed_set_up_leaves_no_office(tmp_path: Path, disk: FaultyDisk) -> None:
    refused = disk.failing("replace", errno.ENOSPC, at=lambda path: path.name == keyring.UNFINISHED)
    with refused, pytest.raises(Unusable, match="full"):
        entry.create_store(tmp_path / "office", "admin", PASSWORD, RECOVERY, CHEAP)
    assert not (tmp_path / "office").exists()


def test_the_newest_step_is_the_programs() -> None:
    steps = sorted(file.stem[:4] for file in paths.migrations().glob("versions/0*.py"))
    assert steps[-1] == migrate.NEWEST


def test_migrated_tables_are_the_records(seat: Seat) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with seat.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or not name.startswith("search_")
                ),
            },
        )
        assert compare_metadata(context, schema.metadata) == []


def test_an_older_store_is_copied_aside_before_it_is_changed(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    old_stores.unpack("0001", folder)
    entry.open_store(folder, "admin", old_stores.PASSWORD).close()
    [copy] = list((folder / migrate.COPIES).iterdir())
    assert copy.stat().st_size > 4096
    assert stat.S_ISREG(copy.stat().st_mode)
    beside = folder.parent / "restored"
    shutil.copytree(folder, beside)
    shutil.copy(copy, beside / layout.DATABASE)
    entry.open_store(beside, "admin", old_stores.PASSWORD).close()


def test_a_use_that_waits_while_the_store_is_closed_is_refused(folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    messages: list[str] = []

    def read() -> None:
        try:
            read_settings(seat)
        except NotAllowed as refusal:
            messages.append(refusal.message)

    with seat.store.use():
        closing = threading.Thread(target=seat.store.close)
        closing.start()
        time.sleep(0.1)
        waiting = threading.Thread(target=read)
        waiting.start()
    closing.join()
    waiting.join()
    read()
    assert messages[-1:] == ["The desk is locked. Sign in again."]
    assert set(messages) == {"The desk is locked. Sign in again."}
