"""Tables of the office, its operators, number series and drafts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, OFFICE, Record
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class OfficeRow(Record):
    """This residents' committee (居委会): exactly one row."""

    estate_scope = OFFICE
    __tablename__ = "office"

    name: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    street: Mapped[str] = mapped_column(String(50), default="", info=NOT_PERSONAL)
    district: Mapped[str] = mapped_column(String(50), default="黄浦区", info=NOT_PERSONAL)
    phone: Mapped[str] = mapped_column(String(50), default="", info=NOT_PERSONAL)
    keep_photo_location: Mapped[bool] = mapped_column(default=False)
    idle_minutes: Mapped[int] = mapped_column(default=10)
    is_sample: Mapped[bool] = mapped_column(default=False)
    calendar: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=NOT_PERSONAL)


class OperatorRow(Record):
    """An operator account."""

    estate_scope = OFFICE
    __tablename__ = "operator"

    login: Mapped[str] = mapped_column(String(50), unique=True, info=personal(Kind.LOGIN))
    name: Mapped[str] = mapped_column(String(50), info=personal(Kind.NAME))
    role: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    active: Mapped[bool] = mapped_column(default=True)
    last_sign_in_at: Mapped[datetime | None]


class OperatorEstate(Record):
    """An estate that an operator of a property company (物业) may access; she may access no others."""

    estate_scope = OFFICE
    __tablename__ = "operator_estate"
    __table_args__ = (UniqueConstraint("operator_id", "estate_id"), KEYS_NEVER_REUSED)

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    # estates is a higher job, so no foreign key; the row of a removed estate grants nothing
    estate_id: Mapped[int]


class NumberSeries(Record):
    """The last number assigned in a series and year."""

    estate_scope = OFFICE
    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("series", "year"), KEYS_NEVER_REUSED)

    series: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    year: Mapped[int]
    last: Mapped[int]


class Draft(Record):
    """The unsaved input of a form."""

    trailed = False
    estate_scope = OFFICE
    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("operator_id", "form"), KEYS_NEVER_REUSED)

    operator_id: Mapped[int]
    form: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal(Kind.FREE_TEXT, sensitive=True))
    saved_at: Mapped[datetime]
