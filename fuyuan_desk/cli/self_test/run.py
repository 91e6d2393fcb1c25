"""Running of the self-test: one numbered line for each check, what to do, and a verdict that can be read out.

Every character is one of code page 936, so that each console of a Chinese Windows shows it.
"""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fuyuan_desk.core.installation import program_version
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.job import Check

_LONGEST = 120
SECONDS = 90.0
"""A check that takes longer is given up, and with it the test: nothing can end a thread that hangs."""


@dataclass
class _Report:
    write_line: Callable[[str], object]
    failed: list[int] = field(default_factory=list)
    advice: str = ""  # of the first check that failed, as later ones often fail in its wake

    def passed(self, number: int, check: Check, result: str, seconds: float) -> None:
        self.write_line(
            _("{number}. {title}: passed ({result}, {seconds} s)").format(
                number=number, title=_(check.title), result=result, seconds=f"{seconds:.1f}"
            )
        )

    def fault(self, number: int, check: Check, reason: str) -> None:
        self.failed.append(number)
        self.advice = self.advice or check.advice
        self.write_line(
            _("{number}. {title}: FAILED ({reason})").format(
                number=number, title=_(check.title), reason=reason
            )
        )

    def end(self, version: str, now: datetime) -> None:
        about = _("{version}, {date}").format(version=version, date=f"{now:%Y-%m-%d}")
        if not self.failed:
            self.write_line(_("Self-test passed ({about})").format(about=about))
            return
        self.write_line(_("What to do: {advice}").format(advice=_(self.advice)))
        self.write_line(_("If it fails again, read the last line to your support contact."))
        self.write_line(
            _("Self-test failed: no. {numbers} ({about})").format(
                numbers=_(", ").join(map(str, self.failed)), about=about
            )
        )


def run(
    write_line: Callable[[str], object],
    checks: Sequence[Check],
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
    seconds: float = SECONDS,
    end: Callable[[int], object] = os._exit,
) -> bool:
    """Run the checks, write a line for each and the verdict, and return whether all passed.

    A check that takes more than `seconds` fails, and `end` is called with the exit code 1 after the verdict. Raises
    `Cancelled` when `progress` is cancelled.
    """
    progress = progress or Progress()
    now = now or datetime.now().astimezone()
    version = program_version() or _("version unknown")
    report = _Report(write_line)
    count = numbered(len(checks), N_("{n} check"), N_("{n} checks"))
    write_line(
        _("Self-test of Fuyuan Desk {version}, {count}, {time}").format(
            version=version, count=count, time=f"{now:%Y-%m-%d %H:%M}"
        )
    )
    for number, check in enumerate(checks, 1):
        progress.step(number - 1, len(checks), _(check.title))

        def give_up(number: int = number, check: Check = check) -> None:
            report.fault(number, check, _("not finished after {n} s").format(n=round(seconds)))
            report.end(version, now)
            end(1)

        with _limited(seconds, give_up):
            _run_one(report, number, check)
    progress.step(len(checks), len(checks))
    report.end(version, now)
    return not report.failed


def _run_one(report: _Report, number: int, check: Check) -> None:
    started = time.monotonic()
    # a name as people give them: Chinese, with blanks
    with tempfile.TemporaryDirectory(prefix="福元台 自检 ", ignore_cleanup_errors=True) as folder:
        try:
            result = check.run(Path(folder))
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - any error is a finding of the self-test
            report.fault(number, check, _reason(error, folder))
            return
    report.passed(number, check, result, time.monotonic() - started)


def _reason(error: Exception, folder: str) -> str:
    """Return the message of an error on one short line, without folders, which name the person using this PC."""
    message = str(error).replace(folder, "…").replace(tempfile.gettempdir(), "…")
    if isinstance(error, OSError) and error.filename is not None:
        message = f"{error.strerror}: {Path(os.fsdecode(error.filename)).name}"
    words = " ".join(message.split()) or type(error).__name__
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


@contextlib.contextmanager
def _limited(seconds: float, give_up: Callable[[], object]) -> Iterator[None]:
    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
