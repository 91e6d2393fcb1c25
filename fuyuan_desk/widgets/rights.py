"""The operations a screen offers to the operator; services check again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rights:
    """What the operator may do: change records, log visits, see personal data and export lists."""

    write: bool = True
    visit: bool = True
    reveal: bool = True
