"""What is printed of the audit trail to be compared later, and what a comparison with such a paper says."""

import enum
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import N_, _, numbered

# 16 of the 64 hexadecimal digits are 64 bits: nobody makes another entry that begins like this
LEAST_HASH, WHOLE_HASH = 16, 64
GROUP = 4
_MOST_DIGITS = 12
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_HASH = re.compile(r"[^0-9a-f]")
_BETWEEN = re.compile(r"[\s,._\u00b7-]+|\u7b2c|\u6761")  # blanks, separators, and the words around a number
# no hexadecimal digits, but read for them
_MISREAD = str.maketrans({"o": "0", "l": "1", "i": "1"})


class Agreement(enum.Enum):
    """The result of comparing the trail with an entry's number and hash on a paper."""

    AGREES = "agrees"  # this entry is there, and the whole chain is intact
    FAULTY = "faulty"  # this entry is there, but the check of the trail found faults
    MISSING = "missing"  # the trail ends before this entry
    OTHER = "other"  # another entry has this number
    RECHAINED = "rechained"  # the trail says that this hash was the former one of this entry


@dataclass(frozen=True)
class Noted:
    """An entry that may explain why a paper does not agree: its number and day."""

    number: int
    day: date


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; `end` is the number of the trail's last entry.

    `erased` counts the entries up to `number` from which personal data was erased after it. `restored` and `rechained`
    are what the trail says of a restored backup and of hashes that were computed anew.
    """

    agreement: Agreement
    number: int
    end: int
    faults: tuple[str, ...] = ()
    erased: int = 0
    restored: Noted | None = None
    rechained: Noted | None = None


def read_anchor(number: str, printed: str) -> tuple[int, str]:
    """Return number and hash as typed from a paper; either text may be that of its QR code, `number:hash`.

    Blanks, dashes, case and full-width characters do not matter. Raises `InvalidInput` for the fields `number` and
    `hash`; at least `LEAST_HASH` characters of the hash are needed.
    """
    for text in (number, printed):
        before, colon, after = unicodedata.normalize("NFKC", text).partition(":")
        if colon:
            number, printed = before, after
            break
    digits, link = _plain(number), _plain(printed).translate(_MISREAD)
    wrong = {
        name: fault
        for name, fault in (("number", _number_fault(digits)), ("hash", _hash_fault(link)))
        if fault
    }
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), wrong)
    return int(digits), link


def _plain(text: str) -> str:
    known = unicodedata.normalize("NFKC", text).lower()
    # every kind of dash, as an input method or a word processor makes them
    dashed = "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in known)
    return _BETWEEN.sub("", dashed)


def _number_fault(digits: str) -> str:
    if not digits or _NOT_DIGIT.search(digits) or len(digits) > _MOST_DIGITS or not int(digits):
        return _("Enter the number of the entry as printed, digits only.")
    return ""


def _hash_fault(link: str) -> str:
    if _NOT_HASH.search(link):
        return _(
            "The hash consists of the digits 0 to 9 and the letters a to f only. Compare it with the paper."
        )
    if len(link) < LEAST_HASH:
        return _("At least the first {n} characters of the hash are needed: four groups of four.").format(
            n=LEAST_HASH
        )
    if len(link) > WHOLE_HASH:
        return _("The hash has {n} characters at most. Compare it with the paper.").format(n=WHOLE_HASH)
    return ""


def grouped(link: str) -> tuple[str, ...]:
    """Return a hash in groups of four characters, to be read aloud and typed."""
    return tuple(link[start : start + GROUP] for start in range(0, len(link), GROUP))


def anchor_text(number: int, link: str) -> str:
    """Return the text of a paper's QR code, which `read_anchor` understands."""
    return f"{number}:{link}"


def months_before(day: date, count: int) -> tuple[tuple[date, date], ...]:
    """Return the `count` months before that of `day`, newest first: the first day of each, and of the next one."""
    after, found = day.replace(day=1), []
    for _month in range(count):
        first = date(after.year - (after.month == 1), (after.month - 2) % 12 + 1, 1)
        found.append((first, after))
        after = first
    return tuple(found)


# --- in words


def comparison_sentence(found: Comparison) -> str:
    """Return what a comparison means and what to do now."""
    return " ".join(filter(None, _SAY[found.agreement](found)))


def _agrees(found: Comparison) -> tuple[str, ...]:
    sentence = _("Agrees: everything up to entry {n} is as it was when the sheet was printed.")
    erased = numbered(
        found.erased,
        N_("Since then personal data was erased from {n} entry of these; the audit log says when and why."),
        N_("Since then personal data was erased from {n} entries of these; the audit log says when and why."),
    )
    return sentence.format(n=f"{found.number:,}"), erased if found.erased else ""


def _faulty(found: Comparison) -> tuple[str, ...]:
    sentence = _("Entry {n} is the one on the sheet, but the audit log has faults:")
    return (
        sentence.format(n=f"{found.number:,}"),
        *found.faults,
        _("Change nothing more, call your support contact, and take out the newest backup."),
    )


def _missing(found: Comparison) -> tuple[str, ...]:
    sentence = _(
        "Does not agree: the sheet names entry {n}, this office holds entries up to {end} only. Entries were removed,"
        " or an older copy of the office was put in its place."
    )
    said = sentence.format(n=f"{found.number:,}", end=f"{found.end:,}")
    return said, _typed(), _after_restoring(found), _what_to_do()


def _other(found: Comparison) -> tuple[str, ...]:
    sentence = _(
        "Does not agree: entry {n} of this office is another one than on the sheet. The audit log was changed outside"
        " the program, or another copy of the office was put in its place."
    )
    said = sentence.format(n=f"{found.number:,}")
    return said, _typed(), _after_restoring(found), _after_rechaining(found), _what_to_do()


def _rechained(found: Comparison) -> tuple[str, ...]:
    assert found.rechained is not None
    sentence = _(
        "Cannot be decided: entry {noted} of {day} says that all hashes were computed anew, and that entry {n} had this"
        " hash before. Such an entry can be forged. Compare with a sheet that was printed after that day."
    )
    noted = found.rechained
    return (sentence.format(n=f"{found.number:,}", noted=f"{noted.number:,}", day=noted.day), *found.faults)


def _typed() -> str:
    return _("First see whether number and hash are typed as printed.")


def _after_restoring(found: Comparison) -> str:
    if found.restored is None:
        return ""
    sentence = _(
        "Entry {noted} says that a backup was restored on {day}. If the office did this, entries recorded after that"
        " backup are missing for this reason: compare with a sheet printed before the backup was made."
    )
    return sentence.format(noted=f"{found.restored.number:,}", day=found.restored.day)


def _after_rechaining(found: Comparison) -> str:
    if found.rechained is None:
        return ""
    sentence = _(
        "Entry {noted} says that all hashes were computed anew on {day}: a sheet printed before that day cannot agree."
    )
    return sentence.format(noted=f"{found.rechained.number:,}", day=found.rechained.day)


def _what_to_do() -> str:
    return _("If so, change nothing more, call your support contact, and take out the newest backup.")


_SAY = {
    Agreement.AGREES: _agrees,
    Agreement.FAULTY: _faulty,
    Agreement.MISSING: _missing,
    Agreement.OTHER: _other,
    Agreement.RECHAINED: _rechained,
}
