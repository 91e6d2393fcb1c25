"""The list of an installation's files, by which its self-test finds what is missing or changed; and its version.

`package.json` beside `resources/`, written last by the build; a checkout and a wheel have none:

    {"format": 1, "version": "0.1.0", "files": {"app.zip": "<SHA-256, 64 hexadecimal digits>", …}}

The names are relative to that folder, with “/” on every system. Files that are not listed are none of its concern:
the uninstaller, what Python compiles, an office beside a portable copy.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _

FILE = "package.json"
_FORMAT = 1


class Manifest(NamedTuple):
    """The version of an installation and the SHA-256, in hexadecimal digits, of each of its files by name."""

    version: str
    files: Mapping[str, str]


def is_installed(folder: Path | None = None) -> bool:
    """Return whether the program in `folder` was installed or is a portable copy, not a checkout or a wheel."""
    return ((folder or paths.root()) / FILE).is_file()


def list_files(folder: Path, version: str) -> Manifest:
    """Return the manifest of all files in and below `folder`; raises `OSError`."""
    files = {
        file.relative_to(folder).as_posix(): _digest(file)
        for file in folder.rglob("*")
        if file.is_file() and file != folder / FILE
    }
    return Manifest(version, files)


def to_bytes(manifest: Manifest) -> bytes:
    """Return the content of the file: the same manifest always has the same bytes."""
    content = {"format": _FORMAT, "version": manifest.version, "files": dict(sorted(manifest.files.items()))}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest in `folder`, None if there is none; raises `OSError`, and `ValueError` when it is damaged."""
    try:
        content = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    match content:
        case {"format": int(kind), "version": str(version), "files": dict(files)} if (
            kind == _FORMAT and files
        ):
            return Manifest(version, {name: str(digest) for name, digest in files.items()})
    raise ValueError(FILE)


def manifest_faults(
    folder: Path, manifest: Manifest, step: Callable[[], object] = lambda: None
) -> tuple[str, ...]:
    """Return a sentence for each listed file that is missing, changed or unreadable; `step` is called before each."""
    faults = []
    for name, digest in sorted(manifest.files.items()):
        step()
        try:
            if _digest(folder / name) != digest:
                faults.append(_("{file} was changed").format(file=name))
        except FileNotFoundError:
            faults.append(_("{file} is missing").format(file=name))
        except OSError:
            faults.append(_("{file} cannot be read").format(file=name))
    return tuple(faults)


def program_version(folder: Path | None = None) -> str:
    """Return the version of this program: of the installation in `folder`, else of the distribution; "" if unknown."""
    try:
        manifest = read_manifest(folder or paths.root())
    except (OSError, ValueError):
        manifest = None
    if manifest is not None:
        return manifest.version
    from importlib.metadata import (  # here: 20 ms that an installed program saves
        PackageNotFoundError,
        version,
    )

    try:
        return version("fuyuan_desk")
    except PackageNotFoundError:
        return ""


def _digest(file: Path) -> str:
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
