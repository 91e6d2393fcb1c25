"""Services on the files of homes and estates (一户一档, 一小区一档), put together from what every job knows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from fuyuan_desk.access.export import export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.reveals import log_disclosures, log_reveal
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.dossiers import rules
from fuyuan_desk.dossiers.facts import FilePaper, FileView, PagePicture
from fuyuan_desk.dossiers.rules import About, Level, Place, Shown, ShownSection
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.kit.queries import FilePart, Reader
from fuyuan_desk.store.audit.log import Event
from fuyuan_desk.store.db.attachments import sizes_of

SERIES = "file"


@permit(*EVERYONE)
def read_file(seat: Seat, about: About, record_id: int, parts: Sequence[FilePart]) -> FileView:
    """Return what all jobs know of a home or an estate, masked.

    Raises `NotFound` when it was removed or belongs to an estate that is not the operator's.
    """
    with seat.reading() as session:
        subject = _subject(session, about, record_id)
        sections = _sections(seat, session, about, record_id, parts)
        return FileView(about, subject.name, rules.shown_sections(sections, Level.MASKED))


@permit(*EVERYONE)
def file_for_export(
    seat: Seat,
    order: ExportOrder,
    about: About,
    record_id: int,
    parts: Sequence[FilePart],
    is_posted: bool = False,
    with_pages: bool = False,
) -> FilePaper:
    """Return a file for a paper, in Chinese, at the level of the order, and audit for whom and what for.

    Unmasked it needs a second person, as any export. A file `is_posted` holds places and states only. `with_pages`: the
    attached pages stand at its end, which only an unmasked file allows.
    """
    level = rules.level_of(is_posted, order.unmasked)
    order = replace(order, unmasked=level is Level.FULL)
    with seat.transaction() as session:
        subject = _subject(session, about, record_id)
        with in_chinese():
            sections = rules.shown_sections(_sections(seat, session, about, record_id, parts), level)
        pages = tuple(_pages(seat, session, sections, level)) if with_pages else ()
        year = seat.today().year
        number = rules.file_number(year, next_number(session, SERIES, year))
        holds = Holds.NOBODY if level is Level.POSTED else Holds.MASKED
        more = {"number": number, "level": level.value, **({"pages": len(pages)} if pages else {})}
        export = export_rows(
            seat, session, order, about.value, [sections], holds,
            more=more, of=record_id, subject=f"{about.label} {subject.name}",
        )  # fmt: skip
        return FilePaper(
            about=about,
            number=number,
            subject=subject.name,
            uid=subject.uid,
            office=office_settings(session, seat.now()).heading,
            level=level,
            purpose=export.stamp.purpose,
            receiver=export.stamp.receiver,
            operator=export.stamp.operator,
            made=export.stamp.at,
            shown=export.rows[0],
            pages=pages,
        )


def _pages(seat: Seat, session: Session, shown: Shown, level: Level) -> Iterator[PagePicture]:
    """Yield the pages that are printed at the end; refuse what cannot be printed."""
    if fault := rules.pages_fault(rules.attached_count(shown), level):
        raise InvalidInput(fault, {"pages": fault})
    sizes = sizes_of(
        session, [name for part in shown.sections for one in part.attached for name in one.contents]
    )
    for part in shown.sections:
        for one in part.attached:
            for number, name in enumerate(one.contents, 1):
                jpeg = seat.store.media.read(name)
                yield PagePicture(one.title, number, len(one.contents), jpeg, *sizes[name])


@permit(*REVEALERS)
def reveal_value(
    seat: Seat, about: About, record_id: int, parts: Sequence[FilePart], place: Place, shown: ShownSection
) -> str:
    """Return a masked value of a file in full, and audit this.

    Raises `Conflict` when its part of the file is no longer what was `shown`: the value could be somebody else's.
    """
    with seat.transaction() as session:
        _subject(session, about, record_id)
        section = next(
            (one for one in _sections(seat, session, about, record_id, parts) if one.key == place.section),
            None,
        )
        if section is None or rules.shown_sections([section], Level.MASKED).sections != (shown,):
            raise _changed()
        masked = rules.masked_values(section)[place]
        log_reveal(seat, session, about.value, record_id, {"field": masked.name})
        return rules.text_of(masked.value, Level.FULL)


@permit(*REVEALERS)
def reveal_home(seat: Seat, unit_id: int, parts: Sequence[FilePart], shown: Shown) -> dict[Place, str]:
    """Return all masked values of the file of a home in full, and audit each; many need a second person.

    Raises `Conflict` when the file is no longer what was `shown`.
    """
    with seat.transaction() as session:
        _subject(session, About.UNIT, unit_id)
        sections = tuple(_sections(seat, session, About.UNIT, unit_id, parts))
        if rules.shown_sections(sections, Level.MASKED) != shown:
            raise _changed()
        found = {place: one for section in sections for place, one in rules.masked_values(section).items()}
        events = (
            Event("reveal", About.UNIT.value, unit_id, None, {"field": one.name}) for one in found.values()
        )
        log_disclosures(seat, session, events)
        return {place: rules.text_of(one.value, Level.FULL) for place, one in found.items()}


def _changed() -> Conflict:
    return Conflict(_("This file has changed meanwhile. Open it again."))


def _subject(session: Session, about: About, record_id: int) -> estates.Subject:
    find = estates.unit_subject if about is About.UNIT else estates.estate_subject
    return find(session, record_id)


def _sections(
    seat: Seat, session: Session, about: About, record_id: int, parts: Sequence[FilePart]
) -> Iterator[Section]:
    """Yield the sections of all jobs, their keys made unique; a part that the role may not see is named."""
    reader = Reader(seat.operator.role, seat.today())
    for number, part in enumerate(parts):
        read = part.of_unit if about is About.UNIT else part.of_estate
        if read is None:
            continue
        if reader.role not in part.roles:
            yield Section(f"{number}", _(part.title), withheld=_("Your role may not see this part."))
            continue
        for section in read(session, record_id, reader):
            yield replace(section, key=f"{number}-{section.key}")
