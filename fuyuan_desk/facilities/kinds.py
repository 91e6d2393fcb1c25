"""The record kind of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

FACILITY = Kind("facility", "facility", 60, N_("Facilities"), "facility")
