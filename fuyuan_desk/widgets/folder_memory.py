"""The folder that was last used for each purpose of a file dialog, on this PC."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Purpose(StrEnum):
    """What a file is chosen for."""

    BACKUP = "backup"
    ROSTER = "roster"
    EXPORT = "export"
    PDF = "pdf"
    PHOTO = "photo"
    REPORT = "report"


class FolderMemory(QObject):
    """A child of the window whose dialogs it serves; `changed` carries all folders by purpose."""

    changed = Signal(dict)

    def __init__(self, window: QObject, folders: Mapping[str, object]) -> None:
        super().__init__(window)
        self._folders = {name: folder for name, folder in folders.items() if isinstance(folder, str)}

    def folder(self, purpose: Purpose) -> str:
        """Return the last folder, '' if there is none."""
        return self._folders.get(purpose, "")

    def remember(self, purpose: Purpose, folder: str) -> None:
        """Remember the folder in which a file was chosen."""
        if self._folders.get(purpose) != folder:
            self._folders[purpose.value] = folder
            self.changed.emit(dict(self._folders))
