"""Keeping a window out of pictures of the screen, recordings and remote views, which only Windows can do."""

import contextlib
import sys
from collections.abc import Callable

_NONE, _MONITOR, _EXCLUDE = 0x00, 0x01, 0x11
_FIRST_TO_EXCLUDE = 19041
"""The build of Windows 10 2004. Before it the window is a black area in a picture, instead of not being in it."""

SetAffinity = Callable[[int, int], bool]
"""set_affinity(window, affinity) returns whether Windows accepted it."""


def affinity(is_barred: bool, build: int) -> int:
    """Return the display affinity for a build of Windows."""
    if not is_barred:
        return _NONE
    return _EXCLUDE if build >= _FIRST_TO_EXCLUDE else _MONITOR


def is_supported(platform: str = sys.platform) -> bool:
    """Return whether the system can keep a window out of pictures."""
    return platform == "win32"


def windows_build() -> int:
    """Return the build of Windows; 0 elsewhere."""
    if sys.platform == "win32":
        return sys.getwindowsversion().build
    return 0


def set_affinity(window: int, value: int) -> bool:
    """Set the display affinity of a window of this process; return whether the system accepted it."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            set_ = ctypes.windll.user32.SetWindowDisplayAffinity
            set_.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
            return bool(set_(window, value))
    return False


def bar_window(
    window: int, is_barred: bool, set_: SetAffinity = set_affinity, build: int | None = None
) -> bool:
    """Keep a window out of pictures, or let it into them again; return whether the system does so."""
    build = windows_build() if build is None else build
    wanted = affinity(is_barred, build)
    return set_(window, wanted) or (wanted == _EXCLUDE and set_(window, _MONITOR))
