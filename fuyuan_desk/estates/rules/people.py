"""People of households over time: relations, shares, periods, tags; pure functions.

A household (户) holds or uses a home under one title from a day until another. Its holder (户主) stands in the
household itself, as a roster gives it; everybody else, and what is known of the holder beyond, is a person (人员). A
day that is not recorded is unknown: nobody is taken to have left, or not yet come, because of it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, holder_owns
from fuyuan_desk.formats.names import half_width

LARGEST_WHOLE = 1_000_000
"""The largest number of parts that a home is divided into, as heirs of heirs do."""
_SHARE = re.compile(r"(\d{1,7})/(\d{1,7})")
_OF_PARTS = re.compile(r"(\d{1,7})分之(\d{1,7})")
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,6}))?%")
_WORDS = {"单独所有": (1, 1), "全部": (1, 1), "独有": (1, 1)}
_EARLIEST_YEAR = 1840


class Relation(Code):
    """What a person is to the holder of the household."""

    SPOUSE = "spouse", N_("Spouse")
    CHILD = "child", N_("Son or daughter")
    CHILD_IN_LAW = "child-in-law", N_("Son- or daughter-in-law")
    GRANDCHILD = "grandchild", N_("Grandchild")
    PARENT = "parent", N_("Parent")
    PARENT_IN_LAW = "parent-in-law", N_("Parent-in-law")
    GRANDPARENT = "grandparent", N_("Grandparent")
    SIBLING = "sibling", N_("Brother or sister")
    RELATIVE = "relative", N_("Other relative")
    CO_OWNER = "co-owner", N_("Co-owner")
    FLATMATE = "flatmate", N_("Lives with them")
    CARER = "carer", N_("Carer or helper")
    STAFF = "staff", N_("Staff or contact of the company")
    OTHER = "other", N_("Other relation")


class Sex(Code):
    """Sex as on the identity card."""

    MALE = "male", N_("Male")
    FEMALE = "female", N_("Female")


class HouseholdEnd(Code):
    """How a household's time in a home ended."""

    SOLD = "sold", N_("Sold")
    INHERITED = "inherited", N_("Inherited or given away")
    LEASE_ENDED = "lease-ended", N_("Lease ended")
    LEASE_PASSED_ON = "lease-passed-on", N_("Public tenancy passed on")
    MOVED = "moved", N_("Moved away")
    DIED = "died", N_("Died")
    REQUISITIONED = "requisitioned", N_("Requisitioned")


OWNERSHIP_ENDS = frozenset({HouseholdEnd.SOLD, HouseholdEnd.INHERITED, HouseholdEnd.REQUISITIONED})
"""Ends that only an owner's time can have."""


@dataclass(frozen=True, order=True)
class Period:
    """From a day until the day that it ends on, which does not count any more; None is unknown or not yet."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day lies in it, as far as its days are known."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


def both(outer: Period, inner: Period) -> Period:
    """Return the time that two periods share: a person counts while both she and her household are there."""
    starts = [day for day in (outer.start, inner.start) if day is not None]
    ends = [day for day in (outer.end, inner.end) if day is not None]
    return Period(max(starts, default=None), min(ends, default=None))


def period_faults(
    start: date | None, end: date | None, today: date, names: tuple[str, str]
) -> dict[str, str]:
    """Return the faults of a period's two days, by the names of their fields; an end may lie ahead."""
    if start is not None and start > today:
        return {names[0]: _("The day is in the future. Enter it once it has come.")}
    if start is not None and end is not None and end < start:
        message = _("This is before the day they came, {day}. Correct one of the two.")
        return {names[1]: message.format(day=start.isoformat())}
    return {}


# --- shares


def read_share(text: str) -> Fraction | None:
    """Return the share that a text says: 1/2, 二分之一 in digits (2分之1), 50 %, 单独所有; None for an empty one.

    Raises ValueError, with the reason in words, for anything else.
    """
    plain = half_width(text).replace(" ", "").replace("／", "/")
    if not plain:
        return None
    if plain in _WORDS:
        return Fraction(*_WORDS[plain])
    if found := _SHARE.fullmatch(plain):
        return _share(int(found[1]), int(found[2]))
    if found := _OF_PARTS.fullmatch(plain):
        return _share(int(found[2]), int(found[1]))
    if found := _PERCENT.fullmatch(plain):
        decimals = found[2] or ""
        return _share(int(found[1] + decimals), 100 * 10 ** len(decimals))
    if plain == "1":
        return Fraction(1)
    raise ValueError(_("Enter a share such as 1/2, 50% or 1 (all of it)."))


def _share(part: int, whole: int) -> Fraction:
    if not whole or not 0 < part <= whole:
        raise ValueError(_("A share is more than nothing and at most the whole, for example 1/2."))
    share = Fraction(part, whole)
    if share.denominator > LARGEST_WHOLE:
        raise ValueError(_("Enter the share as a fraction, such as 1/3: its decimals are too many."))
    return share


def show_share(share: Fraction | None) -> str:
    """Return a share as it is written: 1/2, 1 for the whole, '' for an unknown one."""
    return "" if share is None else str(share)


@dataclass(frozen=True)
class Owner:
    """A current owner of a home: a name as shown, and the share, None if it is not recorded."""

    name: str
    share: Fraction | None = None


def share_fault(owners: Sequence[Owner]) -> str:
    """Return what is wrong with the shares of a home's current owners together, '' for nothing.

    More than the whole is wrong: two owners cannot hold the same share.
    """
    known = [owner.share for owner in owners if owner.share is not None]
    total = sum(known, Fraction(0))
    if total > 1:
        names = _(", ").join(owner.name for owner in owners if owner.share is not None)
        return _(
            "The shares of {names} add up to {total}, more than the whole. Correct them, or enter since when a former"
            " owner no longer owns."
        ).format(names=names, total=total)
    if total == 1 and len(known) < len(owners):
        names = _(", ").join(owner.name for owner in owners if owner.share is None)
        return _("The whole is already divided; nothing is left for {names}. Correct the shares.").format(
            names=names
        )
    return ""


def share_doubt(owners: Sequence[Owner]) -> str:
    """Return what is not known of the shares of a home's current owners, '' if they make up the whole.

    No share at all is no doubt where there is a single owner: she owns it.
    """
    known = [owner.share for owner in owners if owner.share is not None]
    if len(owners) <= 1 and not known:
        return ""
    if not known:
        return numbered(
            len(owners),
            N_("{n} owner whose share is not recorded."),
            N_("{n} owners whose shares are not recorded."),
        )
    missing = 1 - sum(known, Fraction(0))
    if missing <= 0:
        return ""
    if len(known) < len(owners):
        return _("Not all shares are recorded. Still to be divided: {share}.").format(share=missing)
    return _("The shares do not make up the whole. Nobody is recorded for: {share}.").format(share=missing)


def is_owner(role: str, tenure: str) -> bool:
    """Return whether a household of this role owns its home; in public housing nobody in it does (MFD §278)."""
    known = Tenure(tenure) if tenure in set(Tenure) else None
    return role == HoldingRole.OWNER and holder_owns(known)


# --- where people live and are registered


class Residence(Code):
    """Where a person lives and is registered, of which the register of residents (人口) speaks as 人户分离."""

    HERE = "here", N_("Lives and is registered here")
    NOT_REGISTERED = "not-registered", N_("Lives here, registered elsewhere")
    AWAY = "away", N_("Registered here, lives elsewhere")
    NEITHER = "neither", N_("Lives and is registered elsewhere")


SEPARATED = frozenset({Residence.NOT_REGISTERED, Residence.AWAY})
"""人户分离: the register of residents names another home than the one a person lives in."""
_RESIDENCES = {
    (True, True): Residence.HERE,
    (True, False): Residence.NOT_REGISTERED,
    (False, True): Residence.AWAY,
    (False, False): Residence.NEITHER,
}


def residence(lives_here: bool | None, registered_here: bool | None) -> Residence | None:
    """Return how a person lives and is registered, None if one of the two is not known."""
    if lives_here is None or registered_here is None:
        return None
    return _RESIDENCES[lives_here, registered_here]


# --- a person's form


def birth_and_sex(id_number: str) -> tuple[date | None, str]:
    """Return the day of birth and the sex in a resident ID number, None and '' for any other or an impossible one."""
    if not re.fullmatch(r"\d{17}[\dX]", id_number):
        return None, ""
    try:
        born = date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None, ""
    return born, Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


def birth_fault(born_on: date | None, today: date) -> str:
    """Return what is wrong with a day of birth, '' for nothing."""
    if born_on is None or (born_on.year >= _EARLIEST_YEAR and born_on <= today):
        return ""
    return _("Enter a day of birth that has been.")


def age_on(born_on: date, day: date) -> int:
    """Return the age in full years; who was born on 29 February is a year older on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


# --- tags


class TagLook(Code):
    """The colour of a tag; lists and charts add the name or a pattern, so that colour is never the only sign."""

    GREY = "grey", N_("Grey")
    GREEN = "green", N_("Green")
    AMBER = "amber", N_("Amber")
    RED = "red", N_("Red")


def may_see(tag_roles: Collection[str], role: str) -> bool:
    """Return whether an operator of a role sees a tag; the administrator sees all, who sets them."""
    return role == "admin" or role in tag_roles
