"""Lists with a row for each owner: the rows of one home become a household with co-owners."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.roster.reading.cells import listed
from fuyuan_desk.roster.reading.co_owners import as_person
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.members import Merging, home_of
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.rows import INFO, RosterRow
from fuyuan_desk.roster.rules.persons import is_renting, is_same_holder

_OWNING = ("", HoldingRole.OWNER)
_JOINT = "共有"


def with_co_owners(reader: PersonCells, rows: list[RosterRow]) -> list[RosterRow]:
    """Return the rows of a table without relations with the owners of each home in one row, in a list of owners.

    Rows of a home that differ in what its owners have in common stay households.
    """
    if reader.is_cloud or reader.member is not None or reader.one("relation") is not None:
        return rows
    if not _lists_owners(reader.table):
        return rows
    homes: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.name and not row.fault and not is_renting(row.role):
            homes[home_of(row, index, is_cloud=False)].append(index)
    shared = [own for numbers in homes.values() if len(own := _distinct(rows, numbers)) > 1]
    if not shared:
        return rows
    merging = Merging(reader, {number + 1: line for line, number in enumerate(reader.table.numbers)})
    gone: set[int] = set()
    for first, *others in shared:
        owners = [rows[number] for number in others]
        if _own_together([rows[first], *owners]):
            message = _(
                "This home has a row for each owner: the first one is the holder, the others are co-owners."
            )
            merging.report(rows[first], message, INFO)
            rows[first] = _merged(merging, rows[first], owners)
            gone.update(others)
    return [row for number, row in enumerate(rows) if number not in gone]


def _distinct(rows: Sequence[RosterRow], numbers: Sequence[int]) -> list[int]:
    """Return the rows of a home that do not repeat the holder of an earlier one."""
    found: list[int] = []
    for number in numbers:
        if not any(is_same_holder(rows[number], rows[other]) for other in found):
            found.append(number)
    return found


def _lists_owners(table: Table) -> bool:
    """Return whether a table says that it lists owners: by shares, or in the title of its names or its own."""
    name = next(iter(table.of("name")), None)
    titles = (table.sheet, table.title, name.title if name is not None else "")
    return bool(table.of("share")) or any(word in title for word in listed("owner_lists") for title in titles)


def _own_together(rows: Sequence[RosterRow]) -> bool:
    """Return whether rows of a home are of its owners: they agree, and have shares or no telephones of their own."""
    if any(row.role not in _OWNING for row in rows) or len({row.area for row in rows if row.area}) > 1:
        return False
    if len({row.lease_no for row in rows if row.lease_no}) > 1:
        return False
    if all(row.share for row in rows):
        return sum(Fraction(row.share) for row in rows) <= 1
    return all(_JOINT in row.remarks for row in rows) or len({row.phones for row in rows if row.phones}) < 2


def _merged(merging: Merging, head: RosterRow, others: Sequence[RosterRow]) -> RosterRow:
    persons = list(head.persons)
    facts: dict[str, Any] = {}
    for row in others:
        persons += [as_person(row, Relation.CO_OWNER.value), *row.persons]
        merging.complete(head, row, facts)
    return head._replace(persons=tuple(persons), role=HoldingRole.OWNER.value, **facts)
