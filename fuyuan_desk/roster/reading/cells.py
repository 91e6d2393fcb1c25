"""Parsing cells as clerks fill them into areas, counts, dates, sums and kinds; pure functions over any cell value.

Each parser returns the value, or None for an empty cell, and a warning or "".
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible_lines
from fuyuan_desk.estates.rules.housing import Tenure, UnitUse
from fuyuan_desk.formats.names import half_width

Cell = str | float | int | bool | date | datetime | time | timedelta | None

# a tuple, not float | int, which would be created again for each of 100,000 cells
_NUMBERS = (float, int)
_VAST = 100_000  # 1,000 m²: more likely 89.50 without its point
WORDS = ("estates", "roster_words.json")
_VALUE = re.compile(r"[+\-]?\d[\d.,:/\-\s]*%?|[+\-]?[\d.]+e[+\-]?\d+|true|false", re.IGNORECASE)
_QUOTED = re.compile(r'^="?(.*?)"?$', re.DOTALL)
_AREA = re.compile(r"约?(\d+(?:\.\d+)?)(?:㎡|m2|m²|平方米|平方公尺|平方|平米|平|米2)?左?右?", re.IGNORECASE)
_ABOUT = re.compile(r"约|左|右")
_MONEY = re.compile(r"(?:¥|￥|rmb|人民币)?(-?\d+(?:\.\d+)?)(万?)元?整?", re.IGNORECASE)
_WITH_STATE = re.compile(r"(.+?)\(([^()]+)\)")
_BEHIND_ROOM = re.compile(r"(.*[\d室])[\s\-—]*([^\d室\s\-—（）()]{1,6})")
_YEAR_FIRST = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?:[年./\-](?P<month>\d{1,2})(?:[月./\-](?P<day>\d{1,2})日?号?)?月?|年)?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_HAN_NUMBERS = "零一二三四五六七八九"
_COUNT = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2, "单": 1}
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 80_000)
MOST_AREA = 100_000_00
MOST_MONEY = 100_000_000_00
MOST_PEOPLE = 99


@cache
def words_of(name: str) -> Mapping[str, str]:
    """Return the words of a kind of code – tenures, uses, roles, relations, living – each with its code."""
    return {word: code for code, words in paths.read_json(*WORDS)[name].items() for word in words}


@cache
def listed(name: str) -> frozenset[str]:
    """Return the known words of a kind: blank, vacant, yes, no, ditto, companies, not_names."""
    return frozenset(paths.read_json(*WORDS)[name])


@cache
def words_of_rooms() -> frozenset[str]:
    """Return what is noted beside a room and is no part of it: 出租, 空关, 楼组长."""
    # 101仓库 and 101办公 are used otherwise
    uses = {
        word for code, words in paths.read_json(*WORDS)["uses"].items() for word in words if code != "home"
    }
    words = listed("vacant") | listed("living_states") | listed("states") | listed("beside_rooms")
    return words - uses


@cache
def ends_of_states() -> frozenset[str]:
    """Return the characters with which a room ends behind which something may be noted."""
    return frozenset({word[-1] for word in words_of_rooms()} | {")", "）"})


def state_of_room(text: str) -> tuple[str, str]:
    """Return a room or address without what is noted behind it, and the note: 302（出租）, 302 出租 → 302, 出租."""
    found = _WITH_STATE.fullmatch(half_width(text)) or _BEHIND_ROOM.fullmatch(text)
    if found is None or found[2].strip() not in words_of_rooms():
        return text, ""
    # as it was written, in its own width
    return text[: len(found[1])].rstrip(" -—"), found[2].strip()


def text_of(value: Cell) -> str:
    """Return a cell as text: 501.0 as `501`, a date as `2023-02-13`, an Excel text formula as its text."""
    if isinstance(value, str):
        text = visible_lines(value).strip()
        if text.startswith(("=", "'", "`")):
            found = _QUOTED.match(text)
            text = found[1] if text.startswith('="') and found else text.lstrip("'`")
        return text
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value).upper() if isinstance(value, bool) else str(value)


def is_value(text: str) -> bool:
    """Return whether a text is a number, a date, a time or a yes or no as Excel shows it, and no words: 2023/2/13."""
    return _VALUE.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Whether a text means empty: blank, 无, -, ////, 不详."""
    if not text:
        return True
    plain = half_width(text).lower()
    return plain in listed("blank") or not plain.strip("-/\\—–_~")


# more than any limit, and still exact to the hundredth
_BEYOND = Decimal(10) ** 12


def _hundredths(number: str | float) -> int:
    if isinstance(number, _NUMBERS) and abs(number) < _BEYOND:
        hundredths = round(number * 100)
        if abs(number * 100 - hundredths) < 1e-4:
            return hundredths
    return int((min(Decimal(str(number)), _BEYOND) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def read_area(value: Cell) -> tuple[int | None, str]:
    """Parse an area in 0.01 m²: `12.5㎡`, `１２．４`, `约12`, `12.5平方米`."""
    doubt = ""
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        number: str | float = value
    else:
        text = "".join(half_width(text_of(value)).split()).replace(",", "")
        if is_blank(text):
            return None, ""
        found = _AREA.fullmatch(text)
        if found is None:
            return None, _("«{text}» is not an area. Write a number of square metres, such as 12.5.").format(
                text=text
            )
        number = found[1]
        if _ABOUT.search(text) and float(number):
            doubt = _("«{text}» is not exact; it was read as {area}. Check it.")
            doubt = doubt.format(text=text, area=found[1])
    area = _hundredths(number)
    if area < 0:
        return None, _("An area cannot be negative. Correct it.")
    if area == 0:
        return None, _too_little(number)
    if area > MOST_AREA:
        return None, _("This area is too large for one unit. Correct it.")
    if area >= _VAST and not doubt:
        doubt = _("«{text}» m² is very large for one home. Check it.").format(text=text_of(value))
    return area, doubt


def _too_little(number: str | float) -> str:
    # 0 stands for an empty cell
    return _("«{number}» is less than 0.01. Correct it.").format(number=number) if float(number) else ""


def read_money(value: Cell) -> tuple[int | None, str]:
    """Parse a sum in fen: `5662.39`, `¥5,662.39`, `1.2万元`."""
    in_ten_thousands = False
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        number: str | float = value
    else:
        text = "".join(half_width(text_of(value)).split()).replace(",", "")
        if is_blank(text):
            return None, ""
        found = _MONEY.fullmatch(text)
        if found is None:
            message = _("«{text}» is not a sum of money. Write a number of yuan, such as 5662.39.")
            return None, message.format(text=text)
        number = found[1]
        in_ten_thousands = bool(found[2])
    fen = _hundredths(number) * (10_000 if in_ten_thousands else 1)
    if abs(fen) > MOST_MONEY:
        return None, _("This sum is too large for one home. Correct it.")
    return (fen, "") if fen or not float(number) else (None, _too_little(number))


def read_people(value: Cell) -> tuple[int | None, bool, str]:
    """Parse the number of residents of a unit, and whether it is vacant: `2人`, `两人`, `2大1小`, `空关`."""
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        count: float = value
    else:
        text = "".join(half_width(text_of(value)).split())
        if is_vacant(text):
            return 0, True, ""
        if is_blank(text):
            return None, False, ""
        bare = re.sub(r"[人口个位名]|共|左右|约", "", text)
        if bare in _COUNT:
            count = _COUNT[bare]
        elif re.fullmatch(r"\d+(?:\.0+)?", bare):
            count = float(bare)
        elif re.fullmatch(r"(?:\d+[大小老少男女]){1,4}", bare):
            count = sum(map(int, re.findall(r"\d+", bare)))
        else:
            return (
                None,
                False,
                _("«{text}» is not a number of people. Write a number, or 空关.").format(text=text),
            )
    if count != int(count) or not 0 <= count <= MOST_PEOPLE:
        doubt = _("{count:g} is not a number of people who live in one unit. Correct it.").format(count=count)
        return None, False, doubt
    return int(count), False, ""


def is_vacant(text: str) -> bool:
    """Whether a text means vacant: 空关, 空置."""
    return text in listed("vacant")


def _checked_date(year: int, month: int | None, day: int | None) -> str:
    if month is None:
        return f"{year:04}"
    if not 1 <= month <= 12:
        return ""
    if day is None:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def read_date(value: Cell) -> tuple[str | None, str]:
    """Parse a date that may lack day or month: `1985`, `1985-03` or `2023-03-12`.

    Accepts `1985.3`, `2023年3月12日`, `2023.2.22`, `20230222`, dates and Excel day numbers.
    """
    if isinstance(value, datetime):
        return value.date().isoformat(), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    text = half_width(text_of(value))
    if is_blank(text):
        return None, ""
    if re.fullmatch(r"\d{5}", text) and int(text) in _EXCEL_DAYS:
        return (_EXCEL_DAY_ZERO + timedelta(days=int(text))).isoformat(), ""
    plain = re.sub(r"\s*([年月日./\-])\s*", r"\1", text)
    read = ""
    if found := _EIGHT.fullmatch(plain):
        read = _checked_date(int(found[1]), int(found[2]), int(found[3]))
    elif found := _YEAR_FIRST.fullmatch(plain):
        month, day = found["month"], found["day"]
        read = _checked_date(int(found["year"]), int(month) if month else None, int(day) if day else None)
    if read and isinstance(value, float) and text.endswith(".1"):
        # the number 1985.1 may have been 1985.10 before Excel dropped the zero
        return read[:4], _("«{text}» may be January or October; only the year was imported.").format(
            text=text
        )
    if read:
        return read, ""
    return None, _("«{text}» is not a date. Write it like 2023-03-12.").format(text=text)


def whole_date(partial: str | None) -> date | None:
    """Return a parsed date as a day, or None if day or month are missing."""
    return date.fromisoformat(partial) if partial and len(partial) == 10 else None


def _lookup(words: Mapping[str, str], text: str) -> str:
    if text in words:
        return words[text]
    inside = [word for word in words if len(word) > 1 and word in text]
    return words[max(inside, key=len)] if inside else ""


def _bare(value: Cell) -> str:
    return "".join(half_width(text_of(value)).split())


def read_tenure(value: Cell) -> tuple[Tenure | None, str]:
    """Parse a tenure: 直管 → directly managed public housing, 售后 → sold public housing, and so on."""
    text = _bare(value)
    if is_blank(text):
        return None, ""
    code = _lookup(words_of("tenures"), text)
    if not code:
        use = words_of("uses").get(text)
        if use == UnitUse.HOME:
            return None, ""  # as nearly all are
        if use is not None:
            return None, _("«{text}» is a use, not a tenure. Enter it at the home.").format(text=text)
        return None, _("«{text}» is not a known tenure. Choose one later.").format(text=text)
    tenure = Tenure(code)
    return tenure, ""


def is_ambiguous_tenure(value: Cell) -> bool:
    """Whether a word is ambiguous as a tenure: 使用权 may be public housing of city or work unit."""
    return _bare(value) in listed("unsure_tenures")


def read_use(value: Cell) -> tuple[UnitUse | None, str]:
    """Parse the use of a unit: 住宅, 办公, 商铺."""
    text = _bare(value)
    if is_blank(text):
        return None, ""
    code = _lookup(words_of("uses"), text)
    return (UnitUse(code) if code else UnitUse.OTHER), ""


def unknown_use(value: Cell) -> str:
    """Return the text of a use that is no known one, such as 幼儿园: it is another use, and says more than that."""
    text = _bare(value)
    return "" if is_blank(text) or _lookup(words_of("uses"), text) else text_of(value)


def read_yes(value: Cell) -> tuple[bool | None, str]:
    """Parse a yes or no: 是, √, 已缴 – 否, ×, 未缴."""
    if isinstance(value, bool):
        return value, ""
    text = _bare(value).lower()
    if text in listed("yes"):
        return True, ""
    if not text or text in listed("no"):
        return (False if text else None), ""
    if text.startswith(("未", "不", "否", "没")):
        return False, ""
    if text.startswith(("已", "是")):
        return True, ""
    return None, _("«{text}» is neither yes nor no. Write 是 or 否.").format(text=text)


def read_id_kind(value: Cell) -> tuple[str, str]:
    """Parse the kind of an ID document: 身份证, 护照; "" for none."""
    text = _bare(value)
    if is_blank(text):
        return "", ""
    code = _lookup(words_of("id_kinds"), text)
    return code, "" if code else _("«{text}» is not a known kind of document.").format(text=text)


def read_living(value: Cell) -> tuple[bool | None, str]:
    """Parse whether somebody lives here: 在住, 是 – 离开, 空挂户, 否."""
    code = words_of("living").get(_bare(value), "")
    return (code == "yes", "") if code else read_yes(value)


@cache
def canonical_unit(label: str) -> str:
    """Return the canonical label of a unit, equal for 三阁 and 三层阁, 一楼 and 底楼, 501, 501室 and 501（出租）."""
    text = re.sub(r"^(?:一|1|底)[楼层]", "底楼", "".join(half_width(label).split()).upper())
    text = re.sub(r"^[2-9](?=[楼层][^\d])", lambda found: _HAN_NUMBERS[int(found[0])], text)  # 3层阁
    text = re.sub(r"^([二三四五六七八九])层(?!阁)", r"\1楼", text)
    parts: Mapping[str, str] = paths.read_json(*WORDS)["parts"]
    for short, whole in parts.items():
        if text.endswith(short) and not text.endswith(whole):
            text = text.removesuffix(short) + whole
            break
    if text[-1:] == ")" and (found := _WITH_STATE.fullmatch(text)) and found[2] in words_of_rooms():
        text = found[1]  # 302室(出租)
    return text.removesuffix("室")
