"""Reading a roster's table into units and their holders, column by column."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules import housing
from fuyuan_desk.formats.names import NAME_LENGTH, name_fault
from fuyuan_desk.formats.phones import Phones
from fuyuan_desk.roster.reading import cells
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.damage import is_error
from fuyuan_desk.roster.reading.documents import number_in
from fuyuan_desk.roster.reading.header_words import match_holder, match_word
from fuyuan_desk.roster.reading.headers import Column, field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.landlords import roles_beside
from fuyuan_desk.roster.reading.person_cells import PersonCells
from fuyuan_desk.roster.reading.places import Place, same_estate, use_by_label, with_street
from fuyuan_desk.roster.reading.rows import ERROR, INFO, RosterRow
from fuyuan_desk.roster.reading.side_people import OTHER_REMARK
from fuyuan_desk.roster.reading.table_cells import LONGEST, Memo
from fuyuan_desk.roster.reading.titles import names_renters
from fuyuan_desk.roster.reading.whose import named_person, whose_number

_DEFAULTS = [RosterRow._field_defaults.get(field) for field in RosterRow._fields]
_NEW_ROW = partial(tuple.__new__, RosterRow)
_LONGEST = {"building": 60, "entrance": 30, "floor": 20, "unit": 60, "lease_no": 60}


class TableReader(PersonCells):
    """Reads one table into rows, given the estate of each place."""

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
        for field in ("since", "vacant", "", *self._without_a_field):
            columns += [
                (column.title or column.letter, self.unprotected(column))
                for column in self.table.of(field)
                if column not in self.of_renter
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

    @property
    def _without_a_field(self) -> list[str]:
        """The fields of columns that add to the fields of others, which this table lacks."""
        fields = [OTHER_REMARK] if self.has_no_second else []
        return fields if self.one("id") else [*fields, "id_kind"]

    def _use_words(self) -> list[str]:
        column = self.one("use")
        memo = Memo(cells.unknown_use)
        return [memo[cell] for cell in self.cells(column)] if column else [""] * self.size

    def _contacts(self, phones: Sequence[Phones]) -> list[str]:
        columns = [self._contacts_of(column) for column in self.table.of("contact")]
        if any(one.others for one in phones):
            columns.append(["、".join(one.others) for one in phones])
        if not columns:
            return [""] * self.size
        return ["、".join(filter(None, texts)) for texts in zip(*columns, strict=True)]

    def _contacts_of(self, column: Column) -> list[str]:
        """Return the cells of a column of contacts, with whose telephone it is unless a column names her."""
        texts, whom = self.plains(column), column.whose or whose_number(column.title)
        named = {named_person(other.title) for other in self.table.of("contact") if other is not column}
        is_number = bool(column.whose) or match_word(column.title)[0] == "phone"
        if not is_number or not whom or whom in named:
            return texts
        return [f"{whom}：{text}" if text else "" for text in texts]

    def _roles(
        self,
        said: list[housing.HoldingRole | None],
        tenures: list[housing.Tenure | None],
        names: Sequence[str],
        places: Sequence[Place],
    ) -> list[str]:
        roles = roles_beside(self, names, said, tenures, places) if self.has_landlord else said
        holder = next((column.holder for column in self.table.of("name")), None)
        # by identity: Python hashes a member of an enumeration by its name
        keys = list(zip(map(id, roles), map(id, tenures), strict=True))
        distinct = dict(zip(keys, zip(roles, tenures, strict=True), strict=True))
        if holder is housing.HoldingRole.OCCUPANT:
            holder = None  # 住户 heads a column of names whoever they are
        if self.has_landlord:
            holder = None
        elif holder is None and names_renters(f"{self.table.sheet} {self.table.title}"):
            holder = housing.HoldingRole.RENTER
        known = {key: _role(role or holder, tenure) for key, (role, tenure) in distinct.items()}
        for role, tenure in distinct.values() if roles is said else set(zip(said, tenures, strict=True)):
            if role is housing.HoldingRole.OWNER and not housing.holder_owns(tenure):
                self._report_no_owner(list(zip(roles, tenures, strict=True)), tenure)
        found = list(map(known.__getitem__, keys))
        for number, share in enumerate(self.own_shares):
            if share and not found[number]:
                found[number] = housing.HoldingRole.OWNER.value  # who has a share owns
        return found

    def _residents(self, said: Sequence[housing.HoldingRole | None]) -> list[str]:
        """Return for each row the word by which it is about a resident of whom nothing says what she is."""
        word = self.table.of_residents
        if not word:
            return [""] * self.size
        shares = self.own_shares or [""] * self.size
        return ["" if role or share else word for role, share in zip(said, shares, strict=True)]

    def _report_no_owner(
        self,
        pairs: Sequence[tuple[housing.HoldingRole | None, housing.Tenure | None]],
        tenure: housing.Tenure | None,
    ) -> None:
        column = self.one("role")
        assert column is not None
        assert tenure is not None
        for number, (cell, pair) in enumerate(zip(self.cells(column), pairs, strict=True)):
            if pair == (housing.HoldingRole.OWNER, tenure) and match_holder(text_of(cell)) == pair[0]:
                message = _("«{text}» contradicts the tenure, {tenure}: recorded as tenant. Check it.")
                self.report(column, number, message.format(text=text_of(cell), tenure=housing.label(tenure)))

    def _uses(self, uses: Sequence[housing.UnitUse | None], found: Sequence[Place]) -> list[str]:
        """Return the use of each row's unit; where no column says it, a parking place by its label is no home."""
        default = _use_of_sheet(self.table)
        if default != housing.UnitUse.HOME.value or all(uses):
            return [use._value_ if use else default for use in uses]
        by_label = {unit: use for unit in {place.unit for place in found} if (use := use_by_label(unit))}
        if by_label:
            self._report_uses(uses, [by_label.get(place.unit) for place in found])
        return [
            use._value_ if use else by_label[place.unit].value if place.unit in by_label else default
            for use, place in zip(uses, found, strict=True)
        ]

    def _report_uses(
        self, uses: Sequence[housing.UnitUse | None], by_label: Sequence[housing.UnitUse | None]
    ) -> None:
        column = self.one("unit") or self.one("address") or self.table.columns[0]
        message = _("By its name this is no home; its use was recorded as “{use}”. Check it.")
        for number, (use, own) in enumerate(zip(uses, by_label, strict=True)):
            if own is not None and use is None:
                self.report(column, number, message.format(use=housing.label(own)))

    def people(self, *, of_renter: bool = False) -> list[tuple[int | None, bool]]:
        """Return how many people live in each home, and whether the cell says that nobody does; a renter's or not."""

        def read(cell: Cell) -> tuple[tuple[int | None, bool], str]:
            count, empty, doubt = cells.read_people(cell)
            return (count, empty), doubt

        blank: tuple[int | None, bool] = (None, False)
        if (self.one("people") in self.of_renter) != of_renter:
            return [blank] * self.size
        return self.read_column("people", read, blank)

    def words_about_renters(self) -> list[str]:
        """Return what the columns about a renter say of each, for her remarks."""
        columns = [
            (column.title, self.unprotected(column)) for column in self.of_renter if column.field != "people"
        ]
        return [
            "；".join(f"{title}：{texts[number]}" for title, texts in columns if texts[number])
            for number in range(self.size)
        ]

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
        papers, paper_words = self.papers("id")
        self.take_noted("name", names, notes, phones)
        for number, note in enumerate(notes if any(notes) else ()):
            if note and papers[number] is None and (paper := number_in(note)):
                papers[number], notes[number] = paper, ""
        people = self.people()
        tenures = self.read_column("tenure", cells.read_tenure, None)
        uses = self.read_column("use", cells.read_use, None)
        roles, role_words = self.roles()
        share_words = self.read_shares()
        dates = self.read_column("topped_up_on", cells.read_date, None)
        vacancies = self._vacancies()
        for number in self.take_states("name", names, notes):
            vacancies[number] = True
        for number, state in self.states.items():
            vacancies[number] = vacancies[number] or cells.is_vacant(state)
        states = [self.states.get(number, "") for number in range(self.size)] if self.states else []
        remarks = self._remarks(
            ("", notes),
            ("", states),
            ("", [phone.words for phone in phones]),
            (self.title("id"), paper_words),
            (self.title("role"), role_words),
            (self.title("share"), share_words),
            (self.title("use"), self._use_words()),
            ("缴款日期", [value if value and len(value) < 10 else "" for value in dates]),
        )
        if column := self.one("tenure"):
            self._report_ambiguous(column)
        own, buildings, entrances, floors, units, streets, *_rest = zip(*found, strict=True)
        homes = list(map(estates.__getitem__, own))
        columns: tuple[Sequence[Any], ...] = (
            [self.table.sheet] * self.size,
            [number + 1 for number in self.table.numbers],
            homes,
            [_with_street(place, building, home, apart) for place, home in zip(found, homes, strict=True)]
            if apart
            else [named or building or home for named, home in zip(buildings, homes, strict=True)],
            [named or entrance for named in entrances] if entrance else entrances,
            [named or floor for named in floors] if floor else floors,
            units,
            names,
            self.companies(names),
            self._roles(roles, tenures, names, found),
            # not `value`, which Python computes anew for each of the rows
            [paper.kind._value_ if paper else "" for paper in papers],
            [paper.number if paper else "" for paper in papers],
            [phone.numbers for phone in phones],
            [tenure._value_ if tenure else "" for tenure in tenures],
            self._uses(uses, found),
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
            self._contacts(phones),
            remarks,
            [""] * self.size,
            streets,
            self._residents(roles),
            *self.more_about_people(),
        )
        defaults = (repeat(value, self.size) for value in _DEFAULTS[len(columns) :])
        # not `_make`, which counts the fields of each row anew
        rows = list(map(_NEW_ROW, zip(*columns, *defaults, strict=True)))
        for number in self.unsure["name"]:
            rows[number] = rows[number]._replace(is_unsure=True)
        self._judge(rows, dict(zip(RosterRow._fields, columns, strict=False)))
        return rows

    def _judge(self, rows: list[RosterRow], columns: Mapping[str, Sequence[Any]]) -> None:
        has_names = self.one("name") is not None
        sound = {
            name
            for name in set(columns["name"])
            if name.isalpha() and not name.isascii() and len(name) <= NAME_LENGTH
        }
        # column by column, as nearly every row is sound
        for number, (name, unit, building) in enumerate(
            zip(columns["name"], columns["unit"], columns["building"], strict=True)
        ):
            if name in sound and (unit or building):
                continue
            if self._name_fault(rows[number], has_names) or not (unit or building):
                self._reject(rows, number, *self._fault(rows[number], has_names))
        for number, column in self.long.items():
            fault = _("This cell is longer than {n} characters. Shorten it.").format(n=LONGEST)
            self._reject(rows, number, column.field, fault)
        for number, column in self.dated.items():
            fault = _(
                "Excel turned this number into a date. Format the column as text and type the number again, such as "
                "3-201."
            )
            self._reject(rows, number, column.field, fault)
        for number, column in self.unclear.items():
            fault = _("This says “as above” and something that was not understood. Write the whole address.")
            self._reject(rows, number, column.field, fault)
        for number in self._struck():
            fault = _("This row is struck through in the file. If it holds, remove the line and import it.")
            self._reject(rows, number, "name", fault)
        for number, column in self.unreadable():
            fault = _("This cell contains a character that cannot be read. Type the text again.")
            if is_error(text := text_of(self.cells(column)[number])):
                fault = _("Excel could not compute this cell ({text}). Type the value.").format(text=text)
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

    def _struck(self) -> list[int]:
        if not self.table.struck:
            return []
        return [number for number, row in enumerate(self.table.numbers) if row in self.table.struck]

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


def _is_empty(cell: Cell, counts_occupants: bool) -> bool:
    if cells.is_vacant(text_of(cell)):
        return True
    answer, _doubt = cells.read_yes(cell)
    return answer is not None and answer != counts_occupants and text_of(cell) != ""


def _role(role: housing.HoldingRole | None, tenure: housing.Tenure | None) -> str:
    if role not in (None, housing.HoldingRole.OWNER):
        return role.value
    if role is None and tenure is None:
        return ""  # nothing says it
    return (housing.HoldingRole.OWNER if housing.holder_owns(tenure) else housing.HoldingRole.TENANT).value


def _use_of_sheet(table: Table) -> str:
    use, _doubt = cells.read_use(table.sheet)
    return use.value if use and use != housing.UnitUse.OTHER else housing.UnitUse.HOME.value
