"""The book of visits (巡查记录): a list alone, because a visit is logged item by item on a page of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import VisitFields
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.rules.visits import Conclusion, Party, SubjectKind, label
from fuyuan_desk.kit.book import Book, Line, Mark, Part, Shown, Words, choices_of

CONCLUSION_MARKS: Mapping[str, Mark] = {
    Conclusion.CLEAN: Mark("ok"),
    Conclusion.ON_THE_SPOT: Mark("ok", "ok"),
    Conclusion.DEADLINE: Mark("warn", "calendar"),
    Conclusion.REPORT: Mark("error"),
}


CORRECTED_MARK = Mark("ok", "ok")
"""The mark of a visit after which all that had failed had passed."""


def _conclusion_text(line: Line[VisitFields]) -> str:
    """Return the conclusion, or that what failed had passed later."""
    corrected = line.extra.get("corrected")
    if corrected is not None:
        return _("Passed again {day}").format(day=f"{corrected.day:%m-%d}")
    return label(Conclusion(line.fields.conclusion))


def _conclusion_whole(line: Line[VisitFields]) -> str:
    """Return the conclusion as it was, and when what failed had passed."""
    text = label(Conclusion(line.fields.conclusion))
    corrected = line.extra.get("corrected")
    if corrected is None:
        return text
    return f"{text} · {_('Passed again {day}').format(day=corrected.day)}"


def _conclusion(line: Line[VisitFields], _today: date) -> Mark | None:
    if line.extra.get("corrected") is not None:
        return CORRECTED_MARK
    return CONCLUSION_MARKS.get(line.fields.conclusion)


def _subject(line: Line[VisitFields]) -> str:
    """Return the subject without what stands in the column of the estate."""
    if line.fields.subject_kind == SubjectKind.ESTATE:
        return " ".join(filter(None, (label(SubjectKind.ESTATE), line.extra.get("place"))))
    number, _blank, name = line.fields.subject.partition(" ")
    return f"{number} {name.removeprefix(line.names['estate_id'])}".strip()


def _count(name: str) -> Callable[[Line[Any]], str]:
    return lambda line: f"{line.extra[name]:,}" if line.extra[name] else ""


def visit_book() -> Book:
    """Declare the records of visits."""
    return Book(
        VISIT,
        _("Visit log"),
        Words(
            add=_("Log a &visit"),
            nothing=_("No visit yet"),
            nothing_hint=_("Print the sheet, do the round, then log the findings here."),
            find=_("Number, place, inspector"),
        ),
        (
            # numbers grow with the keys; as texts, 10000 would sort before 9999
            Part("number", _("Number"), find="text", shown=Shown(116, sort=True, by="id", least=112)),
            Part("at", _("When"), "instant", filter="period", shown=Shown(146, sort=True, least=142)),
            Part("estate_id", _("Estate"), "reference", filter="value", shown=Shown(104, sort=True)),
            Part("subject", _("Subject"), find="text",
                 shown=Shown(162, sort=True, least=156, wide=200, text=_subject, tip=lambda line: line.fields.subject)),
            Part("party", _("Party"), "choice", choices=choices_of(Party, label), filter="value",
                 shown=Shown(114, sort=True, by="party", in_large=False)),
            Part("inspectors", _("Inspectors"), find="text", shown=Shown(88, sort=True, wide=130, in_large=False)),
            Part("conclusion", _("Result"), "choice", choices=choices_of(Conclusion, label),
                 mark=_conclusion,
                 shown=Shown(148, sort=True, by="conclusion", text=_conclusion_text, whole=_conclusion_whole)),
            # not a column of its own: it is told in that of the conclusion
            Part("corrected", _("Passed again"), in_form=False),
            # nor this one: it is told in that of the subject
            Part("place", _("Building or gate"), in_form=False),
            Part("failures", _("Failed"), "int", in_form=False,
                 shown=Shown(62, sort=True, text=_count("failures"))),
            Part("photos", _("Photos"), "int", in_form=False,
                 shown=Shown(66, at_first=False, text=_count("photos"))),
            Part("deadline", _("Correct by"), "date", shown=Shown(100, sort=True)),
        ),
        lambda fields: f"{fields.subject} {fields.number}",
        order="at",
        descending=True,
        estate="estate_id",
        about=_("Print blank sheets, fill them in on site, log the findings. Enter opens a visit."),
    )  # fmt: skip
