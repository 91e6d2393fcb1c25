"""Pairs of records that may be one and the same, and what is shown of two that are compared."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class PairState(StrEnum):
    """What is known of two records: suspected to be the same, told apart by a clerk, or merged."""

    SUSPECTED = "suspected"
    APART = "apart"
    MERGED = "merged"


@dataclass(frozen=True)
class Pair:
    """Two records by key and name; of merged ones the first is the one that is kept.

    `kind` is what they are, as shown, '' where a list holds one kind only; `why` says what they have in common.
    """

    state: PairState
    first_key: Any
    first: str
    second_key: Any
    second: str
    kind: str = ""
    why: str = ""

    @property
    def id(self) -> tuple[PairState, Any, Any]:
        """What makes it the same line when the list is read again; one that was dealt with is another."""
        return self.state, self.first_key, self.second_key


@dataclass(frozen=True)
class Choice:
    """A part in which two records differ, with what each has, as shown; `takes_second` is the plain answer.

    `only_if`: the name of a question and the answer without which it is not asked.
    """

    name: str
    label: str
    first: str
    second: str
    takes_second: bool = False
    only_if: tuple[str, str] | None = None


@dataclass(frozen=True)
class Question:
    """What must be answered before two records are merged: (value, text) to choose from, and the usual one."""

    name: str
    label: str
    answers: tuple[tuple[str, str], ...]
    usual: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two records side by side: rows of label, first and second; where they differ, a choice.

    `stamp` is handed back when they are merged: it names both as they were read. `hint` says what becomes of them.
    """

    stamp: Any
    first: str
    second: str
    rows: tuple[tuple[str, str, str], ...]
    choices: tuple[Choice, ...]
    questions: tuple[Question, ...] = ()
    hint: str = ""
