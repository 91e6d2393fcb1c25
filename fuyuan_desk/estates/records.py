"""Tables of estates (小区), buildings, units, households and their people, and the tags of people."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.rules.housing import (
    HeritageClass,
    HistoricArea,
    HoldingRole,
    HouseKind,
    Structure,
    Tenure,
    UnitUse,
)
from fuyuan_desk.estates.rules.housing import label as housing_label
from fuyuan_desk.estates.rules.people import HouseholdEnd, Relation, Sex, TagLook
from fuyuan_desk.estates.rules.roles import RoleKind
from fuyuan_desk.formats.id_numbers import IdKind, id_kind_label
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, OFFICE, Record, index_of_filled
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
    """A building: a gate number (号) of a lane or a block (幢) of an estate; `order_key` sorts naturally.

    Kind and protection that are empty or NULL are those of the estate. The notice (告知书) is the letter by which the
    owner was told the building's own protection requirements (LS §29).
    """

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
    built_year: Mapped[int | None]
    structure: Mapped[str] = mapped_column(String(20), default="", info=codes(Structure))
    entrances: Mapped[int | None]
    entrance_labels: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    lifts: Mapped[int | None]
    historic_area: Mapped[str] = mapped_column(
        String(20), default="", info=codes(HistoricArea, housing_label)
    )
    preserved_block: Mapped[bool | None]
    retained_building: Mapped[bool | None]
    cultural_relic: Mapped[bool | None]
    notice_no: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    notice_on: Mapped[date | None]
    notice_pages: Mapped[int | None]

    estate: Mapped[Estate] = relationship(back_populates="buildings")
    units: Mapped[list["Unit"]] = relationship(back_populates="building", passive_deletes=True)


class Unit(Record):
    """A room (室) or a lane-house part such as 亭子间; areas in 0.01 m², money in fen.

    `real_estate_no` is its 不动产单元号. `other_ids` are its numbers in other systems, by the system's name; NULL for
    none, because an import adds units without them.
    """

    __tablename__ = "unit"
    counted_as = N_("{n} unit"), N_("{n} units")
    # lists of an estate's units are read in this order, in windows
    __table_args__ = (
        Index("ix_unit_estate_order", "estate_id", "order_key"),
        # of two homes with one number only one can be right; most homes have none
        index_of_filled("ix_unit_real_estate_no", "real_estate_no"),
        KEYS_NEVER_REUSED,
    )

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
    real_estate_no: Mapped[str] = mapped_column(String(40), default="", server_default="", info=NOT_PERSONAL)
    fund_account: Mapped[str] = mapped_column(String(40), default="", server_default="", info=NOT_PERSONAL)
    fund_balance_on: Mapped[date | None]
    other_ids: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True), info=NOT_PERSONAL)

    building: Mapped[Building] = relationship(back_populates="units")
    households: Mapped[list["Household"]] = relationship(back_populates="unit", passive_deletes=True)


class Household(Record):
    """A household (户): its holder (户主), a person or a company, as owner or tenant, from a day until another.

    Everybody else in it is a `Person`. `until` which day is in `moved_out_on`: the first one that they are not there.
    `lives_here` and `registered_here` (户籍) are None while unknown. `other_ids` are the holder's numbers in other
    systems, by the system's name (社区云 居住ID).
    """

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
    moved_in_on: Mapped[date | None]
    moved_out_on: Mapped[date | None]
    ended_how: Mapped[str] = mapped_column(
        String(20), default="", server_default="", info=codes(HouseholdEnd)
    )
    lease_from: Mapped[date | None]
    lease_until: Mapped[date | None]
    sex: Mapped[str] = mapped_column(String(10), default="", server_default="", info=codes(Sex))
    born_on: Mapped[date | None] = mapped_column(info=personal(Kind.FREE_TEXT))
    registered_at: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=personal(Kind.CONTACT)
    )
    registered_here: Mapped[bool | None]
    lives_here: Mapped[bool | None]
    is_emergency: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_key: Mapped[bool] = mapped_column(default=False, server_default=false())
    may_publish: Mapped[bool | None]
    consented_on: Mapped[date | None]
    other_ids: Mapped[dict[str, str] | None] = mapped_column(JSON, info=personal(Kind.FREE_TEXT))
    anonymised_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship(back_populates="households")
    phones: Mapped[list["HouseholdPhone"]] = relationship(
        back_populates="household", order_by="HouseholdPhone.position", passive_deletes=True
    )


class HouseholdPhone(Record):
    """A telephone number as dialled, of the person named or, where none is, of the household's holder."""

    __tablename__ = "household_phone"
    counted_as = N_("{n} telephone number"), N_("{n} telephone numbers")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), index=True, info=personal(Kind.PHONE))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    household: Mapped[Household] = relationship(back_populates="phones")


class Person(Record):
    """A person (人员) of a household besides its holder, over time.

    `until_on` is the first day that she does not belong to the household any more. `lives_here` and `registered_here`
    (户籍) are None while unknown. `other_ids` are her numbers in other systems, by the system's name (社区云 居住ID).
    """

    __tablename__ = "person"
    counted_as = N_("{n} person"), N_("{n} persons")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60), info=personal(Kind.NAME))
    relation: Mapped[str] = mapped_column(String(20), default="", info=codes(Relation))
    id_kind: Mapped[str] = mapped_column(String(20), default="", info=codes(IdKind, id_kind_label))
    id_number: Mapped[str] = mapped_column(
        String(40), default="", info=personal(Kind.ID_NUMBER, sensitive=True)
    )
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    sex: Mapped[str] = mapped_column(String(10), default="", info=codes(Sex))
    born_on: Mapped[date | None] = mapped_column(info=personal(Kind.FREE_TEXT))
    registered_at: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.CONTACT))
    registered_here: Mapped[bool | None]
    lives_here: Mapped[bool | None]
    is_emergency: Mapped[bool] = mapped_column(default=False)
    has_key: Mapped[bool] = mapped_column(default=False)
    may_publish: Mapped[bool | None]
    consented_on: Mapped[date | None]
    other_ids: Mapped[dict[str, str] | None] = mapped_column(JSON, info=personal(Kind.FREE_TEXT))
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT, sensitive=True))
    anonymised_on: Mapped[date | None]

    household: Mapped[Household] = relationship()


# what belongs to a person or, where none is named, to the household's holder


class OwnerShare(Record):
    """A share of a home as a fraction, such as 1/2, from a day until another.

    `is_voter`: the co-owners named this one to vote for all (SPC §9).
    """

    __tablename__ = "owner_share"
    counted_as = N_("{n} share"), N_("{n} shares")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    share: Mapped[str] = mapped_column(String(20), info=personal(Kind.FREE_TEXT))
    is_voter: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    household: Mapped[Household] = relationship()


class PersonPaper(Record):
    """A further document of somebody, such as a passport beside the identity card."""

    __tablename__ = "person_paper"
    counted_as = N_("{n} document"), N_("{n} documents")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), info=codes(IdKind, id_kind_label))
    number: Mapped[str] = mapped_column(String(40), info=personal(Kind.ID_NUMBER, sensitive=True))

    household: Mapped[Household] = relationship()


class Tag(Record):
    """A tag (标签) of the office for people, such as 独居老人; `roles` are those that may see who has it."""

    __tablename__ = "tag"
    counted_as = N_("{n} tag"), N_("{n} tags")
    estate_scope = OFFICE

    name: Mapped[str] = mapped_column(String(20), unique=True, info=NOT_PERSONAL)
    look: Mapped[str] = mapped_column(String(20), info=codes(TagLook))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    visit_every: Mapped[int | None]
    is_ended: Mapped[bool] = mapped_column(default=False)


class PersonTag(Record):
    """A tag that somebody has; who once had it is found in the trail."""

    __tablename__ = "person_tag"
    counted_as = N_("{n} tagged person"), N_("{n} tagged persons")
    is_part = True

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tag.id"), index=True, info=personal(Kind.FREE_TEXT, sensitive=True)
    )

    household: Mapped[Household] = relationship()
