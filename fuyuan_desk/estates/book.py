"""The books of an estate's buildings (楼栋) and of what organisations (单位) are to it."""

from datetime import date
from typing import Any

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingFields, RoleFields
from fuyuan_desk.estates.kinds import BUILDING, ROLE
from fuyuan_desk.estates.rules.checks import MOST_FLOORS
from fuyuan_desk.estates.rules.housing import HeritageClass, HouseKind, label
from fuyuan_desk.estates.rules.roles import Period, RoleKind
from fuyuan_desk.kit.book import Book, Line, Mark, Part, Shown, Words, choices_of


def _protected(line: Line[BuildingFields], _today: date) -> Mark | None:
    return Mark("neutral", "shield") if line.extra["class_in_force"] else None


def _lift() -> tuple[tuple[Any, str], ...]:
    return ((True, _("With lift")), (False, _("Without lift")))


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
            Part("floors", _("&Floors"), "int", low=1, high=MOST_FLOORS, for_many=True, shown=Shown(64, sort=True)),
            Part("has_lift", _("L&ift"), "choice", choices=_lift(), placeholder=_("Unknown"), for_many=True,
                 shown=Shown(88, sort=True)),
            Part("house_kind", _("&Kind of house"), "choice", choices=choices_of(HouseKind, label),
                 placeholder=same, for_many=True),
            Part("kind_in_force", _("Kind"), "choice", choices=choices_of(HouseKind, label), in_form=False,
                 shown=Shown(136)),
            Part("heritage_class", _("Protection &class"), "choice", choices=choices_of(HeritageClass, label),
                 placeholder=same, for_many=True),
            Part("class_in_force", _("Protection"), "choice", choices=choices_of(HeritageClass, label),
                 in_form=False, shown=Shown(104), mark=_protected),
            Part("protection", _("What must be &preserved"), "lines",
                 hint=_("From the notice to the owner; overrides the rule of the class.")),
        ),
        lambda fields: fields.label,
        order="label",
        estate="estate_id",
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
