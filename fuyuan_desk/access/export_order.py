"""Orders and stamps of exported lists: each states its purpose and receiver (PIPL §6, §25, §51).

Every service named `…_for_export` takes an `ExportOrder`, and every workbook starts with the lines of a `Stamp`.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from fuyuan_desk.core.texts import N_, _

MAX_CHARS = 100


class Holds(enum.StrEnum):
    """Classification of the personal data in an exported list."""

    NOBODY = "nobody"
    OFFICERS = "officers"
    MASKED = "masked"
    UNMASKED = "unmasked"


_HOLDS = {
    Holds.NOBODY: N_("none"),
    Holds.OFFICERS: N_("names of office holders only"),
    Holds.MASKED: N_("yes, masked"),
    Holds.UNMASKED: N_("yes, NOT masked"),
}


@dataclass(frozen=True)
class ExportOrder:
    """Purpose and receiver of an exported list; `unmasked` requires a second person."""

    purpose: str = ""
    receiver: str = ""
    unmasked: bool = False

    def faults(self) -> dict[str, str]:
        """Return the faults by field."""
        wrong = {}
        if not self.purpose.strip():
            wrong["purpose"] = _("Enter the purpose.")
        if not self.receiver.strip():
            wrong["receiver"] = _("Enter the receiver.")
        for name, text in (("purpose", self.purpose), ("receiver", self.receiver)):
            if len(text.strip()) > MAX_CHARS:
                wrong[name] = _("This is longer than {n} characters. Shorten it.").format(n=MAX_CHARS)
        return wrong


@dataclass(frozen=True)
class Stamp:
    """The facts stated in the first lines of a workbook; `at` is an instant."""

    purpose: str
    receiver: str
    operator: str
    at: datetime
    holds: Holds

    def lines(self) -> tuple[str, ...]:
        """Return the lines, from top to bottom."""
        return (
            _("Purpose: {purpose}").format(purpose=self.purpose),
            _("Receiver: {receiver}").format(receiver=self.receiver),
            _("Exported by {name} on {time}").format(
                name=self.operator, time=f"{self.at.astimezone():%Y-%m-%d %H:%M}"
            ),
            _("Personal data: {holds}").format(holds=_(_HOLDS[self.holds])),
            _("Use only for this purpose, do not pass on, destroy after use (PIPL §6, §25)."),
        )
