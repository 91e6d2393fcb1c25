"""Texts and chips for tiers and duties in the language of the screen."""

from fuyuan_desk.core.texts import N_, _, language
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
    """Return the frequency or time limit of a duty."""
    return duty.text if is_chinese() else duty.text_en


def season_text(duty: Duty) -> str:
    """Return the season in which a duty is done more often; empty for most duties."""
    if duty.season is None:
        return ""
    return duty.season.text if is_chinese() else duty.season.text_en
