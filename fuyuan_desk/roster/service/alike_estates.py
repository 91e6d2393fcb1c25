"""Finding the estate of the store that a list calls otherwise, so that its homes are not made a second time."""

from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import listed
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.alike_estates import estate_alike

_ENOUGH = 400  # rows; the rest of a list would not make it another one


class AlikeEstate(NamedTuple):
    """An estate as a list calls it and as the store does; `is_only`: the list names no other one."""

    listed: str
    known: str
    is_only: bool

    @property
    def question(self) -> str:
        """What is asked of it, and how to answer."""
        asked = _(
            "Most homes of this list have the same holders as those of «{known}» in the store: is «{listed}» that "
            "estate? Then import the list with the name «{known}» for its estate; if it is another one, with the name "
            "«{listed}»."
        ).format(known=self.known, listed=self.listed)
        if self.is_only:
            return asked
        apart = _("As the file names several estates, put this one into a file of its own.")
        return _("{told} {more}").format(told=asked, more=apart)


def alike_estate(session: Session, draft: RosterDraft) -> AlikeEstate | None:
    """Return the first estate that a list calls otherwise than the store, by its holders; a clerk's name is hers."""
    names: Mapping[int, str] = {} if draft.is_estate_given else estate_names(session)
    known = set(map(same_estate, names.values()))
    for name in draft.estates if names else ():
        if not name or same_estate(name) in known:
            continue
        of_it = (row for row in draft.rows if row.estate == name and row.name and not row.fault)
        rows: list[RosterRow] = list(islice(of_it, _ENOUGH))
        held = listed.homes_held_by(session, {row.name for row in rows})
        found = estate_alike(name, rows, held, names)
        if found is not None:
            return AlikeEstate(name, names[found], len(draft.estates) == 1)
    return None
