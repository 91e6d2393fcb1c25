import ast
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import DiskFull, Unusable
from tests.disk import FaultyDisk, from_windows
from tests.sources import calls, trees


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "登记表.pdf"
    target.write_bytes(b"old")
    files.write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("code", "text"), [
    (errno.ENOSPC, "is full"), (errno.EACCES, "Close the program"),
    (errno.EROFS, "is read-only"), (errno.EIO, "does not respond"),
    (errno.EISDIR, "is a folder"), (errno.ENAMETOOLONG, "too long"), (errno.EMFILE, "Cannot use"),
])  # fmt: skip
def test_a_refusal_leaves_the_old_file_and_no_litter(
    tmp_path: Path, disk: FaultyDisk, code: int, text: str
) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with disk.failing("replace", code), pytest.raises(Unusable, match=text):
        files.write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("number", "code", "text"), [
    (112, errno.ENOSPC, "is full"), (39, errno.EINVAL, "is full"),
    (3, errno.ENOENT, "was not found"), (53, errno.ENOENT, "network folder"), (67, errno.ENOENT, "network folder"),
    (64, errno.EINVAL, "network folder"), (59, errno.EINVAL, "network folder"), (1231, errno.EINVAL, "network folder"),
    (206, errno.ENOENT, "too long"), (123, errno.EINVAL, "Cannot use"), (87, errno.EINVAL, "Cannot use"),
    (86, errno.EINVAL, "sign in"), (1326, errno.EINVAL, "sign in"),
    (19, errno.EACCES, "is read-only"), (21, errno.EACCES, "is not ready"), (1117, errno.EINVAL, "does not respond"),
    (32, errno.EACCES, "Another program has"), (33, errno.EACCES, "Another program has"),
    (5, errno.EACCES, "Close the program"), (55, errno.EINVAL, "no longer connected"),
    (433, errno.EINVAL, "no longer connected"), (1167, errno.EINVAL, "no longer connected"),
    (362, errno.EINVAL, "online storage"), (395, errno.EINVAL, "online storage"),
    (223, errno.EFBIG, "as large as"), (225, errno.EINVAL, "protection program"),
    (9999, errno.EINVAL, "Cannot use"), (9999, errno.EACCES, "Close the program"),
])  # fmt: skip
def test_the_number_of_windows_says_what_to_do(tmp_path: Path, number: int, code: int, text: str) -> None:
    error = from_windows(number, code)
    refusal = files.as_unusable(error, tmp_path / "名册.xlsx")
    assert text in refusal.message
    assert isinstance(refusal, DiskFull) is (text == "is full")
    assert str(tmp_path) in refusal.message
    assert "{" not in refusal.message


@pytest.mark.parametrize("number", [87, 123])
def test_only_a_name_with_such_a_character_is_called_unfit(tmp_path: Path, number: int) -> None:
    refusal = files.as_unusable(from_windows(number, errno.EINVAL), tmp_path / "名册?.xlsx")
    assert "must not contain" in refusal.message


def test_a_usb_drive_pulled_out_while_it_is_written_to_is_named(tmp_path: Path) -> None:
    for error in (OSError(errno.EIO, "I/O"), OSError(errno.EINVAL, "Invalid argument")):
        gone = files.as_unusable(error, tmp_path / "stick" / "名册.xlsx")
        assert "was not found" in gone.message
    here = files.as_unusable(OSError(errno.EIO, "I/O"), tmp_path / "名册.xlsx")
    assert "does not respond" in here.message


def test_a_path_too_long_is_not_called_missing(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="too long"):
        files.write_atomically(tmp_path / ("長" * 90) / "a.pdf", b"x")
    missing = FileNotFoundError(errno.ENOENT, "No such file or directory")
    assert "too long" in files.as_unusable(missing, tmp_path / ("長" * 90) / "a.pdf").message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="was not found"):
        files.write_atomically(tmp_path / "away" / "a.pdf", b"x")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path, disk: FaultyDisk) -> None:
    (tmp_path / "a.pdf").mkdir()
    # Windows reports it as access denied, as it does a file that is open
    denied = from_windows(5, errno.EACCES)
    with disk.failing("replace", denied), pytest.raises(Unusable, match="is a folder"):
        files.write_atomically(tmp_path / "a.pdf", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_a_device_in_the_place_of_the_file_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unusable, match="is a device"):
        files.write_atomically(tmp_path / "pipe", b"x")
    assert (tmp_path / "pipe").is_fifo()


def test_temporary_files_are_not_made_by_tempfile() -> None:
    # in a folder that refuses new files, which looks writable on Windows, it tries name after name for hours
    makers = ("tempfile.mkstemp", "tempfile.NamedTemporaryFile")
    assert [path.name for path, tree in trees().items() if any(calls(tree, *makers))] == []


def test_what_does_not_pass_in_a_moment_is_not_waited_for(tmp_path: Path, disk: FaultyDisk) -> None:
    protected = from_windows(19, errno.EACCES)
    with disk.failing("replace", protected) as failed, pytest.raises(Unusable, match="read-only"):
        files.write_atomically(tmp_path / "a.pdf", b"x")
    assert len(failed) == 1


def test_a_folder_of_which_another_program_holds_a_file_is_removed_at_last(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    folder = tmp_path / "sample"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "x.bin").write_bytes(b"x")
    with disk.failing("unlink", from_windows(32, errno.EACCES), times=3) as failed:
        files.remove_tree(folder)
    assert len(failed) == 3
    assert not folder.exists()
    files.remove_tree(folder)  # a second time is the same


@pytest.mark.parametrize("operation", ["replace", "unlink"])
def test_a_file_that_another_program_holds_is_waited_for(
    tmp_path: Path, disk: FaultyDisk, operation: str
) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with disk.failing(operation, errno.EACCES, times=3) as failed:
        if operation == "replace":
            files.write_atomically(target, b"new")
            assert target.read_bytes() == b"new"
        else:
            files.remove(target)
            assert not target.exists()
    assert len(failed) == 3


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("巡查记录表 2026/1", "巡查记录表 2026_1.pdf"),
        ('a\\b:c*d?"e<f>g|h', "a_b_c_d_e_f_g_h.pdf"),
        ("x.PDF", "x.pdf"),
        ("  . ", "paper.pdf"),
        ("", "paper.pdf"),
        ("名册\n\r2026\t1", "名册 2026 1.pdf"),
        ("名册\u202efdp.exe", "名册fdp.exe.pdf"),
        ("\ud800\ufeff名\u200b册\0", "名册.pdf"),
        ("../../etc/passwd", "_.._etc_passwd.pdf"),
        ("C:\\Windows\\x", "C_Windows_x.pdf"),
        (".hidden", "hidden.pdf"),
        ("1.2号楼.", "1.2号楼.pdf"),
        *(
            (f"{device}{rest}", f"_{device}{rest}.pdf")
            for device in ("CON", "nul", "Com1", "LPT¹")
            for rest in ("", ".x")
        ),
        ("CONTRACT", "CONTRACT.pdf"),
        ("長" * 300, "長" * 65 + ".pdf"),
    ],
)  # fmt: skip
def test_names_that_every_system_takes(name: str, safe: str) -> None:
    assert files.safe_name(name, ".pdf") == safe


@given(st.text(st.characters(), max_size=400))
def test_whatever_the_text_the_name_is_safe_and_stays_so(name: str) -> None:
    safe = files.safe_name(name, ".xlsx")
    assert safe.endswith(".xlsx")
    assert len(safe.encode()) <= 255
    assert not set(safe) & set('\\/:*?"<>|\0\n\r')
    assert safe == safe.strip(" .")
    assert Path(safe).name == safe
    assert files.safe_name(safe, ".xlsx") == safe


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ("名册", "名册.xlsx"),
        ("1.2号楼", "1.2号楼.xlsx"),
        ("名册.XLSX", "名册.XLSX"),
        ("a.xls", "a.xls.xlsx"),
        ("名册.", "名册.xlsx"),
        ("名册.xlsx. ", "名册.xlsx"),
        ("...", "....xlsx"),
    ],
)
def test_a_chosen_name_keeps_its_dots(chosen: str, kept: str) -> None:
    assert files.with_ending(Path("/tmp") / chosen, ".xlsx") == Path("/tmp") / kept


ASKS = (
    "PySide6.QtWidgets.QFileDialog.getSaveFileName",
    "fuyuan_desk.widgets.file_dialogs.choose_target",
)
THROUGH = "file_dialogs.py"  # through which the others ask


def names_without_ending(tree: ast.Module) -> list[str]:
    """List the functions that ask where to save and neither add the ending nor call a function here that does."""
    functions = {part.name: part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)}
    wrong = []
    for name, function in functions.items():
        if not any(any(calls(tree, asks, within=function)) for asks in ASKS):
            continue
        called = [ast.unparse(call.func) for call in ast.walk(function) if isinstance(call, ast.Call)]
        last_names = {text.rpartition(".")[2] for text in called}
        reached = [function, *(functions[other] for other in functions.keys() & last_names)]
        adds = any(any(calls(tree, "fuyuan_desk.core.files.with_ending", within=part)) for part in reached)
        if not adds or "with_suffix" in last_names:
            wrong.append(name)
    return wrong


def test_every_chosen_name_is_given_its_ending_here() -> None:
    asking = {
        path: tree
        for path, tree in trees().items()
        if path.name != THROUGH and any(any(calls(tree, asks)) for asks in ASKS)
    }
    assert len(asking) > 3
    wrong = {path.name: names_without_ending(tree) for path, tree in asking.items()}
    assert {name: functions for name, functions in wrong.items() if functions} == {}


def test_a_chosen_name_without_its_ending_is_found() -> None:
    source = """
from PySide6.QtWidgets import QFileDialog
from fuyuan_desk.core.files import with_ending
class Page:
    def good(self):
        self.write(QFileDialog.getSaveFileName(self))
    def write(self, path):
        self.out = with_ending(path, ".xlsx")
    def bad(self):
        self.out = QFileDialog.getSaveFileName(self)
    def worse(self):
        self.out = with_ending(QFileDialog.getSaveFileName(self).with_suffix(""), ".xlsx")
"""
    assert names_without_ending(ast.parse(source)) == ["bad", "worse"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(Unusable, match="is a device, not a file"):
        files.read_at_most(tmp_path / "a.jpg", 10)
    (tmp_path / "b.jpg").write_bytes(b"x" * 20)
    assert files.read_at_most(tmp_path / "b.jpg", 10) == b"x" * 11
    with pytest.raises(Unusable, match="was not found"):
        files.read_at_most(tmp_path / "c.jpg", 10)


SYSTEM_CALLS = (
    "os.replace",
    "os.rename",
    "os.renames",
    "os.remove",
    "os.unlink",
    "shutil.move",
    "shutil.rmtree",
)
METHODS = {"unlink", "rename"}


def unretried(tree: ast.Module) -> list[int]:
    """List the lines that replace, rename or remove files without waiting for who holds them."""
    found = [call.lineno for call in calls(tree, *SYSTEM_CALLS)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            found += [node.lineno] * (ast.unparse(node.func.value) != "files")
    return sorted(set(found))


def test_files_are_replaced_renamed_and_removed_here_alone() -> None:
    # a virus scanner on Windows holds a new file for a moment
    found = {
        path: unretried(tree) for path, tree in trees().items() if path.parts[-2:] != ("core", "files.py")
    }
    assert {str(path): lines for path, lines in found.items() if lines} == {}


def test_a_file_replaced_elsewhere_is_found() -> None:
    source = (
        "import os\nfrom shutil import rmtree\nos.replace(a, b)\nrmtree(c)\npath.unlink()\nfiles.rename(a, b)"
    )
    assert unretried(ast.parse(source)) == [3, 4, 5]
