"""Picture files in a folder, on a camera card or exported from a phone: which there are, and what is seen of each."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable, UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.attached import fingerprint, prepare_pages, prepare_photo
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import Glance

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".heic", ".heif", ".tif", ".tiff", ".gif"})
MOVIES = frozenset({".mp4", ".mov", ".avi", ".3gp", ".m4v", ".mts", ".mkv", ".wmv"})
PDF = ".pdf"
MOST = 5_000
"""Files of one folder; whoever has more chose a whole disk."""
AT_ONCE = 32_000_000
"""Bytes."""


@dataclass(frozen=True)
class Listing:
    """The pictures, movies and PDFs of a folder by name; how many other files it has, and whether it was cut."""

    paths: tuple[Path, ...]
    others: int = 0
    is_cut: bool = False


@dataclass(frozen=True)
class Look:
    """What is seen of a file: a small JPEG, when it was taken as its camera wrote it, and when the file was written.

    `source` is its fingerprint; `fault` says why it cannot be attached, '' if it can.
    """

    thumbnail: bytes = b""
    taken: str = ""
    written_at: datetime | None = None
    source: str = ""
    fault: str = ""


def list_pictures(folder: Path, most: int = MOST) -> Listing:
    """List the pictures in a folder and those below it, the first `most`; raises `Unusable` if it cannot be read."""
    found: list[Path] = []
    others = 0

    def refuse(problem: OSError) -> None:
        # one below it may have gone meanwhile, while the folder itself is there
        gone = Path(problem.filename) if isinstance(problem.filename, str) else folder
        raise files.as_unusable(problem, gone, is_folder=True) from problem

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        for name in sorted(names, key=lambda name: Path(name).stem):  # a copy (1) behind its original
            if Path(name).suffix.lower() in (*PICTURES, *MOVIES, PDF) and not name.startswith("."):
                found.append(Path(parent, name))
            else:
                others += 1
        if len(found) > most:
            return Listing(tuple(found[:most]), others, is_cut=True)
    return Listing(tuple(found), others)


def look_at(paths: Sequence[Path], at_once: int = AT_ONCE) -> tuple[Look, ...]:
    """Return what is seen of files, in their order; what cannot be read says why. Takes some 50 ms a file.

    Some `at_once` bytes, and one file more, are held in memory.
    """
    looks: list[Look] = []
    for batch in _batches(paths, at_once):
        seen = iter(images.glance_at([raw for _look, raw in batch if raw]))
        looks += [_with(look, next(seen)) if raw else look for look, raw in batch]
    return tuple(looks)


def _batches(paths: Sequence[Path], at_once: int) -> Iterator[list[tuple[Look, bytes]]]:
    batch: list[tuple[Look, bytes]] = []
    size = 0
    for path in paths:
        batch.append(_read(path))
        size += len(batch[-1][1])
        if size > at_once:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(path: Path) -> tuple[Look, bytes]:
    """Return what is known of a file without decoding it, and its content if that is to be decoded."""
    suffix = path.suffix.lower()
    if suffix in MOVIES:
        return Look(fault=_("A movie cannot be attached. Choose photos.")), b""
    try:
        raw = files.read_at_most(path, images.MAX_BYTES)
    except UserError as refusal:
        return Look(fault=refusal.message), b""
    if not raw:
        return Look(fault=_("This file is empty. Copy it again from the phone or camera.")), b""
    if len(raw) > images.MAX_BYTES:
        text = _("This picture file is larger than {mb} MB. Make it smaller, then add it again.")
        return Look(fault=text.format(mb=images.MAX_BYTES // 1_000_000)), b""
    look = Look(written_at=_written_at(path), source=fingerprint(raw))
    return look, b"" if suffix == PDF or images.is_pdf(raw) else raw


def _written_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except (OSError, OverflowError, ValueError):  # a card pulled out; a time that no calendar has
        return None


def _with(look: Look, seen: Glance) -> Look:
    return replace(look, thumbnail=seen.thumbnail, taken=seen.taken, fault=seen.fault)


def prepare_known(path: Path, source: str, keep_location: bool, *, are_pages: bool) -> tuple[NewPhoto, ...]:
    """Turn a file that was looked at into a photo, or into pages, to be stored.

    Raises `Unusable` if it cannot be read any more or is another file than that with this fingerprint, `InvalidInput`
    as `prepare_photo` and `prepare_pages` do.
    """
    raw = files.read_at_most(path, images.MAX_BYTES)
    if fingerprint(raw) != source:
        raise Unusable(_("This is not the file that was looked at. Choose its folder again."))
    return prepare_pages(raw) if are_pages else (prepare_photo(raw, keep_location),)
