"""A disk that fails on command: `faulty_disk.c`, compiled on demand and loaded into a program by LD_PRELOAD."""

import ctypes
import enum
import errno
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("faulty_disk.c")
FOLDER = "FAULTY_FOLDER"


class Kind(enum.IntEnum):
    """The effect of a call on the disk; the numbers are those of the C source."""

    READ_OPEN = 0
    OPEN = 1
    WRITE = 2
    SYNC = 3
    CUT = 4
    RENAME = 5
    REMOVE = 6
    MAKE = 7
    LINK = 8


_NAMES = frozenset({Kind.RENAME, Kind.REMOVE, Kind.MAKE, Kind.LINK})
_WRITING = frozenset({Kind.OPEN, Kind.WRITE, Kind.CUT}) | _NAMES


class Fault(enum.Enum):
    """How a disk fails: error number (negative: a partial write) and the calls that can fail so."""

    FULL = (errno.ENOSPC, frozenset({Kind.OPEN, Kind.WRITE, Kind.SYNC, Kind.RENAME, Kind.MAKE, Kind.LINK}))
    BROKEN = (errno.EIO, frozenset(Kind))
    READ_ONLY = (errno.EROFS, _WRITING)
    HELD = (errno.EACCES, frozenset({Kind.READ_OPEN, Kind.OPEN}) | _NAMES)
    SHORT = (-1, frozenset({Kind.WRITE}))

    @property
    def mask(self) -> int:
        """The kinds of calls that fail so, as bits."""
        return sum(1 << kind for kind in self.value[1])


def missing() -> str:
    """Return what this machine lacks for a faulty disk; empty when nothing."""
    if os.name != "posix" or not Path("/proc/self").is_dir():
        return "a faulty disk needs Linux (LD_PRELOAD)"
    return "" if shutil.which("cc") else "a faulty disk needs a C compiler named cc"


def build(folder: Path) -> Path:
    """Compile the disk into `folder` and return the library."""
    library = folder / "faulty_disk.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return library


def environment(library: Path, folder: Path) -> dict[str, str]:
    """Return the environment of a program under which the disk that holds `folder` can fail."""
    return {**os.environ, "LD_PRELOAD": str(library), FOLDER: str(folder)}


@dataclass
class Disk:
    """The faulty disk under this process."""

    def __post_init__(self) -> None:
        here = ctypes.CDLL(None)
        self._arm, self._disarm, self._hits, self._kind = (
            getattr(here, f"faulty_{name}") for name in ("arm", "disarm", "hits", "kind")
        )
        self._arm.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int]
        self._disarm.restype = self._hits.restype = ctypes.c_long
        self._kind.argtypes = [ctypes.c_long]

    def count(self) -> None:
        """Start counting calls; none fails."""
        self._arm(-1, 0, 0, 0)

    def fail(self, nth: int, fault: Fault, lasting: bool) -> None:
        """Fail the call `nth` from now, or the next one after it that can; `lasting`: and all later ones that can."""
        self._arm(nth, fault.value[0], int(lasting), fault.mask)

    def mend(self) -> int:
        """Stop failing, and return how many calls failed."""
        self._disarm()
        return int(self._hits())

    def counted(self) -> list[Kind]:
        """Stop counting, and return the effect of each call."""
        return [Kind(self._kind(nth)) for nth in range(self._disarm())]
