"""What a screen offers to whoever sits at the desk; services check again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rights:
    """What the operator may do: change records, log visits, see personal data and take lists out of the store."""

    write: bool = True
    visit: bool = True
    reveal: bool = True
