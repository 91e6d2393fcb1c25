"""The objects of a plan of rounds, found by its rule inside a running transaction."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.service.for_other_jobs import estate_names, gates_of
from fuyuan_desk.facilities.service.equipment import in_service
from fuyuan_desk.inspections.facts import Place, PlanFields, Subject
from fuyuan_desk.inspections.rules.rounds import Where
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.subjects import place_of_gate


def places_of_plan(
    session: Session, fields: PlanFields, cases: Sequence[Subject] | None = None
) -> tuple[Place, ...] | None:
    """Return the objects of a plan in natural order, leaving out estates that were removed.

    `cases` are the renovations under way, which a job above this one knows. None: they were not handed in, so that it
    is not known which objects a plan of them has.
    """
    names = estate_names(session)
    if fields.estates:
        names = {key: name for key, name in names.items() if key in set(fields.estates)}
    if fields.objects == Where.CASE:
        return None if cases is None else tuple(_cases(cases, names))
    if fields.objects == Where.FACILITY:
        with in_chinese():  # the record is the same whatever the language of the screen was
            found = in_service(session, fields.facility_kind, names)
        return tuple(
            Place(
                one.estate_id, SubjectKind.ESTATE, one.estate_id, names[one.estate_id], one.building_id,
                one.name, one.key, one.due,
            )
            for one in found
        )  # fmt: skip
    if fields.objects == Where.ESTATE:
        return tuple(Place(key, SubjectKind.ESTATE, key, name) for key, name in names.items())
    return tuple(_parts(session, names, with_gates=fields.objects == Where.GATE))


def _cases(cases: Sequence[Subject], names: dict[int, str]) -> Iterator[Place]:
    for case in cases:
        if case.estate_id in names:
            yield Place(case.estate_id, case.kind, case.id, f"{case.number} {case.name}".strip())


def _parts(session: Session, names: dict[int, str], *, with_gates: bool) -> Iterator[Place]:
    gates = gates_of(session, list(names))
    for key, name in names.items():
        ordered = dict.fromkeys(place_of_gate(gate, with_gates=with_gates) for gate in gates.get(key, ()))
        for building_id, place in ordered:
            yield Place(key, SubjectKind.ESTATE, key, name, building_id, place.text, place.key)
