"""Tables of renovation filing (装修登记)."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.housing import label as housing_label
from fuyuan_desk.formats.id_numbers import IdKind, id_kind_label
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.works import Due, Verdict, label
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class RenovationCase(Record):
    """A renovation from its registration on; `number` is assigned per office and year without gaps.

    `law_version` is the version of the works catalogue, `context` the facts of the house when it was judged.
    """

    closed_when = ("status", frozenset({"closed"}))
    __tablename__ = "renovation_case"
    counted_as = N_("{n} renovation"), N_("{n} renovations")
    __table_args__ = (UniqueConstraint("year", "serial"), KEYS_NEVER_REUSED)

    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True, info=codes(CaseStatus, course.label))
    applicant: Mapped[str] = mapped_column(String(60), info=personal(Kind.NAME))
    applicant_role: Mapped[str] = mapped_column(String(20), info=codes(HoldingRole, housing_label))
    applicant_phone: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.PHONE))
    applicant_id_kind: Mapped[str] = mapped_column(
        String(20), default="resident", info=codes(IdKind, id_kind_label)
    )
    applicant_id_number: Mapped[str] = mapped_column(
        String(40), default="", info=personal(Kind.ID_NUMBER, sensitive=True)
    )
    # the name as filed, which the papers say, and whom it means
    contractor: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    contractor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contractor_code: Mapped[str] = mapped_column(String(18), default="", info=NOT_PERSONAL)
    contractor_lead: Mapped[str] = mapped_column(
        String(60), default="", info=personal(Kind.NAME, of="contractor")
    )
    contractor_phone: Mapped[str] = mapped_column(
        String(60), default="", info=personal(Kind.PHONE, of="contractor")
    )
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    registered_on: Mapped[date]
    started_on: Mapped[date | None]
    law_version: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    verdict: Mapped[str] = mapped_column(String(20), info=codes(Verdict, label))
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=NOT_PERSONAL)
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT, sensitive=True))
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(20), default="", info=codes(Outcome, course.label))
    closing_note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    anonymised_on: Mapped[date | None]

    works: Mapped[list["RenovationWork"]] = relationship(
        back_populates="case", order_by="RenovationWork.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list["RenovationDocument"]] = relationship(
        back_populates="case", order_by="RenovationDocument.position", cascade="all, delete-orphan"
    )


class RenovationWork(Record):
    """One work of a case with its verdict at filing."""

    __tablename__ = "renovation_work"

    case_id: Mapped[int] = mapped_column(ForeignKey("renovation_case.id"), index=True)
    position: Mapped[int]
    work: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    name: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=NOT_PERSONAL)
    verdict: Mapped[str] = mapped_column(String(20), info=codes(Verdict, label))
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))

    case: Mapped[RenovationCase] = relationship(back_populates="works")


class RenovationDocument(Record):
    """A document that a case requires; `received_on` None: still missing."""

    __tablename__ = "renovation_document"

    case_id: Mapped[int] = mapped_column(ForeignKey("renovation_case.id"), index=True)
    position: Mapped[int]
    document: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    name: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    why: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)
    due: Mapped[str] = mapped_column(String(20), info=codes(Due, label))
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    received_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))

    case: Mapped[RenovationCase] = relationship(back_populates="documents")
