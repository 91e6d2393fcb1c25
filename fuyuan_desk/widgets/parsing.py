"""Tolerant parsing of form input: full-width digits, units, thousands separators, any date separator."""

import calendar
import re
import unicodedata
from datetime import date
from decimal import Decimal

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible

_UNITS = re.compile(r"(元|¥|￥|rmb|平方米|平米|㎡|m2|m²)", re.IGNORECASE)
_COUNTED = re.compile(r"(?<=[0-9])\s*[层楼户间人年个台部页天日次]$")
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?")
_YEARS = (1800, 2999)


def plain(text: str) -> str:
    """Convert full-width characters to half-width ones and strip blanks and invisible characters."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def read_int(text: str, low: int | None = None, high: int | None = None) -> int | None:
    """Parse a whole number, None if empty; ValueError carries the message for the user."""
    raw = _ungrouped(_COUNTED.sub("", plain(text)))
    if not raw:
        return None
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]*[1-9][0-9]*", raw):
        raise ValueError(_("Enter a whole number without decimals, for example 12."))
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.0*)?", raw):
        raise ValueError(_("Enter a whole number in digits, for example 12."))
    value = int(raw.partition(".")[0])
    _check_range(Decimal(value), low, high)
    return value


def read_decimal(text: str, low: int | None = None, high: int | None = None) -> Decimal | None:
    """Parse a decimal number, None if empty; ValueError carries the message for the user."""
    raw = _ungrouped(plain(_UNITS.sub("", plain(text))))
    if not raw:
        return None
    if not re.fullmatch(r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)", raw):
        raise ValueError(_("Enter a number in digits, for example 12.5."))
    value = Decimal(raw)
    _check_range(value, low, high)
    return value


def _ungrouped(text: str) -> str:
    """Remove the commas or blanks between thousands; `12。5`, as input methods write it, is 12.5.

    A comma elsewhere may be meant as a decimal point: it is refused, not dropped.
    """
    raw = re.sub(r"(?<=[0-9])。(?=[0-9])", ".", text)
    if _GROUPS.fullmatch(raw):
        return raw.replace(",", "").replace(" ", "")
    if re.search(r"[0-9]\s*,\s*[0-9]", raw):
        raise ValueError(
            _("A comma stands between thousands only, as in 1,200. Write decimals with a point.")
        )
    return re.sub(r"^([+-])\s+", r"\1", raw)


def read_hundredths(text: str, low: int | None = 0, high: int | None = None) -> int | None:
    """Parse money into fen or area into 0.01 m²; bounds are in whole yuan or m²."""
    value = read_decimal(text, low, high)
    if value is None:
        return None
    scaled = value * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(_("Enter at most two decimals, for example 12.50."))
    return int(scaled)


def show_hundredths(value: int | None, grouped: bool = False, trim: bool = False) -> str:
    """Format fen or 0.01 m² with two decimals, `grouped` by thousands, `trim` without trailing zeros."""
    if value is None:
        return ""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(value, 100)
    text = f"{sign}{whole:,}.{rest:02d}" if grouped else f"{sign}{whole}.{rest:02d}"
    return text.rstrip("0").rstrip(".") if trim else text


def read_date(text: str, today: date | None = None) -> date | None:
    """Parse 2026-03-02, 2026.3.2, 2026年3月2日, 20260302 or, given `today`, 3-2 of this year; None if empty."""
    raw = plain(text)
    if not raw:
        return None
    if re.fullmatch(r"[0-9]{8}", raw):
        parts = [raw[:4], raw[4:6], raw[6:]]
    else:
        parts = [part for part in re.split(r"[-./年月日\s]+", raw) if part]
    if len(parts) == 2 and today is not None and all(len(part) <= 2 for part in parts):
        parts.insert(0, str(today.year))
    if not parts or not all(re.fullmatch("[0-9]{1,8}", part) for part in parts):
        raise ValueError(_("Enter a date like 2026-03-02."))
    if len(parts) < 3:
        raise ValueError(_("Enter year, month and day, for example 2026-03-02."))
    if len(parts) > 3:
        raise ValueError(_("Enter one date only, for example 2026-03-02."))
    year, month, day = (int(part) for part in parts)
    if fault := _date_fault(year, month, day):
        raise ValueError(fault)
    return date(year, month, day)


def _date_fault(year: int, month: int, day: int) -> str:
    """Return what to correct in a date of three numbers, "" if there is such a day."""
    first, last = _YEARS
    if year < 1000:
        return _("Begin with the year in four digits, for example 2026-03-02.")
    if not first <= year <= last:
        return _("Enter a year from {first} to {last}.").format(first=first, last=last)
    if not 1 <= month <= 12:
        return _("A year has the months 1 to 12. Enter a date like 2026-03-02.")
    end = calendar.monthrange(year, month)[1]
    if not 1 <= day <= end:
        text = _("There is no such day: the month ends on {end}. Correct the day.")
        return text.format(end=f"{year}-{month:02}-{end:02}")
    return ""


def _check_range(value: Decimal, low: int | None, high: int | None) -> None:
    if low is not None and value < low:
        raise ValueError(_("This must be at least {low}.").format(low=low))
    if high is not None and value > high:
        raise ValueError(_("This must be at most {high}.").format(high=high))
