"""What a job provides to the whole office, without Qt: its records for search, its dues, its sheets, files."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import EVERYONE, Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.search.reasons import Field

if TYPE_CHECKING:
    from fuyuan_desk.paper.document import Printed

_NEAR = 5


@dataclass(frozen=True)
class Record:
    """Functions to find and open the records of a kind.

    `open(controller, id)` shows a record on `page`. `describe(session, ids)` returns title and detail of each for a
    list of hits, masked, without removed records. `by_uid(session, uid)` returns the id of the record with a scanned
    QR code. `found_by(session, ids, today)` returns the fields by which each is found, to say why it is a hit.
    `is_searched`: whether the search box finds the kind.
    """

    kind: Kind
    page: str
    open: Callable[[Any, int], object]
    describe: Callable[[Session, Collection[int]], Mapping[int, tuple[str, str]]]
    by_uid: Callable[[Session, str], int | None] | None = None
    found_by: Callable[[Session, Collection[int], date], Mapping[int, Sequence[Field]]] | None = None
    is_searched: bool = True


@dataclass(frozen=True)
class Dues:
    """What a job reports on the first page: tasks and figures.

    `tables` are those they are read from; `modules` are loaded during sign-in.
    """

    tables: frozenset[str]
    tasks: Callable[[Session, date], Iterable[Task]]
    figures: Callable[[Session, date], Iterable[Figure]] | None = None
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who reads a file, and on which day: a job leaves out or names what this role may not see."""

    role: Role
    today: date


@dataclass(frozen=True)
class FilePart:
    """What a job adds to the file of every home (一户一档) and to that of every estate (一小区一档).

    Each function returns sections with unmasked values that say how personal they are, by the id of the home or the
    estate, inside a running transaction. For roles that are not in `roles` a section with `title`, marked with `N_`,
    says that it is withheld.
    """

    title: str
    of_unit: Callable[[Session, int, Reader], Iterable[Section]] | None = None
    of_estate: Callable[[Session, int, Reader], Iterable[Section]] | None = None
    roles: tuple[Role, ...] = EVERYONE


@dataclass(frozen=True)
class Choice:
    """Selection of sheets to print: an estate's, one case's (by number), or all."""

    estate_id: int | None = None
    estate: str = ""
    case: str | None = None


@dataclass(frozen=True)
class Print:
    """A kind of sheet that the command line prints.

    `collect(seat, choice)` returns the data to draw; several jobs may contribute to one `name`, one of them has
    `draw`, which raises `NotFound` with a message when there is nothing to print.
    """

    name: str
    collect: Callable[[Seat, Choice], Sequence[Any]]
    draw: Callable[[Seat, Sequence[Any], Choice], Printed] | None = None


def similar_names(name: str, known: Sequence[str]) -> str:
    """Return a sentence that lists the known names similar to `name`, or all; '' if there are none."""
    matching = [other for other in known if name and (name in other or other in name)]
    near = matching or difflib.get_close_matches(name, known, _NEAR, 0.3) or list(known)
    if not near:
        return ""
    return " " + _("Known: {names}").format(names=_(", ").join(near[:_NEAR]))
