"""The dialogs on the people of a home: how a household ended, the owners' shares, who was there on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.codes import label_of, name_of
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.people import HouseholdView, OnDay, PersonView, Shares
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import OWNERSHIP_ENDS, HouseholdEnd, Relation
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Fact, Facts, label

_SHARE = "share:"


def end_dialog(page: QWidget, household: HouseholdView, address: str) -> FormDialog:
    """Create the dialog that asks when and how a household's time in its home ended."""
    ends = [
        (end.value, label_of(end))
        for end in HouseholdEnd
        if household.role == HoldingRole.OWNER or end not in OWNERSHIP_ENDS
    ]
    form = Form(
        [
            Field("ended_how", _("&What happened"), "choice", choices=ends),
            Field("moved_out_on", _("From which &day they are not there"), "date", required=True),
        ]
    )
    hint = _("{name}, {place}. The household stays as history; its people leave with it.")
    return FormDialog(
        page, _("The household leaves"), form, _("&Save"), hint.format(name=household.head, place=address)
    )


def pass_on_dialog(page: QWidget, household: HouseholdView, address: str) -> FormDialog:
    """Create the dialog that asks to whom of its people a home passes on, when and how."""
    heirs = [(view.id, view.name) for view in household.members[1:] if view.is_current]
    ends = [HouseholdEnd.INHERITED] if household.role == HoldingRole.OWNER else [HouseholdEnd.LEASE_PASSED_ON]
    form = Form(
        [
            Field("to", _("New &holder"), "choice", choices=heirs, required=True),
            Field("on", _("From which &day"), "date", required=True),
            Field("how", _("&What happened"), "choice", required=True,
                  choices=[(end.value, label_of(end)) for end in (*ends, HouseholdEnd.DIED)]),
            Field("former_stays", _("The former holder goes on &living here"), "check"),
        ]
    )  # fmt: skip
    form.set_values({"how": ends[0].value})
    hint = _(
        "{name}, {place}. The others stay with the new holder; their relation to her is to be entered anew, except"
        " between spouses. The shares are to be entered anew, too."
    )
    return FormDialog(
        page,
        _("Passed on within the household"),
        form,
        _("&Save"),
        hint.format(name=household.head, place=address),
    )


def shares_dialog(page: QWidget, shares: Shares, address: str) -> FormDialog:
    """Create the dialog of the shares of a home's owners."""
    keys = [f"{row.household_id}:{row.id}" for row in shares.rows]
    voters = [(key, row.name) for key, row in zip(keys, shares.rows, strict=True)]
    form = Form(
        [
            *(
                Field(_SHARE + key, row.name, placeholder=_("e.g. 1/2, 50%"))
                for key, row in zip(keys, shares.rows, strict=True)
            ),
            Field("voter", _("Who &votes for the owners"), "choice", choices=voters, placeholder=_("Not named")),
            Field("since", _("They hold so &since"), "date",
                  hint=_("Empty if it is not known.")),
            Field("is_change", _("The shares have &changed: the former ones stay as history until that day"), "check"),
        ]
    )  # fmt: skip
    values: dict[str, Any] = {_SHARE + key: row.share for key, row in zip(keys, shares.rows, strict=True)}
    values["voter"] = next((key for key, row in zip(keys, shares.rows, strict=True) if row.is_voter), None)
    form.set_values({**values, "since": shares.since})
    hint = _(
        "{place}. Leave a line empty for whoever owns nothing, and all of them for joint ownership (共同共有)."
    )
    return FormDialog(page, _("Shares of the owners"), form, _("&Save"), hint.format(place=address))


def typed_shares(
    shares: Shares, typed: Mapping[str, Any]
) -> tuple[dict[tuple[int, int], str], tuple[int, int] | None]:
    """Return the typed shares by household and person, and who votes."""
    keys = {f"{row.household_id}:{row.id}": (row.household_id, row.id) for row in shares.rows}
    return {keys[key]: typed[_SHARE + key] for key in keys}, keys.get(typed["voter"] or "")


class DayDialog(FormDialog):
    """Asks for a day, and shows who owned a home and who lived in it then."""

    def __init__(self, page: QWidget, address: str) -> None:
        form = Form([Field("day", _("&Day"), "date", required=True)], only_asks=True)
        super().__init__(page, _("Who was here on a day"), form, _("&Show"), address)
        self.cancel_button.setText(_("&Close"))
        self.facts = Facts()
        self.unsure = label("", "hint", wrap=True)
        self.content.addWidget(self.facts)
        self.content.addWidget(self.unsure)

    def show_found(self, found: OnDay) -> None:
        """Show who was there."""
        self.form.set_busy(False)
        self.form.mark_clean()
        self.banner.clear()
        self.facts.set_rows(
            [
                Fact(_("Owners"), _listed(found.owners, True) or _("Nobody is recorded for that day.")),
                Fact(_("Lived there"), _listed(found.residents, False)),
            ]
        )
        self.unsure.setText(_unsure(found))


def _listed(people: Sequence[PersonView], with_share: bool) -> str:
    return "\n".join(_named(view, with_share) for view in people)


def _named(view: PersonView, with_share: bool) -> str:
    share = view.share if with_share else ""
    since = "" if view.from_on is None else _("since {day}").format(day=_day(view.from_on))
    relation = name_of(Relation, view.relation) if view.relation else ""
    age = "" if view.age is None else numbered(view.age, N_("{n} year"), N_("{n} years"))
    votes = _("Votes for the owners") if view.is_voter and with_share else ""
    return _(", ").join(filter(None, (view.name, relation, age, share, since, votes)))


def _day(day: date) -> str:
    return day.isoformat()


def _unsure(found: OnDay) -> str:
    if not found.unsure:
        return ""
    return numbered(
        found.unsure,
        N_("Of {n} person the first day, or whether she lived here, is not recorded."),
        N_("Of {n} persons the first day, or whether they lived here, is not recorded."),
    )
