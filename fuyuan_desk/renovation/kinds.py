"""The record kind of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

CASE = Kind("case", "renovation_case", 20, N_("Renovations"), "renovation")
