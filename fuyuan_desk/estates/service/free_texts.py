"""Free texts as whoever reads them may: residents are masked for all who may not reveal them, and on paper.

Every text of a visit or a work order that is shown, listed, found, exported or printed comes by here.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import REVEALERS
from fuyuan_desk.access.seat import role_in
from fuyuan_desk.estates.catalogue import name_words
from fuyuan_desk.estates.records import Household, Person
from fuyuan_desk.estates.rules.free_texts import Mask, Names, is_looked_for, without_residents


class FreeTexts:
    """What masks the texts of a use; `printed`: they leave the office, whoever reads them here.

    Who lives or lived in an estate is read once, when its first text is masked.
    """

    def __init__(self, session: Session, *, printed: bool = False) -> None:
        self._session = session
        self._residents: dict[int, Names] = {}
        self.is_open = not printed and role_in(session) in REVEALERS

    def of(self, estate_id: int, people: Iterable[str] = (), phones: Iterable[str] = ()) -> Mask:
        """Return the mask of texts of an estate, in which these people and numbers are known besides its residents."""
        if self.is_open:
            return str
        known, numbers = Names.of(people), tuple(phones)

        def mask(text: str) -> str:
            if not text:
                return text
            return without_residents(text, name_words(), (self._residents_of(estate_id), known), numbers)

        return mask

    def _residents_of(self, estate_id: int) -> Names:
        if estate_id not in self._residents:
            heads = select(Household.head).where(
                Household.estate_id == estate_id, Household.is_company.is_(False)
            )
            others = select(Person.name).join(Household, Household.id == Person.household_id)
            names = {
                *self._session.scalars(heads),
                *self._session.scalars(others.where(Household.estate_id == estate_id)),
            }
            told = (name for name in names if is_looked_for(name, name_words()))
            self._residents[estate_id] = Names.of(told)
        return self._residents[estate_id]
