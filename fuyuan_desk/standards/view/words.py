"""Texts and chips for tiers and duties in the language of the screen."""

from collections.abc import Sequence

from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.estates.catalogue import equipment_rules
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.standards.rules import Change, Direction, Duty, Tier, label
from fuyuan_desk.widgets.chips import Chip, Tone

_TONES: dict[Tier, Tone] = {
    Tier.PROTECTIVE: "neutral",
    Tier.CORRECTIVE: "warn",
    Tier.SETTLED: "ok",
    Tier.LIVABLE: "ok",
}
_DIRECTIONS: dict[Direction, tuple[str, Tone, str]] = {
    Direction.RISES: (N_("rises"), "ok", "chevron-up"),
    Direction.FALLS: (N_("falls"), "warn", "chevron-down"),
    Direction.SAME: (N_("unchanged"), "neutral", ""),
    Direction.OTHER: (N_("changes"), "neutral", "refresh"),
}


def tier_chip(tier: Tier) -> Chip:
    """Return the chip of a tier."""
    return Chip(label(tier), _TONES[tier], "standard")


def direction_chip(change: Change) -> Chip:
    """Return the chip of a duty's change."""
    text, tone, picture = _DIRECTIONS[change.direction]
    return Chip(_(text), tone, picture)


def is_chinese() -> bool:
    """Return whether the language of the screen is Chinese."""
    return language().startswith("zh")


def group_text(duty: Duty) -> str:
    """Return the group of a duty."""
    return duty.group if is_chinese() else duty.group_en


def duty_name(duty: Duty) -> str:
    """Return the name of a duty."""
    return duty.name if is_chinese() else duty.name_en


def duty_text(duty: Duty) -> str:
    """Return the requirement of a duty as a sentence; on equipment that may be there it begins “If there is …”."""
    text = duty.text if is_chinese() else duty.text_en
    if not duty.if_there or duty.needs is None:
        return text
    rule = equipment_rules()[duty.needs]
    return rule.if_there + text if is_chinese() else rule.if_there_en + text[:1].lower() + text[1:]


def equipment_name(equipment: Equipment) -> str:
    """Return the name of a kind of equipment."""
    rule = equipment_rules()[equipment]
    return rule.name if is_chinese() else rule.name_en


def left_out_text(left_out: Sequence[Equipment]) -> str:
    """Return the line on the duties that are not listed because the estate has not got what they are about."""
    if not left_out:
        return ""
    names = _(", ").join(equipment_name(equipment) for equipment in left_out)
    return numbered(
        len(left_out),
        N_("Not listed: duties about {n} kind of equipment that this estate does not have: {names}"),
        N_("Not listed: duties about {n} kinds of equipment that this estate does not have: {names}"),
        names=names,
    )


def season_text(duty: Duty) -> str:
    """Return the season in which a duty is done more often; empty for most duties."""
    if duty.season is None:
        return ""
    return duty.season.text if is_chinese() else duty.season.text_en
