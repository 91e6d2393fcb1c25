"""File dialogs that begin in the folder last used for their purpose; each returns nothing when it is cancelled."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from fuyuan_desk.widgets.folder_memory import FolderMemory, Purpose


def choose_file(parent: QWidget, purpose: Purpose, title: str, kinds: str) -> Path | None:
    """Ask for a file to open."""
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, _last(parent, purpose), kinds)
    return _taken(parent, purpose, Path(chosen).parent, Path(chosen)) if chosen else None


def choose_files(parent: QWidget, purpose: Purpose, title: str, kinds: str) -> list[Path]:
    """Ask for files to open."""
    chosen, _kind = QFileDialog.getOpenFileNames(parent, title, _last(parent, purpose), kinds)
    files = [Path(name) for name in chosen]
    if files:
        _taken(parent, purpose, files[0].parent, files[0])
    return files


def choose_target(parent: QWidget, purpose: Purpose, title: str, name: str, kinds: str) -> Path | None:
    """Ask for a file to save, proposing `name`."""
    proposed = str(Path(_last(parent, purpose)) / name)
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, proposed, kinds)
    return _taken(parent, purpose, Path(chosen).parent, Path(chosen)) if chosen else None


def choose_folder(parent: QWidget, purpose: Purpose, title: str) -> Path | None:
    """Ask for a folder."""
    chosen = QFileDialog.getExistingDirectory(parent, title, _last(parent, purpose))
    return _taken(parent, purpose, Path(chosen), Path(chosen)) if chosen else None


def _taken(parent: QWidget, purpose: Purpose, folder: Path, chosen: Path) -> Path:
    memory = _memory(parent)
    if memory is not None:
        memory.remember(purpose, str(folder.absolute()))
    return chosen


def _last(parent: QWidget, purpose: Purpose) -> str:
    """Return the folder last used for this purpose, else the first of the usual ones that is there.

    Without a folder, or with one that is gone, Qt would open the one of the last dialog, whatever that was for.
    """
    memory = _memory(parent)
    last = "" if memory is None else memory.folder(purpose)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return next(
        (folder for folder in (last, documents) if folder and os.path.isdir(folder)), str(Path.home())
    )


def _memory(parent: QWidget) -> FolderMemory | None:
    """Return the memory of the window above; a widget on its own has none."""
    above: QObject | None = parent
    while above is not None:
        found = above.findChild(FolderMemory, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if isinstance(found, FolderMemory):
            return found
        above = above.parent()
    return None
