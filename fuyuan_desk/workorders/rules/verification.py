"""Nobody verifies what they did: comparing who verifies an order with who had it, however either is written."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.core.texts import _

_BETWEEN_NAMES = re.compile(r"[、，,;/&|+\n()\[\]【】]+")
_AND = "和与及"


@dataclass(frozen=True)
class Address:
    """How people are called besides their names: 何斌师傅 (`titles`), 何工 (`short`), 小何 (`before`).

    A short one stands behind a surname only: a given name may end so, too.
    """

    titles: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()

    def without_title(self, name: str) -> str:
        """Return a name without the title at its end, a surname with it; '' for a title by itself."""
        if name in self.titles:
            return ""
        rest = _without_end(name, self.titles)
        return rest if len(rest) > 1 else name

    def surname_alone(self, name: str) -> str:
        """Return the one character by which somebody is called (何师傅, 小何, 何), '' for a whole name."""
        rest = name[1:] if len(name) > 1 and name[0] in self.before else name
        rest = _without_end(rest, self.titles | self.short)
        return rest if len(rest) == 1 else ""


def _without_end(name: str, ends: Collection[str]) -> str:
    longest = max((end for end in ends if name.endswith(end) and name != end), key=len, default="")
    return name.removesuffix(longest)


def verifier_fault(
    verifier: str, doers: Collection[str], organisations: Collection[str] = (), address: Address | None = None
) -> str:
    """Return why this text does not say that somebody else looked at an order; '' if it does.

    `doers` are the texts that name who had it or reported it done, `organisations` the names, former ones as well, of
    those that had it. A name of these in the text, or the text in one of these, is refused, and so is who is called by
    a surname that one of them has.
    """
    if not any(map(str.isalnum, verifier)):
        return _("Enter who looked at it.")
    known = address or Address()
    theirs = _by_spelling(known, (*doers, *organisations))
    whole = folded(verifier)
    typed = {spelling for spelling in (*_by_spelling(known, [verifier]), whole) if len(spelling) > 1}
    did = {
        name
        for spelling, name in theirs.items()
        if (spelling in whole and len(spelling) > 1) or any(one in spelling for one in typed)
    }
    if did:
        return _(
            "{names} had this order or reported it done. Enter who else of the committee looked at it."
        ).format(names=_(", ").join(sorted(did)))
    surnames = {known.surname_alone(folded(part)) for part in _BETWEEN_NAMES.split(_half_width(verifier))}
    persons = _by_spelling(known, doers)
    may_be = {name for spelling, name in persons.items() if any(one in spelling for one in surnames if one)}
    if may_be:
        return _("This may be {names}, who had this order or reported it done. Enter the full name.").format(
            names=_(", ").join(sorted(may_be))
        )
    return ""


def folded(text: str) -> str:
    """Return what is equal for two spellings of a name: simplified, half width, small letters, nothing between them."""
    plain = simplified(_half_width(text)).casefold()
    return "".join(filter(str.isalnum, plain))


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _by_spelling(address: Address, texts: Collection[str]) -> Mapping[str, str]:
    """Return the names in texts, as they are written, by their spelling; a character alone is kept if it is all."""
    found: dict[str, str] = {}
    for text in texts:
        for name in _names_in(text):
            spelling = address.without_title(folded(name))
            if len(spelling) > 1 or (spelling and name == _half_width(text).strip()):
                found.setdefault(spelling, name)
    return found


def _names_in(text: str) -> Iterator[str]:
    """Yield the names in a text without what stands between them: 张三 and 水电工 in “张三（水电工）”.

    What may be “and” (和, 与, 及) or part of a name is read both ways.
    """
    for part in _BETWEEN_NAMES.split(_half_width(text)):
        apart = (name for word in (_AND, *_AND) for name in re.split(f"[{word}]", part))
        for names in (part, *apart):
            yield names.strip()
            pieces = names.split()
            # “张 三” is one name, “陈静怡 何斌” are two, He Bin is one
            if not names.isascii() and all(len(piece) > 1 for piece in pieces):
                yield from pieces
