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
        ("iloveyou-2", False),
        ("iloveyou!!!x", False),
        ("12", False),
        ("", False),
        ("# MIT License", False),
    ],
)
def test_a_common_password_is_found_with_up_to_two_characters_added(password: str, is_listed: bool) -> None:
    assert is_common(password) == is_listed


def test_a_password_is_compared_without_width_case_and_outer_spaces() -> None:
    assert folded(" Ｉｌｏｖｅ ") == "ilove"
