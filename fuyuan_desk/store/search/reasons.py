"""Why a record was found: which of its fields contains which part of what was typed.

The index holds words without the fields that they come from. The few records that are shown are compared with the
text again, field by field. A reason repeats nothing of a number but its end as it was typed, and of a name what the
screen shows of it masked.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

from sqlalchemy import Connection

from fuyuan_desk.core.texts import _
from fuyuan_desk.store.search import index, terms
from fuyuan_desk.store.search.meanings import as_number
from fuyuan_desk.store.search.terms import TAIL, Part

How = Literal["text", "phone", "document", "serial"]
_MOST_DIGITS = 4
_TERMS: dict[How, Callable[[str], str]] = {
    "text": terms.terms_of_text,
    "phone": terms.terms_of_phone,
    "document": terms.terms_of_id_number,
    "serial": lambda text: f"{terms.terms_of_text(text)} {terms.terms_of_id_number(text)}",
}
Key = TypeVar("Key", bound=Hashable)


class Field(NamedTuple):
    """A field by which a record is found.

    `name` is its label; `text` its whole content, which is not shown; `shown` what the reason repeats of it, masked, ""
    for a field that the result shows anyway. `how` the index finds it: a text; a phone; a document, from its end; and
    a serial number, as a text and from its end. Of phones and documents the end that was typed is told. `is_former`: of
    somebody who has moved out.
    """

    name: str
    text: str
    shown: str = ""
    how: How = "text"
    is_former: bool = False


def reasons(
    connection: Connection, text: str, records: Mapping[Key, Sequence[Field]]
) -> dict[Key, tuple[str, ...]]:
    """Return for each record that matches a text the fields that do, in words; others are left out."""
    left = {key: [(field, _words(field)) for field in fields] for key, fields in records.items()}
    found: dict[Key, tuple[str, ...]] = {}
    for meanings in _meanings(connection, text):
        for key, fields in left.items():
            ways = (_matching(meaning, fields) for meaning in meanings)
            if matching := next(filter(None, ways), None):
                found[key] = tuple(dict.fromkeys(_told(*each) for each in matching))
        left = {key: fields for key, fields in left.items() if key not in found}
        if not left:
            break
    return found


def _meanings(connection: Connection, text: str) -> Iterator[list[list[Part]]]:
    """Return what the index was asked for, in the same order."""
    names, rest = terms.split_estate_and_room(text)
    yield [*terms.parts_of_query(text), *([[*names, *rest]] if names else [])]
    yield as_number(text)
    yield from index.further_meanings(connection, text)


def _words(field: Field) -> list[str]:
    return _TERMS[field.how](field.text).split()


def _matching(
    meaning: Sequence[Part], fields: Sequence[tuple[Field, Sequence[str]]]
) -> list[tuple[Field, str]]:
    """Return for each part of a meaning a field that contains it, and how it begins there; empty if one has none."""
    found = []
    for part in meaning:
        fitting = ((field, _beginning(part, words)) for field, words in fields)
        first = next(((field, beginning) for field, beginning in fitting if beginning is not None), None)
        if first is None:
            return []
        found.append(first)
    return found


def _beginning(part: Part, words: Sequence[str]) -> str | None:
    if any(not set(each) & set(words) for each in part.words):
        return None
    if not part.beginnings:
        return ""
    # a number typed in full begins and ends alike: its end is told
    ends_first = sorted(part.beginnings, key=lambda one: not one.startswith(TAIL))
    return next((one for one in ends_first if any(word.startswith(one) for word in words)), None)


def _told(field: Field, beginning: str) -> str:
    name, is_secret = field.name, field.how in ("phone", "document")
    if is_secret and beginning.startswith(TAIL):
        digits = beginning[len(TAIL) :][::-1].upper()[-_MOST_DIGITS:]
        name = _("{name} ending in {digits}").format(name=name, digits=digits)
    elif is_secret and beginning:
        name = _("{name} beginning with {digits}").format(name=name, digits=beginning[:_MOST_DIGITS])
    elif field.shown:
        name = f"{name} {field.shown}"
    return _("{field} (moved out)").format(field=name) if field.is_former else name
