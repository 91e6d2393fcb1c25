"""What the page of the service standard reads in one go."""

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
from fuyuan_desk.standards.facts import EstateDuties, TierGiven
from fuyuan_desk.standards.rules import Duty, Ladder
from fuyuan_desk.standards.service import tiers as service

T = TypeVar("T")


@dataclass(frozen=True)
class EstateTier:
    """The tier of an estate with all that came before; `ladder` is the newest one, `laws` names clauses by citation."""

    duties: EstateDuties
    history: tuple[TierGiven, ...]
    ladder: Ladder
    today: date
    laws: dict[str, str]


@dataclass(frozen=True)
class EstatePlace:
    """An estate and the tier it has now; estates come in natural order."""

    id: int
    name: str
    street: str
    given: TierGiven | None


@dataclass(frozen=True)
class Overview:
    """All estates with their tiers, and the newest ladder; `dense` holds the items done more often this season."""

    places: tuple[EstatePlace, ...]
    ladder: Ladder
    dense: frozenset[str]
    laws: dict[str, str]


@permit(*EVERYONE)
def estate_tier(seat: Seat, estate_id: int) -> EstateTier:
    """Give the tier of an estate, what it asks for, and its history."""
    duties = service.duties_of_estate(seat, estate_id)
    return EstateTier(
        duties,
        service.tier_history(seat, estate_id),
        catalogue.ladder(),
        seat.today(),
        _laws(duties.untiered),
    )


@permit(*EVERYONE)
def overview(seat: Seat) -> Overview:
    """Give all estates with their tiers, and the ladder."""
    tiers = service.tiers_of_estates(seat)
    places = tuple(
        EstatePlace(row.id, row.name, row.street, tiers.get(row.id))
        for row in estates.list_estates(seat).rows
    )
    ladder = catalogue.ladder()
    dense = {d.item for duties in ladder.duties.values() for d in duties if rules.in_season(d, seat.today())}
    return Overview(places, ladder, frozenset(dense), _laws(ladder.untiered))


@permit(*REVEALERS)
def tiers_for_export(seat: Seat, order: ExportOrder, rows: Sequence[T], filtered: bool = False) -> Export[T]:
    """Let the list of estates by tier, as the page holds it, leave the store, and tell it in the trail."""
    with seat.transaction() as session:
        return export_rows(seat, session, order, "tier_assignment", rows, Holds.NOBODY, filtered)


def _laws(duties: Iterable[Duty]) -> dict[str, str]:
    found = {ref: law.clause(ref) for duty in duties for ref in duty.clauses}
    chinese = language().startswith("zh")
    return {ref: clause.label if chinese else clause.label_en for ref, clause in found.items()}
