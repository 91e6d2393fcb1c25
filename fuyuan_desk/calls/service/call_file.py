"""What calls add to the file of a home, and how many there were to that of an estate."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.rules import CallKind, Entry, FollowUp, How
from fuyuan_desk.calls.service import residents
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import Column, Item, Privacy, Section, Value, listing, office_value, value
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.queries import Reader

_YEAR = timedelta(days=365)


def of_unit(session: Session, unit_id: int, _reader: Reader) -> Iterator[Section]:
    """Yield the calls on whoever lives or lived in a home, the latest first."""
    query = select(ResidentCall).where(ResidentCall.unit_id == unit_id)
    rows = session.scalars(query.order_by(ResidentCall.called_on.desc(), ResidentCall.id.desc())).all()
    columns = (
        Column(_("Day"), 9),
        Column(_("Kind of call"), 10),
        Column(_("Whom"), 8),
        Column(_("Staff"), 9),
        Column(_("Service label"), 9),
        Column(_("What was said"), 22),
        Column(_("What follows"), 14),
        Column(_("To be done by"), 9),
        Column(_("Settled on"), 9),
    )
    table = listing(columns, _told(session, rows), nothing=_("No call is recorded."))
    yield Section("calls", _("Calls on residents"), listings=(table,))


def _told(session: Session, rows: Sequence[ResidentCall]) -> Iterator[tuple[Value, ...]]:
    names = residents.names_of(session, {row.resident for row in rows}, unmasked=True)
    for row in rows:
        yield (
            office_value(f"{row.called_on} {row.called_at}".strip()),
            office_value(name_of(CallKind, row.kind), name_of(How, row.how)),
            value(Privacy.NAME, names.get(row.resident, "")),
            value(Privacy.NAME, *filter(None, row.staff.split("、"))),
            office_value(row.label),
            value(Privacy.TEXT, row.said),
            value(Privacy.TEXT, row.follow_up),
            office_value(row.follow_up_by),
            office_value(row.follow_up_done_on),
        )


def of_estate(session: Session, estate_id: int, reader: Reader) -> Iterator[Section]:
    """Yield how many calls there were in the last year, and by service label: on whom, the files of the homes say."""
    since = reader.today - _YEAR
    query = select(ResidentCall).where(ResidentCall.estate_id == estate_id, ResidentCall.called_on >= since)
    rows = session.scalars(query).all()
    items = (
        Item(_("Number of calls"), office_value(len(rows))),
        Item(_("Homes called on"), office_value(len({row.unit_id for row in rows} - {None}))),
        Item(_("Follow-ups open"), office_value(sum(row.follow_state == FollowUp.OPEN for row in rows))),
        Item(_("Not yet entered in 社区云"), office_value(sum(row.entry == Entry.OPEN for row in rows))),
    )
    columns = (Column(_("Service label"), 20), Column(_("Number of calls"), 10, True))
    counts = Counter(row.label for row in rows).most_common()
    by_label = (
        (office_value(label or _("not recorded")), office_value(f"{count:,}")) for label, count in counts
    )
    tables = (listing(columns, by_label, nothing=_("No call is recorded.")),)
    yield Section("calls", _("Calls of the last year"), items, tables)
