"""Backups from the command line: exit codes, one line of reason, and no secret among the arguments."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.backups.service import backups
from fuyuan_desk.backups.service.restore import list_backups
from fuyuan_desk.cli import backup_commands, commands
from fuyuan_desk.office.service.sign_in import sign_in
from tests.cli.conftest import Run, Typed
from tests.conftest import PASSWORD, RECOVERY


@pytest.fixture
def made(run: Run, folder: Path) -> Path:
    """A backup of the office of this test."""
    assert run("backup", "--store", folder)[0] == 0
    (found,) = list_backups(folder.with_name("office-backup"))
    return found.path


def test_a_backup_reports_folder_size_and_duration(run: Run, folder: Path, tmp_path: Path) -> None:
    code, out, _err = run("backup", "--store", folder)
    assert code == 0
    (found,) = list_backups(folder.with_name("office-backup"))
    assert str(found.path) in out
    assert "MB" in out
    assert "verified" in out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run("backup", "--store", folder, "--to", elsewhere)[0] == 0
    assert len(list_backups(elsewhere)) == 1


def test_an_unusable_backup_folder_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    for wrong in (tmp_path / "gone", folder, folder / "media"):
        code, out, err = run("backup", "--store", folder, "--to", wrong)
        assert (code, out) == (1, "")
        assert "folder" in err
    assert run("backup")[0] == 2
    # the place beside the office is taken by a file
    folder.with_name("office-backup").write_text("in the way")
    assert run("backup", "--store", folder)[0] == 1


def test_backups_are_listed_with_their_contents(run: Run, made: Path, tmp_path: Path) -> None:
    code, out, _err = run("backups", "--in", made.parent.parent)
    assert code == 0
    assert str(made) in out
    assert "no records yet" in out
    (made / "manifest.json").write_text("{}")
    assert "damaged" in run("backups", "--in", made.parent)[1]
    assert run("backups", "--in", tmp_path / "gone")[0] == 1
    assert run("backups", "--in", tmp_path / "office")[0] == 1
    assert run("backups")[0] == 2


def test_two_operators_restore(run: Run, made: Path, tmp_path: Path) -> None:
    target = tmp_path / "back"
    code, out, _err = run("restore", made, "--to", target, "--operator", "clerk", "--second", "reviewer")
    assert code == 0
    assert "福元居民委员会" in out
    assert str(target) in out
    sign_in(target, "viewer", PASSWORD).store.close()
    code, _out, err = run("restore", made, "--to", target, "--second", "reviewer")
    assert (code, "already exists" in err) == (1, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--second", "admin"), "someone else"),
        (("--operator", "clerk", "--second", "viewer"), "administrator"),
        (("--second", "nobody"), "wrong"),
        (("--witness", "王", "--second", "clerk"), "--code"),
    ],
)
def test_persons_without_permission_are_refused(
    run: Run, made: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    code, out, err = run("restore", made, "--to", tmp_path / "back", *options)
    assert (code, out) == (1, "")
    assert message in err
    assert not (tmp_path / "back").exists()


def test_the_second_password_is_prompted_for_if_the_environment_has_none(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed
) -> None:
    monkeypatch.delenv(backup_commands.SECOND_VARIABLE)
    typed("wrong")
    assert run("restore", made, "--to", tmp_path / "back", "--second", "clerk")[0] == 1
    typed(PASSWORD)
    assert run("restore", made, "--to", tmp_path / "back", "--second", "clerk")[0] == 0
    monkeypatch.setenv(backup_commands.SECOND_VARIABLE, " ")
    code, _out, err = run("restore", made, "--to", tmp_path / "b", "--second", "clerk")
    assert (code, backup_commands.SECOND_VARIABLE in err) == (1, True)


def test_a_password_and_the_code_restore(run: Run, made: Path, tmp_path: Path, typed: Typed) -> None:
    typed("AAAA-AAAA")
    assert run("restore", made, "--to", tmp_path / "back", "--operator", "clerk", "--code")[0] == 1
    typed(RECOVERY.lower())
    assert run("restore", made, "--to", tmp_path / "back", "--operator", "clerk", "--code")[0] == 0


def test_the_code_alone_restores_with_a_witness_if_all_passwords_are_lost(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed
) -> None:
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, "brand-new-password")
    typed(RECOVERY)
    assert run("restore", made, "--to", tmp_path / "back", "--code", "--witness", "王书记")[0] == 0
    sign_in(tmp_path / "back", "admin", "brand-new-password").store.close()


def test_wrong_usage_and_folders_without_a_backup(run: Run, made: Path, tmp_path: Path) -> None:
    assert run("restore", made, "--to", tmp_path / "back")[0] == 2
    assert run("restore", made, "--second", "clerk")[0] == 2
    assert run("restore", made, "--to", "", "--second", "clerk")[0] == 2
    assert run("restore", made, "--to", tmp_path / "b", "--second", "clerk", "--code")[0] == 2
    code, _out, err = run("restore", tmp_path, "--to", tmp_path / "back", "--second", "clerk")
    assert (code, "no backup" in err) == (1, True)


def test_a_backup_dated_in_the_future_is_marked(run: Run, folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    future = replace(seat, now=lambda: datetime.now(UTC).replace(year=2099, day=1))
    (outcome,) = backups.back_up(future, roots=()).outcomes
    seat.store.close()
    assert outcome.path is not None
    code, out, _err = run("backups", "--in", outcome.path.parent)
    assert code == 0
    assert "dated in the future: the clock was wrong when it was made" in out
