import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from fuyuan_desk.process.high_contrast import SystemColours
from fuyuan_desk.widgets import theme
from fuyuan_desk.widgets.contrast import (
    LEAST,
    between,
    contrast,
    drawn_on,
    furthest_ground,
    high_contrast_colours,
    luminance,
)

BLACK = SystemColours("#000000", "#ffffff", "#3ff23f")
WHITE = SystemColours("#ffffff", "#000000", "#600000")
DESERT = SystemColours("#fffaef", "#3d3d3d", "#676767")
NIGHT = SystemColours("#202020", "#ffffff", "#a6a6a6")
THEMES = (BLACK, WHITE, DESERT, NIGHT)
# every name that is ever written, and every ground on which it is
INKS = ("ink", "muted", "accent", "accent_dark", "error", "warn", "ok", "info", "neutral")
GROUNDS = ("paper", "panel", "hover", "line", "accent_soft", "error_soft", "warn_soft", "ok_soft", "info_soft",
           "neutral_soft")  # fmt: skip


@pytest.mark.parametrize("system", THEMES)
def test_every_text_keeps_the_contrast_on_every_ground(system: SystemColours) -> None:
    made = high_contrast_colours(system, theme.COLOURS)
    assert {
        (ink, ground) for ink in INKS for ground in GROUNDS if contrast(made[ink], made[ground]) < LEAST
    } == set()
    assert contrast(made["on_accent"], made["accent"]) >= LEAST
    assert made.keys() == theme.COLOURS.keys()


@pytest.mark.parametrize("system", THEMES)
def test_what_is_chosen_can_be_told_from_the_rest_and_the_disabled_from_the_enabled(
    system: SystemColours,
) -> None:
    made = high_contrast_colours(system, theme.COLOURS)
    assert contrast(made["accent_soft"], made["panel"]) > 1.3
    assert made["disabled"] == system.disabled != made["ink"]


def test_white_on_black_has_the_contrast_of_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert (luminance("#000000"), luminance("#ffffff")) == (0, 1)


@given(st.floats(0, 1))
def test_a_colour_between_lies_between(share: float) -> None:
    assert 0 <= luminance(between("#000000", "#ffffff", share)) <= 1
    assert between("#102030", "#405060", 0) == "#102030"
    assert between("#102030", "#405060", 1) == "#405060"


def test_colours_too_close_leave_no_ground_but_the_paper() -> None:
    assert furthest_ground("#ffffff", "#999999") == 0
    assert furthest_ground("#ffffff", "#000000") > 0.3


def test_pictures_follow_the_ground() -> None:
    assert [drawn_on(high_contrast_colours(system, theme.COLOURS)) for system in THEMES] == [
        "dark", "light", "light", "dark",
    ]  # fmt: skip


def test_the_theme_gives_way_and_comes_back(qapp: QApplication) -> None:
    usual = dict(theme.COLOURS)
    theme.apply_theme(qapp, system=BLACK)
    assert theme.colour("panel").name() == "#000000"
    assert qapp.palette().windowText().color().name() == "#ffffff"
    made = theme.stylesheet()
    assert "white-chevron-down.svg" in made
    assert "tick-black.svg" in made
    assert "@" not in made
    theme.apply_theme(qapp, system=WHITE)
    assert "tick-white.svg" in theme.stylesheet()
    theme.apply_theme(qapp)
    assert usual == theme.COLOURS
    assert "/chevron-down.svg" in theme.stylesheet()
