from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.estates.rules.housing import HeritageClass, HoldingRole, HouseKind, Tenure
from fuyuan_desk.renovation.catalogue import catalogue
from fuyuan_desk.renovation.rules import judging
from fuyuan_desk.renovation.rules.works import (
    Answer,
    Context,
    Due,
    Judgement,
    ScopeItem,
    Verdict,
    WorkJudgement,
)

CATALOGUE = catalogue()
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
COMMODITY = Context(house_kind=HouseKind.COMMODITY, tenure=Tenure.COMMODITY)
LANE = Context(house_kind=HouseKind.OLD_LANE, tenure=Tenure.DIRECT_PUBLIC, role=HoldingRole.TENANT)


def verdict(work: str, context: Context = COMMODITY, **answers: Answer) -> Verdict:
    return judging.judge_work(ScopeItem(work, answers), context, CATALOGUE).verdict


def judge(*works: ScopeItem | str, context: Context = COMMODITY) -> Judgement:
    scope = [work if isinstance(work, ScopeItem) else ScopeItem(work) for work in works]
    return judging.judge(scope, context, CATALOGUE)


def papers(judgement: Judgement) -> set[str]:
    return {paper.document for paper in judgement.documents}


def approving(judged: WorkJudgement) -> list[str]:
    """Name who must approve a work, each once."""
    return list(dict.fromkeys(f.body for f in judged.findings if f.body and f.verdict is Verdict.APPROVAL))


# --- single clauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "answers", "expected", "clause"),
    [
        # 110 §5: prohibited
        ("structure.wall", {"design_scheme": NO}, Verdict.PROHIBITED, "110§5(1)"),
        ("structure.wall", {"design_scheme": YES}, Verdict.DOCUMENTS, "110§14(4)"),
        ("structure.wall", {"design_scheme": UNKNOWN}, Verdict.CHECK, "110§5(1)"),
        ("wet.room_to_bath", {}, Verdict.PROHIBITED, "110§5(2)"),
        ("balcony.kitchen", {}, Verdict.PROHIBITED, "110§5(2)"),
        ("structure.opening", {}, Verdict.PROHIBITED, "110§5(3)"),
        ("walls.balcony_wall", {}, Verdict.PROHIBITED, "110§5(3)"),
        ("walls.insulation", {}, Verdict.PROHIBITED, "110§5(4)"),
        ("structure.dig", {}, Verdict.PROHIBITED, "110§5(5)"),
        # 110 §6: approval
        ("balcony.extend", {"design_scheme": YES}, Verdict.APPROVAL, "110§6(1)"),
        ("balcony.extend", {"design_scheme": NO}, Verdict.PROHIBITED, "110§5(1)"),
        ("structure.mezzanine", {"design_scheme": YES}, Verdict.APPROVAL, "110§14(4)"),
        ("roof.dormer", {"design_scheme": YES}, Verdict.APPROVAL, "110§14(4)"),
        ("roof.dormer", {"design_scheme": NO}, Verdict.PROHIBITED, "110§5(1)"),
        ("roof.raise", {"design_scheme": YES}, Verdict.APPROVAL, "110§14(4)"),
        # the wall beside the entrance is structural only where it is load-bearing, else it is shared
        ("openings.entrance", {"outward_door": NO, "opening_enlarged": YES, "load_bearing": YES},
         Verdict.PROHIBITED, "110§5(3)"),
        ("openings.entrance", {"outward_door": NO, "opening_enlarged": YES, "load_bearing": NO},
         Verdict.APPROVAL, "WY§56(4)"),
        ("openings.entrance", {"outward_door": NO, "opening_enlarged": NO}, Verdict.ALLOWED, "110§13"),
        # the market regulator is notified of a lift, it approves nothing
        ("equipment.lift", {"design_scheme": YES}, Verdict.DOCUMENTS, "110§14(4)"),
        ("walls.outer_opening", {"load_bearing": NO}, Verdict.APPROVAL, "110§6(2)"),
        ("walls.outer_opening", {"load_bearing": YES}, Verdict.PROHIBITED, "110§5(3)"),
        ("services.heating", {}, Verdict.APPROVAL, "110§6(3)"),
        ("services.gas", {}, Verdict.APPROVAL, "110§6(4)"),
        # 110 §7–8: schemes
        ("floor.heavy", {}, Verdict.DOCUMENTS, "110§7"),
        ("wet.waterproof", {}, Verdict.DOCUMENTS, "110§8"),
        # WY
        ("shared.corridor", {}, Verdict.PROHIBITED, "WY§56(4)"),
        ("wet.drain", {"riser": YES, "waterproof": NO}, Verdict.PROHIBITED, "WY§56(5)"),
        ("shared.business", {}, Verdict.APPROVAL, "WY§86"),
        # harmless
        ("finish.paint", {}, Verdict.ALLOWED, "110§13"),
        ("walls.partition_remove", {"load_bearing": NO}, Verdict.ALLOWED, "110§13"),
        ("walls.partition_remove", {"load_bearing": YES}, Verdict.PROHIBITED, "110§5(1)"),
    ],
)  # fmt: skip
def test_a_work_is_judged_by_its_clause(
    work: str, answers: dict[str, Answer], expected: Verdict, clause: str
) -> None:
    judged = judging.judge_work(ScopeItem(work, answers), COMMODITY, CATALOGUE)
    assert judged.verdict is expected
    assert clause in judged.findings[0].clauses


@pytest.mark.parametrize(
    ("work", "answers", "by_class"),
    [
        # LS §28: façade – all of it in classes 1 and 2, the main one in 3 and 4
        ("facade.drying", {"main_facade": NO}, "PPDD"),
        ("facade.drying", {"main_facade": YES}, "PPPP"),
        ("facade.drying", {}, "PPCC"),
        # structure – 1 and 2 all, 3 the main structure, 4 not named
        ("floor.heavy", {}, "PPDD"),
        ("structure.member", {"design_scheme": YES}, "PPPD"),
        # plan – 1 all, 2 the basic plan
        ("walls.partition_add", {"heavy_wall": NO, "basic_plan": NO}, "PDDD"),
        ("walls.partition_add", {"heavy_wall": NO, "basic_plan": YES}, "PPDD"),
        # interior – 1 all, 2–4 what is notable
        ("finish.paint", {"notable_interior": NO}, "PAAA"),
        ("finish.paint", {"notable_interior": YES}, "PPPP"),
        ("finish.paint", {}, "PCCC"),
        # repair as it was changes nothing, but its scheme is filed (§38)
        ("finish.restore", {}, "DDDD"),
    ],
)
def test_each_protection_class_preserves_its_elements(
    work: str, answers: dict[str, Answer], by_class: str
) -> None:
    letters = {"P": Verdict.PROHIBITED, "C": Verdict.CHECK, "D": Verdict.DOCUMENTS, "A": Verdict.ALLOWED}
    for number, letter in enumerate(by_class, 1):
        assert verdict(work, replace(COMMODITY, heritage_class=number), **answers) is letters[letter], number


def test_the_clause_of_the_class_is_cited() -> None:
    judged = judging.judge_work(
        ScopeItem("facade.paint", {"main_facade": YES}), replace(COMMODITY, heritage_class=3), CATALOGUE
    )
    assert "LS§28(3)" in judged.findings[0].clauses


def test_the_buildings_own_requirements_override_the_class() -> None:
    own = replace(COMMODITY, heritage_class=1, own_requirements="保护东立面、门厅和楼梯。")
    assert verdict("finish.paint", own) is Verdict.PROHIBITED
    assert verdict("finish.paint", own, own_requirements=YES, notable_interior=NO) is Verdict.ALLOWED
    fourth = replace(own, heritage_class=4)
    assert verdict("walls.partition_add", fourth, heavy_wall=NO, own_requirements=NO) is Verdict.PROHIBITED
    assert verdict("walls.partition_add", fourth, heavy_wall=NO) is Verdict.CHECK
    judged = judging.judge_work(ScopeItem("walls.partition_add"), fourth, CATALOGUE)
    assert "own_requirements" in judged.questions


def test_historic_areas_bind_facade_and_building() -> None:
    core = replace(COMMODITY, surroundings=frozenset({"core"}))
    assert verdict("facade.drying", core) is Verdict.APPROVAL
    assert verdict("roof.build", core) is Verdict.PROHIBITED
    assert verdict("finish.paint", core) is Verdict.ALLOWED
    assert verdict("facade.ac", core, reserved_place=YES) is Verdict.ALLOWED
    assert verdict("facade.drying", replace(COMMODITY, surroundings=frozenset({"block"}))) is Verdict.APPROVAL
    relic = replace(COMMODITY, surroundings=frozenset({"relic"}))
    assert approving(judging.judge_work(ScopeItem("finish.restore"), relic, CATALOGUE)) == ["relics"]


def test_public_housing_needs_the_consent_of_its_managing_unit() -> None:
    judgement = judge("wet.waterproof", context=LANE)
    assert approving(judgement.works[0]) == ["public_owner"]
    assert "public_owner_consent" in papers(judgement)
    assert "owner_consent" not in papers(judgement)
    assert verdict("finish.paint", LANE) is Verdict.ALLOWED
    assert "public_owner_consent" in papers(judge("finish.paint", context=LANE))
    # a tenant of public housing is one, whatever the roster says of the tenure
    assert "public_owner_consent" in papers(judge("finish.paint", context=replace(LANE, tenure="")))


def test_timber_floors_need_a_survey_and_an_unknown_house_is_checked() -> None:
    assert "timber_survey" in papers(judge("floor.heavy", context=LANE))
    judged = judging.judge_work(ScopeItem("floor.heavy"), replace(COMMODITY, house_kind=""), CATALOGUE)
    assert judged.verdict is Verdict.CHECK
    assert judged.findings[0].open_questions == ("@house",)
    assert judged.questions == ()


@pytest.mark.parametrize("work", ["equipment.solar", "roof.tiles", "roof.build", "openings.entrance"])
def test_no_vote_of_owners_is_asked_for_in_public_housing(work: str) -> None:
    answers = {"shared_part": YES, "opening_enlarged": YES, "load_bearing": NO, "outward_door": NO}
    judged = judging.judge_work(ScopeItem(work, answers), LANE, CATALOGUE)
    assert "MFD§278" not in judged.clauses
    assert "public_owner" in approving(judged)
    assert "owners" not in approving(judged)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_use_of_a_protected_building_changes_with_the_housing_authoritys_approval(number: int) -> None:
    judgement = judge("shared.business", context=replace(COMMODITY, heritage_class=number))
    assert judgement.verdict is Verdict.APPROVAL
    assert approving(judgement.works[0]) == ["planning", "housing"]
    assert "LS§33" in judgement.works[0].clauses
    assert {"use_approval", "affected_owners_consent"} <= papers(judgement)


def test_a_flue_through_a_main_facade_is_barred_as_any_other() -> None:
    third = replace(COMMODITY, heritage_class=3)
    assert verdict("equipment.boiler", third, main_facade=YES) is Verdict.PROHIBITED
    assert verdict("equipment.boiler", third, main_facade=NO) is Verdict.APPROVAL


def test_the_control_zone_is_not_bound_by_core_zone_rules() -> None:
    control = replace(COMMODITY, surroundings=frozenset({"control"}))
    assert verdict("facade.drying", control) is Verdict.DOCUMENTS
    assert verdict("facade.paint", control) is Verdict.APPROVAL


# --- papers ----------------------------------------------------------------------------------------------

ALWAYS = {"title", "identity", "scheme", "agreement", "neighbour_notice"}


@pytest.mark.parametrize(
    ("context", "works", "more"),
    [
        (replace(COMMODITY, has_contractor=False), ["finish.paint"], set()),
        (COMMODITY, ["finish.paint"], {"qualification"}),
        (replace(COMMODITY, has_contractor=False), ["services.gas"], {"qualification", "gas_approval"}),
        (COMMODITY, ["wet.waterproof"], {"qualification", "waterproof_scheme", "water_test"}),
        (replace(COMMODITY, role=HoldingRole.RENTER), ["finish.paint"], {"qualification", "owner_consent"}),
        (COMMODITY, ["shared.business"],
         {"qualification", "planning_approval", "affected_owners_consent"}),
    ],
)  # fmt: skip
def test_the_document_checklist_follows_from_the_works(
    context: Context, works: list[str], more: set[str]
) -> None:
    assert papers(judge(*works, context=context)) == ALWAYS | more


def test_a_document_names_the_works_that_require_it_and_its_due_date() -> None:
    judgement = judge("wet.waterproof", "roof.terrace_waterproof", "finish.paint")
    by_key = {paper.document: paper for paper in judgement.documents}
    assert by_key["water_test"].works == ("wet.waterproof", "roof.terrace_waterproof")
    assert by_key["water_test"].due is Due.COMPLETION
    assert by_key["waterproof_scheme"].due is Due.START
    assert by_key["title"].works == ()
    assert judgement.firm_works == ("wet.waterproof", "roof.terrace_waterproof")


def test_documents_come_in_the_order_of_the_catalogue() -> None:
    order = list(CATALOGUE.documents)
    listed = [paper.document for paper in judge("services.gas", "wet.waterproof", "structure.wall").documents]
    assert listed == sorted(listed, key=order.index)


def test_the_whole_scope_is_as_bad_as_its_worst_work() -> None:
    assert judge("finish.paint", "services.gas").verdict is Verdict.APPROVAL
    assert judge("finish.paint", "structure.opening", "services.gas").verdict is Verdict.PROHIBITED
    assert judge().verdict is Verdict.ALLOWED


# --- the data --------------------------------------------------------------------------------------------


def test_the_catalogue_is_complete() -> None:
    assert len(CATALOGUE.works) >= 35
    questions: set[str] = set()
    for work in CATALOGUE.works.values():
        assert work.group in CATALOGUE.groups
        assert work.name.zh
        assert work.name.en
        assert {str(kind) for kind in HouseKind} >= work.typical
        for rule in (*work.rules, *(s.rule for s in CATALOGUE.settings)):
            assert rule.clauses
            assert rule.reason.zh
            assert rule.reason.en
            assert set(rule.documents) <= set(CATALOGUE.documents)
            assert not rule.body or rule.body in CATALOGUE.steps
            questions.update(name for name, _values in rule.when if not name.startswith("@"))
        for touch in work.touches:
            questions.update(name for name, _values in touch.when)
            if touch.grade not in ("main", "other"):
                questions.add(touch.grade)
    assert questions | {"own_requirements"} == set(CATALOGUE.questions)


PROHIBITED_ACTS = [
    *(f"110§5({number})" for number in range(1, 6)),
    *(f"WY§56({number})" for number in (1, 2, 3, 4, 5, 6, 9)),
]


@pytest.mark.parametrize("clause", PROHIBITED_ACTS)
def test_every_prohibited_act_has_matching_works(clause: str) -> None:
    assert any(clause in rule.clauses for work in CATALOGUE.works.values() for rule in work.rules)


@pytest.mark.parametrize(
    ("clause", "body", "paper"),
    [
        ("110§6(1)", "planning", "planning_approval"),
        ("110§6(2)", "planning", "planning_approval"),
        ("110§6(3)", "heating", "heating_approval"),
        ("110§6(4)", "gas", "gas_approval"),
    ],
)
def test_the_approvals_of_section_six_name_their_body(clause: str, body: str, paper: str) -> None:
    rules = [rule for work in CATALOGUE.works.values() for rule in work.rules if clause in rule.clauses]
    assert any(rule.verdict is Verdict.APPROVAL for rule in rules)
    for rule in rules:
        if rule.verdict is Verdict.APPROVAL:
            assert rule.body == body
            assert paper in rule.documents


def test_required_schemes_and_firms_are_declared() -> None:
    schemes = {"110§7": "load_scheme", "110§8": "waterproof_scheme", "110§14(4)": "structural_scheme"}
    for work in CATALOGUE.works.values():
        for rule in work.rules:
            assert rule.qualified_firm is ("110§9" in rule.clauses), work.key
            if rule.qualified_firm:
                cited = set(rule.clauses) & set(schemes)
                assert {schemes[clause] for clause in cited} <= set(rule.documents), work.key
            if "waterproof_scheme" in rule.documents:
                assert "water_test" in rule.documents, work.key


def test_every_body_has_its_own_step() -> None:
    assert "批准" in CATALOGUE.steps["planning"].zh
    # these confirm, consent or are notified; they approve nothing
    for body in ("property", "public_owner", "owners", "neighbours", "market", "housing_filing"):
        assert "批准" not in CATALOGUE.steps[body].zh


def test_every_document_can_be_required() -> None:
    rules = [rule for work in CATALOGUE.works.values() for rule in work.rules]
    rules += [setting.rule for setting in CATALOGUE.settings] + list(CATALOGUE.heritage.values())
    required = {document for rule in rules for document in rule.documents}
    for document in CATALOGUE.documents.values():
        assert document.when is not None or document.key in required, document.key
        assert document.clauses


# --- properties ------------------------------------------------------------------------------------------

answers = st.dictionaries(st.sampled_from(sorted(CATALOGUE.questions)), st.sampled_from(list(Answer)))
items = st.builds(ScopeItem, st.sampled_from(sorted(CATALOGUE.works)), answers)
contexts = st.builds(
    Context,
    house_kind=st.sampled_from(["", *HouseKind]),
    tenure=st.sampled_from(["", *Tenure]),
    role=st.sampled_from(list(HoldingRole)),
    heritage_class=st.integers(0, 4),
    surroundings=st.frozensets(st.sampled_from(["core", "control", "block", "retained", "relic"])),
    own_requirements=st.sampled_from(["", "保护立面和门厅。"]),
    has_contractor=st.booleans(),
)


@given(st.lists(items, max_size=4), items, contexts)
def test_one_more_work_never_removes_a_document(
    scope: list[ScopeItem], more: ScopeItem, context: Context
) -> None:
    before = judging.judge(scope, context, CATALOGUE)
    after = judging.judge([*scope, more], context, CATALOGUE)
    assert papers(before) <= papers(after)
    assert before.verdict <= after.verdict


@given(items, contexts)
def test_what_is_prohibited_to_an_owner_is_prohibited_to_everybody(item: ScopeItem, context: Context) -> None:
    owner = judging.judge_work(item, replace(context, role=HoldingRole.OWNER), CATALOGUE).verdict
    for role in HoldingRole:
        assert judging.judge_work(item, replace(context, role=role), CATALOGUE).verdict >= owner


@given(items, contexts)
def test_a_stricter_class_is_never_milder(item: ScopeItem, context: Context) -> None:
    verdicts = [
        judging.judge_work(item, replace(context, heritage_class=number), CATALOGUE).verdict
        for number in (0, 4, 3, 2, 1)
    ]
    assert verdicts == sorted(verdicts)


def _verdicts(item: ScopeItem, unknown: Context, known: Iterable[Context]) -> tuple[Verdict, set[Verdict]]:
    of_known = {judging.judge_work(item, context, CATALOGUE).verdict for context in known}
    return judging.judge_work(item, unknown, CATALOGUE).verdict, of_known


@given(items, contexts)
def test_an_unknown_class_never_allows_what_a_class_would_bar(item: ScopeItem, context: Context) -> None:
    unknown, known = _verdicts(
        item, replace(context, heritage_class=None), (replace(context, heritage_class=n) for n in range(5))
    )
    assert unknown >= min(known)
    if len(known) > 1:
        assert unknown >= min(max(known), Verdict.CHECK)


@given(items, contexts)
def test_a_listed_house_of_no_known_class_is_judged_by_what_all_classes_have_in_common(
    item: ScopeItem, context: Context
) -> None:
    unknown, known = _verdicts(
        item,
        replace(context, heritage_class=HeritageClass.LISTED),
        (replace(context, heritage_class=n) for n in range(1, 5)),
    )
    assert unknown >= min(known)
    if len(known) == 1:
        assert unknown in known
    else:
        assert unknown >= min(max(known), Verdict.CHECK)
        assert unknown is not Verdict.ALLOWED


@pytest.mark.parametrize(
    ("work", "answers", "expected"),
    [
        # classes one to three keep the structure, class four does not
        ("structure.wall", {"design_scheme": YES}, Verdict.CHECK),
        # a main façade is kept by each of the four
        ("facade.paint", {"main_facade": YES}, Verdict.PROHIBITED),
        # classes one and two keep the whole façade
        ("facade.paint", {"main_facade": NO}, Verdict.CHECK),
    ],
)
def test_what_depends_on_the_class_is_asked(work: str, answers: dict[str, Answer], expected: Verdict) -> None:
    listed = replace(COMMODITY, heritage_class=HeritageClass.LISTED)
    judged = judging.judge_work(ScopeItem(work, answers), listed, CATALOGUE)
    assert judged.verdict is expected
    asked = [finding for finding in judged.findings if judging.CLASS in finding.open_questions]
    assert bool(asked) == (expected is Verdict.CHECK)
    assert all(finding.clauses[0] == "LS§28" for finding in asked)


@given(items, contexts)
def test_an_unknown_area_never_allows_what_an_area_would_bar(item: ScopeItem, context: Context) -> None:
    others = context.surroundings - {"core", "control"}
    unknown, known = _verdicts(
        item,
        replace(context, surroundings=others, is_area_known=False),
        (replace(context, surroundings=others | area) for area in (set(), {"control"}, {"core"})),
    )
    assert unknown >= min(known)
    if len(known) > 1:
        assert unknown >= min(max(known), Verdict.CHECK)


@pytest.mark.parametrize(
    ("work", "unknown", "question"),
    [
        ("facade.paint", {"heritage_class": None}, "@protected"),
        ("finish.paint", {"heritage_class": None}, "@protected"),
        ("facade.paint", {"is_area_known": False}, "@surroundings"),
    ],
)
def test_what_is_not_recorded_is_asked(work: str, unknown: dict[str, object], question: str) -> None:
    judged = judging.judge_work(ScopeItem(work), replace(COMMODITY, **unknown), CATALOGUE)  # type: ignore[arg-type]
    asked = [finding for finding in judged.findings if question in finding.open_questions]
    assert asked
    assert all(finding.verdict is Verdict.CHECK for finding in asked)
    assert judged.verdict >= Verdict.CHECK


def test_its_own_requirements_protect_a_house_whose_class_is_not_recorded() -> None:
    own = replace(COMMODITY, heritage_class=None, own_requirements="保护门厅和楼梯。")
    judged = judging.judge_work(ScopeItem("finish.paint", {"own_requirements": NO}), own, CATALOGUE)
    assert judged.verdict is Verdict.PROHIBITED


@given(items, contexts)
def test_an_unknown_answer_never_allows_what_an_answer_would_prohibit(
    item: ScopeItem, context: Context
) -> None:
    for question in judging.questions_of(CATALOGUE.works[item.work], context, CATALOGUE):
        outcomes = {
            answer: judging.judge_work(_with_answer(item, question, answer), context, CATALOGUE).verdict
            for answer in Answer
        }
        worst = max(outcomes[YES], outcomes[NO])
        if worst is Verdict.PROHIBITED or worst > min(outcomes[YES], outcomes[NO]):
            assert outcomes[UNKNOWN] >= min(worst, Verdict.CHECK)


@given(items, contexts)
def test_only_relevant_questions_change_the_verdict(item: ScopeItem, context: Context) -> None:
    relevant = judging.questions_of(CATALOGUE.works[item.work], context, CATALOGUE)
    reduced = ScopeItem(item.work, {key: value for key, value in item.answers.items() if key in relevant})
    assert (
        judging.judge_work(item, context, CATALOGUE).verdict
        is judging.judge_work(reduced, context, CATALOGUE).verdict
    )


def _with_answer(item: ScopeItem, question: str, answer: Answer) -> ScopeItem:
    answers: Mapping[str, Answer] = {**item.answers, question: answer}
    return ScopeItem(item.work, answers)
