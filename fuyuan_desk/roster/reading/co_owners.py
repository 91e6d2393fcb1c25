"""Giving everybody named in one cell what belongs to them: telephones, documents, shares."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole, label
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.formats.id_numbers import IdKind, Paper
from fuyuan_desk.formats.names import is_company, name_fault
from fuyuan_desk.roster.reading.both_titles import begins_with_second
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.documents import number_in
from fuyuan_desk.roster.reading.people import Named
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.phone_cells import beside_name
from fuyuan_desk.roster.reading.rows import INFO, RosterPerson, RosterRow
from fuyuan_desk.roster.rules.persons import is_renting

_OWNING = ("", HoldingRole.OWNER)


def with_everybody(reader: PersonCells, rows: list[RosterRow]) -> tuple[list[RosterRow], list[RosterRow]]:
    """Return the rows with all people, documents and shares of cells that contain several, and who lives apart.

    A renter named beside the holder, or the holder beside her, has a row of her own.
    """
    more = []
    for number in sorted({*reader.named["name"], *reader.further["id"], *reader.shares}):
        rows[number], apart = together_in(reader, number, rows[number], "")
        more += apart
    return rows, more


def together_in(
    reader: PersonCells, number: int, row: RosterRow, prefix: str
) -> tuple[RosterRow, list[RosterRow]]:
    """Return a row with everybody in its cell of names; `prefix` is that of a second holder's fields, or "".

    Telephones and documents go to one each if there are as many in one cell as names; else they stay with the holder.
    Who is in another role is returned apart, each with a row of her own.
    """
    named = reader.named[prefix + "name"].get(number, ())
    papers = _papers(reader, number, row, prefix, named)
    row = _in_role(reader, number, row, prefix, named[0].role if named else "")
    if len(named) < 2:
        own = papers[0]
        share = named[0].share if named else ""
        row = row._replace(
            role=row.role or (HoldingRole.OWNER.value if share else ""),
            of_residents="" if share else row.of_residents,
            share=share or row.share,
            papers=row.papers + tuple((paper.kind.value, paper.number) for paper in own[1:]),
        )
        return _checked(reader, number, row), []
    phones = _phones(reader, number, row, prefix, named)
    shares = _shares(reader, number, named) if not prefix else ["" for _one in named]
    roles = [_role_beside(one.role, row.role) for one in named]
    others = [
        _person(row, one, phones[place], papers[place], shares[place])
        for place, one in enumerate(named)
        if place and not roles[place]
    ]
    apart = [
        row_of(row, _person(row, one, phones[place], papers[place], ""), roles[place])
        for place, one in enumerate(named)
        if place and roles[place]
    ]
    first = papers[0][0] if papers[0] else None
    kept = [person for person in others if not name_fault(person.name)]
    row = row._replace(
        phones=phones[0],
        id_kind=first.kind.value if first else "",
        id_number=first.number if first else "",
        papers=tuple((paper.kind.value, paper.number) for paper in papers[0][1:]),
        share=shares[0],
        role=row.role or (HoldingRole.OWNER.value if any(shares) else ""),
        of_residents="" if any(shares) else row.of_residents,
        persons=row.persons + tuple(kept),
    )
    column = reader.one(prefix + "name")
    assert column is not None
    for one in named[1:]:
        if noted := beside_name(one.note, one.name):
            said = (f"{one.name}的{other}" for other in noted.others)
            row = row._replace(contact="、".join(filter(None, (row.contact, *said))))
            for doubt in noted.doubts:
                reader.report(column, number, doubt)
    if len(kept) < len(others):
        names = "、".join(person.name for person in others if person not in kept)
        reader.report(column, number, _("Not all of this are names; the rest was added to the remarks."))
        row = row._replace(remarks="；".join(filter(None, (row.remarks, names))))
    if apart:
        message = _(
            "One of these holds the home in another way, as a renter does beside the owner, and became a household of "
            "her own. Check it."
        )
        reader.report(column, number, message, INFO)
    elif named[0].role and not all(one.role or one.relation or one.share for one in named):
        message = _(
            "Only of the first of these it is said what she is; the others were taken for co-owners. Check it."
        )
        reader.report(column, number, message)
    return _checked(reader, number, row), apart


def _in_role(reader: PersonCells, number: int, row: RosterRow, prefix: str, role: str) -> RosterRow:
    """Return a row in the role that a word beside its holder's name says, unless the list says another one.

    A heading such as 业主 is for the whole list: who is called a renter in a cell below it (租：王芳) is one.
    """
    if role:
        row = row._replace(of_residents="")
    if not role or role == row.role:
        return row
    if not row.role:
        return row._replace(role=role)
    column = reader.one(prefix + "name")
    assert column is not None
    # of 王芳（租）、李新 below 业主 the second need not live with the first
    is_plain = reader.said_role(number) is None and all(
        one.role for one in reader.named[column.field][number]
    )
    followed, message = (
        row,
        _(
            "The word beside the name says «{role}», the list says «{other}»; the list was followed. Check it."
        ),
    )
    if is_plain and is_renting(role):
        followed, message = (
            row._replace(role=role),
            _(
                "The word beside the name says «{role}», the list says «{other}»; the word was followed. Check it."
            ),
        )
    said, other = (label(HoldingRole(code)) for code in (role, row.role))
    reader.report(column, number, message.format(role=said, other=other))
    return followed


def _role_beside(role: str, other: str) -> str:
    """Return the role in which somebody named beside a holder has a household of her own; "" if they are one."""
    if not role or role == other:
        return ""
    # as a second holder in a column of her own, who holds from the first is a renter
    return (HoldingRole.RENTER if role == HoldingRole.TENANT else HoldingRole(role)).value


def row_of(row: RosterRow, person: RosterPerson, role: str) -> RosterRow:
    """Return the row of somebody who is a household of her own in the home of another row."""
    return row._replace(
        name=person.name,
        is_company=is_company(person.name),
        role=role,
        of_residents="",
        id_kind=person.id_kind,
        id_number=person.id_number,
        phones=person.phones,
        papers=person.papers,
        remarks=person.remarks,
        fault=row.fault or name_fault(person.name),
        people=None,
        vacant=False,
        contact="",
        share="",
        registered_at="",
        lives_here=None,
        other_ids=(),
        tags=(),
        persons=(),
        is_unsure=False,
    )


def _person(
    row: RosterRow, one: Named, phones: tuple[str, ...], papers: Sequence[Paper], share: str
) -> RosterPerson:
    noted, note = beside_name(one.note, one.name), one.note
    if noted is not None:
        phones, note = tuple(dict.fromkeys(phones + noted.numbers)), noted.words
    elif not papers and (paper := number_in(note)):
        papers, note = (paper,), ""
    owns = row.role in _OWNING or bool(share)
    return RosterPerson(
        one.name,
        one.relation or (Relation.CO_OWNER if owns else Relation.FLATMATE).value,
        share,
        papers[0].kind.value if papers else "",
        papers[0].number if papers else "",
        phones,
        tuple((paper.kind.value, paper.number) for paper in papers[1:]),
        remarks=note,
    )


def _phones(
    reader: PersonCells, number: int, row: RosterRow, prefix: str, named: Sequence[Named]
) -> list[tuple[str, ...]]:
    """Return everybody's telephone numbers, in the order of the names."""
    found: list[tuple[str, ...]] = [() for _one in named]
    given: set[str] = set()
    for column in reader.table.of(prefix + "phone"):
        phones = reader.phones_in(column, number)
        if len(phones.numbers) == len(named):
            names = phones.words.split("、")
            order = (
                names if sorted(names) == sorted(one.name for one in named) else [one.name for one in named]
            )
            for name, phone in zip(order, phones.numbers, strict=True):
                place = next(place for place, one in enumerate(named) if one.name == name)
                found[place] += (phone,)
            given.update(phones.numbers)
            if sorted(names) != sorted(order):
                message = _(
                    "One of the telephone numbers was given to each of the names, in their order. Check it."
                )
                reader.report(column, number, message, INFO)
        elif (
            len(phones.numbers) == 1
            and named[0].role != named[1].role
            and begins_with_second(text_of(reader.cells(column)[number]))
        ):
            found[1] += phones.numbers
            given.update(phones.numbers)
        elif phones.numbers:
            message = _(
                "The telephone numbers are not as many as the names; they were kept with the first one."
            )
            reader.report(column, number, message, INFO)
    # beside the name, or not in the same number as the names
    found[0] = tuple(dict.fromkeys(found[0] + tuple(phone for phone in row.phones if phone not in given)))
    return found


def _papers(
    reader: PersonCells, number: int, row: RosterRow, prefix: str, named: Sequence[Named]
) -> list[tuple[Paper, ...]]:
    """Return everybody's documents, in the order of the names; the first one's are those of a single name."""
    several = reader.further[prefix + "id"].get(number, ())
    if len(named) > 1 and len(several) == len(named):
        return [(paper,) for paper in several]
    own = several or ((Paper(IdKind(row.id_kind), row.id_number),) if row.id_number else ())
    column = reader.one(prefix + "id")
    if own and len(named) > 1 and column is not None:
        message = _("The ID numbers are not as many as the names; they were kept with the first one.")
        reader.report(column, number, message, INFO)
    return [own, *((),) * max(len(named) - 1, 0)]


def _shares(reader: PersonCells, number: int, named: Sequence[Named]) -> list[str]:
    """Return everybody's share: beside the names, or from the column of shares."""
    own = [one.share for one in named]
    cell = reader.shares.get(number)
    if cell is None:
        return own
    fitting: list[str] = []
    if cell.names == ("各",) and len(cell.shares) == 1:
        fitting = [cell.shares[0] for _one in named]
    elif len(cell.shares) == len(named):
        by_name = dict(zip(cell.names, cell.shares, strict=True))
        fitting = [by_name.get(one.name, "") for one in named]
        fitting = fitting if all(fitting) else list(cell.shares)
    if fitting and (fitting == own or not any(own)):
        return fitting
    column = reader.one("share")
    assert column is not None
    message = _("These shares do not fit the names; they were not imported. Enter them at the home.")
    reader.report(column, number, message, is_lost=True)
    return own


def _checked(reader: PersonCells, number: int, row: RosterRow) -> RosterRow:
    """Return a row without its shares if they are more than the whole, which is told."""
    shares = (row.share, *(person.share for person in row.persons))
    total = _total(shares)
    if total <= 1:
        return row
    column = reader.one("share") or reader.one("name")
    assert column is not None
    message = _("The shares add up to {total}, more than the whole; they were not imported.")
    reader.report(column, number, message.format(total=total), is_lost=True)
    persons = tuple(person._replace(share="") for person in row.persons)
    names = (row.name, *(person.name for person in persons))
    written = "、".join(f"{name} {share}" for name, share in zip(names, shares, strict=True) if share)
    remarks = "；".join(filter(None, (row.remarks, f"份额：{written}")))
    return row._replace(share="", persons=persons, remarks=remarks)


@lru_cache(maxsize=1_024)  # most homes are divided alike
def _total(shares: tuple[str, ...]) -> Fraction:
    return sum(map(Fraction, filter(None, shares)), Fraction(0))


def as_person(row: RosterRow, relation: str, remarks: str = "") -> RosterPerson:
    """Return a row's holder as somebody of another row's household."""
    return RosterPerson(
        row.name,
        relation,
        row.share,
        row.id_kind,
        row.id_number,
        row.phones,
        row.papers,
        row.registered_at,
        row.lives_here,
        other_ids=row.other_ids,
        remarks="；".join(filter(None, (row.remarks, remarks))),
        tags=row.tags,
    )
