"""Tables of organisations (单位), their contacts, and pairs that were told apart."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.core.texts import N_
from fuyuan_desk.organisations.rules import OrganisationKind
from fuyuan_desk.store.db.base import OFFICE, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Organisation(Record):
    """An organisation of the office's whole area; `name_key` is equal for two spellings of one name.

    One that was merged into another stays, with what was moved and replaced then (`merge`), so that it can be split
    off again.
    """

    __tablename__ = "organisation"
    counted_as = N_("{n} organisation"), N_("{n} organisations")
    estate_scope = OFFICE

    name: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    name_key: Mapped[str] = mapped_column(String(400), index=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), default="", info=codes(OrganisationKind))
    credit_code: Mapped[str] = mapped_column(String(18), default="", info=NOT_PERSONAL)
    phone: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    address: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    ended_on: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    merge: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=NOT_PERSONAL)


class OrganisationContact(Record):
    """A person who answers for an organisation."""

    __tablename__ = "organisation_contact"
    counted_as = N_("{n} contact"), N_("{n} contacts")
    estate_scope = OFFICE

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), info=personal(Kind.NAME))
    post: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    phone: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.PHONE))


class OrganisationDifference(Record):
    """Two organisations of similar names that a clerk has told apart; `first_id` is the lower one."""

    __tablename__ = "organisation_difference"
    estate_scope = OFFICE
    is_part = True

    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
