"""The words of a roster's headers: in two languages or scripts, with units, explanations or choices; pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from fuyuan_desk.core import paths
from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import WORDS
from fuyuan_desk.roster.reading.choices import choices_of

OTHER = "other"
SURE, BY_ENDING, BY_WORD = 3, 2, 1
# fields of the maintenance fund
MONEY = frozenset(("fund_first", "fund_balance", "topped_up", "topped_up_on"))
_LONGEST_HEADER = 16
# these words inside another one say something else: 床位前后, 西苑
_WHOLE_ONLY = frozenset(("zone", "sublane", "part"))
_ASKS = "是否"
_MOST_DIGITS = 4
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_MEASURE = re.compile(
    r"㎡|m2|m²|平方米?|平米|元|万元|人|户|必填|选填|可选|如有|年月日|yyyy.*|单位.*|见.*|请.*|数字",
    re.IGNORECASE,
)
# 身份(房主/租户), 姓名（须与产证一致）: choices and explanations, not a second word for the same
_EXPLAINING = re.compile(r"[/、,;|]|或|^(?:须|请|如|例|若|可|必|选|填|按|指|同|多|不|以|含|即)|.{7}")
_EXPLAINED = re.compile(r"[:,;]\s*(?:请|如|例|须|必|填|按|指|格式|可|多|以|不).*", re.DOTALL)
_ORDINAL = re.compile(r"^\s*(?:\d{1,2}[、.)]|\([\d一二三四五六七八九十]{1,2}\))")
_PUNCTUATION = re.compile(r"[\s/\\、,，.。:：;；*＊_\-—\"'“”()\[\]【】<>《》#？?|]+")
_JOINED = re.compile(r"及其|以及|及|和|与|[/、,+&\\|;\n]")
_OR = re.compile("[/、]|或")
_LONGEST_EITHER = 30
_EITHER = re.compile(r"[/、,&+|\\()\[\]【】]|或|及|和|与")
_EITHER_WORD = re.compile(r"[/、,&+|\\]|或|及|和|与")
_ANYBODY = ("住户", "居民")  # 住户（业主） explains, 业主/住户 does not
_HEAD = "户主"
SUB_LANDLORD = "二房东"
"""Who lets what she rents herself; she owns nothing."""
_DATED = re.compile(r"(?:日期|时间|日|年月|年份|有效期|有效期限|期限|有效期至|租期|租赁期|合同期)$")
_DATES = frozenset(("since", "topped_up_on", OTHER))
_LATIN = re.compile(r"[a-z][a-z .'&/()]*")


@lru_cache(maxsize=4_096)
def normal_header(text: str) -> str:
    """Normalise a header by removing blanks, punctuation and units, `建筑面积\\n(㎡)` → `建筑面积`."""
    plain = half_width(text).lower()
    plain = _BRACKETED.sub(
        lambda found: "" if _MEASURE.fullmatch("".join(filter(None, found.groups())).strip()) else found[0],
        plain,
    )
    if plain.isascii():
        return " ".join(_PUNCTUATION.sub(" ", plain).split())
    return _PUNCTUATION.sub("", plain)


@lru_cache(maxsize=4_096)
def explained(text: str) -> str:
    """Return a header without its explanation or choices: 身份(房主/租户) → 身份, 楼栋号：请填数字 → 楼栋号."""
    plain = _BRACKETED.sub(
        lambda found: "" if _EXPLAINING.search("".join(filter(None, found.groups()))) else found[0],
        half_width(choices_of(text).head),
    )
    return _ORDINAL.sub("", _EXPLAINED.sub("", plain)).strip() or text


@cache
def _known() -> Mapping[str, str]:
    columns = paths.read_json(*WORDS)["columns"]
    # "#" alone is told by `match_word`
    return {
        plain: field for field, words in columns.items() for word in words if (plain := normal_header(word))
    }


@cache
def _long_words() -> tuple[str, ...]:
    # 福元小区 ends like a header but is the name of an estate
    words = (
        word
        for word, field in _known().items()
        if len(word) > 1 and field not in _WHOLE_ONLY and (field != "estate" or "名" in word)
    )
    return tuple(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=4_096)
def match_word(text: str) -> tuple[str, int]:
    """Return a header's field and the certainty: 3 exact, 2 by its ending, 1 by a word inside, 0 none."""
    if text.strip() == "#":
        return "seq", SURE
    digits = sum(map(str.isdigit, text))
    if digits > _MOST_DIGITS and digits * 2 > len(text):
        return "", 0  # a telephone or document
    if _joins_name_and_phone(text):
        return "name", SURE
    if (either := _either(text)) is not None:
        return either, SURE
    best = ("", 0)
    for way in _ways(text):
        found = _match(way)
        if found[0] == "people" and _ASKS in way:
            return "", 0  # 是否常住 asks whether, not how many
        if found[1] == SURE:
            return found
        best = max(best, found, key=lambda match: match[1])
    if best[0] not in _DATES and is_of_dates(text):
        return "", 0  # 电话登记时间 is no telephone
    return best


def _either(text: str) -> str | None:
    """Return the field of a header that says one thing in several words: 统一社会信用代码/身份证; None for others."""
    words = _OR.split(half_width(text)) if len(text) <= _LONGEST_EITHER else []
    fields = {_known().get(normal_header(word)) for word in words}
    return fields.pop() if len(words) > 1 and len(fields) == 1 else None


def is_of_dates(text: str) -> bool:
    """Return whether a header says that its column contains dates: 接房日期, 签约时间, 交接日."""
    return _DATED.search(normal_header(explained(text))) is not None


def _joins_name_and_phone(text: str) -> bool:
    """Return whether a header names a holder and her telephone: 户主及联系方式, 业主/电话; but not 业主/租客电话."""
    plain, known = half_width(text), _known()
    for found in _JOINED.finditer(plain) if len(plain) <= _LONGEST_HEADER else ():
        both = plain[: found.start()], plain[found.end() :]
        fields = [known.get(normal_header(one)) for one in both]
        if sorted(map(str, fields)) == ["name", "phone"]:
            return match_holder(both[fields.index("phone")]) is None
    return False


def is_label(text: str) -> bool:
    """Return whether a text is one of the known headers, as the label of a form is; cheap enough for any cell."""
    return len(text) <= _LONGEST_HEADER and _known().get(normal_header(text), "seq") != "seq"


def _ways(text: str) -> Iterator[str]:
    """Yield what a header may be read as: whole, simplified, without explanation, in one language, its first line."""
    plain = explained(text)
    yield normal_header(plain)
    if not plain.isascii():
        plain = simplified(plain)
        yield normal_header(plain)
        lower = half_width(plain).lower()
        chinese = normal_header(_LATIN.sub("", lower))
        if len(chinese) > 1:
            yield chinese
            yield normal_header(" ".join(_LATIN.findall(lower)))
    yield normal_header(_BRACKETED.sub("", half_width(plain)))
    first, _line, more = plain.strip().partition("\n")
    if more and len(first) > 1:
        yield normal_header(first)


@lru_cache(maxsize=4_096)
def _match(plain: str) -> tuple[str, int]:
    known = _known()
    if plain in known:
        return known[plain], SURE
    bare = plain.rstrip("0123456789一二三")
    if len(bare) > 1 and bare in known:
        return known[bare], SURE
    if not plain or len(plain) > (30 if plain.isascii() else _LONGEST_HEADER):
        return "", 0
    spaced = f" {plain} "
    for word in _long_words():
        if plain.endswith(f" {word}" if word.isascii() else word):
            # FY-1-1-101 below 房产编号 is no running number
            return ("", 0) if known[word] == "seq" else (known[word], BY_ENDING)
    for word in _long_words():
        if (f" {word} " in spaced) if word.isascii() else (word in plain):
            return ("", 0) if known[word] == "seq" else (known[word], BY_WORD)
    return "", 0


@lru_cache(maxsize=4_096)
def match_holder(path: str) -> HoldingRole | None:
    """Return whose column a header names: 业主姓名 an owner, 租客电话 a renter; None if it names none or several."""
    plain = simplified(explained(path)).lower().replace(SUB_LANDLORD, "")
    codes = _holder_codes(plain)
    if not codes or ("tenant" in codes and ("owner" in codes or _HEAD in plain)) or _names_several(plain):
        return None  # 户主（承租人）is ambiguous; the tenure decides
    return HoldingRole(codes[0])


def _holder_codes(plain: str) -> list[str]:
    holders: Mapping[str, list[str]] = paths.read_json(*WORDS)["holders"]
    return [
        code
        for code in ("renter", "tenant", "owner", "occupant")
        if any(word in plain for word in holders[code])
    ]


def _names_several(plain: str) -> bool:
    """Return whether a header names people who hold a home in different ways, any of whom it may mean: 户主/租客."""
    words = _EITHER.split(half_width(plain))
    if len(words) < 2:
        return False
    found = set()
    for word in filter(None, words):
        codes = _holder_codes(word)
        found |= {codes[0]} if codes else {"owner"} if _HEAD in word else set()
    if _EITHER_WORD.search(half_width(plain)) is None and any(word in plain for word in _ANYBODY):
        found.discard("occupant")
    return "owner" in found and len(found) > 1


def match_path(path: Sequence[str]) -> tuple[str, int]:
    """Return the field of a header of several levels, matching the lowest first: 面积 / 套内 → inner_area."""
    if not path:
        return "", 0
    lowest = match_word(path[-1])
    if lowest[1] == 3 or len(path) == 1:
        return lowest
    matches = [lowest]
    for above in reversed(path[:-1]):
        matches += [match_word(above + path[-1]), match_word(path[-1] + above)]
    for above in reversed(path[:-1]):
        field, _sureness = match_word(above)
        matches.append((field, 1 if field else 0))
    return max(matches, key=lambda match: match[1])


def payment_above(path: Sequence[str]) -> str:
    """Return the level of a header above 余额 or 应缴 that says what is paid, such as 物业费; "" if there is none."""
    if len(path) < 2 or match_word(path[-1])[0] not in MONEY or is_of("fund", path[-1]):
        return ""
    return next((text for text in path[-2::-1] if is_of("fund", text) or is_of("other", text)), "")


def is_of(kind: str, text: str) -> bool:
    """Return whether a text names what is paid: the maintenance fund ("fund") or something else ("other")."""
    plain = normal_header(text)
    return any(word in plain for word in paths.read_json(*WORDS)["payments"][kind])
