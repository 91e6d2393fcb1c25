"""Folders in which paths would be too long are refused; what counts is compared with what a real office writes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.backups.service import backups, places, restore
from fuyuan_desk.backups.service.restore import Credential
from fuyuan_desk.core import path_rules
from fuyuan_desk.core.errors import InvalidInput, Unusable, UserError
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import entry, path_length
from fuyuan_desk.store.backup import restore as store_restore
from fuyuan_desk.store.layout import restored_beside
from tests.conftest import NOW, PASSWORD, RECOVERY
from tests.store.backup.test_backup import add_photo

_EVENTS = {"open": 1, "os.mkdir": 1, "os.rename": 2, "os.remove": 1}
_recorders: list[set[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _recorders and event in _EVENTS:
        _recorders[-1].update(
            os.fsdecode(path) for path in arguments[: _EVENTS[event]] if isinstance(path, str | bytes)
        )


@contextmanager
def recorded() -> Iterator[set[str]]:
    """Record the paths of files and folders that are opened, made, renamed and removed."""
    _recorders.append(set())
    yield _recorders[-1]
    _recorders.clear()


sys.addaudithook(_hear)  # stays for the life of the process, and does nothing between the tests


def longest(paths: set[str], folder: Path) -> int:
    """Return how long the longest of the paths below a folder is."""
    return max(path_rules.length(path) for path in paths if Path(path).is_relative_to(folder))


def most(paths: list[Path]) -> int:
    """Return how long the longest of some paths is."""
    return max(map(path_rules.length, paths))


def work(seat: Seat, elsewhere: Path) -> Path:
    """Write everything that has a long path: photo, thumbnail, backup, photos under another key, a restored office."""
    sha = add_photo(seat.store, 1)
    seat.store.media.thumbnail(sha)
    seat.store.media.write_next(bytes(32), store_restore.Progress(), set())
    [outcome] = backups.back_up(seat).outcomes
    backups.back_up_to(seat, elsewhere)
    assert outcome.path is not None
    seat.store.close()
    approved = restore.open_by_two(outcome.path, Credential("admin", PASSWORD), Credential(code=RECOVERY))
    restored = approved.restore(store_restore.beside(seat.store.folder, NOW)).path
    approved.close()
    return restored


def test_the_rule_is_what_a_real_office_writes(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    with recorded() as paths:
        restored = work(sign_in(folder, "admin", PASSWORD), elsewhere)
    assert longest(paths, folder) == most(path_length.paths_below(folder))
    assert longest(paths, elsewhere) == most(path_length.paths_in_place(elsewhere))
    assert longest(paths, tmp_path) <= most(path_length.paths_of_office(folder))
    assert longest(paths, restored.with_name(restored.name + ".part")) <= most(
        path_length.paths_of_restore(restored)
    )


def windows(folder: str, long_paths: bool = False) -> str:
    """Return what is said of an office's folder on Windows."""
    paths = [PureWindowsPath(str(path)) for path in path_length.paths_of_office(Path(folder))]
    return path_length.too_deep(PureWindowsPath(folder), paths, True, long_paths)


def test_the_sentence_names_length_excess_and_an_example() -> None:
    room = path_rules.MOST_UNITS - max(map(len, map(str, path_length.paths_of_office(Path("D:/") / "x")))) + 1
    fits = "D:/" + "长" * room
    assert windows(fits) == ""
    assert "260 characters" in windows(fits + "长")
    assert "at least 1 character shorter" in windows(fits + "长")
    deep = windows(fits.replace("D:", "E:") + "长" * 12)
    assert "271 characters" in deep
    assert "at least 12 characters shorter" in deep
    assert "E:\\福元台" in deep
    assert windows(fits + "长" * 12, long_paths=True) == ""
    assert windows("D:/" + "长" * 250, long_paths=True)


def test_what_fits_for_an_office_fits_for_offices_restored_beside_it() -> None:
    folder = Path("D:/office")
    restored = path_length.paths_of_restore(restored_beside(folder, "20261128", 9))
    assert most(restored) <= most(path_length.paths_of_office(folder))


DEEP = "長" * 80  # 240 bytes: the folder itself could be made, those beside it could not


def test_such_a_folder_is_refused_before_anything_is_written(tmp_path: Path, seat: Seat) -> None:
    deep = tmp_path / DEEP
    with pytest.raises(Unusable, match="characters shorter"):
        entry.check_new_folder(deep)
    assert not deep.exists()
    place = tmp_path / ("a" * 250)
    place.mkdir()
    places.require_suitable(seat.store, place, ())  # nothing is made beside a backup location
    [made] = backups.back_up(seat).outcomes
    assert made.path is not None
    approved = restore.open_by_two(made.path, Credential("admin", PASSWORD), Credential(code=RECOVERY))
    with pytest.raises(Unusable, match="characters shorter"):
        approved.restore(deep.with_name("長" * 84))
    approved.close()


def test_a_backup_location_that_is_too_deep_is_refused_beside_its_field(seat: Seat, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        places.require_suitable(seat.store, tmp_path / ("a" * 262), ())
    assert "at least 7 characters shorter" in refused.value.fields["folder"]


@pytest.mark.parametrize("disk", [Path("/"), Path("/..")])
def test_a_disk_itself_is_no_folder_for_an_office(disk: Path) -> None:
    with pytest.raises(Unusable, match="not a folder of its own"):
        entry.check_new_folder(disk)


def test_a_disk_itself_can_be_looked_at_for_an_office_and_for_backups() -> None:
    with pytest.raises(UserError):
        sign_in(Path("/"), "admin", PASSWORD)
    assert restore.find_backups(Path("/"), ()) == ()
    assert restore.suggested_target(Path("/")).parent == Path("/")


@pytest.mark.parametrize("inside", ["office", "lib/office", "."])
def test_nothing_of_an_office_may_lie_in_the_folder_of_the_program(tmp_path: Path, inside: str) -> None:
    program = tmp_path / "福元台" / "program"
    with pytest.raises(Unusable, match="replaced by each upgrade"):
        path_length.refuse_inside_program(program / inside, program)
    path_length.refuse_inside_program(tmp_path / "福元台" / "office", program)
    path_length.refuse_inside_program(program / inside)  # a checkout, which no upgrade replaces
