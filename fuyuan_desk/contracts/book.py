"""The book of contracts (合同台账)."""

from datetime import date, timedelta

from fuyuan_desk.contracts.catalogue import terms
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.kinds import CONTRACT
from fuyuan_desk.contracts.rules import ContractKind, NoticeUnit, Term, contract_doubts
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Words, choices_of


def name(fields: ContractFields) -> str:
    """Return the name of a contract: its kind, and its number or first day."""
    return f"{name_of(ContractKind, fields.kind)} {fields.number or fields.starts_on or ''}".strip()


def _notice_mark(line: Line[ContractFields], today: date) -> Mark | None:
    end = line.fields.ends_on
    return None if end is None or end < today else _mark(line, line.extra.get("notice_on"), today)


def _end_mark(line: Line[ContractFields], today: date) -> Mark | None:
    return _mark(line, line.fields.ends_on, today)


def _mark(line: Line[ContractFields], day: date | None, today: date) -> Mark | None:
    """Return how a day is marked that is near or passed, while nothing follows the contract."""
    if day is None or line.extra.get("is_followed") or day > today + timedelta(days=terms().days_ahead):
        return None
    return Mark("error" if day < today else "warn", "calendar")


def _kind_and_number(line: Line[ContractFields]) -> str:
    """Return the kind with the number, which needs no column of its own then."""
    return f"{name_of(ContractKind, line.fields.kind)} {line.fields.number}".strip()


def _end_text(line: Line[ContractFields]) -> str:
    return name_of(Term, Term.OPEN) if line.fields.term == Term.OPEN else str(line.fields.ends_on or "")


def _notice_text(line: Line[ContractFields]) -> str:
    """Return the notice day; it is unknown of a contract with an end of which no period is entered."""
    day = line.extra.get("notice_on")
    if day is not None:
        return str(day)
    return "" if line.fields.term == Term.OPEN else _("Unknown")


def book() -> Book:
    """Declare the records of contracts."""
    law = terms()
    return Book(
        CONTRACT,
        _("Contracts"),
        Words(
            new=_("New contract"),
            add=_("&Add a contract"),
            nothing=_("No contract yet"),
            nothing_hint=_("Property service, maintenance, cleaning, leases: each with its end and notice."),
            choose_title=_("No contract chosen"),
            choose=_("Choose a contract to see and edit it."),
            find=_("Number, kind, Pinyin"),
            remove_hint=_("If it has ended, enter the last day instead: it stays in the history."),
        ),
        (
            Part("kind", _("&Kind"), "choice", required=True, choices=choices_of(ContractKind),
                 find="text", shown=Shown(150, sort=True, text=_kind_and_number)),
            Part("number", _("Num&ber"), "code", most=60, find="text",
                 shown=Shown(96, sort=True, naturally=True, at_first=False)),
            Part("estate_id", _("Estat&e"), "reference", required=True, filter="value",
                 shown=Shown(96, sort=True)),
            Part("organisation_id", _("&Organisation"), "reference", required=True, filter="value",
                 hint=_("A new one is added on the page “Organisations”."), shown=Shown(144, sort=True)),
            Heading(_("Term and notice")),
            Part("term", _("R&uns"), "choice", required=True, choices=choices_of(Term), span=2),
            Part("starts_on", _("&First day"), "date", required=True, shown=Shown(104, sort=True, at_first=False)),
            Part("ends_on", _("&Last day"), "date", filter="due", ahead=timedelta(days=law.days_ahead),
                 mark=_end_mark, shown=Shown(116, sort=True, least=112, text=_end_text)),
            Part("notice_on", _("Notice until"), "date", in_form=False, mark=_notice_mark,
                 shown=Shown(116, sort=True, by="notice_on", least=112, text=_notice_text)),
            Part("notice_count", _("Noti&ce period"), "int", low=1, high=999,
                 hint=numbered(law.notice_days, N_("None agreed for property service: {n} day."),
                               N_("None agreed for property service: {n} days."))),
            Part("notice_unit", _("Counted &in"), "choice", choices=choices_of(NoticeUnit)),
            Heading(_("Signing and filing")),
            Part("signed_on", _("Si&gned on"), "date", shown=Shown(104, sort=True, at_first=False)),
            Part("filed_on", _("File&d on"), "date", hint=_("At the housing office, within 30 days of signing."),
                 shown=Shown(104, sort=True, at_first=False)),
            Part("amount", _("Amoun&t"), "money", low=0, high=10_000_000_000_00, unit=_("yuan"),
                 shown=Shown(112, sort=True, at_first=False)),
            Part("nothing_follows", _("&No other one is to follow"), "check",
                 hint=_("Tick it, too, once another organisation has taken over.")),
            Part("is_followed", _("Followed by another"), "check", in_form=False),
            Part("remarks", _("Re&marks"), "lines", most=2000),
        ),
        name,
        order="ends_on",
        estate="estate_id",
        never_due={"nothing_follows": (True,), "is_followed": (True,)},
        about=_("Until when each contract runs, and until when notice can be given."),
        doubts=lambda fields, _line: contract_doubts(fields, law),
    )  # fmt: skip
