"""The course of a case: its states and acts as one table, from which checks, buttons and a timeline follow.

Pure: no database, no screen, no clock. A job declares its `Course` in its rules. Its services call `check`, each in its
own transaction; its controller calls `offered`; its view and its papers show what `timeline` returns.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.core.texts import N_, _

Tone = Literal["neutral", "ok", "warn", "error"]
"""The tones of a chip, as in `widgets.chips`, which knows the screen."""
LONGEST_REASON = 1_000
_NOT_READ = re.compile(r"\(&.\)|&|\s*…$")


class HasStatus(Protocol):
    """The facts of a case, of which every course needs the state."""

    @property
    def status(self) -> Any:
        """The state of the case."""


S = TypeVar("S", bound=StrEnum)
F = TypeVar("F", bound=HasStatus)


@dataclass(frozen=True)
class Obstacle:
    """Something that stands against an act, or must be known before it.

    `text` is marked with `N_` and says what to do; a tuple among its `values` is listed.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return the sentence in the language of the screen."""
        values = {
            name: _(", ").join(value) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }
        return _(self.text).format(**values)


Guard = Callable[[F, date], Obstacle | None]
"""A rule of the facts of a case and today's date; None: nothing to say."""


@dataclass(frozen=True)
class State(Generic[S, F]):
    """A state: its label, and the sentence that refuses an act of another state; both are marked with `N_`.

    `due` returns the day by which the next act is due. A case ends in a state with `is_end`.
    """

    key: S
    label: str
    sentence: str
    tone: Tone = "neutral"
    icon: str = ""
    due: Callable[[F], date | None] | None = None
    is_end: bool = False


@dataclass(frozen=True)
class Act(Generic[S, F]):
    """An act: from which states, to which ones, who, and what must be there.

    `to`: empty, the act keeps the state; more than one, `choose` returns which. `guards` prevent the act, `warnings`
    are said before it. `undoes` names the act that it takes back, with a reason. `done` is what the timeline says,
    `blocked` heads the obstacles; these and `text`, which has a mnemonic, are marked with `N_`. The first act that
    leads on from a state is the next one in the timeline; unless the course has a table of its own for it (`firsts`),
    its button is filled when it is `primary` or overdue. `when`: the act is offered only while this holds.
    """

    name: str
    text: str
    frm: tuple[S, ...]
    roles: tuple[str, ...]
    to: tuple[S, ...] = ()
    done: str = ""
    choose: Callable[[F], S] | None = None
    guards: tuple[Guard[F], ...] = ()
    warnings: tuple[Guard[F], ...] = ()
    blocked: str = N_("This is not possible yet")
    undoes: str = ""
    primary: bool = False
    icon: str = ""
    shortcut: str = ""
    when: Callable[[F], bool] | None = None

    def target(self, facts: F) -> S:
        """Return the state of the case after the act."""
        if self.choose is not None:
            return self.choose(facts)
        state: S = self.to[0] if self.to else facts.status
        return state


@dataclass(frozen=True)
class First(Generic[S, F]):
    """A line of the table of what to do first: in `state`, while `when` holds, the act; '' when there is none."""

    state: S
    act: str
    when: Callable[[F, date], bool] | None = None


@dataclass(frozen=True)
class Before(Generic[S, F]):
    """A line of the table of what comes before the next act: in `state`, while `when` holds, what is to be done.

    `text` is marked with `N_`; '' while the next act is not possible at all.
    """

    state: S
    text: str
    when: Callable[[F, date], bool]


@dataclass(frozen=True)
class Offer:
    """An act as offered, with texts of the screen: `why_not` it is not possible now, `warnings` to read before it.

    `second_person`: the case has ended, so the store asks for a second person (`closed_when` of its table).
    """

    name: str
    text: str
    is_primary: bool
    is_undo: bool
    second_person: bool
    blocked: str = ""
    why_not: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event(Generic[S]):
    """The case entered `state` from `before` (None: it began) on `day`; `by` and `reason` are '' if not known.

    `what` says what happened if no act of the course did, '' if one did.
    """

    day: date
    state: S
    before: S | None = None
    by: str = ""
    reason: str = ""
    detail: str = ""
    what: str = ""


class Place(StrEnum):
    """The place of a line in the timeline."""

    DONE = "done"
    UNDONE = "undone"
    NEXT = "next"
    LATE = "late"


@dataclass(frozen=True)
class Moment:
    """A line of the timeline, with texts of the screen; `day` None: not known."""

    text: str
    day: date | None
    place: Place
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Course(Generic[S, F]):
    """The states of a case, the first one the state in which it begins, and its acts in the order of their buttons.

    `firsts` says which act is to be done first, `befores` what the timeline shows instead of the next act, by state and
    facts: the first line that holds counts.
    """

    states: tuple[State[S, F], ...]
    acts: tuple[Act[S, F], ...]
    firsts: tuple[First[S, F], ...] = ()
    befores: tuple[Before[S, F], ...] = ()

    def state(self, key: S) -> State[S, F]:
        """Return a state by its key."""
        return next(state for state in self.states if state.key is key)

    def act(self, name: str) -> Act[S, F]:
        """Return an act by its name."""
        return next(act for act in self.acts if act.name == name)

    @property
    def open_states(self) -> tuple[S, ...]:
        """The states in which a case does not end."""
        return tuple(state.key for state in self.states if not state.is_end)

    def next_act(self, status: S) -> Act[S, F] | None:
        """Return the next act of a case in this state, None when there is none."""
        onward = (act for act in self.acts if act.to and not act.undoes)
        return next((act for act in onward if status in act.frm), None)

    def first_act(self, facts: F, today: date, role: str) -> str:
        """Return the name of the act that a role is to do first, the one filled button of a page; '' for none."""
        if self.firsts:
            lines = (line for line in self.firsts if line.state is facts.status)
            holding = (line.act for line in lines if line.when is None or line.when(facts, today))
            return next((name for name in holding if not name or role in self.act(name).roles), "")
        act = self.next_act(facts.status)
        return act.name if act is not None and (act.primary or _is_past(self.due(facts), today)) else ""

    def due(self, facts: F) -> date | None:
        """Return the day by which the next act is due, None when there is none."""
        due = self.state(facts.status).due
        return None if due is None else due(facts)

    def obstacles(self, name: str, facts: F, today: date) -> tuple[str, ...]:
        """List in sentences what prevents an act, whatever the state of the case."""
        return _sentences(self.act(name).guards, facts, today)

    def warnings(self, name: str, facts: F, today: date) -> tuple[str, ...]:
        """List in sentences what must be known before an act."""
        return _sentences(self.act(name).warnings, facts, today)

    def offered(self, facts: F, role: str, today: date) -> tuple[Offer, ...]:
        """List the acts of the state of a case that a role may do, with what is against each of them."""
        acts = (
            act
            for act in self.acts
            if facts.status in act.frm and role in act.roles and (act.when is None or act.when(facts))
        )
        first = self.first_act(facts, today, role)
        return tuple(self._offer(act, facts, today, first) for act in acts)

    def next_offer(self, facts: F, today: date) -> Offer | None:
        """Return the next act with what is against it, whoever may do it; None when there is none."""
        act = self.next_act(facts.status)
        return None if act is None else self._offer(act, facts, today, act.name)

    def _offer(self, act: Act[S, F], facts: F, today: date, first: str) -> Offer:
        return Offer(
            act.name,
            _(act.text),
            is_primary=act.name == first,
            is_undo=bool(act.undoes),
            second_person=self.state(facts.status).is_end,
            blocked=_(act.blocked),
            why_not=self.obstacles(act.name, facts, today),
            warnings=self.warnings(act.name, facts, today),
        )

    def check(self, name: str, facts: F, today: date, reason: str = "") -> S:
        """Return the state to which an act leads.

        Raises `Conflict` in a wrong state or while an obstacle remains, `InvalidInput` for an undo without a reason.
        """
        act = self.act(name)
        if facts.status not in act.frm:
            raise Conflict(_(self.state(facts.status).sentence))
        if against := _sentences(act.guards, facts, today):
            raise Conflict(
                _("{heading}. {reasons}").format(heading=_(act.blocked), reasons=" ".join(against))
            )
        if act.undoes and (fault := _reason_fault(reason)):
            raise InvalidInput(fault, {"reason": fault})
        return act.target(facts)

    def timeline(self, events: Sequence[Event[S]], facts: F, today: date) -> tuple[Moment, ...]:
        """List what happened, oldest first and with what was undone, and what is next with the day it is due."""
        acts = [self._act_of(event) for event in events]
        undone = _undone(acts)
        lines = [
            self._line(*pair, index in undone) for index, pair in enumerate(zip(events, acts, strict=True))
        ]
        return (*lines, *self._next(facts, today))

    def _line(self, event: Event[S], act: Act[S, F] | None, is_undone: bool) -> Moment:
        text = event.what or (_(act.done) if act is not None else _(self.state(event.state).label))
        if is_undone:
            text = _("{act} (undone)").format(act=text)
        note = " · ".join(filter(None, (event.detail, event.reason)))
        return Moment(text, event.day, Place.UNDONE if is_undone else Place.DONE, event.by, note)

    def _act_of(self, event: Event[S]) -> Act[S, F] | None:
        if event.what:
            return None
        return next((act for act in self.acts if event.before in act.frm and event.state in act.to), None)

    def _next(self, facts: F, today: date) -> tuple[Moment, ...]:
        act, day = self.next_act(facts.status), self.due(facts)
        if act is None:
            return ()
        lines = (line for line in self.befores if line.state is facts.status)
        shown = next((line.text for line in lines if line.when(facts, today)), act.text)
        if not shown:
            return ()
        is_late = _is_past(day, today)
        text = _("Overdue: {act}") if is_late else _("Next: {act}")
        return (Moment(text.format(act=plain(_(shown))), day, Place.LATE if is_late else Place.NEXT),)


def plain(text: str) -> str:
    """Return the text of a button without its mnemonic and the dots of a dialog."""
    return _NOT_READ.sub("", text)


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _sentences(rules: Sequence[Guard[F]], facts: F, today: date) -> tuple[str, ...]:
    found = (rule(facts, today) for rule in rules)
    return tuple(obstacle.sentence() for obstacle in found if obstacle is not None)


def _reason_fault(reason: str) -> str:
    if not reason.strip():
        return _("Enter why it is undone; the reason stays in the audit log.")
    if len(reason) > LONGEST_REASON:
        return _("This is longer than {n} characters. Shorten it.").format(n=LONGEST_REASON)
    return ""


def _undone(acts: Sequence[Act[S, F] | None]) -> set[int]:
    """Return the positions of the acts that a later one took back; the last one not taken back comes first."""
    standing: list[tuple[int, str]] = []
    undone = set()
    for index, act in enumerate(acts):
        if act is None:
            continue
        if standing and standing[-1][1] == act.undoes:
            undone.add(standing.pop()[0])
        else:
            standing.append((index, act.name))
    return undone
