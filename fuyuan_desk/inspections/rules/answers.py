"""How an item of a checklist is answered: by a mark, a number within a range, a choice, or a text."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible

LONGEST_VALUE = 200
"""Characters of the value of an answer; more belongs into the remark."""
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?")
_OMITTED = frozenset({"-", "/", "\\", "—", "–", "无", "不适用", "n/a", "na"})


class AnswerKind(Code):
    """The kinds of answer."""

    MARK = "mark", N_("Passed / failed / not applicable")
    NUMBER = "number", N_("Number with a range")
    CHOICE = "choice", N_("Choice")
    TEXT = "text", N_("Text")


class PhotoNeed(Code):
    """When an item needs a photo."""

    NEVER = "never", N_("Not required")
    ON_FAILURE = "failed", N_("Required if failed")
    ALWAYS = "always", N_("Always required")


class ItemSeverity(Code):
    """How urgent it is to mend what failed: an emergency repair (急修), an ordinary one, or for notice."""

    URGENT = "urgent", N_("Emergency repair")
    ORDINARY = "ordinary", N_("Ordinary repair")
    NOTICE = "notice", N_("For notice")


@dataclass(frozen=True)
class Option:
    """One of the choices of an item, and whether it means that the item passed."""

    text: str
    passes: bool


@dataclass(frozen=True)
class AnswerForm:
    """How an item is answered.

    A number in `unit` passes from `low` to `high`, both included; None is no limit. `options` are the choices.
    """

    kind: AnswerKind = AnswerKind.MARK
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    options: tuple[Option, ...] = ()


MARKED = AnswerForm()
"""An item that is passed, failed or not applicable."""


def read_number(text: str) -> Decimal | None:
    """Read a number as people type it, with full-width digits too; None if it is none or too long to be a reading."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace("−", "-").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain) + 0  # minus zero is zero


def number_text(number: Decimal | None) -> str:
    """Write a number as it is printed, '' for none."""
    return "" if number is None else f"{number:f}"


def is_omitted(text: str) -> bool:
    """Return whether a typed answer says that the item does not apply, such as “-” or 不适用."""
    return unicodedata.normalize("NFKC", text).strip().lower() in _OMITTED


def plain_value(form: AnswerForm, typed: str) -> str:
    """Return a typed value as it is stored: one visible line, a number in half-width digits."""
    line = visible(typed).strip()
    number = read_number(line) if form.kind is AnswerKind.NUMBER else None
    return line if number is None else number_text(number)


def passes(form: AnswerForm, value: str) -> bool | None:
    """Return whether a value passes; None if it is no answer: no number, no choice offered, no text.

    A text says what was found and passes; what is wrong is asked for by another kind of answer.
    """
    value = plain_value(form, value)
    if form.kind is AnswerKind.NUMBER:
        number = read_number(value)
        if number is None:
            return None
        return (form.low is None or form.low <= number) and (form.high is None or number <= form.high)
    if form.kind is AnswerKind.CHOICE:
        return next((option.passes for option in form.options if option.text == value), None)
    if form.kind is AnswerKind.TEXT:
        return True if value else None
    return None


def range_text(form: AnswerForm) -> str:
    """Return the range of a number in words, '' if any number passes."""
    low, high = number_text(form.low), number_text(form.high)
    if low and high:
        text = low if low == high else f"{low}–{high}"
    elif low or high:
        text = f"≥ {low}" if low else f"≤ {high}"
    else:
        return ""
    return f"{text} {form.unit}".strip()


def with_value(text: str, value: str, unit: str) -> str:
    """Return the text of an item with the value that was found, for lists and papers."""
    if not value:
        return text
    return _("{item}: {value}").format(item=text, value=f"{value} {unit}".strip())
