"""The list of common passwords, and how a password is compared with it."""

import pytest

from fuyuan_desk.core.common_passwords import folded, is_common


@pytest.mark.parametrize(
    ("password", "is_listed"),
    [
        ("iloveyou", True),
        ("ILoveYou", True),
        ("iloveyou!", True),
        ("iloveyou1!", True),
        ("iloveyou-2", True),
        ("iloveyou!!!99", True),
        ("!!!iloveyou", True),
        ("2024iloveyou", True),
        ("i l o v e y o u", True),
        ("iloveyouiloveyou", True),
        ("iloveyou!!!x", False),
        ("石库门里种月季花", False),
        ("12", False),
        ("", False),
        ("# MIT License", False),
    ],
)
def test_a_common_password_is_found_whatever_digits_and_signs_are_added(
    password: str, is_listed: bool
) -> None:
    assert is_common(password) == is_listed


def test_a_password_is_compared_without_width_case_and_outer_spaces() -> None:
    assert folded(" Ｉｌｏｖｅ ") == "ilove"
