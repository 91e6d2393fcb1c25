"""Numbers that homes and people have in other systems, such as 社区云, as they are typed; pure functions."""

import unicodedata

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible

MOST_IDS = 10
_ID_LENGTHS = (20, 60)


def read_ids(text: str) -> tuple[tuple[str, str], ...]:
    """Return numbers in other systems from lines of system, colon and number; a part that is missing is ''."""
    pairs = []
    for line in text.splitlines():
        plain = unicodedata.normalize("NFKC", visible(line)).strip()
        if plain:
            system, colon, number = plain.partition(":")
            pairs.append((system.strip(), number.strip()) if colon else ("", plain))
    return tuple(pairs)


def write_ids(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return numbers in other systems as `read_ids` reads them."""
    return "\n".join(f"{system}: {number}" if system else number for system, number in pairs)


def ids_fault(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return what is wrong with numbers in other systems, '' for nothing."""
    if len(pairs) > MOST_IDS:
        return _("There can be at most {n} numbers of other systems. Remove some.").format(n=MOST_IDS)
    for pair in pairs:
        if not all(pair):
            return _("Write one system in each line, a colon and the number: 社区云: 10086.")
        if any(len(part) > most for part, most in zip(pair, _ID_LENGTHS, strict=True)):
            return _("“{system}” or its number is too long. Shorten it.").format(
                system=pair[0][: _ID_LENGTHS[0]]
            )
    systems = [system for system, _number in pairs]
    twice = next((system for system in systems if systems.count(system) > 1), "")
    return _("Two lines are for {system}. Keep one of them.").format(system=twice) if twice else ""
