"""Tables of the office."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL


class StreetRow(Record):
    """A street (街道) to choose from; the office may edit the list."""

    estate_scope = OFFICE
    __tablename__ = "street"

    code: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    name: Mapped[str] = mapped_column(String(50), unique=True, info=NOT_PERSONAL)
