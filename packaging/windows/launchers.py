"""The two launchers, for the window and for the command line, with icon, version and manifest."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from windows.stage import version

WINDOW, COMMAND = "FuyuanDesk.exe", "fuyuan-desk.exe"
_HERE = Path(__file__).with_name("launcher")
_COMPILER = "x86_64-w64-mingw32-gcc"
_RESOURCES = "x86_64-w64-mingw32-windres"
_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # of 100 to 200 %, task bar and desktop
_FLAGS = ("-municode", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-static-libgcc", "-Wl,--no-insert-timestamp",
          "-Wl,--dynamicbase,--nxcompat,--high-entropy-va")  # fmt: skip


def numbers(text: str) -> str:
    """Return a version as Windows writes it, four numbers."""
    return ".".join([*text.split("."), "0", "0", "0"][:4])


def write_icon(path: Path) -> None:
    """Draw the icon of the program in every size into an `.ico`."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import io

    from PIL import Image
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(Path(__file__).with_name("app.svg")))
    pictures = []
    for size in _SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # the stub knows bytes only
        pictures.append(Image.open(io.BytesIO(content.data())))
    pictures[-1].save(
        path, format="ICO", sizes=[(size, size) for size in _SIZES], append_images=pictures[:-1]
    )
    del application


def build(folder: Path, icon: Path) -> None:
    """Compile both launchers into a folder."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copy(icon, work / "icon.ico")
        for file in ("launcher.c", "launcher.rc", "launcher.manifest"):
            shutil.copy(_HERE / file, work)
        for target, options in ((WINDOW, ("-mwindows", "-DWINDOW")), (COMMAND, ("-mconsole",))):
            defines = [
                f"-DVERSION_NUMBERS={numbers(version()).replace('.', ',')}",
                f'-DVERSION_TEXT=\\"{version()}\\"',
                f'-DORIGINAL_NAME=\\"{target}\\"',
            ]
            _run([_RESOURCES, *defines, "launcher.rc", "resources.o"], work)
            _run([_COMPILER, *_FLAGS, *options, "launcher.c", "resources.o", "-o", target], work)
            shutil.copy(work / target, folder / target)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)
