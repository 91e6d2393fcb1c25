"""The folder that is installed: launchers, Python, libraries, program and its data, each file where it belongs.

    FuyuanDesk.exe  fuyuan-desk.exe  LICENSES.txt
    program/                    python311.dll and what belongs to it, python311._pth
        python311.zip           the standard library, as bytecode
        lib.zip                 pure packages, as bytecode: each file opened costs an old disk a seek, and a virus
                                scanner a look
        lib/                    packages with machine code or with data beside them
        app.zip                 the program, as bytecode
        resources/  i18n/  migrations/
        package.json            version, and the SHA-256 of every file of this folder, for the self-test

Two runs lay out the same bytes: entries are sorted, dates fixed, bytecode is not bound to a source.
"""

import fnmatch
import hashlib
import importlib.util
import io
import marshal
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from fuyuan_desk.core import installation

ROOT = Path(__file__).resolve().parents[2]
CONTENTS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("contents.toml").read_text(encoding="utf-8")
)
PROGRAM = "program"
# the window needs nothing of lib.zip, which is not even opened before it is on the screen
SEARCH_PATH = ("python311.zip", ".", "lib", "app.zip", "lib.zip")
_MACHINE_CODE = (".pyd", ".dll", ".so")
_UNCHECKED = b"\x01\0\0\0" + bytes(8)  # bytecode that no source is compared with (PEP 552)
_DATE = (1980, 1, 1, 0, 0, 0)

Files = dict[str, bytes]


@dataclass(frozen=True)
class Wheel:
    """The files of an unpacked wheel by path, its metadata kept apart."""

    name: str
    version: str
    files: Mapping[str, bytes]
    metadata: Mapping[str, bytes]


def version() -> str:
    """Return the version of the program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def read_wheel(path: Path) -> Wheel:
    """Read a wheel into memory. Raises `SystemExit` for one with files that belong elsewhere than into a package."""
    name, number = path.name.split("-")[:2]
    files: Files = {}
    metadata: Files = {}
    with zipfile.ZipFile(path) as opened:
        for entry in opened.infolist():
            if entry.is_dir():
                continue
            top, _, rest = entry.filename.partition("/")
            if top.endswith(".data"):
                raise SystemExit(
                    f"{path.name}: packaging/windows/stage.py does not know where {entry.filename} goes."
                )
            if top.endswith(".dist-info"):
                metadata[rest] = opened.read(entry)
            else:
                files[entry.filename] = opened.read(entry)
    return Wheel(name, number, files, metadata)


def is_kept(path: str, contents: Mapping[str, Any] = CONTENTS) -> bool:
    """Return whether a file of a wheel goes into the package."""
    top = path.partition("/")[0]
    if top in contents["drop"]["packages"] or matches(path, contents["drop"]["files"]):
        return False
    only = contents["only"].get(top)
    return only is None or (matches(path, only["keep"]) and not matches(path, only["but"]))


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Return whether a path matches one of the patterns, with regard to upper and lower case."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def bytecode(source: bytes, name: str) -> bytes:
    """Compile a module into the bytes of its `.pyc`; `name` is what tracebacks call its file."""
    code = compile(source, name, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + _UNCHECKED + _marshalled(code)


def _marshalled(code: CodeType) -> bytes:
    # from version 3 on the bytes depend on how many references this process happens to hold
    return marshal.dumps(code, 2)


def compiled(files: Mapping[str, bytes]) -> Files:
    """Return files with each module replaced by its bytecode, as `name.pyc` in its place."""
    return {
        path + "c" if path.endswith(".py") else path: bytecode(content, path) if path.endswith(".py") else content
        for path, content in files.items()
    }  # fmt: skip


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files, the same for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, files[path])
    return out.getvalue()


def libraries(wheels: Iterable[Wheel]) -> Files:
    """Return `lib.zip` and the files of `lib/` of the wheels."""
    packed: Files = {}
    unpacked: Files = {}
    for wheel in wheels:
        kept = {path: content for path, content in wheel.files.items() if is_kept(path)}
        for top in sorted({path.partition("/")[0] for path in kept}):
            own = {path: content for path, content in kept.items() if path.partition("/")[0] == top}
            (packed if _goes_into_zip(top, own) else unpacked).update(compiled(own))
        # what a library asks for its own version; the rest says how it was installed
        packed[f"{wheel.name}-{wheel.version}.dist-info/METADATA"] = wheel.metadata["METADATA"]
    return {"lib.zip": zipped(packed), **{f"lib/{path}": content for path, content in unpacked.items()}}


def _goes_into_zip(top: str, files: Mapping[str, bytes]) -> bool:
    if any(path.endswith(_MACHINE_CODE) or ".so." in path for path in files):
        return False
    return top in CONTENTS["zip"]["with_data"] or all(path.endswith(".py") for path in files)


def program(root: Path = ROOT) -> Files:
    """Return `app.zip` and the data of the program."""
    package = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in _files(root / "fuyuan_desk")
        if path.suffix != ".pyc"
    }
    steps = "fuyuan_desk/store/migrations/"
    code = {path: content for path, content in package.items() if not path.startswith(steps)}
    number = version()
    code[f"fuyuan_desk-{number}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: fuyuan_desk\nVersion: {number}\n".encode()
    )
    files = {"app.zip": zipped(compiled(code))}
    # read as files by the library that runs them, and only when an old office is opened
    files |= {
        f"migrations/{path.removeprefix(steps)}": content
        for path, content in package.items()
        if path.startswith(steps)
    }
    files |= {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / "resources")}
    for source in sorted((root / "i18n").glob("*/LC_MESSAGES/*.po")):
        files[source.relative_to(root).with_suffix(".mo").as_posix()] = catalogue(source)
    return files


def catalogue(source: Path) -> bytes:
    """Return the compiled translations of a `.po` file."""
    with source.open("rb") as opened:
        texts = read_po(opened)
    out = io.BytesIO()
    write_mo(out, texts)
    return out.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def python(archive: Path) -> Files:
    """Return the files of the embeddable Python, with the search path of the program."""
    with zipfile.ZipFile(archive) as opened:
        files = {
            entry.filename: opened.read(entry)
            for entry in opened.infolist()
            if entry.filename not in CONTENTS["drop"]["python"]
        }
    files.pop("LICENSE.txt")  # stands in LICENSES.txt
    files["python311._pth"] = "".join(f"{entry}\r\n" for entry in SEARCH_PATH).encode()
    return files


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the list of all files with their SHA-256, by which the installed program tests itself."""
    listed = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return installation.to_bytes(installation.Manifest(version(), listed))


def below(folder: str, files: Mapping[str, bytes]) -> Files:
    """Return files as they lie in a folder."""
    return {f"{folder}/{path}": content for path, content in files.items()}


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below an empty folder. Raises `SystemExit` if two differ in upper and lower case only."""
    if len({path.lower() for path in files}) != len(files):
        raise SystemExit("Two files of the package would be one on Windows.")
    for path, content in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def require_bytecode_of_the_package() -> None:
    """Refuse another Python than the packaged one: its bytecode would not run."""
    if sys.version_info[:2] != (3, 11):
        found = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SystemExit(f"The package is built with Python 3.11, which it contains; this is {found}.")
