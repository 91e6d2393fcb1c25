"""The record kind of this job."""

from fuyuan_desk.core.kinds import Kind
from fuyuan_desk.core.texts import N_

CONTRACT = Kind("contract", "contract", 67, N_("Contracts"), "document")
