"""The self-test passes in an installed program, and a part that is broken fails with its line."""

import contextlib
import datetime
import io
import json
import os
import shlex
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from windows import stage

from fuyuan_desk.cli.self_test import checks, child, command, desk, installation, tables
from fuyuan_desk.cli.self_test import run as self_test
from fuyuan_desk.core.installation import FILE
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import in_chinese, in_language
from fuyuan_desk.kit.job import Check, CheckFailed

VERSION = "9.8.7"
SECONDS = 60
# as the launcher of the Windows package: it has no source, and `sys.executable` is the launcher
_LAUNCHER = """import sys
sys.path[:] = {path!r}
sys.executable = {launcher!r}
from fuyuan_desk.__main__ import main
sys.exit(main())"""


# --- the installed program -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def staged() -> dict[str, bytes]:
    """The files of the program as the build of the Windows package lays them out."""
    files: dict[str, bytes] = stage.program()
    # another version than that of the checkout, to tell whose is printed
    listed = json.loads(stage.manifest(files)) | {"version": VERSION}
    return stage.below(stage.PROGRAM, {**files, FILE: json.dumps(listed).encode()})


@pytest.fixture
def installed(staged: dict[str, bytes], tmp_path: Path) -> Path:
    """The launcher of an installed program, in a folder as people name them."""
    folder = tmp_path / "张三 的程序 100%" / "福元台"
    for name, content in staged.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    launcher = folder / "FuyuanDesk"
    path = [str(folder / "program" / "app.zip"), *(entry for entry in sys.path if is_library(entry))]
    start = shlex.join(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER.format(path=path, launcher=str(launcher))]
    )
    launcher.write_text(f'#!/bin/sh\nexec {start} "$@"\n', encoding="utf-8")
    launcher.chmod(0o700)
    return launcher


def is_library(entry: str) -> bool:
    return bool(entry) and not (Path(entry) / "fuyuan_desk").is_dir()


def environment_in(home: Path) -> dict[str, str]:
    """Return an environment in which `home` has the folders of a person."""
    homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), str(home))
    return {**os.environ, **homes}


def lines_by_number(output: str) -> dict[str, str]:
    return {line.split(".")[0]: line for line in output.splitlines() if line[:1].isdigit()}


needs_shell = pytest.mark.skipif(os.name == "nt", reason="the launcher of the test is a shell script")


@needs_shell
def test_an_installed_program_passes_without_a_console(installed: Path, tmp_path: Path) -> None:
    # the result is in a window, which stays open, and in a file of the folder of the log
    environment = environment_in(tmp_path / "home")
    environment["QT_QPA_PLATFORM"] = "offscreen"  # of that window; the test itself passes it by argument
    started = time.monotonic()
    program = subprocess.Popen(
        ["sh", "-c", 'exec "$0" --self-test >&- 2>&-', str(installed)], env=environment
    )
    try:
        text = ""
        while "（9.8.7，" not in text:
            assert time.monotonic() - started < SECONDS, text
            assert program.poll() is None, "the window stays until it is closed"
            time.sleep(0.1)
            kept = list((tmp_path / "home" / "fuyuan_desk").rglob(command.FILE))
            text = kept[0].read_text(encoding="utf-8-sig") if kept else ""
    finally:
        program.kill()
        program.wait()
    assert text.splitlines()[-1].startswith("自检通过（9.8.7，"), text
    assert text.splitlines()[0].startswith("福元台 9.8.7 自检，共 15 项")
    lines = lines_by_number(text)
    assert list(lines) == [str(number) for number in range(1, 16)]
    assert "个文件完好" in lines["1"]
    [loaded] = [int(word) for word in lines["2"].split("（")[1].split() if word.isdecimal()]
    assert loaded > 500
    text.encode("cp936")  # a console of Chinese Windows can show every character


BROKEN = {  # in English, as its Chinese texts are gone
    "1": "FAILED (7 faults, the first: app.zip was changed)",
    "2": "FAILED (No module named 'fuyuan_desk.privacy.view')",
    "3": "FAILED (index.json is damaged)",
    "4": "FAILED (1 character is missing: U+323AF)",
    "5": "FAILED (the texts in zh_CN are missing)",
    "6": "FAILED (the steps that set up the database are not those of this version)",
    "7": "passed",
    "8": "FAILED (The file self-test.xlsb is damaged",
    "9": "FAILED (Could not determine revision id from filename 0009",
    "10": "FAILED (unpack_from requires a buffer",
    "11": "FAILED (Could not determine revision id from filename 0009",
    "12": "FAILED (No such file or directory: desk.qss)",
    "13": "FAILED (no window came when the program was started anew)",
    "14": "FAILED (No such file or directory: desk.qss)",
    "15": "passed",
}


@needs_shell
def test_each_broken_file_of_an_installed_program_fails_with_its_line(
    installed: Path, tmp_path: Path
) -> None:
    folder = installed.parent / "program"
    without(folder / "app.zip", "fuyuan_desk/privacy/view")
    (folder / "resources" / "help" / "index.json").write_text("{")
    (folder / "resources" / "fonts" / "standard-characters.txt").write_text("一\U000323af", encoding="utf-8")
    (folder / "i18n" / "zh_CN" / "LC_MESSAGES" / "fuyuan_desk.mo").unlink()
    (folder / "migrations" / "versions" / "0009_of_another_version.py").write_text("")
    (folder / "resources" / "fonts" / "FuyuanSans-Bold.ttf").write_bytes(b"no font")
    (folder / "resources" / "style" / "desk.qss").unlink()
    (folder / "resources" / "workbook" / "self-test.xlsb").write_bytes(b"PK\x03\x04")
    done = subprocess.run(
        [str(installed), "--self-test"], env=environment_in(tmp_path / "home"), capture_output=True, check=False,
        timeout=SECONDS,
    )  # fmt: skip
    output = done.stdout.decode("utf-8")
    assert done.returncode == 1, output
    lines = lines_by_number(output)
    for number, words in BROKEN.items():
        assert words in lines[number]
    assert output.splitlines()[-3:-1] == [
        "What to do: Install the program again; the office's data stays as it is.",
        "If it fails again, read the last line to your support contact.",
    ]
    assert "no. 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14 (9.8.7, 20" in output.splitlines()[-1]


@needs_shell
def test_an_installation_without_its_list_is_not_taken_for_a_checkout(
    installed: Path, tmp_path: Path
) -> None:
    folder = installed.parent / "program"
    (folder / FILE).unlink()
    with pytest.raises(CheckFailed, match="missing"), in_language("en"):
        installation.files(tmp_path, Progress(), folder, installed=True)
    (folder / FILE).write_text("{")
    with pytest.raises(CheckFailed, match="damaged"), in_language("en"):
        installation.files(tmp_path, Progress(), folder)


def without(archive: Path, start: str) -> None:
    """Leave out of an archive what begins with `start`."""
    content = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(content, "w") as target:
        for entry in source.infolist():
            if not entry.filename.startswith(start):
                target.writestr(entry, source.read(entry))
    archive.write_bytes(content.getvalue())


# --- the parts that no missing file breaks --------------------------------------------------------------


def failure(check: Callable[[], str]) -> str:
    """Return the reason, in English, for which a check fails."""
    with in_language("en"), pytest.raises(CheckFailed) as failed:
        check()
    return str(failed.value)


def python(script: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-c", script]


WAIT = python("import time; time.sleep(60)")


@pytest.mark.parametrize(
    ("command_of", "reason"),
    [
        (python("pass"), "no window came"),
        (WAIT, "no window came"),
        (lambda: ["/nowhere/福元台"], "no window"),
    ],
)
def test_a_program_that_does_not_start_anew_fails(
    qapp: object, tmp_path: Path, command_of: Callable[[], list[str]], reason: str
) -> None:
    assert reason in failure(lambda: desk.relaunch(tmp_path, Progress(), command_of, seconds=0.5))


@pytest.mark.parametrize(
    ("command_of", "reason"), [(python("pass"), "not raised"), (WAIT, "a second window opened")]
)
def test_a_second_start_that_does_not_raise_the_window_fails(
    qapp: object, tmp_path: Path, command_of: Callable[[], list[str]], reason: str
) -> None:
    assert reason in failure(lambda: desk.second_start(tmp_path, Progress(), command_of, seconds=0.5))


def no_printers() -> list[str]:
    return []


def two_printers() -> list[str]:
    return ["HP LaserJet", "二楼打印机"]


def silent_printers() -> list[str]:
    time.sleep(60)
    return []


def test_a_pc_without_printers_passes_and_one_that_does_not_answer_fails(tmp_path: Path) -> None:
    with in_language("en"):
        assert "no printer" in desk.printers(tmp_path, no_printers)
        assert desk.printers(tmp_path, two_printers) == "2 printers"
    assert "does not list" in failure(lambda: desk.printers(tmp_path, silent_printers, seconds=0.5))


def silent(_file: str) -> None:
    time.sleep(60)


def test_a_process_for_foreign_files_that_does_nothing_fails(tmp_path: Path) -> None:
    assert "was not ended" in failure(lambda: tables.child_process(tmp_path, child.echo, seconds=20))
    assert "not begun" in failure(lambda: tables.child_process(tmp_path, silent, seconds=0.5))


def test_a_table_read_wrongly_fails(tmp_path: Path) -> None:
    (tmp_path / "self-test.xls").write_text("门牌,室号,面积\n1号,101,12.5\n", encoding="utf-8")
    assert "self-test.xls was not read right" in failure(lambda: tables.workbooks(tmp_path, tmp_path))


def test_cancelling_ends_what_was_started(qapp: object, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        desk.relaunch(tmp_path, progress, WAIT)
    with pytest.raises(Cancelled):
        desk.second_start(tmp_path, progress, WAIT)


def opened_offices() -> list[str]:
    """List the files of offices that this process has open, also those that were removed."""
    handles = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    files = [os.readlink(handle) for handle in handles if os.path.lexists(handle)]
    return [path for path in files if "自检" in path or "store.db" in path or ".lock" in path]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists the files of a process")
def test_no_office_of_the_self_test_stays_open() -> None:
    before = opened_offices()  # the test run's own
    titles = ("Encrypted store", "Roster import", "Backup and restore")
    offices = [check for check in checks.all_checks(Progress()) if check.title in titles]
    lines: list[str] = []
    assert len(offices) == 3
    assert self_test.run(lines.append, offices), lines
    assert opened_offices() == before


# --- lines and verdict -----------------------------------------------------------------------------------

NOW = datetime.datetime(2026, 11, 28, 16, 30).astimezone()


def good(_folder: Path) -> str:
    return "1 × 1"


def bad(folder: Path) -> str:
    raise CheckFailed(f"{folder / '名册'} \n of 𬭼 is gone " + "x" * 200)


GOOD, BAD = Check("Fonts", good), Check("Printers", bad, "Call …")


def run_of(*checks: Check, **options: object) -> tuple[bool, list[str]]:
    lines: list[str] = []
    return self_test.run(lines.append, checks, now=NOW, **options), lines  # type: ignore[arg-type]


def test_an_intact_program_has_a_line_for_each_check_and_a_verdict() -> None:
    with in_chinese():
        passed, lines = run_of(GOOD, GOOD)
    version = lines[0].split()[1]
    assert passed
    assert lines == [
        f"福元台 {version} 自检，共 2 项，2026-11-28 16:30",
        "1. 字库：通过（1 × 1，0.0 秒）",
        "2. 字库：通过（1 × 1，0.0 秒）",
        f"自检通过（{version}，2026-11-28）",
    ]


def test_the_verdict_names_what_failed_and_what_to_do() -> None:
    with in_chinese():
        passed, lines = run_of(GOOD, BAD, GOOD, BAD)
    assert not passed
    assert lines[2].startswith("2. 打印机：不通过（…")
    assert lines[2].endswith("xxx…）"), "short enough to be read out"
    assert "福元台 自检" not in lines[2], "no folder of this PC"
    assert lines[-3:-1] == ["怎么办：Call …", "仍不通过，请把最后一行念给技术人员。"]
    assert lines[-1].startswith("自检未通过：第 2、4 项（")
    assert lines[-1].endswith("，2026-11-28）")


def test_any_error_of_a_check_is_a_finding() -> None:
    passed, lines = run_of(
        Check("Fonts", lambda _folder: {}["gone"]), Check("Fonts", lambda _folder: str(1 / 0))
    )
    assert not passed
    assert "gone" in lines[1]
    assert "division" in lines[2]


def test_a_check_that_hangs_ends_the_test_with_a_verdict() -> None:
    ended: list[tuple[int, str]] = []
    lines: list[str] = []

    def hang(_folder: Path) -> str:
        while not ended:
            time.sleep(0.01)
        return ""

    with in_language("en"):
        self_test.run(
            lines.append, [GOOD, Check("Printers", hang)], now=NOW, seconds=0.2,
            end=lambda code: ended.append((code, lines[-1])),
        )  # fmt: skip
    [(code, verdict)] = ended
    assert code == 1
    assert "2" in verdict
    assert any("0" in line and "2." in line for line in lines)


def test_a_cancelled_test_begins_no_further_check() -> None:
    progress = Progress()
    begun: list[int] = []

    def stop(_folder: Path) -> str:
        progress.cancel()
        return ""

    with pytest.raises(Cancelled):
        run_of(Check("Fonts", stop), Check("Fonts", lambda _folder: str(begun.append(1))), progress=progress)
    assert begun == []


# --- the command -------------------------------------------------------------------------------------------


def test_a_console_of_another_code_page_shows_every_line(home: Path) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp936")
    with contextlib.redirect_stdout(console), in_chinese():
        assert not command.run_command(False, lambda _progress: [BAD])
    console.seek(0)
    shown = console.read().splitlines()
    assert "of ? is gone" in shown[1]
    kept = command.kept_file().read_text(encoding="utf-8-sig").splitlines()
    assert "of 𬭼 is gone" in kept[1]
    assert kept[-1] == shown[-1]
    assert kept[-1].startswith("自检未通过：第 1 项")


def test_without_a_console_a_window_shows_the_result(home: Path) -> None:
    shown: list[bool] = []

    def show() -> bool:
        shown.append(True)
        return True

    with contextlib.redirect_stdout(None):
        assert command.run_command(False, lambda _progress: [BAD], show)
    assert shown == [True]


def test_a_log_folder_that_cannot_be_written_keeps_nobody_from_the_result(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.kept_file().parent.parent.mkdir(parents=True)
    command.kept_file().parent.write_text("a file in place of the folder")
    with in_language("en"):
        assert command.run_command(False, lambda _progress: [GOOD])
    assert "Self-test passed" in capsys.readouterr().out


def test_marked_texts_are_found_in_a_source() -> None:
    source = 'x = _("one") + f"{_(\'two \' \'parts\')}"\nN_("three")\n_(name)\nother("four")\n'
    assert sorted(installation.marked_texts(source)) == ["one", "three", "two parts"]
