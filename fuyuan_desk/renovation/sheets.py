"""The printed renovation registration form (装修登记表), for one case or many in one file.

The wording is in `resources/forms/registration.json`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.paper import frame, qr, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import BOX, FRAME, Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.table import Columns, Fact
from fuyuan_desk.renovation.rules.works import Verdict

_WORKS = Columns.of(frame.LEFT, 8.0, 42.0, 18.0, 58.0, 50.0)
_PAPERS = Columns.of(frame.LEFT, *(7.5, 57.5, 23.0) * 2)
_ONE_PAPER = Columns.of(frame.LEFT, 7.5, frame.CONTENT - 7.5 - 23.0, 23.0)
_LABELLED = Columns.of(frame.LEFT, table.LABEL_WIDTH, frame.CONTENT - table.LABEL_WIDTH)
_ROW, _TEXT = 7.0, 9.0
_BLANK_ROWS = 4
_REMARKS_MOST = 30.0  # mm; longer remarks may continue on the next page
_SIGNING_LEAST, _SIGNING_BEST = 30.0, 42.0  # mm; a company's stamp measures 40 to 42
_CONSENT = 15.0  # mm, room for a signature or a company's seal beside the sentence
_PHONE = re.compile(r"\+?\d[\d-]{5,}\d")


@dataclass(frozen=True, slots=True)
class RegistrationWork:
    """One work with its verdict, its citations as printed, and its requirements or the reason for its prohibition."""

    name: str
    verdict: Verdict | None = None
    basis: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationDocument:
    """One line of the document checklist; `by_completion` ones are not due before the start."""

    name: str
    received: date | None = None
    by_completion: bool = False


@dataclass(frozen=True, slots=True)
class RegistrationConsent:
    """A consent to be signed: the key of the document that it replaces, and the citations that require it."""

    document: str
    basis: str


@dataclass(frozen=True, slots=True)
class RegistrationSheet:
    """The content of one form; empty values are left blank to be filled in by hand.

    `area` is in 0.01 m². `involves_5_to_8`: whether 110 §5–8 are involved, None while not judged. `state` is printed
    beside the number of a case that is closed. `house` is a text of kind, tenure and protection. `consents` are those
    an applicant needs who is not the owner.
    """

    number: str
    address: str
    estate: str
    applicant: str
    works: tuple[RegistrationWork, ...] = ()
    documents: tuple[RegistrationDocument, ...] = ()
    uid: str = ""
    state: str = ""
    registered: date | None = None
    house: str = ""
    role: str = ""
    phone: str = ""
    owner: str = ""
    area: int | None = None
    starts: date | None = None
    ends: date | None = None
    contractor: str = ""
    contractor_code: str = ""
    lead: str = ""
    lead_phone: str = ""
    hours: str = ""
    involves_5_to_8: bool | None = None
    remarks: str = ""
    consents: tuple[RegistrationConsent, ...] = ()


def registration_form(
    data: RegistrationSheet | Sequence[RegistrationSheet], office: str, made: date, reveal: bool = False,
    progress: Progress | None = None,
) -> Printed:  # fmt: skip
    """Print one or many registration forms into one PDF, each with its own page count.

    Phones are masked unless `reveal`, which the caller logs. `office` is printed in the head and set as
    the author of the file; `made` is the date of the file. Boxes are named `document<n>` and `scope.<key>`.
    """
    wording = read_json("forms", "registration.json")
    sheets = [data] if isinstance(data, RegistrationSheet) else data
    title = f"{wording['title']} {sheets[0].number}" if len(sheets) == 1 else wording["batch_title"]
    laid_out = [lay_out(sheet, office, wording, reveal) for sheet in sheets]
    return frame.print_sheets(laid_out, title, office, made, progress)


def lay_out(sheet: RegistrationSheet, office: str, wording: dict[str, Any], reveal: bool) -> frame.Sheet:
    """Lay out one form."""
    blocks = list(_body(sheet, wording, reveal))
    spare = frame.BOTTOM - frame.TOP - sum(block.height for block in blocks)
    signing = spare if _SIGNING_LEAST <= spare < _SIGNING_BEST else _SIGNING_BEST
    blocks.append(_signatures(wording, round(signing, 2)))
    mark = qr.Mark(qr.REGISTRATION, sheet.number, sheet.uid)
    aside = ""
    if sheet.registered:
        aside = wording["registered"] + wording["date"].format(date=sheet.registered)
    if sheet.state:
        aside = "　".join(filter(None, (wording["state"].format(state=sheet.state), aside)))
    return frame.Sheet(office, wording["title"], mark, tuple(blocks), wording["note"], aside)


def _body(sheet: RegistrationSheet, wording: dict[str, Any], reveal: bool) -> Iterator[Block]:
    labels = wording["labels"]
    yield from table.facts(_facts(sheet, wording, reveal), frame.LEFT, frame.CONTENT)
    yield table.head(_WORKS, wording["columns"], "works")
    for number, work in enumerate(sheet.works or (RegistrationWork(""),) * _BLANK_ROWS, 1):
        yield _work(number, work, wording["verdicts"])
    answer = {None: (), True: ("yes",), False: ("no",)}[sheet.involves_5_to_8]
    yield table.choices(_LABELLED, labels["scope"], "scope", wording["scope"], answer,
                        remark=wording["scope_note"])  # fmt: skip
    yield table.bar(_LABELLED, wording["documents"])
    papers = sheet.documents or (RegistrationDocument(""),) * 2 * _BLANK_ROWS
    for start in range(0, len(papers), 2):
        yield _paper_row(start + 1, papers[start : start + 2], wording)
    for piece in table.parts(sheet.remarks, 9.0, _LABELLED.span(1)[1], _REMARKS_MOST):
        yield table.passage(_LABELLED, labels["remarks"], piece, 9.0, least=9.0, own=True)
    for consent in sheet.consents:
        yield _consent(consent, wording)
    # the undertaking must be on the page that is signed; what it refers to fills the page before
    yield table.passage(_LABELLED, labels["prohibited"], wording["prohibited"], 7.5)
    yield table.passage(_LABELLED, labels["promise"], wording["promise"], 8.5, keep=True)


def _facts(sheet: RegistrationSheet, wording: dict[str, Any], reveal: bool) -> Iterator[Fact]:
    labels = wording["labels"]
    phone_text = (lambda text: text) if reveal else _masked
    area = wording["blank_area"]
    if sheet.area is not None:
        area = wording["area"].format(whole=sheet.area // 100, rest=sheet.area % 100)
    period = wording["blank_period"]
    if sheet.starts and sheet.ends:
        period = wording["period"].format(starts=sheet.starts, ends=sheet.ends)
    yield Fact(labels["address"], sheet.address, wide=True)
    yield Fact(labels["estate"], sheet.estate)
    yield Fact(labels["house"], sheet.house)
    yield Fact(labels["applicant"], sheet.applicant)
    yield Fact(labels["role"], sheet.role)
    yield Fact(labels["phone"], phone_text(sheet.phone))
    yield Fact(labels["owner"], sheet.owner)
    yield Fact(labels["area"], area)
    yield Fact(labels["period"], period)
    yield Fact(labels["contractor"], sheet.contractor)
    yield Fact(labels["code"], sheet.contractor_code)
    yield Fact(labels["lead"], sheet.lead)
    yield Fact(labels["lead_phone"], phone_text(sheet.lead_phone))
    yield Fact(labels["hours"], sheet.hours, wide=True)


def _masked(text: str) -> str:
    return _PHONE.sub(lambda found: mask_phone(found.group()), text)


def _work(number: int, work: RegistrationWork, verdicts: dict[str, str]) -> Block:
    """Build the row of one work."""
    verdict = verdicts[work.verdict.name.lower()] if work.verdict is not None else ""
    texts = (str(number), work.name, verdict, work.basis, work.needs)
    heights = [table.room(text, Style.SANS, _TEXT, _WORKS.span(column)[1], _ROW)
               for column, text in enumerate(texts) if text]  # fmt: skip
    height = max(heights)

    def own(drawing: Drawing, y: float) -> None:
        for column, text in enumerate(texts):
            x, width = _WORKS.span(column)
            style = Style.BOLD if column == 2 and work.verdict is not Verdict.ALLOWED else Style.SANS
            drawing.cell(x, y, width, height, text, style, _TEXT, "left" if column in (1, 3, 4) else "middle")

    fixed = partial(table.rules, columns=_WORKS, height=height)
    return Block(height, ("work", height), lambda drawing, y: fixed(drawing, y=y), own, section="works")


def _consent(consent: RegistrationConsent, wording: dict[str, Any]) -> Block:
    """Build the row in which the owner consents: the sentence, and below it room to sign."""
    texts = wording["consents"][consent.document]
    x, width = _LABELLED.span(1)
    text = texts["text"].format(basis=consent.basis)
    sentence = table.room(text, Style.SANS, _TEXT, width, _ROW)
    height = round(sentence + _CONSENT, 2)

    def fixed(drawing: Drawing, y: float) -> None:
        table.label_cell(drawing, _LABELLED, y, height, wording["labels"]["consent"])
        drawing.cell(x, y, width, sentence, text, Style.SANS, _TEXT)
        drawing.text(x + 1.6, y + height - 2.4, texts["sign"], Style.SANS, table.LABEL)
        drawing.text(
            _LABELLED.right - 2, y + height - 2.4, wording["signature_date"], Style.SANS, table.LABEL, "right"
        )

    return Block(height, ("consent", text, height), fixed)


def _paper_row(first: int, papers: Sequence[RegistrationDocument], wording: dict[str, Any]) -> Block:
    """Build a row of two documents side by side, each with its box and the day it was received."""
    columns = _PAPERS if len(papers) > 1 else _ONE_PAPER
    names = [paper.name + wording["by_completion"] * paper.by_completion for paper in papers]
    height = max(table.room(name, Style.SANS, _TEXT, columns.span(3 * index + 1)[1], _ROW)
                 for index, name in enumerate(names))  # fmt: skip

    def box(index: int, y: float) -> tuple[float, float]:
        x, width = columns.span(3 * index)
        return x + (width - BOX) / 2, y + (height - BOX) / 2

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)
        for index in range(len(papers)):
            drawing.box(f"document{first + index}", *box(index, y))

    def own(drawing: Drawing, y: float) -> None:
        for index, paper in enumerate(papers):
            x, width = columns.span(3 * index + 1)
            drawing.cell(x, y, width, height, names[index], Style.SANS, _TEXT)
            received = wording["blank_received"]
            if paper.received:
                drawing.tick(*box(index, y))
                received = f"{paper.received:%Y-%m-%d}"
            x, width = columns.span(3 * index + 2)
            drawing.cell(x, y, width, height, received, Style.SANS, _TEXT, "middle")

    return Block(height, ("papers", first, len(papers), height), fixed, own)


def _signatures(wording: dict[str, Any], height: float) -> Block:
    """Build the columns in which the four parties sign and stamp."""
    signers = wording["signatures"]
    columns = Columns.of(frame.LEFT, *[frame.CONTENT / len(signers)] * len(signers))

    def fixed(drawing: Drawing, y: float) -> None:
        table.rules(drawing, columns, y, height)
        drawing.rule(columns.left, y + height, columns.right, y + height, FRAME)
        for index, signer in enumerate(signers):
            x, width = columns.span(index)
            drawing.text(x + 1.6, y + 4.8, signer["name"], Style.BOLD, table.LABEL)
            drawing.text(x + 1.6, y + 9.0, signer["how"], Style.SANS, 8.0)
            drawing.text(x + width - 2, y + height - 2.4, wording["signature_date"], Style.SANS,
                         table.LABEL, "right")  # fmt: skip

    return Block(height, ("signatures", height), fixed)
