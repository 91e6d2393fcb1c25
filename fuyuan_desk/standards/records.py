"""Tables of the service standard."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.core.texts import N_
from fuyuan_desk.standards.rules import Tier, label
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class TierAssignment(Record):
    """The tier (服务等级) of an estate from a day on, with its reason and the document it is based on."""

    __tablename__ = "tier_assignment"
    counted_as = N_("{n} tier assigned"), N_("{n} tiers assigned")

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    tier: Mapped[str] = mapped_column(String(20), info=codes(Tier, label))
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, info=personal(Kind.FREE_TEXT))
    document_no: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    ladder_version: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
