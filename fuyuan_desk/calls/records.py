"""The table of calls on residents (走访、接待)."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, ForeignKey, String, Text, case, event
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from fuyuan_desk.calls.rules import Called, CallKind, Entry, FollowUp, How
from fuyuan_desk.core.texts import N_
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.db.codes import codes
from fuyuan_desk.store.db.personal import NOT_PERSONAL, Kind, personal


class ResidentCall(Record):
    """A call on a resident, or a resident received, on a local day; `called_at` is a local time, '' if unknown.

    `resident` is the key of `Called` that the form holds; home, household and person follow from it. A household
    without a person is its holder. `entered_on`: the day it was entered in 社区云, by `entered_by`.
    """

    __tablename__ = "resident_call"
    counted_as = N_("{n} call"), N_("{n} calls")

    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(
        ForeignKey("household.id"), index=True, info=personal(Kind.FREE_TEXT)
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=personal(Kind.FREE_TEXT)
    )
    resident: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.FREE_TEXT))
    called_on: Mapped[date] = mapped_column(index=True)
    called_at: Mapped[str] = mapped_column(String(5), default="", info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), info=codes(CallKind))
    how: Mapped[str] = mapped_column(String(20), info=codes(How))
    staff: Mapped[str] = mapped_column(String(200), default="", info=personal(Kind.NAMES, of="staff"))
    label: Mapped[str] = mapped_column(String(40), default="", info=NOT_PERSONAL)
    said: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT, sensitive=True))
    follow_up: Mapped[str] = mapped_column(Text, default="", info=personal(Kind.FREE_TEXT, sensitive=True))
    follow_up_by: Mapped[date | None] = mapped_column(index=True)
    follow_up_done_on: Mapped[date | None]
    entered_on: Mapped[date | None]
    entered_by: Mapped[str] = mapped_column(String(60), default="", info=personal(Kind.NAMES, of="staff"))
    anonymised_on: Mapped[date | None]

    # what the list is filtered by follows from days and texts, and is not stored twice

    @hybrid_property
    def entry(self) -> str:
        """Whether the call was entered in 社区云: a value of `Entry`."""
        return Entry.OPEN if self.entered_on is None else Entry.DONE

    @entry.inplace.expression
    @classmethod
    def _entry_in_sql(cls) -> ColumnElement[str]:
        return case((cls.entered_on.is_(None), Entry.OPEN.value), else_=Entry.DONE.value)

    @hybrid_property
    def follow_state(self) -> str:
        """Whether something follows and is still to be done: a value of `FollowUp`."""
        if not self.follow_up:
            return FollowUp.NONE
        return FollowUp.OPEN if self.follow_up_done_on is None else FollowUp.DONE

    @follow_state.inplace.expression
    @classmethod
    def _follow_state_in_sql(cls) -> ColumnElement[str]:
        return case(
            (cls.follow_up == "", FollowUp.NONE.value),
            (cls.follow_up_done_on.is_(None), FollowUp.OPEN.value),
            else_=FollowUp.DONE.value,
        )


@event.listens_for(ResidentCall, "before_update")
def _follow(_mapper: Mapper[ResidentCall], _connection: Connection, row: ResidentCall) -> None:
    """Let the form's key follow when two records of a resident are merged, or split again."""
    if row.unit_id is not None:
        row.resident = Called(row.unit_id, row.household_id or 0, row.person_id or 0).key
