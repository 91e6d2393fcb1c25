"""The book of facilities (设施台账)."""

from datetime import date, timedelta

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.facilities.facts import FacilityFields, Upcoming
from fuyuan_desk.facilities.kinds import FACILITY
from fuyuan_desk.facilities.rules import NEVER_CHECKED, FacilityKind, FacilityState
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Tone, Words, choices_of

_TONES: dict[str, Tone] = {
    FacilityState.IN_USE: "ok",
    FacilityState.FAULTY: "error",
    FacilityState.STOPPED: "warn",
    FacilityState.SCRAPPED: "neutral",
}


def name(fields: FacilityFields) -> str:
    """Return the name of a facility: its kind and number."""
    return f"{name_of(FacilityKind, fields.kind)} {fields.number}"


def state_mark(line: Line[FacilityFields], _today: date) -> Mark:
    """Return how the state of a facility is marked."""
    return Mark(_TONES.get(line.fields.state, "warn"))


def _ahead() -> timedelta:
    return timedelta(days=int(read_json("facilities", "dues.json")["days_ahead"]))


def _next_mark(line: Line[FacilityFields], today: date) -> Mark | None:
    """Return how the next check is marked: what is checked every fortnight is not announced a month before."""
    due, upcoming = line.fields.next_check_on, line.extra.get("due")
    if due is None or line.fields.state in NEVER_CHECKED:
        return None
    announced = due - _ahead() if upcoming is None else upcoming.announced_on
    return Mark("error" if due < today else "warn", "calendar") if today >= announced else None


def _due_text(line: Line[FacilityFields]) -> str:
    upcoming: Upcoming | None = line.extra.get("due")
    return "" if upcoming is None else upcoming.name


def book() -> Book:
    """Declare the records of facilities."""
    ahead = _ahead()
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
            Part("kind", _("&Kind"), "choice", required=True, choices=choices_of(FacilityKind),
                 filter="value", find="text", shown=Shown(112, sort=True)),
            Part("number", _("Num&ber"), "code", required=True, most=40, find="text", placeholder=_("e.g. 1号梯, X-03"),
                 shown=Shown(96, sort=True, by="order_key")),
            Part("estate_id", _("Estat&e"), "reference", required=True, filter="value", shown=Shown(120, sort=True)),
            Part("building_id", _("B&uilding"), "reference", within="estate_id", shown=Shown(72)),
            Part("place", _("&Place"), most=100, find="text", placeholder=_("e.g. 3F, east staircase"), span=2,
                 shown=Shown(120, sort=True, naturally=True, at_first=False)),
            Part("state", _("S&tate"), "choice", required=True, choices=choices_of(FacilityState),
                 filter="value", for_many=True, shown=Shown(104, sort=True, least=96), mark=state_mark),
            Heading(_("Checks")),
            Part("next_check_on", _("Ne&xt check"), "date", filter="due", ahead=ahead, for_many=True,
                 hint=_("It follows from the checks, once one is recorded.") + " "
                 + numbered(ahead.days, N_("The desk announces it {n} day before."),
                            N_("The desk announces it {n} days before.")),
                 shown=Shown(124, sort=True, least=120), mark=_next_mark),
            Part("certificate", _("Registration certi&ficate"), "code", most=60, find="document",
                 shown=Shown(120, at_first=False)),
            Part("company", _("Responsible &company"), most=100, find="text", for_many=True, span=2,
                 shown=Shown(140, sort=True)),
            Part("due", _("What is due"), in_form=False, shown=Shown(120, at_first=False, text=_due_text)),
            Heading(_("Origin")),
            Part("maker", _("Maker"), most=100, find="text", shown=Shown(120, at_first=False)),
            Part("model", _("Mo&del"), most=100, find="text", shown=Shown(120, at_first=False)),
            Part("device_no", _("Device number"), "code", most=60, find="document",
                 hint=_("As the device reports it; no two of one kind and maker have the same."),
                 shown=Shown(120, at_first=False)),
            Part("installed_on", _("&Installed on"), "date", shown=Shown(104, sort=True, at_first=False)),
            Part("out_of_service_on", _("Out of service since"), "date", shown=Shown(104, sort=True, at_first=False)),
            Part("remarks", _("Re&marks"), "lines", most=2000),
        ),
        name,
        order="next_check_on",
        estate="estate_id",
        never_due={"state": NEVER_CHECKED},
        about=_("What stands in the estates, who looks after it, and when it is checked next."),
    )  # fmt: skip
