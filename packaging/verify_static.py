"""Check a built Windows package without running it.

    python packaging/verify_static.py [FOLDER]     what packaging/build.py has put into FOLDER, `dist/` unless given
    python packaging/verify_static.py --if-changed build and check elsewhere, unless these inputs passed before

Checked are: the setup unpacks to exactly the stage, and so does the portable archive; every file has the hash that
`package.json` names; everything of a library is what the locked wheel has; every executable file is for x86-64, and all
that it imports is in the package or a part of Windows 10; no file that has no business there; the budgets of size.
When all holds, the fingerprint of what the package is built from is written to packaging/verified.json.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from windows import inputs, stage, wheels

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VERIFIED = HERE / "verified.json"
MOST_SETUP, MOST_STAGE = 60_000_000, 160_000_000  # bytes
EXECUTABLE = (".exe", ".dll", ".pyd")
FORBIDDEN = ("*.pdb", "*.pyi", "*.lib", "*.exp", "*.map", "*/__pycache__/*", "*_d.dll", "*_d.pyd", "*PyQt*",
             "*Commercial*", "*/tests/*", "*.orig", "*.tmp", "*.whl", "*.db", "*python.exe")  # fmt: skip
X86_64 = 0x8664
SETUP_ONLY = ("Uninstall.exe", "$PLUGINSDIR/", "[NSIS].nsi")


def main(arguments: list[str]) -> int:
    """Check, print each fault, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check a built Windows package without running it.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument(
        "--if-changed", action="store_true", help="build it first, unless its inputs passed before"
    )
    options = parser.parse_args(arguments)
    if not options.if_changed:
        return report(options.folder.resolve())
    if inputs.fingerprint() == json.loads(VERIFIED.read_text(encoding="utf-8"))["inputs"]:
        print("The package was checked with these inputs.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(HERE / "build.py"), folder], check=True)
        return report(Path(folder))


def report(folder: Path) -> int:
    """Print the faults of the package in a folder, and the figures; note the fingerprint if there are none."""
    setup, portable = (
        folder / f"FuyuanDesk-{stage.version()}-{kind}" for kind in ("setup.exe", "portable.zip")
    )
    staged = contents(folder / "stage")
    is_current = (folder / inputs.FILE).read_text(encoding="utf-8") == inputs.fingerprint()
    faults = [
        *([] if is_current else ["built from other scripts or another lock than these: build it again"]),
        *(f"setup: {fault}" for fault in differences(staged, unpacked(setup))),
        *(f"portable: {fault}" for fault in differences(staged, unzipped(portable))),
        *manifest_faults(staged),
        *image_faults(staged),
        *(f"{path}: has no business in the package" for path in out_of_place(staged)),
        *(f"{path}: is no file of the locked wheels" for path in foreign(folder, staged)),
        *size_faults(setup.stat().st_size, sum(map(len, staged.values()))),
    ]
    for fault in faults:
        print(fault)
    figures = {
        "setup MB": round(setup.stat().st_size / 1e6, 1),
        "portable MB": round(portable.stat().st_size / 1e6, 1),
        "installed MB": round(sum(map(len, staged.values())) / 1e6, 1),
        "files": len(staged),
    }
    print(", ".join(f"{name}: {value}" for name, value in figures.items()))
    if not faults:
        text = json.dumps({"inputs": inputs.fingerprint(), **figures}, indent=2)
        VERIFIED.write_text(text + "\n", encoding="utf-8", newline="\n")
    return 1 if faults else 0


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def unpacked(setup: Path) -> dict[str, bytes]:
    """Return what a setup installs, without what only a setup needs."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["7z", "x", "-y", f"-o{folder}", str(setup)], check=True, stdout=subprocess.DEVNULL)
        found = contents(Path(folder))
    # it unpacks beside the former version, and renames in the end
    installed = {path.replace("program.new/", "program/", 1): content for path, content in found.items()}
    return {path: content for path, content in installed.items() if not path.startswith(SETUP_ONLY)}


def unzipped(portable: Path) -> dict[str, bytes]:
    """Return what a portable archive has, without its only folder, its note and its mark."""
    with zipfile.ZipFile(portable) as archive:
        return {
            name.partition("/")[2]: archive.read(name)
            for name in archive.namelist()
            if not name.endswith(("便携版说明.txt", "program/portable"))
        }


def differences(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is missing, added or different."""
    for path in sorted(expected.keys() | found.keys()):
        if path not in found:
            yield f"{path} is missing"
        elif path not in expected:
            yield f"{path} was added"
        elif expected[path] != found[path]:
            yield f"{path} is different"


def manifest_faults(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield each file of the program that is not as the list says by which it tests itself."""
    start = "program/"
    inner = {path.removeprefix(start): content for path, content in files.items() if path.startswith(start)}
    listed = json.loads(inner.pop("package.json"))["files"]
    found = {path: hashlib.sha256(content).hexdigest() for path, content in inner.items()}
    for path in sorted(listed.keys() | found.keys()):
        if listed.get(path) != found.get(path):
            yield f"{start}{path}: is not as package.json says"


def image_faults(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield each executable file for another processor, and each import that is neither there nor part of Windows."""
    import pefile

    own = {path.rpartition("/")[2].lower() for path in files}
    windows = {
        line for line in (HERE / "windows" / "system_libraries.txt").read_text("utf-8").split("\n") if line
    }
    for path, content in sorted(files.items()):
        if not path.lower().endswith(EXECUTABLE):
            continue
        image = pefile.PE(data=content, fast_load=True)  # type: ignore[no-untyped-call]
        if image.FILE_HEADER.Machine != X86_64:
            yield f"{path}: is not for x86-64"
        for name in imports(image):
            if name not in own and name not in windows and not name.startswith("api-ms-win-crt-"):
                yield f"{path}: imports {name}, which is neither in the package nor known as a part of Windows 10"


def imports(image: Any) -> set[str]:
    """Return the names of the libraries that an image (`pefile.PE`) imports, at once or delayed, in lower case."""
    import pefile

    kinds = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT")
    image.parse_data_directories([pefile.DIRECTORY_ENTRY[kind] for kind in kinds])
    entries = [
        *getattr(image, "DIRECTORY_ENTRY_IMPORT", []),
        *getattr(image, "DIRECTORY_ENTRY_DELAY_IMPORT", []),
    ]
    return {entry.dll.decode("ascii").lower() for entry in entries}


def out_of_place(files: Iterable[str]) -> Iterator[str]:
    """Yield the files that have no business in the package: sources, what only compilers and debuggers read."""
    for path in files:
        is_source = path.endswith(".py") and not path.startswith("program/migrations/")
        if is_source or stage.matches(path, FORBIDDEN):
            yield path


def foreign(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the files of libraries that are not in the wheels of the lock; of modules only the names are compared."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        found = wheels.download(HERE / "program.lock", "win_amd64", Path(own, "wheels"))
        known = {path: content for wheel in found for path, content in stage.read_wheel(wheel).files.items()}
    for path, content in files.items():
        name = path.removeprefix("program/lib/")
        if name == path:
            continue
        if name.endswith(".pyc"):
            if name[:-1] not in known:
                yield path
        elif known.get(name) != content:
            yield path


def size_faults(setup: int, staged: int) -> Iterator[str]:
    """Yield the budgets that are exceeded, from the sizes in bytes."""
    for what, size, most in (("setup", setup, MOST_SETUP), ("installed files", staged, MOST_STAGE)):
        if size > most:
            yield f"{what}: {size / 1e6:.1f} MB, at most {most / 1e6:.0f} MB are allowed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
