"""Tiers and duties as words and chips in the language of the screen."""

from fuyuan_desk.core.texts import N_, _, language
from fuyuan_desk.standards.rules import Change, Direction, Duty, Tier, label
from fuyuan_desk.widgets.chips import Chip, Tone

_TONES: dict[Tier, Tone] = {
    Tier.PROTECTIVE: "neutral",
    Tier.CORRECTIVE: "warn",
    Tier.SETTLED: "info",
    Tier.LIVABLE: "ok",
}
_DIRECTIONS: dict[Direction, tuple[str, Tone, str]] = {
    Direction.RISES: (N_("rises"), "ok", "chevron-up"),
    Direction.FALLS: (N_("falls"), "warn", "chevron-down"),
    Direction.SAME: (N_("stays"), "neutral", ""),
    Direction.OTHER: (N_("changes"), "info", "refresh"),
}


def tier_chip(tier: Tier) -> Chip:
    """Show a tier; its steps are counted in the word, so that colour is not the only sign."""
    return Chip(label(tier), _TONES[tier], "standard")


def direction_chip(change: Change) -> Chip:
    """Show how a duty changes."""
    words, tone, picture = _DIRECTIONS[change.direction]
    return Chip(_(words), tone, picture)


def is_chinese() -> bool:
    """Whether the screen speaks Chinese."""
    return language().startswith("zh")


def group_text(duty: Duty) -> str:
    """Name the group a duty stands in."""
    return duty.group if is_chinese() else duty.group_en


def duty_name(duty: Duty) -> str:
    """Name what is to be done."""
    return duty.name if is_chinese() else duty.name_en


def duty_text(duty: Duty) -> str:
    """Say how often or within what time."""
    return duty.text if is_chinese() else duty.text_en


def season_text(duty: Duty) -> str:
    """Say in which months more is done, nothing for most duties."""
    if duty.season is None:
        return ""
    return duty.season.text if is_chinese() else duty.season.text_en
