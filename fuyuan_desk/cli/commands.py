"""The commands behind the window: set up, show, import, print, check."""

import argparse
import contextlib
import errno
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.cli import backup_commands
from fuyuan_desk.core import preferences
from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.texts import _, use_language

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.roster.service.imports import ImportReport

PASSWORD_VARIABLE = "FUYUAN_PASSWORD"
DONE, REFUSED, WRONG_USAGE = 0, 1, 2
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
_JSON_KEYS = ("sheets", "buildings", "units", "households", "duplicates", "rejected", "problems")


def _say(line: str) -> None:
    print(line)


def _given_password() -> str | None:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None and not given.strip():
        raise InvalidInput(
            _("{variable} is empty. Put the password into it, or remove it to be asked.").format(
                variable=PASSWORD_VARIABLE
            )
        )
    return given


def _has_terminal() -> bool:
    if sys.stdin is not None and sys.stdin.isatty():
        return True
    with contextlib.suppress(OSError), open("/dev/tty", "rb"):
        return True
    return False


def _ask(prompt: str) -> str:
    if _has_terminal():
        return getpass.getpass(prompt)
    # from a pipe, where nothing is echoed and nobody reads a prompt
    line = "" if sys.stdin is None else sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _password(login: str) -> str:
    given = _given_password()
    return _ask(_("Password of {login}: ").format(login=login)) if given is None else given


def _new_password(login: str) -> str:
    given = _given_password()
    if given is not None:
        return given
    first = _ask(_("New password of {login}: ").format(login=login))
    if _ask(_("The same password again: ")) != first:
        raise InvalidInput(_("The two passwords differ. Start again."))
    return first


def _path(told: str) -> Path:
    if not told.strip() or "\0" in told:
        raise argparse.ArgumentTypeError(_("name a folder or a file"))
    return Path(told)


@contextlib.contextmanager
def _desk(arguments: argparse.Namespace) -> Iterator["Seat"]:
    from fuyuan_desk.office.service.sign_in import sign_in

    seat = sign_in(arguments.store, arguments.operator, _password(arguments.operator))
    try:
        yield seat
    finally:
        seat.store.close()


def _init(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service.set_up import set_up_office
    from fuyuan_desk.store.keys.keyring import new_recovery_code

    code = new_recovery_code()
    login = arguments.operator
    settings = OfficeSettings(arguments.office)
    seat = set_up_office(arguments.store, settings, login, login, _new_password(login), code)
    seat.store.close()
    _say(_("The office {name} is set up in {folder}.").format(name=arguments.office, folder=arguments.store))
    _say(_("Sign in as: {login}").format(login=login))
    _say(_("Recovery code, to be printed and locked away: {code}").format(code=code))
    return DONE


def _demo(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.shell import sample_office

    made = sample_office.build(arguments.store, _given_password())
    made.seat.store.close()
    _say(_("The sample office is in {folder}.").format(folder=arguments.store))
    _say(_("Sign in as {login} with the password {password}").format(login=made.login, password=made.told))
    return DONE


def _tour(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli import tour

    for file in tour.take(arguments.out):
        _say(str(file))
    return DONE


def _import(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.roster.service import imports
    from fuyuan_desk.roster.service.finish import finish_imports

    with _desk(arguments) as seat:
        report = imports.import_roster(
            seat, arguments.file, estate_name=arguments.estate, dry_run=arguments.dry_run
        )
        if not arguments.dry_run:
            # the roster is safe; what keeps the search from learning of it now, the next start makes good
            with contextlib.suppress(UserError):
                finish_imports(seat)
    told = imports.report_json(report)
    if report.left_out and not arguments.dry_run:
        print(_tell_left_out(report, arguments), file=sys.stderr)
    if arguments.json:
        _say(json.dumps({key: told[key] for key in _JSON_KEYS}, ensure_ascii=False))
        return DONE
    _say(
        _(
            "{buildings} buildings, {units} units, {households} households; "
            "{duplicates} duplicates, {rejected} rejected."
        ).format(**{key: told[key] for key in ("buildings", "units", "households", "duplicates", "rejected")})
    )
    for problem in told["problems"]:
        _say("{sheet} {row} {column}: {message} [{value}]".format(**problem))
    if arguments.dry_run:
        _say(_("This was a trial run; nothing was saved."))
    return DONE


def _tell_left_out(report: "ImportReport", arguments: argparse.Namespace) -> str:
    try:
        rest = _write_left_out(report, arguments)
    except UserError as problem:  # the import itself is saved, and that must not be told as a refusal
        return _("The import is saved, but not the list of rows that were not taken: {reason}").format(
            reason=problem.message
        )
    return _(
        "Rows that were not taken, with the reason: {file}. It holds personal data: delete it after use."
    ).format(file=rest)


def _write_left_out(report: "ImportReport", arguments: argparse.Namespace) -> Path:
    from fuyuan_desk.core.errors import Unusable
    from fuyuan_desk.roster.service.imports import rejects_name
    from fuyuan_desk.roster.workbook import write_left_out

    name = rejects_name(report.file_name)
    try:
        return write_left_out(report, arguments.file.with_name(name))
    except Unusable:  # a roster on a read-only disk: the office's own folder can be written to
        return write_left_out(report, arguments.store / name)


def _refuse_inside(store: Path, file: Path) -> None:
    """Refuse to write a paper over the office itself."""
    if file.absolute().resolve().is_relative_to(store.absolute().resolve()):
        raise InvalidInput(
            _("{file} lies in the office's own folder. Choose another folder.").format(file=file)
        )


def _print(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli import batch_print
    from fuyuan_desk.shell.jobs import JOBS

    _refuse_inside(arguments.store, arguments.out)
    with _desk(arguments) as seat:
        pages = batch_print.print_sheets(
            seat, JOBS, arguments.what, arguments.out, estate=arguments.estate, case=arguments.case
        )
    _say(_("{pages} pages in {file}").format(pages=pages, file=arguments.out))
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.office.service.settings import check_office

    with _desk(arguments) as seat:
        findings = check_office(seat)
    faults = 0
    for finding in findings:
        state = len(finding.faults) if finding.faults else _("sound")
        _say(f"{finding.what}: {state}")
        for told in (*finding.faults, *finding.remarks):
            _say(f"  {told}")
        faults += len(finding.faults)
    if faults:
        raise UserError(
            _("The check found {faults} faults; restore the newest backup.").format(faults=faults)
        )
    return DONE


def _diagnose(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.core.errors import Unusable
    from fuyuan_desk.core.files import write_atomically
    from fuyuan_desk.diagnostics import service as diagnostics

    _refuse_inside(arguments.store, arguments.out)
    try:
        with _desk(arguments) as seat:
            told = diagnostics.report(seat)
    except Unusable as refusal:  # why it does not open is what the helper wants to know
        told = diagnostics.report_outside(arguments.store, refusal)
        print(" ".join(refusal.message.split()), file=sys.stderr)
    write_atomically(arguments.out, told.encode("utf-8-sig"))
    _say(_("The report for the helper is in {file}; it names nobody.").format(file=arguments.out))
    return DONE


def _self_test(_arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli import self_test

    return DONE if self_test.run(_say) else REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fuyuan-desk", description=_("The desk of the residents' committee")
    )
    parser.add_argument("--self-test", action="store_true", help=_("check this installation"))
    commands = parser.add_subparsers(dest="command", metavar=_("command"))

    def command(name: str, act: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(act=act)
        return made

    def at_desk(made: argparse.ArgumentParser) -> None:
        made.add_argument("--store", type=_path, required=True, help=_("folder of the office"))
        made.add_argument("--operator", default="admin", help=_("who signs in"))

    init = command("init", _init, _("set up a new office"))
    init.add_argument("store", type=_path, help=_("folder of the office"))
    init.add_argument("--office", required=True, help=_("name of the residents' committee"))
    init.add_argument("--operator", default="admin", help=_("who signs in"))
    demo = command("demo", _demo, _("set up the sample office"))
    demo.add_argument("store", type=_path, help=_("folder of the office"))
    tour = command("tour", _tour, _("do the main work without a screen; leaves papers and pictures"))
    tour.add_argument("out", type=_path, help=_("folder for papers and pictures"))
    bring = command(
        "import",
        _import,
        _("bring a roster in; rows that are not taken go, as they stand, into an Excel file beside it"),
    )
    bring.add_argument("file", type=_path, help=_("spreadsheet or CSV file"))
    at_desk(bring)
    bring.add_argument("--estate", help=_("put all rows into this estate"))
    bring.add_argument("--dry-run", action="store_true", help=_("only tell what would happen"))
    bring.add_argument("--json", action="store_true", help=_("tell it as one JSON object"))
    printed = command("print", _print, _("print sheets into a PDF file"))
    printed.add_argument("what", choices=("inspection-sheet", "registration"))
    at_desk(printed)
    which = printed.add_mutually_exclusive_group()
    which.add_argument("--estate", help=_("name of the estate"))
    which.add_argument("--case", help=_("number of the case"))
    which.add_argument("--all", action="store_true", help=_("all of them (also without a choice)"))
    printed.add_argument("--out", type=_path, required=True, help=_("PDF file"))
    at_desk(command("check", _check, _("check database, trail and photos")))
    told = command("diagnose", _diagnose, _("write a report for the helper that names nobody"))
    at_desk(told)
    told.add_argument("--out", type=_path, required=True, help=_("text file"))
    backup_commands.add(
        command, at_desk, _path, backup_commands.Terminal(_say, _ask, _password, _new_password, _desk)
    )
    return parser


def run_command(arguments: Sequence[str]) -> int:
    """Run one command: 0 done, 1 refused with a one-line reason on stderr, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    use_language(preferences.load().language)
    parser = _parser()
    try:
        known = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    if known.self_test:
        return _self_test(known)
    if known.command is None:
        parser.print_usage(sys.stderr)
        return WRONG_USAGE
    try:
        act: Callable[[argparse.Namespace], int] = known.act
        code = act(known)
        if sys.stdout is not None:
            sys.stdout.flush()
    except UserError as refusal:
        return _refuse(refusal.message)
    except (KeyboardInterrupt, EOFError):
        return _refuse(_("Stopped; nothing was changed."))
    except BrokenPipeError:
        _mute()
        return REFUSED
    except OSError as problem:
        if problem.errno not in _DISK:
            raise
        _mute()
        return _refuse(_("The outcome could not be written out: the disk is full or away."))
    return code


def _refuse(message: str) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return REFUSED


def _mute() -> None:
    """Let what is still to be said go nowhere; Python would fail once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
