"""Texts of the program: English in the source, translated by a gettext catalogue at the moment they are shown."""

import struct
from collections.abc import Iterator

from fuyuan_desk.core import paths

DOMAIN = "fuyuan_desk"
LANGUAGES = {"zh_CN": "简体中文", "en": "English"}

_language = "zh_CN"
_current: "_Catalogue | None" = None


class _Catalogue:
    """A compiled catalogue (.mo), searched where it lies: taking it all in would cost the start 5 ms."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._known: dict[str, str] = {"": ""}  # the empty text is the catalogue's own header
        self._order = ">" if raw[:4] == b"\x95\x04\x12\xde" else "<"
        self._count, self._keys, self._values = (
            struct.unpack_from(f"{self._order}3I", raw, 8) if raw else (0, 0, 0)
        )

    def find(self, message: str) -> str:
        """Give the translation, or the text itself where there is none."""
        if message not in self._known:
            self._known[message] = self._search(message.encode()) or message
        return self._known[message]

    def _search(self, wanted: bytes) -> str:
        low, high = 0, self._count
        while low < high:  # msgfmt and Babel sort the texts by their bytes
            middle = (low + high) // 2
            key = self._entry(self._keys, middle)
            if key == wanted:
                return self._entry(self._values, middle).decode()
            low, high = (middle + 1, high) if key < wanted else (low, middle)
        return ""

    def all(self) -> Iterator[tuple[str, str]]:
        """Give every source text with its translation."""
        for number in range(self._count):
            key = self._entry(self._keys, number).decode()
            if key:
                yield key, self._entry(self._values, number).decode()

    def _entry(self, table: int, number: int) -> bytes:
        length, start = struct.unpack_from(f"{self._order}2I", self._raw, table + number * 8)
        return self._raw[start : start + length]


def _catalogue(code: str) -> _Catalogue:
    compiled = paths.translations() / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        return _Catalogue(compiled.read_bytes())
    except FileNotFoundError:
        return _Catalogue(b"")  # English needs none


def use_language(code: str) -> None:
    """Show all texts from now on in the language `code`, a key of `LANGUAGES`."""
    global _current, _language
    _language = code if code in LANGUAGES else "zh_CN"
    _current = _catalogue(_language)


def every_text() -> Iterator[str]:
    """Give every text of the program that is in a catalogue, in each language."""
    for code in LANGUAGES:
        for source, shown in _catalogue(code).all():
            yield source
            yield shown


def language() -> str:
    """Give the code of the language in use."""
    return _language


def _(message: str) -> str:
    """Translate an English source text."""
    if _current is None:
        use_language(_language)
    assert _current is not None
    return _current.find(message)


def N_(message: str) -> str:  # noqa: N802 - the customary gettext name
    """Mark a text for translation that is translated later, where it is shown."""
    return message
