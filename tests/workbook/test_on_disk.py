"""No row of a workbook reaches the disk before the file that was asked for is saved, not even if the program is killed.

What openpyxl does is seen by an audit hook, which cannot be removed: so each test has a process of its own.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = 3_000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
NAME = "逄祎璟"

# refuses to open any file for writing
EXPORT = f"""
import sys
from openpyxl import Workbook
from fuyuan_desk.workbook import packing
from fuyuan_desk.workbook.writer import Sheet, workbook_bytes

def refuse_writing(event, args):
    writes = event == "open" and isinstance(args[2], int) and args[2] & {_WRITING}
    if writes or event.startswith(("tempfile.", "os.mkdir")):
        raise RuntimeError(f"{{event}} {{args}}")

def by_openpyxl():
    book = Workbook(write_only=True)
    book.create_sheet("x").append(["{NAME}"])

rows = [["{NAME}", number] for number in range({ROWS})]
def by_the_program():
    assert len(workbook_bytes([Sheet("a", ["姓名", "n"], rows), Sheet("b", ["姓名", "n"], rows)], ("用途",))) > 10_000

sys.addaudithook(refuse_writing)
globals()[sys.argv[1]]()
print("done")
"""

# reports its first row and goes on until it is killed
ENDLESS = f"""
import sys
from pathlib import Path
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.workbook.writer import Sheet, workbook_bytes

class Rows:
    def __len__(self):
        return 10**6
    def __getitem__(self, wanted):
        return [["{NAME}"]] * 3
    def __iter__(self):
        for number in range(10**6):
            if number == {ROWS}:
                print("writing", flush=True)
            yield ["{NAME}", "13990000001"]

write_atomically(Path(sys.argv[1]), workbook_bytes([Sheet("a", ["姓名"], Rows())], ()))
"""


def started(script: str, temporary: Path, *arguments: str) -> "subprocess.Popen[str]":
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT, env={**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_an_export_opens_no_file_for_writing(tmp_path: Path) -> None:
    output, errors = started(EXPORT, tmp_path, "by_the_program").communicate(timeout=60)
    assert output.strip() == "done", errors


def test_the_hook_sees_what_openpyxl_writes_by_itself(tmp_path: Path) -> None:
    output, errors = started(EXPORT, tmp_path, "by_openpyxl").communicate(timeout=60)
    assert output == ""
    assert "RuntimeError" in errors
    assert tmp_path.name in errors


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill without a word")
def test_an_export_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    temporary, saved = tmp_path / "temporary", tmp_path / "saved"
    temporary.mkdir()
    saved.mkdir()
    with started(ENDLESS, temporary, str(saved / "名册.xlsx")) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            during = [*temporary.rglob("*"), *saved.rglob("*")]
        finally:
            process.kill()
    assert during == []
    assert [*temporary.rglob("*"), *saved.rglob("*")] == []
