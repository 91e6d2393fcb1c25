"""What stands behind an option of a command, read or refused in words."""

import argparse
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _

if TYPE_CHECKING:
    from fuyuan_desk.roster.rules.entries import Group


def groups(text: str) -> "frozenset[Group]":
    """Read the groups of a comparison, parted by commas."""
    from fuyuan_desk.roster.rules.taking import read_groups

    try:
        return read_groups(text)
    except InvalidInput as refusal:
        raise argparse.ArgumentTypeError(refusal.message) from None


def day(text: str) -> date:
    """Read a day such as 2026-11-28."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("«{text}» is not a day. Write it like 2026-11-28.").format(text=text)
        ) from None


def end_of(last: date | None) -> datetime | None:
    """Return the last instant of a day."""
    return None if last is None else datetime.combine(last, time.max).astimezone()
