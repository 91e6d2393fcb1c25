"""Disabling of core dumps, which would write the program's memory to a file."""

import contextlib
import ctypes
import sys
from typing import Any

# Windows: no dump and no error box on a crash; no heap in a report that is written anyway
_FAIL_CRITICAL_ERRORS, _NO_FAULT_BOX = 0x0001, 0x0002
_REPORT_NO_HEAP = 0x0001


def disable_core_dumps() -> None:
    """Prevent the system from writing this process's memory to disk on a crash, where it supports that."""
    if sys.platform == "win32":
        _disable_on_windows()
        return
    import resource

    # one byte, not 0: no file of that size is written, and with a limit of 0 Linux would still pipe the dump
    # to a collecting program
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def _disable_on_windows() -> None:
    windows: Any = getattr(ctypes, "windll", None)
    with contextlib.suppress(AttributeError, OSError):
        kernel = windows.kernel32
        kernel.SetErrorMode(kernel.GetErrorMode() | _FAIL_CRITICAL_ERRORS | _NO_FAULT_BOX)
        windows.wer.WerSetFlags(_REPORT_NO_HEAP)
