"""Inputs and results of the services on organisations: frozen dataclasses."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OrganisationFields:
    """Editable data of an organisation; `kind` is a value of `rules.OrganisationKind`, '' if unknown."""

    name: str = ""
    kind: str = ""
    credit_code: str = ""
    phone: str = ""
    address: str = ""
    ended_on: date | None = None
    remarks: str = ""


@dataclass(frozen=True)
class ContactFields:
    """Editable data of a contact, a person who answers for an organisation."""

    organisation_id: int | None = None
    name: str = ""
    post: str = ""
    phone: str = ""
