"""What entries of the trail call the records that they concern and refer to."""

import json
import re

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.audit.facts import EntryLine, TrailQuery
from fuyuan_desk.audit.service.entries import entry_detail, find_entries
from fuyuan_desk.backups.rules import Why
from fuyuan_desk.core import paths, texts
from fuyuan_desk.kit.trail import wording
from fuyuan_desk.renovation.rules.works import BilingualText, Context, Finding, Verdict
from fuyuan_desk.renovation.service.wording import stored_context, stored_finding
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.audit.log import AuditEntry


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


# --- values of several parts


def said(seat: Seat, language: str) -> dict[tuple[str, str], list[str]]:
    """Return what the trail says of each field, unmasked, by table and field."""
    texts.use_language(language)
    found: dict[tuple[str, str], list[str]] = {}
    with seat.store.sessions() as session:
        for entry in session.scalars(select(AuditEntry)):
            values = json.loads(entry.changes)
            first = (wording.block_of(entry.action, values) or (entry.record_id,))[0]
            for change in wording.changes_of(entry.table_name, entry.action, values, True, first):
                found.setdefault((entry.table_name, change.field), []).extend((change.old, change.new))
    return found


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_value_of_several_parts_is_shown_as_it_is_stored(sample_seat: Seat, language: str) -> None:
    found = said(sample_seat, language)
    for field, values in found.items():
        assert not [value for value in values if re.search(r'[{}"]|\[', value)], field
    told = found["renovation_case", "context"]
    expected = {"en": "Tenure: Commodity property", "zh_CN": "产权性质：商品房"}[language]
    assert any(expected in value for value in told)
    if language == "zh_CN":  # no code is left: neither a part's name nor what it holds
        for table, field in (
            ("renovation_case", "context"),
            ("renovation_work", "answers"),
            ("import_run", "counts"),
        ):
            assert not [value for value in found[table, field] if re.search(r"[a-z]", value)]


def test_a_finding_names_documents_questions_and_bodies() -> None:
    finding = {
        "verdict": "CHECK", "at_worst": "PROHIBITED", "reason": "原因", "reason_en": "Why", "body": "planning",
        "documents": ["structural_scheme"], "open_questions": ["load_bearing", "@house"], "clauses": [],
    }  # fmt: skip
    [change] = wording.changes_of("renovation_work", "insert", {"findings": [finding]})
    for text in (
        "Why",
        "the district planning authority",
        "Is this wall or member load-bearing?",
        "House kind",
    ):
        assert text in change.new
    for code in ("原因", "structural_scheme", "load_bearing", "@house", "CHECK", "{"):
        assert code not in change.new


def test_a_merge_names_the_columns_that_were_moved_and_taken() -> None:
    merge = {
        "moved": {"contract": {"organisation_id": [3, 4]}},
        "before": {"phone": "021-62093705"},
        "taken": {},
    }
    [change] = wording.changes_of("organisation", "update", {"merge": [{}, merge]})
    assert change.old == ""
    assert change.new == "Moved: Contract: Organisation: 3, 4; Before: Telephone: 021-62093705; Taken over: –"


def test_every_part_that_a_filing_stores_has_a_name() -> None:
    named = paths.read_json("renovation", "names.json")["tables"]
    stored = {*stored_context(Context()), "judged"}
    assert stored == named["renovation_case"]["columns"]["context"]["parts"].keys()
    finding = Finding(Verdict.CHECK, Verdict.CHECK, BilingualText("", ""), ())
    assert stored_finding(finding).keys() == named["renovation_work"]["columns"]["findings"]["parts"].keys()


def test_an_unknown_part_keeps_its_key_and_an_empty_one_is_told() -> None:
    [change] = wording.changes_of(
        "renovation_case", "insert", {"context": {"tenure": "", "later": [1, {"a": None}]}}
    )
    assert change.new == "Tenure: –; later: 1\na: –"
    [block] = wording.changes_of(
        "estate", "insert", {"ids": [1, 1], "rows": {"tenures": ['["commodity"]']}}, record_id=1
    )
    assert block.new == "Commodity property"
