"""Converts judgements to views for the pages and to their stored form, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fuyuan_desk.core import law
from fuyuan_desk.core.texts import N_, _, language
from fuyuan_desk.estates.facts.houses import UnitSummary
from fuyuan_desk.estates.rules.housing import HistoricArea, HoldingRole
from fuyuan_desk.renovation.catalogue import catalogue, shown_text, site
from fuyuan_desk.renovation.facts import (
    ClauseView,
    DocumentView,
    FindingView,
    House,
    QuestionView,
    WorkChoice,
    WorkGroup,
    WorkView,
)
from fuyuan_desk.renovation.records import RenovationCase, RenovationDocument, RenovationWork
from fuyuan_desk.renovation.rules import hours as site_hours
from fuyuan_desk.renovation.rules import judging
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.works import (
    Answer,
    BilingualText,
    Context,
    Due,
    Finding,
    Judgement,
    RequiredDocument,
    ScopeItem,
    Verdict,
    WorkJudgement,
)


def work_groups(house_kind: str) -> tuple[WorkGroup, ...]:
    """List the works to choose from by group, marking those typical of a house kind."""
    found = catalogue()
    groups = []
    for key, name in found.groups.items():
        works = tuple(
            WorkChoice(work.key, shown_text(work.name), not work.typical or house_kind in work.typical)
            for work in found.works.values()
            if work.group == key
        )
        groups.append(WorkGroup(key, shown_text(name), works))
    return tuple(groups)


# --- the house -------------------------------------------------------------------------------------------


def surroundings_of(unit: UnitSummary) -> frozenset[str]:
    """Return the protection of a unit's surroundings, in the terms of the rules."""
    flags = {
        "block": unit.preserved_block,
        "retained": unit.retained_building,
        "relic": unit.cultural_relic,
        unit.historic_area: unit.historic_area not in ("", HistoricArea.NONE),
    }
    return frozenset(name for name, is_set in flags.items() if is_set)


def context_of(unit: UnitSummary, role: HoldingRole, has_contractor: bool) -> Context:
    """Build the context for judging from the facts of the house and the applicant."""
    return Context(
        house_kind=unit.house_kind,
        tenure=unit.tenure,
        role=role,
        heritage_class=unit.heritage_class,
        surroundings=surroundings_of(unit),
        own_requirements=unit.protection,
        has_contractor=has_contractor,
        is_area_known=unit.historic_area != "",
    )


def stored_context(context: Context) -> dict[str, Any]:
    """Convert a context to its stored form."""
    return {
        "house_kind": context.house_kind,
        "tenure": context.tenure,
        "role": context.role.value,
        "heritage_class": context.heritage_class,
        "surroundings": sorted(context.surroundings),
        "own_requirements": context.own_requirements,
        "has_contractor": context.has_contractor,
        "is_area_known": context.is_area_known,
    }


def read_context(stored: Mapping[str, Any]) -> Context:
    """Restore a context from its stored form."""
    return Context(
        house_kind=stored["house_kind"],
        tenure=stored["tenure"],
        role=HoldingRole(stored["role"]),
        heritage_class=stored["heritage_class"],
        surroundings=frozenset(stored["surroundings"]),
        own_requirements=stored["own_requirements"],
        has_contractor=stored["has_contractor"],
        is_area_known=stored.get("is_area_known", True),
    )


def is_outdated(case: RenovationCase, unit: UnitSummary) -> bool:
    """Return whether a case that is not started was judged by other facts of its house than those of today.

    A case that was started or closed keeps its judgement, and a newer catalogue alone changes none: each was right by
    the law of its day.
    """
    if case.status != CaseStatus.REGISTERED:
        return False
    now = context_of(unit, HoldingRole(case.applicant_role), bool(case.contractor))
    return read_context(case.context) != now


def house_of(unit: UnitSummary) -> House:
    """Build the view of a house."""
    hours = site().hours.without(site_hours.read_quiet_hours(unit.quiet_hours))
    return House(
        unit_id=unit.id,
        estate_id=unit.estate_id,
        estate=unit.estate,
        address=unit.address,
        house_kind=unit.house_kind,
        tenure=unit.tenure,
        heritage_class=unit.heritage_class,
        is_area_known=unit.historic_area != "",
        surroundings=tuple(sorted(surroundings_of(unit))),
        own_requirements=unit.protection,
        area=unit.area,
        hours=site_hours.format_hours(hours),
        quiet_hours=unit.quiet_hours,
    )


# --- views of a new judgement ----------------------------------------------------------------------------


def clause_view(ref: str) -> ClauseView:
    """Build the view of a clause in the language of the screen."""
    clause = law.clause(ref)
    if language().startswith("zh"):
        return ClauseView(clause.ref, clause.label, clause.text, clause.source)
    return ClauseView(clause.ref, clause.label_en, clause.text_en, clause.source)


def document_names(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of documents in the language of the screen."""
    known = catalogue().documents
    return tuple(shown_text(known[key].name) if key in known else key for key in keys)


_FACTS_TO_ASK = {
    "@house": N_("What kind of house is it? Enter it in the building or the estate."),
    "@protected": N_(
        "Is it an outstanding historic building, and of which class? Enter it in the building or the estate."
    ),
    "@class": N_(
        "Which class is the listed building? Ask the district housing authority for the class and the notice of its "
        "requirements, and enter it in the building or the estate."
    ),
    "@surroundings": N_("Does the estate lie in a historic area? Enter it in the estate."),
}
"""The question for each of `judging.ASKABLE_FACTS`."""


def question_texts(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the texts of questions and of missing facts of the house."""
    known = catalogue().questions
    texts = []
    for key in keys:
        if key in _FACTS_TO_ASK:
            texts.append(_(_FACTS_TO_ASK[key]))
        else:
            texts.append(shown_text(known[key].text) if key in known else key)
    return tuple(texts)


def finding_view(finding: Finding) -> FindingView:
    """Build the view of a finding."""
    return FindingView(
        verdict=finding.verdict,
        at_worst=finding.at_worst,
        reason=shown_text(finding.reason),
        clauses=tuple(clause_view(ref) for ref in finding.clauses),
        body=shown_text(catalogue().steps.get(finding.body)),
        documents=document_names(finding.documents),
        open_questions=question_texts(finding.open_questions),
        asks_house=not set(finding.open_questions).isdisjoint(_FACTS_TO_ASK),
    )


def work_view(judged: WorkJudgement, item: ScopeItem, stored_name: str = "") -> WorkView:
    """Build the view of a work with its findings and questions."""
    work = catalogue().works.get(judged.work)
    return WorkView(
        work=judged.work,
        name=shown_text(work.name if work else None, stored_name),
        group=shown_text(catalogue().groups[work.group]) if work else "",
        verdict=judged.verdict,
        findings=tuple(finding_view(finding) for finding in judged.findings),
        questions=tuple(
            QuestionView(key, text, item.answers.get(key, Answer.UNKNOWN))
            for key, text in zip(judged.questions, question_texts(judged.questions), strict=True)
        ),
        note=item.note,
    )


def required_view(required: RequiredDocument) -> DocumentView:
    """Build the view of a required document."""
    document = catalogue().documents[required.document]
    works = catalogue().works
    return DocumentView(
        document=required.document,
        name=shown_text(document.name),
        why=shown_text(document.why),
        clauses=tuple(clause_view(ref).label for ref in document.clauses),
        due=required.due,
        works=tuple(shown_text(works[key].name) for key in required.works),
    )


def judgement_views(
    judgement: Judgement, scope: Sequence[ScopeItem]
) -> tuple[tuple[WorkView, ...], tuple[DocumentView, ...]]:
    """Build the views of the works and documents of a judgement."""
    works = tuple(work_view(judged, item) for judged, item in zip(judgement.works, scope, strict=True))
    return works, tuple(required_view(required) for required in judgement.documents)


# --- the stored judgement of a case ----------------------------------------------------------------------


def stored_finding(finding: Finding) -> dict[str, Any]:
    """Convert a finding, its clauses already pinned, to its stored form."""
    return {
        "verdict": finding.verdict.name,
        "at_worst": finding.at_worst.name,
        "reason": finding.reason.zh,
        "reason_en": finding.reason.en,
        "clauses": list(finding.clauses),
        "documents": list(finding.documents),
        "body": finding.body,
        "qualified_firm": finding.qualified_firm,
        "open_questions": list(finding.open_questions),
    }


def read_finding(stored: Mapping[str, Any]) -> Finding:
    """Restore a finding from its stored form."""
    return Finding(
        verdict=Verdict[stored["verdict"]],
        at_worst=Verdict[stored["at_worst"]],
        reason=BilingualText(stored["reason"], stored["reason_en"]),
        clauses=tuple(stored["clauses"]),
        documents=tuple(stored["documents"]),
        body=stored["body"],
        qualified_firm=stored["qualified_firm"],
        open_questions=tuple(stored["open_questions"]),
    )


def scope_item(row: RenovationWork) -> ScopeItem:
    """Restore a work as entered."""
    answers = {key: Answer(value) for key, value in row.answers.items()}
    return ScopeItem(row.work, answers, row.note)


def judged_work(row: RenovationWork, context: Context) -> WorkJudgement:
    """Restore the judgement of a work; its questions are those of the current catalogue."""
    work = catalogue().works.get(row.work)
    questions = judging.questions_of(work, context, catalogue()) if work else ()
    findings = tuple(read_finding(stored) for stored in row.findings)
    return WorkJudgement(row.work, Verdict[row.verdict], findings, questions)


def stored_works(case: RenovationCase) -> tuple[WorkView, ...]:
    """Build the views of a case's works with their stored verdicts."""
    context = read_context(case.context)
    return tuple(work_view(judged_work(row, context), scope_item(row), row.name) for row in case.works)


def firm_works(case: RenovationCase) -> tuple[RenovationWork, ...]:
    """Return the works of a case that require a qualified firm (110 §9)."""
    return tuple(row for row in case.works if any(stored["qualified_firm"] for stored in row.findings))


def stored_documents(case: RenovationCase) -> tuple[DocumentView, ...]:
    """Build the views of a case's documents."""
    return tuple(_stored_document(case, row) for row in case.documents)


def _stored_document(case: RenovationCase, row: RenovationDocument) -> DocumentView:
    known = catalogue().documents.get(row.document)
    requiring = [
        work for work in case.works if any(row.document in stored["documents"] for stored in work.findings)
    ]
    works = catalogue().works
    names = (shown_text(works[w.work].name if w.work in works else None, w.name) for w in requiring)
    return DocumentView(
        document=row.document,
        name=shown_text(known.name if known else None, row.name),
        why=shown_text(known.why if known else None, row.why),
        clauses=tuple(clause_view(ref).label for ref in row.clauses),
        due=Due(row.due),
        works=tuple(names),
        received_on=row.received_on,
    )
