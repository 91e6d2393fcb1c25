"""Fixtures that run commands in this process and type on their terminal."""

import getpass
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from fuyuan_desk.__main__ import main
from fuyuan_desk.cli import backup_commands, commands
from fuyuan_desk.core import preferences
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.shell import sample_office
from tests.conftest import PASSWORD

Run = Callable[..., tuple[int, str, str]]
Typed = Callable[..., None]


@pytest.fixture
def run(
    home: None, excepthook: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run a command in this process, in English, with the password of the prepared office."""
    preferences.save(Preferences(language="en"))
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, PASSWORD)
    monkeypatch.setenv(backup_commands.SECOND_VARIABLE, PASSWORD)

    def execute(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        assert "Traceback" not in output.err
        if code == commands.REFUSED:
            assert len(output.err.strip().splitlines()) == 1, output.err
        return code, output.out, output.err

    return execute


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Answer the prompts of the terminal in this order; an exception is raised instead."""

    def answer(*answers: str | BaseException) -> None:
        waiting = iter(answers)

        def ask(_prompt: str) -> str:
            reply = next(waiting)
            if isinstance(reply, BaseException):
                raise reply
            return reply

        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr(getpass, "getpass", ask)

    return answer


@pytest.fixture
def sampled(prepared_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A closed sample office whose password is the one in the environment."""
    folder = tmp_path / "sampled"
    shutil.copytree(prepared_sample, folder)
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, sample_office.PASSWORD)
    return folder
