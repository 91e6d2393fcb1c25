"""Validation of the office's settings, operators and passwords."""

import re
from collections.abc import Collection

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.common_passwords import folded, is_common
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


def password_faults(password: str, login: str = "", office: str = "", name: str = "") -> dict[str, str]:
    """Return the fault of a password that is too short, too long or easily guessed.

    `login` and `name` are those of its operator, `office` is the name of the office; '' is unknown.
    """
    fault = _length_fault(password) or _guess_fault(password, login, office, name)
    return {"password": fault} if fault else {}


def _length_fault(password: str) -> str:
    if len(password) > LONGEST_PASSWORD:
        return _("The password is longer than {n} characters.").format(n=LONGEST_PASSWORD)
    if len(password.strip()) < SHORTEST_PASSWORD:
        return _("The password needs at least {n} characters.").format(n=SHORTEST_PASSWORD)
    return ""


def _guess_fault(password: str, login: str, office: str, name: str) -> str:
    known = (
        (login, _("The operator name is no password, not even with digits added. Choose another one.")),
        (name, _("The operator's own name is no password, not even with digits added. Choose another one.")),
        (office, _("The name of the office is no password, not even with digits added. Choose another one.")),
    )
    for word, fault in known:
        if _is_built_on(password, word):
            return fault
    if password_quality(password) == 0:
        return _("The password repeats the same few characters. Use at least four different ones.")
    if is_common(password):
        return _("Many people use this password, so it is tried first. Choose another one.")
    return ""


def _is_built_on(password: str, word: str) -> bool:
    """Return whether a password is a known word, or that with nothing but digits and the like added."""
    plain, word = folded(password), folded(word)
    return bool(word) and plain.startswith(word) and not any(map(str.isalpha, plain[len(word) :]))


def new_password_faults(
    password: str, again: str, login: str = "", office: str = "", name: str = ""
) -> dict[str, str]:
    """Return the faults of a new password that `password_faults` refuses or that is repeated differently."""
    faults = password_faults(password, login, office, name)
    if not faults and password != again:
        faults = {"again": _("The two passwords differ. Type the same one twice.")}
    return faults


def password_quality_text(password: str, login: str = "", office: str = "", name: str = "") -> str:
    """Return what will be refused of a password being typed, or its quality; the rule before anything is typed."""
    if not password:
        return _("At least {n} characters; a short sentence is good.").format(n=SHORTEST_PASSWORD)
    if faults := password_faults(password, login, office, name):
        return faults["password"]
    texts = (
        _("Sufficient. Longer is better, for example a short sentence."),
        _("Good."),
        _("Very good."),
    )
    return texts[password_quality(password) - 1]


def password_scope_text() -> str:
    """Return what a password opens, said wherever a new one is chosen."""
    return _(
        "This password opens the office and every backup made while it is valid, also one on a USB drive. "
        "So the weakest password of the office guards them all."
    )


def repeat_text(password: str, again: str) -> str:
    """Return whether the repeated password is the same so far; '' while nothing is repeated."""
    if not again:
        return ""
    return _("Both are the same.") if password == again else _("Not the same yet.")


def password_quality(password: str) -> int:
    """Rate a password from 0 (too short or too simple, which is refused) to 3 (good)."""
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 4:
        return 0
    kinds = (str.isdigit, str.islower, str.isupper, lambda letter: not letter.isalnum())
    variety = sum(any(kind(letter) for letter in password) for kind in kinds)
    return min(3, max(1, variety - 1 + (len(password) >= 12)))
