"""The licences of everything in the package, as one text."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from windows.stage import ROOT, Wheel, is_kept

_TEXTS = Path(__file__).with_name("licences")
_LINE = "=" * 78
_IS_LICENCE = re.compile(r"(?:^|/)(?:licen[cs]e|copying|authors|notice)[^/]*$|^licenses/", re.IGNORECASE)
# those that the wheels bring no text of
_COMMON = {
    "pyside6_essentials": ("LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("LGPL-3.0",),
    "python_stdnum": ("LGPL-2.1",),
}
_HEAD = """\
福元台 Fuyuan Desk – 许可 · Licences

福元台按 Apache License 2.0 发布，并包含下列组成部分；各部分的许可全文如下。
Qt 与 Qt for Python（PySide6、shiboken6）按 LGPL 3.0 使用，以动态库形式原样随附，
可由使用者替换（program\\lib\\PySide6）。

Fuyuan Desk is under the Apache License 2.0 and contains the parts below, each with its licence in full. Qt and Qt for
Python are used under the LGPL 3.0 as unchanged dynamic libraries, which you may replace; their source is published by
The Qt Company as version 6.9.3, as qt-everywhere-src and pyside-setup-everywhere-src.
"""


def licences(wheels: Iterable[Wheel], python: Path) -> bytes:
    """Return the text, as UTF-8 with a byte order mark and the line ends of Windows."""
    parts = [("福元台 Fuyuan Desk", [(ROOT / "LICENSE").read_text(encoding="utf-8")])]
    with zipfile.ZipFile(python) as archive:
        parts.append(("Python 3.11.9", [archive.read("LICENSE.txt").decode()]))
    fonts = (ROOT / "resources" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    parts.append(("Fuyuan Sans, Fuyuan Serif (Noto Sans CJK SC, Noto Serif CJK SC)", [fonts]))
    parts.append(
        ("MinGW-w64 runtime, in the launchers", [(_TEXTS / "mingw-w64.txt").read_text(encoding="utf-8")])
    )
    for wheel in wheels:
        if any(is_kept(path) for path in wheel.files):
            parts.append((f"{wheel.name} {wheel.version}", list(_texts_of(wheel))))
    for file in sorted(
        (_TEXTS / "inside").glob("*.txt")
    ):  # of what is built into others, which name it nowhere
        name, _, text = file.read_text(encoding="utf-8").partition("\n")
        parts.append((name, [text.strip("\n")]))
    text = _HEAD + "".join(f"\n{_LINE}\n{name}\n{_LINE}\n\n" + "\n\n".join(texts) for name, texts in parts)
    return ("\ufeff" + text.replace("\r\n", "\n").rstrip("\n") + "\n").replace("\n", "\r\n").encode()


def _texts_of(wheel: Wheel) -> Iterator[str]:
    found = {path: content for path, content in sorted(wheel.metadata.items()) if _IS_LICENCE.search(path)}
    found |= {path: content for path, content in sorted(wheel.files.items()) if _IS_LICENCE.search(path)}
    found = {
        path: content for path, content in found.items() if "Commercial" not in path
    }  # Qt's other choice
    stated = [
        line
        for line in wheel.metadata["METADATA"].decode(errors="replace").split("\n\n")[0].splitlines()
        if line.startswith(("License:", "License-Expression:", "Classifier: License"))
    ]
    common = [(_TEXTS / f"{name}.txt").read_text(encoding="utf-8") for name in _COMMON.get(wheel.name, ())]
    if not found and not common:
        raise SystemExit(f"{wheel.name} brings no licence text; add it to packaging/windows/licences.")
    yield "\n".join(stated)
    yield from (content.decode("utf-8", errors="replace").strip("\n") for content in found.values())
    yield from common
