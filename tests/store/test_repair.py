"""What an improper shutdown leaves is removed at the next opening and reported once; nothing else is touched."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.office.service.settings import check_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import layout, repair
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import restore
from fuyuan_desk.store.db import attachments, migrate
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.keys import keyring
from tests.conftest import PASSWORD
from tests.disk import FaultyDisk
from tests.store.media.pictures import picture, prepared

OWNER = {"pc": "PC-1", "pid": 12, "since": "2026-11-21T01:12:00+00:00", "who": ""}


def ended_badly(folder: Path) -> None:
    """Leave the folder as a killed window does."""
    (folder / store_lock.OWNER_FILE).write_text(json.dumps(OWNER))


def keep_photo(seat: Seat, **owner: str) -> str:
    photo = seat.store.media.add(prepared(picture(40, 30 + len(owner))))
    if owner:
        with seat.store.use() as session:
            session.add(Attachment(content=photo.sha, width=1, height=1, size=1, **owner))
            session.commit()
    return photo.sha


def photos(folder: Path) -> set[str]:
    return {path.stem for path in (folder / layout.MEDIA).rglob("*.bin")}


def opened(folder: Path) -> Seat:
    return sign_in(folder, "admin", PASSWORD)


def events_of(seat: Seat, action: str) -> list[dict[str, object]]:
    with seat.store.use() as session:
        found = session.scalars(select(AuditEntry.changes).where(AuditEntry.action == action))
        return [json.loads(changes) for changes in found]


def test_a_clean_close_has_nothing_to_say(folder: Path) -> None:
    opened(folder).store.close()
    seat = opened(folder)
    assert seat.store.repaired.sentence() == ""
    assert events_of(seat, "repair") == []
    seat.store.close()


def test_an_improper_shutdown_is_reported_once_and_logged(folder: Path) -> None:
    ended_badly(folder)
    seat = opened(folder)
    assert "2026-11-21" in seat.store.repaired.sentence()
    assert "not closed properly" in seat.store.repaired.sentence()
    [detail] = events_of(seat, "repair")
    assert detail == {"closed": False, "since": OWNER["since"], "done": []}
    seat.store.close()
    seat = opened(folder)
    assert seat.store.repaired.sentence() == ""
    seat.store.close()


@pytest.mark.parametrize("content", ["", '{"pc": "PC', "[]"])
def test_an_end_while_telling_who_it_is_counts_as_one_without_a_close(folder: Path, content: str) -> None:
    (folder / store_lock.OWNER_FILE).write_text(content)
    seat = opened(folder)
    assert not seat.store.repaired.was_closed
    assert "not closed properly" in seat.store.repaired.sentence()
    seat.store.close()


@pytest.mark.parametrize(
    "half",
    [
        ".keys-abc.tmp",
        ".writable-77",
        "store.part",
        f"{migrate.COPIES}/store-0001.part",
        f"{layout.MEDIA}/ab/.ab12-x.tmp",
        keyring.UNFINISHED,
    ],
)
def test_halves_of_files_are_cleared(folder: Path, half: str) -> None:
    (folder / half).parent.mkdir(parents=True, exist_ok=True)
    (folder / half).write_bytes(b"half")
    seat = opened(folder)
    assert not (folder / half).exists()
    assert "Partly written files removed: 1" in seat.store.repaired.sentence()
    assert [finding.faults for finding in check_office(seat) if finding.faults] == []
    seat.store.close()


@pytest.mark.parametrize("name", ["名册.xlsx", "letters.part.docx", "media/own.jpg", "a folder.part/x.txt"])
def test_what_is_not_the_programs_stays(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"the clerk's own")
    ended_badly(folder)
    opened(folder).store.close()
    assert (folder / name).read_bytes() == b"the clerk's own"


def test_photos_of_no_record_are_cleared_and_all_others_stay(seat: Seat) -> None:
    folder = seat.store.folder
    of_visit = keep_photo(seat, owner_table="visit", owner_uid="a")
    of_draft = keep_photo(seat, owner_table="draft", owner_uid="b", caption="c")
    orphan = keep_photo(seat)
    with seat.store.use() as session:
        assert set(attachments.contents(session)) == {of_visit, of_draft}
    seat.store.close()
    ended_badly(folder)
    again = opened(folder)
    assert photos(folder) == {of_visit, of_draft}
    assert orphan not in photos(folder)
    assert "without a record removed: 1" in again.store.repaired.sentence()
    again.store.close()


def test_a_photo_that_only_a_draft_speaks_of_stays(seat: Seat) -> None:
    photo = keep_photo(seat)
    drafts.save_draft(seat, "anything:new", {"rows": [{"picture": photo}]})
    seat.store.close()
    ended_badly(seat.store.folder)
    opened(seat.store.folder).store.close()
    assert photo in photos(seat.store.folder)


def test_after_a_clean_close_no_photo_is_searched_for(seat: Seat) -> None:
    photo = keep_photo(seat)
    seat.store.close()
    opened(seat.store.folder).store.close()
    assert photo in photos(seat.store.folder)


def test_under_an_older_database_no_photo_is_removed(seat: Seat) -> None:
    folder = seat.store.folder
    seat.store.close()
    old = (folder / layout.DATABASE).read_bytes()
    later = opened(folder)
    photo = keep_photo(later, owner_table="visit", owner_uid="a")
    later.store.save_trail_end()
    later.store.close()
    newer = (folder / layout.DATABASE).read_bytes()
    (folder / layout.DATABASE).write_bytes(old)
    ended_badly(folder)
    opened(folder).store.close()
    assert photo in photos(folder)
    (folder / layout.DATABASE).write_bytes(newer)


def test_a_restore_that_was_interrupted_is_completed_first_and_reported(
    folder: Path, disk: FaultyDisk
) -> None:
    restored = folder.with_name("restored")
    shutil.copytree(folder, restored)
    with disk.failing("rename", KeyboardInterrupt(), after=1), pytest.raises(KeyboardInterrupt):
        restore.put_in_place(restored, folder)
    assert not folder.exists()
    seat = opened(folder)
    assert not restored.exists()
    assert seat.store.repaired.was_closed
    assert "interrupted restore" in seat.store.repaired.sentence()
    assert events_of(seat, "repair")[0]["done"] == list(seat.store.repaired.done)
    seat.store.close()


def test_an_opening_that_is_refused_leaves_the_lock_free(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seat_free: Callable[[Path], bool]
) -> None:
    ended_badly(folder)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(repair, "after_opening", broken)
    with pytest.raises(RuntimeError):
        opened(folder)
    monkeypatch.undo()
    assert seat_free(folder)


@pytest.fixture
def seat_free() -> Callable[[Path], bool]:
    """Return whether somebody can sign in."""

    def is_free(folder: Path) -> bool:
        opened(folder).store.close()
        return True

    return is_free
