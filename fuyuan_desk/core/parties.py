"""The parties that inspect an estate, a renovation or a facility."""

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_


class Party(Code):
    """The inspecting party; all three inspect a renovation under way."""

    PROPERTY = "property", N_("Property company")
    COMMITTEE = "committee", N_("Residents' committee")
    ENFORCEMENT = "enforcement", N_("Law enforcement")
