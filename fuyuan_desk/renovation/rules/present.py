"""The present state of a verdict: a work that needs an approval or documents, and what has come of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.renovation.rules.works import Verdict, label

_SETTLED = {
    Verdict.APPROVAL: N_("Approval received"),
    Verdict.DOCUMENTS: N_("Documents complete"),
}
Findings = Iterable[tuple[Verdict, Collection[str]]]
"""The findings of a work: the verdict of each, and the documents that it requires."""


@dataclass(frozen=True, order=True)
class Present:
    """A verdict as it stands today; `is_settled`: what it requires has been received."""

    verdict: Verdict
    is_settled: bool = False

    @property
    def label(self) -> str:
        """The label in the language of the screen."""
        return _(_SETTLED[self.verdict]) if self.is_settled else label(self.verdict)


def present_work(findings: Findings, needed: Collection[str], received: Collection[str]) -> Present:
    """Return the present state of a work; `needed` are the documents due before the start (110 §6–8, §13–14).

    A finding that requires no such document cannot be settled by one.
    """
    states = [_state(verdict, set(papers) & set(needed), received) for verdict, papers in findings]
    return _worst(states)


def present_case(works: Iterable[Findings], needed: Collection[str], received: Collection[str]) -> Present:
    """Return the present state of a scope: the worst of its works that is not settled yet."""
    return _worst([present_work(findings, needed, received) for findings in works])


def _state(verdict: Verdict, papers: set[str], received: Collection[str]) -> Present:
    return Present(verdict, verdict in _SETTLED and bool(papers) and papers <= set(received))


def _worst(states: list[Present]) -> Present:
    """Return the worst state that is not settled; of settled ones, and of allowed ones, the worst."""
    open_states = [state for state in states if not state.is_settled and state.verdict > Verdict.ALLOWED]
    return max(open_states or states, default=Present(Verdict.ALLOWED))
