"""A TrueType file: its characters, their widths, and subsets for embedding.

Written for the files of `packaging/build_fonts.py`: simple outlines, no hints, a format 12 cmap.
Only the required tables are read, so that a face of 33,000 characters opens in milliseconds.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

_KEPT = ("head", "hhea", "maxp", "hmtx", "loca", "glyf")


class Face:
    """One font file, read lazily; glyphs are numbered as in the file."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        count = struct.unpack_from(">H", self._data, 4)[0]
        self._tables: dict[str, tuple[int, int]] = {}
        for index in range(count):
            tag, _, offset, length = struct.unpack_from(">4sLLL", self._data, 12 + 16 * index)
            self._tables[tag.decode("ascii")] = (offset, length)
        self.name = path.stem
        self.units: int = self._number("head", 18, ">H")
        self.bounds: tuple[int, int, int, int] = struct.unpack_from(">4h", self._table("head"), 36)
        self.ascent: int = self._number("hhea", 4, ">h")
        self.descent: int = self._number("hhea", 6, ">h")
        self.weight: int = self._number("OS/2", 4, ">H")

    def _table(self, tag: str) -> memoryview:
        offset, length = self._tables[tag]
        return memoryview(self._data)[offset : offset + length]

    def _number(self, tag: str, offset: int, form: str) -> int:
        number: int = struct.unpack_from(form, self._table(tag), offset)[0]
        return number

    @cached_property
    def glyphs(self) -> dict[str, int]:
        """The glyph number of every character in the face."""
        table = self._table("cmap")
        for index in range(struct.unpack_from(">H", table, 2)[0]):
            offset: int = struct.unpack_from(">4xL", table, 4 + 8 * index)[0]
            if struct.unpack_from(">H", table, offset)[0] == 12:
                break
        else:
            raise ValueError(f"{self.name} has no format 12 cmap")
        glyphs: dict[str, int] = {}
        for group in range(struct.unpack_from(">L", table, offset + 12)[0]):
            first, last, glyph = struct.unpack_from(">LLL", table, offset + 16 + 12 * group)
            glyphs.update((chr(code), glyph + code - first) for code in range(first, last + 1))
        return glyphs

    @cached_property
    def _advances(self) -> array[int]:
        """Alternating advance and left bearing of each glyph; the last advance applies to the rest."""
        return _numbers("H", self._table("hmtx"))

    @cached_property
    def _locations(self) -> array[int]:
        return _numbers("I" if array("I").itemsize == 4 else "L", self._table("loca"))

    def advance(self, glyph: int) -> int:
        """Return the advance width of a glyph in font units."""
        last = self._number("hhea", 34, ">H") - 1
        return self._advances[2 * min(glyph, last)]

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """Return a TrueType file with only `glyphs`, numbered by their index in the sequence.

        It has the tables that PDF requires of an embedded CIDFontType2, and no cmap.
        """
        outlines = self._table("glyf")
        body = bytearray()
        offsets = [0]
        for glyph in glyphs:
            start, end = self._locations[glyph], self._locations[glyph + 1]
            if end > start and outlines[start] & 0x80:
                raise ValueError(f"{self.name} has composite glyphs")
            body += outlines[start:end]
            body += bytes(-len(body) % 4)
            offsets.append(len(body))
        tables = {tag: bytearray(self._table(tag)) for tag in ("head", "hhea", "maxp")}
        struct.pack_into(">L", tables["head"], 8, 0)
        struct.pack_into(">h", tables["head"], 50, 1)
        struct.pack_into(">H", tables["hhea"], 34, len(glyphs))
        struct.pack_into(">H", tables["maxp"], 4, len(glyphs))
        bearings = (struct.unpack_from(">h", outlines, self._locations[g] + 2)[0]
                    if self._locations[g + 1] > self._locations[g] else 0 for g in glyphs)  # fmt: skip
        tables["hmtx"] = bytearray(
            b"".join(struct.pack(">Hh", self.advance(g), b) for g, b in zip(glyphs, bearings, strict=True))
        )
        tables["loca"] = bytearray(struct.pack(f">{len(offsets)}L", *offsets))
        tables["glyf"] = body
        return _font_file({tag: bytes(tables[tag]) for tag in _KEPT})


def _numbers(code: str, table: memoryview) -> array[int]:
    numbers = array(code)
    numbers.frombytes(table[: len(table) // numbers.itemsize * numbers.itemsize])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _checksum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _font_file(tables: dict[str, bytes]) -> bytes:
    """Assemble tables after a directory, in tag order, with their checksums."""
    power = 1 << (len(tables).bit_length() - 1)
    head = struct.pack(">LHHHH", 0x00010000, len(tables), power * 16, power.bit_length() - 1,
                       (len(tables) - power) * 16)  # fmt: skip
    offset = 12 + 16 * len(tables)
    directory, body, offsets = b"", b"", {}
    for tag in sorted(tables):
        data = tables[tag]
        offsets[tag] = offset + len(body)
        directory += struct.pack(">4sLLL", tag.encode("ascii"), _checksum(data), offsets[tag], len(data))
        body += data + bytes(-len(data) % 4)
    file = bytearray(head + directory + body)
    struct.pack_into(">L", file, offsets["head"] + 8, (0xB1B0AFBA - _checksum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)
