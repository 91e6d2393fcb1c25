"""A growing pause after wrong passwords, remembered across starts of the program."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fuyuan_desk.errors import NotAllowed
from fuyuan_desk.files import in_words, write_atomically
from fuyuan_desk.texts import _

FILE = "attempts.json"
_FREE = 3
_LONGEST = timedelta(minutes=5)


@dataclass(frozen=True)
class Attempts:
    """How many wrong passwords came in a row, and when the last one."""

    failures: int = 0
    last: datetime | None = None


def pause_after(failures: int) -> timedelta:
    """Give the pause that follows a number of wrong passwords: none for three, then doubling to five minutes."""
    if failures < _FREE:
        return timedelta(0)
    return min(_LONGEST, timedelta(seconds=2 ** min(failures - _FREE + 1, 16)))


def remaining(attempts: Attempts, now: datetime) -> timedelta:
    """Give what is left of the pause; a clock set back does not shorten it below the full pause."""
    if attempts.last is None:
        return timedelta(0)
    passed = max(now - attempts.last, timedelta(0))
    return max(pause_after(attempts.failures) - passed, timedelta(0))


def read(folder: Path) -> Attempts:
    """Read the count; a missing or broken file counts as none."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        last = datetime.fromisoformat(data["last"])
        return Attempts(int(data["failures"]), last if last.tzinfo is not None else last.astimezone())
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Attempts()


def refuse_during_pause(folder: Path, now: datetime) -> None:
    """Raise `NotAllowed` while the pause after wrong passwords lasts."""
    known = read(folder)
    left = remaining(known, now)
    if left:
        if known.last is not None and known.last > now:
            # the clock was wrong then or is wrong now: the pause begins anew instead of lasting until that day
            _write(folder, Attempts(known.failures, now))
        seconds = int(left.total_seconds()) + 1
        raise NotAllowed(
            _("Too many wrong passwords. Please wait {seconds} seconds, then try again.").format(
                seconds=seconds
            )
        )


def _write(folder: Path, attempts: Attempts) -> None:
    assert attempts.last is not None
    content = json.dumps({"failures": attempts.failures, "last": attempts.last.isoformat()})
    write_atomically(folder / FILE, content.encode())


def count_failure(folder: Path, now: datetime) -> None:
    """Remember one more wrong password."""
    _write(folder, Attempts(read(folder).failures + 1, now))


def forget(folder: Path) -> None:
    """Start counting anew after a right password."""
    try:
        (folder / FILE).unlink(missing_ok=True)
    except OSError as problem:
        raise in_words(problem, folder / FILE) from problem
