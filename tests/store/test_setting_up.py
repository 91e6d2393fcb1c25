"""An office exists completely or not at all, however and whenever its set-up ends."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, Unusable, UserError
from fuyuan_desk.office.service.operators import add_operator
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import check_office, read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import layout
from fuyuan_desk.store.keys import keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY

ROOT = Path(__file__).resolve().parent.parent.parent
_SAVE = """
import sys
from dataclasses import replace
from pathlib import Path
from fuyuan_desk.office.service.settings import change_settings, read_settings
from fuyuan_desk.office.service.sign_in import sign_in
seat = sign_in(Path(sys.argv[1]), "admin", sys.argv[2])
settings = read_settings(seat)
for number in range(10**6):
    change_settings(seat, replace(settings, district=str(number)))
    print(number, flush=True)
"""


def set_up(folder: Path, furnish: Callable[[Seat], object] | None = None) -> Seat:
    settings = OfficeSettings("甲")
    return set_up_office(folder, settings, "admin", "王", PASSWORD, RECOVERY, CHEAP, furnish)


def test_only_this_account_may_look_inside(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows has no modes")
    set_up(tmp_path / "deep" / "office").store.close()
    folder = tmp_path / "deep" / "office"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (layout.DATABASE, keyring.FILE, keyring.COPY):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


@pytest.mark.parametrize("kind", [Unusable, KeyboardInterrupt, RuntimeError])
def test_a_furnishing_that_fails_leaves_nothing(tmp_path: Path, kind: type[BaseException]) -> None:
    def furnish(seat: Seat) -> None:
        add_operator(seat, "li", "李", Role.CLERK, PASSWORD, CHEAP)
        raise kind("stopped")

    with pytest.raises(kind):
        set_up(tmp_path / "office", furnish)
    assert not (tmp_path / "office").exists()
    set_up(tmp_path / "office").store.close()


def test_what_was_in_the_folder_before_stays(tmp_path: Path) -> None:
    def furnish(_seat: Seat) -> None:
        raise Unusable("full")

    (tmp_path / "名册.xlsx").write_bytes(b"roster")
    mode = tmp_path.stat().st_mode
    with pytest.raises(Unusable):
        set_up(tmp_path, furnish)
    assert (tmp_path / "名册.xlsx").read_bytes() == b"roster"
    assert tmp_path.stat().st_mode == mode
    assert not list(tmp_path.glob("*.db*"))


@pytest.mark.parametrize("name", [layout.DATABASE, layout.MEDIA])
def test_a_folder_that_holds_such_names_already_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "own.jpg").write_bytes(b"a photo of the clerk's own")
    with pytest.raises(Conflict, match=name):
        set_up(tmp_path)
    assert (tmp_path / name / "own.jpg").exists()


def test_a_set_up_beside_another_is_refused(tmp_path: Path) -> None:
    def furnish(_seat: Seat) -> None:
        with pytest.raises(UserError, match="another window"):
            set_up(tmp_path / "office")

    set_up(tmp_path / "office", furnish).store.close()
    sign_in(tmp_path / "office", "admin", PASSWORD).store.close()


def test_what_was_acknowledged_survives_a_kill(folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such signal")
    for pause in (0.0, 0.05, 0.13):
        program = subprocess.Popen(
            [sys.executable, "-c", _SAVE, str(folder), PASSWORD], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        assert program.stdout is not None
        output = program.stdout.readline()  # it has started to save
        time.sleep(pause)
        program.send_signal(signal.SIGKILL)
        output += program.stdout.read()
        program.wait()
        program.stdout.close()
        last = int(output.split()[-1])
        seat = sign_in(folder, "admin", PASSWORD)
        assert int(read_settings(seat).district) in (last, last + 1)
        assert [fault for finding in check_office(seat) for fault in finding.faults] == []
        seat.store.close()
