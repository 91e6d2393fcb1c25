"""Whether two are one and the same: by their documents where both have one, else by their names; pure."""

from rapidfuzz.distance import Levenshtein

_TYPING_ERRORS = 2


def holder_name(name: str) -> str:
    """Return the canonical form of a name."""
    return name if name.isalpha() else "".join(name.split()).lower()


def is_same_person(name: str, id_number: str, other_name: str, other_id: str) -> bool:
    """Return whether two are one: by their documents where these can be compared, else by their names."""
    if can_compare(id_number, other_id):
        return is_same_paper(id_number, other_id)
    return holder_name(name) == holder_name(other_name)


def can_compare(paper: str, other: str) -> bool:
    """Return whether two document numbers are both of identity cards, old or new, or of one length."""
    return bool(paper and other) and (len(paper) == len(other) or {len(paper), len(other)} == {15, 18})


def is_same_paper(paper: str, other: str) -> bool:
    """Return whether two numbers are of one document: the old number of an identity card lacks century and check."""
    if len(paper) == len(other):
        return paper == other
    long, short = sorted((paper, other), key=len, reverse=True)
    return long[:6] + long[8:17] == short


def is_corrected_paper(paper: str, other: str) -> bool:
    """Return whether one number may be the other one corrected: at most two characters of it differ."""
    return Levenshtein.distance(paper, other, score_cutoff=_TYPING_ERRORS) <= _TYPING_ERRORS
