"""What is told of a table besides its cells: columns that are unknown or guessed, and text between households; pure."""

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.answers import about_answers
from fuyuan_desk.roster.reading.cells import listed
from fuyuan_desk.roster.reading.choosing import is_landlord
from fuyuan_desk.roster.reading.guess import holds_ids
from fuyuan_desk.roster.reading.header_words import SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, column_letter, field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.money import unsaid_money
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem
from fuyuan_desk.roster.reading.titles import names_renters
from fuyuan_desk.roster.reading.whose import (
    is_somebody_else,
    named_person,
    names_nobody,
    numbered_person,
    whose_number,
)


def about_columns(table: Table) -> list[Problem]:
    """Return what is told of the columns of a table."""
    problems = []
    row = (table.header_rows[-1] if table.header_rows else table.numbers[0]) + 1
    fields = {column.field for column in table.columns}
    for column in table.columns:
        if column.guessed:
            message = _("This column was recognised as “{field}” by its content. Check it.")
            problems.append(
                Problem(
                    table.sheet,
                    row,
                    column.letter,
                    column.title,
                    message.format(field=field_label(column.field)),
                )
            )
        elif not column.field and holds_ids(
            column.title, (cells[column.index] for cells in table.rows if column.index < len(cells))
        ):
            message = _(
                "This column contains ID numbers. In the remarks everybody could read them, so they are masked there: "
                "choose what they are, or ignore the column."
            )
            problems.append(Problem(table.sheet, row, column.letter, column.title, message))
        elif column.title and (unsaid := unsaid_money(column)):
            problems.append(Problem(table.sheet, row, column.letter, column.title, unsaid))
        elif column.title and not column.field:
            message = _("This column is unknown; its content is added to the remarks.")
            if "name" not in fields:
                message = _(
                    "This column is unknown, and without names its content is not imported. If it names the holders, "
                    "choose “{field}”."
                ).format(field=field_label("name"))
            problems.append(Problem(table.sheet, row, column.letter, column.title, message, INFO))
    if table.cut is not None:
        message = _(
            "This row names the columns of something else. It and the rows below were not read; put them on a sheet of "
            "their own if they are homes."
        )
        problems.append(Problem(table.sheet, table.cut + 1, "A", "", message))
    if any(word in table.sheet for word in listed("former_sheets")):
        message = _(
            "The name of this sheet says that its people have left. Leave the sheet out of the list if it is so."
        )
        problems.append(Problem(table.sheet, row, "A", table.sheet, message))
    says_none = {"role", OTHER_HOLDER + "name"}.isdisjoint(fields) and "name" in fields
    if says_none and names_renters(f"{table.sheet} {table.title}"):
        message = _("By its title this is a list of renters; they were recorded as such.")
        problems.append(Problem(table.sheet, row, "", table.title or table.sheet, message, INFO))
    problems += _about_parking(table, row)
    problems += _about_holders(table, row)
    problems += _about_repeated(table, row)
    problems += about_answers(table, row)
    if "name" not in fields:
        message = _(
            "No column contains names; the homes are imported without households, and nothing about people."
        )
        problems.append(Problem(table.sheet, row, column_letter(0), "", message))
    return problems


def _about_repeated(table: Table, row: int) -> list[Problem]:
    """Return a problem for each further column of names of which nothing says whose: 姓名, 电话, 姓名, 电话."""
    message = _(
        "Nothing says who these people are to those of the first column of names: they were recorded as living with "
        "them. If they rent, or own, write it above the columns."
    )
    return [
        Problem(table.sheet, row, column.letter, column.title, message)
        for column in table.of("kin_name")
        if (found := numbered_person(named_person(column.title))) and found["word"] == "姓名"
    ]


def _about_parking(table: Table, row: int) -> list[Problem]:
    """Return a problem for a list of parking places with rooms: who uses one may not hold the home."""
    places = [column for column in table.columns if normal_header(column.title) in listed("parking")]
    if not places or not table.of("name"):
        return []
    message = _(
        "This is a list of parking places: who uses one may not hold the home. Check who is recorded."
    )
    return [Problem(table.sheet, row, places[0].letter, places[0].title, message)]


def about_notes(table: Table) -> list[Problem]:
    """Return a problem for each text between the households of a table."""
    message = _("This row is no household; it was not imported. If it is about a home, enter it there.")
    return [
        Problem(
            table.sheet,
            number + 1,
            "A",
            text,
            message,
            WARNING if any(map(str.isdigit, text)) else INFO,  # it may name a home or a telephone
            "remark",
        )
        for number, text in table.notes
    ]


def _about_holders(table: Table, row: int) -> list[Problem]:
    """Return a problem for each column of numbers that may be somebody else's: 业主, 租客, 电话; 业主, 配偶, 电话."""
    first, second = (next(iter(table.of(field)), None) for field in ("name", OTHER_HOLDER + "name"))
    of_second = [
        (column, second)
        for field in ("phone", "id")
        for column in table.of(OTHER_HOLDER + field)
        if second is not None and column.holder is None and not table.of(field)
        # 姓名, 房东, 本人电话
        if names_nobody(column.title) or first is None or not is_landlord(first)
    ]
    beside = {
        column.index
        for column in table.columns
        if is_somebody_else(column.title)
        or column.field == "kin_name"
        or (not column.field and match_word(column.title) == ("name", SURE))
    }
    of_first = [
        (column, first)
        for field in ("phone", "id")
        for column in table.of(field)
        if first is not None and (column.whose or (column.index - 1 in beside and column.holder is None))
    ]
    of_second += [
        (column, second)
        for field in ("phone", "id")
        for column in table.of(OTHER_HOLDER + field)
        if second is not None and column.whose and (column, second) not in of_second
    ]
    if second is not None and is_landlord(second):  # 姓名, 房东, 电话
        of_first += [
            (column, first)
            for field in ("phone", "id")
            for column in table.of(field)
            if first is not None and column.index == second.index + 1 and names_nobody(column.title)
        ]
    message = _("It is not said whose numbers these are. They were taken for those of “{title}”. Check it.")
    return [
        Problem(table.sheet, row, column.letter, column.title, message.format(title=whose.title))
        for column, whose in of_second + of_first
        if not whose_number(column.title)
    ]
