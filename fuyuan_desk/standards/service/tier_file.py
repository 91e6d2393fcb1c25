"""What the service standard adds to the file of an estate and of its homes: the tiers (服务等级) over time."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from fuyuan_desk.core.dossier import Column, Item, Privacy, Section, listing, office_value, open_value, value
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.for_other_jobs import estate_of_unit
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.standards.rules import label
from fuyuan_desk.standards.service.tiers import assigned_tiers


def of_unit(session: Session, unit_id: int, reader: Reader) -> Iterator[Section]:
    """Yield the tier in force in the estate of a home."""
    tiers = assigned_tiers(session, estate_of_unit(session, unit_id), reader.today)
    texts = [text for tier in tiers if tier.is_current for text in (label(tier.tier), tier.effective_on)]
    yield Section("tier", _("Service standard"), (Item(_("Service tier"), open_value(*texts)),))


def of_estate(session: Session, estate_id: int, reader: Reader) -> Iterator[Section]:
    """Yield all tiers assigned to an estate, the latest first."""
    columns = (
        Column(_("Tier"), 10),
        Column(_("From"), 10),
        Column(_("In force"), 7),
        Column(_("Reason"), 25),
        Column(_("Document number"), 15),
    )
    rows = (
        (
            open_value(label(tier.tier)),
            open_value(tier.effective_on),
            open_value(_("Yes") if tier.is_current else ""),
            value(Privacy.TEXT, tier.reason),
            office_value(tier.document_no),
        )
        for tier in assigned_tiers(session, estate_id, reader.today)
    )
    table = listing(columns, rows, nothing=_("No tier was assigned yet."), may_post=True)
    yield Section("tiers", _("Service tiers"), listings=(table,))
