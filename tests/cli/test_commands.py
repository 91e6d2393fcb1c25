"""The command line as a shell sees it: exit codes, one line on stderr, files left behind or not."""

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.cli import commands
from fuyuan_desk.core.installation import program_version
from fuyuan_desk.core.paths import resource
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.roster.service import imports
from fuyuan_desk.shell import sample_office
from tests.cli.conftest import Run, Typed
from tests.conftest import PASSWORD
from tests.disk import FaultyDisk

ROOT = Path(__file__).resolve().parents[2]
ROSTERS = {
    "南昌路168弄住户名册.xlsx": (1, 12, 85, 85, 1, 0),
    "富南大厦业主清册.xlsx": (2, 1, 171, 171, 0, 0),
    "太阳都市花园后期维修资金.xlsx": (1, 5, 360, 360, 0, 0),
    "思南路26弄承租人.csv": (1, 30, 120, 120, 0, 0),
}


def roster(folder: Path, name: str) -> Path:
    """Copy a roster, so that a file written beside it would be noticed."""
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(resource("sample", name), folder))


def pages(file: Path) -> int:
    document = pypdfium2.PdfDocument(file.read_bytes())
    count = len(document)
    document.close()
    return count


def signed_in(folder: Path, password: str = PASSWORD) -> Seat:
    return sign_in(folder, "admin", password)


# --- init and demo -----------------------------------------------------------------------------------


def test_init_creates_an_office_that_password_and_recovery_code_open(
    run: Run, tmp_path: Path, real_cost: None
) -> None:
    folder = tmp_path / "new" / "office"
    code, out, _err = run("init", folder, "--office", "瑞金居民委员会")
    assert code == 0
    seat = signed_in(folder)
    assert read_settings(seat).name == "瑞金居民委员会"
    seat.store.close()
    recovery = out.split()[-1]
    recover(folder, recovery, "admin", "another-password").store.close()


def test_init_over_an_existing_office_is_refused(run: Run, folder: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    code, _out, err = run("init", folder, "--office", "乙")
    assert code == 1
    assert "already holds an office" in err
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "characters"),
        ("woaini1314", "Many people"),
        ("admin-2026", "operator name"),
        ("甲居民委员会01", "office"),
    ],
)
def test_init_with_a_weak_password_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, word: str
) -> None:
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, password)
    code, _out, err = run("init", tmp_path / "o", "--office", "甲居民委员会")
    assert (code, word in err) == (1, True)
    assert not (tmp_path / "o").exists()


def test_init_below_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, _out, err = run("init", tmp_path / "file" / "office", "--office", "甲")
    assert code == 1
    assert "is a file" in err


def test_a_new_password_is_prompted_for_twice_if_the_environment_has_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed
) -> None:
    monkeypatch.delenv(commands.PASSWORD_VARIABLE)
    typed("typed-password", "typed-passwort", "typed-password", "typed-password")
    code, _out, err = run("init", tmp_path / "o", "--office", "甲")
    assert (code, "differ" in err) == (1, True)
    assert run("init", tmp_path / "o", "--office", "甲")[0] == 0
    signed_in(tmp_path / "o", "typed-password").store.close()


def test_stopping_at_the_prompt_shows_no_traceback(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed
) -> None:
    monkeypatch.delenv(commands.PASSWORD_VARIABLE)
    typed(KeyboardInterrupt())
    assert run("check", "--store", folder)[0] == 1


def test_without_a_terminal_the_password_is_read_from_the_pipe(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(commands.PASSWORD_VARIABLE)
    monkeypatch.setattr(commands, "_has_terminal", lambda: False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\r\n"))
    assert run("check", "--store", folder)[0] == 0
    code, _out, err = run("check", "--store", folder)
    assert (code, "Stopped" in err) == (1, True)


def test_the_check_compares_with_a_printed_sheet(run: Run, folder: Path) -> None:
    seat = signed_in(folder)
    end = proof_for_print(seat).end
    seat.store.close()
    code, out, _err = run("check", "--store", folder, "--anchor", f"{end.number}:{end.hash[:16].upper()}")
    assert (code, f"Agrees: everything up to entry {end.number} " in out) == (0, True)
    code, out, err = run("check", "--store", folder, "--anchor", f"{end.number}:{'0' * 64}")
    assert (code, "Does not agree: entry" in out, "does not agree" in err) == (1, True, True)
    code, out, err = run("check", "--store", folder, "--anchor", end.hash)
    assert (code, out, "number of the entry" in err) == (1, "", True)
    code, _out, err = run("check", "--store", folder, "--operator", "viewer", "--anchor", f"1:{end.hash}")
    assert (code, "role" in err) == (1, True)


def test_an_empty_variable_is_reported_and_is_no_attempt(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, " ")
    for _again in range(5):
        code, _out, err = run("check", "--store", folder)
        assert (code, commands.PASSWORD_VARIABLE in err) == (1, True)
    assert run("demo", folder.parent / "demo")[0] == 1
    assert not (folder.parent / "demo").exists()
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, PASSWORD)
    assert run("check", "--store", folder)[0] == 0


def test_an_empty_path_is_wrong_usage(run: Run) -> None:
    assert run("init", "", "--office", "甲")[0] == 2
    assert run("check", "--store", " ")[0] == 2


def test_no_file_is_written_into_the_folder_of_the_office(run: Run, folder: Path) -> None:
    before = (folder / "keys.json").read_bytes()
    for out in (folder / "keys.json", folder / ".." / folder.name / "sheet.pdf"):
        code, _out, err = run("print", "inspection-sheet", "--store", folder, "--out", out)
        assert (code, "own folder" in err) == (1, True)
    assert (folder / "keys.json").read_bytes() == before


def test_demo_prints_how_to_sign_in(run: Run, tmp_path: Path) -> None:
    code, out, _err = run("demo", tmp_path / "demo")
    assert code == 0
    assert "admin" in out
    assert PASSWORD in out
    seat = signed_in(tmp_path / "demo")
    assert list_estates(seat).total == 5
    seat.store.close()
    assert run("demo", tmp_path / "demo")[0] == 1


# --- import ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROSTERS)
def test_each_roster_is_imported_without_help(run: Run, folder: Path, tmp_path: Path, name: str) -> None:
    file = roster(tmp_path / "rosters", name)
    code, out, _err = run("import", file, "--store", folder, "--json")
    result = json.loads(out)
    assert code == 0
    assert set(result) == {
        "sheets", "buildings", "units", "households", "duplicates", "rejected", "problems",
        "new", "changed", "unchanged", "gone", "other_holder", "moved", "written", "differences",
    }  # fmt: skip
    assert tuple(result[key] for key in list(result)[:6]) == ROSTERS[name]
    assert list(file.parent.iterdir()) == [file], "no file that nobody asked for"
    for problem in result["problems"]:
        assert set(problem) == {"sheet", "row", "column", "home", "value", "message", "severity"}


def test_rows_left_out_become_a_file_only_when_asked_for(run: Run, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "福元小区.csv"
    file.write_text("门牌号,室号,姓名\n1号,101,姚艳志\n1号,,苏强平\n", encoding="utf-8")
    asked = tmp_path / "rest.xlsx"
    inside = run("import", file, "--store", folder, "--left-out", folder / "rest.xlsx")
    assert (inside[0], "own folder" in inside[2]) == (1, True)
    code, _out, err = run("import", file, "--store", folder)
    assert (code, "kept in the program" in err) == (0, True)
    code, _out, err = run("import", file, "--store", folder, "--left-out", asked)
    assert (code, "rest.xlsx" in err, asked.is_file()) == (0, True, True)


def test_several_estates_become_one_only_on_request(run: Run, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "两个小区.csv"
    file.write_text("小区,门牌号,室号,姓名\n甲小区,1号,101,姚艳志\n乙小区,1号,101,苏强平\n", encoding="utf-8")
    into_one = ("import", file, "--store", folder, "--estate", "福元小区")
    code, _out, err = run(*into_one)
    assert code == 1
    assert "甲小区, 乙小区" in err
    assert "--one-estate" in err
    code, out, _err = run(*into_one, "--one-estate", "--json")
    assert code == 0
    assert json.loads(out)["buildings"] == 2, "the same number in two estates is two houses"
    seat = signed_in(folder)
    assert [row.name for row in list_estates(seat).rows] == ["福元小区"]
    seat.store.close()


def test_a_dry_run_saves_nothing(run: Run, folder: Path, tmp_path: Path) -> None:
    file = roster(tmp_path / "rosters", "南昌路168弄住户名册.xlsx")
    code, out, _err = run("import", file, "--store", folder, "--dry-run")
    assert code == 0
    assert "nothing was saved" in out
    seat = signed_in(folder)
    assert list_estates(seat).total == 0
    assert imports.list_imports(seat) == ()
    assert list(file.parent.iterdir()) == [file]
    seat.store.close()


def test_the_estate_can_be_named(run: Run, folder: Path, tmp_path: Path) -> None:
    file = roster(tmp_path / "rosters", "太阳都市花园后期维修资金.xlsx")
    assert run("import", file, "--store", folder, "--estate", "太阳都市花园后期")[0] == 0
    seat = signed_in(folder)
    assert [row.name for row in list_estates(seat).rows] == ["太阳都市花园后期"]
    seat.store.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.xlsx", None),
        ("empty.xlsx", b""),
        ("cut.xlsx", b"PK\x03\x04 cut short"),
        ("web.xls", b"<html><body><p>not a sheet</p></body></html>"),
        ("minutes.csv", "会议纪要\n时间：三月二日\n参加人：全体\n讨论了楼道整治。\n".encode("gb18030")),
        ("folder.xlsx", "folder"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_one_line(
    run: Run, folder: Path, tmp_path: Path, name: str, content: bytes | str | None
) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content == "folder":
        file.mkdir()
    code, out, err = run("import", file, "--store", folder, "--json")
    assert code == 1
    assert out == ""
    assert len(err.strip()) > 10
    seat = signed_in(folder)
    assert list_estates(seat).total == 0
    seat.store.close()


# --- ways in that are refused ------------------------------------------------------------------------


def test_wrong_passwords_are_refused_and_then_delayed(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(commands.PASSWORD_VARIABLE, "wrong-password")
    messages = [run("check", "--store", folder)[2] for _ in range(5)]
    assert "wrong" in messages[0]
    assert any("wait" in message for message in messages)


def test_an_unknown_operator_and_a_missing_store(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("check", "--store", folder, "--operator", "nobody")[0] == 1
    code, _out, err = run("check", "--store", tmp_path / "nothing")
    assert (code, "no office" in err) == (1, True)
    assert not (tmp_path / "nothing").exists()


def test_an_office_that_is_open_in_another_window(run: Run, folder: Path) -> None:
    seat = signed_in(folder)
    code, _out, err = run("check", "--store", folder)
    seat.store.close()
    assert (code, "open in another window" in err) == (1, True)
    assert run("check", "--store", folder)[0] == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may write everywhere")
def test_a_folder_that_cannot_be_written_to(run: Run, folder: Path) -> None:
    folder.chmod(0o500)
    try:
        code, _out, err = run("check", "--store", folder)
    finally:
        folder.chmod(0o700)
    assert (code, "written" in err) == (1, True)


def test_a_read_only_disk(run: Run, folder: Path, disk: FaultyDisk) -> None:
    with disk.failing("open", errno.EROFS, at=lambda path: path.name.startswith(".writable")):
        code, _out, err = run("check", "--store", folder)
    assert (code, "read-only" in err) == (1, True)
    assert run("check", "--store", folder)[0] == 0


def test_a_full_disk(run: Run, sampled: Path, tmp_path: Path, disk: FaultyDisk) -> None:
    out = tmp_path / "sheet.pdf"
    out.write_bytes(b"the previous file")
    with disk.failing("fsync", errno.ENOSPC):
        code, _out, err = run("print", "registration", "--store", sampled, "--out", out)
    assert (code, "full" in err) == (1, True)
    assert out.read_bytes() == b"the previous file"


# --- print -------------------------------------------------------------------------------------------


def test_sheets_of_an_estate_a_case_or_all(run: Run, sampled: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    seat = signed_in(sampled, sample_office.PASSWORD)
    number = queries.list_cases(seat).rows[0].fields.number
    seat.store.close()
    for choice, least in (
        ([], 15),
        (["--all"], 15),
        (["--estate", "南昌路168弄"], 1),
        (["--case", number], 1),
    ):
        code, out_text, _err = run("print", "inspection-sheet", "--store", sampled, *choice, "--out", out)
        assert code == 0
        assert pages(out) >= least
        assert str(pages(out)) in out_text
    for choice, least in (([], 10), (["--estate", "福元小区"], 3), (["--case", number.lower()], 1)):
        code, _out, _err = run("print", "registration", "--store", sampled, *choice, "--out", out)
        assert code == 0
        assert pages(out) >= least


def test_printing_is_recorded_in_the_trail(run: Run, sampled: Path, tmp_path: Path) -> None:
    count = "SELECT count(*) FROM audit_entry WHERE action = 'print'"

    def printed() -> int:
        seat = signed_in(sampled, sample_office.PASSWORD)
        with seat.store.engine.connect() as connection:
            found = connection.exec_driver_sql(count).scalar_one()
        seat.store.close()
        return int(found)

    before = printed()
    out = tmp_path / "sheet.pdf"
    run("print", "inspection-sheet", "--store", sampled, "--estate", "福元小区", "--out", out)
    assert printed() == before + 1
    run("print", "registration", "--store", sampled, "--estate", "福元小区", "--out", out)
    assert printed() == before + 5


@pytest.mark.parametrize(
    ("choice", "known"), [(["--estate", "南昌路"], "南昌路168弄"), (["--case", "ZX2026-9999"], "ZX2026-0001")]
)
def test_an_unknown_name_is_refused_with_similar_ones(
    run: Run, sampled: Path, tmp_path: Path, choice: list[str], known: str
) -> None:
    out = tmp_path / "none.pdf"
    code, _out, err = run("print", "registration", "--store", sampled, *choice, "--out", out)
    assert code == 1
    assert known.split("-", maxsplit=1)[0] in err
    assert not out.exists()


def test_an_empty_office_has_nothing_to_print(run: Run, folder: Path, tmp_path: Path) -> None:
    for what in ("inspection-sheet", "registration"):
        assert run("print", what, "--store", folder, "--out", tmp_path / "x.pdf")[0] == 1
    assert not (tmp_path / "x.pdf").exists()


def test_a_file_that_cannot_be_written_is_reported(run: Run, sampled: Path, tmp_path: Path) -> None:
    out = tmp_path / "no" / "such" / "folder.pdf"
    code, _out, err = run("print", "registration", "--store", sampled, "--out", out)
    assert (code, "folder" in err) == (1, True)


# --- usage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["init"],
        ["init", "x"],
        ["print", "poster", "--store", "x", "--out", "y"],
        ["print", "registration", "--store", "x"],
        ["print", "registration", "--store", "x", "--out", "y", "--estate", "a", "--case", "b"],
        ["import", "--store", "x"],
        ["check"],
        ["--no-such-switch"],
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    code, _out, err = run(*arguments)
    assert code == 2
    assert "usage" in err


def test_help_ends_with_0(run: Run) -> None:
    code, out, _err = run("--help")
    assert code == 0
    for command in ("init", "demo", "tour", "import", "print", "check", "--self-test"):
        assert command in out


@pytest.mark.skipif(os.name == "nt", reason="Windows passes words as UTF-16")
def test_a_word_that_is_not_utf8_is_refused_in_words(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "PYTHONUTF8": "1"}
    words = [
        sys.executable,
        "-m",
        "fuyuan_desk",
        "import",
        b"/x/\xc3\xfb\xb2\xe1.csv",
        "--store",
        str(tmp_path),
    ]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == commands.WRONG_USAGE
    assert done.stdout == b""
    assert "不是 UTF-8" in done.stderr.decode("utf-8")
    assert len(done.stderr.decode("utf-8").strip().splitlines()) == 1


def test_through_a_shell_in_chinese(prepared_sample: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        commands.PASSWORD_VARIABLE: "wrong-password",
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONIOENCODING": "ascii",
    }
    command = [sys.executable, "-m", "fuyuan_desk", "check", "--store", str(tmp_path / "没有")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stdout == b""
    assert "没有办公数据" in done.stderr.decode("utf-8")
    assert len(done.stderr.decode("utf-8").strip().splitlines()) == 1


class TestDiagnose:
    def test_a_report_without_personal_data_is_written(self, run: Run, sampled: Path, tmp_path: Path) -> None:
        out = tmp_path / "report.txt"
        code, out_text, _err = run("diagnose", "--store", sampled, "--out", out)
        assert code == commands.DONE
        assert str(out) in out_text
        report = out.read_text(encoding="utf-8-sig")
        assert "SQLCipher" in report
        assert "陈静怡" not in report

    def test_an_office_that_does_not_open_is_reported_with_the_reason(
        self, run: Run, sampled: Path, tmp_path: Path
    ) -> None:
        (sampled / "store.db").write_bytes(b"")
        out = tmp_path / "report.txt"
        code, _out, err = run("diagnose", "--store", sampled, "--out", out)
        assert code == commands.DONE
        assert "missing or empty" in err
        assert "missing or empty" in out.read_text(encoding="utf-8-sig")

    def test_a_wrong_password_is_refused(
        self, run: Run, sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(commands.PASSWORD_VARIABLE, "wrong-password-1")
        out = tmp_path / "report.txt"
        assert run("diagnose", "--store", sampled, "--out", out)[0] == commands.REFUSED
        assert not out.exists()
        assert run("diagnose", "--store", sampled, "--out", sampled / "r.txt")[0] == commands.REFUSED


def test_name_and_version_are_printed(run: Run) -> None:
    code, out, err = run("--version")
    assert (code, err) == (commands.DONE, "")
    name, version = out.rstrip("\n").rsplit(" ", 1)
    assert name == "Fuyuan Desk"
    assert version == program_version() != ""
