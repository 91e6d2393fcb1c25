"""What goes into the Windows package, and what its check finds; the package itself is built and run on demand."""

import ast
import hashlib
import importlib.util
import io
import itertools
import json
import marshal
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import verify_static
from windows import cpython, header, launchers, licences, stage, wheels

from fuyuan_desk.core import installation, paths

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging"
LOCK = """# a comment
# both-1-py3-none-any.whl
both==1 \\
    --hash=sha256:aa
linux-only==2 ; sys_platform == "linux" \\
    --hash=sha256:bb \\
    --hash=sha256:cc
win-only==3 ; sys_platform == "win32" \\
    --hash=sha256:dd
old==4 ; python_version == "3.13" \\
    --hash=sha256:ee
"""


def wheel(name: str, files: dict[str, bytes], **metadata: bytes) -> stage.Wheel:
    return stage.Wheel(name, "1.0", files, {"METADATA": b"Name: x\n\ntext", **metadata})


def names_in(archive: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()


# --- wheels and their files ----------------------------------------------------------------------------


def test_a_system_gets_its_own_requirements_with_their_hashes() -> None:
    wanted = wheels.requirements_for(LOCK, "win_amd64")
    assert re.findall(r"^(\S+)==", wanted, re.MULTILINE) == ["both", "win-only"]
    assert re.findall(r"sha256:(\w+)", wanted) == ["aa", "dd"]
    assert ";" not in wanted
    assert re.findall(r"^(\S+)==", wheels.requirements_for(LOCK, "linux"), re.MULTILINE) == [
        "both",
        "linux-only",
    ]


def test_every_pin_of_the_lock_has_a_hash_for_windows() -> None:
    wanted = wheels.requirements_for((HERE / "program.lock").read_text(encoding="utf-8"), "win_amd64")
    pins = [part for part in wanted.split("\n") if part and not part.startswith(" ")]
    assert len(pins) > 20
    assert all("==" in pin and pin.endswith("\\") for pin in pins)


def test_a_wheel_with_files_for_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("odd-1.0.data/scripts/run", "")
    with pytest.raises(SystemExit, match="does not know where"):
        stage.read_wheel(path)


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/Qt6PrintSupport.dll", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/translations/qtbase_zh_CN.qm", True),
        ("PySide6/translations/qtbase_de.qm", False),
        ("PySide6/Qt6Quick.dll", False),
        ("PySide6/Qt6Designer.dll", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/designer.exe", False),
        ("PySide6/QtSql.pyd", False),
        ("PySide6/plugins/platforms/qdirect2d.dll", False),
        ("shiboken6/msvcp140.dll", True),
        ("shiboken6/vcruntime140.dll", False),
        ("cffi/api.py", False),
        ("_cffi_backend.cp311-win_amd64.pyd", True),
        ("PIL/_avif.cp311-win_amd64.pyd", False),
        ("reportlab/fonts/DarkGardenMK.pfb", False),
        ("reportlab/pdfgen/canvas.py", True),
        ("sqlalchemy/dialects/sqlite/base.py", True),
        ("sqlalchemy/dialects/oracle/base.py", False),
        ("openpyxl/workbook/workbook.pyi", False),
    ],
)
def test_of_a_library_only_what_the_program_needs_is_kept(path: str, is_kept: bool) -> None:
    assert stage.is_kept(path) == is_kept


def test_every_qt_module_that_the_program_imports_is_kept() -> None:
    modules = set()
    for path in (ROOT / "fuyuan_desk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
                modules |= {(node.module or "").partition(".")[2] or alias.name for alias in node.names}
    assert len(modules) >= 5
    for module in modules:
        assert stage.is_kept(f"PySide6/{module}.pyd"), module
        assert stage.is_kept(f"PySide6/{module.replace('Qt', 'Qt6', 1)}.dll"), module


def test_pure_packages_are_archived_and_those_with_machine_code_or_data_are_not() -> None:
    files = stage.libraries([
        wheel("pure", {"pure/__init__.py": b"", "pure/py.typed": b""}),
        wheel("native", {"native/__init__.py": b"", "native/_fast.pyd": b"MZ"}),
        wheel("data", {"data/__init__.py": b"", "data/words.json": b"{}"}),
        wheel("tzdata", {"tzdata/__init__.py": b"", "tzdata/zoneinfo/Asia/Shanghai": b"TZif"}),
        wheel("single", {"single.py": b"a = 1"}),
    ])  # fmt: skip
    archived = names_in(files.pop("lib.zip"))
    assert [name for name in archived if ".dist-info/" not in name] == [
        "pure/__init__.pyc", "single.pyc", "tzdata/__init__.pyc", "tzdata/zoneinfo/Asia/Shanghai",
    ]  # fmt: skip
    assert len([name for name in archived if name.endswith(".dist-info/METADATA")]) == 5
    assert sorted(files) == [
        "lib/data/__init__.pyc",
        "lib/data/words.json",
        "lib/native/__init__.pyc",
        "lib/native/_fast.pyd",
    ]


# --- the stage -----------------------------------------------------------------------------------------

_PRINT = "import sys; sys.path.insert(0, sys.argv[1]); from windows import stage; import hashlib;"
_PRINT += " print(hashlib.sha256(stage.program()['app.zip']).hexdigest())"


def test_two_builds_give_the_same_bytes() -> None:
    command = [sys.executable, "-c", _PRINT, str(HERE)]
    digests = {subprocess.run(command, check=True, capture_output=True).stdout for _build in range(2)}
    digests.add(hashlib.sha256(stage.program()["app.zip"]).hexdigest().encode() + b"\n")
    assert len(digests) == 1


def test_bytecode_runs_without_its_source() -> None:
    content = stage.bytecode(b"def double(x):\n    return 2 * x\n", "package/module.py")
    assert content[:4] == importlib.util.MAGIC_NUMBER
    names: dict[str, object] = {}
    exec(marshal.loads(content[16:]), names)
    double = names["double"]
    assert callable(double)
    assert double(21) == 42
    assert double.__code__.co_filename == "package/module.py"


def test_the_program_lies_where_it_looks_for_it(tmp_path: Path) -> None:
    files = stage.program()
    assert {
        "app.zip",
        "i18n/zh_CN/LC_MESSAGES/fuyuan_desk.mo",
        "migrations/env.py",
        "resources/icons/ok.svg",
    } <= set(files)
    names = names_in(files["app.zip"])
    assert "fuyuan_desk/__main__.pyc" in names
    assert not any(name.endswith(".py") or "migrations/" in name or "__pycache__" in name for name in names)
    assert len([name for name in files if name.startswith("migrations/versions/0")]) >= 8
    stage.write(files, tmp_path)
    assert paths.root_of(tmp_path / "app.zip" / "fuyuan_desk") == tmp_path


def test_the_list_is_the_one_by_which_the_program_tests_itself(tmp_path: Path) -> None:
    files = {"app.zip": b"code", "resources/福.json": b"{}"}
    stage.write({**files, installation.FILE: stage.manifest(files)}, tmp_path)
    found = installation.read_manifest(tmp_path)
    assert found is not None
    assert found.version == stage.version()
    assert installation.manifest_faults(tmp_path, found) == ()
    (tmp_path / "app.zip").write_bytes(b"other")
    assert len(installation.manifest_faults(tmp_path, found)) == 1


def test_names_that_windows_takes_for_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="would be one"):
        stage.write({"Read.txt": b"", "read.TXT": b""}, tmp_path)


def test_an_archive_that_is_not_the_official_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / cpython.NAME).write_bytes(b"PK")
    with pytest.raises(SystemExit, match="not the official"):
        cpython.embeddable(tmp_path)


def test_every_part_has_its_licence_and_none_of_qt_is_the_commercial_one(tmp_path: Path) -> None:
    python = tmp_path / "python.zip"
    with zipfile.ZipFile(python, "w") as archive:
        archive.writestr("LICENSE.txt", "PSF LICENSE")
    metadata = {"licenses/LICENSE": b"BSD text", "licenses/LicenseRef-Qt-Commercial.txt": b"to be bought"}
    parts = [
        stage.Wheel("plain", "1", {"plain.py": b""}, {"METADATA": b"License: BSD\n\n", **metadata}),
        stage.Wheel(
            "pyside6_essentials", "6.9.3", {"PySide6/__init__.py": b""}, {"METADATA": b"License: LGPL\n\n"}
        ),
    ]
    text = licences.licences(parts, python).decode("utf-8-sig")
    for words in (
        "PSF LICENSE",
        "BSD text",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "SIL OPEN FONT LICENSE",
        "Apache License",
    ):
        assert words in text
    assert "to be bought" not in text
    with pytest.raises(SystemExit, match="no licence text"):
        licences.licences(
            [stage.Wheel("bare", "1", {"bare.py": b""}, {"METADATA": b"License: ?\n\n"})], python
        )


# --- launcher and setup --------------------------------------------------------------------------------


def test_the_manifest_asks_for_sharp_windows_utf_8_and_long_paths() -> None:
    tree = ElementTree.parse(HERE / "windows" / "launcher" / "launcher.manifest")
    found = {element.tag.partition("}")[2]: element for element in tree.iter()}
    assert (found["dpiAwareness"].text or "").startswith("PerMonitorV2")
    assert found["activeCodePage"].text == "UTF-8"
    assert found["longPathAware"].text == "true"
    assert found["requestedExecutionLevel"].get("level") == "asInvoker"


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", "0.1.0.0"), ("2", "2.0.0.0"), ("1.2.3.4.5", "1.2.3.4")]
)
def test_windows_writes_a_version_as_four_numbers(version: str, numbers: str) -> None:
    assert launchers.numbers(version) == numbers


def test_the_words_of_the_header_fit_into_its_place() -> None:
    old = b"MZ" + b"".join((text + "\0").encode("utf-16-le") for text in header.WORDS)
    new = header.with_words(old)
    assert len(new) == len(old)
    for words in header.WORDS.values():
        assert (words + "\0").encode("utf-16-le") in new
    with pytest.raises(SystemExit, match="has no text"):
        header.with_words(b"MZ")


def test_each_sentence_of_the_setup_is_there_in_both_languages() -> None:
    script = (HERE / "windows" / "installer.nsi").read_text(encoding="utf-8")
    texts = re.findall(r"^LangString (\w+) \$\{LANG_(\w+)\} \"(.+)\"$", script, re.MULTILINE)
    names = {name for name, _, _ in texts}
    assert {(name, code) for name, code, _ in texts} == set(
        itertools.product(names, ("SIMPCHINESE", "ENGLISH"))
    )
    assert names == set(re.findall(r"\$\((\w+)\)", script))
    for name in names:
        chinese, english = (
            next(text for other, language, text in texts if (other, language) == (name, code))
            for code in ("SIMPCHINESE", "ENGLISH")
        )
        variables = [sorted(re.findall(r"\$(?:\{\w+\}|[A-Z]\w*)", text)) for text in (chinese, english)]
        assert variables[0] == variables[1], name
        assert re.search("[一-鿿]", chinese)
        assert not re.search("[一-鿿]", english)


def test_the_setup_never_removes_what_it_has_not_written() -> None:
    script = (HERE / "windows" / "installer.nsi").read_text(encoding="utf-8")
    removed = set(re.findall(r"RMDir /r \"([^\"]+)\"", script))
    assert removed == {"$INSTDIR\\program", "$INSTDIR\\program.new", "$INSTDIR\\program.old"}
    assert re.findall(r"^\s*RequestExecutionLevel (\w+)", script, re.MULTILINE) == ["user"]


# --- the check of a built package ----------------------------------------------------------------------


def test_missing_added_and_different_files_are_found() -> None:
    found = verify_static.differences({"a": b"1", "b": b"2", "c": b"3"}, {"a": b"1", "b": b"?", "d": b"4"})
    assert list(found) == ["b is different", "c is missing", "d was added"]


def test_a_file_that_is_not_as_listed_is_found() -> None:
    inner = {"app.zip": b"code"}
    files = {
        "FuyuanDesk.exe": b"MZ",
        **stage.below("program", {**inner, "package.json": stage.manifest(inner)}),
    }
    assert list(verify_static.manifest_faults(files)) == []
    assert len(list(verify_static.manifest_faults({**files, "program/app.zip": b"x"}))) == 1
    assert len(list(verify_static.manifest_faults({**files, "program/new.dll": b"x"}))) == 1


@pytest.mark.parametrize(
    "path",
    ["program/lib/x/y.pdb", "program/lib/x/Qt6_d.dll", "program/lib/PyQt6/x.pyc", "program/lib/x.pyi",
     "program/x.py", "program/python.exe", "program/lib/x/__pycache__/y.pyc", "program/lib/x/tests/y.pyc",
     "program/office.db"],
)  # fmt: skip
def test_files_without_business_in_the_package_are_found(path: str) -> None:
    assert list(verify_static.out_of_place([path, "program/migrations/env.py", "program/app.zip"])) == [path]


def test_exceeded_budgets_are_found() -> None:
    assert list(verify_static.size_faults(60_000_000, 160_000_000)) == []
    assert len(list(verify_static.size_faults(60_000_001, 160_000_001))) == 2


def image(machine: int, library: bytes) -> bytes:
    """Return the least image for a processor that imports from one library."""
    section, raw = 0x1000, 0x200
    headers = bytearray(raw)
    headers[:2] = b"MZ"
    headers[0x3C] = 0x40
    headers[0x40:0x44] = b"PE\0\0"
    headers[0x44:0x58] = (
        machine.to_bytes(2, "little") + b"\1\0" + bytes(12) + (240).to_bytes(2, "little") + b"\x22\x20"
    )
    optional = 0x58
    headers[optional : optional + 2] = b"\x0b\x02"
    for offset, value in (
        (32, section),
        (36, raw),
        (56, 2 * section),
        (60, raw),
        (108, 16),
        (120, section),
        (124, 40),
    ):
        headers[optional + offset : optional + offset + 4] = value.to_bytes(4, "little")
    table = optional + 240
    headers[table : table + 40] = b".idata\0\0" + b"".join(
        value.to_bytes(4, "little") for value in (raw, section, raw, raw, 0, 0, 0, 0xC0000040)
    )
    content = bytearray(raw)
    for offset, value in ((0, section + 0x60), (12, section + 0x80), (16, section + 0x60)):
        content[offset : offset + 4] = value.to_bytes(4, "little")
    content[0x60:0x68] = (section + 0xA0).to_bytes(8, "little")
    content[0x80 : 0x80 + len(library)] = library
    content[0xA2:0xA8] = b"Start\0"
    return bytes(headers + content)


def test_another_processor_and_an_unknown_import_are_found() -> None:
    good, bad = image(0x8664, b"KERNEL32.dll"), image(0x8664, b"gone.dll")
    assert list(verify_static.image_faults({"a.exe": good, "readme.txt": b"no image"})) == []
    assert list(verify_static.image_faults({"a.pyd": bad, "lib/Gone.DLL": good})) == []
    [fault] = verify_static.image_faults({"a.pyd": bad})
    assert fault.startswith("a.pyd: imports gone.dll")
    [fault] = verify_static.image_faults({"a.dll": image(0x014C, b"KERNEL32.dll")})
    assert fault == "a.dll: is not for x86-64"


def test_the_last_check_is_on_record_within_the_budgets() -> None:
    record = json.loads(verify_static.VERIFIED.read_text(encoding="utf-8"))
    assert re.fullmatch("[0-9a-f]{64}", record["inputs"])
    assert (
        list(verify_static.size_faults(int(record["setup MB"] * 1e6), int(record["installed MB"] * 1e6)))
        == []
    )
