"""The books of organisations (单位) and of their contacts."""

from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Words, choices_of
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.kinds import CONTACT, ORGANISATION
from fuyuan_desk.organisations.rules import OrganisationKind, organisation_doubts


def ended_mark(line: Line[OrganisationFields], _today: date) -> Mark | None:
    """Return how an organisation that has ended is marked."""
    return Mark("neutral") if line.fields.ended_on is not None else None


def organisation_book() -> Book:
    """Declare the records of organisations."""
    return Book(
        ORGANISATION,
        _("Organisations"),
        Words(
            new=_("New organisation"),
            add=_("Add an &organisation"),
            nothing=_("No organisation yet"),
            nothing_hint=_("Committees, property companies, contractors and offices belong here, each only once."),
            choose_title=_("No organisation chosen"),
            choose=_("Choose an organisation to see and edit it."),
            find=_("Name, Pinyin, credit code, telephone"),
            remove_hint=_("If it has ended, enter the day instead: the record stays."),
        ),
        (
            Part("name", _("&Name of the organisation"), required=True, most=100, find="text", span=2,
                 placeholder=_("as on its stamp or licence"), shown=Shown(240, sort=True)),
            Part("kind", _("&Kind"), "choice", required=True, choices=choices_of(OrganisationKind), filter="value",
                 for_many=True, shown=Shown(136, sort=True)),
            Part("credit_code", _("&Credit code"), most=18, find="document",
                 hint=_("18 characters, from the licence."), shown=Shown(160, at_first=False)),
            Part("phone", _("&Telephone"), most=60, find="phone",
                 hint=_("Its own number; those of people belong under contacts."), shown=Shown(120)),
            Part("address", _("&Address"), most=200, find="text", span=2, shown=Shown(160, at_first=False)),
            Part("also", _("Also called"), in_form=False, find="text", shown=Shown(200, at_first=False)),
            Heading(_("Other")),
            Part("ended_on", _("&Ended on"), "date", mark=ended_mark,
                 hint=_("Dissolved, or no longer in the area. It stays in the history."), shown=Shown(104, sort=True)),
            Part("remarks", _("Re&marks"), "lines", most=2000),
        ),
        lambda fields: fields.name,
        order="name",
        about=_("Each organisation once; estates, contracts and renovations refer to it."),
        doubts=lambda fields, _line: organisation_doubts(fields),
    )  # fmt: skip


def contact_book() -> Book:
    """Declare the records of contacts; they are personal data and are found by nobody's search."""
    return Book(
        CONTACT,
        _("Contacts of organisations"),
        Words(
            new=_("New contact"),
            add=_("&Add a contact"),
            nothing=_("No contact yet"),
            nothing_hint=_("Who answers for an organisation: name, post and telephone."),
            choose_title=_("No contact chosen"),
            choose=_("Choose a contact to see and edit it."),
            find=_("Post or name"),
            remove_hint=_("The name stays in the audit log only."),
        ),
        (
            Part("organisation_id", _("&Organisation"), "reference", required=True, filter="value", span=2,
                 shown=Shown(220, sort=True)),
            Part("name", _("&Name"), required=True, most=60, mask=mask_name, shown=Shown(104)),
            Part("post", _("&Post"), most=60, placeholder=_("e.g. manager, secretary"), shown=Shown(120, sort=True)),
            Part("phone", _("&Telephone"), most=60, mask=mask_phone, shown=Shown(128)),
        ),
        _contact_name,
        order="post",
        about=_("Shown masked; showing one in full is logged."),
    )  # fmt: skip


def _contact_name(fields: ContactFields) -> str:
    return f"{fields.post} {mask_name(fields.name)}".strip()
