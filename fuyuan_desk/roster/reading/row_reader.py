"""Reading a roster's table into units and their holders, column by column."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import starmap
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules import housing
from fuyuan_desk.formats import id_numbers
from fuyuan_desk.formats.names import NAME_LENGTH, is_company, name_fault, normalize_name
from fuyuan_desk.formats.phones import NO_PHONES, Phones, read_phones
from fuyuan_desk.roster.reading import cells
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.headers import Column, field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.places import Place, same_estate, with_street
from fuyuan_desk.roster.reading.rows import ERROR, INFO, RosterRow
from fuyuan_desk.roster.reading.table_cells import LONGEST, Memo, TableCells

_ROUNDED = 10**15
_NAME_AND_PHONE = re.compile(
    r"([^\d]*[^\d\s:：,，、/（(+\-])[\s:：,，、/（(]*(\+?\d[\d\-\s/、,，]{6,})[)）]?"
)
_SHORTENED = re.compile(r"\d\.\d+E\+?1[0-9]|\d{15,18}\.0+", re.IGNORECASE)
_LONGEST = {"building": 60, "entrance": 30, "floor": 20, "unit": 60, "lease_no": 60}


class TableReader(TableCells):
    """Reads one table into rows, given the estate of each place."""

    def names(self, field: str) -> tuple[list[str], list[str]]:
        """Return the names of a holder's column and the notes in brackets beside them."""
        column = self.one(field)
        if column is None:
            return [""] * self.size, [""] * self.size
        memo = Memo(_read_name)
        read_cells = [memo[cell] for cell in self.cells(column)]
        return [name for name, _note in read_cells], [note for _name, note in read_cells]

    def phones(self, field: str) -> list[Phones]:
        """Return the combined numbers of all telephone columns of a holder."""
        combined: list[Phones] = [NO_PHONES] * self.size
        for index, column in enumerate(self.table.of(field)):
            read_cells = list(map(read_phones, self.cells(column)))
            for number, phones in enumerate(read_cells):
                for doubt in phones.doubts:
                    self.report(column, number, doubt)
            combined = read_cells if index == 0 else [
                _together(first, second) for first, second in zip(combined, read_cells, strict=True)
            ]  # fmt: skip
        return combined

    def papers(self, field: str) -> list[id_numbers.Paper | None]:
        """Return a holder's ID documents; doubtful numbers are kept and reported."""
        column = self.one(field)
        if column is None:
            return [None] * self.size
        papers = []
        for number, cell in enumerate(self.cells(column)):
            paper = (
                id_numbers.parse_id_number(cell)
                if type(cell) is str and len(cell) == 18
                else _read_paper(cell)
            )
            if paper is not None and paper.doubt:
                (self.report if paper.number else self.report_left_out)(column, number, paper.doubt)
                paper = paper if paper.number else None
            papers.append(paper)
        return papers

    def _vacancies(self) -> list[bool]:
        column = self.one("vacant")
        if column is None:
            return [False] * self.size
        counts_occupants = "入住" in column.title
        memo = Memo(lambda cell: _is_empty(cell, counts_occupants))
        return [memo[cell] for cell in self.cells(column)]

    def _remarks(self, *more: tuple[str, list[str]]) -> list[str]:
        # nothing in the roster is lost: unknown columns are added as text
        columns = [("", self.plains(column)) for column in self.table.of("remark")]
        for field in ("since", "vacant", "relation", ""):
            columns += [
                (column.title or column.letter, self.plains(column)) for column in self.table.of(field)
            ]
        columns = [(title, values) for title, values in (*columns, *more) if any(values)]
        if not columns:
            return [""] * self.size
        if len(columns) == 1 and not columns[0][0]:
            return columns[0][1]
        heads = [f"{title}：" if title else "" for title, _values in columns]
        return [
            "；".join(head + value for head, value in zip(heads, values, strict=True) if value)
            for values in zip(*(values for _title, values in columns), strict=True)
        ]

    def _contacts(self) -> list[str]:
        columns = [self.plains(column) for column in self.table.of("contact")]
        if not columns:
            return [""] * self.size
        return ["、".join(filter(None, texts)) for texts in zip(*columns, strict=True)]

    def _roles(
        self, roles: list[housing.HoldingRole | None], tenures: list[housing.Tenure | None]
    ) -> list[str]:
        holder = next((column.holder for column in self.table.of("name")), None)
        pairs = list(zip(roles, tenures, strict=True))
        if holder is housing.HoldingRole.OCCUPANT:
            holder = None  # 住户 heads a column of names whoever they are
        known = {(role, tenure): _role(role or holder, tenure) for role, tenure in set(pairs)}
        return [known[pair] for pair in pairs]

    def _people(self) -> list[tuple[int | None, bool]]:
        def read(cell: Cell) -> tuple[tuple[int | None, bool], str]:
            count, empty, doubt = cells.read_people(cell)
            return (count, empty), doubt

        blank: tuple[int | None, bool] = (None, False)
        return self.read_column("people", read, blank)

    def _report_ambiguous(self, column: Column) -> None:
        memo = Memo(cells.is_ambiguous_tenure)
        seen: set[str] = set()
        for number, cell in enumerate(self.cells(column)):
            if memo[cell] and (text := text_of(cell)) not in seen:
                seen.add(text)
                tenure, _doubt = cells.read_tenure(cell)
                assert tenure is not None
                meaning = _("«{text}» was interpreted as: {tenure}. Check it.").format(
                    text=text, tenure=housing.label(tenure)
                )
                self.report(column, number, meaning, INFO)

    # ---- rows ----

    def read(
        self,
        found: list[Place],
        estates: Mapping[str, str],
        apart: Collection[str],
        building: str,
        entrance: str,
        floor: str,
    ) -> list[RosterRow]:
        """Read all rows.

        `estates` maps each estate of `found`, the result of `find_places`, to its name; in those named in `apart` the
        buildings keep their streets. `building`, `entrance` and `floor` are the defaults for rows without one.
        """
        if not self.size:
            return []
        names, notes = self.names("name")
        phones = self.phones("phone")
        papers = self.papers("id")
        for number, note in enumerate(notes if any(notes) else ()):
            if note and note[-1].isdigit() and (noted := read_phones(note)).numbers and not noted.doubts:
                phones[number], notes[number] = _together(phones[number], noted), ""
        people = self._people()
        tenures = self.read_column("tenure", cells.read_tenure, None)
        uses = self.read_column("use", cells.read_use, None)
        roles = self.read_column("role", cells.read_role, None)
        dates = self.read_column("topped_up_on", cells.read_date, None)
        vacancies = self._vacancies()
        empty = cells.listed("vacant")
        if not empty.isdisjoint(names):  # 空关 in place of a name
            for number, name in enumerate(names):
                if name in empty:
                    names[number], notes[number], vacancies[number] = "", name, True
        default_use = _use_of_sheet(self.table)
        remarks = self._remarks(
            ("", notes),
            ("", [phone.words for phone in phones]),
            ("缴款日期", [value if value and len(value) < 10 else "" for value in dates]),
        )
        if column := self.one("tenure"):
            self._report_ambiguous(column)
        homes = [estates[place.estate] for place in found]
        columns = (
            [self.table.sheet] * self.size,
            [number + 1 for number in self.table.numbers],
            homes,
            [_with_street(place, building, home, apart) for place, home in zip(found, homes, strict=True)],
            [place.entrance or entrance for place in found],
            [place.floor or floor for place in found],
            [place.unit for place in found],
            names,
            list(map(is_company, names)),
            self._roles(roles, tenures),
            # not `value`, which Python computes anew for each of the rows
            [paper.kind._value_ if paper else "" for paper in papers],
            [paper.number if paper else "" for paper in papers],
            [phone.numbers for phone in phones],
            [tenure._value_ if tenure else "" for tenure in tenures],
            [use._value_ if use else default_use for use in uses],
            self.numbers("area", cells.read_area),
            self.numbers("inner_area", cells.read_area),
            [count for count, _empty in people],
            [
                empty or (listed and not count)
                for (count, empty), listed in zip(people, vacancies, strict=True)
            ],
            self.numbers("fund_first", cells.read_money),
            self.numbers("fund_balance", cells.read_money),
            self.read_column("topped_up", cells.read_yes, None),
            list(map(cells.whole_date, dates)),
            self.plains(lease) if (lease := self.one("lease_no")) else [""] * self.size,
            self._contacts(),
            remarks,
            [""] * self.size,
            [place.street for place in found],
        )
        rows = list(starmap(RosterRow, zip(*columns, strict=True)))
        self._judge(rows, dict(zip(RosterRow._fields, columns, strict=False)))
        return rows

    def _judge(self, rows: list[RosterRow], columns: Mapping[str, Sequence[Any]]) -> None:
        has_names = self.one("name") is not None
        for number, row in enumerate(rows):
            name = row.name
            sound = name.isalpha() and len(name) <= NAME_LENGTH
            if (sound or not self._name_fault(row, has_names)) and (row.unit or row.building):
                continue
            self._reject(rows, number, *self._fault(row, has_names))
        for number, column in self.long.items():
            fault = _("This cell is longer than {n} characters. Shorten it.").format(n=LONGEST)
            self._reject(rows, number, column.field, fault)
        for number, column in self.unreadable():
            fault = _("This cell contains a character that cannot be read. Type the text again.")
            self._reject(rows, number, column.field, fault)
        for field, most in _LONGEST.items():
            texts: Sequence[str] = columns[field]
            if max(map(len, set(texts))) <= most:
                continue
            fault = _("«{field}» is longer than {n} characters. Shorten it.").format(
                field=field_label(field), n=most
            )
            for number, text in enumerate(texts):
                if len(text) > most and not rows[number].fault:
                    self._reject(rows, number, field, fault)

    def _reject(self, rows: list[RosterRow], number: int, field: str, fault: str) -> None:
        column = self.one(field) or self.table.columns[0]
        if number not in self.table.joined:
            self.report(column, number, fault, ERROR)
        rows[number] = rows[number]._replace(fault=fault)

    def _name_fault(self, row: RosterRow, has_names: bool) -> str:
        if row.name:
            return name_fault(row.name)
        # a unit without a holder is valid; a telephone or an ID number without a name is not
        return name_fault("") if has_names and (row.phones or row.id_number) else ""

    def _fault(self, row: RosterRow, has_names: bool) -> tuple[str, str]:
        if fault := self._name_fault(row, has_names):
            return "name", fault
        field = "unit" if self.one("unit") else "address"
        return field, _("The address is missing. Enter the building and the room or part.")


def _with_street(place: Place, default: str, estate: str, apart: Collection[str]) -> str:
    """Return the label of a row's building, with its street where the estate has several."""
    building = place.building or default
    if estate in apart and place.street and same_estate(place.street) != same_estate(estate):
        return with_street(place.street, building)
    return building or estate


# ---- single cells ----


def _read_name(cell: Cell) -> tuple[str, str]:
    text = text_of(cell)
    if len(text) < 5 and cells.is_blank(text):
        return "", ""
    if not text.isalpha() and (found := _NAME_AND_PHONE.fullmatch(text)):
        return normalize_name(found[1]), found[2]
    name = normalize_name(text)
    if name.endswith(("）", ")")) and not is_company(name):
        head, _bracket, note = name[:-1].replace("(", "（").partition("（")
        if head and note:
            return head.strip(), note
    return name, ""


def _read_paper(cell: Cell) -> id_numbers.Paper | None:
    if isinstance(cell, (float, int)) and not isinstance(cell, bool) and cell >= _ROUNDED:
        # Excel keeps only 15 digits of a number
        return _rounded_paper()
    text = text_of(cell)
    if len(text) < 5 and cells.is_blank(text):
        return None
    if _SHORTENED.fullmatch(text):
        return _rounded_paper()
    return id_numbers.parse_id_number(text)


def _rounded_paper() -> id_numbers.Paper:
    doubt = _("Excel has rounded this ID number. Format the column as text and type the number again.")
    return id_numbers.Paper(id_numbers.IdKind.OTHER, "", doubt)


def _is_empty(cell: Cell, counts_occupants: bool) -> bool:
    if cells.is_vacant(text_of(cell)):
        return True
    answer, _doubt = cells.read_yes(cell)
    return answer is not None and answer != counts_occupants and text_of(cell) != ""


def _together(first: Phones, second: Phones) -> Phones:
    if not second.numbers and not second.words:
        return first
    words = "、".join(filter(None, (first.words, second.words)))
    return Phones(tuple(dict.fromkeys(first.numbers + second.numbers)), words)


def _role(role: housing.HoldingRole | None, tenure: housing.Tenure | None) -> str:
    if role not in (None, housing.HoldingRole.OWNER):
        return role.value
    if role is None and tenure is None:
        return ""  # nothing says it
    return (housing.HoldingRole.OWNER if housing.holder_owns(tenure) else housing.HoldingRole.TENANT).value


def _use_of_sheet(table: Table) -> str:
    use, _doubt = cells.read_use(table.sheet)
    return use.value if use and use != housing.UnitUse.OTHER else housing.UnitUse.HOME.value
