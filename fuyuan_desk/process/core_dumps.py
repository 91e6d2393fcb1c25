"""What keeps the memory of the program out of files that the system writes of it."""

import contextlib
import ctypes
import sys
from typing import Any

# Windows: no dump at a fall, no box that offers one; and no heap in what is written all the same
_FAIL_CRITICAL_ERRORS, _NO_FAULT_BOX = 0x0001, 0x0002
_REPORT_NO_HEAP = 0x0001


def disable_core_dumps() -> None:
    """Have the system write no picture of this process's memory when it falls; where it cannot, nothing happens."""
    if sys.platform == "win32":
        _leave_no_dump_on_windows()
        return
    import resource

    # one byte and not none: no file of that size is written, and Linux hands none to a collecting program either,
    # which it would do for a limit of 0
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def _leave_no_dump_on_windows() -> None:
    windows: Any = getattr(ctypes, "windll", None)
    with contextlib.suppress(AttributeError, OSError):
        kernel = windows.kernel32
        kernel.SetErrorMode(kernel.GetErrorMode() | _FAIL_CRITICAL_ERRORS | _NO_FAULT_BOX)
        windows.wer.WerSetFlags(_REPORT_NO_HEAP)
