"""Merging two organisations that are one, splitting them again, and the list of suspected duplicates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Known, Line, plain_text
from fuyuan_desk.kit.guards import refuse_stale
from fuyuan_desk.kit.merging.facts import Choice, Comparison, Pair, PairState
from fuyuan_desk.kit.merging.references import move, uses_of
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.organisations import rules
from fuyuan_desk.organisations.catalogue import name_words
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.kinds import ORGANISATION
from fuyuan_desk.organisations.records import Organisation, OrganisationDifference
from fuyuan_desk.organisations.service import references
from fuyuan_desk.organisations.service.organisations import TABLE, index_organisations
from fuyuan_desk.store.search import index as search


@permit(*STAFF)
def list_pairs(seat: Seat) -> tuple[Pair, ...]:
    """List the suspected duplicates, then those merged and those told apart, each by name."""
    with seat.reading() as session:
        rows = session.execute(
            select(
                Organisation.id,
                Organisation.name,
                Organisation.credit_code,
                Organisation.merged_into_id,
                Organisation.ended_on,
            )
        ).all()
        names = {row.id: row.name for row in rows}
        ended = {row.id for row in rows if row.ended_on is not None}
        apart = _apart(session)
        known = [rules.Named(row.id, row.name, row.credit_code) for row in rows if row.merged_into_id is None]
        pairs = {
            # the first one is kept: of two, the one that still exists
            PairState.SUSPECTED: [
                (second, first) if first in ended and second not in ended else (first, second)
                for first, second in rules.suspected(known, apart, name_words())
            ],
            PairState.MERGED: [
                (row.merged_into_id, row.id) for row in rows if row.merged_into_id is not None
            ],
            PairState.APART: sorted(apart),
        }
        found = [
            Pair(state, first, names[first], second, names[second])
            for state, of_state in pairs.items()
            for first, second in of_state
        ]
        order = list(pairs)
        return tuple(sorted(found, key=lambda pair: (order.index(pair.state), pair.first, pair.second)))


def _apart(session: Session) -> set[tuple[int, int]]:
    query = select(OrganisationDifference.first_id, OrganisationDifference.second_id)
    return {(row.first_id, row.second_id) for row in session.execute(query)}


@permit(*WRITERS)
def tell_apart(seat: Seat, first_id: int, second_id: int) -> None:
    """Remember that two organisations are not the same, so that they are no longer suspected."""
    low, high = sorted((first_id, second_id))
    with seat.transaction() as session:
        for one in (low, high):
            TABLE.get(session, one)
        if (low, high) not in _apart(session):
            session.add(OrganisationDifference(first_id=low, second_id=high))


@permit(*WRITERS)
def suspect_again(seat: Seat, first_id: int, second_id: int) -> None:
    """Forget that two organisations were told apart."""
    low, high = sorted((first_id, second_id))
    with seat.transaction() as session:
        query = select(OrganisationDifference).where(
            OrganisationDifference.first_id == low, OrganisationDifference.second_id == high
        )
        for row in session.scalars(query):
            session.delete(row)


@permit(*STAFF)
def compare(seat: Seat, first_id: int, second_id: int) -> Comparison:
    """Return two organisations side by side, with what refers to each; the stamp is both as known."""
    with seat.reading() as session:
        first, second = (TABLE.read(session, _unmerged(session, one).id) for one in (first_id, second_id))
        uses = [
            uses_of(session, references.TABLE, one.id, references.BETWEEN) or _("Nothing")
            for one in (first, second)
        ]
        return _compared(first, second, uses)


def _compared(
    first: Line[OrganisationFields], second: Line[OrganisationFields], uses: Sequence[str]
) -> Comparison:
    book = TABLE.book()

    def row(name: str) -> tuple[str, str, str]:
        part = book.part(name)
        of_first, of_second = (plain_text(part, one) or _("Not recorded") for one in (first, second))
        return part.name_shown, of_first, of_second

    return Comparison(
        (first.known, second.known),
        first.fields.name,
        second.fields.name,
        (
            *(row(name) for name in (*rules.MERGED_PARTS, "ended_on", "remarks")),
            (_("Referred to by"), uses[0], uses[1]),
        ),
        tuple(
            Choice(name, *row(name), takes_second=not getattr(first.fields, name))
            for name in rules.differing(first.fields, second.fields)
        ),
        hint=_(
            "Everything that refers to the right one then refers to the left one. It can be split off again. "
            "Choose which value stays; remarks are joined."
        ),
    )


def _unmerged(session: Session, organisation_id: int) -> Organisation:
    """Return an organisation's row; raise `Conflict` when it was merged: a circle would lose both."""
    row = TABLE.get(session, organisation_id)
    if row.merged_into_id is not None:
        text = _("“{name}” was merged into “{kept}” already. Choose that one, or split it off again first.")
        raise Conflict(text.format(name=row.name, kept=TABLE.get(session, row.merged_into_id).name))
    return row


@permit(*WRITERS)
def merge(
    seat: Seat,
    both: tuple[Known, Known],
    taken: Collection[str] = (),
    _answers: Mapping[str, str] | None = None,
) -> Saved:
    """Merge the second one into the first: everything that refers to it is moved, in one transaction.

    `taken` are the parts whose value is that of the other one; remarks are joined. The other one stays hidden and can
    be split off again. Raises `Conflict` when one of them was changed or merged meanwhile, or both are one.
    """
    kept, other = both
    with seat.transaction() as session:
        if kept.id == other.id:
            raise Conflict(_("An organisation cannot be merged with itself. Choose another one."))
        row, gone = _unmerged(session, kept.id), _unmerged(session, other.id)
        refuse_stale(row, kept.version)
        refuse_stale(gone, other.version)
        moved = move(session, references.TABLE, gone.id, row.id, references.BETWEEN)
        if row.ended_on is not None and (held := references.duties_of(session, row.id, row.ended_on)):
            text = _("“{name}” ended on {day}, but would hold {duties}. Keep the other one instead.")
            raise Conflict(text.format(name=row.name, day=row.ended_on, duties=held))
        parts = [name for name in rules.MERGED_PARTS if name in taken]
        gone.merge = {
            "moved": moved,
            "before": {name: getattr(row, name) for name in parts},
            "taken": {name: getattr(gone, name) for name in parts},
        }
        gone.merged_into_id = row.id
        for name in parts:
            setattr(row, name, getattr(gone, name))
        row.name_key = rules.key_of(row.name)
        row.remarks = rules.joined_remarks(row.remarks, gone.remarks)
        session.flush()
        search.drop(session, ORGANISATION, [gone.id])
        index_organisations(session, [row.id])
        return Saved(row.id, row.version)


@permit(*WRITERS)
def split(seat: Seat, organisation_id: int) -> Saved:
    """Split an organisation off the one that it was merged into, with everything that was moved then.

    Raises `Conflict`, in words, when what was moved or taken over was changed since.
    """
    with seat.transaction() as session:
        gone = TABLE.get(session, organisation_id)
        if gone.merged_into_id is None:
            raise Conflict(_("This organisation is not merged. Reload the list."))
        row = _unmerged(session, gone.merged_into_id)
        stored: dict[str, Any] = gone.merge
        values = {key: str(value) for key, value in asdict(TABLE.read(session, row.id).fields).items()}
        if changed := rules.changed_since(stored["taken"], values):
            names = _(", ").join(TABLE.book().part(name).name_shown for name in changed)
            text = _("“{name}” was changed since: {parts}. Change that back first, or leave them merged.")
            raise Conflict(text.format(name=row.name, parts=names))
        if lost := references.move_back(session, stored["moved"], row.id, gone.id):
            text = _("What was moved then was changed or removed since ({n}). Leave them merged.")
            raise Conflict(text.format(n=lost))
        for name, value in stored["before"].items():
            setattr(row, name, value)
        row.name_key = rules.key_of(row.name)
        row.remarks = rules.without_joined(row.remarks, gone.remarks)
        gone.merged_into_id, gone.merge = None, {}
        session.flush()
        index_organisations(session, [row.id, gone.id])
        return Saved(gone.id, gone.version)
