"""The words that names of organisations are compared by, from `resources/organisations/words.json`."""

from functools import cache

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.organisations.rules import NameWords


@cache
def name_words() -> NameWords:
    """Return the words that say nothing of who an organisation is, and those that mean the same."""
    data = read_json("organisations", "words.json")
    return NameWords(
        tuple(data["places"]), tuple(data["legal"]), tuple(data["fillers"]), tuple(data["synonyms"].items())
    )
