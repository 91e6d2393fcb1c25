"""The printed slip of a backup (备份凭条); the wording is in `resources/forms/slip.json`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fuyuan_desk.audit.sheets import LABELLED, end_blocks, signatures
from fuyuan_desk.backups.facts import BackupSlip
from fuyuan_desk.backups.rules import size_text
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, table
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.table import Fact

_TEXT = 9.5
_CHECKED = {True: "verified", False: "damaged", None: "unknown"}


def backup_slip(slip: BackupSlip) -> Printed:
    """Print what a backup is and where its audit trail ends, to be signed and locked away."""
    wording = read_json("forms", "slip.json")
    title = wording["title"]
    aside = wording["aside"].format(number=f"{slip.entry:,}", time=_time(wording, slip.made))
    sheet = frame.Sheet(slip.office, title, None, tuple(_body(slip, wording)), wording["note"], aside)
    return frame.print_sheets([sheet], f"{title} {slip.name}", slip.office, slip.made.astimezone().date())


def _time(wording: dict[str, Any], at: datetime) -> str:
    text: str = wording["time"].format(time=at.astimezone())
    return text


def _body(slip: BackupSlip, wording: dict[str, Any]) -> Iterator[Block]:
    labels = wording["labels"]
    facts = [
        Fact(labels["place"], _place(slip, wording), wide=True),
        Fact(labels["name"], slip.name),
        Fact(labels["taken"], _time(wording, slip.taken_at)),
        Fact(labels["program"], slip.program),
        Fact(labels["size"], size_text(slip.size)),
        Fact(labels["made"], _time(wording, slip.made)),
        Fact(labels["operator"], slip.operator),
        Fact(labels["holds"], _holds(slip, wording), wide=True),
        Fact(labels["checked"], wording[_CHECKED[slip.verified]].format(fault=slip.fault), wide=True),
    ]
    yield from table.facts(facts, frame.LEFT, frame.CONTENT)
    yield from end_blocks(wording["end"], slip.entry, slip.hash)
    yield table.passage(LABELLED, labels["use"], wording["use"], _TEXT)
    yield signatures()


def _place(slip: BackupSlip, wording: dict[str, Any]) -> str:
    title = wording["places"]["other" if slip.kind is None else slip.kind.value].format(name=slip.place)
    text: str = wording["place"].format(title=title, path=slip.path)
    return text


def _holds(slip: BackupSlip, wording: dict[str, Any]) -> str:
    counted = [
        wording["counted"].format(kind=name, count=f"{slip.counts[kind]:,}")
        for kind, name in wording["kinds"].items()
        if slip.counts.get(kind)
    ]
    text: str = wording["records" if counted else "no_kinds"].format(
        count=f"{slip.rows:,}", kinds="、".join(counted)
    )
    return text
