"""Validation of the office's settings, operators and passwords."""

import re
from collections.abc import Collection

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.phones import phone_fault

LONGEST_NAME = 50
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1_000
IDLE_MINUTES = (1, 120)
_LOGIN = re.compile(r"[\w.\-·]{1,50}")


def settings_faults(settings: OfficeSettings, known_phone: str = "") -> dict[str, str]:
    """Return the faults of the settings by field; the telephone that is stored already is not judged again."""
    faults = {}
    if not settings.name.strip():
        faults["name"] = _("Enter the name of the residents' committee.")
    elif len(settings.name) > 100:
        faults["name"] = _("The name is longer than {n} characters.").format(n=100)
    phone = settings.phone.strip()
    if phone not in ("", known_phone.strip()) and (fault := phone_fault(phone)):
        faults["phone"] = fault
    if not IDLE_MINUTES[0] <= settings.idle_minutes <= IDLE_MINUTES[1]:
        faults["idle_minutes"] = _("Enter a number of minutes from {low} to {high}.").format(
            low=IDLE_MINUTES[0], high=IDLE_MINUTES[1]
        )
    return faults


def operator_faults(login: str, name: str) -> dict[str, str]:
    """Return the faults of an operator by field."""
    faults = {}
    if not _LOGIN.fullmatch(login):
        faults["login"] = _("Use letters, digits, Chinese characters, dots or dashes, without spaces.")
    if not name.strip():
        faults["name"] = _("Enter the operator's name.")
    elif len(name) > LONGEST_NAME:
        faults["name"] = _("The name is longer than {n} characters.").format(n=LONGEST_NAME)
    return faults


def estates_faults(role: str, estates: Collection[int]) -> dict[str, str]:
    """Return the fault of an operator of a property company who would see no estate."""
    if role != Role.PROPERTY or estates:
        return {}
    return {"estates": _("An operator of a property company needs at least one estate. Choose it.")}


def password_faults(password: str) -> dict[str, str]:
    """Return the fault of a password that is too short or too long."""
    if len(password) > LONGEST_PASSWORD:
        return {"password": _("The password is longer than {n} characters.").format(n=LONGEST_PASSWORD)}
    if len(password.strip()) >= SHORTEST_PASSWORD:
        return {}
    return {"password": _("The password needs at least {n} characters.").format(n=SHORTEST_PASSWORD)}


def new_password_faults(password: str, again: str) -> dict[str, str]:
    """Return the faults of a new password that is too short, too long or repeated differently."""
    faults = password_faults(password)
    if not faults and password != again:
        faults = {"again": _("The two passwords differ. Type the same one twice.")}
    return faults


def password_quality_text(password: str) -> str:
    """Return a hint on the quality of a password being typed; the rule before anything is typed."""
    if not password:
        return _("At least {n} characters; a short sentence is good.").format(n=SHORTEST_PASSWORD)
    texts = (
        _("Too short or too simple: use eight or more different characters."),
        _("Sufficient. Longer is better, for example a short sentence."),
        _("Good."),
        _("Very good."),
    )
    return texts[password_quality(password)]


def repeat_text(password: str, again: str) -> str:
    """Return whether the repeated password is the same so far; '' while nothing is repeated."""
    if not again:
        return ""
    return _("Both are the same.") if password == again else _("Not the same yet.")


def password_quality(password: str) -> int:
    """Rate a password from 0 (too short or too simple) to 3 (good), for a hint only."""
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 4:
        return 0
    kinds = (str.isdigit, str.islower, str.isupper, lambda letter: not letter.isalnum())
    variety = sum(any(kind(letter) for letter in password) for kind in kinds)
    return min(3, max(1, variety - 1 + (len(password) >= 12)))
