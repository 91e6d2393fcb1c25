"""What a zip really unpacks to: its directory is never trusted, every part is unpacked in pieces and counted."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

MOST_UNPACKED = 250_000_000
_MOST_RATIO = 400  # nothing but zeros packs better
_MOST_DIRECTORY = 2_000_000
_MOST_PARTS = 10_000
_PIECE = 1 << 18  # stays in the processor's cache; larger ones would each be new memory


class Broken(Exception):
    """The zip contradicts itself or ends too early."""


def check_directory(name: str, raw: bytes) -> None:
    """Raise `InvalidInput` for a zip whose directory alone would fill the memory; call it before reading the zip."""
    for mark, size, form in ((b"PK\x05\x06", 12, "<I"), (b"PK\x06\x06", 40, "<Q")):
        offset = raw.rfind(mark)
        while offset >= max(0, len(raw) - 70_000):
            field = raw[offset + size : offset + size + struct.calcsize(form)]
            if len(field) == struct.calcsize(form):
                (directory,) = struct.unpack(form, field)
                if directory > _MOST_DIRECTORY and directory != 0xFFFFFFFF:
                    raise _too_many_parts(name)
            offset = raw.rfind(mark, 0, offset)


def check_parts(
    name: str,
    raw: bytes,
    entries: Sequence[zipfile.ZipInfo],
    examine: Callable[[zipfile.ZipInfo, bytes], object],
) -> None:
    """Raise `InvalidInput` for a zip of too many parts, or that unpacks to more than `MOST_UNPACKED`.

    `examine` is called with each piece of each part in order, so that no part is unpacked a second time. Raises
    `Broken` when a part cannot be unpacked, or not to its declared size.
    """
    _check_count(name, entries)
    left = MOST_UNPACKED
    for entry in entries:
        for piece in pieces(raw, entry):
            left -= len(piece)
            if left < 0:
                raise _too_large(name, MOST_UNPACKED)
            examine(entry, piece)


def _check_count(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    declared = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if declared > MOST_UNPACKED or (declared > MOST_UNPACKED / 5 and declared / packed > _MOST_RATIO):
        raise _too_large(name, declared)
    if len(entries) > _MOST_PARTS:
        raise _too_many_parts(name)


def _too_large(name: str, size: int) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} would unpack to {mb} MB; a list never does. "
            "Copy its rows into a new Excel file and choose that."
        ).format(name=name, mb=size // 1_000_000)
    )


def _too_many_parts(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "The file {name} is made of too many parts for a list. "
            "Copy its rows into a new Excel file and choose that."
        ).format(name=name)
    )


# ---- unpacking ----


def pieces(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part in pieces; Python's `zipfile` would stop at the declared size."""
    start = entry.header_offset
    if raw[start : start + 4] != b"PK\x03\x04" or entry.flag_bits & 1:
        raise Broken
    name_length, extra_length = struct.unpack_from("<HH", raw.ljust(start + 30), start + 26)
    begin = start + 30 + name_length + extra_length
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
    rest: memoryview | bytes = packed
    while not unpacking.eof:
        try:
            piece = unpacking.decompress(rest, _PIECE)
        except zlib.error as problem:
            raise Broken from problem
        rest = unpacking.unconsumed_tail
        if not piece and not rest and not unpacking.eof:
            raise Broken
        yield piece
