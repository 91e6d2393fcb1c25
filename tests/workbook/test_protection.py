"""Workbooks under a password: opened with it, refused in words without it, however damaged; nothing reaches a disk."""

import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.protection import Locked, is_encrypted
from fuyuan_desk.workbook.reader import Workbook, assemble, read_workbook
from tests.workbook import protected
from tests.workbook.in_process import read_in_process

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
XLSX, XLS = ROSTERS / "富南大厦业主清册.xlsx", ROSTERS / "永嘉坊.xls"
RARE = "𠮷㛃珺Ａa1 " * 31 + "𪚥"  # 255 characters as Excel counts them, the most it takes
KINDS = ("agile", "standard", "rc4", "cryptoapi")


@cache
def locked(kind: str, password: str = "富民-168") -> bytes:
    if kind == "agile":
        return protected.agile(XLSX.read_bytes(), password)
    if kind == "standard":
        return protected.standard(XLSX.read_bytes(), password)
    return protected.old_xls(XLS, password, by_api=kind == "cryptoapi")


def opened(raw: bytes, password: str, name: str = "名册.xlsx") -> Workbook:
    return assemble(Path(name), parse(name, raw, password), Progress())


def run_python(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROSTERS.parents[2], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("password", ["富民-168", RARE])
def test_the_password_opens_what_it_protects(kind: str, password: str) -> None:
    plain = read_in_process(XLSX if kind in ("agile", "standard") else XLS)
    assert opened(locked(kind, password), password).sheets == plain.sheets


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("password", ["富民-169", "富民-168 ", "x" * 300, "\ud800", "\0"])
def test_a_wrong_password_is_told(kind: str, password: str) -> None:
    with pytest.raises(InvalidInput, match=r"not the password of 名册|protected by a password, but"):
        opened(locked(kind), password)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_password_it_is_asked_for(kind: str) -> None:
    with pytest.raises(Locked, match=r"名册\.xlsx is protected by a password\. Enter it"):
        opened(locked(kind), "")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_only_protected_against_changes_opens_without_one(kind: str) -> None:
    raw = locked(kind, "VelvetSweatshop")
    assert opened(raw, "").sheets == opened(raw, "whatever").sheets


def test_a_password_for_an_open_file_does_no_harm() -> None:
    assert opened(XLSX.read_bytes(), "x").sheets == read_in_process(XLSX).sheets


def test_the_sandbox_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(locked("agile"))
    assert read_workbook(path, password="富民-168").sheets == read_in_process(XLSX).sheets
    with pytest.raises(Locked):
        read_workbook(path)


WITHOUT_A_DISK = f"""
import sys
from fuyuan_desk.workbook.protection import unlocked
from tests.workbook.test_protection import KINDS, locked

def refuse_writing(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & {os.O_WRONLY | os.O_RDWR | os.O_CREAT}:
        raise RuntimeError(args)
    if event.startswith(("tempfile.", "os.mkdir")):
        raise RuntimeError(event)

files = [locked(kind) for kind in KINDS]
unlocked("a", files[0], "富民-168")  # what is imported may be compiled
sys.addaudithook(refuse_writing)
print(sum(bool(unlocked("a", raw, "富民-168")) for raw in files))
"""


def test_nothing_is_written_to_a_disk() -> None:
    done = run_python(WITHOUT_A_DISK)
    assert (done.stdout.strip(), done.stderr) == ("4", "")


# ---- damaged ----


def read_or_refused(raw: bytes, password: str) -> Workbook | None:
    """Return the workbook, or None if the file is refused in words."""
    try:
        return opened(raw, password)
    except InvalidInput:  # any other error fails the test
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_file_is_refused(kind: str) -> None:
    raw = locked(kind)
    for part in (600, len(raw) // 4, len(raw) // 2, len(raw) * 3 // 4):
        assert read_or_refused(raw[:part], "富民-168") is None, part


@pytest.mark.parametrize("kind", ["agile", "standard"])
def test_a_flipped_bit_never_changes_a_cell(kind: str) -> None:
    raw, plain = locked(kind), read_in_process(XLSX)
    rng = random.Random(f"flips of {kind}")
    for _turn in range(50):
        at = rng.randrange(len(raw))
        flipped = raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]
        found = read_or_refused(flipped, "富民-168")
        # what no reader looks at may be flipped
        assert found is None or found.sheets == plain.sheets, at


@pytest.mark.parametrize("kind", ["rc4", "cryptoapi"])
def test_flipped_bits_of_an_old_file_end_in_words(kind: str) -> None:
    raw = locked(kind)
    rng = random.Random(f"flips of {kind}")
    for _turn in range(50):
        at = rng.randrange(len(raw))
        read_or_refused(raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :], "富民-168")


def test_what_no_password_opens_is_told() -> None:
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(600)
    )
    assert is_encrypted(ole)
    with pytest.raises(InvalidInput, match="only its own program opens") as refusal:
        opened(ole, "x")
    assert not isinstance(refusal.value, Locked)


def test_a_plain_file_costs_no_decryption() -> None:
    code = (
        "import sys, pathlib\nfrom tests.workbook.in_process import read_in_process\n"
        "read_in_process(pathlib.Path(sys.argv[1]))\nassert 'msoffcrypto' not in sys.modules"
    )
    assert run_python(code, XLSX).stderr == ""
