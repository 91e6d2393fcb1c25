"""The kinds of record of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

ESTATE = Kind("estate", "estate", 10, N_("Estates"), "estate", is_scope=True)
HOUSEHOLD = Kind("household", "household", 30, N_("Households"), "household")
BUILDING = Kind("building", "building", 40, N_("Buildings"), "building")
PERSON = Kind("person", "person", 35, N_("Persons"), "user")
UNIT = Kind("unit", "unit", 50, N_("Units"), "list")
TAG = Kind("tag", "tag", 95, N_("Tags"), "tag")
ROLE = Kind("estate_role", "estate_role", 55, N_("Organisations of estates"), "people")
