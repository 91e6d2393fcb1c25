"""A message box of the system itself, for what must be shown when Qt cannot be loaded."""

import contextlib
import ctypes
from typing import Any


def show_message(title: str, text: str) -> None:
    """Show a text and wait until it is read; on other systems than Windows do nothing."""
    windows: Any = getattr(ctypes, "windll", None)
    with contextlib.suppress(AttributeError, OSError):
        windows.user32.MessageBoxW(None, text, title, 0)
