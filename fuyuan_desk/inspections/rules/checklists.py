"""The rules of checklists as they are edited: items as typed, their faults, versions and their differences."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.inspections.rules.answers import (
    AnswerForm,
    AnswerKind,
    ItemSeverity,
    Option,
    PhotoNeed,
    number_text,
    read_number,
)
from fuyuan_desk.inspections.rules.visits import CheckItem, Checklist, SubjectKind

MOST_ITEMS = 200
MOST_OPTIONS = 9
"""Choices of an item, each with a number key of its own."""
LONGEST: Mapping[str, int] = {
    "group": 60, "text": 200, "clauses": 300, "unit": 12, "choices": 300, "passing": 300, "group_en": 120,
    "text_en": 400, "unsure": 200, "unsure_en": 400, "without": 200, "without_en": 400,
}  # fmt: skip
"""Characters of the texts of an item, as far as they fit the printed sheet."""
LONGEST_NAME = 40
_APART = re.compile(r"[\s、，,；;]+")
_OPTIONS_APART = re.compile(r"[；;\n]+")
OPTIONS_APART = "；"


class VersionStatus(Code):
    """Whether a version is edited, may count, or counts no longer."""

    DRAFT = "draft", N_("Draft")
    PUBLISHED = "published", N_("Published")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


@dataclass(frozen=True)
class TypedItem:
    """An item as it is typed in the editor or a workbook: nothing typed is lost because it cannot be read yet.

    `clauses` are citations one after another, `choices` and `passing` one on each line or after “；”; `kind`, `photo`,
    `severity` and `needs` are codes.
    """

    key: str
    group: str = ""
    text: str = ""
    clauses: str = ""
    kind: str = AnswerKind.MARK.value
    unit: str = ""
    low: str = ""
    high: str = ""
    choices: str = ""
    passing: str = ""
    photo: str = PhotoNeed.NEVER.value
    severity: str = ItemSeverity.ORDINARY.value
    mandatory: bool = False
    group_en: str = ""
    text_en: str = ""
    needs: str = ""
    unsure: str = ""
    unsure_en: str = ""
    without: str = ""
    without_en: str = ""


@dataclass(frozen=True)
class ItemFault:
    """What is wrong with an item, by its place from 0 and the name of its field; place -1 is the whole checklist."""

    place: int
    field: str
    message: str


_KINDS: Mapping[str, AnswerKind] = {kind.value: kind for kind in AnswerKind}
_PHOTOS: Mapping[str, PhotoNeed] = {need.value: need for need in PhotoNeed}
_SEVERITIES: Mapping[str, ItemSeverity] = {severity.value: severity for severity in ItemSeverity}
STATUSES: Mapping[str, VersionStatus] = {status.value: status for status in VersionStatus}


def _choices(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (visible(part).strip() for part in _OPTIONS_APART.split(text))))


def citations(text: str) -> tuple[str, ...]:
    """Return the citations in a typed text, each once."""
    return tuple(dict.fromkeys(filter(None, _APART.split(visible(text).strip()))))


# --- what is typed, and what it means


def read_item(typed: TypedItem) -> CheckItem:
    """Return the item that is meant by a typed one without faults."""
    kind = _KINDS[typed.kind]
    passing = set(_choices(typed.passing))
    form = AnswerForm(kind)
    if kind is AnswerKind.NUMBER:
        form = AnswerForm(kind, tidy(typed.unit), read_number(typed.low), read_number(typed.high))
    elif kind is AnswerKind.CHOICE:
        form = AnswerForm(
            kind, options=tuple(Option(text, text in passing) for text in _choices(typed.choices))
        )
    return CheckItem(
        typed.key,
        tidy(typed.group),
        tidy(typed.group_en),
        tidy(typed.text),
        tidy(typed.text_en),
        citations(typed.clauses),
        Equipment(typed.needs) if typed.needs else None,
        (tidy(typed.unsure), tidy(typed.unsure_en)),
        (tidy(typed.without), tidy(typed.without_en)),
        form,
        _PHOTOS[typed.photo],
        _SEVERITIES[typed.severity],
        typed.mandatory,
    )


def type_item(item: CheckItem) -> TypedItem:
    """Return an item as it would be typed."""
    form = item.answer
    return TypedItem(
        item.key,
        item.group,
        item.text,
        " ".join(item.clauses),
        form.kind.value,
        form.unit,
        number_text(form.low),
        number_text(form.high),
        OPTIONS_APART.join(option.text for option in form.options),
        OPTIONS_APART.join(option.text for option in form.options if option.passes),
        item.photo.value,
        item.severity.value,
        item.mandatory,
        item.group_en,
        item.text_en,
        item.needs.value if item.needs is not None else "",
        *item.unsure,
        *item.without,
    )


def tidy(text: str) -> str:
    """Return a text as one visible line without blanks around it."""
    return visible(text).strip()


_BLANK = TypedItem("")


def pack(items: Iterable[TypedItem]) -> list[dict[str, Any]]:
    """Return items as they are stored, without what is as usual."""
    usual = asdict(_BLANK)
    return [
        {name: value for name, value in asdict(tidied(item)).items() if name == "key" or value != usual[name]}
        for item in items
    ]


def tidied(item: TypedItem) -> TypedItem:
    """Return an item with each text on one visible line, its choices separated alike."""
    texts: dict[str, Any] = {
        name: tidy(value) for name, value in asdict(item).items() if isinstance(value, str)
    }
    choices = {name: OPTIONS_APART.join(_choices(getattr(item, name))) for name in ("choices", "passing")}
    return replace(item, **texts | choices)


def unpack(stored: Iterable[Mapping[str, Any]]) -> tuple[TypedItem, ...]:
    """Return stored items; what this version does not know is passed over, what is of another kind is as usual."""
    usual = asdict(_BLANK)
    return tuple(
        TypedItem(
            **{
                field.name: row[field.name]
                for field in fields(TypedItem)
                if type(row.get(field.name)) is type(usual[field.name])
            }
            | {"key": str(row.get("key", ""))}
        )
        for row in stored
    )


# --- faults


def name_fault(name: str) -> str:
    """Return what is wrong with the name of a checklist, '' for nothing."""
    if not tidy(name):
        return _("Enter the name of the checklist.")
    return _too_long(LONGEST_NAME) if len(tidy(name)) > LONGEST_NAME else ""


def item_faults(items: Sequence[TypedItem], is_known: Callable[[str], bool]) -> tuple[ItemFault, ...]:
    """Return what prevents these items from being published, in their order; `is_known` tells known citations."""
    found = []
    if not items:
        found.append(ItemFault(-1, "items", _("The checklist has no items. Add one.")))
    if len(items) > MOST_ITEMS:
        text = _("A checklist has at most {n} items. Divide it into two checklists.")
        found.append(ItemFault(-1, "items", text.format(n=MOST_ITEMS)))
    keys: dict[str, int] = {}
    texts: dict[tuple[str, str], int] = {}
    for place, item in enumerate(items):
        found += [ItemFault(place, field, text) for field, text in _faults_of(item, is_known).items()]
        same = _("This is item {n} once more. Change or delete one of them.")
        first = keys.setdefault(item.key, place)
        said = texts.setdefault((tidy(item.group), tidy(item.text)), place)
        if first != place:
            text = _("This is the code of item {n}. Clear it in the copy, or delete one of them.")
            found.append(ItemFault(place, "key", text.format(n=first + 1)))
        elif not item.key:
            found.append(ItemFault(place, "key", same.format(n=first + 1)))
        elif said != place and tidy(item.text):
            found.append(ItemFault(place, "text", same.format(n=said + 1)))
    return tuple(found)


def _faults_of(item: TypedItem, is_known: Callable[[str], bool]) -> dict[str, str]:
    wrong = {name: _too_long(most) for name, most in LONGEST.items() if len(tidy(getattr(item, name))) > most}
    if not tidy(item.text):
        wrong["text"] = _("Enter what is to be checked.")
    if not tidy(item.group):
        wrong["group"] = _("Enter the group, such as Cleaning.")
    unknown = [ref for ref in citations(item.clauses) if not is_known(ref)]
    if unknown:
        text = _("The program does not know the clause {ref}. Choose one that is found by typing.")
        wrong.setdefault("clauses", text.format(ref=unknown[0]))
    for name, codes in _CODES.items():
        if getattr(item, name) not in codes:
            wrong[name] = _("Choose one of the values offered.")
    check = {AnswerKind.NUMBER.value: _range_faults, AnswerKind.CHOICE.value: _choice_faults}.get(item.kind)
    return wrong | (check(item) if check is not None else {})


_CODES: Mapping[str, frozenset[str]] = {
    "kind": frozenset(_KINDS),
    "photo": frozenset(_PHOTOS),
    "severity": frozenset(_SEVERITIES),
    "needs": frozenset({"", *Equipment}),
}


def _too_long(most: int) -> str:
    return _("This is longer than {n} characters. Shorten it.").format(n=most)


def _range_faults(item: TypedItem) -> dict[str, str]:
    wrong = {}
    low, high = read_number(item.low), read_number(item.high)
    for name, number in (("low", low), ("high", high)):
        if tidy(getattr(item, name)) and number is None:
            wrong[name] = _("Enter a number such as 0.35, or leave it empty for no limit.")
    if low is not None and high is not None and low > high:
        wrong["high"] = _("The highest value is below the lowest. Exchange the two.")
    return wrong


def _choice_faults(item: TypedItem) -> dict[str, str]:
    choices, passing = _choices(item.choices), _choices(item.passing)
    if len(choices) < 2:
        return {"choices": _("Enter at least two choices, one on each line.")}
    if len(choices) > MOST_OPTIONS:
        return {"choices": _("At most {n} choices have a number key. Leave some out.").format(n=MOST_OPTIONS)}
    if len(set(choices)) < len(choices):
        return {"choices": _("A choice is there twice. Delete one of them.")}
    if not passing:
        return {"passing": _("Enter which of the choices pass. Without one, the item could never pass.")}
    if strange := [text for text in passing if text not in choices]:
        text = _("“{choice}” is not among the choices. Write it as it stands there.")
        return {"passing": text.format(choice=strange[0])}
    return {}


# --- editing


def moved(items: Sequence[TypedItem], place: int, by: int) -> tuple[TypedItem, ...]:
    """Return the items with one moved up or down by one place; one that enters another group takes its name."""
    other = place + by
    if not (0 <= place < len(items) and 0 <= other < len(items)):
        return tuple(items)
    order = list(items)
    item, neighbour = order[place], order[other]
    if item.group != neighbour.group:  # the first step leads into the group, the next one within it
        order[place] = replace(item, group=neighbour.group, group_en=neighbour.group_en)
    else:
        order[place], order[other] = neighbour, item
    return tuple(order)


def duplicated(items: Sequence[TypedItem], place: int, key: str) -> tuple[TypedItem, ...]:
    """Return the items with a copy below one of them, under a key of its own."""
    return (*items[: place + 1], replace(items[place], key=key), *items[place + 1 :])


def added(items: Sequence[TypedItem], place: int, key: str) -> tuple[TypedItem, ...]:
    """Return the items with an empty one below that at a place, in its group; below none it is the first."""
    above = items[place] if 0 <= place < len(items) else _BLANK
    new = TypedItem(key, group=above.group, group_en=above.group_en)
    return (*items[: place + 1], new, *items[place + 1 :])


# --- differences


class Difference(Code):
    """How an item differs from the version before."""

    ADDED = "added", N_("Added")
    REMOVED = "removed", N_("Removed")
    CHANGED = "changed", N_("Changed")
    MOVED = "moved", N_("Moved")


@dataclass(frozen=True)
class ItemDifference:
    """How an item differs: `changes` are the field and its texts before and after."""

    kind: Difference
    item: TypedItem
    changes: tuple[tuple[str, str, str], ...] = ()


def differences(before: Sequence[TypedItem], after: Sequence[TypedItem]) -> tuple[ItemDifference, ...]:
    """Return how a version differs from the one before, item by item in its order, what was removed last.

    An item is the same as long as it has its key.
    """
    old = {item.key: item for item in before}
    new = {item.key for item in after}
    stayed = _in_place([item.key for item in before], [item.key for item in after])
    found = []
    for item in after:
        changes = _changes(old[item.key], item) if item.key in old else ()
        if item.key not in old:
            found.append(ItemDifference(Difference.ADDED, item))
        elif changes:
            found.append(ItemDifference(Difference.CHANGED, item, changes))
        elif item.key not in stayed:
            found.append(ItemDifference(Difference.MOVED, item))
    removed = (ItemDifference(Difference.REMOVED, item) for item in before if item.key not in new)
    return (*found, *removed)


def _changes(one: TypedItem, other: TypedItem) -> tuple[tuple[str, str, str], ...]:
    both = ((field.name, getattr(one, field.name), getattr(other, field.name)) for field in fields(TypedItem))
    return tuple((name, str(was), str(now)) for name, was, now in both if was != now)


def _in_place(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the keys that are still in the same order among each other."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {before[block.a + step] for block in blocks for step in range(block.size)}


# --- versions


@dataclass(frozen=True)
class Dated:
    """A version that was published, and the days on which it counts; None: since ever, and until another does."""

    checklist: Checklist
    effective_on: date | None = None
    withdrawn_on: date | None = None
    number: int = 0

    def counts_on(self, day: date) -> bool:
        """Return whether the version may be used for a visit of a day."""
        begun = self.effective_on is None or self.effective_on <= day
        return begun and (self.withdrawn_on is None or day < self.withdrawn_on)


def offered(versions: Iterable[Dated], kind: SubjectKind, day: date) -> tuple[Checklist, ...]:
    """Return the checklists for a kind of subject on a day, each in the newest version that counts then.

    They are in the order of `versions`, of which the shipped ones come first.
    """
    newest: dict[str, Dated] = {}
    for version in versions:
        if version.checklist.subject is kind and version.counts_on(day):
            known = newest.get(version.checklist.key)
            if known is None or _age(known) <= _age(version):
                newest[version.checklist.key] = version
    return tuple(version.checklist for version in newest.values())


def _age(version: Dated) -> tuple[date, int]:
    return version.effective_on or date.min, version.number


def version_name(number: int) -> str:
    """Return how a version of the office is stored with visits and sheets, such as v3."""
    return f"v{number}"
