"""Whether two are one and the same: by their documents where both have one, else by their names; pure."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.called import form_of_address
from fuyuan_desk.roster.reading.rows import RosterRow

_TYPING_ERRORS = 2
_MASKS = "*＊×✱某●"
_CLEAR = frozenset(_MASKS)
_RENTERS = frozenset((HoldingRole.RENTER, HoldingRole.SUBTENANT, HoldingRole.OCCUPANT))
_MASKED_RUN = re.compile(f"[{re.escape(_MASKS)}]+")


def plain_name(name: str) -> str:
    """Return a name without blanks, in small letters."""
    return name if name.isalpha() else "".join(name.split()).lower()


@lru_cache(maxsize=65_536)
def holder_name(name: str) -> str:
    """Return the canonical form of a name: 張國強 and 张国强 are one."""
    return simplified(plain_name(name))


def is_same_person(name: str, id_number: str, other_name: str, other_id: str) -> bool:
    """Return whether two are one: by their documents where these can be compared, else by their names."""
    if can_compare(id_number, other_id):
        return is_same_paper(id_number, other_id)
    return holder_name(name) == holder_name(other_name)


def is_renting(role: str) -> bool:
    """Return whether a role is held beside an owner's or a public tenant's: a renter does not take their place."""
    return role in _RENTERS


def is_same_holder(row: RosterRow, other: RosterRow) -> bool:
    """Return whether two rows of a home name one holder; an owner and a renter of one name may be two."""
    if not (row.id_number and other.id_number) and is_renting(row.role) != is_renting(other.role):
        return False
    return is_same_person(row.name, row.id_number, other.name, other.id_number)


def is_respelled(name: str, other: str) -> bool:
    """Return whether a name may be another one spelled otherwise: one character differs of at least two."""
    one, two = holder_name(name), holder_name(other)
    return one == two or (min(len(one), len(two)) > 1 and Levenshtein.distance(one, two, score_cutoff=1) <= 1)


def can_compare(paper: str, other: str) -> bool:
    """Return whether two document numbers are both of identity cards, old or new, or of one length."""
    if not (paper and other and _CLEAR.isdisjoint(paper)):
        return False
    return len(paper) == len(other) or {len(paper), len(other)} == {15, 18}


def is_same_paper(paper: str, other: str) -> bool:
    """Return whether two numbers are of one document: the old number of an identity card lacks century and check."""
    if len(paper) == len(other):
        return paper == other
    long, short = sorted((paper, other), key=len, reverse=True)
    return long[:6] + long[8:17] == short


def is_corrected_paper(paper: str, other: str) -> bool:
    """Return whether one number may be the other one corrected: at most two characters of it differ."""
    return Levenshtein.distance(paper, other, score_cutoff=_TYPING_ERRORS) <= _TYPING_ERRORS


def is_masked(text: str) -> bool:
    """Return whether a name, document or telephone is masked or shortened: 王*, 王某, 王女士, 137****3040."""
    return not _CLEAR.isdisjoint(text) or form_of_address(text) != ""


def masks(masked: str, whole: str) -> bool:
    """Return whether a masked text may stand for a whole one, as 王* and 王某 for 王芳."""
    if form := form_of_address(masked):
        return whole.startswith(masked.removesuffix(form))
    if masked.strip(_MASKS) == whole:
        return True  # 王小芳*: somebody marked the name
    return _pattern(masked).fullmatch(whole) is not None


@lru_cache(maxsize=4_096)
def _pattern(masked: str) -> re.Pattern[str]:
    parts = _MASKED_RUN.split(masked)
    return re.compile(".+".join(map(re.escape, parts)), re.DOTALL)
