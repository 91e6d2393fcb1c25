"""The colours of Windows while a contrast theme is on."""

import contextlib
import sys
from typing import Any, NamedTuple

_GET_HIGH_CONTRAST, _IS_ON = 0x0042, 0x0001
_WINDOW, _WINDOW_TEXT, _GRAY_TEXT = 5, 8, 17


class SystemColours(NamedTuple):
    """Ground, text and disabled text as `#rrggbb`."""

    paper: str
    ink: str
    disabled: str


def from_colorref(value: int) -> str:
    """Return a colour of Windows, 0x00bbggrr, as `#rrggbb`."""
    return f"#{value & 0xFF:02x}{value >> 8 & 0xFF:02x}{value >> 16 & 0xFF:02x}"


def read() -> SystemColours | None:
    """Return the colours of the contrast theme that is on; None without one, and on other systems."""
    if sys.platform == "win32":
        with contextlib.suppress(AttributeError, OSError):
            return _read_on_windows()
    return None


def _read_on_windows() -> SystemColours | None:
    import ctypes

    windows: Any = getattr(ctypes, "windll", None)

    class HighContrast(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_uint32),
            ("flags", ctypes.c_uint32),
            ("scheme", ctypes.c_wchar_p),
        )

    found = HighContrast(ctypes.sizeof(HighContrast), 0, None)
    user = windows.user32
    is_known = user.SystemParametersInfoW(_GET_HIGH_CONTRAST, found.size, ctypes.byref(found), 0)
    if not is_known or not found.flags & _IS_ON:
        return None
    user.GetSysColor.restype = ctypes.c_uint32
    return SystemColours(
        *(from_colorref(user.GetSysColor(each)) for each in (_WINDOW, _WINDOW_TEXT, _GRAY_TEXT))
    )
