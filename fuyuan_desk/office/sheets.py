"""Papers of the office: the sheet with the recovery code, and the slips with first passwords."""

from collections.abc import Sequence
from datetime import datetime

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, table
from fuyuan_desk.paper.drawing import FRAME, Drawing
from fuyuan_desk.paper.fit import wrap
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Fact

_CODE_ROOM = 34.0
_RULE_SIZE = 10.5
_GAP = 2.5
_SLIP, _SLIP_GAP = 30.0, 4.0
_SLIP_LABEL = 30.0
_BULLET = 5.0  # mm, the indent of the lines of a rule behind its bullet
_SIGNATURE_ROOM = 42.0  # mm; a committee's stamp measures up to 42 mm


def recovery_sheet(office: str, login: str, code: str, folder: str, made: datetime) -> bytes:
    """Return a PDF with the recovery code (恢复码) and its instructions; it must not be stored.

    The number of the sheet is the local time `made`, so that the current one can be told from those before.
    """
    sheet = _recovery(office, login, code, folder, made)
    return frame.print_sheets([sheet], sheet.title, office, made.date()).pdf


def new_key_sheets(
    office: str, login: str, code: str, folder: str, made: datetime, slips: Sequence[tuple[str, str, str]]
) -> bytes:
    """Return a PDF with the recovery code and slips to be cut apart: login, name, first password of each operator.

    Printed after a change of the key; it must not be stored.
    """
    sheets = [_recovery(office, login, code, folder, made)]
    if slips:
        sheets.append(_slips(office, made, slips))
    return frame.print_sheets(sheets, sheets[0].title, office, made.date()).pdf


def _recovery(office: str, login: str, code: str, folder: str, made: datetime) -> frame.Sheet:
    wording = read_json("forms", "recovery.json")
    labels = wording["facts"]
    facts = table.facts(
        [
            Fact(labels["office"], office, wide=True),
            Fact(labels["login"], login),
            Fact(labels["day"], f"{made.year}年{made.month}月{made.day}日"),
            Fact(labels["folder"], folder, wide=True),
        ],
        frame.LEFT,
        frame.CONTENT,
        label=30.0,
    )
    blocks = (
        *facts,
        _code(wording["code"], code),
        *map(_rule, wording["rules"]),
        _signatures(wording["signatures"]),
    )
    # without a QR code: there is no record that a scan could find
    number = wording["number"].format(made=made)
    return frame.Sheet(office, wording["title"], None, blocks, aside=number)


def _slips(office: str, made: datetime, slips: Sequence[tuple[str, str, str]]) -> frame.Sheet:
    wording = read_json("forms", "first_passwords.json")
    labels = wording["facts"]
    facts = table.facts(
        [
            Fact(labels["office"], office, wide=True),
            Fact(labels["count"], str(len(slips))),
            Fact(labels["day"], f"{made.year}年{made.month}月{made.day}日"),
        ],
        frame.LEFT,
        frame.CONTENT,
        label=_SLIP_LABEL,
    )
    blocks = (*facts, *map(_rule, wording["rules"]), *(_slip(wording, *slip) for slip in slips))
    return frame.Sheet(office, wording["title"], None, blocks, aside=wording["number"].format(made=made))


def _slip(wording: dict[str, str], login: str, name: str, password: str) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        top, half = y + _SLIP_GAP, frame.CONTENT / 2
        cut = y + _SLIP_GAP / 2
        drawing.rule(frame.LEFT, cut, frame.LEFT + frame.CONTENT, cut, dashed=True)
        drawing.frame(frame.LEFT, top, frame.CONTENT, _SLIP - _SLIP_GAP, FRAME)
        for number, text in enumerate((wording["login"], wording["password"])):
            left = frame.LEFT + 4 + number * half
            drawing.cell(left, top + 7, _SLIP_LABEL, 8, text, Style.BOLD, 10)
        drawing.cell(frame.LEFT + 4, top + 18, frame.CONTENT - 8, 6, wording["hint"], size=9)

    def own(drawing: Drawing, y: float) -> None:
        top, half = y + _SLIP_GAP, frame.CONTENT / 2
        width = half - _SLIP_LABEL - 8
        drawing.cell(frame.LEFT + 4, top + 1, frame.CONTENT - 8, 6, name, Style.BOLD, 11, smallest=7)
        for number, text in enumerate((login, password)):
            left = frame.LEFT + 4 + _SLIP_LABEL + number * half
            drawing.cell(left, top + 7, width, 8, text, Style.SANS, 13, smallest=8)

    return Block(_SLIP, ("slip", wording["login"]), fixed, own)


def _code(title: str, code: str) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        drawing.frame(frame.LEFT, y, frame.CONTENT, _CODE_ROOM, FRAME)
        drawing.cell(frame.LEFT, y + 2, frame.CONTENT, 8, title, Style.BOLD, 11, "middle")

    def own(drawing: Drawing, y: float) -> None:
        drawing.cell(frame.LEFT, y + 10, frame.CONTENT, 18, code, Style.SANS, 21, "middle", smallest=12)

    return Block(_CODE_ROOM, ("code", title), fixed, own)


def _rule(text: str) -> Block:
    fitted = wrap(text, Style.SANS, _RULE_SIZE, frame.CONTENT - 8 - _BULLET)
    bullet = wrap("•", Style.SANS, _RULE_SIZE, _BULLET)

    def fixed(drawing: Drawing, y: float) -> None:
        drawing.lines(frame.LEFT + 4, y + _GAP, bullet)
        drawing.lines(frame.LEFT + 4 + _BULLET, y + _GAP, fitted)

    return Block(fitted.height + _GAP, ("rule", text), fixed)


def _signatures(texts: list[str]) -> Block:
    def fixed(drawing: Drawing, y: float) -> None:
        width = frame.CONTENT / len(texts)
        for number, text in enumerate(texts):
            drawing.cell(frame.LEFT + number * width, y + 24, width, 10, text, size=11)

    return Block(_SIGNATURE_ROOM, ("signatures", tuple(texts)), fixed)
