"""A person's name, phones and identity document as typed into a form, normalized and validated once."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.id_numbers import parse_typed_id_number
from fuyuan_desk.formats.names import name_fault, normalize_name
from fuyuan_desk.formats.phones import clean_phone, phone_fault

LONGEST_NUMBER = 40


class Person(NamedTuple):
    """A person's data as stored, with `doubt`, a warning about the document number.

    `faults` are by field: `name`, `phones`, `id_number`.
    """

    name: str
    phones: tuple[str, ...]
    id_kind: str
    id_number: str
    faults: Mapping[str, str]
    doubt: str


def checked_person(
    name: str,
    phones: Iterable[str] = (),
    id_kind: str = "",
    id_number: str = "",
    known_phones: Collection[str] = (),
) -> Person:
    """Normalize and validate a person's data; numbers among `known_phones` are not validated again."""
    cleaned = normalize_name(name)
    numbers = tuple(dict.fromkeys(filter(None, map(clean_phone, phones))))
    new_numbers = [number for number in numbers if number not in known_phones]
    paper = parse_typed_id_number(id_kind, id_number)
    faults = {}
    if len(id_number.strip()) > LONGEST_NUMBER:  # it is cut when it is parsed
        faults["id_number"] = _("This is longer than {n} characters. Shorten it.").format(n=LONGEST_NUMBER)
    if fault := name_fault(cleaned):
        faults["name"] = fault
    if fault := " ".join(filter(None, map(phone_fault, new_numbers))):
        faults["phones"] = fault
    return Person(
        cleaned,
        numbers,
        paper.kind.value if paper else "",
        paper.number if paper else "",
        faults,
        paper.doubt if paper else "",
    )


def mask_contact(text: str) -> str:
    """Mask a contact address except its first two characters (PIPL §51)."""
    return text[:2] + "***" if text else ""
