"""The tables of facilities (设施), of their checks, and of the office's own intervals."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_
from fuyuan_desk.facilities.rules import FacilityKind, FacilityState, Unit
from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Facility(Record):
    """A facility of an estate or of one of its buildings; `order_key` sorts numbers naturally."""

    __tablename__ = "facility"
    counted_as = N_("{n} facility"), N_("{n} facilities")

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info=codes(FacilityKind))
    number: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    order_key: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(20), default="in_use", info=codes(FacilityState))
    next_check_on: Mapped[date | None] = mapped_column(index=True)
    company: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    certificate: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    maker: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    installed_on: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    device_no: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    model: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    out_of_service_on: Mapped[date | None]


class FacilityCheck(Record):
    """A check that a facility had; `item` is the key of a statutory item in `resources/facilities/checks.json`.

    `party` had it made: it counts for the planned rounds of that party; '' of one recorded before 2026-12.
    """

    __tablename__ = "facility_check"
    counted_as = N_("{n} check of a facility"), N_("{n} checks of a facility")

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    item: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    done_on: Mapped[date]
    done_by: Mapped[str] = mapped_column(String(100), default="", info=personal(Kind.FREE_TEXT))
    certificate: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    valid_until: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    party: Mapped[str] = mapped_column(String(20), default="", server_default="", info=codes(Party))


class CheckInterval(Record):
    """How often the office has an item checked instead of the interval of the data, and why."""

    __tablename__ = "check_interval"
    estate_scope = OFFICE

    item: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    every: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10), info=codes(Unit))
    reason: Mapped[str] = mapped_column(Text, info=personal(Kind.FREE_TEXT))
