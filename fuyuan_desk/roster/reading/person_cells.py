"""The columns of a roster's table that are about people: names, telephones, documents, roles, relations, shares."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.id_numbers import IdKind, Paper, parse_id_number
from fuyuan_desk.formats.names import half_width, is_company
from fuyuan_desk.formats.phones import NO_PHONES, Phones, read_phones
from fuyuan_desk.roster.reading import cells
from fuyuan_desk.roster.reading.both_titles import both_in, read_both
from fuyuan_desk.roster.reading.cells import WORDS, text_of
from fuyuan_desk.roster.reading.documents import is_rounded, read_papers
from fuyuan_desk.roster.reading.guess import holds_ids
from fuyuan_desk.roster.reading.header_words import match_word, normal_header
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.kin import Kin, Standing, kin_reader, marks_heads, read_standing
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.name_cells import read_beside, read_names
from fuyuan_desk.roster.reading.no_names import Said, said_by, usual_name
from fuyuan_desk.roster.reading.ownership import ShareCell, read_shares
from fuyuan_desk.roster.reading.people import NameCell, Named, with_noted
from fuyuan_desk.roster.reading.phone_cells import beside_name, told_apart
from fuyuan_desk.roster.reading.rows import INFO
from fuyuan_desk.roster.reading.side_people import KIN_REMARK, OTHER_REMARK
from fuyuan_desk.roster.reading.table_cells import Memo, TableCells, plain

CLOUD = "社区云"
MEMBER = "member_name"
SECOND_NAME = OTHER_HOLDER + "name"
_UNKNOWN = ("", KIN_REMARK, OTHER_REMARK)
_CO_OWNER = "共有"
_ABOUT_RENTER = frozenset(("", "since", "people"))
_RENTING = re.compile("租|同住")
_OF_SECOND = (OTHER_HOLDER + "phone", OTHER_HOLDER + "id")
_HEADS = ("户主", "业主", "产权人", "承租人", "房主", "权利人")
_ID_LENGTH, _LONGEST_ID, _LONGEST_PLACE = 18, 60, 200
_RESIDENT = IdKind.RESIDENT  # to look a member up in its class for each row takes long
_PERSON_NUMBERS = {"person_uuid": "UUID", "residence_no": "居住ID"}
_HOME_NUMBERS = {"home_no": "房屋ID"}
Ids = tuple[tuple[str, str], ...]


class PersonCells(TableCells):
    """The columns of one table that are about people.

    `unsure` are, by the field, the indexes of rows whose holder's name may be none.
    `named`, `further` and `shares` are by the index of the row what only few rows have: everybody of a cell that names
    several, by the field; all documents of a cell with several, by the field; the shares of several. `own_shares` are
    the other shares, one for each row; [] without a column of shares.
    `member`: the column that names other people of a household beside its head.
    `co_owner`: the column of co-owners; `renters_member`: that of people who live with a second holder.
    `is_cloud`: the table is an export of 社区云, with a row for each person.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        _find_head_mark(table)
        self.member = _find_member(table)
        self.co_owner = _find_co_owner(table)
        self.renters_member: Column | None = None
        second = next(iter(table.of(SECOND_NAME)), None)
        if self.member is not None and second is not None and second.index < self.member.index:
            self.renters_member, self.member = self.member, None
        self.named: dict[str, dict[int, tuple[Named, ...]]] = {"name": {}, SECOND_NAME: {}}
        self.further: dict[str, dict[int, tuple[Paper, ...]]] = {"id": {}, OTHER_HOLDER + "id": {}}
        self.unsure: dict[str, set[int]] = {"name": set(), SECOND_NAME: set()}
        self.shares: dict[int, ShareCell] = {}
        self.is_cloud = bool(table.of("person_uuid") and (table.of("residence_no") or table.of("home_no")))
        self._phones: dict[int, list[Phones]] = {}
        self._unprotected: dict[int, list[str]] = {}
        self._standings: list[Standing] = []
        self.own_shares: list[str] = []

    def title(self, field: str) -> str:
        """Return the title of a field's column, to stand before its words in the remarks."""
        column = self.one(field)
        return (column.title or column.letter) if column else ""

    @property
    def has_no_second(self) -> bool:
        """Whether no second holder becomes somebody with remarks of her own."""
        return self.one(SECOND_NAME) is None or self.shares_columns

    def unprotected(self, column: Column) -> list[str]:
        """Return the texts of a column for remarks, which everybody may read: a document's number is masked there."""
        if column.index not in self._unprotected:
            texts = self.plains(column)
            if column.field in _UNKNOWN and holds_ids(column.title, self.cells(column)):
                texts = [masked_cell("id", text) for text in texts]
            self._unprotected[column.index] = texts
        return self._unprotected[column.index]

    def said_in(self, columns: Sequence[Column], number: int, whom: str = "") -> list[str]:
        """Return what columns say in a row, each behind its title; without `whom` for the remarks of that person."""
        said = []
        for column in columns:
            title = column.title.removeprefix(whom) or column.letter
            is_plain = bool(whom) and match_word(title)[0] == "remark"
            if text := self.unprotected(column)[number]:
                said.append(text if is_plain else f"{title}：{text}")
        return said

    # ---- names, telephones, documents ----

    def names(self, field: str, holders: Sequence[str] = ()) -> tuple[list[str], list[str]]:
        """Return the first name of each cell of a holder's column, and what else stands there.

        `holders` are those beside whom the cells stand: 本人 means them.
        """
        column = self.one(field)
        if column is None:
            return [""] * self.size, [""] * self.size
        memo = Memo(_reader_of(column.title))
        read = [memo[cell] for cell in self.cells(column)]
        if holders:
            beside = map(read_beside, self.cells(column), holders)
            read = [own or cell for own, cell in zip(beside, read, strict=True)]
        if any(cell.everybody or cell.doubt for cell in (read if holders else memo.values())):
            for number, cell in enumerate(read):
                if cell.everybody:
                    self.named[field][number] = cell.everybody
                if cell.doubt:
                    self.report(column, number, cell.doubt)
                elif cell.by_blanks:
                    message = _("The blank was taken to part two names. Check it.")
                    self.report(column, number, message, INFO)
        found = [cell.name for cell in read]
        if field == "name" and self.member is not None:
            self._fill_heads(found)
        if field == "name" and self.shares_columns:
            self._add_co_owners(read, found)
        return found, [cell.note for cell in read]

    def take_states(self, field: str, names: list[str], notes: list[str]) -> list[int]:
        """Move what is no name, such as 空关 or 出租, from the names to the notes; return the rows of empty homes.

        What may be no name is told, and its rows are in `unsure`.
        """
        column = self.one(field)
        is_usual = usual_name().fullmatch  # nearly every one of a roster
        odd = {
            name: said
            for name in set(names)
            if not is_usual(name) and (said := said_by(name)) is not Said.NAME
        }
        if column is None:
            return []
        self._doubt_others(field, column)
        empty = []
        for number, name in enumerate(names if odd else ()):
            if name not in odd:
                continue
            if odd[name] in (Said.VACANT, Said.STATE):
                names[number], notes[number] = "", "、".join(filter(None, (name, notes[number])))
            if odd[name] is Said.VACANT:
                empty.append(number)
            elif odd[name] is Said.STATE:
                message = _("«{text}» is no name: nobody is recorded for this home.")
                self.report(column, number, message.format(text=name))
            else:
                self.unsure[field].add(number)
                self.report(column, number, unsure_name())
        return empty

    def _doubt_others(self, field: str, column: Column) -> None:
        """Tell of everybody behind the first of a cell whose name may be none: 霍光明、新疆."""
        for number, everybody in self.named[field].items():
            if any(said_by(one.name) is not Said.NAME for one in everybody[1:]):
                self.unsure[field].add(number)
                self.report(column, number, unsure_name())

    @property
    def of_renter(self) -> list[Column]:
        """The columns behind a renter's name that are about her by their titles: 租期, 同住人数; [] if nobody rents."""
        first, second = self.one("name"), self.one(SECOND_NAME)
        if first is None or second is None or second is self.co_owner or second.index < first.index:
            return []
        if self.has_landlord:
            return []
        return [
            column
            for column in self.table.columns
            if column.index > second.index and column.field in _ABOUT_RENTER and _RENTING.search(column.title)
        ]

    @property
    def has_landlord(self) -> bool:
        """Whether the owner of each home stands beside who lives there: 姓名, 房东."""
        second = self.one(SECOND_NAME)
        return second is not None and second is not self.co_owner and second.holder is HoldingRole.OWNER

    @property
    def shares_columns(self) -> bool:
        """Whether co-owners stand in a column of their own, and all other columns are about everybody."""
        return (
            self.co_owner is not None
            and not self.one(OTHER_HOLDER + "phone")
            and not self.one(OTHER_HOLDER + "id")
        )

    def _add_co_owners(self, owners: Sequence[NameCell], names: list[str]) -> None:
        assert self.co_owner is not None
        memo = Memo(read_names)
        for number, cell in enumerate(self.cells(self.co_owner)):
            more = memo[cell]
            if not more.name or more.name == names[number]:
                continue
            if more.doubt:
                self.report(self.co_owner, number, more.doubt)
            own = owners[number].everybody or (Named(names[number], "", owners[number].note),)
            everybody = (
                *(own if names[number] else ()),
                *(more.everybody or (Named(more.name, "", more.note),)),
            )
            names[number] = everybody[0].name
            if len(everybody) > 1:
                self.named["name"][number] = everybody

    def _fill_heads(self, heads: list[str]) -> None:
        # the head stands in the first row only of her home
        assert self.member is not None
        homes = self.texts("unit" if self.one("unit") else "address")
        for number, member in enumerate(self.plains(self.member)):
            if number and member and not heads[number] and homes[number] in ("", homes[number - 1]):
                heads[number], homes[number] = heads[number - 1], homes[number - 1]

    def phones(self, field: str) -> list[Phones]:
        """Return the combined numbers of all telephone columns of a holder."""
        combined: list[Phones] = [NO_PHONES] * self.size
        for index, column in enumerate(self.table.of(field)):
            read_cells = self._phones[column.index] = self._phones_of(field, column)
            for number, phones in enumerate(read_cells):
                for doubt in phones.doubts:
                    self.report(column, number, doubt)
            combined = read_cells if index == 0 else [
                together(first, second) for first, second in zip(combined, read_cells, strict=True)
            ]  # fmt: skip
        return combined

    def take_noted(self, field: str, names: Sequence[str], notes: list[str], phones: list[Phones]) -> None:
        """Move the telephone numbers that stand with the names to the `phones`, and what else to the `notes`."""
        column = self.one(field)
        for number, note in enumerate(notes if column is not None else ()):
            if not note or (noted := beside_name(note, names[number])) is None:
                continue
            assert column is not None
            for doubt in noted.doubts:
                self.report(column, number, doubt)
            phones[number] = together(phones[number], noted._replace(words="", doubts=()))
            notes[number] = noted.words

    def _phones_of(self, field: str, column: Column) -> list[Phones]:
        texts = self.cells(column)
        read = [read_phones(cell if type(cell) is str else text_of(cell)) for cell in texts]
        if any(phones.words for phones in read):
            holders = self.texts(field.removesuffix("phone") + "name")
            for number, phones in enumerate(read):
                if phones.words:
                    read[number] = told_apart(text_of(texts[number]), phones, holders[number])
        return read

    def papers(self, field: str) -> tuple[list[Paper | None], list[str]]:
        """Return a holder's first ID document in each cell, and what else stands there; doubtful ones are reported."""
        words = [""] * self.size
        column = self.one(field)
        if column is None:
            return [None] * self.size, words
        papers: list[Paper | None] = []
        has_kinds = field == "id" and self.one("id_kind") is not None
        kinds = self.read_column("id_kind", cells.read_id_kind, "") if has_kinds else [""] * self.size
        for number, cell in enumerate(self.cells(column)):
            if type(cell) is str and len(cell) == _ID_LENGTH and not has_kinds:
                paper = parse_id_number(cell)
                if paper.kind is _RESIDENT and not paper.doubt:
                    papers.append(paper)
                    continue
            read = read_papers(cell, kinds[number])
            for doubt in read.lost:
                self.report_left_out(column, number, doubt)
            for doubt in read.doubts:
                self.report(column, number, doubt)
            words[number] = read.words
            papers.append(read.papers[0] if read.papers else None)
            if len(read.papers) > 1:
                self.further[field][number] = read.papers
        return papers, words

    # ---- roles and relations ----

    def roles(self) -> tuple[list[HoldingRole | None], list[str]]:
        """Return the role that a column says of each row, and its words for the remarks."""
        column = self.one("role")
        if column is None:
            return [None] * self.size, [""] * self.size
        memo = Memo(read_standing)
        self._standings = [memo[cell] for cell in self.cells(column)]
        told: set[str] = set()
        for number, standing in enumerate(self._standings):
            if standing.doubt:
                self.report(column, number, standing.doubt)
            elif standing.words and standing.words not in told:
                told.add(standing.words)
                message = _("«{text}» says more than owner or tenant; it was added to the remarks.")
                self.report(column, number, message.format(text=standing.words), INFO)
        words = [standing.words for standing in self._standings]
        return [standing.role for standing in self._standings], words

    def companies(self, names: Sequence[str]) -> list[bool]:
        """Return whose names are those of companies, by the name or by the column of roles (身份：公司)."""
        found = list(map(is_company, names))
        for number, standing in enumerate(self._standings):
            found[number] = found[number] or (standing.is_company and bool(names[number]))
        return found

    def kin(self) -> list[Kin]:
        """Return what each row's person is to the head; [] if no column says it of anybody."""
        column = self.one("relation")
        if column is not None:
            memo = Memo(kin_reader(column.title))
            return [memo[cell] for cell in self.cells(column)]
        if any(standing.relation for standing in self._standings):
            return [
                Kin(standing.relation, not standing.relation, standing.role, "", bool(standing.relation))
                for standing in self._standings
            ]
        return [Kin()] * self.size if self.is_cloud else []

    def said_role(self, number: int) -> HoldingRole | None:
        """Return the role that the column of roles says of a row."""
        return self._standings[number].role if self._standings else None

    # ---- shares ----

    def read_shares(self) -> list[str]:
        """Read the column of shares, and return its words for the remarks; those of several owners are in `shares`."""
        column = self.one("share")
        if column is None:
            return [""] * self.size
        is_percent = "%" in half_width(column.title)
        memo = Memo(lambda cell: read_shares(cell, is_percent))
        read = [memo[cell] for cell in self.cells(column)]
        several = self.named["name"]
        self.own_shares = [cell.shares[0] if len(cell.shares) == 1 else "" for cell in read]
        for number, cell in enumerate(read):
            if cell.doubt:
                self.report(column, number, cell.doubt)
            if len(cell.shares) > 1 or (cell.shares and number in several):
                self.shares[number] = cell
                self.own_shares[number] = ""
        return [cell.words for cell in read]

    # ---- what few rosters have ----

    def more_about_people(self) -> tuple[Sequence[Any], ...]:
        """Return the columns of `RosterRow` from `share` to `unit_ids`; () if the table has none of them."""
        fields = ("share", "registered_at", "lives_here", *_PERSON_NUMBERS, *_HOME_NUMBERS)
        if not any(map(self.one, fields)):
            return ()
        return (
            self.own_shares or [""] * self.size,
            [()] * self.size,
            self._registered(),
            self.read_column("lives_here", cells.read_living, None),
            self._numbers_elsewhere(_PERSON_NUMBERS),
            self._numbers_elsewhere(_HOME_NUMBERS),
        )

    def _registered(self) -> list[str]:
        def read(cell: cells.Cell) -> tuple[str, str]:
            text = plain(cell)
            if len(text) <= _LONGEST_PLACE:
                return text, ""
            return "", _("This address is longer than {n} characters. Shorten it.").format(n=_LONGEST_PLACE)

        return self.read_column("registered_at", read, "")

    def _numbers_elsewhere(self, fields: dict[str, str]) -> list[Ids]:
        found: list[Ids] = [()] * self.size
        for field, name in fields.items():
            column = self.one(field)
            if column is None:
                continue
            system = f"{CLOUD} {name}" if self.is_cloud else column.title
            for number, cell in enumerate(self.cells(column)):
                text = plain(cell)
                doubt = ""
                if is_rounded(cell):
                    doubt = _("Excel has rounded this number. Format the column as text and type it again.")
                elif len(text) > _LONGEST_ID:
                    doubt = _("This number is longer than {n} characters.").format(n=_LONGEST_ID)
                if doubt:
                    self.report_left_out(column, number, doubt)
                elif text:
                    found[number] += ((system, text),)
        return found

    def phones_in(self, column: Column, number: int) -> Phones:
        """Return the telephone numbers of one cell of a column that `phones` read."""
        return self._phones[column.index][number]


def _reader_of(title: str) -> Callable[[cells.Cell], NameCell]:
    """Return what reads the cells below a title of names."""
    if both := both_in(title):
        return partial(read_both, both=both)
    return _read_co_owners if _CO_OWNER in half_width(title) else read_names


def _read_co_owners(cell: cells.Cell) -> NameCell:
    return with_noted(read_names(cell))


def _find_member(table: Table) -> Column | None:
    """Return the column that names other people beside the head, and make it one of that field; None for none."""
    name = next(iter(table.of("name")), None)
    words = paths.read_json(*WORDS)["members"]
    of_head = name is not None and any(word in name.title for word in _HEADS)
    titles = {*words["always"], *(words["beside"] if of_head and table.of("relation") else ())}
    for place, column in enumerate(table.columns):
        is_free = column.field in ("", SECOND_NAME) and column is not name
        if column.field == MEMBER or (name and is_free and normal_header(column.title) in titles):
            table.columns[place] = replace(column, field=MEMBER)
            return table.columns[place]
    return None


def _find_head_mark(table: Table) -> None:
    """Make a column that marks the head (户主标识) one of relations, unless there is one."""
    for place, column in enumerate(table.columns if not table.of("relation") else ()):
        if not column.field and marks_heads(column.title):
            table.columns[place] = replace(column, field="relation")
            return


def _find_co_owner(table: Table) -> Column | None:
    """Return the column of co-owners; columns behind it that name nobody are the holder's if she has none herself."""
    found = next((column for column in table.of(SECOND_NAME) if _CO_OWNER in column.title), None)
    for place, column in enumerate(table.columns if found else ()):
        own = column.field.removeprefix(OTHER_HOLDER)
        if column.field in _OF_SECOND and _CO_OWNER not in column.title and not table.of(own):
            table.columns[place] = replace(column, field=own)
    return found


def unsure_name() -> str:
    """Return what is told of a text in place of a name that may be none."""
    return _(
        "This may be no name, or several: it begins with no usual surname or is too long. It was taken as a name; "
        "correct it if it is none."
    )


def together(first: Phones, second: Phones) -> Phones:
    """Return the numbers and words of two cells."""
    if not (second.numbers or second.words or second.others):
        return first
    words = "、".join(filter(None, (first.words, second.words)))
    numbers = tuple(dict.fromkeys(first.numbers + second.numbers))
    return Phones(numbers, words, others=first.others + second.others)
