"""A backup is verified completely before it is used, and restored beside everything that exists."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import Conflict, NotAllowed, Unusable, UserError
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.office.service.settings import list_streets
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import backup, copy, manifest, restore
from fuyuan_desk.store.backup.opened import Opened
from fuyuan_desk.store.backup.restore import By
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.entry import open_store
from fuyuan_desk.store.keys import attempts
from fuyuan_desk.store.layout import DATABASE, is_store
from tests.conftest import NOW, PASSWORD, RECOVERY, made_once
from tests.disk import FaultyDisk
from tests.store import old_stores
from tests.store.backup.opening import open_backup, open_backup_with_code
from tests.store.backup.test_backup import add_photo, add_streets, everything

BY = By("admin", {"second": "reviewer"})


@pytest.fixture(scope="session")
def prepared_backup(prepared_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create once an office with three photos, and beside it a place with its backup."""

    def make(folder: Path) -> None:
        shutil.copytree(prepared_office, folder)
        store = open_store(folder, "admin", PASSWORD)
        add_streets(store, 0, 3)
        for shade in range(3):
            add_photo(store, shade)
        folder.with_name("place").mkdir()
        backup.write_backup(store, folder.with_name("place"), NOW)
        store.close()

    return made_once(tmp_path_factory, "backed-up", make)


@pytest.fixture
def made(prepared_backup: Path, folder: Path, tmp_path: Path) -> Path:
    """A backup with three photos, of an office that is closed."""
    shutil.rmtree(folder)
    shutil.copytree(prepared_backup, folder)
    shutil.copytree(prepared_backup.with_name("place"), tmp_path / "place")
    [manifest_file] = (tmp_path / "place").glob(f"*/*/{manifest.FILE}")
    return manifest_file.parent


@pytest.fixture
def whole(made: Path) -> Iterator[Opened]:
    """That backup, opened."""
    found = open_backup(made, "admin", PASSWORD)
    yield found
    found.close()


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def test_a_backup_opens_by_password_and_by_code(made: Path) -> None:
    before = everything(made.parent)
    for found in (open_backup(made, "CLERK", PASSWORD), open_backup_with_code(made, RECOVERY)):
        assert found.office == "福元居民委员会"
        assert found.newest is not None
        assert found.newest.table == "attachment"
        assert {known.login for known in found.operators} >= {"admin", "clerk", "viewer"}
        assert not found.missing_photos
        found.close()
        with pytest.raises(NotAllowed):
            _ = found.key
    assert everything(made.parent) == before  # nothing is written into it


@pytest.mark.parametrize("where", [0.0, 0.1, 0.35, 0.5, 0.77, 0.999])
@pytest.mark.parametrize("name", [DATABASE, "keys.json", "trail.json", "manifest.json"])
def test_a_flipped_bit_anywhere_is_found_and_its_file_named(made: Path, name: str, where: float) -> None:
    flip(made / name, int((made / name).stat().st_size * where))
    with pytest.raises(Unusable) as refusal:
        open_backup(made, "admin", PASSWORD).close()
    if name != "manifest.json":  # a changed manifest may also name another file
        assert name in refusal.value.message


@pytest.mark.parametrize("name", [DATABASE, "keys.json", "trail.json", "manifest.json"])
def test_a_file_that_is_missing_cut_or_longer_is_reported(made: Path, name: str) -> None:
    content = (made / name).read_bytes()
    for changed in (content[:-1], content + b" ", b"", None):
        if changed is None:
            (made / name).unlink()
        else:
            (made / name).write_bytes(changed)
        if name == "manifest.json" and changed == content + b" ":
            continue  # equivalent JSON
        with pytest.raises(UserError):
            open_backup(made, "admin", PASSWORD).close()


def test_photos_that_are_damaged_or_missing_are_reported_and_do_not_stop_it(
    made: Path, tmp_path: Path
) -> None:
    photos = sorted((made.parent / "media").rglob("*.bin"))
    flip(photos[0], 100)
    photos[1].unlink()
    found = open_backup(made, "admin", PASSWORD)
    assert found.missing_photos == {photos[0].stem, photos[1].stem}
    done = restore.restore(found, tmp_path / "back", BY)
    found.close()
    assert done.missing_photos == 2
    store = open_store(tmp_path / "back", "admin", PASSWORD)
    findings = check_store(store)
    store.close()
    assert {finding.what: len(finding.faults) for finding in findings if finding.faults} == {"Photos": 2}


def rewritten(made: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change the manifest as somebody without the key could."""
    data = json.loads((made / manifest.FILE).read_bytes())
    change(data)
    (made / manifest.FILE).write_bytes(json.dumps(data).encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["files"].update({"../../x": [0, "0" * 64]}),
        lambda data: data["files"].update({"/etc/passwd": [0, "0" * 64]}),
        lambda data: data["photos"].update({"../" * 20 + "x": [1, "0" * 64]}),
        lambda data: data["photos"].update({"0" * 63 + "/": [1, "0" * 64]}),
        lambda data: data["files"].pop("store.db"),
        lambda data: data["files"].update({"store.db": [-1, "0" * 64]}),
        lambda data: data["files"].update({"store.db": ["1", "0" * 64]}),
        lambda data: data.update(store_uid="../../../x"),
        lambda data: data.update(taken_at="yesterday"),
        lambda data: data.update(taken_at="2026-03-02T00:00:00"),
        lambda data: data.update(facts=[]),
        lambda data: data.update(files=None),
        lambda data: data.update(format=0),
        lambda data: data.update(seal=1),
        lambda data: data.update(seal="\ud800"),
        lambda data: data.update(program="x" * 99),
        lambda data: data.clear(),
    ],
)
def test_a_list_that_leads_elsewhere_is_no_list(
    made: Path, change: Callable[[dict[str, object]], object]
) -> None:
    rewritten(made, change)
    with pytest.raises(manifest.NotOurs):
        manifest.read(made)
    with pytest.raises(Unusable, match=r"manifest\.json"):
        open_backup(made, "admin", PASSWORD)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"format": 1e999}', b"1" * 9999]
)
def test_what_is_no_list_at_all(made: Path, raw: bytes) -> None:
    (made / manifest.FILE).write_bytes(raw)
    with pytest.raises(Unusable, match=r"manifest\.json"):
        open_backup(made, "admin", PASSWORD)


def test_a_list_of_sense_that_nobody_with_the_key_wrote(made: Path) -> None:
    rewritten(made, lambda data: data.update(taken_at="2030-01-01T00:00:00+00:00"))
    with pytest.raises(Unusable, match=r"manifest\.json .*damaged or was changed"):
        open_backup(made, "admin", PASSWORD)


def test_a_newer_program_s_backup_is_refused_with_a_message(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "NEWEST", "0000")
        with pytest.raises(Unusable, match="newer version"):
            open_backup(made, "admin", PASSWORD)
    rewritten(made, lambda data: data.update(format=2))
    with pytest.raises(Unusable, match="newer version"):
        open_backup(made, "admin", PASSWORD)


def test_the_database_of_another_backup_under_this_list(folder: Path, made: Path) -> None:
    store = open_store(folder, "admin", PASSWORD)
    add_streets(store, 9, 1)
    other = backup.write_backup(store, made.parent.parent, NOW).path
    store.close()
    shutil.copy(other / DATABASE, made / DATABASE)
    with pytest.raises(Unusable, match=DATABASE):
        open_backup(made, "admin", PASSWORD)


def test_a_key_file_that_would_take_minutes_to_refuse(made: Path) -> None:
    keys = json.loads((made / "keys.json").read_bytes())
    keys["slots"][0]["cost"] = {"passes": 64, "memory_kib": 4 * 1024 * 1024, "lanes": 4}
    raw = json.dumps(keys).encode()
    (made / "keys.json").write_bytes(raw)
    rewritten(
        made,
        lambda data: data["files"].update({"keys.json": [len(raw), hashlib.sha256(raw).hexdigest()]}),
    )
    with pytest.raises(Unusable, match=r"keys\.json"):
        open_backup(made, "admin", PASSWORD)


@pytest.mark.parametrize("writable", [True, False])
def test_wrong_passwords_cause_a_pause(made: Path, disk: FaultyDisk, writable: bool) -> None:
    with nullcontext() if writable else disk.failing("fsync", errno.EROFS):
        for _again in range(3):
            with pytest.raises(NotAllowed, match="wrong"):
                open_backup(made, "admin", "not-this-one")
        with pytest.raises(NotAllowed, match="wait"):
            open_backup(made, "admin", PASSWORD)
    assert (made.parent / attempts.FILE).exists() is writable


# --- restoring -----------------------------------------------------------------------------------------


def test_the_restored_office_is_equal_and_logs_the_restore(whole: Opened, tmp_path: Path) -> None:
    done = restore.restore(whole, tmp_path / "new" / "back", BY)
    assert done.missing_photos == 0
    seat = sign_in(done.path, "admin", PASSWORD)
    assert not any(finding.faults for finding in check_store(seat.store))
    assert len(list_streets(seat)) == 13
    with seat.store.use() as session:
        logged = session.query(AuditEntry).filter_by(action="restore").one()
        assert logged.operator == "admin"
        assert json.loads(logged.changes)["second"] == "reviewer"
        assert json.loads(logged.changes)["backup"] == whole.path.name
    seat.store.close()
    assert not list(tmp_path.rglob("*.part"))
    assert (done.path.stat().st_mode & 0o777) == 0o700


def test_nothing_existing_is_overwritten(whole: Opened, folder: Path, tmp_path: Path) -> None:
    before = everything(folder)
    empty = tmp_path / "empty"
    empty.mkdir()
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    for target in (folder, empty, dangling):
        with pytest.raises(Conflict, match="already exists"):
            restore.restore(whole, target, BY)
    foreign = tmp_path / "x.part"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    with pytest.raises(Conflict):
        restore.restore(whole, tmp_path / "x", BY)
    assert (foreign / "letter.txt").exists()
    for within in (
        folder / "back",
        folder / "media" / "x" / "back",
        whole.path / "back",
        whole.path.parent / "back",
    ):
        with pytest.raises(Conflict, match="elsewhere"):
            restore.restore(whole, within, BY)
    assert everything(folder) == before


def test_cancelling_and_failing_disks_leave_nothing(whole: Opened, tmp_path: Path, disk: FaultyDisk) -> None:
    target = tmp_path / "back"
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        restore.restore(whole, target, BY, progress)
    assert not list(tmp_path.glob("back*"))
    for call in ("write", "fsync", "rename", "mkdir"):
        refused = disk.failing(call, errno.ENOSPC, at=lambda path: str(path).startswith(str(target)))
        with refused, pytest.raises(Unusable, match="full"):
            restore.restore(whole, target, BY)
        assert not list(tmp_path.glob("back*")), call
    restore.restore(whole, target, BY)


def test_a_backup_that_changes_after_it_was_verified(whole: Opened, tmp_path: Path) -> None:
    flip(whole.path / DATABASE, 9000)
    with pytest.raises(Unusable, match="changed while"):
        restore.restore(whole, tmp_path / "back", BY)
    assert not list(tmp_path.glob("back*"))


def test_too_little_space_is_reported_before_anything_is_written(
    whole: Opened, tmp_path: Path, disk: FaultyDisk
) -> None:
    with disk.with_room(1000), pytest.raises(Unusable, match="full"):
        restore.restore(whole, tmp_path / "back", BY)
    assert not list(tmp_path.glob("back*"))


def test_an_older_office_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, place = tmp_path / "old", tmp_path / "place"
    place.mkdir()
    old_stores.unpack("0001", folder)
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "NEWEST", "0001")
        store = open_store(folder, "admin", old_stores.PASSWORD)
        made = backup.write_backup(store, place, NOW).path
        store.close()
    found = open_backup(made, "admin", old_stores.PASSWORD)
    assert found.listed.facts.revision == "0001"
    done = restore.restore(found, tmp_path / "back", BY)
    found.close()
    seat = sign_in(done.path, "admin", old_stores.PASSWORD)
    assert [finding.faults for finding in check_store(seat.store)][:2] == [(), ()]
    seat.store.close()
    assert list((done.path / migrate.COPIES).glob("store-0001-*.db"))


def test_names_beside_the_office_are_free(folder: Path) -> None:
    first = restore.beside(folder, NOW)
    assert first.name == f"office-restored-{NOW.astimezone():%Y%m%d}"
    first.mkdir()
    second = restore.beside(folder, NOW)
    assert second.name == f"{first.name}-2"
    second.with_name(second.name + ".part").mkdir()
    assert restore.beside(folder, NOW).name == f"{first.name}-3"


# --- replacing the present office ----------------------------------------------------------------------


def in_place(folder: Path) -> tuple[int, int]:
    store = open_store(folder, "admin", PASSWORD)
    with store.use() as session:
        logged = session.query(AuditEntry).filter_by(action="restore").count()
    faults = sum(len(finding.faults) for finding in check_store(store))
    store.close()
    return logged, faults


def test_the_present_office_is_moved_aside_completely(whole: Opened, folder: Path) -> None:
    before = everything(folder)
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    aside = restore.put_in_place(restored, folder, NOW)
    assert aside is not None
    assert aside.name == f"office-before-restore-{NOW.astimezone():%Y%m%d-%H%M%S}"
    assert everything(aside) >= {name for name in before if not name.startswith(store_lock.LOCK)}
    assert in_place(folder) == (1, 0)
    assert in_place(aside) == (0, 0)
    assert not restored.exists()
    assert not list(folder.parent.glob("*.restoring"))


def test_an_office_that_is_gone_is_simply_replaced(whole: Opened, folder: Path) -> None:
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    shutil.rmtree(folder)
    assert restore.put_in_place(restored, folder) is None
    assert in_place(folder) == (1, 0)


def test_only_a_closed_office_beside_it_replaces_it(whole: Opened, folder: Path, tmp_path: Path) -> None:
    elsewhere = restore.restore(whole, tmp_path / "deep" / "back", BY).path
    with pytest.raises(Conflict):
        restore.put_in_place(elsewhere, folder)
    with pytest.raises(Conflict):
        restore.put_in_place(tmp_path / "place", folder)
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    store = open_store(folder, "admin", PASSWORD)
    with pytest.raises(Unusable):
        restore.put_in_place(restored, folder)
    store.close()
    assert is_store(restored)
    assert in_place(folder) == (0, 0)


class Killed(BaseException):
    """Simulates the end of the process."""


def keeps_note(disk: FaultyDisk) -> AbstractContextManager[object]:
    """Let the note of a restoring stay, as after an end before its last step."""
    return disk.failing("unlink", errno.EIO, at=lambda path: path.suffix == ".restoring")


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_an_end_at_any_rename_is_put_right_by_the_next_start(
    whole: Opened, folder: Path, disk: FaultyDisk, survived: int
) -> None:
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    killed = pytest.raises(Killed) if survived < 2 else nullcontext()
    with disk.failing("rename", Killed(), after=survived), keeps_note(disk), killed:
        restore.put_in_place(restored, folder, NOW)
    assert list(folder.parent.glob("*.restoring"))
    report = restore.finish_interrupted(folder)
    assert len(report) == (1 if survived == 1 else 0)
    assert in_place(folder) == (0 if survived == 0 else 1, 0)
    assert not list(folder.parent.glob("*.restoring"))
    assert restore.finish_interrupted(folder) == ()
    assert is_store(restored) is (survived == 0)


def test_a_folder_that_was_made_only_to_look_keeps_nothing_from_its_end(
    whole: Opened, folder: Path, disk: FaultyDisk
) -> None:
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    with keeps_note(disk):
        aside = restore.put_in_place(restored, folder, NOW)
        os.rename(folder, restored)  # as after the first step
        folder.mkdir()
        (folder / store_lock.LOCK).touch()
        assert len(restore.finish_interrupted(folder)) == 1
        assert in_place(folder) == (1, 0)
    # and when the restored one is gone the former comes back
    shutil.rmtree(folder)
    assert len(restore.finish_interrupted(folder)) == 1
    assert aside is not None
    assert not aside.exists()
    assert in_place(folder) == (0, 0)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{}",
        b'{"restored": "../x", "aside": "office-before-restore-1"}',
        b'{"restored": "x", "aside": ".."}',
    ],
)
def test_a_note_of_no_sense_moves_nothing(folder: Path, note: bytes) -> None:
    folder.with_name("office.restoring").write_bytes(note)
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    assert restore.finish_interrupted(folder) == ()
    assert is_store(moved)
    assert not folder.exists()


def test_partial_restores_are_removed_but_not_those_in_progress(whole: Opened, folder: Path) -> None:
    left = folder.with_name("office-restored-20260302.part")
    left.mkdir()
    (left / "restoring.lock").touch()
    (left / DATABASE).write_bytes(b"half")
    foreign = folder.with_name("office-restored-20260101.part")
    foreign.mkdir()
    (foreign / "letter.txt").touch()
    assert len(restore.finish_interrupted(folder)) == 1
    assert foreign.is_dir()
    assert not left.exists()
    seen = []

    class AtWork(Progress):
        def step(self, done: int, total: int, what: str = "") -> None:
            seen.append(restore.finish_interrupted(folder))

    restore.restore(whole, restore.beside(folder, datetime.now(UTC)), BY, AtWork())
    assert set(seen) == {()}


def test_copying_blames_the_file_that_failed(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="gone"):
        copy.copy(tmp_path / "gone" / "a", tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_opening_the_office_brings_a_restoring_to_its_end(
    whole: Opened, folder: Path, disk: FaultyDisk
) -> None:
    restored = restore.restore(whole, restore.beside(folder, NOW), BY).path
    with keeps_note(disk):
        restore.put_in_place(restored, folder, NOW)
    os.rename(folder, restored)  # as after the first rename
    store = open_store(folder, "admin", PASSWORD)
    assert "restore was completed" in store.repaired.sentence()
    store.close()
    assert in_place(folder) == (1, 0)
