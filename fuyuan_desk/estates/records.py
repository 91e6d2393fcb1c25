"""Tables of estates (小区), buildings, units and households."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.rules.housing import (
    HeritageClass,
    HistoricArea,
    HoldingRole,
    HouseKind,
    Tenure,
    UnitUse,
)
from fuyuan_desk.estates.rules.housing import label as housing_label
from fuyuan_desk.estates.rules.roles import RoleKind
from fuyuan_desk.formats.id_numbers import IdKind, id_kind_label
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal
from fuyuan_desk.store.db.visible_columns import EXACT


class Estate(Record):
    """An estate (小区), which has a service standard and a property company."""

    __tablename__ = "estate"
    counted_as = N_("{n} estate"), N_("{n} estates")

    name: Mapped[str] = mapped_column(String(100), unique=True, info=NOT_PERSONAL)
    address: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    street: Mapped[str] = mapped_column(String(50), default="", info=NOT_PERSONAL)
    house_kind: Mapped[str] = mapped_column(String(20), default="", info=codes(HouseKind, housing_label))
    tenures: Mapped[list[str]] = mapped_column(JSON, default=list, info=codes(Tenure, housing_label))
    built_year: Mapped[int | None]
    heritage_class: Mapped[int | None] = mapped_column(info=codes(HeritageClass, housing_label))
    historic_area: Mapped[str] = mapped_column(
        String(20), default="", info=codes(HistoricArea, housing_label)
    )
    preserved_block: Mapped[bool] = mapped_column(default=False)
    retained_building: Mapped[bool] = mapped_column(default=False)
    cultural_relic: Mapped[bool] = mapped_column(default=False)
    quiet_hours: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))

    buildings: Mapped[list["Building"]] = relationship(back_populates="estate", passive_deletes=True)


class EstateRole(Record):
    """What an organisation is to an estate, from its first to its last day, both included; None is unknown or open."""

    __tablename__ = "estate_role"
    counted_as = N_("{n} role in an estate"), N_("{n} roles in estates")
    is_part = True
    duty_until = "until"

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), info=codes(RoleKind))
    since: Mapped[date | None]
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)


class Building(Record):
    """A building: a gate number (号) of a lane or a block (幢) of an estate; `order_key` sorts naturally."""

    __tablename__ = "building"
    counted_as = N_("{n} building"), N_("{n} buildings")

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    label: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    order_key: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    floors: Mapped[int | None]
    has_lift: Mapped[bool | None]
    house_kind: Mapped[str] = mapped_column(String(20), default="", info=codes(HouseKind, housing_label))
    heritage_class: Mapped[int | None] = mapped_column(info=codes(HeritageClass, housing_label))
    protection: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)

    estate: Mapped[Estate] = relationship(back_populates="buildings")
    units: Mapped[list["Unit"]] = relationship(back_populates="building", passive_deletes=True)


class Unit(Record):
    """A room (室) or a lane-house part such as 亭子间; areas in 0.01 m², money in fen."""

    __tablename__ = "unit"
    counted_as = N_("{n} unit"), N_("{n} units")
    # lists of an estate's units are read in this order, in windows
    __table_args__ = (Index("ix_unit_estate_order", "estate_id", "order_key"), KEYS_NEVER_REUSED)

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    entrance: Mapped[str] = mapped_column(String(30), default="", info=NOT_PERSONAL)
    floor: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    label: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    # its parts are divided by a character that sorts before all others
    order_key: Mapped[str] = mapped_column(String(400), index=True, info={**NOT_PERSONAL, **EXACT})
    use: Mapped[str] = mapped_column(String(20), default="home", info=codes(UnitUse, housing_label))
    tenure: Mapped[str] = mapped_column(String(20), default="", info=codes(Tenure, housing_label))
    area: Mapped[int | None]
    inner_area: Mapped[int | None]
    lease_no: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    fund_first: Mapped[int | None]
    fund_balance: Mapped[int | None]
    fund_topped_up: Mapped[bool | None]
    fund_topped_up_on: Mapped[date | None]

    building: Mapped[Building] = relationship(back_populates="units")
    households: Mapped[list["Household"]] = relationship(back_populates="unit", passive_deletes=True)


class Household(Record):
    """The holder of a unit: a person or a company, as owner or tenant."""

    __tablename__ = "household"
    counted_as = N_("{n} household"), N_("{n} households")

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    head: Mapped[str] = mapped_column(String(60), info=personal(Kind.NAME))
    is_company: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(String(20), default="owner", info=codes(HoldingRole, housing_label))
    id_kind: Mapped[str] = mapped_column(String(20), default="", info=codes(IdKind, id_kind_label))
    id_number: Mapped[str] = mapped_column(
        String(40), default="", info=personal(Kind.ID_NUMBER, sensitive=True)
    )
    people: Mapped[int | None]
    vacant: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.CONTACT))
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT, sensitive=True))
    moved_out_on: Mapped[date | None]
    anonymised_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship(back_populates="households")
    phones: Mapped[list["HouseholdPhone"]] = relationship(
        back_populates="household", order_by="HouseholdPhone.position", passive_deletes=True
    )


class HouseholdPhone(Record):
    """A telephone number of a household, as dialled."""

    __tablename__ = "household_phone"
    counted_as = N_("{n} telephone number"), N_("{n} telephone numbers")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), index=True, info=personal(Kind.PHONE))

    household: Mapped[Household] = relationship(back_populates="phones")
