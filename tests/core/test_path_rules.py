from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from fuyuan_desk.core import path_rules
from fuyuan_desk.core.errors import Unusable


@pytest.mark.parametrize(("path", "is_device"), [
    ("NUL", True), ("nul", True), ("CON", True), ("COM1", True), ("LPT¹", True), ("CONOUT$", True),
    ("NUL.txt", True), ("COM1:", True), ("nul .txt", True), ("D:\\out\\aux", True), ("D:\\con\\report.txt", True),
    ("D:/out/prn.pdf", True), ("\\\\.\\COM7", True), ("C:NUL", True), ("\\\\server\\share\\nul", True),
    ("CONTRACT.txt", False), ("nullen.txt", False), ("D:\\福元台\\报告.txt", False), ("COM10", False),
    ("\\\\con\\share\\a.txt", False), ("report.con", False),
])  # fmt: skip
def test_names_that_windows_takes_for_devices(path: str, is_device: bool) -> None:
    assert path_rules.names_device(path) is is_device
    if is_device:
        with pytest.raises(Unusable, match="name of a device"):
            path_rules.refuse_device_name(PureWindowsPath(path), on_windows=True)
    else:
        path_rules.refuse_device_name(PureWindowsPath(path), on_windows=True)
    path_rules.refuse_device_name(PurePosixPath(path), on_windows=False)


@pytest.mark.parametrize(("folder", "example"), [
    (PureWindowsPath("D:\\"), "D:\\福元台"), (PureWindowsPath("E:"), "E:\\福元台"),
    (PureWindowsPath("E:office"), "E:\\福元台"), (PureWindowsPath("\\\\server\\share"), "D:\\福元台"),
    (PurePosixPath("/"), "/福元台"),
])  # fmt: skip
def test_a_folder_without_a_name_of_its_own_is_refused(folder: PurePath, example: str) -> None:
    with pytest.raises(Unusable) as refused:
        path_rules.refuse_unnamed_folder(folder)
    assert example in refused.value.message
    assert str(folder) in refused.value.message


@pytest.mark.parametrize("folder", [
    PureWindowsPath("D:\\福元台"), PureWindowsPath("\\\\server\\share\\office"), PureWindowsPath("office"),
    PurePosixPath("/srv/office"), PurePosixPath("office"), PurePosixPath("."),
])  # fmt: skip
def test_a_folder_with_a_name_is_not(folder: PurePath) -> None:
    path_rules.refuse_unnamed_folder(folder)


@pytest.mark.parametrize(("path", "on_windows", "long_paths", "excess"), [
    (PureWindowsPath("D:\\" + "a" * 256), True, False, 0),
    (PureWindowsPath("D:\\" + "a" * 257), True, False, 1),
    (PureWindowsPath("D:\\" + "長" * 256), True, False, 0),
    (PureWindowsPath("D:\\" + "𬭼" * 129), True, False, 2),  # two units each
    (PureWindowsPath("D:\\" + "a\\" * 200), True, True, 0),
    (PureWindowsPath("D:\\" + "a" * 258), True, True, 3),
    (PurePosixPath("/" + "a/" * 200), False, None, 0),
    (PurePosixPath("/" + "長" * 85), False, None, 0),
    (PurePosixPath("/" + "長" * 86), False, None, 3),
])  # fmt: skip
def test_how_much_too_long_a_path_is(
    path: PurePath, on_windows: bool, long_paths: bool | None, excess: int
) -> None:
    assert path_rules.excess(path, on_windows, long_paths) == excess


def test_elsewhere_long_paths_are_no_question_of_a_setting() -> None:
    assert path_rules.ON_WINDOWS or not path_rules.long_paths_are_on()
    assert path_rules.excess(Path("/short")) == 0


@pytest.mark.parametrize(("path", "characters"), [
    ("C:\\list:1.txt", ":"), ("D:\\a?b\\c*.pdf", "*?"), ("a\"b.txt", '"'), ("D:/x<1>|.txt", "<>|"), ("tab\t.txt", "\t"),
    ("D:\\福元台\\报告 (1).txt", ""), ("\\\\server\\share\\a.txt", ""), ("\\\\?\\C:\\a.txt", ""), ("E:", ""),
])  # fmt: skip
def test_characters_that_no_name_on_windows_may_hold(path: str, characters: str) -> None:
    assert path_rules.bad_characters(PureWindowsPath(path)) == characters
    path_rules.refuse_bad_name(PureWindowsPath(path), on_windows=False)
    if characters:
        with pytest.raises(Unusable, match="must not contain"):
            path_rules.refuse_bad_name(PureWindowsPath(path), on_windows=True)
    else:
        path_rules.refuse_bad_name(PureWindowsPath(path), on_windows=True)
