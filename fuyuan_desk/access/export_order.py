"""What leaves the office as a list: ordered with purpose and receiver, and saying so itself (PIPL §6, §25, §51).

Every service named `…_for_export` takes an `ExportOrder`, and every workbook begins with the lines of a `Stamp`.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from fuyuan_desk.core.texts import N_, _

MOST_SIGNS = 100


class Holds(enum.StrEnum):
    """What a list that leaves holds of people."""

    NOBODY = "nobody"
    OFFICERS = "officers"
    MASKED = "masked"
    UNMASKED = "unmasked"


_HOLDS = {
    Holds.NOBODY: N_("none"),
    Holds.OFFICERS: N_("only names of people in office"),
    Holds.MASKED: N_("yes, masked"),
    Holds.UNMASKED: N_("yes, NOT masked"),
}


@dataclass(frozen=True)
class ExportOrder:
    """What a list is for and who gets it; `unmasked` takes a second person."""

    purpose: str = ""
    receiver: str = ""
    unmasked: bool = False

    def faults(self) -> dict[str, str]:
        """Say what is wrong, by field; empty when nothing is."""
        wrong = {}
        if not self.purpose.strip():
            wrong["purpose"] = _("Say what the list is for.")
        if not self.receiver.strip():
            wrong["receiver"] = _("Say who gets the list.")
        for name, text in (("purpose", self.purpose), ("receiver", self.receiver)):
            if len(text.strip()) > MOST_SIGNS:
                wrong[name] = _("This is longer than {n} signs. Shorten it.").format(n=MOST_SIGNS)
        return wrong


@dataclass(frozen=True)
class Stamp:
    """What a workbook says of itself in its first lines; `at` is an instant."""

    purpose: str
    receiver: str
    operator: str
    at: datetime
    holds: Holds

    def lines(self) -> tuple[str, ...]:
        """Give the lines, from top to bottom."""
        return (
            _("Purpose: {purpose}").format(purpose=self.purpose),
            _("Receiver: {receiver}").format(receiver=self.receiver),
            _("Exported by {name} on {time}").format(
                name=self.operator, time=f"{self.at.astimezone():%Y-%m-%d %H:%M}"
            ),
            _("Personal data: {holds}").format(holds=_(_HOLDS[self.holds])),
            _("Use it for this purpose only, pass it on to nobody, destroy it after use (PIPL §6, §25)."),
        )


def lines_of_returned_roster() -> tuple[str, ...]:
    """Give the first lines of the rows of a roster that go back to whoever brought it, to be corrected."""
    return (
        _("Purpose: {purpose}").format(purpose=_("to correct the roster and bring it in again")),
        _("Personal data: {holds}").format(holds=_(_HOLDS[Holds.UNMASKED])),
        _("Use it for this purpose only, pass it on to nobody, destroy it after use (PIPL §6, §25)."),
    )
