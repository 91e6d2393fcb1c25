"""Tables of inspections (巡查)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_
from fuyuan_desk.facilities.rules import FacilityKind
from fuyuan_desk.inspections.rules.answers import ItemSeverity
from fuyuan_desk.inspections.rules.checklists import VersionStatus
from fuyuan_desk.inspections.rules.printed import SheetState, Withdrawal
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.rules.rounds import OnHoliday, Unit, Where
from fuyuan_desk.inspections.rules.visits import Conclusion, Result, SubjectKind, label
from fuyuan_desk.store.db.base import KEYS_NEVER_REUSED, OFFICE, Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class Visit(Record):
    """A visit to an estate or, by `subject_kind`, to a record of a higher job such as a renovation.

    `place` is the building, gate or facility that was visited, as it was called then, '' for the whole subject;
    `place_key` is the `Place` that it is, '' if that is not known. `reported_at` is set once a visit whose dissuasion
    failed was reported. `correction` is why its results were
    corrected last; what was entered before is in the trail.
    """

    __tablename__ = "visit"
    # the later visits to a subject, one after the other
    __table_args__ = (Index("ix_visit_subject_at", "subject_id", "at"),)
    counted_as = N_("{n} visit"), N_("{n} visits")

    number: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))
    subject_id: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    place_key: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(index=True)
    party: Mapped[str] = mapped_column(String(20), info=codes(Party))
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
    corrected_at: Mapped[datetime | None]
    correction: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    anonymised_on: Mapped[date | None]

    results: Mapped[list["VisitResult"]] = relationship(
        back_populates="visit", order_by="VisitResult.position", passive_deletes=True
    )


class VisitResult(Record):
    """The result of one checklist item.

    `value` is the number, choice or text that was found; `severity` that of the item, '' of a visit before 2026-12.
    `photo_numbers` are those noted on the sheet, as `rules.photo_numbers` reads them.
    """

    __tablename__ = "visit_result"
    # answers are counted from the index alone: a row is many times as long
    __table_args__ = (Index("ix_visit_result_visit_item", "visit_id", "item", "result"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    group: Mapped[str] = mapped_column("item_group", String(60), default="", info=NOT_PERSONAL)
    clauses: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    text: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    result: Mapped[str] = mapped_column(String(10), info=codes(Result, label))
    remark: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    value: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.FREE_TEXT))
    unit: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    severity: Mapped[str] = mapped_column(String(20), default="", info=codes(ItemSeverity))
    photo_numbers: Mapped[str] = mapped_column(String(60), default="", server_default="", info=NOT_PERSONAL)

    visit: Mapped[Visit] = relationship(back_populates="results")


class PrintedSheet(Record):
    """A printed inspection sheet, and the visit that it was entered as; `place` is the building or gate it is for.

    `place_key` is the `Place` that it is. `is_copy`: it was printed from a logged visit. It is entered with the
    `checklist` that was printed, in its version; '' before these were kept.
    `building_id` is no foreign key, so that a sheet does not keep a building from being removed, and `round_id`, the
    planned round it was printed for, is none, so that rounds can be planned anew; `lead` is who took it then, `day` the
    day of the round and `back_by` the last day on which that is on time. `party` is who goes on that round, '' of a
    sheet without one.
    """

    __tablename__ = "printed_sheet"
    __table_args__ = (Index("ix_printed_sheet_state", "state", "back_by"),)
    counted_as = N_("{n} printed sheet"), N_("{n} printed sheets")

    number: Mapped[str] = mapped_column(String(20), unique=True, info=NOT_PERSONAL)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))
    subject_id: Mapped[int] = mapped_column(index=True)
    building_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    place_key: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    printed_at: Mapped[datetime]
    is_copy: Mapped[bool] = mapped_column(default=False)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    checklist: Mapped[str] = mapped_column(String(40), default="", info=NOT_PERSONAL)
    checklist_version: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    subject: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    round_id: Mapped[int | None] = mapped_column(index=True)
    lead: Mapped[str] = mapped_column(String(50), default="", info=personal(Kind.NAME))
    party: Mapped[str] = mapped_column(String(20), default="", info=codes(Party))
    day: Mapped[date | None]
    back_by: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default=SheetState.OUT, info=codes(SheetState))
    withdrawn_on: Mapped[date | None]
    withdrawn_why: Mapped[str] = mapped_column(String(20), default="", info=codes(Withdrawal))
    withdrawn_note: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))


class OwnChecklist(Record):
    """A checklist of which the office has versions of its own; one that is shipped has the same key."""

    __tablename__ = "checklist"
    estate_scope = OFFICE

    key: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))


class ChecklistVersion(Record):
    """A version of a checklist: edited as a draft, never changed once it is published.

    `items` are as `rules.checklists.pack` returns them; `based_on` is the version from which it was begun.
    """

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("checklist_id", "number"),)
    estate_scope = OFFICE

    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"), index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), info=codes(VersionStatus))
    name: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    name_en: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    based_on: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    effective_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(String(50), default="", info=personal(Kind.LOGIN))
    withdrawn_on: Mapped[date | None]

    checklist: Mapped[OwnChecklist] = relationship()


class RoundPlan(Record):
    """A plan of rounds; the columns are those of `PlanFields`.

    A change of its rule ends it and puts another one in its place, `replaced_by`.
    """

    __tablename__ = "round_plan"
    counted_as = N_("{n} plan of rounds"), N_("{n} plans of rounds")
    estate_scope = OFFICE

    name: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    checklist: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    objects: Mapped[str] = mapped_column(String(20), info=codes(Where))
    facility_kind: Mapped[str] = mapped_column(String(20), default="", info=codes(FacilityKind))
    times: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10), info=codes(Unit))
    step: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    days: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    season_from: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season_to: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season_times: Mapped[int | None]
    season_unit: Mapped[str] = mapped_column(String(10), default="", info=codes(Unit))
    season_weekdays: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    season2_from: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season2_to: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season2_times: Mapped[int | None]
    season2_unit: Mapped[str] = mapped_column(String(10), default="", info=codes(Unit))
    season2_weekdays: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    season3_from: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season3_to: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    season3_times: Mapped[int | None]
    season3_unit: Mapped[str] = mapped_column(String(10), default="", info=codes(Unit))
    season3_weekdays: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    holidays: Mapped[str] = mapped_column(String(10), info=codes(OnHoliday))
    early: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    lead: Mapped[str] = mapped_column(String(50), info=personal(Kind.NAME, of="lead"))
    persons: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.NAMES, of="persons"))
    deputy: Mapped[str] = mapped_column(String(50), default="", info=personal(Kind.NAME, of="deputy"))
    away_from: Mapped[date | None]
    away_to: Mapped[date | None]
    away2_from: Mapped[date | None]
    away2_to: Mapped[date | None]
    away3_from: Mapped[date | None]
    away3_to: Mapped[date | None]
    estates: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    party: Mapped[str] = mapped_column(String(20), default=Party.COMMITTEE, info=codes(Party))
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("round_plan.id"), index=True)


class RoundHorizon(Record):
    """How far the rounds of a plan are planned: as far as `planned_to`, on the day `planned_on`.

    Apart from the plan, whose version a form remembers while rounds are planned on.
    """

    __tablename__ = "round_horizon"
    estate_scope = OFFICE
    is_part = True

    plan_id: Mapped[int] = mapped_column(ForeignKey("round_plan.id"), unique=True)
    planned_on: Mapped[date]
    planned_to: Mapped[date]


class PlannedRound(Record):
    """A round that a plan asks for on a day, the `serial`-th of it there; `place` is a building, gate or facility.

    `place_key` is the `Place` that it is, '' of one that was done before 2026-12. `building_id` is no foreign key, so
    that a round does not keep a building from being removed. `is_checked`: the year of the day has a table of holidays,
    or the plan does not ask for them. `skipped_on` is None of a round that was left out before 2026-12.
    """

    __tablename__ = "planned_round"
    __table_args__ = (
        Index("ix_planned_round_estate_day", "estate_id", "day"),
        # a year of rounds is counted from the index alone: a row is several times as long
        Index(
            "ix_planned_round_day",
            *("day", "estate_id", "plan_id", "lead", "outcome", "visited_on"),
            *("earliest_on", "latest_on", "skipped_on"),
        ),
        KEYS_NEVER_REUSED,
    )
    counted_as = N_("{n} planned round"), N_("{n} planned rounds")

    plan_id: Mapped[int] = mapped_column(ForeignKey("round_plan.id"), index=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    subject_kind: Mapped[str] = mapped_column(String(20), info=codes(SubjectKind, label))
    subject_id: Mapped[int]
    building_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(100), default="", info=NOT_PERSONAL)
    place_key: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    subject: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    day: Mapped[date]
    earliest_on: Mapped[date]
    latest_on: Mapped[date]
    serial: Mapped[int] = mapped_column(default=1)
    lead: Mapped[str] = mapped_column(String(50), info=personal(Kind.NAME))
    outcome: Mapped[str] = mapped_column(String(10), default="open", info=codes(Outcome))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    visited_on: Mapped[date | None]
    is_checked: Mapped[bool] = mapped_column(default=True)
    skipped_why: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT))
    skipped_on: Mapped[date | None]
