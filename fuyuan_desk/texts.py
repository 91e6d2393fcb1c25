"""Texts of the program: English in the source, translated by gettext at the moment they are shown."""

import gettext

from fuyuan_desk import paths

DOMAIN = "fuyuan_desk"
LANGUAGES = {"zh_CN": "简体中文", "en": "English"}

_current: gettext.NullTranslations | None = None
_language = "zh_CN"


def use_language(code: str) -> None:
    """Show all texts from now on in the language `code`, a key of `LANGUAGES`."""
    global _current, _language
    _language = code if code in LANGUAGES else "zh_CN"
    _current = gettext.translation(
        DOMAIN, localedir=paths.translations(), languages=[_language], fallback=True
    )


def language() -> str:
    """Give the code of the language in use."""
    return _language


def _(message: str) -> str:
    """Translate an English source text."""
    if _current is None:
        use_language(_language)
    assert _current is not None
    return _current.gettext(message)


def N_(message: str) -> str:  # noqa: N802 - the customary gettext name
    """Mark a text for translation that is translated later, where it is shown."""
    return message
