"""The record kind of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

CALL = Kind("call", "resident_call", 72, N_("Calls on residents"), "household")
