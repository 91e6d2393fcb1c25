"""Merging a roster's rows into households: continued lines, relatives of a head, second holders."""

from fuyuan_desk.estates.rules import housing
from fuyuan_desk.formats.names import is_company, name_fault
from fuyuan_desk.roster.reading.row_reader import TableReader
from fuyuan_desk.roster.reading.rows import RosterRow

_HEADS = frozenset(
    ("", "户主", "本人", "业主", "承租人", "产权人", "本户", "户主本人", "head", "self", "owner")
)


def merge_tables(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    """Join continuation lines to the household above and relatives to their head; append second holders."""
    return _second_holders(reader, _relatives(reader, _joined(reader, rows)))


def is_head(relation: str) -> bool:
    """Return whether a relation to the head, as typed, is that of the head."""
    return relation.strip().lower() in _HEADS


def _joined(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    if not reader.table.joined:
        return rows
    kept: list[RosterRow] = []
    for number, row in enumerate(rows):
        if number in reader.table.joined and kept:
            above = kept[-1]
            phones = tuple(dict.fromkeys(above.phones + row.phones))
            remarks = "；".join(dict.fromkeys(filter(None, (above.remarks, row.remarks))))
            kept[-1] = above._replace(phones=phones, remarks=remarks)
        else:
            kept.append(row)
    return kept


def _relatives(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    # in a list of persons, the relation to the head marks the members of one household
    column = reader.one("relation")
    if column is None:
        return rows
    relation = dict(
        zip((number + 1 for number in reader.table.numbers), reader.texts("relation"), strict=True)
    )
    kept: list[RosterRow] = []
    members: dict[int, list[str]] = {}
    for row in rows:
        kin = relation.get(row.row, "").strip().lower()
        if not is_head(kin) and kept and row.name:
            members.setdefault(len(kept) - 1, []).append(f"{row.name}（{kin}）")
        else:
            kept.append(row)
    for index, names in members.items():
        head = kept[index]
        remarks = "；".join(filter(None, (head.remarks, "同住：" + "、".join(names))))
        people = head.people if head.people is not None else 1 + len(names)
        kept[index] = head._replace(people=people, remarks=remarks)
    return kept


def _second_holders(reader: TableReader, rows: list[RosterRow]) -> list[RosterRow]:
    column = reader.one("other_name")
    if column is None:
        return rows
    names, notes = reader.names("other_name")
    phones, papers = reader.phones("other_phone"), reader.papers("other_id")
    indexes = {number + 1: index for index, number in enumerate(reader.table.numbers)}
    role = column.holder or housing.HoldingRole.RENTER
    role = housing.HoldingRole.RENTER if role == housing.HoldingRole.TENANT else role
    more = []
    for row in rows:
        number = indexes[row.row]
        paper = papers[number]
        if not names[number] or names[number] == row.name or row.fault:
            continue
        more.append(
            row._replace(
                name=names[number],
                is_company=is_company(names[number]),
                role=role.value,
                id_kind=paper.kind.value if paper else "",
                id_number=paper.number if paper else "",
                phones=phones[number].numbers,
                people=None,
                vacant=False,
                contact="",
                remarks="；".join(filter(None, (notes[number], phones[number].words))),
                fault=name_fault(names[number]),
            )
        )
    return rows + more
