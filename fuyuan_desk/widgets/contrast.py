"""Contrast of colours by WCAG, and the program's colours made of those of a contrast theme."""

from collections.abc import Mapping
from functools import lru_cache

from fuyuan_desk.process.high_contrast import SystemColours

LEAST = 7.0
"""Contrast of text and ground, as WCAG AAA requires it."""

# grounds on which text stands: as far from the paper as the contrast of the text allows, so that what is chosen or
# pressed can be told from it
_GROUNDS = {"accent_soft": 1.0, "line": 1.0, "hover": 0.5}
_PAPER = ("paper", "panel", "on_accent", "error_soft", "warn_soft", "ok_soft", "info_soft", "neutral_soft")
_DARK, _LIGHT = "dark", "light"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=65_536)
def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, from 0, black, to 1, white."""
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def between(one: str, other: str, share: float) -> str:
    """Return the colour that lies so far on the way from one to the other."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def furthest_ground(paper: str, ink: str, least: float = LEAST) -> float:
    """Return the largest share of ink in a ground on which text in that ink keeps the contrast; 0 if none does."""
    shares = (step / 100 for step in range(100))
    return max((share for share in shares if contrast(between(paper, ink, share), ink) >= least), default=0.0)


def high_contrast_colours(system: SystemColours, names: Mapping[str, str]) -> dict[str, str]:
    """Return a colour for each name of the program's own: those of the system, and grounds between them.

    States keep their words, pictures and patterns, and lose their colour.
    """
    made = dict.fromkeys(names, system.ink)
    made |= dict.fromkeys(_PAPER, system.paper)
    furthest = furthest_ground(system.paper, system.ink)
    for name, share in _GROUNDS.items():
        made[name] = between(system.paper, system.ink, furthest * share)
    return made | {"disabled": system.disabled}


def drawn_on(colours: Mapping[str, str]) -> str:
    """Return whether the grounds are `dark` or `light`, by which the stylesheet's pictures are chosen."""
    return _DARK if luminance(colours["panel"]) < luminance(colours["ink"]) else _LIGHT
