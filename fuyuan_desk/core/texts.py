"""Translation of the program's texts: English in the source, looked up in a gettext catalogue when shown."""

import contextlib
import struct
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache

from fuyuan_desk.core import paths

DOMAIN = "fuyuan_desk"
LANGUAGES = {"zh_CN": "简体中文", "en": "English"}

_language = "zh_CN"
_current: "_Catalogue | None" = None
_within: ContextVar[str] = ContextVar("within", default="")
"""The language of the block that runs on this thread, '' for that of the screen."""


class _Catalogue:
    """A compiled catalogue (.mo), searched in place: loading it all would add 5 ms to startup."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._known: dict[str, str] = {"": ""}  # the empty text is the catalogue's header
        self._order = ">" if raw[:4] == b"\x95\x04\x12\xde" else "<"
        self._count, self._keys, self._values = (
            struct.unpack_from(f"{self._order}3I", raw, 8) if raw else (0, 0, 0)
        )

    def find(self, message: str) -> str:
        """Return the translation, or the text itself if there is none."""
        if message not in self._known:
            self._known[message] = self._search(message.encode()) or message
        return self._known[message]

    def _search(self, target: bytes) -> str:
        low, high = 0, self._count
        while low < high:  # msgfmt and Babel sort the entries by their bytes
            middle = (low + high) // 2
            key = self._entry(self._keys, middle)
            if key == target:
                return self._entry(self._values, middle).decode()
            low, high = (middle + 1, high) if key < target else (low, middle)
        return ""

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield every source text with its translation."""
        for index in range(self._count):
            key = self._entry(self._keys, index).decode()
            if key:
                yield key, self._entry(self._values, index).decode()

    def _entry(self, table: int, index: int) -> bytes:
        length, start = struct.unpack_from(f"{self._order}2I", self._raw, table + index * 8)
        return self._raw[start : start + length]


def _catalogue(code: str) -> _Catalogue:
    compiled = paths.translations() / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        return _Catalogue(compiled.read_bytes())
    except FileNotFoundError:
        return _Catalogue(b"")  # English needs none


@cache
def _kept_catalogue(code: str) -> _Catalogue:
    return _catalogue(code)


def use_language(code: str) -> None:
    """Set the language of all texts to `code`, a key of `LANGUAGES`."""
    global _current, _language
    _language = code if code in LANGUAGES else "zh_CN"
    _current = _catalogue(_language)


def all_texts() -> Iterator[str]:
    """Yield every text in the catalogues, in each language."""
    for code in LANGUAGES:
        for source, shown in _catalogue(code).all():
            yield source
            yield shown


def language() -> str:
    """Return the code of the current language."""
    return _within.get() or _language


@contextlib.contextmanager
def in_language(code: str) -> Iterator[None]:
    """Translate into the language `code` within the block, on this thread."""
    token = _within.set(code)
    try:
        yield
    finally:
        _within.reset(token)


def in_chinese() -> contextlib.AbstractContextManager[None]:
    """Translate into Chinese within the block, on this thread: papers are Chinese whatever the screen speaks."""
    return in_language("zh_CN")


def _(message: str) -> str:
    """Translate an English source text."""
    if code := _within.get():
        return _kept_catalogue(code).find(message)
    if _current is None:
        use_language(_language)
    assert _current is not None
    return _current.find(message)


def numbered(n: int, one: str, many: str, **more: object) -> str:
    """Return the text for one or for several, translated, with `{n}` (thousands separated) and `more` filled in.

    Both texts are marked with `N_`. They are for 1 and for 2 or more: what there is none of is said in words.
    """
    return _(one if n == 1 else many).format(n=f"{n:,}", **more)


def N_(message: str) -> str:  # noqa: N802 - the customary gettext name
    """Mark a text for translation without translating it yet."""
    return message
