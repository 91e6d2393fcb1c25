"""A picture on its way into the store."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NewPhoto:
    """A picture to be stored: an upright JPEG stripped of metadata, and its size in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    caption: str = ""
