"""The sample office: five estates with invented people, brought in and filed the way a clerk does it.

What it holds is data in `resources/sample/`; days there count back from today, negative ones lie ahead.
"""

import io
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat, permit, utc_now
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import UnitQuery, UnitRow
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import NewPhoto, NewVisit, Subject
from fuyuan_desk.inspections.rules import Conclusion, Finding, Party, Result
from fuyuan_desk.inspections.service import visits as inspections
from fuyuan_desk.office.service import office
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.cases import Answer, Due, Outcome, ScopeItem
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.renovation.service import sheet_data
from fuyuan_desk.roster.service import imports
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import tiers as standards
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code

PASSWORD = "fuyuan-sample"


@dataclass(frozen=True)
class Sample:
    """A sample office with somebody at its desk; `told` is the password to tell."""

    seat: Seat
    login: str
    told: str


def build(
    folder: Path, password: str | None = None, now: datetime | None = None, cost: Cost | None = None
) -> Sample:
    """Set the sample office up in `folder`; every operator has the same password. Close the seat's store."""
    data = read_data()
    first, *others = data["operators"]
    told = password or PASSWORD

    def furnish(seat: Seat) -> None:
        for other in others:
            office.add_operator(seat, other["login"], other["name"], Role(other["role"]), told, cost)
        moment = (now or utc_now()).astimezone()
        _Filler(Seat(seat.store, seat.operator, lambda: moment), data).fill()

    seat = office.set_up_office(
        folder,
        OfficeSettings(**data["office"], is_sample=True),
        first["login"],
        first["name"],
        told,
        new_recovery_code(),
        cost,
        furnish,
    )
    return Sample(seat, first["login"], told)


def looking_folder() -> Path:
    """Give the folder of the sample that the window opens."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("fuyuan_desk", appauthor=False)) / "sample"


def build_for_looking() -> Seat:
    """Make a fresh sample to look around in; the former one is thrown away. `Unusable` while that is open."""
    folder = looking_folder()
    _throw_away(folder)
    # nobody's secret is in it, so its password need not be dear to guess
    return build(folder, cost=Cost(passes=1, memory_kib=8_192, lanes=1)).seat


def _throw_away(folder: Path) -> None:
    from filelock import FileLock, Timeout

    from fuyuan_desk.core.files import in_words
    from fuyuan_desk.store.db.lock import LOCK

    if not folder.exists():
        return
    try:
        with FileLock(folder / LOCK, timeout=0):
            pass
        shutil.rmtree(folder)
    except Timeout as taken:
        raise Unusable(
            _("The sample office is open in another window. Use that window, or close it first.")
        ) from taken
    except OSError as problem:
        raise in_words(problem, folder) from problem


def read_data() -> dict[str, Any]:
    """Read what the sample holds."""
    data: dict[str, Any] = paths.read_json("sample", "office.json")
    return data


@permit(Role.ADMIN)
def _holder(seat: Seat, unit_id: int) -> tuple[str, str]:
    """Give name and first phone of a unit's holder, as a clerk copies them from a card."""
    with seat.reading() as session:
        holder = estates.unit_summary(session, unit_id).holders[0]
    return holder.name, next(iter(holder.phones), "")


class _Filler:
    """Fills an empty office, step by step."""

    def __init__(self, seat: Seat, data: Mapping[str, Any]) -> None:
        self._seat = seat
        self._data = data
        self._today = seat.today()
        self._estates: dict[str, int] = {}
        self._units: dict[tuple[str, str], UnitRow] = {}
        self._cases: dict[str, int] = {}

    def fill(self) -> None:
        for estate in self._data["estates"]:
            self._add_estate(estate)
        for case in self._data["cases"]:
            self._file(case)
        for visit in self._data["visits"]:
            self._visit(visit)
        for operator in self._data["operators"]:
            self._show_estates(operator)

    def _show_estates(self, data: Mapping[str, Any]) -> None:
        """Let the operator of a property company see its estates."""
        if names := data.get("estates"):
            known = next(view for view in office.list_operators(self._seat) if view.login == data["login"])
            own = frozenset(self._estates[name] for name in names)
            office.set_operator(self._seat, known.id, known.role, known.active, own)

    def _day(self, days_ago: int) -> date:
        return self._today - timedelta(days=days_ago)

    def _seat_at(self, day: date, clock: time = time(9, 0)) -> Seat:
        """Give the seat as it was on a day of the past."""
        moment = min(datetime.combine(day, clock).astimezone(), self._seat.now())
        return replace(self._seat, now=lambda: moment)

    # --- estates

    def _add_estate(self, data: Mapping[str, Any]) -> None:
        name = data["name"]
        imports.import_roster(self._seat, paths.resource("sample", data["file"]), estate_name=name)
        imports.finish_imports(self._seat)
        row = next(row for row in estates.list_estates(self._seat).rows if row.name == name)
        detail = estates.estate_detail(self._seat, row.id)
        fields = {**data["fields"], "tenures": tuple(data["fields"]["tenures"])}
        estates.save_estate(self._seat, replace(detail.fields, **fields), row.id, detail.version)
        for building in buildings.list_buildings(self._seat, row.id):
            changed = replace(building.fields, **data["buildings"])
            buildings.save_building(self._seat, row.id, changed, building.id, building.version)
        for tier in data["tiers"]:
            day = self._day(tier["days_ago"])
            number = tier["document_no"].format(year=day.year)
            standards.assign_tier(self._seat, row.id, Tier(tier["tier"]), day, tier["reason"], number)
        self._estates[name] = row.id
        for unit in units.list_units(self._seat, UnitQuery(row.id), 0, row.units).rows:
            self._units[name, unit.place] = unit

    # --- renovations

    def _file(self, data: Mapping[str, Any]) -> None:
        unit = self._units[data["estate"], data["place"]]
        seat = self._seat_at(self._day(data["filed"]))
        role = HoldingRole(data.get("role", HoldingRole.OWNER))
        firm = self._data["firms"].get(data["firm"], {})
        works = tuple(
            ScopeItem(work, {question: Answer(given) for question, given in answers.items()})
            for work, answers in data["works"].items()
        )
        judged = renovation.judge_scope(seat, unit.id, works, role, bool(firm))
        received = {paper.document for paper in judged.documents if paper.due is Due.START}
        name, phone = data["applicant"], data["phone"]
        if name == "holder":
            name, known = _holder(seat, unit.id)
            phone = phone or known
        filing = Filing(
            unit.id,
            name,
            self._day(data["starts"]),
            self._day(data["ends"]),
            works,
            role,
            applicant_phone=phone,
            received=tuple(received - set(data.get("missing", ()))),
            remarks=data.get("remarks", ""),
            **firm,
        )
        case = renovation.file_case(seat, filing)
        self._cases[data["key"]] = case.id
        if "started" in data:
            renovation.start_work(self._seat_at(self._day(data["started"])), case.id)
        if "closed" in data:
            day = self._day(data["closed"])
            outcome = Outcome(data["outcome"])
            renovation.close_case(self._seat_at(day), case.id, outcome, day, data.get("note", ""))

    # --- visits

    def _visit(self, data: Mapping[str, Any]) -> None:
        seat = self._seat_at(self._day(data["days_ago"]), time.fromisoformat(data["time"]))
        subject = self._subject(seat, data)
        failed, absent = data.get("fail", {}), data.get("na", ())
        findings = tuple(
            Finding(
                item.key,
                _result(item.key, failed, absent),
                failed.get(item.key, ""),
            )
            for item in catalogue.checklist_for(subject.kind).items
        )
        photos = (NewPhoto(draw_photo(), self._data["photo"]["caption"]),) if data.get("photo") else ()
        inspections.log_visit(
            seat,
            NewVisit(
                subject,
                seat.now(),
                Party(data["party"]),
                data["inspectors"],
                findings,
                accompanying=data.get("accompanying", ""),
                handling=Conclusion(data["handling"]) if "handling" in data else None,
                deadline=self._day(data["deadline"]) if "deadline" in data else None,
                remarks=data.get("remarks", ""),
                photos=photos,
            ),
        )

    def _subject(self, seat: Seat, data: Mapping[str, Any]) -> Subject:
        if "case" in data:
            return sheet_data.inspection_subjects(seat, [self._cases[data["case"]]])[0]
        return inspections.estate_subjects(seat, [self._estates[data["estate"]]])[0]


def _result(item: str, failed: Collection[str], absent: Collection[str]) -> Result:
    if item in failed:
        return Result.FAIL
    return Result.NOT_APPLICABLE if item in absent else Result.PASS


def draw_photo() -> bytes:
    """Draw the one photo of the sample: a wall of bricks with a hole in it; gives a JPEG."""
    from PIL import Image, ImageDraw

    width, height, brick, course = 1280, 960, 128, 48
    image = Image.new("RGB", (width, height), (196, 190, 180))
    draw = ImageDraw.Draw(image)
    for row in range(height // course + 1):
        shift = (row % 2) * brick // 2
        for column in range(-1, width // brick + 1):
            shade = (row * 37 + column * 53) % 24
            left, top = column * brick + shift, row * course
            draw.rectangle(
                (left + 3, top + 3, left + brick - 3, top + course - 3), (150 + shade, 84 + shade, 66)
            )
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
    draw.polygon(hole, (46, 42, 40))
    for number in range(26):
        x, y = 430 + number * 71 % 460, 800 + number * 29 % 120
        draw.polygon([(x, y), (x + 34, y + 6), (x + 22, y + 28)], (132, 76, 60))
    draw.line([(820, 300), (1010, 300)], (250, 240, 210), 5)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
