"""Wrong passwords: a growing pause, and the failures to be logged in the audit trail, both across program starts.

The trail cannot be written while nobody is signed in, so each failure is kept in `attempts.json` beside the store:
its instant, and a keyed digest of the operator name that was typed. They are deleted once the trail holds them.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.files import as_unusable, write_atomically
from fuyuan_desk.core.texts import N_, numbered

FILE = "attempts.json"
_FREE = 3
_LONGEST = timedelta(minutes=5)
_MOST_KEPT = 200


@dataclass(frozen=True)
class Failure:
    """A wrong password; `who` is the digest of the name typed, '' for the recovery code."""

    at: datetime
    who: str


@dataclass(frozen=True)
class Attempts:
    """The number of wrong passwords in a row, the instant of the last, and those not logged in the trail yet.

    `dropped` counts failures beyond the newest `_MOST_KEPT`, of which only the number is kept.
    """

    failures: int = 0
    last: datetime | None = None
    pending: tuple[Failure, ...] = ()
    dropped: int = 0


def pause_after(failures: int) -> timedelta:
    """Return the pause after a number of wrong passwords: none for three, then doubling up to five minutes."""
    if failures < _FREE:
        return timedelta(0)
    return min(_LONGEST, timedelta(seconds=2 ** min(failures - _FREE + 1, 16)))


def remaining(attempts: Attempts, now: datetime) -> timedelta:
    """Return what is left of the pause; a clock set back never makes it shorter."""
    if attempts.last is None:
        return timedelta(0)
    passed = max(now - attempts.last, timedelta(0))
    return max(pause_after(attempts.failures) - passed, timedelta(0))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.astimezone()


def read(folder: Path) -> Attempts:
    """Read the failures; a missing or broken file counts as none."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        pending = tuple(
            Failure(_instant(failure["at"]), str(failure["who"])) for failure in data.get("waiting", ())
        )
        return Attempts(int(data["failures"]), _instant(data["last"]), pending, int(data.get("untold", 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return Attempts()


def refuse_during_pause(folder: Path, now: datetime) -> None:
    """Raise `NotAllowed` while the pause after wrong passwords lasts."""
    known = read(folder)
    left = remaining(known, now)
    if left:
        if known.last is not None and known.last > now:
            # the clock was wrong then or is wrong now: start the pause again instead of waiting until that day
            _write(folder, replace(known, last=now))
        raise NotAllowed(pause_sentence(left))


def pause_sentence(left: timedelta) -> str:
    """Return the refusal during a pause, of which `left` is left."""
    return numbered(
        int(left.total_seconds()) + 1,
        N_("Too many wrong passwords. Please wait {n} second, then try again."),
        N_("Too many wrong passwords. Please wait {n} seconds, then try again."),
    )


def _write(folder: Path, attempts: Attempts) -> None:
    assert attempts.last is not None
    content = {
        "failures": attempts.failures,
        "last": attempts.last.isoformat(),
        "waiting": [{"at": failure.at.isoformat(), "who": failure.who} for failure in attempts.pending],
        "untold": attempts.dropped,
    }
    write_atomically(folder / FILE, json.dumps(content).encode())


def count_failure(folder: Path, now: datetime, who: str | None = None) -> None:
    """Record a wrong password; `who` is a digest, never a name, or None when the trail holds it already."""
    known = read(folder)
    pending = known.pending if who is None else (*known.pending, Failure(now, who))
    dropped = known.dropped + max(len(pending) - _MOST_KEPT, 0)
    _write(folder, Attempts(known.failures + 1, now, pending[-_MOST_KEPT:], dropped))


def reset_failures(folder: Path) -> None:
    """End the pause after a correct password; failures that are not logged yet stay."""
    known = read(folder)
    if not known.pending:
        clear(folder)
    elif known.failures:
        _write(folder, replace(known, failures=0))


def clear(folder: Path) -> None:
    """Delete the failures once the trail holds them."""
    try:
        files.remove(folder / FILE)
    except OSError as problem:
        raise as_unusable(problem, folder / FILE) from problem
