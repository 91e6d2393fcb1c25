"""Inputs and results of the services on organisations: frozen dataclasses."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True)
class Side:
    """One of two organisations that are compared: its data, and in words what refers to it, '' for nothing."""

    id: int
    version: int
    fields: OrganisationFields
    uses: str


class PairState(StrEnum):
    """What is known of two names: suspected to be the same, told apart by a clerk, or merged."""

    SUSPECTED = "suspected"
    APART = "apart"
    MERGED = "merged"


@dataclass(frozen=True)
class Pair:
    """Two organisations by id and name; of merged ones the first is the one that is kept."""

    state: PairState
    first_id: int
    first: str
    second_id: int
    second: str

    @property
    def id(self) -> tuple[PairState, int, int]:
        """What makes it the same line when the list is read again; one that was dealt with is another."""
        return self.state, self.first_id, self.second_id
