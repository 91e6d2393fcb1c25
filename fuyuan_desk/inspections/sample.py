"""The visits of the sample office."""

import io
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import NewVisit, PlanFields, Subject, VersionFields
from fuyuan_desk.inspections.rules.checklists import unpack
from fuyuan_desk.inspections.rules.printed import Withdrawal
from fuyuan_desk.inspections.rules.visits import (
    Conclusion,
    Finding,
    Result,
    SheetScope,
    SubjectKind,
    applicable,
)
from fuyuan_desk.inspections.service import checklists
from fuyuan_desk.inspections.service.batches import round_previews, rounds_to_print
from fuyuan_desk.inspections.service.page_data import blank_papers, number_papers
from fuyuan_desk.inspections.service.printed import find_sheet
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.inspections.service.round_plans import save_plan
from fuyuan_desk.inspections.service.sheets_out import withdraw_sheets
from fuyuan_desk.inspections.service.subjects import equipment_of_all, estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.job import SampleOffice

_SIZE = 1280, 960


def fill(office: SampleOffice) -> None:
    """Make the checklists of the office, plan rounds, log all sample visits, and print the sheets still out.

    Some sheets of rounds never came back; one of them is lost.

    The subject of a visited case is in `known` under ("subject", case), a plan under ("round_plan", name).
    """
    for data in office.data["checklists"]:
        _make_checklist(office, data)
    for row in office.data["round_plans"]:
        _plan(office, row)
    for data in office.data["visits"]:
        seat = office.seat_at(office.day(data["days_ago"]), time.fromisoformat(data["time"]))
        _log(office, seat, data)
    for data in office.data["sheets"]:
        seat = office.seat_at(office.day(data["days_ago"]), time(8, 30))
        blank_papers(seat, [_subject(office, seat, data)], None, SheetScope(data["scope"]))
    _print_rounds(office, office.data["round_sheets"])
    plan_rounds(office.seat)


def _print_rounds(office: SampleOffice, data: Mapping[str, Any]) -> None:
    """Print the sheets of the rounds of a week, and write off the one that is lost."""
    seat = office.seat_at(office.day(data["days_ago"]), time(8, 15))
    wanted = rounds_to_print(seat, office.day(data["from"]), office.day(data["to"]))
    ids = [one.id for one in wanted if one.plan == data["plan"]]
    papers = number_papers(seat, round_previews(seat, ids))
    lost = find_sheet(seat, papers.sheets[0].number)
    withdraw_sheets(office.seat_at(office.day(data["lost"])), [lost], Withdrawal.LOST, data["note"])


def _plan(office: SampleOffice, row: Mapping[str, Any]) -> None:
    fields = office.fields(PlanFields, {name: row[name] for name in row.keys() - {"saved", "in"}})
    estates = tuple(office.known["estate", name] for name in row["in"])
    saved = save_plan(office.seat_at(office.day(row["saved"])), replace(fields, estates=estates))
    office.known["round_plan", row["name"]] = saved.id


def _make_checklist(office: SampleOffice, data: Mapping[str, Any]) -> None:
    """Publish a checklist of the office, and leave a draft of its next version."""
    seat = office.seat_at(office.day(data["days_ago"]), time(9))
    begun = checklists.begin_checklist(seat, SubjectKind(data["subject"]), data["name"])
    known = Known(begun.line.id or 0, begun.record_version)
    fields = VersionFields(data["name"], data["name_en"], unpack(data["items"]), seat.today())
    made = checklists.publish_version(seat, fields, known)
    draft = checklists.begin_version(office.seat, made.line.key, made.line.version)
    more = VersionFields(fields.name, fields.name_en, (*fields.items, *unpack(data["draft"])))
    checklists.save_draft_version(office.seat, more, Known(draft.line.id or 0, draft.record_version))


def _log(office: SampleOffice, seat: Seat, data: Mapping[str, Any]) -> None:
    subject = _subject(office, seat, data)
    failed, not_applicable = data.get("fail", {}), data.get("na", ())
    equipment = equipment_of_all(seat)[subject.estate_id]
    number = blank_papers(seat, [subject]).sheets[0].number if data.get("from_paper") else ""
    findings = tuple(
        Finding(
            item.key,
            _result(item.key, failed, not_applicable),
            failed.get(item.key, ""),
            photos=data.get("photo_numbers", {}).get(item.key, ""),
        )
        for item in applicable(catalogue.checklist_for(subject.kind), equipment).items
    )
    photos = [sample_photo(office.data["photo"]["caption"])] if data.get("photo") else []
    photos += [
        replace(
            sample_photo(shot["caption"], shade), item=shot["item"], kind=shot["kind"], number=shot["number"]
        )
        for shade, shot in enumerate(data.get("shots", ()), 1)
    ]
    log_visit(
        seat,
        NewVisit(
            subject,
            seat.now(),
            Party(data["party"]),
            data["inspectors"],
            findings,
            accompanying=data.get("accompanying", ""),
            handling=Conclusion(data["handling"]) if "handling" in data else None,
            deadline=office.day(data["deadline"]) if "deadline" in data else None,
            remarks=data.get("remarks", ""),
            photos=tuple(photos),
            sheet=number,
        ),
    )


def _subject(office: SampleOffice, seat: Seat, data: Mapping[str, Any]) -> Subject:
    if "case" in data:
        subject: Subject = office.known["subject", data["case"]]
        return subject
    return estate_subjects(seat, [office.known["estate", data["estate"]]])[0]


def _result(item: str, failed: Collection[str], not_applicable: Collection[str]) -> Result:
    if item in failed:
        return Result.FAIL
    return Result.NOT_APPLICABLE if item in not_applicable else Result.PASS


def sample_photo(caption: str, shade: int = 0, *, is_broken: bool = True) -> NewPhoto:
    """Return the sample photo as it is stored; each shade is another picture."""
    return NewPhoto(draw_photo(shade, is_broken=is_broken), *_SIZE, caption)


def draw_photo(shade: int = 0, *, is_broken: bool = True) -> bytes:
    """Draw the sample photo, a brick wall, with a hole unless it is mended, and return it as JPEG."""
    from PIL import Image, ImageDraw

    (width, height), brick, course = _SIZE, 128, 48
    image = Image.new("RGB", (width, height), (196, 190, 180))
    draw = ImageDraw.Draw(image)
    for row in range(height // course + 1):
        shift = (row % 2) * brick // 2
        for column in range(-1, width // brick + 1):
            red = 150 + (row * 37 + column * 53) % 24 + 12 * shade
            left, top = column * brick + shift, row * course
            draw.rectangle((left + 3, top + 3, left + brick - 3, top + course - 3), (red, red - 66, 66))
    hole = [
        (500, 330),
        (560, 250),
        (700, 270),
        (790, 340),
        (770, 560),
        (820, 690),
        (690, 780),
        (520, 740),
        (470, 560),
    ]
    if is_broken:
        draw.polygon(hole, (46, 42, 40))
        for number in range(26):
            x, y = 430 + number * 71 % 460, 800 + number * 29 % 120
            draw.polygon([(x, y), (x + 34, y + 6), (x + 22, y + 28)], (132, 76, 60))
        draw.line([(820, 300), (1010, 300)], (250, 240, 210), 5)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
