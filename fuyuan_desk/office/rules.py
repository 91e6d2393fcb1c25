"""What the office says about itself: names, logins, settings."""

import re

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.core.texts import _

LONGEST_NAME = 50
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1_000
IDLE_MINUTES = (1, 120)
_LOGIN = re.compile(r"[\w.\-·]{1,50}")


def settings_faults(settings: OfficeSettings) -> dict[str, str]:
    """Give a sentence for every field of the settings that cannot be taken."""
    wrong = {}
    if not settings.name.strip():
        wrong["name"] = _("Enter the name of the residents' committee.")
    elif len(settings.name) > 100:
        wrong["name"] = _("The name is longer than {n} characters.").format(n=100)
    if not IDLE_MINUTES[0] <= settings.idle_minutes <= IDLE_MINUTES[1]:
        wrong["idle_minutes"] = _("Enter a number of minutes from {low} to {high}.").format(
            low=IDLE_MINUTES[0], high=IDLE_MINUTES[1]
        )
    return wrong


def operator_faults(login: str, name: str) -> dict[str, str]:
    """Give a sentence for every wrong field of an operator."""
    wrong = {}
    if not _LOGIN.fullmatch(login):
        wrong["login"] = _("Use letters, digits, Chinese characters, dots or dashes, without spaces.")
    if not name.strip():
        wrong["name"] = _("Enter the operator's name.")
    elif len(name) > LONGEST_NAME:
        wrong["name"] = _("The name is longer than {n} characters.").format(n=LONGEST_NAME)
    return wrong


def password_faults(password: str) -> dict[str, str]:
    """Give a sentence for a password that is too short to protect anything, or longer than anybody types."""
    if len(password) > LONGEST_PASSWORD:
        return {"password": _("The password is longer than {n} characters.").format(n=LONGEST_PASSWORD)}
    if len(password.strip()) >= SHORTEST_PASSWORD:
        return {}
    return {"password": _("The password needs at least {n} characters.").format(n=SHORTEST_PASSWORD)}


def new_password_faults(password: str, again: str) -> dict[str, str]:
    """Give a sentence for a new password that is too short or was not typed twice alike."""
    wrong = password_faults(password)
    if not wrong and password != again:
        wrong = {"again": _("The two passwords differ. Type the same one twice.")}
    return wrong


def password_quality_text(password: str) -> str:
    """Say what a password is worth while it is typed; '' for none."""
    told = (
        _("Too short or too plain: use eight or more different characters."),
        _("Sufficient. Longer is better, for example a short sentence."),
        _("Good."),
        _("Very good."),
    )
    return told[password_quality(password)] if password else ""


def password_quality(password: str) -> int:
    """Judge a password from 0 (too short or too plain) to 3 (good), for a hint only."""
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 4:
        return 0
    kinds = (str.isdigit, str.islower, str.isupper, lambda letter: not letter.isalnum())
    variety = sum(any(kind(letter) for letter in password) for kind in kinds)
    return min(3, max(1, variety - 1 + (len(password) >= 12)))
