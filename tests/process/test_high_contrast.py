import sys

import pytest

from fuyuan_desk.process.high_contrast import from_colorref, read


@pytest.mark.parametrize(
    ("value", "colour"), [(0x000000, "#000000"), (0xFFFFFF, "#ffffff"), (0x0000FF, "#ff0000"), (0x3FF23F, "#3ff23f"),
                          (0xFF8000, "#0080ff")]
)  # fmt: skip
def test_windows_puts_blue_first(value: int, colour: str) -> None:
    assert from_colorref(value) == colour


@pytest.mark.skipif(sys.platform == "win32", reason="there it depends on the theme")
def test_elsewhere_there_is_no_contrast_theme() -> None:
    assert read() is None
