"""Tables of work orders (派单)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal
from fuyuan_desk.workorders.rules.escalation import Level, Means
from fuyuan_desk.workorders.rules.orders import OrderSeverity, OrderStatus, Source, TermSource, TermUnit


class WorkOrder(Record):
    """An order to put something right; `number` is assigned per office and year without gaps.

    `due_at` is computed when the clock starts, stands or goes on; `due_on` is its local day. Both are None while the
    clock stands, and where a year has no calendar. The clock of an order that was closed and goes on starts anew at
    `reopened_at`; one that was made because it did not hold names it in `follows_id`.

    `place_key` is the `Place` that the text of `place` names, '' if it names none; `origin` is the uid of the record of
    which it was made, by its `source`. Both are no foreign keys, so that an order keeps none of these from being
    removed.
    """

    closed_when = ("status", frozenset({"verified", "into-another", "cancelled"}))
    __tablename__ = "work_order"
    counted_as = N_("{n} work order"), N_("{n} work orders")
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        Index("ix_work_order_due", "status", "due_at"),
        KEYS_NEVER_REUSED,
    )

    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(20), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    place_key: Mapped[str] = mapped_column(String(120), default="", index=True, info=NOT_PERSONAL)
    title: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    description: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    severity: Mapped[str] = mapped_column(String(20), info=codes(OrderSeverity))
    source: Mapped[str] = mapped_column(String(20), info=codes(Source))
    origin: Mapped[str] = mapped_column(String(32), default="", index=True, info=NOT_PERSONAL)
    reporter: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.NAME, of="reporter"))
    reporter_phone: Mapped[str] = mapped_column(
        String(60), default="", info=personal(Kind.PHONE, of="reporter")
    )
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.NAME, of="assignee"))
    phone: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.PHONE, of="assignee"))
    status: Mapped[str] = mapped_column(String(20), info=codes(OrderStatus))
    begun_at: Mapped[datetime]
    term_count: Mapped[int]
    term_unit: Mapped[str] = mapped_column(String(20), info=codes(TermUnit))
    term_by: Mapped[str] = mapped_column(String(5), info=NOT_PERSONAL)
    term_source: Mapped[str] = mapped_column(String(20), info=codes(TermSource))
    due_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.NAMES, of="assignee"))
    done_note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Kind.NAMES, of="verifiers")
    )
    verified_note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), index=True)
    # its name sorts behind `estate_id`: what a record is a part of is the first foreign key by name
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    reopened_at: Mapped[datetime | None] = mapped_column(index=True)
    anonymised_on: Mapped[date | None]


class OrderFinding(Record):
    """A failed item of a visit that an order puts right; an item is in one order at most."""

    __tablename__ = "order_finding"
    is_part = True

    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    visit_result_id: Mapped[int] = mapped_column(ForeignKey("visit_result.id"), unique=True)


class OrderStep(Record):
    """An order went from one state to another, by whom and why; the times on hold follow from these.

    Each step keeps what the order was after it – who was responsible, how severe it was, when it was due – so that
    nothing that happens later changes what is told of a day before. `assignee` is the name as it was then. A step that
    keeps the state and names nobody changed the deadline. `done_at` is when the work was done that this step reports,
    None of other steps.
    """

    __tablename__ = "order_step"
    counted_as = N_("{n} entry in the course of work orders"), N_("{n} entries in the course of work orders")
    is_part = True

    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    at: Mapped[datetime]
    before: Mapped[str] = mapped_column(String(20), default="", info=codes(OrderStatus))
    after: Mapped[str] = mapped_column(String(20), info=codes(OrderStatus))
    operator: Mapped[str] = mapped_column(String(50), info=personal(Kind.LOGIN))
    assignee: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.NAMES, of="assignee"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.NAME, of="assignee"))
    severity: Mapped[str] = mapped_column(String(20), default="", info=codes(OrderSeverity))
    due_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    done_at: Mapped[datetime | None]


class OrderNotice(Record):
    """Somebody was told of an overdue order."""

    __tablename__ = "order_notice"
    is_part = True

    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    level: Mapped[str] = mapped_column(String(20), info=codes(Level))
    person: Mapped[str] = mapped_column(String(60), info=personal(Kind.NAME, of="told"))
    at: Mapped[datetime]
    means: Mapped[str] = mapped_column(String(20), info=codes(Means))
