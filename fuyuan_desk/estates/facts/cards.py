"""What other jobs add to the card of a household: their latest lines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CardWords:
    """The words of a part of a card: its title, what is said without a line, its two links and what a line opens."""

    title: str
    nothing: str
    all: str
    add: str
    open: str


@dataclass(frozen=True)
class CardLine:
    """A record of another job by id: its day as shown, what it is, masked, and what of it is still to be done."""

    id: int
    day: str
    text: str
    due: str = ""
    is_overdue: bool = False
