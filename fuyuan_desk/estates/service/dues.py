"""Tasks of estates for the page “Today”: what was never recorded although the work depends on it."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.kinds import ESTATE
from fuyuan_desk.estates.records import Building, Estate
from fuyuan_desk.estates.rules.housing import HeritageClass
from fuyuan_desk.formats.address import natural_key

UNKNOWN = Topic(N_("Not recorded"), "estate", 90)
_NAMED = 3


def tasks(session: Session, _today: date) -> list[Task]:
    """Return one task for all estates whose protection is not recorded, one for those with a class that is not known.

    Each opens the first of its estates.
    """
    unrecorded = or_(Estate.heritage_class.is_(None), Estate.historic_area == "")
    own = select(Building.estate_id).where(Building.heritage_class == HeritageClass.LISTED)
    unknown_class = or_(Estate.heritage_class == HeritageClass.LISTED, Estate.id.in_(own))
    return [
        *_task(
            session,
            unrecorded,
            (N_("Protection of {n} estate is not recorded"), N_("Protection of {n} estates is not recorded")),
            _("Whether it is listed or in a historic area decides how renovations are judged: {names}"),
        ),
        *_task(
            session,
            unknown_class,
            (
                N_("{n} estate has listed houses whose class is not known"),
                N_("{n} estates have listed houses whose class is not known"),
            ),
            _("Ask the district housing authority for the class and the notice of its requirements: {names}"),
        ),
    ]


def _task(
    session: Session, condition: ColumnElement[bool], titles: tuple[str, str], detail: str
) -> list[Task]:
    rows = session.execute(select(Estate.id, Estate.name).where(condition)).all()
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: natural_key(row.name))
    names = _(", ").join(row.name for row in rows[:_NAMED]) + ("…" if len(rows) > _NAMED else "")
    return [
        Task(
            kind=ESTATE.name,
            record_id=rows[0].id,
            title=numbered(len(rows), *titles),
            detail=detail.format(names=names),
            due=None,
            overdue=False,
            severity=Severity.QUIET,
            topic=UNKNOWN,
            page="estates",
            office_only=True,
        )
    ]
