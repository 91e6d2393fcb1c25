"""Copying large files: read back and hashed right behind the writing."""

import contextlib
import hashlib
import io
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import in_words, keep_names
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup.manifest import Entry

_PIECE = 1 << 20
_JUNCTION = 0xA0000003  # Windows' way of a folder to be another one
Step = Callable[[int], None]
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Tally:
    """Adds up the bytes of pieces and tells them in megabytes; stops the work when that was asked for."""

    def __init__(self, progress: Progress, total: int, what: str) -> None:
        self._progress, self._what = progress, what
        self._done, self._total = 0, max(total, 1)

    def __call__(self, size: int) -> None:
        """Add a piece of `size` bytes."""
        self._done += size
        self._progress.step(_megabytes(min(self._done, self._total)), _megabytes(self._total), self._what)


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _ignore(_size: int) -> None:
    pass


class Written:
    """How much of a copy stands there while it is being written, for whoever reads it back right behind."""

    def __init__(self) -> None:
        self._size, self._ended = 0, False
        self._grown = threading.Condition()

    def add(self, size: int) -> None:
        """Tell that `size` further bytes stand there."""
        with self._grown:
            self._size += size
            self._grown.notify_all()

    def end(self) -> None:
        """Tell that no more bytes will come."""
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def beyond(self, done: int) -> int:
        """Wait for bytes after the first `done` and give how many there are; 0 at the end."""
        with self._grown:
            self._grown.wait_for(lambda: self._size > done or self._ended)
            return self._size - done


def _read_behind(file: io.FileIO, buffer: bytearray, done: int, written: Written | None) -> int:
    ahead = 0 if written is None else written.beyond(done)
    return file.readinto(memoryview(buffer)[:ahead] if ahead else buffer)


def _write_all(handle: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(handle, piece) :]


def _pass_over(_written: Written) -> None:
    pass


def copy(
    source: Path, target: Path, step: Step = _ignore, check: Callable[[Written], object] = _pass_over
) -> None:
    """Copy `source` to the new file `target`, durably.

    `step` hears of the bytes of each piece and may raise to stop; `check` looks the copy over in another thread, right
    behind the writing and while the disk makes it durable. Whatever fails, no half file stays. Raises `Unusable` when
    a disk refuses.
    """
    made = False
    try:
        with contextlib.ExitStack() as stack:
            handle = os.open(target, _NEW, 0o600)
            made = True
            stack.callback(os.close, handle)
            written = Written()
            checked = stack.enter_context(ThreadPoolExecutor(1, "read-back")).submit(check, written)
            stack.callback(written.end)  # before the thread is waited for, whatever fails
            buffer = bytearray(_PIECE)
            with open(source, "rb", buffering=0) as file:
                while read := file.readinto(buffer):
                    _write_all(handle, memoryview(buffer)[:read])
                    written.add(read)
                    step(read)
            written.end()
            os.fsync(handle)
            checked.result()
    except BaseException as problem:
        if made:
            with contextlib.suppress(OSError):
                target.unlink()
        if isinstance(problem, OSError):
            raise in_words(problem, _blamed(problem, source, target)) from problem
        raise


def compared(
    source: Path, target: Path, from_disk: bool = False, written: Written | None = None
) -> Entry | None:
    """Read a copy back beside its original and give its size and hash, None when one byte differs.

    `written`: the copy is still being written. `from_disk`: past the system's memory, where the system can do so.
    Raises `Unusable` when a disk refuses.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with open(source, "rb", buffering=0) as original, open(target, "rb", buffering=0) as copied:
            if from_disk:
                _forget_read(copied.fileno())
            ours, theirs = bytearray(_PIECE), bytearray(_PIECE)
            while read := _read_behind(copied, theirs, size, written):
                # of the original as many bytes; what a shorter piece leaves in both is the same
                if original.readinto(memoryview(ours)[:read]) != read or ours != theirs:
                    return None
                digest.update(memoryview(theirs)[:read])
                size += read
            if original.read(1):
                return None
    except OSError as problem:
        raise in_words(problem, _blamed(problem, source, target)) from problem
    return Entry(size, digest.hexdigest())


def _forget_read(handle: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _blamed(problem: OSError, source: Path, target: Path) -> Path:
    return source if problem.filename == str(source) else target


def entry(path: Path, step: Step = _ignore, written: Written | None = None) -> Entry:
    """Read a file, which may still be being `written`, and give its size and hash.

    Raises `Unusable` when the disk refuses.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb", buffering=0) as file:
            buffer = bytearray(_PIECE)
            while read := _read_behind(file, buffer, size, written):
                digest.update(memoryview(buffer)[:read])
                size += read
                step(read)
    except OSError as problem:
        raise in_words(problem, path) from problem
    return Entry(size, digest.hexdigest())


def write_new(path: Path, content: bytes) -> Entry:
    """Write the new file `path`, durably; raises `Unusable` when the disk refuses."""
    try:
        handle = os.open(path, _NEW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise in_words(problem, path) from problem
    return Entry(len(content), hashlib.sha256(content).hexdigest())


def own_folder(path: Path) -> None:
    """Make the folder `path` when it is not there; refuse what is no folder but only points to one."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        told = path.lstat()
    except OSError as problem:
        raise in_words(problem, path) from problem
    if not stat.S_ISDIR(told.st_mode) or getattr(told, "st_reparse_tag", None) == _JUNCTION:
        raise Unusable(
            _("{path} only points to another folder. Remove it, then try again.").format(path=path)
        )


def is_plain(path: Path, size: int) -> bool:
    """Whether `path` is a file of its own, of this many bytes."""
    try:
        told = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(told.st_mode) and told.st_size == size


def settle(folder: Path) -> None:
    """Make the names in `folder` and the folder's own name outlast a power cut."""
    keep_names(folder)
    keep_names(folder.parent)
