"""Results of the services of files: what a screen or a paper shows, masked as its reader demands."""

from dataclasses import dataclass, field
from datetime import datetime

from fuyuan_desk.dossiers.rules import About, Level, Shown


@dataclass(frozen=True)
class FileView:
    """A file as shown on the screen, masked."""

    about: About
    subject: str
    shown: Shown = field(repr=False)


@dataclass(frozen=True)
class PagePicture:
    """A page that is printed at the end of a file: whose it is, which of how many, and its JPEG with size in pixels."""

    title: str
    number: int
    of: int
    jpeg: bytes = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True)
class FilePaper:
    """A file as printed for a receiver; `uid` is that of the home or the estate, `made` an instant."""

    about: About
    number: str
    subject: str
    uid: str
    office: str
    level: Level
    purpose: str
    receiver: str
    operator: str
    made: datetime
    shown: Shown = field(repr=False)
    pages: tuple[PagePicture, ...] = ()
