"""What a comparison tells beside its groups: what a list leaves out, and what makes it doubtful; pure."""

from collections.abc import Sequence
from datetime import date

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.listed import HouseholdNow
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterRow
from fuyuan_desk.roster.rules.leaving import Scope
from fuyuan_desk.roster.rules.persons import is_same_person

_MANY_OTHERS = 5


def partial_sentence() -> str:
    """Return what is to be known of a list of half of the households or less."""
    return _(
        "Half or less of those who live there are in this list: who is not on it is not taken for gone unless the row "
        "is ticked."
    )


def doubts(sheet: str, is_partial: bool, others: int, matched: int) -> list[Problem]:
    """Return a problem for a list that looks like one of something else: of some people only, or another estate.

    `others` is the number of homes with another holder, `matched` that of the households that were found.
    """
    found = [partial_sentence()] if is_partial else []
    if others > _MANY_OTHERS and others > matched:
        found.append(
            _(
                "Most homes of this list have another holder than in the store: is it the list of another estate?"
            )
        )
    return [Problem(sheet, 1, "", "", text, WARNING) for text in found]


def few_of_buildings(sheet: str, buildings: Sequence[str]) -> list[Problem]:
    """Return a problem if a list has less than half of the households of some buildings, but most of the others."""
    if not buildings:
        return []
    message = _(
        "Of {buildings} less than half of those who live there are in this list: who is not on it is not taken for "
        "gone unless the row is ticked."
    )
    return [Problem(sheet, 1, "", "", message.format(buildings=_(", ").join(buildings)), WARNING)]


def tenants_of_holders(sheet: str, is_so: bool) -> list[Problem]:
    """Return a problem if the other holders of a list are tenants, who may live beside those of the store."""
    if not is_so:
        return []
    message = _(
        "The other holders of this list are tenants (承租人), those of the store are not. If the ones rent from the "
        "others, call that column 租客 and import the list again: then both stay."
    )
    return [Problem(sheet, 1, "", "", message, WARNING)]


def residents_named(rows: Sequence[RosterRow]) -> list[Problem]:
    """Return a problem if rows of a list of residents name others than the holders of the store."""
    if not rows:
        return []
    message = numbered(
        len(rows),
        N_("In {n} home this list of residents ({word}) names somebody else than the holder of the store."),
        N_("In {n} homes this list of residents ({word}) names somebody else than the holder of the store."),
        word=rows[0].of_residents,
    )
    told = _("{told} It does not say who owns and who rents: the holders stay unless the rows are ticked.")
    message = told.format(told=message)
    return [Problem(rows[0].sheet, 1, "", "", message, WARNING)]


def buildings_left_out(sheet: str, scope: Scope) -> list[Problem]:
    """Return a problem if buildings of the estate are not in the list."""
    if not scope.left_out:
        return []
    message = _(
        "Some buildings of the estate are not in this list: {homes} there are left as they are."
    ).format(homes=numbered(scope.left_out, N_("{n} household"), N_("{n} households")))
    return [Problem(sheet, 1, "", "", message, INFO)]


def nobody_named(row: RosterRow, households: Sequence[HouseholdNow]) -> Problem:
    """Return what is told of a row without a name about a home that somebody lives in: she stays."""
    names = "、".join(mask_name(one.head, one.is_company) for one in households)
    message = _("The list names nobody here; {names} of the store stays.").format(names=names)
    if row.vacant:
        message = _("The list says that this home is empty; {names} of the store stays.").format(names=names)
    if row.remarks:
        message = _("{told} What it remarks is not written.").format(told=message)
    return _about_home(row, message, INFO)


def no_other_holder(row: RosterRow, households: Sequence[HouseholdNow]) -> Problem:
    """Return what is told of a text that may be no name, or of no head, where the store has a holder: she stays."""
    names = "、".join(mask_name(one.head, one.is_company) for one in households)
    message = _(
        "What stands here may be no name, so {names} of the store stays. If it is one, take it so under Unsure, or "
        "enter the other holder on the page of the home."
    )
    if row.stands_in:
        message = _(
            "Nobody of this home is said to be its head, so {names} of the store stays. If another one holds it now, "
            "enter that on the page of the home."
        )
    return _about_home(row, message.format(names=names), WARNING)


def addressed(row: RosterRow, household: HouseholdNow, form: str) -> Problem:
    """Return what is told of a form of address in place of a name, such as 王师傅, that was taken for a holder."""
    message = _(
        "This is a form of address ({form}) and no whole name: it was taken for {name} of the store, whose name stays. "
        "Make sure that it is the same person."
    )
    name = mask_name(household.head, household.is_company)
    return _about_home(row, message.format(form=form, name=name), INFO)


def relative_named(row: RosterRow, name: str, word: str) -> Problem:
    """Return what is told of somebody who is called a relative of one of the household, such as 李建华妈妈."""
    message = _(
        "By this name ({word}) this is a relative of {name} and no other holder: the household of the store stays. "
        "Enter who it is on the page of the home."
    )
    return _about_home(row, message.format(word=word, name=mask_name(name)), WARNING)


def _about_home(row: RosterRow, message: str, severity: str) -> Problem:
    # no name: what is told is shown and exported
    return Problem(row.sheet, row.row, "", f"{row.building}{row.unit}", message, severity, home=row.home)


def people_missing(row: RosterRow, people: Sequence[tuple[str, str]]) -> list[Problem]:
    """Return what is told of people of a household, by name and document, whom a list should have: they stay."""
    listed = [(row.name, row.id_number), *((one.name, one.id_number) for one in row.persons)]
    missing = [
        name for name, number in people if not any(is_same_person(*named, name, number) for named in listed)
    ]
    if not missing:
        return []
    names = "、".join(map(mask_name, missing))
    message = _(
        "{names} of this home is not in the list, and stays. Who moved out is ended on the page of the home."
    )
    return [_about_home(row, message.format(names=names), WARNING)]


def older_list(sheet: str, newest: date) -> Problem:
    """Return what is told of a list that is older than one that was imported."""
    message = _(
        "This list is older than the one of {day}, which is imported: nothing of it is written unless it is ticked."
    )
    return Problem(sheet, 1, "", "", message.format(day=newest.isoformat()), WARNING)
