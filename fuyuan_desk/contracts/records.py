"""The table of contracts (合同)."""

from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, String, Text, case, exists, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fuyuan_desk.contracts.rules import PROPERTY_SERVICE, ContractKind, NoticeUnit, Term
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

    @hybrid_property
    def is_followed(self) -> bool:
        """Whether a contract is to have no successor, or has one, as `rules.is_followed` says; in SQL only."""
        raise NotImplementedError

    @is_followed.inplace.expression
    @classmethod
    def _is_followed_in_sql(cls) -> ColumnElement[bool]:
        other = aliased(cls)
        takes_over = case(
            (
                cls.kind.in_(PROPERTY_SERVICE),
                other.kind.in_(PROPERTY_SERVICE) & (other.starts_on > cls.starts_on),
            ),
            else_=(other.kind == cls.kind)
            & (other.organisation_id == cls.organisation_id)
            & (other.starts_on >= cls.ends_on),
        )
        follows = exists().where(
            other.estate_id == cls.estate_id,
            other.ends_on.is_(None) | (other.ends_on > cls.ends_on),
            takes_over,
        )
        return or_(cls.nothing_follows, cls.ends_on.is_(None), follows)
