"""The commands: set up, tour, import, print, check, diagnose, back up, restore."""

import argparse
import contextlib
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fuyuan_desk.cli import argument_types, backup_commands
from fuyuan_desk.cli.output import ReaderGone, flush, write_error, write_line
from fuyuan_desk.core import preferences
from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.files import as_disk_fault, refuse_unfit_target
from fuyuan_desk.core.texts import N_, _, numbered, use_language
from fuyuan_desk.process.environment import FILE_VARIABLE, PASSWORD_VARIABLE

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat
    from fuyuan_desk.audit.rules import Comparison
    from fuyuan_desk.roster.service.imports import ImportReport

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
_JSON_KEYS = (
    "sheets", "buildings", "units", "households", "duplicates", "rejected", "problems",
    "new", "changed", "unchanged", "gone", "other_holder", "moved", "written", "differences",
)  # fmt: skip


def _environment_password(variable: str = PASSWORD_VARIABLE) -> str | None:
    password = os.environ.get(variable)
    if password is not None and not password.strip():
        raise InvalidInput(
            _("{variable} is empty. Set it to the password, or unset it to be prompted.").format(
                variable=variable
            )
        )
    return password


def _has_terminal() -> bool:
    if sys.stdin is not None and sys.stdin.isatty():
        return True
    with contextlib.suppress(OSError), open("/dev/tty", "rb"):
        return True
    return False


def _read_secret(prompt: str) -> str:
    if _has_terminal():
        return getpass.getpass(prompt)
    # from a pipe, which echoes nothing and needs no prompt
    line = "" if sys.stdin is None else sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _password(login: str) -> str:
    password = _environment_password()
    return _read_secret(_("Password of {login}: ").format(login=login)) if password is None else password


def _new_password(login: str) -> str:
    password = _environment_password()
    if password is not None:
        return password
    first = _read_secret(_("New password of {login}: ").format(login=login))
    if _read_secret(_("The same password again: ")) != first:
        raise InvalidInput(_("The two passwords differ. Start again."))
    return first


def _path(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(_("enter a folder or a file"))
    return Path(text)


@contextlib.contextmanager
def _signed_in(arguments: argparse.Namespace) -> Iterator["Seat"]:
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
    write_line(
        _("The office {name} is set up in {folder}.").format(name=arguments.office, folder=arguments.store)
    )
    write_line(_("Sign in as: {login}").format(login=login))
    write_line(_("Recovery code (print it and lock it away): {code}").format(code=code))
    return DONE


def _demo(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.shell import sample_office

    made = sample_office.build(arguments.store, _environment_password())
    made.seat.store.close()
    write_line(_("The sample office is in {folder}.").format(folder=arguments.store))
    write_line(
        _("Sign in as {login} with the password {password}").format(login=made.login, password=made.password)
    )
    return DONE


def _tour(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli import tour

    for file in tour.take(arguments.out):
        write_line(str(file))
    return DONE


def _import_file(seat: "Seat", arguments: argparse.Namespace) -> "ImportReport":
    """Import the file, asking for the password of a protected one unless the environment has it."""
    from fuyuan_desk.roster.rules.taking import Take
    from fuyuan_desk.roster.service import imports
    from fuyuan_desk.workbook.protection import Locked

    password = _environment_password(FILE_VARIABLE)

    def run(password: str) -> "ImportReport":
        return imports.import_roster(
            seat,
            arguments.file,
            estate_name=arguments.estate,
            dry_run=arguments.dry_run,
            one_estate=arguments.one_estate,
            password=password,
            hidden=arguments.hidden_sheets,
            take=Take(arguments.apply, ended_on=arguments.on or seat.today()),
            as_of=argument_types.end_of(arguments.as_of),
        )

    try:
        return run(password or "")
    except Locked as refusal:
        if password is not None:
            raise
        try:
            typed = _read_secret(_("Password of {file}: ").format(file=arguments.file.name))
        except EOFError:
            raise refusal from None
    return run(typed)


def _import(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.roster.rules.taking import ENDING
    from fuyuan_desk.roster.service import imports
    from fuyuan_desk.roster.view import words
    from fuyuan_desk.workbook.reader import expect_file

    expect_file()
    if arguments.left_out is not None:
        _refuse_unfit(arguments.store, arguments.left_out)
    with _signed_in(arguments) as seat:
        report, today = _import_file(seat, arguments), seat.today()
        written = _left_out_message(seat, report, arguments) if report.import_id is not None else ""
    if written:
        write_error(written)
    if arguments.on is None and any(report.applied.get(group) for group in ENDING):
        message = _("Households that ended did so today, {day}. With --on DAY they end on another day.")
        write_error(message.format(day=today.isoformat()))
    result = imports.report_json(report)
    if arguments.json:
        write_line(json.dumps({key: result[key] for key in _JSON_KEYS}, ensure_ascii=False))
        return DONE
    write_line(words.new_sentence(report.buildings, report.units, report.households))
    for line in words.compared_sentences(report.comparison, report.applied):
        write_line(line)
    if report.left_out:
        write_line(words.left_out_sentence(len(report.left_out) - report.rejected, report.rejected))
    for problem in result["problems"]:
        write_line("{sheet} {row} {column}: {message} [{value}] {home}".format(**problem).rstrip())
    if arguments.dry_run:
        write_line(_("Dry run: nothing was saved."))
    return DONE


def _left_out_message(seat: "Seat", report: "ImportReport", arguments: argparse.Namespace) -> str:
    """Return where the rows left out are, "" for none; write them if a file was asked for."""
    if not report.left_out:
        return ""
    if arguments.left_out is None:
        return _("Rows left out are kept in the program: Roster import, Earlier imports.")
    try:
        _write_left_out(seat, report, arguments.left_out)
    except UserError as problem:  # the import itself is saved, so this is not a refusal
        return _("The import is saved, but the list of rows left out could not be written: {reason}").format(
            reason=problem.message
        )
    return _(
        "Rows left out, with the reasons: {file}. It contains personal data: delete it after use."
    ).format(file=arguments.left_out)


def _write_left_out(seat: "Seat", report: "ImportReport", path: Path) -> None:
    from fuyuan_desk.access.export_order import ExportOrder
    from fuyuan_desk.roster.service.unimported import unimported_for_export
    from fuyuan_desk.roster.workbook import write_unimported

    assert report.import_id is not None  # called only after an import
    order = ExportOrder(_("correct the roster and import it again"), _("This residents' committee"))
    write_unimported(unimported_for_export(seat, report.import_id, order), path)


def _refuse_unfit(store: Path, file: Path) -> None:
    """Refuse to write into the office's own folder, over a folder or to a device; before the password is asked for."""
    refuse_unfit_target(file)
    if file.absolute().resolve().is_relative_to(store.absolute().resolve()):
        raise InvalidInput(
            _("{file} is in the office's own folder. Choose another folder.").format(file=file)
        )


def _print(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli import batch_print
    from fuyuan_desk.shell.jobs import JOBS

    _refuse_unfit(arguments.store, arguments.out)
    with _signed_in(arguments) as seat:
        pages = batch_print.print_sheets(
            seat, JOBS, arguments.what, arguments.out, estate=arguments.estate, case=arguments.case
        )
    write_line(numbered(pages, N_("{n} page in {file}"), N_("{n} pages in {file}"), file=arguments.out))
    return DONE


def _sheet_name(name: str) -> str:
    from fuyuan_desk.cli.batch_print import sheet_names
    from fuyuan_desk.shell.jobs import JOBS

    known = sheet_names(JOBS)
    if name not in known:
        raise argparse.ArgumentTypeError(_("Choose one of: {names}").format(names=", ".join(known)))
    return name


def _check(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.audit.rules import Agreement, comparison_sentence
    from fuyuan_desk.kit.job import findings_of
    from fuyuan_desk.office.service.settings import check_office
    from fuyuan_desk.shell.jobs import JOBS

    with _signed_in(arguments) as seat:
        compared = None if arguments.anchor is None else _compared(seat, arguments.anchor)
        findings = [
            *check_office(seat),
            *findings_of(JOBS, seat),
        ]
        said = backup_commands.status_lines(seat)
    faults = 0
    for finding in findings:
        state = len(finding.faults) or (_("intact") if finding.is_known else _("not known"))
        write_line(f"{finding.what}: {state}")
        for text in (*finding.faults, *finding.remarks):
            write_line(f"  {text}")
        faults += len(finding.faults)
    for line in said:
        write_line(line)
    if compared is not None:
        write_line(comparison_sentence(compared))
    if faults:
        raise UserError(
            numbered(
                faults,
                N_("The check found {n} problem. Change nothing more before it is clear what happened."),
                N_("The check found {n} problems. Change nothing more before it is clear what happened."),
            )
        )
    if compared is not None and compared.agreement is not Agreement.AGREES:
        raise UserError(_("The audit log does not agree with the proof sheet."))
    return DONE


def _compared(seat: "Seat", anchor: str) -> "Comparison":
    from fuyuan_desk.audit.service.compare import compare_anchor

    return compare_anchor(seat, anchor, "")


def _diagnose(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.core.errors import Unusable
    from fuyuan_desk.core.files import write_atomically
    from fuyuan_desk.diagnostics import service as diagnostics

    _refuse_unfit(arguments.store, arguments.out)
    try:
        with _signed_in(arguments) as seat:
            report = diagnostics.report(seat)
    except Unusable as refusal:  # the report then says why the office does not open
        report = diagnostics.report_outside(arguments.store, refusal)
        _refuse(refusal.message)
    write_atomically(arguments.out, report.encode("utf-8-sig"))
    write_line(_("The support report is in {file}; it contains no personal data.").format(file=arguments.out))
    return DONE


def _version(_arguments: argparse.Namespace) -> int:
    from fuyuan_desk.core.installation import program_version

    write_line(f"{_('Fuyuan Desk')} {program_version() or _('version unknown')}")
    return DONE


def _self_test(arguments: argparse.Namespace) -> int:
    from fuyuan_desk.cli.self_test import command

    return DONE if command.run_command(arguments.lines) else REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fuyuan-desk", description=_("The desk of the residents' committee")
    )
    parser.add_argument("--version", action="store_true", help=_("print name and version"))
    parser.add_argument("--self-test", action="store_true", help=_("check this installation"))
    parser.add_argument("--lines", action="store_true", help=argparse.SUPPRESS)  # of process.self_test
    commands = parser.add_subparsers(dest="command", metavar=_("command"))

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    def add_sign_in(added: argparse.ArgumentParser) -> None:
        added.add_argument("--store", type=_path, required=True, help=_("folder of the office"))
        added.add_argument("--operator", default="admin", help=_("operator who signs in"))

    init = command("init", _init, _("set up a new office"))
    init.add_argument("store", type=_path, help=_("folder of the office"))
    init.add_argument("--office", required=True, help=_("name of the residents' committee"))
    init.add_argument("--operator", default="admin", help=_("operator who signs in"))
    demo = command("demo", _demo, _("set up the sample office"))
    demo.add_argument("store", type=_path, help=_("folder of the office"))
    tour = command(
        "tour", _tour, _("run through the main work without a screen; write documents and screenshots")
    )
    tour.add_argument("out", type=_path, help=_("folder for documents and screenshots"))
    roster = command(
        "import",
        _import,
        _("import a roster; rows left out are kept in the office"),
    )
    roster.add_argument("file", type=_path, help=_("spreadsheet or CSV file"))
    add_sign_in(roster)
    roster.add_argument("--estate", help=_("import all rows into this estate"))
    roster.add_argument(
        "--left-out",
        type=_path,
        metavar="FILE",
        help=_("write the rows left out, with personal data, to this Excel file"),
    )
    roster.add_argument(
        "--one-estate", action="store_true", help=_("with --estate: also if the file names several estates")
    )
    roster.add_argument(
        "--apply",
        type=argument_types.groups,
        default=frozenset(),
        metavar="GROUPS",
        help=_(
            "of estates that are in the office already, write these groups of differences: new, changed, gone, "
            "other-holder, moved; without it they are only compared"
        ),
    )
    roster.add_argument(
        "--on",
        type=argument_types.day,
        metavar="DAY",
        help=_("the first day on which those who left are not there any more"),
    )
    roster.add_argument(
        "--as-of",
        type=argument_types.day,
        metavar="DAY",
        help=_("the day of the list, whose file's day counts otherwise: what was entered later is kept"),
    )
    roster.add_argument("--hidden-sheets", action="store_true", help=_("read the hidden sheets, too"))
    roster.add_argument("--dry-run", action="store_true", help=_("only check the file; save nothing"))
    roster.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))
    printed = command("print", _print, _("print sheets to a PDF file"))
    printed.add_argument("what", type=_sheet_name, metavar="SHEET")
    add_sign_in(printed)
    choice = printed.add_mutually_exclusive_group()
    choice.add_argument("--estate", help=_("name of the estate"))
    choice.add_argument("--case", help=_("number of the case"))
    choice.add_argument("--all", action="store_true", help=_("all (the default)"))
    printed.add_argument("--out", type=_path, required=True, help=_("PDF file"))
    check = command("check", _check, _("check database, audit log and photos"))
    add_sign_in(check)
    check.add_argument(
        "--anchor",
        metavar="N:HASH",
        help=_("also compare with a proof sheet: number and hash of its entry, at least 16 characters"),
    )
    diagnose = command("diagnose", _diagnose, _("write a support report without personal data"))
    add_sign_in(diagnose)
    diagnose.add_argument("--out", type=_path, required=True, help=_("text file"))
    backup_commands.add(
        command,
        add_sign_in,
        _path,
        backup_commands.Terminal(write_line, _read_secret, _password, _new_password, _signed_in),
    )
    return parser


def run_command(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code: 0 done, 1 refused with one line on stderr, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    use_language(preferences.load().language)
    for word in arguments:
        if not _is_text(word):
            _refuse(_unreadable(word))
            return WRONG_USAGE
    try:
        code = _parse_and_run(arguments)
        flush()
    except UserError as refusal:
        return _refuse(refusal.message)
    except (KeyboardInterrupt, EOFError):
        return _refuse(_("Stopped; nothing was changed."))
    except ReaderGone:
        return REFUSED
    except OSError as problem:
        fault = as_disk_fault(problem)
        if fault is None:
            raise
        return _refuse(fault.message)
    return code


def _parse_and_run(arguments: Sequence[str]) -> int:
    parser = _parser()
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    if parsed.version:
        parsed.run = _version
    elif parsed.self_test:
        parsed.run = _self_test
    elif parsed.command is None:
        parser.print_usage(sys.stderr)
        return WRONG_USAGE
    run: Callable[[argparse.Namespace], int] = parsed.run
    return run(parsed)


def _is_text(word: str) -> bool:
    # bytes that the system could not decode come as surrogates, which no file of the program can hold
    return not any("\ud800" <= char <= "\udfff" for char in word)


def _unreadable(word: str) -> str:
    shown = "".join(char if _is_text(char) else "?" for char in word)
    return _("«{word}» is not written in UTF-8. Type it in this terminal, or rename the file.").format(
        word=shown
    )


def _refuse(message: str) -> int:
    write_error(" ".join(message.split()))
    return REFUSED
