"""A picture on its way into the store."""

from dataclasses import dataclass, field
from datetime import datetime

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_


class PhotoKind(Code):
    """From how near a photo shows something; a scan is no photo of the place but the signed paper."""

    FAR = "far", N_("Far view")
    MIDDLE = "middle", N_("Middle view")
    NEAR = "near", N_("Near view")
    SCAN = "scan", N_("Signed sheet")


DISTANCES = (PhotoKind.FAR, PhotoKind.MIDDLE, PhotoKind.NEAR)
"""The kinds of photos of a place, in the order in which they are shown."""


@dataclass(frozen=True)
class NewPhoto:
    """A picture to be stored: an upright JPEG stripped of metadata, and its size in pixels.

    `item` is what of its record it shows, '' for the whole; `kind` a value of `PhotoKind` or ''. `number` is that of
    the camera; `taken_at` when the camera says it was taken, None if it does not. `source` is the SHA-256 of the file
    it was made of, in hexadecimal digits, '' if unknown.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    caption: str = ""
    item: str = ""
    kind: str = ""
    number: str = ""
    taken_at: datetime | None = None
    source: str = ""
