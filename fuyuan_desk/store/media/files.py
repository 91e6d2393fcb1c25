"""The office's photos: encrypted files beside the database, each named by its content.

A photo lies at `<first two characters>/<name>.bin`, its thumbnail beside it as `.thumb`. The name is an HMAC-SHA-256
of the stored JPEG under a key derived from the store's, so that without the key nobody can see from the name whether
a certain photo is stored here. Content: the magic `FYM1`, a nonce of 12 bytes, then AES-256-GCM with the name as
associated data, so that files cannot be exchanged for one another.

When the office gets another key, each photo keeps its name: it is first written again beside the present file as
`.next`, which replaces that file once the database has the other key.
"""

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, write_atomically
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import Picture

_MAGIC = b"FYM1"
_NONCE = 12
PHOTO, THUMBNAIL, NEXT = ".bin", ".thumb", ".next"
NAME_DIGITS = 2 * hashlib.sha256().digest_size
_NAME = re.compile(rf"[0-9a-f]{{{NAME_DIGITS}}}")


@dataclass(frozen=True)
class StoredImage:
    """A photo in the store: its name (64 hexadecimal digits), size in pixels, and bytes before encryption."""

    sha: str
    width: int
    height: int
    size: int


class _Altered(Exception):
    """The file exists but was not written by this store, or was changed since."""


class Media:
    """The photos below one folder, encrypted with one key; the folder is created with the first photo."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._take(key)
        # held while photos and cipher are exchanged: whoever writes, or finds a photo altered, waits
        self._exchange = threading.RLock()
        # photos to be removed, or added by an action that failed: checked again when the office is closed
        self.unwanted: set[str] = set()

    def _take(self, key: bytes) -> None:
        self._cipher = _cipher(key)
        self._naming = _derived(key, b"fuyuan media name")

    def add(self, picture: Picture) -> StoredImage:
        """Store a prepared picture and return its name and size; identical pictures are stored once.

        Raises `Unusable` when the disk refuses.
        """
        name = hmac.new(self._naming, picture.jpeg, hashlib.sha256).hexdigest()
        if not self._has(name):
            self._write(name, PHOTO, picture.jpeg)
        return StoredImage(name, picture.width, picture.height, len(picture.jpeg))

    def read(self, sha: str) -> bytes:
        """Return the JPEG of a photo; raise `Unusable` when it is missing or was altered."""
        try:
            return self._read(sha, PHOTO)
        except FileNotFoundError as problem:
            raise Unusable(
                _("The photo {name} is missing. Restore the folder “media” from a backup.").format(
                    name=_short(sha)
                )
            ) from problem
        except OSError as problem:
            raise as_unusable(problem, self._path(sha, PHOTO)) from problem
        except _Altered as problem:
            raise Unusable(
                _("The photo {name} was altered or damaged. Restore it from a backup.").format(
                    name=_short(sha)
                )
            ) from problem

    def thumbnail(self, sha: str) -> bytes:
        """Return a JPEG of at most 256 pixels a side, created and stored on first use."""
        try:
            return self._read(sha, THUMBNAIL)
        except (OSError, _Altered):  # not created yet, or damaged
            small = images.thumbnail(self.read(sha))
        with suppress(Unusable):  # it can be shown even if the disk is full or read-only
            self._write(sha, THUMBNAIL, small)
        return small

    def discard(self, sha: str) -> None:
        """Remove a photo that no record refers to any more; a missing one is no error.

        What the disk refuses to remove stays in `unwanted`.
        """
        self.unwanted.add(sha)
        for kind in (THUMBNAIL, NEXT, PHOTO):
            path = self._path(sha, kind)
            try:
                files.remove(path)
            except OSError as problem:
                raise as_unusable(problem, path) from problem
        self.unwanted.discard(sha)

    def verify(self, expected: Iterable[str], progress: Progress | None = None) -> list[str]:
        """Compare the files with the names that records refer to and report faults as sentences.

        Reads every expected photo in full. Reports photos that are missing, altered or unreadable. Thumbnails are not
        checked, as they are recreated when needed.
        """
        progress = progress or Progress()
        names = sorted(set(expected))
        problems = []
        for done, name in enumerate(names):
            progress.step(done, len(names), _("Photos"))
            try:
                self.read(name)
            except Unusable as problem:
                problems.append(problem.message)
        progress.step(len(names), len(names), _("Photos"))
        return problems

    def orphans(self, expected: Iterable[str]) -> list[str]:
        """Report as sentences the files that belong to no record: not a fault, as an interrupted save leaves them."""
        return [
            _("The file {path} in the folder “media” belongs to no record.").format(
                path=path.relative_to(self._folder).as_posix()
            )
            for path in self._orphans(set(expected))
        ]

    def _orphans(self, names: set[str]) -> Iterator[Path]:
        for path in sorted(self._folder.rglob("*")):
            belongs = path.stem in names and path.suffix in (PHOTO, THUMBNAIL)
            if path.is_file() and not belongs:
                yield path

    def _has(self, name: str) -> bool:
        try:
            self._read(name, PHOTO)
        except (OSError, _Altered):
            return False
        return True

    def _path(self, name: str, kind: str) -> Path:
        return self._folder / name[:2] / (name + kind)

    def _write(self, name: str, kind: str, content: bytes) -> None:
        path = self._path(name, kind)
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise as_unusable(problem, path.parent) from problem
        with self._exchange:
            write_atomically(path, _sealed(self._cipher, content, _bound(name, kind)))

    def _read(self, name: str, kind: str) -> bytes:
        if not _NAME.fullmatch(name):  # a name from outside must not be a path
            raise FileNotFoundError(name)
        path, cipher = self._path(name, kind), self._cipher
        try:
            return _unsealed(cipher, path.read_bytes(), _bound(name, kind))
        except _Altered:
            with self._exchange:  # the photo, or the cipher, may just have been exchanged
                return _unsealed(self._cipher, path.read_bytes(), _bound(name, kind))

    # --- another key

    def write_next(self, key: bytes, progress: Progress, written: set[str]) -> int:
        """Write every photo again beside the present one, encrypted with another key, but those `written` before.

        Adds the names of those it writes, and returns how many cannot be read and are left as they are. The present
        files stay valid until `exchange`. Raises `Unusable` when the disk refuses, `Cancelled`.
        """
        cipher, unreadable = _cipher(key), 0
        photos = sorted(self._folder.glob(f"??/*{PHOTO}"))
        for done, path in enumerate(photos):
            progress.step(done, len(photos), _("Photos"))
            if not _NAME.fullmatch(path.stem) or path.stem in written:
                continue
            try:
                content = self._read(path.stem, PHOTO)
            except (FileNotFoundError, _Altered):
                unreadable += 1
                continue
            except OSError as problem:
                raise as_unusable(problem, path) from problem
            # over what an earlier attempt may have left, encrypted with a key that nobody has any more
            write_atomically(path.with_suffix(NEXT), _sealed(cipher, content, _bound(path.stem, PHOTO)))
            written.add(path.stem)
        return unreadable

    @contextmanager
    def exchange(self, key: bytes) -> Iterator[None]:
        """Hold back whoever reads or writes photos while the block makes `key` that of the office.

        At its end, unless it raises, the photos that `write_next` wrote replace the present ones. A disk error then is
        no failure: `settle_next` does at the next opening what could not be done here.
        """
        with self._exchange:
            yield
            self._take(key)
            with suppress(OSError):
                settle_next(self._folder, key)


def settle_next(folder: Path, key: bytes) -> int:
    """Let photos that were written again replace the present ones if they open with `key`, else remove them.

    Returns how many there were. Raises `OSError` when the disk refuses; it can then be repeated.
    """
    cipher, found = _cipher(key), [path for path in folder.glob(f"??/*{NEXT}") if _NAME.fullmatch(path.stem)]
    for path in found:
        try:
            _unsealed(cipher, path.read_bytes(), _bound(path.stem, PHOTO))
        except _Altered:
            files.remove(path)
            continue
        files.remove(path.with_suffix(THUMBNAIL))  # created again when it is needed
        files.replace(path, path.with_suffix(PHOTO))
    return len(found)


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derived(key, b"fuyuan media file"))


def _sealed(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _MAGIC + nonce + cipher.encrypt(nonce, content, bound)


def _unsealed(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    start = len(_MAGIC)
    if content[:start] != _MAGIC or len(content) < start + _NONCE:
        raise _Altered
    try:
        return cipher.decrypt(content[start : start + _NONCE], content[start + _NONCE :], bound)
    except InvalidTag as problem:
        raise _Altered from problem


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, purpose, hashlib.sha256).digest()


def _bound(name: str, kind: str) -> bytes:
    return (name + kind).encode("ascii")


def _short(sha: str) -> str:
    return sha[:12]
