"""A person's rights: access, copy and correction of the stored data (PIPL §45–46), and erasure (§47)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.records import Draft
from fuyuan_desk.access.reveals import log_disclosures
from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import half_width, mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.privacy.catalogue import Erasable, Holding, cited, grounds, holdings
from fuyuan_desk.privacy.facts import Candidate, Consequence, Key, PersonReport, Place, Purged
from fuyuan_desk.privacy.service import matching, report
from fuyuan_desk.privacy.service.anonymise import Purge, table_of
from fuyuan_desk.privacy.service.matching import Slot
from fuyuan_desk.privacy.service.retention import day_of, discard
from fuyuan_desk.store.audit.log import Event
from fuyuan_desk.store.db.functions import holds

SERIES = "person_report"
MAX_CHARS = 100
# columns with personal data of anybody, as it was typed or read
_UNSORTED = ((Draft.__tablename__, "content"), ("unimported_row", "cells"))
_LEAST_SIGNS = 2
_LEAST_DIGITS = 4


@dataclass(frozen=True)
class Erased:
    """The counts of an erasure, and its effect on each record."""

    done: Purged
    places: tuple[Consequence, ...]


@permit(*REVEALERS)
def find_people(seat: Seat, text: str) -> tuple[Candidate, ...]:
    """Find people by name, or by the end of an ID or phone number, masked, with their records.

    Raises `InvalidInput` when the text is too short, `Conflict` when it matches too many records.
    """
    typed = half_width(text).strip()
    if len(typed) < (_LEAST_DIGITS if any(sign.isdigit() for sign in typed) else _LEAST_SIGNS):
        message = _(
            "Type at least two characters of the name, or the last four digits of an ID or phone number."
        )
        raise InvalidInput(message, {"text": message})
    with seat.reading() as session:
        hits = matching.slots_like(session, typed)
        if not hits:
            return ()
        if len(hits) > matching.MOST_HITS:
            # a truncated result would make a person's report incomplete
            raise Conflict(
                _("More than {n} records match. Type the whole name, or more digits.").format(
                    n=matching.MOST_HITS
                )
            )
        meant = {slot.key for slot in hits}
        groups = matching.grouped(matching.slots_related(session, hits))
        wanted = [group for group in groups if any(slot.key in meant for slot in group)]
        named_places = _places(session, [slot.key for group in wanted for slot in group])
        found = [_candidate(group, named_places) for group in wanted]
    return tuple(sorted(found, key=lambda one: (one.only_by_name, -len(one.places))))


def _places(session: Session, keys: Iterable[Key]) -> dict[Key, Place]:
    by_table: dict[str, list[Key]] = {}
    for key in keys:
        by_table.setdefault(key.table, []).append(key)
    found = {}
    for table, of_table in by_table.items():
        known = matching.places(session, table, [key.id for key in of_table])
        for key in of_table:
            found[key] = Place(key, str(holdings()[table].name), known.get(key.id, ""))
    return found


def _candidate(group: Sequence[Slot], places: Mapping[Key, Place]) -> Candidate:
    ids = sorted({number for slot in group for number in slot.ids})
    phones = sorted({number for slot in group for number in slot.phones})
    return Candidate(
        name=mask_name(group[0].name),
        id_number=mask_id(ids[0]) if ids else "",
        phones=tuple(map(mask_phone, phones)),
        places=tuple(places[slot.key] for slot in group),
        only_by_name=not ids and not phones and all(slot.unit_id is None for slot in group),
    )


# --- the report ------------------------------------------------------------------------------------------


@permit(*REVEALERS)
def person_report(seat: Seat, keys: Sequence[Key], requester: str, purpose: str = "") -> PersonReport:
    """Return everything stored in these records about one person, unmasked, for that person only (PIPL §45).

    What the operator may not see of her is not in it; the report says which role must add it. Other people of her home
    who are named in a text are masked.
    `requester` is who asks and how they were identified. The report's number is audited, its values are not.
    """
    requester = _filled(requester, "requester")
    with seat.transaction() as session:
        slots = matching.slots_of(session, keys)
        if not slots:
            raise NotFound(_("These records no longer exist. Search again."))
        year = seat.today().year
        number = f"GR{year}-{next_number(session, SERIES, year):04}"
        places = _places(session, [slot.key for slot in slots])
        held = [report.held(session, slot, places[slot.key].place, seat.operator.role) for slot in slots]
        exports = report.exports_of(session, {slot.key.table for slot in slots})
        records = [(slot.key.table, slot.key.id) for slot in slots]
        log_disclosures(
            seat,
            session,
            [Event("person_report", table, key, None, {"number": number}) for table, key in records],
        )
        return PersonReport(
            number=number,
            office=office_settings(session, seat.now()).heading,
            made=seat.today(),
            name=slots[0].name,
            requester=requester,
            purpose=purpose.strip()[:MAX_CHARS],
            held=tuple(held),
            exports=exports,
        )


def _filled(text: str, field: str) -> str:
    text = text.strip()
    if not text:
        message = _("Enter who asks, and which ID document was shown.")
        raise InvalidInput(message, {field: message})
    if len(text) > MAX_CHARS:
        message = _("This is longer than {n} characters. Shorten it.").format(n=MAX_CHARS)
        raise InvalidInput(message, {field: message})
    return text


# --- erasing ---------------------------------------------------------------------------------------------


@permit(*REVEALERS)
def preview_erasure(seat: Seat, keys: Sequence[Key]) -> tuple[Consequence, ...]:
    """Return for each record whether it would be erased, or until when the law keeps it."""
    with seat.reading() as session:
        return _consequences(session, keys, seat.today())


def _consequences(session: Session, keys: Sequence[Key], today: date) -> tuple[Consequence, ...]:
    slots = matching.slots_of(session, keys)
    every = list(dict.fromkeys((*(slot.key for slot in slots), *_unsorted_on(session, slots))))
    places = _places(session, every)
    return tuple(_consequence(session, places[key], today) for key in every)


def _consequence(session: Session, place: Place, today: date) -> Consequence:
    holding = holdings()[place.key.table]

    def consequence(erased: bool, until: date | None = None) -> Consequence:
        erasing = holding.erasing
        clauses, why = (erasing.clauses, erasing.why) if erasing else (holding.clauses, holding.why)
        if erased:
            return Consequence(place.key, place.what, place.place, True)
        return Consequence(place.key, place.what, place.place, False, until, cited(clauses), str(why))

    if holding.erasing is None or holding.term is None:
        return consequence(False)
    if holding.erasing.when is Erasable.ALWAYS:
        return consequence(True)
    since = _since(session, holding, place.key.id)
    if since is None:
        return consequence(False)
    if holding.erasing.when is Erasable.ENDED:
        return consequence(True)
    until = holding.term.due_on(since)
    return consequence(until <= today, until)


def _since(session: Session, holding: Holding, record_id: int) -> date | None:
    """Return the start day of a record's term, None if it has not started."""
    assert holding.term is not None
    table = table_of(holding.table)
    narrowed: list[Any] = [table.c[name] == value for name, value in holding.term.only.items()]
    found = session.scalar(select(table.c[holding.term.since]).where(table.c.id == record_id, *narrowed))
    return None if found is None else day_of(found)


def _unsorted_on(session: Session, slots: Sequence[Slot]) -> Iterator[Key]:
    """Find the drafts and the rows not imported that contain an ID or phone number of this person anywhere."""
    numbers = {number for slot in slots for number in (*slot.ids, *slot.phones)}
    for name, column in _UNSORTED:
        table = table_of(name)
        found: set[int] = set()
        for number in numbers:
            found.update(session.scalars(select(table.c.id).where(holds(table.c[column], number))))
        yield from (Key(name, key) for key in sorted(found))


@permit(*WRITERS)
def erase_person(seat: Seat, keys: Sequence[Key], ground: str) -> Erased:
    """Erase a person's data not kept by law, with a second person; `ground` is a key of `grounds()` (PIPL §47).

    Raises `Conflict` when all of it is kept by law.
    """
    if ground not in grounds():
        message = _("Choose why it should be erased.")
        raise InvalidInput(message, {"ground": message})
    with seat.transaction() as session:
        places = _consequences(session, keys, seat.today())
        going = [place for place in places if place.erased]
        if not going:
            raise Conflict(_("All of these records are still kept by law; nothing can be erased yet."))
        what = numbered(len(going), N_("{n} record"), N_("{n} records"))
        seat.require_second(session, ProtectedAction.PURGE, what)
        purge = Purge(session, seat.today())
        for place in going:
            key = place.key
            purge.take(holdings()[key.table], [key.id], "erase", f"PIPL§47 {ground}", of=key.of)
        unused = purge.finish()
    discard(seat.store.media, unused)
    return Erased(purge.done, places)
