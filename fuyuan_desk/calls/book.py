"""The books of calls (走访、接待): the log, and the list of those who are to be called on."""

from datetime import date

from fuyuan_desk.calls.catalogue import labels
from fuyuan_desk.calls.facts import CallFields, DueFields
from fuyuan_desk.calls.kinds import CALL
from fuyuan_desk.calls.rules import CallKind, Entry, FollowUp, How, due_text, entry_doubt, follow_up_of
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Words, choices_of


def name(fields: CallFields) -> str:
    """Return the name of a call, which names nobody: its day and kind."""
    day = "" if fields.called_on is None else fields.called_on.isoformat()
    return f"{day} {name_of(CallKind, fields.kind)}".strip()


def follow_mark(line: Line[CallFields], today: date) -> Mark | None:
    """Return how the day of a follow-up is marked: until it is done."""
    by = line.fields.follow_up_by
    if by is None or follow_up_of(line.fields) is not FollowUp.OPEN:
        return None
    return Mark("error" if by < today else "warn", "calendar")


def entry_mark(line: Line[CallFields], _today: date) -> Mark:
    """Return how it is marked whether a call was entered in 社区云."""
    return Mark("warn") if line.fields.entered_on is None else Mark("ok", "ok")


def _doubts(fields: CallFields, line: Line[CallFields] | None) -> dict[str, str]:
    doubts = {}
    if not fields.resident:
        doubts["resident"] = _(
            "Without a resident, the month sheet has neither a name nor an address for this call."
        )
    if line is not None and (changed := entry_doubt(line.fields, fields)):
        doubts["entered_on"] = changed
    return doubts


def _resident_text(line: Line[CallFields]) -> str:
    if not line.fields.resident and line.extra.get("unit_id"):  # in a home, but no longer said on whom
        return _("made anonymous")
    return line.extra.get("who") or _("nobody in particular")


def call_book() -> Book:
    """Declare the records of calls."""
    offered = tuple((label, label) for label in labels())
    return Book(
        CALL,
        _("Calls on residents"),
        Words(
            new=_("New call"),
            add=_("Record a &call"),
            nothing=_("No call yet"),
            nothing_hint=_("Whom the committee calls on, or receives, is recorded here, with what follows."),
            choose_title=_("No call chosen"),
            choose=_("Choose a call to see and edit it. Choose several to mark them as entered in 社区云."),
            find=_("Address of the home, Pinyin"),
            remove_hint=_("If it was entered in 社区云, remove it there, too."),
        ),
        (
            Part("resident", _("Res&ident"), "search", span=2, placeholder=_("Address, name or phone"),
                 hint=_("A home, its holder, or another person of it. Leave it empty for nobody in particular."),
                 shown=Shown(96, text=_resident_text)),
            # not a column of its own: it is told in that of the resident
            Part("who", _("Name"), in_form=False),
            Part("home", _("Home"), in_form=False, find="text", shown=Shown(196, wide=220)),
            Part("called_on", _("&Day"), "date", required=True, filter="period", shown=Shown(104, sort=True)),
            Part("entry", _("In 社区云"), "choice", in_form=False, choices=choices_of(Entry),
                 filter="value", shown=Shown(104, least=100), mark=entry_mark),
            Part("called_at", _("&Time"), "code", most=5, placeholder=_("e.g. 14:30"), shown=Shown(64, at_first=False)),
            Part("kind", _("&Kind"), "choice", required=True, choices=choices_of(CallKind),
                 filter="value", shown=Shown(80, sort=True)),
            Part("how", _("&How"), "choice", required=True, choices=choices_of(How), shown=Shown(88, sort=True)),
            Part("estate_id", _("Estat&e"), "reference", filter="value",
                 hint=_("It follows from the resident."), shown=Shown(112, sort=True, at_first=False)),
            Part("label", _("Ser&vice label"), "suggest", most=40, choices=offered, filter="value", for_many=True,
                 shown=Shown(96, sort=True)),
            Part("staff", _("Staf&f"), "names", required=True, most=200, span=2,
                 hint=_("Who went or received, divided by “、”."), shown=Shown(96, at_first=False)),
            Part("said", _("What was s&aid"), "lines", most=2000, sensitive=True),
            Heading(_("What follows")),
            Part("follow_up", _("What follo&ws"), "lines", most=500, sensitive=True),
            Part("follow_up_by", _("&By"), "date", filter="due", shown=Shown(112, sort=True, least=108),
                 mark=follow_mark),
            Part("follow_up_done_on", _("Do&ne on"), "date", for_many=True, shown=Shown(104, at_first=False)),
            Part("follow_state", _("Follow-up"), "choice", in_form=False, choices=choices_of(FollowUp),
                 filter="value"),
            Heading(_("Community cloud (社区云)")),
            Part("entered_on", _("Entered &on"), "date", for_many=True, shown=Shown(104, sort=True, at_first=False)),
            Part("entered_by", _("Entered by"), in_form=False, shown=Shown(96, at_first=False)),
        ),
        name,
        order="called_on",
        descending=True,
        estate="estate_id",
        about=_("Whom the committee called on or received, and what of it was entered in 社区云."),
        never_due={"follow_state": (FollowUp.DONE, FollowUp.NONE)},
        doubts=_doubts,
    )  # fmt: skip


def _tags_text(line: Line[DueFields]) -> str:
    return _(", ").join(tag.name for tag in line.fields.tags)


def due_book(today: date, *, with_notes: bool = False) -> Book:
    """Declare the list of those who are to be called on; `with_notes` leaves a column empty to be written into."""

    def mark(line: Line[DueFields], _today: date) -> Mark | None:
        days = (line.fields.due_on - today).days
        return None if days > 7 else Mark("error" if days < 0 else "warn", "calendar")

    notes = (Part("notes", _("Notes"), in_form=False, shown=Shown(260)),) if with_notes else ()
    return Book(
        CALL,
        _("Calls that are due"),
        Words(
            add=_("Record a &call"),
            nothing=_("Nobody is to be called on"),
            nothing_hint=_("Whoever has a tag that says how often to call, such as 独居老人, is listed here."),
            find=_("Address, tag"),
        ),
        (
            Part("name", _("Whom to call on"), shown=Shown(96)),
            Part("home", _("Home"), shown=Shown(220, sort=True)),
            Part("estate_id", _("Estate"), "reference", filter="value",
                 shown=None if with_notes else Shown(120, sort=True, in_large=False)),
            Part("tag_id", _("Tag"), "reference", filter="value", shown=Shown(150, text=_tags_text)),
            Part("last_on", _("Last call"), "date",
                 shown=Shown(104, sort=True, text=lambda line: _last_text(line.fields))),
            Part("due_on", _("Due"), "date", filter="due", mark=mark,
                 shown=Shown(128, sort=True, text=lambda line: due_text(
                     line.fields.last_on, line.fields.due_on, today))),
            *notes,
        ),
        lambda fields: fields.home,
        order="due_on",
        estate="estate_id",
        about=_("Those whose tag says how often to call. Enter records a call on the chosen one."),
    )  # fmt: skip


def _last_text(fields: DueFields) -> str:
    return _("never") if fields.last_on is None else fields.last_on.isoformat()
