"""What an operator does with households and their people, for the proofs under fire."""

from datetime import date
from typing import Any

from fuyuan_desk.estates.facts.people import HOLDER, PersonFields, TagFields
from fuyuan_desk.estates.service import (
    households,
    merging,
    people,
    shares,
    succession,
    suspects,
    tags,
)
from fuyuan_desk.estates.service.merging import ANOTHER, HOLDER_IS
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, UNITS
from fuyuan_desk.estates.service.suspects import PEOPLE as PEOPLE_TABLE
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.kit.merging.store import Row
from tests.fire.hand import Hand, Prepare, Task, on, on_as_new

LEFT = date(2026, 1, 2)


def _change_household(hand: Hand) -> Task:
    household, unit = hand.household()
    fields = hand.person(people=4)
    return Task(lambda mover: households.save_household(mover.seat, unit, fields, household))


def _new_household(hand: Hand) -> Task:
    unit, fields = hand.unit(), hand.person()
    return Task(lambda mover: households.save_household(mover.seat, unit, fields))


def _fields(hand: Hand) -> PersonFields:
    return PersonFields(
        f"㛃{hand.fresh()}", "spouse", phones=("13800001234",), papers=("K1234567",), tags=(_tag(hand),),
        other_ids=(("社区云 居住ID", hand.fresh()),), remarks="备注" * 200,
    )  # fmt: skip


def _tag(hand: Hand) -> int:
    return tags.save_tag(hand.seat, TagFields(f"标签{hand.fresh()}")).id


def _person(hand: Hand) -> tuple[int, int]:
    household = hand.household()[0]
    return household, people.save_person(hand.seat, household, _fields(hand)).id


def _new_person(hand: Hand) -> Task:
    household, fields = hand.household()[0], _fields(hand)
    return Task(lambda mover: people.save_person(mover.seat, household, fields))


def _changed_person(hand: Hand) -> Task:
    (household, person), fields = _person(hand), _fields(hand)
    return Task(lambda mover: people.save_person(mover.seat, household, fields, person))


def _changed_holder(hand: Hand) -> Task:
    household, fields = hand.household()[0], _fields(hand)
    return Task(lambda mover: people.save_person(mover.seat, household, fields, HOLDER))


def _passed_on(hand: Hand) -> Task:
    household, person = _person(hand)
    return Task(
        lambda mover: succession.pass_on(mover.seat, household, person, LEFT, "inherited", former_stays=True)
    )


def _shares(hand: Hand) -> Task:
    household, unit = hand.household()
    typed = {(household, HOLDER): "1"}
    shares.save_shares(hand.seat, unit, {(household, HOLDER): "1/2"}, None)
    return Task(lambda mover: shares.save_shares(mover.seat, unit, typed, (household, HOLDER), LEFT))


def _changed_tag(hand: Hand) -> Task:
    saved = tags.save_tag(hand.seat, TagFields(f"标签{hand.fresh()}"))
    fields = TagFields(f"标签{hand.fresh()}", "red")
    return Task(lambda mover: tags.save_tag(mover.seat, fields, Known(saved.id, saved.version)))


def _usual_tags(hand: Hand) -> Task:
    assert not tags.tag_choices(hand.seat), "they are added only to an office that never had a tag"
    return Task(lambda mover: tags.add_usual_tags(mover.seat), is_alone=True)


def _two_homes(hand: Hand) -> tuple[Row, Row]:
    building = hand.building()
    kept, other = hand.unit(building), hand.unit(building)
    hand.household(other)
    return (UNITS, kept), (UNITS, other)


def _holder_and_person(hand: Hand) -> tuple[Row, Row]:
    household, person = _person(hand)
    return (HOUSEHOLDS, household), (PEOPLE_TABLE, person)


def _compared(hand: Hand) -> Any:
    return merging.compare(hand.seat, *_two_homes(hand)).stamp


def _two_households(hand: Hand) -> Task:
    kept, unit = hand.household()
    other = households.save_household(hand.seat, unit, hand.person()).id
    people.save_person(hand.seat, other, _fields(hand))
    stamp = merging.compare(hand.seat, (HOUSEHOLDS, kept), (HOUSEHOLDS, other)).stamp
    return Task(lambda mover: merging.merge(mover.seat, stamp, ["name"], {HOLDER_IS: ANOTHER}))


def _merged(hand: Hand) -> int:
    merging.merge(hand.seat, _compared(hand))
    pairs = suspects.list_pairs(hand.seat)
    return next(pair.second_key for pair in pairs if pair.state is PairState.MERGED)


def _apart(hand: Hand) -> tuple[Row, Row]:
    pair = _two_homes(hand)
    suspects.tell_apart(hand.seat, *pair)
    return pair


PEOPLE: dict[str, Prepare] = {
    "new household": _new_household,
    "changed household": _change_household,
    "removed household": on(lambda hand: hand.household()[0], households.remove_household),
    "revealed household": on_as_new(
        lambda hand: hand.household()[0], lambda seat, row: households.reveal(seat, row, "id_number")
    ),
    "opened household": on_as_new(lambda hand: hand.household()[0], households.household_for_edit),
    "usual tags": _usual_tags,
    "new person": _new_person,
    "changed person": _changed_person,
    "changed holder": _changed_holder,
    "removed person": on(_person, lambda seat, of: people.remove_person(seat, *of)),
    "revealed person": on_as_new(_person, lambda seat, of: people.reveal_person(seat, *of, "name")),
    "opened person": on_as_new(_person, lambda seat, of: people.person_for_edit(seat, *of)),
    "ended household": on(
        lambda hand: hand.household()[0],
        lambda seat, household: households.end_household(seat, household, LEFT, "moved"),
    ),
    "passed on": _passed_on,
    "saved shares": _shares,
    "compared people": on_as_new(_holder_and_person, lambda seat, pair: merging.compare(seat, *pair)),
    "merged homes": on(_compared, merging.merge),
    "merged households": _two_households,
    "split homes": on(_merged, merging.split),
    "told homes apart": on(_two_homes, lambda seat, pair: suspects.tell_apart(seat, *pair)),
    "suspected homes again": on(_apart, lambda seat, pair: suspects.suspect_again(seat, *pair)),
    "new tag": on(lambda hand: TagFields(f"标签{hand.fresh()}"), tags.save_tag),
    "changed tag": _changed_tag,
    "removed tag": on(_tag, tags.remove_tag),
}
