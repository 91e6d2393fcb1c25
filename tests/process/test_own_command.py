"""The program starts itself in the same way as it was started: by a Python, or by its launcher."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fuyuan_desk.process.own_command import is_launcher, own_command, sandbox_command
from fuyuan_desk.process.sandbox import run_in_sandbox
from fuyuan_desk.workbook.plain import decode

LAUNCHERS = [r"C:\Users\张三\福元台\FuyuanDesk.exe", "/srv/fuyuan/fuyuan-desk", r"D:\python 课\福元台.exe"]
PYTHONS = ["/usr/bin/python3.11", r"C:\Python311\python.exe", r"C:\Python311\PythonW.exe"]


@pytest.mark.parametrize("executable", LAUNCHERS)
def test_the_launcher_knows_what_to_run(executable: str) -> None:
    assert is_launcher(executable)
    assert own_command("--locked", executable=executable) == [executable, "--locked"]
    assert sandbox_command("module", executable) == [executable, "--sandbox"]


@pytest.mark.parametrize("executable", PYTHONS)
def test_a_python_is_told_what_to_run(executable: str) -> None:
    assert not is_launcher(executable)
    command = own_command("tour", "out", executable=executable)
    assert command[0] == executable
    assert command[-4:] == ["-m", "fuyuan_desk", "tour", "out"]
    assert "module" in " ".join(sandbox_command("module", executable))


@pytest.mark.skipif(os.name == "nt", reason="the launcher of the test is a shell script")
def test_foreign_files_are_read_when_a_launcher_started_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = tmp_path / "FuyuanDesk"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m fuyuan_desk "$@"\n')
    launcher.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(launcher))
    assert run_in_sandbox(decode, "名册.csv", "姓名,电话".encode("gb18030")) == "姓名,电话"


def test_the_command_line_starts_the_program() -> None:
    done = subprocess.run(own_command("--help"), capture_output=True, check=True)
    assert done.stdout.strip()
