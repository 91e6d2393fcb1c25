"""What a job answers for the whole office, without a screen: its records for a search, its dues, its sheets."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import _
from fuyuan_desk.paper.document import Printed

_NEAR = 5


@dataclass(frozen=True)
class Record:
    """How records of a kind are found and opened.

    `open(controller, id)` shows one on `page`. `describe(session, ids)` returns title and detail of each for a list
    of hits, masked, without those that are gone. `by_uid(session, uid)` finds the id of the record whose QR code was
    scanned.
    """

    kind: Kind
    page: str
    open: Callable[[Any, int], object]
    describe: Callable[[Session, Collection[int]], Mapping[int, tuple[str, str]]]
    by_uid: Callable[[Session, str], int | None] | None = None


@dataclass(frozen=True)
class Dues:
    """What a job reports on the first page: things to do, and figures.

    `tables` are those they are read from; `modules` are loaded while somebody signs in.
    """

    tables: frozenset[str]
    tasks: Callable[[Session, date], Iterable[Task]]
    figures: Callable[[Session, date], Iterable[Figure]] | None = None
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Whose sheets are to be printed: an estate's, one case's (by number), or all."""

    estate_id: int | None = None
    estate: str = ""
    case: str | None = None


@dataclass(frozen=True)
class Print:
    """A kind of sheet that the command line prints.

    `collect(seat, choice)` returns what is drawn; several jobs may contribute to one `name`, one of them has `draw`,
    which raises `NotFound` in words when there is nothing.
    """

    name: str
    collect: Callable[[Seat, Choice], Sequence[Any]]
    draw: Callable[[Seat, Sequence[Any], Choice], Printed] | None = None


def known_near(wanted: str, known: Sequence[str]) -> str:
    """Return a sentence that names what comes near to `wanted`, or what there is at all; '' when there is nothing."""
    holding = [name for name in known if wanted and (wanted in name or name in wanted)]
    near = holding or difflib.get_close_matches(wanted, known, _NEAR, 0.3) or list(known)
    if not near:
        return ""
    return " " + _("Known: {names}").format(names=_(", ").join(near[:_NEAR]))
