"""A batch of photo files on its way to visits: what is proposed, what was chosen by hand, what cannot be attached."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.photos import PhotoKind
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.inspections.rules.photo_matching import (
    ItemNoted,
    Proposal,
    Shot,
    Sureness,
    VisitNoted,
    Why,
    propose,
    shifted,
    with_kinds,
)


class State(Code):
    """What becomes of a file, in the order in which a clerk wants to see them."""

    UNSURE = "unsure", N_("To be confirmed")
    OPEN = "open", N_("No visit")
    FAULT = "fault", N_("Cannot be attached")
    LIKELY = "likely", N_("Likely")
    SURE = "sure", N_("Sure")
    CHOSEN = "chosen", N_("Chosen")
    KNOWN = "known", N_("Attached already")
    TWICE = "twice", N_("Double")
    LEFT_OUT = "left-out", N_("Left out")
    ATTACHED = "attached", N_("Attached")
    READING = "reading", N_("Not read yet")


READY = (State.LIKELY, State.SURE, State.CHOSEN)
"""What is attached once the clerk confirms the list; an unsure proposal must be confirmed by itself first."""
SETTLED = (State.FAULT, State.KNOWN, State.TWICE, State.ATTACHED, State.READING)
"""What cannot be given to another visit."""


@dataclass(frozen=True)
class PhotoFile:
    """A file: `sheet` is the number of a printed sheet in its name, `source` its fingerprint, '' until it is read."""

    shot: Shot
    name: str
    is_scan: bool = False
    sheet: str = ""
    source: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Chosen:
    """What was chosen by hand for a file, None where the proposal counts; `visit_id` 0 is no visit."""

    visit_id: int | None = None
    item: str | None = None
    kind: str | None = None
    is_left_out: bool = False


@dataclass(frozen=True)
class Found:
    """What files are matched with: visits, printed sheets with the visit of each, files that visits have already."""

    visits: Sequence[VisitNoted] = ()
    sheets: Mapping[str, int | None] | None = None
    known: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A file with what becomes of it; `taken_at` is by the corrected clock, `note` what is to be read beside it."""

    file: PhotoFile
    taken_at: datetime | None
    state: State
    visit: VisitNoted | None
    item: ItemNoted | None
    kind: str
    note: str

    @property
    def id(self) -> int:
        """The key of the file."""
        return self.file.shot.key


def rows_of(
    files: Sequence[PhotoFile],
    found: Found,
    now: datetime,
    clock: timedelta = timedelta(),
    chosen: Mapping[int, Chosen] | None = None,
    attached: Collection[int] = (),
) -> tuple[Row, ...]:
    """Return every file with what becomes of it, in the order of the files.

    `clock` is how far the clock of the camera was wrong; `attached` are the keys of those that are done.
    """
    chosen = chosen or {}
    settled = _settled(files, found.known or {}, attached)
    shots = [shifted(file.shot, clock) for file in files]
    visits = {visit.id: visit for visit in found.visits}
    proposals = _proposals(files, shots, settled, found, now, chosen)
    rows = []
    for file, shot in zip(files, shots, strict=True):
        proposal = proposals.get(shot.key, Proposal(None, Why.NO_TIME))
        visit = visits.get(proposal.visit_id or 0)
        items = visit.items if visit is not None else ()
        item = next((one for one in items if one.key == proposal.item), None)
        left_out = (State.LEFT_OUT, "") if chosen.get(shot.key, Chosen()).is_left_out else None
        state, note = settled.get(shot.key) or left_out or _state_of(proposal)
        rows.append(Row(file, shot.taken_at, state, visit, item, proposal.kind, note))
    return tuple(rows)


def _proposals(
    files: Sequence[PhotoFile],
    shots: Sequence[Shot],
    settled: Mapping[int, tuple[State, str]],
    found: Found,
    now: datetime,
    chosen: Mapping[int, Chosen],
) -> dict[int, Proposal]:
    """Return what is proposed or chosen for each file that can be attached, or is attached, by key.

    Others are not counted among the photos of an item either.
    """
    open_files = [
        (file, shot)
        for file, shot in zip(files, shots, strict=True)
        if settled.get(shot.key, (State.ATTACHED, ""))[0] is State.ATTACHED
    ]
    proposals = propose([shot for file, shot in open_files if not file.is_scan], found.visits, now)
    proposals |= {shot.key: _of_scan(file, found) for file, shot in open_files if file.is_scan}
    visits = {visit.id: visit for visit in found.visits}
    proposals = {
        key: _as_chosen(proposal, chosen.get(key, Chosen()), visits) for key, proposal in proposals.items()
    }
    kinds = {key: one.kind for key, one in chosen.items() if one.kind is not None}
    kinds |= {file.shot.key: PhotoKind.SCAN.value for file in files if file.is_scan}
    return with_kinds(shots, proposals, kinds)


def _settled(
    files: Sequence[PhotoFile], known: Mapping[str, str], attached: Collection[int]
) -> dict[int, tuple[State, str]]:
    """Return what cannot be given to a visit, by key, with what is to be read beside it."""
    first: dict[str, PhotoFile] = {}
    found = {}
    for file in files:
        key = file.shot.key
        same = first.setdefault(file.source, file) if file.source and not file.fault else file
        if key in attached:
            found[key] = State.ATTACHED, ""
        elif file.fault:
            found[key] = State.FAULT, file.fault
        elif not file.source:
            found[key] = State.READING, ""
        elif file.source in known:
            found[key] = State.KNOWN, _known_text(known[file.source])
        elif same is not file:
            found[key] = State.TWICE, _("same as {name}").format(name=same.name)
    return found


def _known_text(visit: str) -> str:
    if not visit:
        return _("with a visit of another estate")
    return _("with visit {number}").format(number=visit)


def _state_of(proposal: Proposal) -> tuple[State, str]:
    if proposal.visit_id is None:
        return State.OPEN, proposal.why.label
    if proposal.why is Why.BY_HAND:
        return State.CHOSEN, proposal.why.label
    states = {Sureness.SURE: State.SURE, Sureness.LIKELY: State.LIKELY}
    return states.get(proposal.sureness, State.UNSURE), proposal.why.label


def _of_scan(file: PhotoFile, found: Found) -> Proposal:
    visit_id = (found.sheets or {}).get(file.sheet)
    if visit_id is not None:
        return Proposal(visit_id, Why.SHEET, Sureness.SURE)
    return Proposal(None, Why.NOT_ENTERED if file.sheet else Why.NO_SHEET)


def _as_chosen(proposal: Proposal, chosen: Chosen, visits: Mapping[int, VisitNoted]) -> Proposal:
    """Return a proposal with what was chosen by hand; an item that another visit does not have is none."""
    visit_id = proposal.visit_id if chosen.visit_id is None else chosen.visit_id
    visit = visits.get(visit_id or 0)
    if visit is None:
        return Proposal(None, proposal.why if chosen.visit_id is None else Why.BY_HAND)
    item = proposal.item if chosen.item is None and visit_id == proposal.visit_id else chosen.item or ""
    item = item if item in {one.key for one in visit.items} else ""
    if chosen.visit_id is None:
        return proposal if item == proposal.item else replace(proposal, item=item)
    return Proposal(visit.id, Why.BY_HAND, Sureness.SURE, item)


def unsure_first(rows: Sequence[Row]) -> list[int]:
    """Return the keys of files in the order in which they are listed: what somebody must look at comes first."""
    ranks = {state: rank for rank, state in enumerate(State)}
    never = datetime.max.replace(tzinfo=UTC)
    ordered = sorted(rows, key=lambda row: (ranks[row.state], row.taken_at or never, row.file.name, row.id))
    return [row.id for row in ordered]


def clock_text(clock: timedelta) -> str:
    """Write by how much the clock of a camera was put right, such as “+1:30” or “−3 d 0:05”."""
    minutes = abs(clock) // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    sign = "−" if clock < timedelta() else "+"
    time = f"{rest // 60}:{rest % 60:02d}"
    return sign + (_("{n} d {time}").format(n=days, time=time) if days else time)
