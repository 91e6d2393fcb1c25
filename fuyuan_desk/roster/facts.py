"""Results of the roster's services that its pages show."""

from collections.abc import Mapping
from dataclasses import dataclass

from fuyuan_desk.estates.facts import KeptPlace


@dataclass(frozen=True)
class Undoing:
    """What undoing an import removes and keeps.

    `removed` and `kept` count records by the name of their table; `places` are what stays for its own sake, not
    merely because something is in it.
    """

    import_id: int
    file_name: str
    removed: Mapping[str, int]
    kept: Mapping[str, int]
    places: tuple[KeptPlace, ...]
