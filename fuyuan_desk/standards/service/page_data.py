"""Queries of the service-standard page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.texts import language
from fuyuan_desk.estates.service import estates
from fuyuan_desk.standards import catalogue, rules
from fuyuan_desk.standards.facts import AssignedTier, EstateDuties
from fuyuan_desk.standards.rules import Duty, Ladder
from fuyuan_desk.standards.service.tiers import duties_of_estate, tier_history, tiers_of_estates

T = TypeVar("T")


@dataclass(frozen=True)
class EstateTier:
    """The tier of an estate with its history and the newest ladder; `laws` maps clauses to citations."""

    duties: EstateDuties
    history: tuple[AssignedTier, ...]
    ladder: Ladder
    today: date
    laws: dict[str, str]


@dataclass(frozen=True)
class TieredEstate:
    """An estate and its current tier."""

    id: int
    name: str
    street: str
    assigned: AssignedTier | None


@dataclass(frozen=True)
class Overview:
    """All estates with their tiers in natural order, and the newest ladder; `dense`: items done more often now."""

    estates: tuple[TieredEstate, ...]
    ladder: Ladder
    dense: frozenset[str]
    laws: dict[str, str]


@permit(*EVERYONE)
def estate_tier(seat: Seat, estate_id: int) -> EstateTier:
    """Return the tier of an estate, its duties and its history."""
    duties = duties_of_estate(seat, estate_id)
    return EstateTier(
        duties,
        tier_history(seat, estate_id),
        catalogue.ladder(),
        seat.today(),
        _laws(duties.untiered),
    )


@permit(*EVERYONE)
def overview(seat: Seat) -> Overview:
    """Return all estates with their tiers, and the newest ladder."""
    tiers = tiers_of_estates(seat)
    tiered = tuple(
        TieredEstate(row.id, row.name, row.street, tiers.get(row.id))
        for row in estates.list_estates(seat).rows
    )
    ladder = catalogue.ladder()
    dense = {d.item for duties in ladder.duties.values() for d in duties if rules.in_season(d, seat.today())}
    return Overview(tiered, ladder, frozenset(dense), _laws(ladder.untiered))


@permit(*REVEALERS)
def tiers_for_export(seat: Seat, order: ExportOrder, rows: Sequence[T], filtered: bool = False) -> Export[T]:
    """Return the list of estates by tier, as shown, for export, and audit it."""
    with seat.transaction() as session:
        return export_rows(seat, session, order, "tier_assignment", rows, Holds.NOBODY, filtered)


def _laws(duties: Iterable[Duty]) -> dict[str, str]:
    clauses = {ref: law.clause(ref) for duty in duties for ref in duty.clauses}
    chinese = language().startswith("zh")
    return {ref: clause.label if chinese else clause.label_en for ref, clause in clauses.items()}
