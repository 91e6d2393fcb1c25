"""The books of an estate's buildings (楼栋), its organisations (单位), chosen rooms, and the office's tags (标签)."""

from datetime import date
from typing import Any

from fuyuan_desk.access.roles import ROLE_NAMES, Role
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import BuildingFields, RoleFields
from fuyuan_desk.estates.facts.people import TagFields
from fuyuan_desk.estates.kinds import BUILDING, ROLE, TAG, UNIT
from fuyuan_desk.estates.rules.checks import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_ENTRANCES,
    MOST_FLOORS,
    MOST_LIFTS,
    building_doubts,
)
from fuyuan_desk.estates.rules.housing import (
    HeritageClass,
    HistoricArea,
    HouseKind,
    Structure,
    Tenure,
    UnitUse,
    label,
)
from fuyuan_desk.estates.rules.people import TagLook
from fuyuan_desk.estates.rules.roles import Period, RoleKind
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Tone, Words, choices_of


def _protected(line: Line[BuildingFields], _today: date) -> Mark | None:
    in_force = line.extra["class_in_force"]
    if in_force == HeritageClass.LISTED:
        return Mark("warn", "shield")
    return Mark("neutral", "shield") if in_force else None


def _year(line: Line[BuildingFields]) -> str:
    return str(line.fields.built_year or "")


def _lift() -> tuple[tuple[Any, str], ...]:
    return ((True, _("With lift")), (False, _("Without lift")))


def _answers() -> tuple[tuple[Any, str], ...]:
    return ((True, _("Yes")), (False, _("No")))


def _doubts(fields: BuildingFields, line: Line[BuildingFields] | None) -> dict[str, str]:
    if fields.heritage_class is not None:
        return building_doubts(fields, fields.heritage_class)
    # of the estate the form knows what was in force when the building was read; saving looks again
    if line is not None and line.fields.heritage_class is None:
        return building_doubts(fields, line.extra["class_in_force"])
    return {}


def building_book() -> Book:
    """Declare the records of buildings; kind and class in force are the building's own or the estate's."""
    same = _("Same as the estate")
    return Book(
        BUILDING,
        _("Buildings"),
        Words(
            new=_("New building"),
            add=_("&Add a building"),
            nothing=_("No building yet"),
            nothing_hint=_(
                "A lane has gate numbers (号), an estate has blocks (号楼). Importing a roster adds them."
            ),
            choose_title=_("No building chosen"),
            choose=_("Choose a building to see and edit it."),
            find=_("Filter buildings"),
            remove_hint=_("Only a building without homes can be removed."),
        ),
        (
            Part("estate_id", _("Estat&e"), "reference", required=True),
            Part("label", _("&Number of the building"), required=True, most=60, span=2,
                 placeholder=_("e.g. 4号, 1号楼"), shown=Shown(128, sort=True, by="order_key")),
            Part("units", _("Homes"), "int", in_form=False, shown=Shown(64)),
            Part("built_year", _("&Built in"), "int", low=FIRST_YEAR, high=LAST_YEAR, unit=_("year"), for_many=True,
                 shown=Shown(64, sort=True, at_first=False, text=_year, whole=_year)),
            Part("structure", _("Str&ucture"), "choice", choices=choices_of(Structure), placeholder=_("Unknown"),
                 for_many=True, shown=Shown(120, at_first=False)),
            Part("floors", _("&Floors"), "int", low=1, high=MOST_FLOORS, for_many=True, shown=Shown(64, sort=True)),
            Part("entrances", _("En&trances"), "int", low=1, high=MOST_ENTRANCES),
            Part("entrance_labels", _("Their names"), most=200, placeholder=_("e.g. 1单元、2单元"), span=2),
            Part("has_lift", _("L&ift"), "choice", choices=_lift(), placeholder=_("Unknown"), for_many=True,
                 shown=Shown(88, sort=True)),
            Part("lifts", _("Number of lifts"), "int", low=0, high=MOST_LIFTS),
            Part("house_kind", _("&Kind of house"), "choice", choices=choices_of(HouseKind, label),
                 placeholder=same, for_many=True),
            Part("kind_in_force", _("Kind"), "choice", choices=choices_of(HouseKind, label), in_form=False,
                 shown=Shown(136)),
            Heading(_("Protection"), _("What the building has of its own goes before what the estate says.")),
            Part("heritage_class", _("Protection &class"), "choice", choices=choices_of(HeritageClass, label),
                 placeholder=same, for_many=True, span=2),
            Part("historic_area", _("Historic area"), "choice", choices=choices_of(HistoricArea, label),
                 placeholder=same, for_many=True, span=2),
            Part("preserved_block", _("Block or road under preservation"), "choice", choices=_answers(),
                 placeholder=same, for_many=True, span=2),
            Part("retained_building", _("Retained historic building"), "choice", choices=_answers(),
                 placeholder=same, for_many=True, span=2),
            Part("cultural_relic", _("Cultural relic"), "choice", choices=_answers(), placeholder=same, for_many=True,
                 span=2),
            Part("class_in_force", _("Protection"), "choice", choices=choices_of(HeritageClass, label),
                 in_form=False, shown=Shown(104), mark=_protected),
            Part("protection", _("What must be &preserved"), "lines",
                 hint=_("From the notice to the owner; overrides the rule of the class.")),
            Part("notice_no", _("Number of the notice"), "code", most=60),
            Part("notice_on", _("Day of the notice"), "date"),
            Part("notice_pages", _("Pages of the notice"), "int", low=1, high=999),
        ),
        lambda fields: fields.label,
        order="label",
        estate="estate_id",
        doubts=_doubts,
    )  # fmt: skip


TAG_TONES: dict[str, Tone] = {
    TagLook.GREY: "neutral",
    TagLook.GREEN: "ok",
    TagLook.AMBER: "warn",
    TagLook.RED: "error",
}
"""The tone of a tag's chip."""


def _tag_mark(line: Line[TagFields], _today: date) -> Mark:
    return Mark(TAG_TONES.get(line.fields.look, "neutral"), "tag")


def tag_book() -> Book:
    """Declare the office's tags; the administrator sees all of them."""
    roles = tuple((role.value, _(text)) for role, text in ROLE_NAMES.items() if role is not Role.ADMIN)
    return Book(
        TAG,
        _("Tags of people"),
        Words(
            new=_("New tag"),
            add=_("&Add a tag"),
            nothing=_("No tag yet"),
            nothing_hint=_("Tags mark people whom the office cares for, such as 独居老人."),
            choose_title=_("No tag chosen"),
            choose=_("Choose a tag to see and edit it."),
            find=_("Filter tags"),
            remove_hint=_("Only a tag that nobody has can be removed."),
        ),
        (
            Part("name", _("Name of the &tag"), required=True, most=20,
                 shown=Shown(160, sort=True), mark=_tag_mark),
            Part("look", _("Colou&r"), "choice", required=True, choices=choices_of(TagLook), shown=Shown(96)),
            Part("visit_every", _("&Call every … days"), "int", low=1, high=3650,
                 hint=_("How often the office wants to call on people with this tag."), shown=Shown(104, sort=True)),
            Part("is_ended", _("No &longer given"), "check", shown=Shown(112)),
            Part("roles", _("Who may &see it"), "checks", choices=roles, span=2,
                 hint=_("Administrators see every tag. Others see neither the tag nor who has it."), shown=Shown(240)),
        ),
        lambda fields: fields.name,
        order="name",
        about=_("What the office marks people with, in which colour, and who may see it."),
    )  # fmt: skip


def room_book(state: str = "") -> Book:
    """Declare what is listed, and changed at once, of chosen rooms; `state` is the title of their states, if any."""
    states = (Part("state", _(state), in_form=False, shown=Shown(120)),) if state else ()
    return Book(
        UNIT,
        _("Homes and other units"),
        Words(add="", nothing=_("No home yet"), nothing_hint="", find=""),
        (
            Part("place", _("Unit"), in_form=False, shown=Shown(160)),
            Part("tenure", _("Tenu&re"), "choice", choices=choices_of(Tenure, label), for_many=True,
                 shown=Shown(120)),
            Part("use", _("&Use"), "choice", required=True, choices=choices_of(UnitUse, label), for_many=True,
                 shown=Shown(80)),
            Part("floor", _("&Floor"), most=20, for_many=True, shown=Shown(72),
                 hint=_("e.g. 3, 二楼, B1. Empty where the room number says it.")),
            *states,
        ),
        lambda fields: fields.entrance + fields.label,
        order="place",
    )  # fmt: skip


def _in_force(line: Line[RoleFields], today: date) -> Mark:
    return Mark("ok" if Period(line.fields.since, line.fields.until).holds(today) else "neutral")


def _since_text(line: Line[RoleFields]) -> str:
    return _("Unknown") if line.fields.since is None else line.fields.since.isoformat()


def role_book() -> Book:
    """Declare the records of what organisations are to estates, in force and former ones."""
    return Book(
        ROLE,
        _("Organisations"),
        Words(
            new=_("New organisation of the estate"),
            add=_("&Add an organisation"),
            nothing=_("No organisation yet"),
            nothing_hint=_("Residents' committee, owners' committee, property company and others, each with its days."),
            choose_title=_("No organisation chosen"),
            choose=_("Choose an organisation to see and edit it."),
            find=_("Filter by note"),
            remove_hint=_("If it has ended, enter the last day instead: it stays in the history."),
        ),
        (
            Part("role", _("&Is here"), "choice", required=True, choices=choices_of(RoleKind), filter="value",
                 shown=Shown(136, sort=True), mark=_in_force),
            Part("organisation_id", _("&Organisation"), "reference", required=True,
                 hint=_("A new one is added on the page “Organisations”."), shown=Shown(220, sort=True, least=144)),
            Part("since", _("&First day"), "date", hint=_("Empty if it is unknown."),
                 shown=Shown(104, sort=True, text=_since_text)),
            Part("until", _("&Last day"), "date", hint=_("Empty while it goes on."), shown=Shown(104, sort=True)),
            Part("note", _("&Note"), most=100, span=2, shown=Shown(96, in_large=False)),
            Part("estate_id", _("Estat&e"), "reference", required=True, shown=Shown(120, sort=True)),
        ),
        lambda fields: name_of(RoleKind, fields.role),
        order="role",
        estate="estate_id",
    )  # fmt: skip
