"""Malicious files – oversized, slow, inconsistent: each is read or refused with a message, in limited time."""

import contextlib
import io
import os
import resource
import struct
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import InvalidInput, Unusable, UserError
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.workbook import package, plain, unpacking
from fuyuan_desk.workbook.reader import read_workbook
from tests.fire import bombs

# those that take seconds to make or to refuse are tried by tests.fire.bombing
QUICK = dict(bombs.spread_sheets())
LIMIT_S, LIMIT_MB = 10.0, 500


@pytest.mark.parametrize("name", sorted(QUICK))
def test_a_hostile_file_ends_soon_and_harms_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(QUICK[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before_below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    started = time.monotonic()
    message = ""
    try:
        understand(read_workbook(path))
    except UserError as refusal:
        message = refusal.message
    assert not message or (name in message and message.endswith("."))
    assert time.monotonic() - started < LIMIT_S
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert own - before < LIMIT_MB * 1024
    largest_below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # the largest child may be another test's, and each counts the memory of this process, from which it starts
    assert largest_below < LIMIT_MB * 1024 or largest_below <= max(before_below, own)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["far-quoted.xlsx", "text.ods", "loop.xls"])
def test_what_would_fill_the_memory_is_told_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(QUICK[name])
    with pytest.raises(InvalidInput, match="takes too long or too much memory"):
        read_workbook(tmp_path / name)


def test_no_entity_is_followed(tmp_path: Path) -> None:
    for name in ("entities-i.xlsx", "entities-out.xlsx"):
        (tmp_path / name).write_bytes(QUICK[name])
        with pytest.raises(InvalidInput, match="damaged"):
            read_workbook(tmp_path / name)


def test_sound_rows_are_read_whatever_stands_beside_them(tmp_path: Path) -> None:
    for name in ("dimension.xlsx", "nested.xlsx", "paths.xlsx"):
        (tmp_path / name).write_bytes(QUICK[name])
        assert len(understand(read_workbook(tmp_path / name)).rows) == 30


# ---- wrong declared sizes ----


def judged(raw: bytes) -> str:
    return package.judge("a.xlsx", raw).kind


def test_ordinary_workbooks_pass() -> None:
    assert judged(bombs.sound_xlsx()) == package.XLSX


def test_a_row_is_measured_though_its_value_is_unpacked_long_after_its_number() -> None:
    empty = b'<c r="A1048576" s="1"/>' * 40_000
    raw = bombs.with_sheet(b'<row r="1048576">' + empty + b'<c r="XFD1048576"><v>1</v></c></row>')

    assert package.judge("a.xlsx", raw).extents == ((1_048_576, 16_384),)


def test_a_sheet_that_contradicts_its_checksum_is_damaged() -> None:
    sound = bombs.sound_xlsx()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        checksum = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").CRC)
    assert checksum in sound

    with pytest.raises(InvalidInput, match="damaged"):
        package.signs_of("a.xlsx", sound.replace(checksum, b"\0\0\0\0"))


def test_a_part_larger_than_its_directory_says_is_noticed() -> None:
    with pytest.raises(InvalidInput, match="damaged"):
        judged(bombs.understated(bombs.sound_xlsx()))


def test_parts_are_counted_as_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 20_000)
    with pytest.raises(InvalidInput, match="would unpack"):
        judged(bombs.sound_xlsx())


def test_too_many_parts_are_refused() -> None:
    raw = bombs.rezipped(lambda _name, content: content, {f"xl/{n}": b"" for n in range(10_001)}, method=0)
    with pytest.raises(InvalidInput, match="too many parts"):
        judged(raw)


def test_a_directory_that_would_fill_the_memory_is_refused_unread() -> None:
    raw = bytearray(bombs.sound_xlsx())
    offset = raw.rfind(b"PK\x05\x06")
    raw[offset + 12 : offset + 16] = struct.pack("<I", 50_000_000)
    with pytest.raises(InvalidInput, match="too many parts"):
        judged(bytes(raw))


def test_a_cell_that_is_longer_than_excel_allows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("门牌号,室号,姓名\n1号,101," + "长" * 33_000 + "\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"A cell in row 2 .* contains 33000 characters"):
        read_workbook(path)


def test_a_long_cell_is_a_fault_of_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        "门牌号,室号,姓名,备注",
        f"1号,101,张三,{'话' * 20_000}",
        f"1号,102,{'（' * 20_000},",
        "1号,103,王五,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    first, second, third = understand(read_workbook(path), "福元小区").rows
    assert (first.fault, first.remarks, third.fault) == ("", "话" * 20_000, "")
    assert "longer than 300 characters" in second.fault


def test_rows_that_name_columns_again_and_again_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("门牌号,室号,姓名\n" * 4_000, encoding="utf-8")
    with pytest.raises(InvalidInput, match="More than 3000 rows name columns"):
        understand(read_workbook(path))


def test_more_rows_than_fit_into_memory_are_refused(tmp_path: Path) -> None:
    assert plain.MAX_FILLED_ROWS >= 300_000
    (tmp_path / "a.csv").write_bytes(b"1,2\n" * (plain.MAX_FILLED_ROWS + 1))
    with pytest.raises(InvalidInput, match="Divide it into several files"):
        read_workbook(tmp_path / "a.csv")


# ---- what is no file ----


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    os.mkfifo(path)
    with pytest.raises(Unusable, match="is a device"):
        read_workbook(path)


def test_a_device_is_refused() -> None:
    with pytest.raises(Unusable, match="is a device"):
        read_workbook(Path("/dev/zero"))


def test_a_link_to_a_file_is_followed_and_one_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(bombs.sound_xlsx())
    (tmp_path / "b.xlsx").symlink_to("a.xlsx")
    (tmp_path / "c.xlsx").symlink_to("c.xlsx")
    assert read_workbook(tmp_path / "b.xlsx").sheets
    with pytest.raises(Unusable):
        read_workbook(tmp_path / "c.xlsx")


def test_a_file_that_grows_while_it_is_read_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("门牌号,室号,姓名\n", encoding="utf-8")
    over = threading.Event()

    def write_on() -> None:
        with path.open("a", encoding="utf-8") as file:
            while not over.is_set():
                file.write("1号,101,张三\n" * 1_000)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for _turn in range(5):
            with contextlib.suppress(InvalidInput):  # it may have grown beyond a roster by then
                read_workbook(path)
    finally:
        over.set()
        writer.join()


@pytest.mark.parametrize("name", ["a\nb.csv", "a\u202evsc.exe", "长" * 80 + ".csv", "CON", ".csv", "a.csv."])
def test_odd_names_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("门牌号,室号,姓名\n1号,101,张三\n", encoding="utf-8")
    assert len(read_workbook(tmp_path / name).sheets[0].rows) == 2


def test_names_inside_a_package_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        bombs.rezipped(lambda _name, content: content, {"../evil": b"x", "/tmp/evil-fuyuan": b"x"})
    )
    read_workbook(path)
    assert sorted(tmp_path.parent.glob("**/evil*")) == []
    assert not Path("/tmp/evil-fuyuan").exists()


def test_the_sandbox_process_prints_nothing_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(bombs.looping_ole())
    code = (
        "import sys, pathlib\nfrom fuyuan_desk.core.errors import InvalidInput\n"
        "from fuyuan_desk.workbook.reader import read_workbook\n"
        "try: read_workbook(pathlib.Path(sys.argv[1]))\nexcept InvalidInput: pass"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
