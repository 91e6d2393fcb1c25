"""Lists of residents with a column of their landlords: who of them rents, and who owns her home."""

import re
from collections.abc import Sequence

from fuyuan_desk.core.texts import N_, numbered
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure
from fuyuan_desk.roster.reading.cells import is_blank, listed, text_of
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER
from fuyuan_desk.roster.reading.kin import Kin
from fuyuan_desk.roster.reading.name_cells import names_in
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.roster.reading.table_cells import Memo

_TO_OWNER = re.compile("房东|出租|业主|产权|房主|房屋")
_RENTING = (HoldingRole.RENTER, HoldingRole.TENANT)


def roles_beside(
    reader: PersonCells,
    names: Sequence[str],
    roles: Sequence[HoldingRole | None],
    tenures: Sequence[Tenure | None],
    found: Sequence[Place],
) -> list[HoldingRole | None]:
    """Return the role of each resident: a renter beside a landlord, else the owner, which is told if nothing says it.

    `roles` are those that a column says; where a tenure is given, it decides. Nothing is said of the members of a
    household: they are its head's.
    """
    column = reader.one(OTHER_HOLDER + "name")
    assert column is not None
    memo = Memo(lambda cell: "" if is_blank(text := text_of(cell)) else text)
    landlords = [memo[cell] for cell in reader.cells(column)]
    own, is_used = own_landlords(reader, names), any(landlords)
    let = {
        place[:5]
        for number, (place, text) in enumerate(zip(found, landlords, strict=True))
        if text and number not in own
    }
    kin = reader.kin() or [Kin()] * reader.size
    relation = reader.one("relation")
    is_to_owner = relation is not None and _TO_OWNER.search(relation.title) is not None
    of_renters = any(name.holder in _RENTING for name in reader.table.of("name"))
    settled: list[HoldingRole | None] = []
    guessed = []
    for number, role in enumerate(roles):
        role = role or kin[number].role
        if role is None or (role is HoldingRole.TENANT and landlords[number]):
            if number in own:
                role = HoldingRole.OWNER
            elif is_to_owner and kin[number].relation:
                role = None  # 儿子 below 与房东关系 rents nothing
            elif found[number][:5] in let or of_renters:
                role = HoldingRole.RENTER
            elif is_used and names[number] and kin[number].is_head and tenures[number] is None:
                role = HoldingRole.OWNER
                guessed.append(number)
        settled.append(role)
    if guessed:
        message = numbered(
            len(guessed),
            N_("In {n} row no landlord is named: who lives there was recorded as the owner. Check it."),
            N_(
                "In {n} rows no landlord is named, from this one on: who lives there was recorded as the owner. "
                "Check them."
            ),
        )
        reader.report(column, guessed[0], message)
    return settled


def own_landlords(reader: PersonCells, names: Sequence[str]) -> set[int]:
    """Return the indexes of the rows whose landlord, or one of several, is the resident by name or by 本人."""
    column = reader.one(OTHER_HOLDER + "name")
    assert column is not None
    memo = Memo(lambda cell: frozenset((text_of(cell), *names_in(text_of(cell)))))
    texts = [memo[cell] for cell in reader.cells(column)]
    words = listed("own_landlords")
    return {
        number
        for number, (said, name) in enumerate(zip(texts, names, strict=True))
        if name and (name in said or not words.isdisjoint(said))
    }
