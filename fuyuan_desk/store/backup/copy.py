"""Copy large files; the copy is read back and hashed while it is being written."""

import contextlib
import hashlib
import io
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup.manifest import Entry

_CHUNK = 1 << 20
_JUNCTION = 0xA0000003  # the reparse tag of Windows junctions
Step = Callable[[int], None]
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Tally:
    """Adds up the bytes of chunks and reports progress in megabytes; raises `Cancelled` on request."""

    def __init__(self, progress: Progress, total: int, what: str) -> None:
        self._progress, self._what = progress, what
        self._done, self._total = 0, max(total, 1)

    def __call__(self, size: int) -> None:
        """Add a chunk of `size` bytes."""
        self._done += size
        self._progress.step(_megabytes(min(self._done, self._total)), _megabytes(self._total), self._what)


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _ignore(_size: int) -> None:
    pass


class Written:
    """The number of bytes of a copy written so far, for the thread that reads it back meanwhile."""

    def __init__(self) -> None:
        self._size, self._ended = 0, False
        self._changed = threading.Condition()

    def add(self, size: int) -> None:
        """Report that `size` more bytes were written."""
        with self._changed:
            self._size += size
            self._changed.notify_all()

    def end(self) -> None:
        """Report that no more bytes will follow."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def beyond(self, done: int) -> int:
        """Wait for bytes after the first `done` and return how many there are; 0 at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._size > done or self._ended)
            return self._size - done


def _read_behind(file: io.FileIO, buffer: bytearray, done: int, written: Written | None) -> int:
    available = 0 if written is None else written.beyond(done)
    return file.readinto(memoryview(buffer)[:available] if available else buffer)


def _write_all(handle: int, chunk: memoryview) -> None:
    while chunk:
        chunk = chunk[os.write(handle, chunk) :]


def _no_check(_written: Written) -> None:
    pass


def copy(
    source: Path, target: Path, step: Step = _ignore, check: Callable[[Written], object] = _no_check
) -> None:
    """Copy `source` to the new file `target`, durably.

    `step` is called with the bytes of each chunk and may raise to stop; `check` verifies the copy in another thread
    while it is written and synced to disk. On any failure the partial file is removed. Raises `Unusable` when a disk
    refuses.
    """
    created = False
    try:
        with contextlib.ExitStack() as stack:
            handle = os.open(target, _NEW, 0o600)
            created = True
            stack.callback(os.close, handle)
            written = Written()
            checked = stack.enter_context(ThreadPoolExecutor(1, "read-back")).submit(check, written)
            stack.callback(written.end)  # runs before the thread is joined, whatever fails
            buffer = bytearray(_CHUNK)
            with open(source, "rb", buffering=0) as file:
                while read := file.readinto(buffer):
                    _write_all(handle, memoryview(buffer)[:read])
                    written.add(read)
                    step(read)
            written.end()
            os.fsync(handle)
            checked.result()
    except BaseException as problem:
        if created:
            with contextlib.suppress(OSError):
                files.remove(target)
        if isinstance(problem, OSError):
            raise as_unusable(problem, _failed_path(problem, source, target)) from problem
        raise


def compared(
    source: Path, target: Path, from_disk: bool = False, written: Written | None = None
) -> Entry | None:
    """Compare a copy with its original and return its size and hash, None when a byte differs.

    `written`: the copy is still being written. `from_disk`: bypass the page cache, where the system can do so. Raises
    `Unusable` when a disk refuses.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with open(source, "rb", buffering=0) as original, open(target, "rb", buffering=0) as copied:
            if from_disk:
                _drop_page_cache(copied.fileno())
            ours, theirs = bytearray(_CHUNK), bytearray(_CHUNK)
            while read := _read_behind(copied, theirs, size, written):
                # as many bytes of the original; the rest of both buffers is equal after a shorter chunk
                if original.readinto(memoryview(ours)[:read]) != read or ours != theirs:
                    return None
                digest.update(memoryview(theirs)[:read])
                size += read
            if original.read(1):
                return None
    except OSError as problem:
        raise as_unusable(problem, _failed_path(problem, source, target)) from problem
    return Entry(size, digest.hexdigest())


def _drop_page_cache(handle: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _failed_path(problem: OSError, source: Path, target: Path) -> Path:
    return source if problem.filename == str(source) else target


def entry(path: Path, step: Step = _ignore, written: Written | None = None) -> Entry:
    """Read a file, which may still be being `written`, and return its size and hash.

    Raises `Unusable` when the disk refuses.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb", buffering=0) as file:
            buffer = bytearray(_CHUNK)
            while read := _read_behind(file, buffer, size, written):
                digest.update(memoryview(buffer)[:read])
                size += read
                step(read)
    except OSError as problem:
        raise as_unusable(problem, path) from problem
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
        raise as_unusable(problem, path) from problem
    return Entry(len(content), hashlib.sha256(content).hexdigest())


def own_folder(path: Path) -> None:
    """Create the folder `path` when it is absent; refuse a link or junction to another folder."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        info = path.lstat()
    except OSError as problem:
        raise as_unusable(problem, path) from problem
    if not stat.S_ISDIR(info.st_mode) or getattr(info, "st_reparse_tag", None) == _JUNCTION:
        raise Unusable(
            _("{path} only points to another folder. Remove it, then try again.").format(path=path)
        )


def is_plain(path: Path, size: int) -> bool:
    """Return whether `path` is a regular file of this size, not a link."""
    try:
        info = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(info.st_mode) and info.st_size == size


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` and the folder's own name durable."""
    sync_directory(folder)
    sync_directory(folder.parent)
