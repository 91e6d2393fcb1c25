"""`import` of a file under a password, and of hidden sheets."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from fuyuan_desk.cli import commands
from tests.cli.conftest import Run, Typed
from tests.workbook import protected

HEADER = ("小区", "门牌号", "室号", "姓名")


def book(folder: Path, password: str = "") -> Path:
    made = Workbook()
    made.worksheets[0].append(HEADER)
    made.worksheets[0].append(("福元小区", "1号", "101", "张三"))
    other = made.create_sheet("老表")
    other.append(HEADER)
    other.append(("福元小区", "1号", "102", "李四"))
    other.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    path = folder / "名册.xlsx"
    path.write_bytes(protected.agile(out.getvalue(), password) if password else out.getvalue())
    return path


def test_the_password_is_prompted_for(run: Run, folder: Path, tmp_path: Path, typed: Typed) -> None:
    typed("富民-168")
    code, out, _err = run("import", book(tmp_path, "富民-168"), "--store", folder, "--json")
    assert (code, json.loads(out)["households"]) == (0, 1)


def test_the_password_is_taken_from_the_environment(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(commands.FILE_VARIABLE, "富民-168")
    assert run("import", book(tmp_path, "富民-168"), "--store", folder)[0] == 0


@pytest.mark.parametrize(
    ("password", "words"), [("wrong", "not the password"), (" ", commands.FILE_VARIABLE)]
)
def test_a_wrong_password_of_the_environment_is_told(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, words: str
) -> None:
    monkeypatch.setenv(commands.FILE_VARIABLE, password)
    code, _out, err = run("import", book(tmp_path, "富民-168"), "--store", folder)
    assert (code, words in err, password.strip() and password in err) == (
        1,
        True,
        "" if password == " " else False,
    )


def test_nobody_to_ask_is_told_in_one_line(run: Run, folder: Path, tmp_path: Path, typed: Typed) -> None:
    typed(EOFError())
    code, _out, err = run("import", book(tmp_path, "富民-168"), "--store", folder)
    assert (code, "protected by a password" in err, err.count("\n")) == (1, True, 1)


@pytest.mark.parametrize(("more", "households"), [((), 1), (("--hidden-sheets",), 2)])
def test_hidden_sheets_are_read_when_asked_for(
    run: Run, folder: Path, tmp_path: Path, more: tuple[str, ...], households: int
) -> None:
    code, out, _err = run("import", book(tmp_path), "--store", folder, "--json", *more)
    assert (code, json.loads(out)["households"]) == (0, households)
