"""The tour of the inspection page."""

import io
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from fuyuan_desk.inspections.rules.checklists import VersionStatus
from fuyuan_desk.inspections.sample import draw_photo
from fuyuan_desk.inspections.service.batches import round_previews, rounds_to_print
from fuyuan_desk.inspections.service.checklists import list_versions
from fuyuan_desk.inspections.service.queries import list_visits, visit_detail
from fuyuan_desk.inspections.service.round_plans import plan_options
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.kit.job import Tour

# numbers of photos, and how many minutes after the time of the visit they were taken
_SHOTS = ((415, 4), (416, 5), (417, 6), (430, 400), (431, -9000))
_ANSWERS = (
    ("extinguisher", "", "2号底楼，指针在红区", "0.8"),
    ("hydrant", "pass", "", ""),
    ("sign", "pass", "", "亮"),
    ("stair_light", "fail", "3号三楼", "个别不亮"),
)


def walk(tour: Tour) -> Iterator[Path]:
    """Show the log and a visit, attach photos, log a round, edit a checklist, and show rounds and a plan."""
    page = tour.go("inspections")
    page.show_log()
    yield tour.picture("inspections")
    page.open_visit(_visit_with_photo(tour))
    yield tour.picture("visit")
    yield from _walk_photos(tour)
    page.log_estate_visit(tour.known["estate"])
    tour.settle()
    view = page.entry.view
    failed = view.checklist.failed
    for item in failed.items if failed is not None else ():
        view.checklist.row(item).set_raw("pass", "")
    view.checklist.row("wires").set_raw("fail", "2号底楼门口有飞线充电")
    view.checklist.answer_rest()
    view.form.set_value("handling", "on-the-spot")
    yield tour.picture("new-visit")
    view.form.submit()
    tour.settle(lambda: not view.isVisible())
    yield tour.picture("visit-logged")
    yield from _walk_checklists(tour)
    tour.go("rounds").show_list()
    yield tour.picture("rounds")
    yield from _walk_sheets(tour)
    plans = tour.go("round-plans")
    plans.open_record(tour.ask(plan_options)[0].id)
    tour.settle(lambda: bool(plans.preview.sentence.text()))
    yield tour.picture("round-plan")


def _walk_sheets(tour: Tour) -> Iterator[Path]:
    """Print the sheets of two weeks, and show which sheets are out."""
    today = tour.desk.seat.today()
    wanted = tour.ask(lambda seat: rounds_to_print(seat, today, today + timedelta(days=13)))
    drafts = tour.ask(lambda seat: round_previews(seat, [one.id for one in wanted]))
    printed = inspection_sheets(drafts.sheets, drafts.office, drafts.made, None, drafts.hands_over)
    yield tour.paper("sheets-of-rounds", printed.pdf)
    tour.go("sheets-out").show_list()
    yield tour.picture("sheets-out")


def _walk_checklists(tour: Tour) -> Iterator[Path]:
    """Enter a sheet with numbers and choices, and show the versions of checklists and the editor."""
    page = tour.go("inspections")
    page.log_estate_visit(tour.known["estate"])
    tour.settle()
    view = page.entry.view
    own = next(line for line in tour.ask(list_versions) if line.id is not None and line.counts)
    view.form.set_value("checklist", own.key)
    tour.settle()
    for item, answer, remark, value in _ANSWERS:
        view.checklist.row(item).set_raw(answer, remark, value)
    yield tour.picture("visit-with-values")
    view.form.mark_clean()
    checklists = tour.go("checklists")
    checklists.show_list()
    yield tour.picture("checklists")
    draft = next(line for line in tour.ask(list_versions) if line.status is VersionStatus.DRAFT)
    checklists.open_version(draft.id)
    tour.settle(checklists.version.view.isVisible)
    yield tour.picture("checklist-edited")
    checklists.version.view.tabs.show_key("sheet")
    tour.settle(lambda: checklists.version.view.preview.page_count > 0)
    yield tour.picture("checklist-preview")


def _walk_photos(tour: Tour) -> Iterator[Path]:
    """Attach photos of a camera card to visits."""
    page = tour.go("inspections")
    page.attach_photos()
    visit = tour.ask(partial(visit_detail, visit_id=_visit_with_photo(tour)))
    with tempfile.TemporaryDirectory() as folder:
        _fill_card(Path(folder), visit.at)
        page.photo_import.add_folder(Path(folder))
        tour.settle()
        page.photo_import.view.table.select_where(lambda row: row.file.shot.number == "0430")
        yield tour.picture("photos")
    page.photo_import.close()


def _fill_card(card: Path, at: datetime) -> None:
    """Write photos as a camera would have taken them on a visit, and a film."""
    from PIL import Image

    for place, (number, minutes) in enumerate(_SHOTS):
        exif = Image.Exif()
        taken = (at + timedelta(minutes=minutes)).astimezone()
        exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
        with Image.open(io.BytesIO(draw_photo(place))) as image:
            image.save(card / f"IMG_{number:04d}.JPG", exif=exif)
    (card / "MVI_0440.MOV").write_bytes(b"film")


def _visit_with_photo(tour: Tour) -> int:
    return int(max(tour.ask(list_visits).rows, key=lambda row: row.extra["photos"]).id)
