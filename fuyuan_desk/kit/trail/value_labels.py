"""Labels of the codes in columns and notes, as used on the screens that set them."""

from typing import Any

from fuyuan_desk.access.seat import ROLE_NAMES, Role
from fuyuan_desk.access.second_person import ACTION_NAMES, ProtectedAction
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.db.codes import Codes, codes_of

# roles are defined above the table that stores them; `act` occurs only in notes
_OF_OPERATORS = {
    "role": Codes(Role, lambda role: _(ROLE_NAMES[role])),
    "act": Codes(ProtectedAction, lambda action: _(ACTION_NAMES[action])),
}


def coded(table: str, field: str, value: Any) -> str | None:
    """Return the label of a code, None if the column has no codes or the code is unknown."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    known = _codes(table, field)
    return None if known is None else known.text(value)


def _codes(table: str, field: str) -> Codes | None:
    if table == "operator":
        return _OF_OPERATORS.get(field)
    known = Base.metadata.tables.get(table)
    return codes_of(known.columns[field]) if known is not None and field in known.columns else None
