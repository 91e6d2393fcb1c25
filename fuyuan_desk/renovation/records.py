"""Tables of renovation filing (装修登记)."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.store.base import Record


class RenovationCase(Record):
    """A renovation from its registration on; `number` is given per office and year without gaps.

    `law_version` is the version of the works catalogue, `context` what was known of the house when judged.
    """

    closed_when = ("status", frozenset({"closed"}))
    __tablename__ = "renovation_case"
    __table_args__ = (UniqueConstraint("year", "serial"), {"sqlite_autoincrement": True})

    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    applicant: Mapped[str] = mapped_column(String(60))
    applicant_role: Mapped[str] = mapped_column(String(20))
    applicant_phone: Mapped[str] = mapped_column(String(60), default="")
    applicant_id_kind: Mapped[str] = mapped_column(String(20), default="resident")
    applicant_id_number: Mapped[str] = mapped_column(String(40), default="")
    contractor: Mapped[str] = mapped_column(String(100), default="")
    contractor_code: Mapped[str] = mapped_column(String(18), default="")
    contractor_lead: Mapped[str] = mapped_column(String(60), default="")
    contractor_phone: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    registered_on: Mapped[date]
    started_on: Mapped[date | None]
    law_version: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    remarks: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    anonymised_on: Mapped[date | None]

    works: Mapped[list["RenovationWork"]] = relationship(
        back_populates="case", order_by="RenovationWork.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list["RenovationDocument"]] = relationship(
        back_populates="case", order_by="RenovationDocument.position", cascade="all, delete-orphan"
    )


class RenovationWork(Record):
    """One work of a case with the verdict it was given when the case was filed."""

    __tablename__ = "renovation_work"

    case_id: Mapped[int] = mapped_column(ForeignKey("renovation_case.id"), index=True)
    position: Mapped[int]
    work: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    verdict: Mapped[str] = mapped_column(String(20))
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[RenovationCase] = relationship(back_populates="works")


class RenovationDocument(Record):
    """A paper that a case needs; received on a day, or still missing."""

    __tablename__ = "renovation_document"

    case_id: Mapped[int] = mapped_column(ForeignKey("renovation_case.id"), index=True)
    position: Mapped[int]
    document: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[str] = mapped_column(String(20))
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list)
    received_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[RenovationCase] = relationship(back_populates="documents")
