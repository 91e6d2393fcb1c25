"""The roles of operators, and the groups of roles that services are permitted to."""

import enum

from fuyuan_desk.core.texts import N_


class Role(enum.StrEnum):
    """Role of an operator in this office."""

    ADMIN = "admin"  # 管理员
    CLERK = "clerk"  # 经办人
    REVIEWER = "reviewer"  # 书记/审核
    VIEWER = "viewer"  # 查看
    PROPERTY = "property"  # 物业: her own estates and duties only


ROLE_NAMES = {
    Role.ADMIN: N_("Administrator"),
    Role.CLERK: N_("Clerk"),
    Role.REVIEWER: N_("Secretary (reviewer)"),
    Role.VIEWER: N_("Viewer"),
    Role.PROPERTY: N_("Property company"),
}
EVERYONE = (Role.ADMIN, Role.CLERK, Role.REVIEWER, Role.VIEWER, Role.PROPERTY)
# the committee's own staff
STAFF = (Role.ADMIN, Role.CLERK, Role.REVIEWER, Role.VIEWER)
WRITERS = (Role.ADMIN, Role.CLERK)
REVIEWERS = (Role.ADMIN, Role.REVIEWER)
# may see unmasked personal data, recorded in the audit log each time
REVEALERS = (Role.ADMIN, Role.CLERK, Role.REVIEWER)
# may log visits: the committee and, on her own estates, the property company
FIELD = (Role.ADMIN, Role.CLERK, Role.PROPERTY)
