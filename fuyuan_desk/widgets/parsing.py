"""Tolerant parsing of form input: full-width digits, units, thousands separators, any date separator."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible

_UNITS = re.compile(r"(元|¥|￥|rmb|平方米|平米|㎡|m2|m²)", re.IGNORECASE)


def plain(text: str) -> str:
    """Convert full-width characters to half-width ones and strip blanks and invisible characters."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def read_int(text: str, low: int | None = None, high: int | None = None) -> int | None:
    """Parse a whole number, None if empty; ValueError carries the message for the user."""
    raw = plain(text).replace(",", "").replace(" ", "")
    if not raw:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", raw):
        raise ValueError(_("Enter a whole number, for example 12."))
    value = int(raw)
    _check_range(Decimal(value), low, high)
    return value


def read_decimal(text: str, low: int | None = None, high: int | None = None) -> Decimal | None:
    """Parse a decimal number, None if empty; ValueError carries the message for the user."""
    raw = plain(_UNITS.sub("", plain(text))).replace(",", "").replace(" ", "")
    if not raw:
        return None
    if not re.fullmatch(r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)", raw):
        raise ValueError(_("Enter a number, for example 12.5."))
    try:
        value = Decimal(raw)
    except InvalidOperation as wrong:
        raise ValueError(_("Enter a number, for example 12.5.")) from wrong
    _check_range(value, low, high)
    return value


def read_hundredths(text: str, low: int | None = 0, high: int | None = None) -> int | None:
    """Parse money into fen or area into 0.01 m²; bounds are in whole yuan or m²."""
    value = read_decimal(text, low, high)
    if value is None:
        return None
    scaled = value * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(_("Enter at most two decimal places."))
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
    if len(parts) == 2 and today is not None:
        parts.insert(0, str(today.year))
    try:
        year, month, day = (int(part) for part in parts)
        if not 1800 <= year <= 2999:
            raise ValueError
    except ValueError:
        raise ValueError(_("Enter a date like 2026-03-02.")) from None
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):  # the latter for a telephone number among them
        text = _("There is no {year}-{month}-{day} in the calendar. Correct the day.")
        raise ValueError(text.format(year=year, month=f"{month:02}", day=f"{day:02}")) from None


def _check_range(value: Decimal, low: int | None, high: int | None) -> None:
    if low is not None and value < low:
        raise ValueError(_("This must be at least {low}.").format(low=low))
    if high is not None and value > high:
        raise ValueError(_("This must be at most {high}.").format(high=high))
