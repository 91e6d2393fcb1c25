"""Tasks of estates for the page “Today”: what was never recorded although the work depends on it."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.kinds import ESTATE
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.formats.address import natural_key

UNKNOWN = Topic(N_("Not recorded"), "estate", 90)
_NAMED = 3


def tasks(session: Session, _today: date) -> list[Task]:
    """Return one task for all estates whose protection is not recorded; it opens the first of them."""
    is_unknown = or_(Estate.heritage_class.is_(None), Estate.historic_area == "")
    rows = session.execute(select(Estate.id, Estate.name).where(is_unknown)).all()
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: natural_key(row.name))
    names = _(", ").join(row.name for row in rows[:_NAMED]) + ("…" if len(rows) > _NAMED else "")
    detail = _("Whether it is listed or in a historic area decides how renovations are judged: {names}")
    return [
        Task(
            kind=ESTATE.name,
            record_id=rows[0].id,
            title=numbered(
                len(rows),
                N_("Protection of {n} estate is not recorded"),
                N_("Protection of {n} estates is not recorded"),
            ),
            detail=detail.format(names=names),
            due=None,
            overdue=False,
            severity=Severity.QUIET,
            topic=UNKNOWN,
            page="estates",
            office_only=True,
        )
    ]
