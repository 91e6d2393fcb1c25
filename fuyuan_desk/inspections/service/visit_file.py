"""What inspections add to the file of an estate, and for renovations to that of a home: visits and what failed."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    value,
)
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.records import PlannedRound, Visit
from fuyuan_desk.inspections.rules.answers import with_value
from fuyuan_desk.inspections.rules.rounds import RoundState
from fuyuan_desk.inspections.rules.visits import NOT_CORRECTED, Conclusion, Result, SubjectKind, label
from fuyuan_desk.inspections.service.rechecks import corrected_by
from fuyuan_desk.inspections.service.round_plans import describe_plans
from fuyuan_desk.inspections.service.rounds import standing_of
from fuyuan_desk.kit.queries import Reader

_YEAR = timedelta(days=365)
_SEPARATORS = str.maketrans(dict.fromkeys("，,;；/", "、"))


def of_estate(session: Session, estate_id: int, reader: Reader) -> Iterator[Section]:
    """Yield the visits of the last year to an estate and to whatever is in it, with what failed."""
    since = datetime.combine(reader.today - _YEAR, time()).astimezone()
    query = select(Visit).where(Visit.estate_id == estate_id, Visit.at >= since)
    rows = session.scalars(query.order_by(Visit.at.desc()).options(selectinload(Visit.results))).all()
    counted = Item(_("Number of visits"), office_value(len(rows)))
    yield Section("visits", _("Visits of the last year"), (counted,), visit_listings(session, rows))
    yield _rounds(session, estate_id, reader.today)


def _rounds(session: Session, estate_id: int, today: date) -> Section:
    """Return how the planned rounds of the last year stand, by plan; one that is still due is not missed."""
    query = select(PlannedRound).where(
        PlannedRound.estate_id == estate_id, PlannedRound.day.between(today - _YEAR, today)
    )
    rows = session.scalars(query).all()
    counts: dict[int, Counter[RoundState]] = {}
    for row in rows:
        counts.setdefault(row.plan_id, Counter())[standing_of(row, today).state] += 1
    names = describe_plans(session, list(counts))
    states = (RoundState.ON_TIME, RoundState.EARLY, RoundState.LATE, RoundState.MISSED, RoundState.SKIPPED)
    columns = (
        Column(_("Plan"), 24),
        Column(_("Rounds planned"), 10, True),
        *(Column(state.label, 10, True) for state in states),
    )
    lines = (
        (
            office_value(names.get(plan_id, "")),
            office_value(counted.total()),
            *(office_value(counted[state]) for state in states),
        )
        for plan_id, counted in sorted(counts.items(), key=lambda pair: names.get(pair[0], ""))
    )
    table = listing(columns, lines, nothing=_("No round was planned."))
    return Section(
        "rounds",
        _("Rounds of the last year"),
        (Item(_("Rounds planned"), office_value(len(rows))),),
        (table,),
    )


def visits_to(session: Session, kind: SubjectKind, ids: Collection[int]) -> tuple[Listing, ...]:
    """Return all visits to subjects of a kind, the latest first, with what failed."""
    query = select(Visit).where(Visit.subject_kind == kind, Visit.subject_id.in_(ids))
    rows = session.scalars(query.order_by(Visit.at.desc()).options(selectinload(Visit.results))).all()
    return visit_listings(session, rows, _("Visits"))


def visit_listings(session: Session, rows: Sequence[Visit], title: str = "") -> tuple[Listing, ...]:
    """Return visits as tables: what each found, and the items that failed."""
    waiting = [row for row in rows if row.conclusion in NOT_CORRECTED]
    corrected = corrected_by(session, waiting) if waiting else {}
    columns = (
        Column(_("Visit number"), 11),
        Column(_("Day"), 9),
        Column(_("Subject"), 16),
        Column(_("Inspecting party"), 10),
        Column(_("Inspectors"), 9),
        Column(_("Failed"), 5, True),
        Column(_("Conclusion"), 12),
        Column(_("Deadline"), 9),
        Column(_("Put right on"), 9),
        Column(_("Remarks"), 8),
    )
    visits = (
        (
            office_value(row.number),
            office_value(row.at.astimezone().date()),
            office_value(row.subject),
            office_value(Party(row.party).label),
            value(Privacy.NAME, *_names(row.inspectors), *_names(row.accompanying)),
            office_value(sum(one.result == Result.FAIL for one in row.results)),
            office_value(label(Conclusion(row.conclusion))),
            office_value(row.deadline),
            office_value(corrected[row.id].day if row.id in corrected else None),
            value(Privacy.TEXT, row.remarks, row.reported_to, row.report_note),
        )
        for row in rows
    )
    failed = tuple(_failed(rows))
    tables = (listing(columns, visits, title, _("No visit is recorded.")),)
    if not failed:
        return tables
    of_items = (
        Column(_("Visit number"), 11),
        Column(_("Day"), 9),
        Column(_("Item that failed"), 40),
        Column(_("Remark"), 20),
    )
    return (*tables, listing(of_items, failed, _("Items that failed")))


def _failed(rows: Sequence[Visit]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        for one in row.results:
            if one.result == Result.FAIL:
                yield (
                    office_value(row.number),
                    office_value(row.at.astimezone().date()),
                    value(Privacy.TEXT, with_value(one.text, one.value, one.unit))
                    if one.value
                    else office_value(one.text),
                    value(Privacy.TEXT, one.remark),
                )


def _names(text: str) -> list[str]:
    """Return the names in a text, each to be masked for itself."""
    return [
        name.strip() for name in text.translate(_SEPARATORS).replace(" ", "、").split("、") if name.strip()
    ]
