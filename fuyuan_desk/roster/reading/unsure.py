"""Readings of a roster that somebody must look at, those of one kind together; pure functions."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure
from fuyuan_desk.estates.rules.housing import label as housing_label
from fuyuan_desk.roster.reading.cells import is_blank, listed, read_tenure, text_of
from fuyuan_desk.roster.reading.headers import FIELD_LABELS, Column, field_label
from fuyuan_desk.roster.reading.kin import read_standing
from fuyuan_desk.roster.reading.meanings import NO_NAMES, Words, meaning_of
from fuyuan_desk.roster.reading.person_cells import unsure_name
from fuyuan_desk.roster.reading.reader import RosterDraft, TableView
from fuyuan_desk.roster.reading.rows import WARNING, Problem

Fields = Mapping[str, Mapping[int, str]]
"""Fields by sheet and 0-based column."""
COLUMN, WORD, WARNED, NAMES = "column", "word", "warned", "names"
_LISTS = {"tenure": "unsure_tenures", "role": "unsure_roles"}
_CODES: dict[str, type[Tenure] | type[HoldingRole]] = {"tenure": Tenure, "role": HoldingRole}
# what differs between two messages of one kind: the quoted text, and what contains a figure
_DIFFERS = re.compile(r"«[^»]*»|“[^”]*”|[A-Za-z0-9*+/\-.,_()]*[0-9*]")


def _own_meaning(field: str, word: str) -> Tenure | HoldingRole | None:
    return read_tenure(word)[0] if field == "tenure" else read_standing(word).role


@dataclass(frozen=True, slots=True)
class Unsure:
    """Readings of one kind: a sentence, how many rows they are in, and the first of these, as in Excel.

    `key` is the same for the same reading of another file; `choices` are the other readings as code and name, which
    are fields of the column `index` for the kind `COLUMN`, and meanings of `word` in `field` for `WORD`.
    """

    kind: str
    key: str
    text: str
    count: int
    sheet: str
    row: int
    field: str = ""
    index: int = -1
    word: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def unsure_readings(
    draft: RosterDraft,
    problems: Sequence[Problem],
    confirmed: Collection[str] = (),
    words: Words | None = None,
    guessed: Fields | None = None,
) -> tuple[Unsure, ...]:
    """Return the unsure readings that are not confirmed: guessed columns, then ambiguous words, then warnings.

    `words` are the meanings that somebody chose, `guessed` the fields that were guessed before she corrected others.
    """
    found = [
        *_columns(draft, guessed or {}),
        *_words(draft, words or {}),
        *_names(draft),
        *_warnings(draft, problems),
    ]
    return tuple(one for one in found if one.key not in confirmed)


def guesses_of(draft: RosterDraft) -> dict[str, dict[int, str]]:
    """Return the fields that were guessed from the content of columns, by sheet and 0-based column."""
    found: dict[str, dict[int, str]] = {}
    for table in draft.tables:
        for column in table.columns:
            if column.guessed:
                found.setdefault(table.sheet, {})[column.index] = column.field
    return found


def _columns(draft: RosterDraft, guessed: Fields) -> Iterable[Unsure]:
    choices = tuple((code, field_label(code)) for code in ("", *FIELD_LABELS))
    text = _("Column {name} was recognised as “{field}” by its content")
    for table in draft.tables:
        for column in table.columns:
            if column.guessed or guessed.get(table.sheet, {}).get(column.index) == column.field:
                yield Unsure(
                    COLUMN,
                    f"{COLUMN}:{column.index}:{column.field}",
                    text.format(
                        name=f"{column.letter} {column.title}".strip(), field=field_label(column.field)
                    ),
                    table.count,
                    table.sheet,
                    table.first_row,
                    column.field,
                    column.index,
                    choices=choices,
                )


def _words(draft: RosterDraft, words: Words) -> Iterable[Unsure]:
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for table in draft.tables:
        for column in table.columns:
            if column.field in _LISTS:
                for word, count, row in _ambiguous(table, column):
                    counts[column.field, word] += count
                    first.setdefault((column.field, word), (table.sheet, row))
    for (code, word), count in counts.items():
        meaning = meaning_of(words, code, word) or _own_meaning(code, word)
        if meaning is not None:
            choices = tuple((member.value, housing_label(member)) for member in _CODES[code])
            text = _("{field}: «{word}» was read as “{meaning}”").format(
                field=field_label(code), word=word, meaning=housing_label(meaning)
            )
            key = word_key(code, word, meaning.value)
            yield Unsure(WORD, key, text, count, *first[code, word], code, word=word, choices=choices)


def _names(draft: RosterDraft) -> Iterable[Unsure]:
    """Return the names that may be none, which are confirmed or taken for remarks together."""
    rows = [row for row in draft.rows if row.is_unsure]
    if rows:
        choices = ((NO_NAMES, _("No names: add them to the remarks")),)
        text = _(
            "These may be no names, or several: they were taken as names, and end no household of the store"
        )
        yield Unsure(NAMES, NAMES, text, len(rows), rows[0].sheet, rows[0].row, "name", choices=choices)


def word_key(field: str, word: str, code: str) -> str:
    """Return the key of a word that is read as a code."""
    return f"{WORD}:{field}:{word}:{code}"


def _ambiguous(table: TableView, column: Column) -> Iterable[tuple[str, int, int]]:
    """Return the ambiguous words of a column, each with the number of its rows and the first of them."""
    cells = [row[column.index] if column.index < len(row) else "" for row in table.rows]
    unsure = listed(_LISTS[column.field])
    for cell, count in Counter(cells).items():
        if (text := text_of(cell)) in unsure and not is_blank(text):
            yield text, count, table.numbers[cells.index(cell)]


def _warnings(draft: RosterDraft, problems: Sequence[Problem]) -> Iterable[Unsure]:
    headers = {(table.sheet, row) for table in draft.tables for row in table.header_rows}
    of_names = unsure_name()  # they stand together
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if (
            problem.severity == WARNING
            and problem.message != of_names
            and not _is_of_column(problem, headers)
        ):
            kinds.setdefault((problem.field, _kind(problem.message)), []).append(problem)
    for (code, kind), same in kinds.items():
        first = same[0]
        text = _common({problem.message for problem in same}, first.message)
        if code in FIELD_LABELS:
            text = _("{name}: {value}").format(name=field_label(code), value=text)
        rows = len({(problem.sheet, problem.row) for problem in same})
        yield Unsure(WARNED, f"{WARNED}:{code}:{kind}", text, rows, first.sheet, first.row, code)


def _is_of_column(problem: Problem, headers: Collection[tuple[str, int]]) -> bool:
    # what is told of a whole column stands at its header
    return (problem.sheet, problem.row) in headers


def _kind(message: str) -> str:
    return _DIFFERS.sub("…", message)


def _common(messages: Collection[str], first: str) -> str:
    """Return the first of several messages of one kind with a mark for each part in which they differ."""
    parts = zip(*map(_DIFFERS.findall, messages), strict=True)
    alike = iter([len(set(part)) == 1 for part in parts])
    return _DIFFERS.sub(lambda found: found[0] if next(alike) else "…", first)


def count_text(group: Unsure) -> str:
    """Return the number of rows that a reading is in."""
    return numbered(group.count, N_("{n} row"), N_("{n} rows"))
