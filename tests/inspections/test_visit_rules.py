from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.catalogue import checklist, checklist_for, checklists
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind, VisitFault

SITE = checklist_for(SubjectKind.RENOVATION)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLEAN = [Finding(item.key, Result.PASS) for item in SITE.items]


def faults(
    findings: list[Finding],
    at: datetime = NOW,
    inspectors: str = "某甲",
    handling: Conclusion | None = None,
    deadline: date | None = None,
    earliest: date | None = None,
) -> dict[str, VisitFault]:
    return rules.visit_faults(SITE, findings, at, NOW, inspectors, handling, deadline, earliest=earliest)


def failing(remark: str = "东墙开洞") -> list[Finding]:
    return [Finding("bearing", Result.FAIL, remark), *(f for f in CLEAN if f.item != "bearing")]


def test_the_checklists_are_complete() -> None:
    for subject in SubjectKind:
        shipped = checklist_for(subject)
        assert len(shipped.items) >= 20
        assert len({item.key for item in shipped.items}) == len(shipped.items)
        groups = [item.group for item in shipped.items]
        blocks = [group for index, group in enumerate(groups) if index == 0 or groups[index - 1] != group]
        assert len(blocks) == len(set(blocks)), "items of a group are adjacent"
        for item in shipped.items:
            assert item.text
            assert item.text_en
            assert item.group_en
            assert item.clauses
    assert checklist(SITE.key, SITE.version) is SITE
    assert checklist(SITE.key, "1900") is None
    assert len(checklists()) >= 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"findings": CLEAN}, {}),
        ({"findings": CLEAN, "at": NOW + timedelta(minutes=1)}, {"at": VisitFault.IN_FUTURE}),
        ({"findings": CLEAN, "earliest": NOW.astimezone().date()}, {}),
        ({"findings": CLEAN, "earliest": NOW.astimezone().date() + timedelta(days=1)}, {"at": VisitFault.TOO_EARLY}),
        ({"findings": failing("堆" * 500), "handling": Conclusion.REPORT}, {}),
        ({"findings": failing("堆" * 501), "handling": Conclusion.REPORT}, {"item.bearing": VisitFault.LONG_REMARK}),
        ({"findings": CLEAN, "inspectors": "  "}, {"inspectors": VisitFault.NO_INSPECTOR}),
        ({"findings": CLEAN[1:]}, {f"item.{CLEAN[0].item}": VisitFault.UNANSWERED}),
        ({"findings": [*CLEAN, Finding("x", Result.PASS)]}, {"item.x": VisitFault.UNKNOWN_ITEM}),
        ({"findings": [Finding(f.item, Result.NOT_APPLICABLE) for f in CLEAN]},
         {"items": VisitFault.NOTHING_INSPECTED}),
        ({"findings": failing(" "), "handling": Conclusion.REPORT}, {"item.bearing": VisitFault.NO_REMARK}),
        ({"findings": failing()}, {"handling": VisitFault.NO_HANDLING}),
        ({"findings": failing(), "handling": Conclusion.CLEAN}, {"handling": VisitFault.NO_HANDLING}),
        ({"findings": failing(), "handling": Conclusion.ON_THE_SPOT}, {}),
        ({"findings": failing(), "handling": Conclusion.DEADLINE}, {"deadline": VisitFault.NO_DEADLINE}),
        ({"findings": failing(), "handling": Conclusion.DEADLINE, "deadline": date(2026, 3, 1)},
         {"deadline": VisitFault.DEADLINE_PASSED}),
        ({"findings": failing(), "handling": Conclusion.DEADLINE, "deadline": date(2026, 3, 9)}, {}),
    ],
)  # fmt: skip
def test_the_record_of_a_visit_must_be_complete(
    fields: dict[str, object], expected: dict[str, VisitFault]
) -> None:
    assert faults(**fields) == expected  # type: ignore[arg-type]


results = st.lists(st.sampled_from(list(Result)), min_size=len(SITE.items), max_size=len(SITE.items)).map(
    lambda found: [Finding(item.key, result, "x") for item, result in zip(SITE.items, found, strict=True)]
)


@given(results, st.none() | st.sampled_from(list(Conclusion)))
def test_a_visit_is_clean_exactly_when_nothing_failed(
    findings: list[Finding], handling: Conclusion | None
) -> None:
    conclusion = rules.conclude(findings, handling)
    if any(finding.result is Result.FAIL for finding in findings):
        assert conclusion == (handling or Conclusion.DEADLINE)
    else:
        assert conclusion is Conclusion.CLEAN


def test_failed_dissuasion_is_reported_within_a_day() -> None:
    assert rules.report_by(NOW) - NOW == timedelta(hours=24)


def test_numbers_and_names() -> None:
    assert rules.visit_number(2026, 12) == "XC2026-0012"
    for member in (*Result, *Conclusion, *SubjectKind):
        assert rules.label(member)
