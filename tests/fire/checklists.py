"""The actions under fire on checklists; part of the table in `work.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import VersionDetail, VersionFields
from fuyuan_desk.inspections.rules.checklists import TypedItem
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import checklists
from fuyuan_desk.kit.book import Known
from tests.fire.hand import Hand, Prepare, Task, nothing, on

ORDER = ExportOrder("核对", "街道办事处")
SHIPPED = checklist_for(SubjectKind.RENOVATION)


@dataclass(frozen=True)
class _Draft:
    """A draft of a checklist of its own, and what is to be saved in it."""

    known: Known
    fields: VersionFields


def _known(detail: VersionDetail) -> Known:
    assert detail.line.id is not None
    return Known(detail.line.id, detail.record_version)


def _draft(hand: Hand) -> _Draft:
    name = f"检查表{hand.fresh()}"
    begun = checklists.begin_checklist(hand.seat, SubjectKind.RENOVATION, name)
    items = tuple(TypedItem(f"i{n}", "分组", f"第{n}项" * 20) for n in range(40))
    return _Draft(_known(begun), VersionFields(name, "", items, hand.seat.today()))


def _published(hand: Hand) -> VersionDetail:
    draft = _draft(hand)
    return checklists.publish_version(hand.seat, draft.fields, draft.known)


def _of_draft(act: Callable[..., object]) -> Prepare:
    def prepare(hand: Hand) -> Task:
        draft = _draft(hand)
        return Task(lambda mover: act(mover.seat, draft.fields, draft.known))

    return prepare


CHECKLISTS: dict[str, Prepare] = {
    "new checklist": on(
        lambda hand: f"检查表{hand.fresh()}",
        lambda seat, name: checklists.begin_checklist(seat, SubjectKind.RENOVATION, name),
    ),
    "new version": on(
        lambda hand: _published(hand).line,
        lambda seat, line: checklists.begin_version(seat, line.key, line.version),
    ),
    "saved draft of a checklist": _of_draft(checklists.save_draft_version),
    "published checklist": _of_draft(checklists.publish_version),
    "withdrawn checklist": on(lambda hand: _known(_published(hand)), checklists.withdraw_version),
    "removed draft of a checklist": on(lambda hand: _draft(hand).known, checklists.remove_draft_version),
    "exported checklist": on(
        nothing,
        lambda seat, _none: checklists.checklist_for_export(seat, ORDER, SHIPPED.key, SHIPPED.version),
    ),
}
