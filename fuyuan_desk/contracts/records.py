"""The table of contracts (合同)."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.contracts.rules import ContractKind, NoticeUnit, Term
from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Contract(Record):
    """A contract of an estate with an organisation; `notice_on` follows from its end and its notice period."""

    __tablename__ = "contract"
    counted_as = N_("{n} contract"), N_("{n} contracts")
    duty_until = "ends_on"

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info=codes(ContractKind))
    number: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    signed_on: Mapped[date | None]
    starts_on: Mapped[date]
    term: Mapped[str] = mapped_column(String(20), default="fixed", info=codes(Term))
    ends_on: Mapped[date | None] = mapped_column(index=True)
    notice_count: Mapped[int | None]
    notice_unit: Mapped[str] = mapped_column(String(20), default="", info=codes(NoticeUnit))
    notice_on: Mapped[date | None] = mapped_column(index=True)
    filed_on: Mapped[date | None]
    amount: Mapped[int | None]
    nothing_follows: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
