"""The book of facilities (设施台账)."""

from datetime import date, timedelta
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import _
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Words, choices_of


def days_ahead() -> timedelta:
    """Return how long before its day a check is announced."""
    return timedelta(days=int(read_json("facilities", "dues.json")["days_ahead"]))


def name(fields: FacilityFields) -> str:
    """Return the name of a facility: its kind and number."""
    return f"{rules.kind_name(fields.kind)} {fields.number}"


def _state(line: Line[FacilityFields], _today: date) -> Mark:
    return Mark(rules.state_tone(line.fields.state))  # type: ignore[arg-type]


def _check(line: Line[FacilityFields], today: date) -> Mark | None:
    tone: Any = rules.check_tone(line.fields, today, days_ahead())
    return Mark(tone, "calendar") if tone else None


def book() -> Book:
    """Declare the records of facilities."""
    return Book(
        FACILITY,
        _("Facilities"),
        Words(
            new=_("New facility"),
            add=_("&Add a facility"),
            nothing=_("No facility yet"),
            nothing_hint=_("Lifts, cameras, smoke detectors and the like belong here, each with its next check."),
            choose_title=_("No facility chosen"),
            choose=_("Choose a facility to see and edit it."),
            find=_("Number, place, company, Pinyin"),
            remove_hint=_("If it was dismantled, set its state to “Scrapped” instead: the record stays."),
        ),
        (
            Part("kind", _("&Kind"), "choice", required=True, choices=choices_of(rules.FacilityKind, rules.label),
                 filter="value", find="text", shown=Shown(112, sort=True)),
            Part("number", _("Num&ber"), "code", required=True, most=40, find="text", placeholder=_("e.g. 1号梯, X-03"),
                 shown=Shown(96, sort=True, by="order_key")),
            Part("estate_id", _("Estat&e"), "reference", required=True, filter="value", shown=Shown(120, sort=True)),
            Part("building_id", _("B&uilding"), "reference", within="estate_id", shown=Shown(72)),
            Part("place", _("&Place"), most=100, find="text", placeholder=_("e.g. 3F, east staircase"), span=2,
                 shown=Shown(120, sort=True, naturally=True, at_first=False)),
            Part("state", _("S&tate"), "choice", required=True, choices=choices_of(rules.FacilityState, rules.label),
                 filter="value", for_many=True, shown=Shown(104, sort=True, least=96), mark=_state),
            Heading(_("Checks")),
            Part("next_check_on", _("Ne&xt check"), "date", filter="due", for_many=True,
                 hint=_("The desk announces it {n} days before.").format(n=days_ahead().days),
                 shown=Shown(124, sort=True, least=120), mark=_check),
            Part("certificate", _("Registration certi&ficate"), "code", most=60, find="document",
                 shown=Shown(120, at_first=False)),
            Part("company", _("Responsible &company"), most=100, find="text", for_many=True, span=2,
                 shown=Shown(140, sort=True)),
            Heading(_("Origin")),
            Part("maker", _("Maker and mo&del"), most=100, find="text", shown=Shown(120, at_first=False)),
            Part("installed_on", _("&Installed on"), "date", shown=Shown(104, sort=True, at_first=False)),
            Part("remarks", _("Re&marks"), "lines", most=2000),
        ),
        name,
        order="next_check_on",
        estate="estate_id",
        about=_("What stands in the estates, who looks after it, and when it is checked next."),
    )  # fmt: skip
