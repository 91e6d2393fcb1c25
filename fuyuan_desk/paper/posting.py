"""Papers that hang where everybody reads them: room and state only, never who lives there (PIPL §25)."""

import dataclasses
import typing

_TELLING = (
    "name", "names", "head", "holder", "holders", "applicant", "owner", "tenant", "person", "people", "phone", "phones",
    "id_number", "contact", "remarks", "accompanying",
)  # fmt: skip


class Posted:
    """Marks the dataclass of a paper that is posted; every such paper of the program is looked at by a test."""


def personal_fields(kind: type) -> list[str]:
    """Name the fields of a posted paper, and of what it consists of, that could tell of people; empty when none can."""
    found = []
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(typing.cast(typing.Any, kind)):
        if any(field.name == word or field.name.endswith(f"_{word}") for word in _TELLING):
            found.append(f"{kind.__name__}.{field.name}")
        for part in (hints[field.name], *typing.get_args(hints[field.name])):
            if isinstance(part, type) and dataclasses.is_dataclass(part):
                found += personal_fields(part)
    return found
