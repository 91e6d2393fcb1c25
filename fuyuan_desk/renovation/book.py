"""The book of renovation cases (装修登记): a list alone, because a case is filed and followed on pages of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import is_company, mask_name
from fuyuan_desk.kit.book import Book, Line, Mark, Part, Shown, Words, choices_of
from fuyuan_desk.renovation.facts import CaseFields
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus
from fuyuan_desk.renovation.rules.present import Present
from fuyuan_desk.renovation.rules.works import Verdict, label

VERDICT_MARKS: Mapping[str, Mark] = {
    Verdict.ALLOWED.name: Mark("ok", "ok"),
    Verdict.DOCUMENTS.name: Mark("warn", "document"),
    Verdict.APPROVAL.name: Mark("warn", "shield"),
    Verdict.CHECK.name: Mark("neutral", "help"),
    Verdict.PROHIBITED.name: Mark("error", "error"),
}


SETTLED_MARK = Mark("ok", "ok")


def _verdict(line: Line[CaseFields], _today: date) -> Mark | None:
    present: Present | None = line.extra.get("present")
    return SETTLED_MARK if present is not None and present.is_settled else VERDICT_MARKS.get(_name(line))


def _name(line: Line[CaseFields]) -> str:
    present: Present | None = line.extra.get("present")
    return present.verdict.name if present is not None else line.fields.verdict


def _verdict_text(line: Line[CaseFields]) -> str:
    """Return the verdict as it stands with the documents received so far."""
    present: Present | None = line.extra.get("present")
    if present is not None:
        return present.label
    name = line.fields.verdict
    return label(Verdict[name]) if name in Verdict.__members__ else name


def _status(line: Line[CaseFields], _today: date) -> Mark:
    state = COURSE.state(CaseStatus(line.fields.status))
    return Mark(state.tone, state.icon)


def missing_text(count: int) -> str:
    """Return how many documents are missing; '' when nothing is missing."""
    return _("{n} missing").format(n=count) if count else ""


def _missing(line: Line[Any], _today: date) -> Mark | None:
    return Mark("warn", "document") if line.extra["missing"] else None


def _works(line: Line[Any]) -> str:
    """Return the first work and the number of the others."""
    works: Sequence[str] = line.extra["works"] or ()
    if len(works) < 2:
        return "".join(works)
    return _("{work} and {n} more").format(work=works[0], n=len(works) - 1)


def _all_works(separator: str, line: Line[Any]) -> str:
    return separator.join(line.extra["works"] or ())


def _period(line: Line[CaseFields]) -> str:
    return f"{line.fields.starts_on:%Y-%m-%d} – {line.fields.ends_on:%m-%d}"


def _full_period(line: Line[CaseFields]) -> str:
    return f"{line.fields.starts_on:%Y-%m-%d} – {line.fields.ends_on:%Y-%m-%d}"


def _visit(line: Line[Any]) -> str:
    return line.extra["visit"].isoformat() if line.extra["visit"] else _("none yet")


def case_book() -> Book:
    """Declare the records of renovation cases."""
    return Book(
        CASE,
        _("Renovations"),
        Words(
            add=_("&New filing"),
            nothing=_("No renovation yet"),
            nothing_hint=_(
                "Enter the home, the applicant and the works; the verdict and the documents needed appear at once."
            ),
            find=_("Number, address, applicant, Pinyin"),
        ),
        (
            Part("number", _("Number"), find="text", shown=Shown(114, sort=True, least=114)),
            Part("estate_id", _("Estate"), "reference", filter="value"),
            Part("address", _("Address"), in_form=False, shown=Shown(200, sort=True, least=132)),
            Part("applicant", _("Applicant"), find="text", shown=Shown(84),
                 mask=lambda name: mask_name(name, is_company(name))),
            Part("works", _("Works"), in_form=False,
                 shown=Shown(188, least=104, text=_works, whole=lambda line: _all_works(_("; "), line),
                             tip=lambda line: _all_works("\n", line))),
            Part("present", _("Verdict"), in_form=False, mark=_verdict,
                 shown=Shown(108, at_first=False, least=108, text=_verdict_text)),
            Part("starts_on", _("Period"), "date",
                 shown=Shown(178, sort=True, text=_period, whole=_full_period, least=100)),
            Part("status", _("State"), "choice", choices=choices_of(CaseStatus, course.label), filter="value",
                 mark=_status, shown=Shown(96, sort=True, by="status", least=92)),
            Part("missing", _("Documents"), "int", in_form=False, mark=_missing,
                 shown=Shown(104, sort=True, least=92, text=lambda line: missing_text(line.extra["missing"]),
                             whole=lambda line: str(line.extra["missing"] or ""))),
            Part("visit", _("Last visit"), "date", in_form=False, shown=Shown(104, least=96, text=_visit)),
            Part("contractor", _("Contractor"), find="text", shown=Shown(160, sort=True, at_first=False)),
            Part("registered_on", _("Registered on"), "date", shown=Shown(108, sort=True, at_first=False)),
        ),
        lambda fields: fields.number,
        order="number",
        descending=True,
        estate="estate_id",
        about=_("Register every renovation before it starts. Enter opens a case; type to search."),
    )  # fmt: skip
