"""Judging the scope of a renovation: allowed, with documents, with approval, or prohibited.

Pure functions from a catalogue of works, the facts of the house and the answers to a judgement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from fuyuan_desk.estates.rules.housing import HeritageClass
from fuyuan_desk.renovation.rules.works import (
    Answer,
    Catalogue,
    Conditions,
    Context,
    Element,
    Finding,
    Judgement,
    Keep,
    Match,
    RequiredDocument,
    Rule,
    ScopeItem,
    Touch,
    Verdict,
    Work,
    WorkJudgement,
)

CLASS = "@class"
"""The question for the class of a listed building."""
ASKABLE_FACTS = ("@house", "@protected", "@surroundings", CLASS)
"""Facts of the house that may be missing in its record; they are listed among the open questions."""
_AREAS = frozenset(("core", "control"))
_STRICTEST = 1
"""The protection class that keeps most (LS §28)."""
_ALL_CLASSES = "LS§28"

# --- conditions ----------------------------------------------------------------------------------------


def holds(when: Conditions, answers: Mapping[str, Answer], context: Context) -> Match:
    """Return whether all conditions hold; MAYBE when that depends on an unknown."""
    return min((_holds_one(name, values, answers, context) for name, values in when), default=Match.YES)


def _holds_one(name: str, values: tuple[str, ...], answers: Mapping[str, Answer], context: Context) -> Match:
    if not name.startswith("@"):
        answer = answers.get(name, Answer.UNKNOWN)
        return Match.MAYBE if answer is Answer.UNKNOWN else _match(answer in values)
    if name == "@house":
        return _match(context.house_kind in values) if context.house_kind else Match.MAYBE
    if name == "@protected" and context.protected is Match.MAYBE:
        return Match.MAYBE
    if name == "@surroundings" and not context.is_area_known and not _AREAS.isdisjoint(values):
        return _match(not context.surroundings.isdisjoint(values)) or Match.MAYBE
    facts: dict[str, Iterable[str]] = {
        "@role": (context.role,),
        "@surroundings": context.surroundings,
        "@public": (Answer.YES if context.is_public else Answer.NO,),
        "@protected": (Answer.YES if context.protected else Answer.NO,),
        "@contractor": (Answer.YES if context.has_contractor else Answer.NO,),
    }
    return _match(not set(values).isdisjoint(facts[name]))


def _match(value: bool) -> Match:
    return Match.YES if value else Match.NO


def _unanswered(when: Conditions, answers: Mapping[str, Answer], context: Context) -> tuple[str, ...]:
    """Return the unknowns: questions without an answer, and `@house` where the kind is not recorded."""
    return tuple(
        name
        for name, values in when
        if name in ASKABLE_FACTS or not name.startswith("@")
        if _holds_one(name, values, answers, context) is Match.MAYBE
    )


# --- judging ---------------------------------------------------------------------------------------------


def judge(scope: Iterable[ScopeItem], context: Context, catalogue: Catalogue) -> Judgement:
    """Judge a scope: 110 §5–9, WY §56–58, and what protects the building (LS §17, §28, §29, §33, §38)."""
    works = tuple(judge_work(item, context, catalogue) for item in scope)
    return Judgement(works, required_documents(works, context, catalogue))


def judge_work(item: ScopeItem, context: Context, catalogue: Catalogue) -> WorkJudgement:
    """Judge one work; without a finding it is allowed once registered (110 §13)."""
    work = catalogue.works[item.work]
    findings = [
        *_apply(work.rules, item.answers, context),
        *_from_setting(work, item.answers, context, catalogue),
        *_from_protection(work, item.answers, context, catalogue),
    ]
    kept = _without_duplicates(findings) or _apply((catalogue.ordinary,), {}, context)
    return WorkJudgement(work.key, kept[0].verdict, tuple(kept), questions_of(work, context, catalogue))


def _without_duplicates(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings worst first, dropping duplicates and doubts made redundant by a certain finding."""
    ordered = sorted(findings, key=lambda finding: (-finding.verdict, -finding.at_worst))
    certain = {finding.reason for finding in ordered if finding.verdict is not Verdict.CHECK}
    is_prohibited = any(finding.verdict is Verdict.PROHIBITED for finding in ordered)
    doubts: set[frozenset[str]] = set()
    kept: dict[tuple[Verdict, str], Finding] = {}
    for finding in ordered:
        if finding.verdict is Verdict.CHECK:
            questions = frozenset(finding.open_questions)
            if is_prohibited or finding.reason in certain or questions in doubts:
                continue
            doubts.add(questions)
        kept.setdefault((finding.verdict, finding.reason.zh), finding)
    return list(kept.values())


def _apply(rules: Iterable[Rule], answers: Mapping[str, Answer], context: Context) -> list[Finding]:
    judged = ((rule, holds(rule.when, answers, context)) for rule in rules)
    return [
        _finding(rule, match, _unanswered(rule.when, answers, context)) for rule, match in judged if match
    ]


def _finding(rule: Rule, match: Match, open_questions: tuple[str, ...] = ()) -> Finding:
    is_certain = match is Match.YES
    if is_certain or rule.verdict is Verdict.ALLOWED:
        documents, firm = (rule.documents, rule.qualified_firm) if is_certain else ((), False)
        return Finding(rule.verdict, rule.verdict, rule.reason, rule.clauses, documents, rule.body, firm)
    return Finding(Verdict.CHECK, rule.verdict, rule.reason, rule.clauses, open_questions=open_questions)


def _from_setting(
    work: Work, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> list[Finding]:
    found = []
    for touch in work.touches:
        for setting in catalogue.settings:
            if touch.element not in setting.elements or (setting.change_only and not touch.change):
                continue
            when = touch.when + setting.rule.when
            match = holds(when, answers, context)
            if match:
                found.append(_finding(setting.rule, match, _unanswered(when, answers, context)))
    return found


def _from_protection(
    work: Work, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> list[Finding]:
    """Apply the class of an outstanding historic building, or its own requirements where known."""
    if context.protected is Match.NO:
        return []
    if context.protected is Match.MAYBE:
        return _from_unknown_protection(work, answers, context, catalogue)
    found = []
    for touch in work.touches:
        affected = holds(touch.when, answers, context)
        if not affected:
            continue
        barred = min(affected, _barred(touch, answers, context, catalogue))
        if barred:
            found.append(_protection_finding(touch, barred, answers, context, catalogue))
        needs_scheme = min(affected, _needs_scheme(touch, answers))
        if needs_scheme:
            questions = _unanswered((*touch.when, *_grade_condition(touch)), answers, context)
            found.append(_finding(catalogue.heritage["scheme"], needs_scheme, questions))
    return found


def _from_unknown_protection(
    work: Work, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> list[Finding]:
    """Return what the strictest class would bar or require, as long as the class is not recorded."""
    strictest = replace(context, heritage_class=_STRICTEST)
    return [
        replace(
            finding,
            verdict=Verdict.CHECK,
            documents=(),
            body="",
            qualified_firm=False,
            open_questions=("@protected",),
        )
        for finding in _from_protection(work, answers, strictest, catalogue)
    ]


def _needs_scheme(touch: Touch, answers: Mapping[str, Answer]) -> Match:
    """Return whether a repair scheme is required (LS §38): not for shared parts, pipes, plain rooms and use."""
    if touch.element in (Element.SHARED, Element.WET, Element.USE):
        return Match.NO
    plain = touch.element is Element.INTERIOR and touch.change
    return _is_main(touch, answers) if plain else Match.YES


def _grade_condition(touch: Touch) -> Conditions:
    return () if touch.grade in ("main", "other") else ((touch.grade, ("yes",)),)


def _barred(touch: Touch, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue) -> Match:
    """Return whether protection forbids changing the affected element."""
    if not touch.change:
        return Match.NO
    own = answers.get("own_requirements", Answer.UNKNOWN)
    if context.own_requirements.strip() and own is not Answer.UNKNOWN:
        return _match(own is Answer.NO)
    by_class = _barred_by_class(touch, answers, context, catalogue)
    # the building's own requirements, while unread, may be stricter than the class
    return max(by_class, Match.MAYBE) if context.own_requirements.strip() else by_class


def _barred_by_class(
    touch: Touch, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> Match:
    barred = _outcomes(touch, answers, context, catalogue)
    return next(iter(barred), Match.NO) if len(barred) < 2 else Match.MAYBE


def _outcomes(
    touch: Touch, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> set[Match]:
    """Return whether each class that the house may be of forbids the change; several if the class decides."""
    keeps = (
        catalogue.protections[key].keeps.get(touch.element, Keep.NONE)
        for key in _possible_classes(context, catalogue)
    )
    return {_is_main(touch, answers) if keep is Keep.MAIN else _match(keep is Keep.ALL) for keep in keeps}


def _possible_classes(context: Context, catalogue: Catalogue) -> tuple[int, ...]:
    """Return the class of a listed building, or all while it is not known."""
    own = context.heritage_class
    if own == HeritageClass.LISTED:
        return tuple(catalogue.protections)
    return (own,) if own else ()


def _is_main(touch: Touch, answers: Mapping[str, Answer]) -> Match:
    if touch.grade in ("main", "other"):
        return _match(touch.grade == "main")
    answer = answers.get(touch.grade, Answer.UNKNOWN)
    return Match.MAYBE if answer is Answer.UNKNOWN else _match(answer is Answer.YES)


def _protection_finding(
    touch: Touch, barred: Match, answers: Mapping[str, Answer], context: Context, catalogue: Catalogue
) -> Finding:
    own = bool(context.own_requirements.strip())
    rule = catalogue.heritage["own" if own else touch.element.value]
    questions = _unanswered(touch.when, answers, context)
    if own:
        questions += _unanswered((("own_requirements", ("no",)),), answers, context)
    else:
        questions += _unanswered(_grade_condition(touch), answers, context)
        if len(_outcomes(touch, answers, context, catalogue)) > 1:
            questions = (CLASS, *questions)
    finding = _finding(rule, barred, questions)
    possible = _possible_classes(context, catalogue)
    if not possible:
        return finding
    clause = catalogue.protections[possible[0]].clause if len(possible) == 1 else _ALL_CLASSES
    return replace(finding, clauses=(clause, *finding.clauses))


def questions_of(work: Work, context: Context, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the questions that can change the verdict on this work in this house, in display order."""
    questions: dict[str, None] = {}
    nothing: Mapping[str, Answer] = {}
    for rule in work.rules:
        if holds(rule.when, nothing, context):
            questions.update(dict.fromkeys(_unanswered(rule.when, nothing, context)))
    for touch in work.touches:
        if context.protected is Match.YES or _setting_applies(touch, context, catalogue):
            questions.update(dict.fromkeys(_unanswered(touch.when, nothing, context)))
        if touch.change and context.protected is Match.YES:
            if context.own_requirements.strip():
                questions["own_requirements"] = None
            if touch.grade not in ("main", "other") and _grade_matters(touch, context, catalogue):
                questions[touch.grade] = None
    return tuple(name for name in questions if not name.startswith("@"))


def _setting_applies(touch: Touch, context: Context, catalogue: Catalogue) -> bool:
    return any(
        touch.element in setting.elements and holds(setting.rule.when, {}, context)
        for setting in catalogue.settings
    )


def _grade_matters(touch: Touch, context: Context, catalogue: Catalogue) -> bool:
    possible = (catalogue.protections[key] for key in _possible_classes(context, catalogue))
    is_partly_kept = any(protection.keeps.get(touch.element) is Keep.MAIN for protection in possible)
    # where its own requirements permit a change, notable interior still requires a filed scheme
    return is_partly_kept or (touch.element is Element.INTERIOR and bool(context.own_requirements.strip()))


def required_documents(
    works: Iterable[WorkJudgement], context: Context, catalogue: Catalogue
) -> tuple[RequiredDocument, ...]:
    """List the documents of an application (110 §13–15) in the order of the catalogue."""
    required: dict[str, list[str]] = {}
    for work in works:
        for finding in work.findings:
            keys = finding.documents + (("qualification",) if finding.qualified_firm else ())
            for key in keys:
                users = required.setdefault(key, [])
                if work.work not in users:
                    users.append(work.work)
    documents = []
    for document in catalogue.documents.values():
        always = document.when is not None and holds(document.when, {}, context) is Match.YES
        if always or document.key in required:
            users = [] if always else required[document.key]
            documents.append(RequiredDocument(document.key, tuple(users), document.due))
    return tuple(documents)
