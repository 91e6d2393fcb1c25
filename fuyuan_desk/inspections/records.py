"""Tables of inspections (巡查)."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.core.texts import N_
from fuyuan_desk.inspections.rules.visits import Conclusion, Party, Result, SubjectKind, label
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Visit(Record):
    """A visit to an estate or, by `subject_kind`, to a record of a higher job such as a renovation.

    `reported_at` is set once a visit whose dissuasion failed was reported.
    """

    __tablename__ = "visit"
    counted_as = N_("{n} visit"), N_("{n} visits")

    number: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))
    subject_id: Mapped[int] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(index=True)
    party: Mapped[str] = mapped_column(String(20), info=codes(Party, label))
    inspectors: Mapped[str] = mapped_column(String(200), info=personal(Kind.NAMES, of="inspectors"))
    accompanying: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.NAMES))
    checklist: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    checklist_version: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    conclusion: Mapped[str] = mapped_column(String(20), info=codes(Conclusion, label))
    deadline: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    reported_at: Mapped[datetime | None]
    reported_to: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.FREE_TEXT))
    report_note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    anonymised_on: Mapped[date | None]

    results: Mapped[list["VisitResult"]] = relationship(
        back_populates="visit", order_by="VisitResult.position", passive_deletes=True
    )


class VisitResult(Record):
    """The result of one checklist item."""

    __tablename__ = "visit_result"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    group: Mapped[str] = mapped_column("item_group", String(60), default="", info=NOT_PERSONAL)
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    text: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    result: Mapped[str] = mapped_column(String(10), info=codes(Result, label))
    remark: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))

    visit: Mapped[Visit] = relationship(back_populates="results")


class PrintedSheet(Record):
    """A printed inspection sheet, and the visit that it was entered as; `place` is the building or gate it is for.

    `is_copy`: it was printed from a logged visit.
    `building_id` is no foreign key, so that a sheet does not keep a building from being removed.
    """

    __tablename__ = "printed_sheet"
    counted_as = N_("{n} printed sheet"), N_("{n} printed sheets")

    number: Mapped[str] = mapped_column(String(20), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))
    subject_id: Mapped[int] = mapped_column(index=True)
    building_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    printed_at: Mapped[datetime]
    is_copy: Mapped[bool] = mapped_column(default=False)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
