"""A disk that fails only for our own file code, by patched Python functions: for machines without a C compiler."""

import builtins
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fire.disk import Fault, Kind

_CALLS = {
    "fsync": Kind.SYNC,
    "replace": Kind.RENAME,
    "rename": Kind.RENAME,
    "unlink": Kind.REMOVE,
    "remove": Kind.REMOVE,
    "rmdir": Kind.REMOVE,
    "mkdir": Kind.MAKE,
    "link": Kind.LINK,
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class PythonDisk:
    """A substitute for `disk.Disk`; install it once in a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._target, self._fault, self._lasting = -1, Fault.BROKEN, False
        self._hits = 0
        self._kinds: list[Kind] = []
        self._asked_before: dict[tuple[Any, str], Any] = {}

    def install(self) -> None:
        """Patch the functions."""
        for name, kind in _CALLS.items():
            self._put(os, name, self._failing(getattr(os, name), kind))
        self._put(os, "open", self._opening(os.open))
        self._put(builtins, "open", self._opening_by_mode(builtins.open))

    def remove(self) -> None:
        """Restore the functions."""
        for (module, name), before in self._asked_before.items():
            setattr(module, name, before)

    def _put(self, module: Any, name: str, stand_in: Any) -> None:
        self._asked_before[module, name] = getattr(module, name)
        setattr(module, name, stand_in)

    def _failing(self, real: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if isinstance(args[0], int) or self._is_ours(args[0]):
                self._strike(kind, args[0])
            return real(*args, **named)

        return call

    def _opening(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, **named: Any) -> int:
            if self._is_ours(path):
                self._strike(Kind.OPEN if flags & _WRITING else Kind.READ_OPEN, path)
            return real(path, flags, *args, **named)

        return call

    def _opening_by_mode(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            if self._is_ours(path):
                self._strike(Kind.READ_OPEN if mode in ("r", "rb") else Kind.OPEN, path)
            return real(path, mode, *args, **named)

        return call

    def _is_ours(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._folder)

    def _strike(self, kind: Kind, path: Any) -> None:
        nth = len(self._kinds)
        self._kinds.append(kind)
        due = 0 <= self._target <= nth and (self._lasting or not self._hits)
        number, kinds = self._fault.value
        if due and kind in kinds and number > 0:
            self._hits += 1
            raise OSError(number, os.strerror(number), str(path))

    def count(self) -> None:
        """Start counting calls; none fails."""
        self._target, self._hits = -1, 0
        self._kinds.clear()

    def fail(self, nth: int, fault: Fault, lasting: bool) -> None:
        """Fail the call `nth` from now, or the next one after it that can; `lasting`: and all later ones that can."""
        self.count()
        self._target, self._fault, self._lasting = nth, fault, lasting

    def mend(self) -> int:
        """Stop failing, and return how many calls failed."""
        self._target = -1
        return self._hits

    def counted(self) -> list[Kind]:
        """Stop counting, and return the effect of each call."""
        return list(self._kinds)
