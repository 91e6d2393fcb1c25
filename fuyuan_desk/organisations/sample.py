"""The organisations of the sample office beyond those that its estates and renovations name, and some contacts."""

from dataclasses import replace

from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.service import contacts, organisations


def fill(office: SampleOffice) -> None:
    """Add or complete organisations, and their contacts; leave in `known` ("organisation", name) → id."""
    seat = office.seat
    for row in office.data["organisations"]:
        fields = office.fields(OrganisationFields, row)
        same = next((line for line in organisations.find_organisations(seat, limit=-1).rows
                     if line.fields.name == fields.name), None)  # fmt: skip
        known = None if same is None else same.known
        if same is not None:
            fields = replace(same.fields, **{name: value for name, value in vars(fields).items() if value})
        organisations.save_organisation(seat, fields, known)
    for line in organisations.find_organisations(seat, limit=-1).rows:
        office.known["organisation", line.fields.name] = line.id
    for row in office.data["contacts"]:
        contacts.save_contact(seat, office.fields(ContactFields, row))
