"""The kinds of record of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

ORGANISATION = Kind("organisation", "organisation", 65, N_("Organisations"), "people")
CONTACT = Kind("organisation_contact", "organisation_contact", 66, N_("Contacts"), "phone")
