"""The command `--self-test`: its lines go to the console and to a file; without a console, to a window."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from fuyuan_desk.cli import output
from fuyuan_desk.cli.self_test import checks, run
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import Check
from fuyuan_desk.process import event_log, message_box, self_test

FILE = "self-test.txt"


def run_command(
    counts_first: bool,
    make_checks: Callable[[Progress], Sequence[Check]] = checks.all_checks,
    show: Callable[[], bool] | None = None,
) -> bool:
    """Run the self-test and return whether it passed; without a console `show` does, by default in a window.

    `counts_first`: as `process.self_test` runs it, with the number of checks on the first line, until the input ends.
    """
    if sys.stdout is None and not counts_first:
        return (show or _in_window)()
    progress = Progress()
    all_checks = make_checks(progress)
    with contextlib.ExitStack() as stack:
        kept = _kept(stack)
        if counts_first:
            self_test.watch_input(progress)
            _show(str(len(all_checks)))

        def write_line(line: str) -> None:
            _keep(kept, line)
            _show(line)

        try:
            return run.run(write_line, all_checks, progress)
        except Cancelled:
            return False


def kept_file() -> Path:
    """Return the path of the file with the last result."""
    return event_log.log_file().with_name(FILE)


def _kept(stack: contextlib.ExitStack) -> TextIO | None:
    file = kept_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # old Windows editors need the byte order mark to read the Chinese
        return stack.enter_context(open(file, "w", encoding="utf-8-sig"))
    except OSError:
        return None


def _keep(kept: TextIO | None, line: str) -> None:
    if kept is not None:
        with contextlib.suppress(OSError):  # a full disk is a finding of the checks
            kept.write(line + "\n")
            kept.flush()


def _show(line: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    # whatever code page a console has, a line is written rather than nothing
    output.write_line(line.encode(encoding, errors="replace").decode(encoding))
    output.flush()


def _in_window() -> bool:
    try:
        from fuyuan_desk.cli.self_test import window
    except ImportError:  # Qt cannot be loaded, which the test then reports
        result = self_test.run_self_test(Progress())
        message_box.show_message(_("Self-test of Fuyuan Desk"), "\n".join(result.lines))
        return result.passed
    return window.show(str(kept_file()))
