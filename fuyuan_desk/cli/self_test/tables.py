"""The self-test of Excel files and of the process in which foreign files are read."""

import time
from collections.abc import Callable
from pathlib import Path

from fuyuan_desk.cli.self_test.child import beat, echo
from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import CheckFailed

KINDS = ("xls", "xlsx", "xlsb")
_HEADERS = ("门牌", "室号", "面积")
_ROW: list[str | float] = ["1号", "0101", 12.5]
_LIMIT, _TO_END = 3.0, 5.0  # an old disk needs most of the first to begin
_SILENCE = 0.3


def workbooks(folder: Path, samples: Path | None = None) -> str:
    """Read a file of each kind, write one and read it; raise `CheckFailed` where a cell differs."""
    from fuyuan_desk.workbook.writer import Sheet, workbook_bytes

    for kind in KINDS:
        _require_row((samples or paths.resource("workbook")) / f"self-test.{kind}")
    written = folder / "自检 名册.xlsx"
    written.write_bytes(workbook_bytes([Sheet("自检", _HEADERS, [_ROW])], ["自检"]))
    _require_row(written)
    return _("{kinds} read; written and read again").format(kinds=", ".join(f".{kind}" for kind in KINDS))


def _require_row(file: Path) -> None:
    from fuyuan_desk.workbook.reader import read_workbook

    [sheet] = read_workbook(file).sheets
    if sheet.rows[-1] != _ROW:
        raise CheckFailed(_("{file} was not read right").format(file=file.name))


def child_process(folder: Path, endless: Callable[[str], object] = beat, seconds: float = _LIMIT) -> str:
    """Run a task in the process for foreign files, and one without end; raise `CheckFailed` if that is not ended."""
    from fuyuan_desk.process.sandbox import LimitExceeded, run_in_sandbox

    try:
        if run_in_sandbox(echo, "福元台") != "福元台":
            raise CheckFailed(_("the process returns something else"))
    except LimitExceeded:
        raise CheckFailed(_("the process does not start or does not answer")) from None
    trace = folder / "beats"
    started = time.monotonic()
    try:
        run_in_sandbox(endless, str(trace), seconds=seconds)
    except LimitExceeded:
        taken = time.monotonic() - started
    else:
        raise CheckFailed(_("a task without end was not ended"))
    length = trace.stat().st_size if trace.exists() else 0
    time.sleep(_SILENCE)
    if not length:
        raise CheckFailed(_("a task was not begun within {n} s").format(n=round(seconds)))
    if taken > seconds + _TO_END or trace.stat().st_size != length:
        raise CheckFailed(_("a task without end was not ended in time"))
    return _("answers, and is ended after its time limit")
