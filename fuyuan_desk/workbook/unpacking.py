"""What a zip really unpacks to: its directory is never trusted, every part is unpacked in pieces and counted."""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

MOST_UNPACKED = 250_000_000
_MOST_RATIO = 400  # nothing but zeros packs better
_MOST_DIRECTORY = 2_000_000
_MOST_PARTS = 10_000
_PIECE = 1 << 22


class Broken(Exception):
    """The zip contradicts itself or ends too early."""


def check_directory(name: str, raw: bytes) -> None:
    """Refuse a zip whose directory alone would fill the memory; to be called before anything reads it."""
    for mark, size, form in ((b"PK\x05\x06", 12, "<I"), (b"PK\x06\x06", 40, "<Q")):
        place = raw.rfind(mark)
        while place >= max(0, len(raw) - 70_000):
            with_size = raw[place + size : place + size + struct.calcsize(form)]
            if len(with_size) == struct.calcsize(form):
                (directory,) = struct.unpack(form, with_size)
                if directory > _MOST_DIRECTORY and directory != 0xFFFFFFFF:
                    raise _too_heavy(name)
            place = raw.rfind(mark, 0, place)


def check_parts(name: str, raw: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a zip of too many parts, or whose parts unpack to more than `MOST_UNPACKED` or not to what is said.

    Raises `Broken` when a part cannot be unpacked.
    """
    _check_count(name, entries)
    left = MOST_UNPACKED
    for entry in entries:
        for piece in _pieces(raw, entry):
            left -= len(piece)
            if left < 0:
                raise unpacks_to(name, MOST_UNPACKED)


def _check_count(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    said = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if said > MOST_UNPACKED or (said > MOST_UNPACKED / 5 and said / packed > _MOST_RATIO):
        raise unpacks_to(name, said)
    if len(entries) > _MOST_PARTS:
        raise _too_heavy(name)


def unpacks_to(name: str, size: int) -> InvalidInput:
    """Make the refusal of a file that grows too large when it is unpacked."""
    return InvalidInput(
        _(
            "The file {name} would unpack to {mb} MB; a roster never does. "
            "Copy the rows of the roster into a new Excel file and choose that."
        ).format(name=name, mb=size // 1_000_000)
    )


def _too_heavy(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} is made of too many parts for a roster. "
            "Copy the rows of the roster into a new Excel file and choose that."
        ).format(name=name)
    )


# ---- unpacking ----


def _pieces(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece; Python's own reader would stop where the directory says that it ends."""
    start = entry.header_offset
    if raw[start : start + 4] != b"PK\x03\x04" or entry.flag_bits & 1:
        raise Broken
    named, more = struct.unpack_from("<HH", raw.ljust(start + 30), start + 26)
    begin = start + 30 + named + more
    packed = memoryview(raw)[begin : begin + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise Broken
    size = 0
    for piece in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else iter((bytes(packed),)):
        size += len(piece)
        yield piece
    if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and size != entry.file_size:
        raise Broken


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(-15)
    waiting: memoryview | bytes = packed
    while not unpacking.eof:
        try:
            piece = unpacking.decompress(waiting, _PIECE)
        except zlib.error as problem:
            raise Broken from problem
        waiting = unpacking.unconsumed_tail
        if not piece and not waiting and not unpacking.eof:
            raise Broken
        yield piece
