"""The commands for backups: make one, list them, restore one with two persons."""

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.texts import _

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.backups.service.backups import Outcome
    from fuyuan_desk.backups.service.restore import BackupFound, Credential, Lost

SECOND_VARIABLE = "FUYUAN_SECOND_PASSWORD"
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Terminal:
    """How a command speaks and asks: a line out, a secret in, a password by its login, a seat at the desk."""

    say: Callable[[str], None]
    ask: Callable[[str], str]
    password: Callable[[str], str]
    new_password: Callable[[str], str]
    desk: Callable[[argparse.Namespace], AbstractContextManager["Seat"]]


Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(
    command: Command,
    at_desk: Callable[[argparse.ArgumentParser], None],
    path: Callable[[str], Path],
    terminal: Terminal,
) -> None:
    """Add the commands to a parser; `at_desk` adds the options of those that sign in, `path` reads one."""
    made = command("backup", lambda given: _backup(given, terminal), _("make a verified backup"))
    at_desk(made)
    made.add_argument("--to", type=path, help=_("into this folder instead of the usual places"))
    listed = command("backups", lambda given: _list(given, terminal), _("list the backups in a folder"))
    listed.add_argument("--in", dest="place", type=path, required=True, help=_("folder of backups"))
    back = command(
        "restore", lambda given: _restore(given, terminal), _("restore a backup into a new folder")
    )
    back.add_argument("backup", type=path, help=_("folder of the backup"))
    back.add_argument("--to", type=path, required=True, help=_("folder that is to be made"))
    back.add_argument("--operator", default="admin", help=_("who restores"))
    who = back.add_mutually_exclusive_group(required=True)
    who.add_argument("--second", help=_("the other operator who agrees"))
    who.add_argument("--code", action="store_true", help=_("the recovery code is there; it is asked for"))
    back.add_argument("--witness", help=_("with --code, when all passwords are lost: who is there"))


def _told(outcome: "Outcome") -> str:
    if outcome.path is None:
        return f"{outcome.place.shown_path}: {outcome.words}"
    return _("{path} – {size} MB, {seconds} s, verified").format(
        path=outcome.path, size=f"{outcome.size / _MEGABYTE:.1f}", seconds=f"{outcome.seconds:.1f}"
    )


def _backup(given: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.service import backups

    with terminal.desk(given) as seat:
        if given.to is not None:
            outcomes: Sequence[Outcome] = (backups.back_up_to(seat, given.to),)
        else:
            outcomes = backups.back_up(seat).outcomes
    for outcome in outcomes:
        terminal.say(_told(outcome))
        if outcome.missing_photos:
            terminal.say(_("  {n} photos are missing in the office itself.").format(n=outcome.missing_photos))
    failed = [outcome for outcome in outcomes if outcome.place.is_present and not outcome.is_good]
    if failed:
        raise Unusable(failed[0].words)
    return 0


def _line(found: "BackupFound") -> str:
    told = found.fault or _("{size} MB, {estates} estates, {households} households, {cases} cases").format(
        size=f"{found.size / _MEGABYTE:.1f}",
        **{kind: found.counts[kind] for kind in ("estates", "households", "cases")},
    )
    return f"{found.stamp:%Y-%m-%d %H:%M:%S}  {found.path}  {told}"


def _list(given: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.service import restore as restoring

    found = restoring.list_backups(given.place)
    for one in found:
        terminal.say(_line(one))
    if not found:
        raise Unusable(_("There is no backup in {folder}.").format(folder=given.place))
    return 0


def _second_password(login: str, terminal: Terminal) -> str:
    told = os.environ.get(SECOND_VARIABLE)
    if told is not None and not told.strip():
        raise InvalidInput(
            _("{variable} is empty. Put the password into it, or remove it to be asked.").format(
                variable=SECOND_VARIABLE
            )
        )
    return terminal.ask(_("Password of {login}: ").format(login=login)) if told is None else told


def _secrets(
    given: argparse.Namespace, terminal: Terminal
) -> "tuple[Credential, Credential | None, Lost | None]":
    from fuyuan_desk.backups.service.restore import Credential, Lost

    if given.witness is not None and not given.code:
        raise InvalidInput(_("A witness is for restoring by the recovery code alone: add --code."))
    if given.witness is not None:
        code = Credential(code=terminal.ask(_("Recovery code: ")))
        return code, None, Lost(given.witness, given.operator, terminal.new_password(given.operator))
    first = Credential(given.operator, terminal.password(given.operator))
    if given.code:
        return first, Credential(code=terminal.ask(_("Recovery code: "))), None
    return first, Credential(given.second, _second_password(given.second, terminal)), None


def _restore(given: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.service import restore as restoring

    first, second, lost = _secrets(given, terminal)
    agreed = restoring.open_by_two(given.backup, first, second, lost)
    try:
        preview = agreed.preview()
        made = agreed.restore(given.to)
    finally:
        agreed.close()
    for fault in preview.faults:
        terminal.say(fault)
    counts = {kind: preview.counts[kind] for kind in ("estates", "households", "cases")}
    terminal.say(
        _("{office}, as of {when}: {estates} estates, {households} households, {cases} cases").format(
            office=preview.office, when=f"{preview.taken_at.astimezone():%Y-%m-%d %H:%M}", **counts
        )
    )
    terminal.say(
        _("The office is restored in {folder}, {seconds} s.").format(
            folder=made.path, seconds=f"{made.seconds:.1f}"
        )
    )
    return 0
