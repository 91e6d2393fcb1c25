"""Papers posted in public: they show room and state only, never residents (PIPL §25)."""

import dataclasses
import typing

_IDENTIFYING = (
    "name", "names", "head", "holder", "holders", "applicant", "owner", "tenant", "person", "people", "phone", "phones",
    "id_number", "contact", "remarks", "accompanying",
)  # fmt: skip


class Posted:
    """Marker base of the dataclass of a posted paper; a test checks every subclass."""


def personal_fields(kind: type) -> list[str]:
    """List the fields of a posted paper and its parts that could identify people."""
    found = []
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(typing.cast(typing.Any, kind)):
        if any(field.name == name or field.name.endswith(f"_{name}") for name in _IDENTIFYING):
            found.append(f"{kind.__name__}.{field.name}")
        for part in (hints[field.name], *typing.get_args(hints[field.name])):
            if isinstance(part, type) and dataclasses.is_dataclass(part):
                found += personal_fields(part)
    return found
