"""Backup commands: create, list, and restore with two persons."""

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.process.environment import SECOND_VARIABLE

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.backups.service.backups import Outcome
    from fuyuan_desk.backups.service.restore import BackupFound, Credential, Lost

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Terminal:
    """Input and output of a command: print a line, read a secret, get a password by login, sign in."""

    write_line: Callable[[str], None]
    read_secret: Callable[[str], str]
    password: Callable[[str], str]
    new_password: Callable[[str], str]
    signed_in: Callable[[argparse.Namespace], AbstractContextManager["Seat"]]


Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(
    command: Command,
    add_sign_in: Callable[[argparse.ArgumentParser], None],
    path: Callable[[str], Path],
    terminal: Terminal,
) -> None:
    """Add the commands to a parser; `add_sign_in` adds the sign-in options, `path` parses a path."""
    backup = command("backup", lambda arguments: _backup(arguments, terminal), _("create a verified backup"))
    add_sign_in(backup)
    backup.add_argument("--to", type=path, help=_("folder to use instead of the usual places"))
    backups = command(
        "backups", lambda arguments: _list(arguments, terminal), _("list the backups in a folder")
    )
    backups.add_argument("--in", dest="folder", type=path, required=True, help=_("folder with backups"))
    restore = command(
        "restore", lambda arguments: _restore(arguments, terminal), _("restore a backup into a new folder")
    )
    restore.add_argument("backup", type=path, help=_("folder of the backup"))
    restore.add_argument("--to", type=path, required=True, help=_("folder to create"))
    restore.add_argument("--operator", default="admin", help=_("operator who restores"))
    approval = restore.add_mutually_exclusive_group(required=True)
    approval.add_argument("--second", help=_("second operator who approves"))
    approval.add_argument("--code", action="store_true", help=_("use the recovery code; it is prompted for"))
    restore.add_argument("--witness", help=_("with --code, if all passwords are lost: name of the witness"))


def status_lines(seat: "Seat") -> list[str]:
    """Return what is known of the office's backups, a sentence on each line."""
    from fuyuan_desk.backups.controller import wording
    from fuyuan_desk.backups.service import backups

    status, now = backups.status(seat), seat.now()
    headline, *others = wording.state_text(status, now)[0], *wording.state_details(status, now)
    return [_("backups: {sentence}").format(sentence=headline), *(f"  {text}" for text in others)]


def _format_outcome(outcome: "Outcome") -> str:
    if outcome.path is None:
        return f"{outcome.place.shown_path}: {outcome.words}"
    return _("{path} – {size} MB, {seconds} s, verified").format(
        path=outcome.path, size=f"{outcome.size / _MEGABYTE:.1f}", seconds=f"{outcome.seconds:.1f}"
    )


def _backup(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.service import backups

    with terminal.signed_in(arguments) as seat:
        if arguments.to is not None:
            outcomes: Sequence[Outcome] = (backups.back_up_to(seat, arguments.to),)
        else:
            outcomes = backups.back_up(seat).outcomes
    for outcome in outcomes:
        terminal.write_line(_format_outcome(outcome))
        if outcome.missing_photos:
            terminal.write_line(
                "  "
                + numbered(
                    outcome.missing_photos,
                    N_("{n} photo is missing in the office itself."),
                    N_("{n} photos are missing in the office itself."),
                )
            )
    failed = [outcome for outcome in outcomes if outcome.place.is_present and not outcome.is_good]
    if failed:
        raise Unusable(failed[0].words)
    return 0


def _format_backup(found: "BackupFound") -> str:
    from fuyuan_desk.backups.controller import wording

    about = wording.found(found)
    details = about if found.fault else f"{found.size / _MEGABYTE:.1f} MB, {about}"
    return f"{found.stamp:%Y-%m-%d %H:%M:%S}  {found.path}  {details}"


def _list(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.service import restore

    found = restore.list_backups(arguments.folder)
    for backup in found:
        terminal.write_line(_format_backup(backup))
    if not found:
        raise Unusable(_("There is no backup in {folder}.").format(folder=arguments.folder))
    # the folder is read without signing in, so nothing is known here of the office itself
    terminal.write_line(_("Whether anything changed since: `check --store FOLDER` tells."))
    return 0


def _second_password(login: str, terminal: Terminal) -> str:
    password = os.environ.get(SECOND_VARIABLE)
    if password is not None and not password.strip():
        raise InvalidInput(
            _("{variable} is empty. Set it to the password, or unset it to be prompted.").format(
                variable=SECOND_VARIABLE
            )
        )
    if password is not None:
        return password
    return terminal.read_secret(_("Password of {login}: ").format(login=login))


def _secrets(
    arguments: argparse.Namespace, terminal: Terminal
) -> "tuple[Credential, Credential | None, Lost | None]":
    from fuyuan_desk.backups.service.restore import Credential, Lost

    if arguments.witness is not None and not arguments.code:
        raise InvalidInput(_("--witness is for restoring with the recovery code alone: add --code."))
    if arguments.witness is not None:
        code = Credential(code=terminal.read_secret(_("Recovery code: ")))
        return (
            code,
            None,
            Lost(arguments.witness, arguments.operator, terminal.new_password(arguments.operator)),
        )
    first = Credential(arguments.operator, terminal.password(arguments.operator))
    if arguments.code:
        return first, Credential(code=terminal.read_secret(_("Recovery code: "))), None
    return first, Credential(arguments.second, _second_password(arguments.second, terminal)), None


def _restore(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from fuyuan_desk.backups.controller import wording
    from fuyuan_desk.backups.service import restore

    first, second, lost = _secrets(arguments, terminal)
    approved = restore.open_by_two(arguments.backup, first, second, lost)
    try:
        preview = approved.preview()
        restored = approved.restore(arguments.to)
    finally:
        approved.close()
    for fault in preview.faults:
        terminal.write_line(fault)
    terminal.write_line(
        _("{office}, as of {when}: {contents}").format(
            office=preview.office,
            when=f"{preview.taken_at.astimezone():%Y-%m-%d %H:%M}",
            contents=wording.holds(preview.counts),
        )
    )
    terminal.write_line(
        _("The office is restored in {folder}, {seconds} s.").format(
            folder=restored.path, seconds=f"{restored.seconds:.1f}"
        )
    )
    return 0
