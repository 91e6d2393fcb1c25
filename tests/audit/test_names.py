"""What entries of the trail call the records that they concern and refer to."""

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import EntryLine, TrailQuery
from fuyuan_desk.audit.service.entries import entry_detail, find_entries
from fuyuan_desk.backups.rules import Why
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.shell.jobs import all_records


def lines(seat: Seat, table: str) -> list[EntryLine]:
    return list(find_entries(seat, TrailQuery(tables=(table,)), 0, 500, all_records()).rows)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("estate", "南昌路168弄"),
        ("renovation_case", "ZX2026-0001"),
        ("visit", "XC2026-0001"),
        ("renovation_document", "申请人身份证件"),
        ("operator", "admin"),
    ],
)
def test_a_record_has_its_name(sample_seat: Seat, table: str, name: str) -> None:
    named = [line.record_name for line in lines(sample_seat, table) if line.record_id is not None]
    assert any(name in each for each in named)
    assert all(named)


def test_values_name_what_they_refer_to(sample_seat: Seat) -> None:
    line = next(line for line in lines(sample_seat, "renovation_case") if line.action == "insert")
    detail = entry_detail(sample_seat, line.id, None, all_records())
    values = {change.field: change.new for change in detail.changes}
    assert not values["estate_id"].isdecimal()
    assert values["estate_id"] in values["unit_id"]
    assert values["unit_id"] in line.whole
    assert detail.line.record_name == line.record_name


def test_people_stay_masked_in_names(sample_seat: Seat) -> None:
    rows = [*lines(sample_seat, "household"), *lines(sample_seat, "renovation_case")]
    shown = [line for line in rows if line.record_name]
    assert shown
    heads = [line.record_name for line in rows if line.table == "household" and line.record_name]
    assert all("*" in head or head.endswith(("公司", "店", "社")) for head in heads)
    for line in shown:
        detail = entry_detail(sample_seat, line.id, None, all_records())
        hidden = {change.new for change in detail.changes if change.hidden}
        assert all("*" in value or "hidden" in value for value in hidden if value)


def test_a_record_that_is_gone_keeps_its_number(sample_seat: Seat) -> None:
    assert find_entries(sample_seat, TrailQuery(tables=("estate",))).rows[0].record_name == ""


def test_the_tooltip_has_all_that_the_line_shortens(sample_seat: Seat) -> None:
    shortened = [line for line in lines(sample_seat, "estate") if line.summary.endswith("…")]
    assert shortened
    for line in shortened:
        assert len(line.whole) > len(line.summary)
        assert line.whole.count("\n") >= 4


@pytest.mark.parametrize("why", list(Why))
def test_the_reason_of_a_backup_is_said_in_words(why: Why) -> None:
    [change] = wording.changes_of("backup_run", "backup", {"why": why.value})
    assert change.new not in ("", "asked", "exit")
    assert wording.summary("backup_run", "backup", {"why": why.value}) == f"Why: {change.new}"
