"""A number before a noun has a text for one and a text for several; a text that has only the second fails here."""

import ast
import re
from collections.abc import Iterator

import pytest

from fuyuan_desk.core.texts import N_, in_language, numbered
from tests.core.test_texts import CATALOGUES, texts
from tests.sources import trees

PLURAL = re.compile(r"\{(\w+)(?::[^}]*)?\}(?: [\w-]+){0,2}? (?:[A-Za-z]+s|people)\b")
"""A placeholder, and after at most two words one that may be a plural."""
TEXT = re.compile(
    "name|table|folder|path|file|when|day|home|login|operator|place|variable|paper|number|street|doubt|year|names|told"
)
"""Placeholders that are no number of things: `number` is that of a case or a sheet."""
ABOVE_ONE = {
    r"(more|longer) than \{n\}": "a limit, which is above one",
    r"at (least|most) \{n\}|at least the first \{n\}|has \{n\} characters at most": "a limit, which is above one",
    r"entry \{(n|noted)\}": "the number of an entry, not of things",
    r"1 to \{most\}": "a limit, which is above one",
    r"contains \{n\} characters": "more than a limit",
    r"are too many for one chart": "more than a limit",
    r"names \{n\} estates": "asked only about several",
    r"have \{n\} addresses": "told only about several",
    r"\{n\} estates, as in the file": "shown only for several",
    r"^all \{n\} estates$": "shown only beside the first three",
    r"^\{n\} sheets$": "one sheet is named",
    r"\{count:g\} is not a number": "no noun follows",
    r"^of \{buildings\} less than half": "the names of buildings",
    r"^\{text\} is a date or a time": "what a cell says",
    r"up to \{n\} days|\{low\} to \{high\} days": "ages in groups, above one",
}
"""Texts whose number is never one, with the reason."""


def marked(node: ast.expr) -> str:
    """Return the text of `N_("…")`, '' for anything else."""
    is_mark = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    return ast.literal_eval(node.args[0]) if is_mark else ""


def pairs_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the texts for one and for several: the last two of a call of `numbered`, or of a tuple for such a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple):
            parts = node.elts[-2:]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "numbered":
            parts = node.args[1:3]
        else:
            continue
        found = tuple(filter(None, map(marked, parts)))
        if len(found) == 2 and (isinstance(node, ast.Call) or all("{n}" in text for text in found)):
            yield found[0], found[1]


def pairs() -> set[tuple[str, str]]:
    """Return all pairs of the program."""
    return {pair for tree in trees().values() for pair in pairs_in(tree)}


def lonely(sources: list[str], known: set[tuple[str, str]]) -> list[str]:
    """Return the texts with a number before a plural that have no text for one, and no reason for that."""
    paired = {text for pair in known for text in pair}
    return [
        text
        for text in sources
        if any(not TEXT.fullmatch(found.group(1)) for found in PLURAL.finditer(text))
        and text not in paired
        and not any(re.search(excuse, text, re.IGNORECASE) for excuse in ABOVE_ONE)
    ]


def test_each_number_before_a_noun_has_a_text_for_one() -> None:
    assert lonely(texts.source_texts(), pairs()) == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("{n} households", True),
        ("&Import {n} households", True),
        ("{count:,} more audit entries were read", True),
        ("It has {total} people", True),
        ("{n} found", False),
        ("Rows: {n}. Sheets: 2.", False),
        ("{name} names its columns", False),
        ("More than {n} rows match", False),
    ],
)
def test_a_text_for_several_alone_is_found(text: str, is_found: bool) -> None:
    assert (lonely([text], set()) == [text]) is is_found
    assert lonely([text], {("{n} thing", text)}) == []


def test_every_excuse_is_needed() -> None:
    sources = [text for text in texts.source_texts() if PLURAL.search(text)]
    idle = [one for one in ABOVE_ONE if not any(re.search(one, text, re.IGNORECASE) for text in sources)]
    assert idle == []


def test_pairs_are_read_from_calls_and_from_tables() -> None:
    source = """
numbered(n, N_("{n} page"), N_("{n} pages"))
numbered(n, N_("the page"), N_("{n} pages"), name=name)
counted_as = N_("{n} visit"), N_("{n} visits")
PARTS = ((count, N_("{n} unit"), N_("{n} units")), (N_("Unit"), N_("New unit")))
"""
    assert sorted(pairs_in(ast.parse(source))) == [
        ("the page", "{n} pages"),
        ("{n} page", "{n} pages"),
        ("{n} unit", "{n} units"),
        ("{n} visit", "{n} visits"),
    ]


def test_the_text_for_one_fills_in_nothing_else() -> None:
    wrong = [
        pair for pair in pairs() if not texts.placeholders(pair[0]) <= texts.placeholders(pair[1]) | {"n"}
    ]
    assert wrong == []


def test_a_language_without_plural_says_both_in_the_same_words() -> None:
    chinese = texts.translations(texts.read_catalogue(next(po for po in CATALOGUES if "zh_CN" in po.parts)))
    # where the English texts differ in more than the noun, the Chinese ones may differ as well
    different = [one for one, many in sorted(pairs()) if chinese[one] != chinese[many]]
    assert different == [
        "Backed up and verified.",
        "Backed up {when}, but the only backup is on the same disk as the data",
        "It is kept with its reason: show and correct it here, or in the roster and import that again.",
        "The only backup is on the same disk as the data.",
        "This home has {n} open case. Go on with it, or choose a period outside it.",
        "This line of the form was not read. Enter what it says by hand.",
        "{n} character is missing: {sign}",
        "{n} fault: {fault}",
        "{n} record, no. {first}",
        "{n} record. It shows what erasing would do.",
        "{n} text is not translated: “{text}”",
    ]


@pytest.mark.parametrize(
    ("n", "english", "chinese"),
    [
        (1, "1 household", "1 户"),
        (2, "2 households", "2 户"),
        (1_842, "1,842 households", "1,842 户"),
    ],
)
def test_numbered_chooses_fills_in_and_translates(n: int, english: str, chinese: str) -> None:
    pair = N_("{n} household"), N_("{n} households")
    assert numbered(n, *pair) == english
    with in_language("zh_CN"):
        assert numbered(n, *pair) == chinese


def test_numbered_fills_in_more_than_the_number_as_it_is() -> None:
    one, many = "{n} row for {receiver}", "{n} rows for {receiver}"
    assert numbered(1, one, many, receiver="某{物业}") == "1 row for 某{物业}"
