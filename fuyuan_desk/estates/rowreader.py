"""The rows of a roster's table read into households, column by column; every doubt told with its row and cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeVar

from fuyuan_desk.estates import cells, places, rules
from fuyuan_desk.estates.cells import Cell, text_of
from fuyuan_desk.estates.headers import Column, field_label
from fuyuan_desk.estates.phones import NO_PHONES, Phones, read_phones
from fuyuan_desk.estates.tables import Table
from fuyuan_desk.texts import _

ERROR, WARNING, INFO = "error", "warning", "info"
_HEADS = frozenset(
    ("", "户主", "本人", "业主", "承租人", "产权人", "本户", "户主本人", "head", "self", "owner")
)
_ROUNDED = 10**15
_FILLED_DOWN = ("estate", "road", "lane", "building", "entrance", "floor")
_LONGEST = {"building": 60, "entrance": 30, "floor": 20, "unit": 60, "lease_no": 60}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at in a roster: `row` as Excel counts, `column` its letter, the cell's text, and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    severity: str = WARNING


class RosterRow(NamedTuple):
    """One household and its unit, read; areas in 0.01 m², money in fen. `fault` says why it cannot be imported."""

    sheet: str
    row: int
    estate: str
    building: str
    entrance: str
    floor: str
    unit: str
    name: str
    is_company: bool
    role: str
    id_kind: str
    id_number: str
    phones: tuple[str, ...]
    tenure: str
    use: str
    area: int | None
    inner_area: int | None
    people: int | None
    vacant: bool
    fund_first: int | None
    fund_balance: int | None
    topped_up: bool | None
    topped_up_on: date | None
    lease_no: str
    contact: str
    remarks: str
    fault: str = ""


class _Memo(dict[Cell, T]):
    """Reads each distinct cell once; in a roster most cells repeat others."""

    def __init__(self, read: Callable[[Cell], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> T:
        value = self[cell] = self._read(cell)
        return value


class TableReader:
    """Reads one table; `problems` gathers what to look at, `addresses` the estates that a column names."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.size = len(table.rows)
        self.problems: list[Problem] = []
        self.addresses: dict[str, str] = {}
        self._width = max((column.index for column in table.columns), default=0) + 1
        self._rows = [
            row if len(row) >= self._width else [*row, *[""] * (self._width - len(row))] for row in table.rows
        ]

    # ---- columns ----

    def _cells(self, column: Column) -> list[Cell]:
        index = column.index
        return [row[index] for row in self._rows]

    def _one(self, field: str) -> Column | None:
        return next(iter(self.table.of(field)), None)

    def texts(self, field: str) -> list[str]:
        """Give the texts of the field's column; blanks where there is no such column."""
        column = self._one(field)
        if column is None:
            return [""] * self.size
        return list(map(text_of, self._cells(column)))

    def _told(self, column: Column, number: int, message: str, severity: str = WARNING) -> None:
        row = self.table.numbers[number] + 1
        value = text_of(self._rows[number][column.index])
        self.problems.append(Problem(self.table.sheet, row, column.letter, value, message, severity))

    def _read(self, field: str, read: Callable[[Cell], tuple[T, str]], blank: T) -> list[T]:
        column = self._one(field)
        if column is None:
            return [blank] * self.size
        memo = _Memo(read)
        read_cells = [memo[cell] for cell in self._cells(column)]
        for number, (_value, doubt) in enumerate(read_cells):
            if doubt:
                self._told(column, number, doubt)
        return [value for value, _doubt in read_cells]

    # ---- places ----

    def find_places(self) -> list[places.Place]:
        """Give each row's place; blank cells of buildings and what contains them say the same as those above."""
        columns = {field: self.texts(field) for field in (*_FILLED_DOWN, "address", "unit")}
        columns["building"] = self._with_sections(columns["building"])
        changed = self._fill_down(columns)
        if columns["address"] and self._one("unit") is not None:
            columns["address"] = _filled(columns["address"])
        self._fill_units(columns["unit"], changed)
        title = next((column.title for column in self.table.of("building")), "")
        suffix = places.building_suffix(title)
        bases = map(
            places.find_base,
            columns["road"], columns["lane"], columns["address"], columns["building"], columns["entrance"],
            [suffix] * self.size,
        )  # fmt: skip
        found = list(map(places.find_place, bases, columns["unit"], columns["floor"]))
        return self._named_estates(found, columns["estate"])

    def _named_estates(self, found: list[places.Place], estates: list[str]) -> list[places.Place]:
        if self._one("estate") is None:
            return found
        named = {text: places.compact(text) if not text.isascii() else text for text in set(estates) if text}
        for place, estate in zip(found, estates, strict=True):
            if estate:
                self.addresses[named[estate]] = self.addresses.get(named[estate]) or place.estate
        return [
            places.in_estate(place, named[estate]) if estate else place
            for place, estate in zip(found, estates, strict=True)
        ]

    def _with_sections(self, buildings: list[str]) -> list[str]:
        if not any(self.table.section):
            return buildings
        return [own or section for own, section in zip(buildings, self.table.section, strict=True)]

    def _fill_down(self, columns: dict[str, list[str]]) -> list[bool]:
        # a level is filled from above as long as the levels around it stay the same
        changed = [False] * self.size
        for field in _FILLED_DOWN:
            values = columns[field]
            if "" not in values or not any(values):
                new = [first != second for first, second in pairwise(values)]
            else:
                last, new = values[0], []
                for number in range(1, self.size):
                    if values[number]:
                        new.append(values[number] != last)
                        last = values[number]
                    else:
                        last = values[number] = "" if changed[number] else last
                        new.append(False)
            if new:
                changed = [before or now for before, now in zip(changed, [False, *new], strict=True)]
        return changed

    def _fill_units(self, units: list[str], changed: list[bool]) -> None:
        # a row without number and room goes on with the room above: a second household in it
        if self._one("seq") is None or "" not in units:
            return
        numbers = self.texts("seq")
        for number in range(1, self.size):
            if not units[number] and not numbers[number] and not changed[number]:
                units[number] = units[number - 1]

    # ---- holders ----

    def names(self, field: str) -> tuple[list[str], list[str]]:
        """Give the names of a holder's column and the words that stood in brackets beside them."""
        column = self._one(field)
        if column is None:
            return [""] * self.size, [""] * self.size
        memo = _Memo(_read_name)
        read_cells = [memo[cell] for cell in self._cells(column)]
        return [name for name, _note in read_cells], [note for _name, note in read_cells]

    def phones(self, field: str) -> list[Phones]:
        """Give the numbers of all telephone columns of a holder together."""
        told: list[Phones] = [NO_PHONES] * self.size
        for place, column in enumerate(self.table.of(field)):
            read_cells = list(map(read_phones, self._cells(column)))
            for number, phones in enumerate(read_cells):
                for doubt in phones.doubts:
                    self._told(column, number, doubt)
            told = read_cells if place == 0 else [
                _together(first, second) for first, second in zip(told, read_cells, strict=True)
            ]  # fmt: skip
        return told

    def papers(self, field: str) -> list[rules.Paper | None]:
        """Give the ID papers of a holder; numbers in doubt are kept and told."""
        column = self._one(field)
        if column is None:
            return [None] * self.size
        papers = []
        for number, cell in enumerate(self._cells(column)):
            paper = _read_paper(cell)
            if paper is not None and paper.doubt:
                self._told(column, number, paper.doubt)
                paper = paper if paper.number else None
            papers.append(paper)
        return papers

    def _vacancies(self) -> list[bool]:
        column = self._one("vacant")
        if column is None:
            return [False] * self.size
        asked_for_living = "入住" in column.title
        memo = _Memo(lambda cell: _is_empty(cell, asked_for_living))
        return [memo[cell] for cell in self._cells(column)]

    def _remarks(self, *more: tuple[str, Sequence[str]]) -> list[str]:
        # nothing that stands in the roster is lost: columns that are not known stay as words
        columns: list[tuple[str, Sequence[str]]] = [
            ("", [_plain(cell) for cell in self._cells(column)]) for column in self.table.of("remark")
        ]
        for field in ("since", "vacant", "relation"):
            if column := self._one(field):
                columns.append((_title(column), [_plain(cell) for cell in self._cells(column)]))
        for column in self.table.of(""):
            columns.append((_title(column), [_plain(cell) for cell in self._cells(column)]))
        columns += more
        columns = [(title, values) for title, values in columns if any(values)]
        if not columns:
            return [""] * self.size
        if len(columns) == 1 and not columns[0][0]:
            return list(columns[0][1])
        heads = [f"{title}：" if title else "" for title, _values in columns]
        return [
            "；".join(head + value for head, value in zip(heads, values, strict=True) if value)
            for values in zip(*(values for _title, values in columns), strict=True)
        ]

    # ---- rows ----

    def read(self) -> list[RosterRow]:
        """Read all rows; households of a second holder come last, continued lines join the household above."""
        if not self.size:
            return []
        found = self.find_places()
        names, notes = self.names("name")
        phones = self.phones("phone")
        papers = self.papers("id")
        people = self._people()
        tenures = self._read("tenure", cells.read_tenure, None)
        uses = self._read("use", cells.read_use, None)
        roles = self._read("role", cells.read_role, None)
        contacts = self._contacts()
        dates = self._read("topped_up_on", cells.read_date, None)
        vacancies = self._vacancies()
        holder = next((column.holder for column in self.table.of("name")), None)
        default_use = _use_of_sheet(self.table)
        remarks = self._remarks(
            ("", notes), ("", [phone.words for phone in phones]),
            ("缴款日期", [value if value and cells.whole_date(value) is None else "" for value in dates]),
        )  # fmt: skip
        if column := self._one("tenure"):
            self._tell_unsure(column)
        rows = list(
            map(
                RosterRow._make,
                zip(
                    [self.table.sheet] * self.size,
                    [number + 1 for number in self.table.numbers],
                    [place.estate for place in found],
                    [place.building for place in found],
                    [place.entrance for place in found],
                    [place.floor for place in found],
                    [place.unit for place in found],
                    names,
                    [rules.is_company(name) for name in names],
                    [_role(role or holder, tenure) for role, tenure in zip(roles, tenures, strict=True)],
                    [paper.kind.value if paper else "" for paper in papers],
                    [paper.number if paper else "" for paper in papers],
                    [phone.numbers for phone in phones],
                    [tenure.value if tenure else "" for tenure in tenures],
                    [use.value if use else default_use for use in uses],
                    self._read("area", cells.read_area, None),
                    self._read("inner_area", cells.read_area, None),
                    [count for count, _empty in people],
                    [
                        empty or (told and not count)
                        for (count, empty), told in zip(people, vacancies, strict=True)
                    ],
                    self._read("fund_first", cells.read_money, None),
                    self._read("fund_balance", cells.read_money, None),
                    self._read("topped_up", cells.read_yes, None),
                    [cells.whole_date(value) for value in dates],
                    [_plain(text) for text in self.texts("lease_no")],
                    contacts,
                    remarks,
                    [""] * self.size,
                    strict=True,
                ),
            )
        )
        return self._second_holders(self._relatives(self._joined(self._judged(rows))))

    def _contacts(self) -> list[str]:
        columns = [[_plain(cell) for cell in self._cells(column)] for column in self.table.of("contact")]
        if not columns:
            return [""] * self.size
        return ["、".join(filter(None, texts)) for texts in zip(*columns, strict=True)]

    def _people(self) -> list[tuple[int | None, bool]]:
        def read(cell: Cell) -> tuple[tuple[int | None, bool], str]:
            count, empty, doubt = cells.read_people(cell)
            return (count, empty), doubt

        blank: tuple[int | None, bool] = (None, False)
        return self._read("people", read, blank)

    def _tell_unsure(self, column: Column) -> None:
        memo = _Memo(cells.tenure_is_unsure)
        seen: set[str] = set()
        for number, cell in enumerate(self._cells(column)):
            if memo[cell] and (text := text_of(cell)) not in seen:
                seen.add(text)
                tenure, _doubt = cells.read_tenure(cell)
                assert tenure is not None
                meaning = _("«{text}» was read as: {tenure}. Check it.").format(
                    text=text, tenure=rules.label(tenure)
                )
                self._told(column, number, meaning, INFO)

    def _judged(self, rows: list[RosterRow]) -> list[RosterRow]:
        judged = []
        for number, row in enumerate(rows):
            field, fault = self._fault(row)
            if not fault:
                field, fault = _too_long(row)
            if fault:
                column = next(iter(self.table.of(field)), None) or self.table.columns[0]
                if number not in self.table.joined:
                    self._told(column, number, fault, ERROR)
                row = row._replace(fault=fault)
            judged.append(row)
        return judged

    def _fault(self, row: RosterRow) -> tuple[str, str]:
        if row.name:
            fault = (
                "" if row.name.isalpha() and len(row.name) < rules.NAME_LENGTH else rules.name_fault(row.name)
            )
        elif self._one("name") is not None and (row.phones or row.id_number):
            fault = rules.name_fault("")
        else:
            fault = ""
        if fault:
            return "name", fault
        if not row.unit and not row.building:
            field = "unit" if self._one("unit") else "address"
            return field, _("The place is missing. Enter the building and the room or part.")
        return "", ""

    def _joined(self, rows: list[RosterRow]) -> list[RosterRow]:
        if not self.table.joined:
            return rows
        kept: list[RosterRow] = []
        for number, row in enumerate(rows):
            if number in self.table.joined and kept:
                above = kept[-1]
                phones = tuple(dict.fromkeys(above.phones + row.phones))
                remarks = "；".join(dict.fromkeys(filter(None, (above.remarks, row.remarks))))
                kept[-1] = above._replace(phones=phones, remarks=remarks)
            else:
                kept.append(row)
        return kept

    def _relatives(self, rows: list[RosterRow]) -> list[RosterRow]:
        # a roster of persons names the head's relation to each: they are one household
        column = self._one("relation")
        if column is None:
            return rows
        relation = dict(
            zip((number + 1 for number in self.table.numbers), self.texts("relation"), strict=True)
        )
        kept: list[RosterRow] = []
        members: dict[int, list[str]] = {}
        for row in rows:
            told = relation.get(row.row, "").strip().lower()
            if told not in _HEADS and kept and row.name:
                members.setdefault(len(kept) - 1, []).append(f"{row.name}（{told}）")
            else:
                kept.append(row)
        for place, names in members.items():
            head = kept[place]
            remarks = "；".join(filter(None, (head.remarks, "同住：" + "、".join(names))))
            people = head.people if head.people is not None else 1 + len(names)
            kept[place] = head._replace(people=people, remarks=remarks)
        return kept

    def _second_holders(self, rows: list[RosterRow]) -> list[RosterRow]:
        column = self._one("other_name")
        if column is None:
            return rows
        names, notes = self.names("other_name")
        phones, papers = self.phones("other_phone"), self.papers("other_id")
        places_ = {number + 1: place for place, number in enumerate(self.table.numbers)}
        role = column.holder or rules.HoldingRole.RENTER
        role = rules.HoldingRole.RENTER if role == rules.HoldingRole.TENANT else role
        more = []
        for row in rows:
            number = places_[row.row]
            paper = papers[number]
            if not names[number] or names[number] == row.name or row.fault:
                continue
            more.append(
                row._replace(
                    name=names[number],
                    is_company=rules.is_company(names[number]),
                    role=role.value,
                    id_kind=paper.kind.value if paper else "",
                    id_number=paper.number if paper else "",
                    phones=phones[number].numbers,
                    people=None,
                    vacant=False,
                    contact="",
                    remarks="；".join(filter(None, (notes[number], phones[number].words))),
                    fault=rules.name_fault(names[number]),
                )
            )
        return rows + more


# ---- single cells ----


def _filled(values: list[str]) -> list[str]:
    last, filled = "", []
    for value in values:
        last = value or last
        filled.append(last)
    return filled


def _plain(cell: Cell) -> str:
    text = text_of(cell)
    return "" if len(text) < 5 and cells.is_blank(text) else text


def _title(column: Column) -> str:
    return column.title or column.letter


def _read_name(cell: Cell) -> tuple[str, str]:
    text = text_of(cell)
    if len(text) < 5 and cells.is_blank(text):
        return "", ""
    name = rules.clean_name(text)
    if name.endswith(("）", ")")) and not rules.is_company(name):
        head, _bracket, note = name[:-1].replace("(", "（").partition("（")
        if head and note:
            return head.strip(), note
    return name, ""


def _read_paper(cell: Cell) -> rules.Paper | None:
    if isinstance(cell, float | int) and not isinstance(cell, bool) and cell >= _ROUNDED:
        # Excel keeps 15 digits of a number; what follows them is not what was typed
        doubt = _("Excel has rounded this ID number. Format the column as text and type the number again.")
        return rules.Paper(rules.IdKind.OTHER, "", doubt)
    text = text_of(cell)
    if len(text) < 5 and cells.is_blank(text):
        return None
    return rules.read_paper(text)


def _is_empty(cell: Cell, asked_for_living: bool) -> bool:
    if cells.is_vacant(text_of(cell)):
        return True
    answer, _doubt = cells.read_yes(cell)
    return answer is not None and answer != asked_for_living and text_of(cell) != ""


def _together(first: Phones, second: Phones) -> Phones:
    if not second.numbers and not second.words:
        return first
    words = "、".join(filter(None, (first.words, second.words)))
    return Phones(tuple(dict.fromkeys(first.numbers + second.numbers)), words)


def _role(role: rules.HoldingRole | None, tenure: rules.Tenure | None) -> str:
    if role in (rules.HoldingRole.RENTER, rules.HoldingRole.TENANT):
        return role.value
    return (rules.HoldingRole.OWNER if rules.holder_owns(tenure) else rules.HoldingRole.TENANT).value


def _use_of_sheet(table: Table) -> str:
    use, _doubt = cells.read_use(table.sheet)
    return use.value if use and use != rules.UnitUse.OTHER else rules.UnitUse.HOME.value


def _too_long(row: RosterRow) -> tuple[str, str]:
    for field, most in _LONGEST.items():
        if len(getattr(row, field)) > most:
            return field, _("«{field}» is longer than {n} signs. Shorten it.").format(
                field=field_label(field), n=most
            )
    return "", ""
