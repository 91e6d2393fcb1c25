"""A backup is a consistent snapshot, complete and read back, while the desk goes on working."""

import contextlib
import errno
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.rules import kept_generations
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.store.backup import backup, manifest, snapshot
from fuyuan_desk.store.backup import copy as copying
from fuyuan_desk.store.db import readers
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.engine import checkpoint
from fuyuan_desk.store.entry import open_store
from fuyuan_desk.store.layout import DATABASE
from fuyuan_desk.store.store import Store
from tests.conftest import NOW, PASSWORD
from tests.disk import FaultyDisk
from tests.store.media.pictures import picture, prepared

NAME = "某无此路某无此弄"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """An open store for this test."""
    opened = open_store(folder, "admin", PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy by little at a time, so that there are moments between."""
    monkeypatch.setattr(copying, "_CHUNK", 16 * 1024)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty backup location."""
    made = tmp_path / "place"
    made.mkdir()
    return made


def add_streets(store: Store, first: int, count: int) -> None:
    with store.use() as session:
        session.add_all(StreetRow(code="", name=f"{NAME}{first + number}") for number in range(count))
        session.commit()


def add_photo(store: Store, shade: int) -> str:
    image = store.media.add(prepared(picture(300 + shade, 200)))
    with store.use() as session:
        session.add(
            Attachment(
                owner_table="visit", owner_uid="0" * 32, content=image.sha, width=1, height=1, size=image.size
            )
        )
        session.commit()
    return image.sha


def impatient_checkpoint(store: Store) -> None:
    with contextlib.closing(store.engine.raw_connection()) as held:
        cursor = held.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def streets_in(copy: Path, key: bytes) -> int:
    connection = readers.open_copy(copy, key)
    try:
        return int(connection.execute("SELECT count(*) FROM street").fetchone()[0])
    finally:
        connection.close()


def everything(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != backup.LOCK
    }


class AtEachChunk(Progress):
    """Calls `action` with the number of the copied chunk."""

    def __init__(self, action: object) -> None:
        super().__init__()
        self._action, self._number = action, 0

    def step(self, done: int, total: int, what: str = "") -> None:
        super().step(done, total, what)
        self._number += 1
        self._action(self._number)  # type: ignore[operator]  # a test's function


def test_the_desk_writes_on_while_the_copy_is_that_of_the_moment(
    store: Store, place: Path, small_chunks: None
) -> None:
    add_streets(store, 0, 5)
    before = store.folder / DATABASE
    held: list[bytes] = []

    def write(number: int) -> None:
        if number == 2:
            held.append(before.read_bytes())
        if number in (2, 5):
            # enough for the database to start a checkpoint
            add_streets(store, number * 10_000, 3_000)
            impatient_checkpoint(store)
            assert before.read_bytes() == held[0]

    made = backup.write_backup(store, place, NOW, progress=AtEachChunk(write))
    assert (made.path / DATABASE).read_bytes() == held[0]
    assert streets_in(made.path / DATABASE, store.key) == 15
    checkpoint(store.engine)
    assert streets_in(before, store.key) == 6_015


def test_other_threads_take_their_turns_meanwhile(store: Store, place: Path, small_chunks: None) -> None:
    over, written = threading.Event(), []

    def clerk() -> None:
        number = 0
        while not over.is_set():
            add_streets(store, 50_000 + number, 1)
            written.append(number)
            number += 1

    thread = threading.Thread(target=clerk)
    thread.start()
    try:
        made = [
            backup.write_backup(
                store, place, NOW + timedelta(days=day), progress=AtEachChunk(lambda _n: None)
            )
            for day in range(3)
        ]
    finally:
        over.set()
        thread.join()
    counts = [streets_in(one.path / DATABASE, store.key) for one in made]
    assert counts == sorted(counts)
    assert written
    assert counts[-1] <= 10 + len(written)


def test_on_a_disk_that_allows_one_connection_the_turn_is_held(
    folder: Path, place: Path, on_share: None
) -> None:
    alone = open_store(folder, "admin", PASSWORD)
    turns: list[bool] = []

    def at_chunk(number: int) -> None:
        if number > 1:
            return
        waiting = threading.Thread(target=lambda: (add_streets(alone, 7, 1), turns.append(True)))
        waiting.start()
        waiting.join(0.2)
        turns.append(False)

    try:
        made = backup.write_backup(alone, place, NOW, progress=AtEachChunk(at_chunk))
        assert turns[0] is False  # the writer waited
        assert streets_in(made.path / DATABASE, alone.key) == 10
    finally:
        alone.close()


def test_the_second_connection_is_closed_whatever_happens(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    really = readers.open_reader

    def watched(path: Path, key: bytes) -> object:
        opened.append(really(path, key))
        return opened[-1]

    monkeypatch.setattr(snapshot.readers, "open_reader", watched)

    def fall() -> None:
        with snapshot.open_snapshot(store):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fall()
    with pytest.raises(Exception, match="closed"):
        opened[0].execute("SELECT 1")
    checkpoint(store.engine)
    add_streets(store, 0, 1)


def test_everything_is_there_for_nobody_else_to_read(store: Store, place: Path) -> None:
    add_streets(store, 0, 3)
    sha = add_photo(store, 1)
    made = backup.write_backup(store, place, NOW, deep=True)
    root = made.path.parent
    assert root.parent == place
    assert everything(root) == {
        f"{made.path.name}/{name}" for name in (DATABASE, "keys.json", "trail.json", "manifest.json")
    } | {f"media/{sha[:2]}/{sha}.bin"}
    for path in root.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
        if path.is_file():
            content = path.read_bytes()
            assert NAME.encode() not in content
            assert "管理员".encode() not in content
    assert made.path.name == f"{NOW.astimezone():%Y%m%d-%H%M%S}"
    listed = manifest.read(made.path)
    files = [
        path for path in root.rglob("*") if path.is_file() and path.name not in ("manifest.json", backup.LOCK)
    ]
    assert made.size == listed.size == sum(path.stat().st_size for path in files)
    assert manifest.is_sealed(listed, store.key)
    assert listed.facts.rows["street"] == 13


def test_photos_are_copied_once(store: Store, place: Path) -> None:
    shas = [add_photo(store, shade) for shade in range(4)]
    root = backup.write_backup(store, place, NOW).path.parent
    copies = {sha: root / "media" / sha[:2] / f"{sha}.bin" for sha in shas}
    before = {sha: path.stat().st_ino for sha, path in copies.items()}
    copies[shas[0]].unlink()
    copies[shas[1]].write_bytes(b"cut")
    add_photo(store, 9)
    for day in range(1, 8):  # within a week every photo is verified
        flipped = bytearray(copies[shas[2]].read_bytes())
        if day == 1:
            flipped[40] ^= 1
            copies[shas[2]].write_bytes(flipped)
        made = backup.write_backup(store, place, NOW + timedelta(days=day))
    for sha, path in copies.items():
        assert path.read_bytes() == (store.folder / "media" / sha[:2] / path.name).read_bytes()
    assert copies[shas[3]].stat().st_ino == before[shas[3]]
    assert len(manifest.read(made.path).photos) == 5


def test_a_photo_damaged_in_the_office_never_replaces_its_sound_copy(store: Store, place: Path) -> None:
    sha = add_photo(store, 1)
    original = store.folder / "media" / sha[:2] / f"{sha}.bin"
    root = backup.write_backup(store, place, NOW).path.parent
    copy, sound = root / "media" / sha[:2] / original.name, original.read_bytes()
    original.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    for day in range(1, 8):
        made = backup.write_backup(store, place, NOW + timedelta(days=day))
        assert (copy.read_bytes(), made.missing_photos) == (sound, 0)
    copy.unlink()
    assert backup.write_backup(store, place, NOW + timedelta(days=9)).missing_photos == 1
    assert not copy.exists()


@pytest.mark.parametrize("piece", [1, 3])
def test_cancelling_leaves_nothing(store: Store, place: Path, small_chunks: None, piece: int) -> None:
    first = backup.write_backup(store, place, NOW)
    before = everything(place)
    progress = AtEachChunk(lambda number: number == piece and progress.cancel())
    with pytest.raises(Cancelled):
        backup.write_backup(store, place, NOW + timedelta(days=1), progress=progress)
    assert everything(place) == before
    assert not list(place.rglob("*.part"))
    assert first.path.is_dir()
    backup.write_backup(store, place, NOW + timedelta(days=1))


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("call", ["write", "fsync", "rename", "mkdir"])
def test_a_disk_that_refuses_is_reported_and_leaves_nothing_partial(
    store: Store, place: Path, disk: FaultyDisk, call: str, problem: int
) -> None:
    backup.write_backup(store, place, NOW)
    before = everything(place)
    with disk.failing(call, problem, at=place), pytest.raises(Unusable):
        backup.write_backup(store, place, NOW + timedelta(days=1))
    assert everything(place) == before
    made = backup.write_backup(store, place, NOW + timedelta(days=1))
    assert len(backup.generations(made.path.parent)) == 2


def test_a_place_that_vanishes_is_reported(store: Store, place: Path, small_chunks: None) -> None:
    progress = AtEachChunk(lambda number: number == 2 and shutil.rmtree(place))
    with pytest.raises(Unusable):
        backup.write_backup(store, place, NOW, progress=progress)
    with pytest.raises(Unusable, match="plugged in"):
        backup.write_backup(store, place, NOW)
    place.mkdir()
    backup.write_backup(store, place, NOW)


def test_a_stick_that_gives_back_something_else_is_found_out(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.write

    def corrupt(handle: int, content: bytes) -> int:
        if os.readlink(f"/proc/self/fd/{handle}").endswith(DATABASE):
            content = bytearray(content)
            content[5000] ^= 1
        return really(handle, content)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", corrupt)
        with pytest.raises(Unusable, match=r"failing|damaged"):
            backup.write_backup(store, place, NOW, from_disk=True)
    assert everything(place) == set()


def test_a_page_that_went_bad_in_the_office_itself_is_found_by_the_deep_look(
    store: Store, place: Path
) -> None:
    add_streets(store, 0, 3_000)
    checkpoint(store.engine)
    whole = backup.write_backup(store, place, NOW, kept_generations, deep=True)
    with open(store.folder / DATABASE, "r+b") as file:
        file.seek(-4096 * 3 + 100, os.SEEK_END)
        file.write(b"\0\0\0\0")
    with pytest.raises(Unusable, match="damaged"):
        backup.write_backup(store, place, NOW + timedelta(days=1), kept_generations, deep=True)
    assert backup.generations(whole.path.parent) == [whole.path]


def test_two_at_once_into_one_place(store: Store, place: Path) -> None:
    numbers = []

    def again(number: int) -> None:
        if number == 1:
            with pytest.raises(Unusable, match="Another backup"):
                backup.write_backup(store, place, NOW)
            numbers.append(number)

    backup.write_backup(store, place, NOW, progress=AtEachChunk(again))
    assert numbers == [1]
    assert len(everything(place)) == 4


def test_what_a_killed_backup_left_is_cleared_by_the_next(store: Store, place: Path) -> None:
    root = backup.write_backup(store, place, NOW).path.parent
    left = root / "20260301-010101.part"
    left.mkdir()
    (left / DATABASE).write_bytes(b"half")
    gone = root / "20250301-010101.gone"
    gone.mkdir()
    backup.write_backup(store, place, NOW + timedelta(days=1))
    assert not left.exists()
    assert not gone.exists()


def test_the_same_second_twice_and_a_clock_set_back(store: Store, place: Path) -> None:
    stamps = [NOW, NOW, NOW - timedelta(days=400), NOW + timedelta(days=1)]
    paths = [backup.write_backup(store, place, at, kept_generations).path for at in stamps]
    assert len(set(paths)) == 4
    left = {path.name for path in backup.generations(paths[0].parent)}
    assert {paths[1].name, paths[2].name, paths[3].name} <= left


def test_only_what_is_its_own_is_ever_pruned(store: Store, place: Path) -> None:
    root = backup.write_backup(store, place, NOW - timedelta(days=30), kept_generations).path.parent
    names = [root / f"2026010{day}-120000" for day in range(1, 4)]
    whole = backup.generations(root)[0]
    for path in names:
        shutil.copytree(whole, path)
    raw = (whole / manifest.FILE).read_bytes()
    uid = manifest.parse(raw).store_uid
    (names[0] / manifest.FILE).write_bytes(raw.replace(uid.encode(), b"0" * 32))  # of another office
    (names[1] / manifest.FILE).write_bytes(b"{}")
    (names[2] / manifest.FILE).unlink()
    keep_last = lambda stamps, _now, _entries: {max(stamps)}  # noqa: E731 - a rule harsher than the office's own
    made = backup.write_backup(store, place, NOW, keep_last)
    assert made.pruned == (whole.name,)
    assert all(path.is_dir() for path in names)


def test_photos_go_with_the_last_backup_that_names_them(store: Store, place: Path) -> None:
    sha = add_photo(store, 1)
    keep_last = lambda stamps, _now, _entries: {max(stamps)}  # noqa: E731
    made = backup.write_backup(store, place, NOW, keep_last)
    copy = made.path.parent / "media" / sha[:2] / f"{sha}.bin"
    stranger = copy.with_name("notes.txt")
    stranger.write_text("kept")
    with store.use() as session:
        session.delete(session.query(Attachment).one())
        session.commit()
    unreadable = made.path.with_name("20200101-000000")
    unreadable.mkdir()
    backup.write_backup(store, place, NOW + timedelta(days=1), keep_last)
    assert copy.exists()  # what cannot be read may list it
    unreadable.rmdir()
    backup.write_backup(store, place, NOW + timedelta(days=2), keep_last)
    assert not copy.exists()
    assert stranger.exists()


def test_links_in_the_place_lead_nowhere(store: Store, place: Path, tmp_path: Path) -> None:
    add_photo(store, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = backup.write_backup(store, place, NOW).path.parent
    shutil.move(root / "media", elsewhere / "media")
    (root / "media").symlink_to(elsewhere / "media")
    before = everything(elsewhere)
    with pytest.raises(Unusable, match="points to another"):
        backup.write_backup(store, place, NOW + timedelta(days=1))
    (root / "media").unlink()
    (root / "20200101-000000").symlink_to(elsewhere)
    (root / "20200101-000001.part").symlink_to(elsewhere)
    backup.write_backup(store, place, NOW + timedelta(days=2), kept_generations)
    shutil.move(root, elsewhere / "root")
    root.symlink_to(elsewhere / "root")
    with pytest.raises(Unusable, match="points to another"):
        backup.write_backup(store, place, NOW + timedelta(days=3))
    assert before <= everything(elsewhere)


def test_an_office_of_another_name_never_mixes(seat: Seat, place: Path) -> None:
    made = backup.write_backup(seat.store, place, NOW)
    uid = manifest.read(made.path).store_uid
    other = uid[:8] + "f" * 24
    assert backup.root_of(place, other[:8]) == made.path.parent
    assert backup.prune(made.path.parent, other, seat.store.key, Path(), NOW, lambda _s, _n, _e: ()) == ()
    assert made.path.is_dir()


def test_stamps_are_read_as_they_are_written() -> None:
    assert backup.stamp_of(Path("20260302-093000")) == datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - local, without a zone
    for name in ("20260302-093000.part", "20269902-093000", "x", "20260302093000", "２0260302-093000"):
        assert backup.stamp_of(Path(name)) is None


def test_a_manifest_locked_by_another_program_is_reported_with_a_message(
    store: Store, place: Path, disk: FaultyDisk
) -> None:
    held = disk.failing("open", errno.EACCES, at=lambda path: path.name == manifest.FILE)
    with held, pytest.raises(Unusable, match="Close the program that uses it"):
        backup.write_backup(store, place, NOW)
    assert backup.write_backup(store, place, NOW).path.is_dir()
