"""An office that was replaced or changed outside the program contradicts its backups, and the program says so."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.rules import Contradiction
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.backups.service.reach import check_backups
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.backup import manifest, reach, restore
from fuyuan_desk.store.backup.backup import generations
from fuyuan_desk.store.check import check_store
from tests.conftest import NOW, PASSWORD
from tests.store.audit.trail_tools import actions, cut_off, forge
from tests.store.backup.opening import open_backup


def work(seat: Seat, first: int, count: int = 5) -> None:
    for number in range(first, first + count):
        save_estate(seat, EstateFields(name=f"某小区{number}", address=f"某路{number}号"))


def back_up(seat: Seat) -> Path:
    assert backups.back_up(seat, roots=()).is_good
    return generations(places.root_in(seat.store, places.first_path(seat.store.folder)))[-1]


def contradiction(seat: Seat) -> Contradiction | None:
    return backups.status(seat, roots=()).contradiction


def last_entry(seat: Seat) -> int:
    with seat.store.use() as session:
        return len(actions(session.connection()))


@pytest.fixture
def worked(seat: Seat) -> Seat:
    """The seat of an office with some work in it, just backed up."""
    work(seat, 0)
    back_up(seat)
    return seat


@pytest.fixture
def again(worked: Seat) -> Iterator[Callable[[Callable[[Path], object]], Seat]]:
    """Close the office, change its folder, and sign in again."""
    seats = []

    def reopen(change: Callable[[Path], object]) -> Seat:
        worked.store.close()
        change(worked.store.folder)
        seats.append(replace(sign_in(worked.store.folder, "admin", PASSWORD), now=worked.now))
        return seats[-1]

    yield reopen
    for seat in seats:
        seat.store.close()


Again = Callable[[Callable[[Path], object]], Seat]


def test_an_office_that_goes_on_after_its_backup_contradicts_none(worked: Seat) -> None:
    work(worked, 10)
    back_up(worked)
    work(worked, 20)
    assert contradiction(worked) is None
    finding = check_backups(worked)
    assert (finding.faults, finding.remarks) == ((), ())


def test_without_any_backup_the_check_says_so(seat: Seat) -> None:
    finding = check_backups(seat)
    assert not finding.faults
    assert finding.sign == "?"
    assert "No backup is within reach" in finding.remarks[0]


def test_yesterdays_copy_in_its_place_is_noticed(worked: Seat, again: Again, tmp_path: Path) -> None:
    copy = tmp_path / "yesterday"
    worked.store.save_trail_end()
    worked.store.close()
    shutil.copytree(worked.store.folder, copy)
    seat = sign_in(worked.store.folder, "admin", PASSWORD)
    work(seat, 10, 20)
    newest = back_up(replace(seat, now=worked.now))
    end = last_entry(seat)
    seat.store.close()

    def swap(folder: Path) -> None:
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)

    seat = again(swap)
    assert not any(finding.faults for finding in check_store(seat.store))  # by itself it is whole
    found = contradiction(seat)
    assert found is not None
    assert found.is_older
    assert found.entry < end
    text, tone = wording.status_text(backups.status(seat, roots=()), NOW)
    assert text.startswith("This office is older than its newest backup (today")
    assert tone == "warn"
    [fault] = check_backups(seat).faults
    assert str(newest) in fault
    # work goes on until the trail is as long: then it holds other entries
    work(seat, 50, 60)
    later = contradiction(seat)
    assert later is not None
    assert not later.is_older


def test_rows_cut_off_with_the_end_of_the_trail_deleted_are_noticed(worked: Seat, again: Again) -> None:
    work(worked, 10, 20)
    back_up(worked)
    with worked.store.use() as session:
        cut_off(session.connection(), 20)
        session.commit()

    seat = again(lambda folder: (folder / anchor.FILE).unlink())
    assert not any(finding.faults for finding in check_store(seat.store))
    found = contradiction(seat)
    assert found is not None
    assert found.is_older
    assert check_backups(seat).faults


def test_a_forged_and_rechained_row_is_noticed(worked: Seat) -> None:
    with worked.store.use() as session:
        connection = session.connection()
        numbers = connection.exec_driver_sql("SELECT id FROM audit_entry WHERE changes LIKE '%某小区2%'")
        forge(connection, numbers.scalars().one(), "某小区2", "某小区9")
        session.commit()
    (worked.store.folder / anchor.FILE).unlink()
    assert not any(finding.faults for finding in check_store(worked.store) if finding.what != "Audit trail")
    found = contradiction(worked)
    assert found is not None
    assert not found.is_older
    [fault] = check_backups(worked).faults
    assert "outside the program" in fault


def test_it_is_logged_once_after_each_sign_in(worked: Seat, again: Again) -> None:
    with worked.store.use() as session:
        cut_off(session.connection(), 3)
        session.commit()

    def logged(seat: Seat) -> int:
        with seat.store.use() as session:
            return actions(session.connection()).count("contradicts_backup")

    assert contradiction(worked)
    assert contradiction(worked)
    assert logged(worked) == 1
    seat = again(lambda _folder: None)
    assert contradiction(seat)
    assert contradiction(seat)
    assert logged(seat) == 2


def test_what_a_restore_leaves_behind_is_no_contradiction(worked: Seat, tmp_path: Path) -> None:
    first = back_up(worked)
    work(worked, 10, 20)
    back_up(worked)
    place = places.first_path(worked.store.folder)
    uid, key, root = places.office_uid(worked.store), worked.store.key, places.root_in(worked.store, place)
    found = open_backup(first, "admin", PASSWORD)
    done = restore.restore(found, tmp_path / "back", restore.By("admin", {"second": "reviewer"}))
    found.close()
    seat = sign_in(done.path, "admin", PASSWORD)
    with seat.store.use() as session:
        ends = reach.sealed_ends(uid, key, [root], seat.now())
        assert len(ends) == 3
        assert reach.contradicted(session.connection(), ends) == ()
    # but two copies that are both in use contradict each other
    work(worked, 40)
    ahead = replace(worked, now=lambda: seat.now().replace(year=seat.now().year + 1))
    assert backups.back_up(ahead, roots=()).is_good
    with seat.store.use() as session:
        [end] = reach.contradicted(session.connection(), reach.sealed_ends(uid, key, [root], seat.now()))
    assert end.taken_at.year == seat.now().year + 1
    seat.store.close()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_a_manifest_that_is_none_is_left_to_the_list_of_backups(worked: Seat, content: bytes) -> None:
    (back_up(worked) / manifest.FILE).write_bytes(content)
    assert contradiction(worked) is None


def test_a_manifest_that_somebody_else_sealed_proves_nothing(worked: Seat) -> None:
    path = back_up(worked) / manifest.FILE
    listed = manifest.parse(path.read_bytes())
    further = replace(listed, facts=replace(listed.facts, entry=listed.facts.entry + 1_000))
    path.write_bytes(manifest.to_bytes(further, b"k" * 32))
    assert contradiction(worked) is None
