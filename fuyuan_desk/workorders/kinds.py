"""The record kinds of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

ORDER = Kind("order", "work_order", 80, N_("Work orders"), "list")
