"""What a clerk is asked of the estate of a roster before it is imported."""

from collections.abc import Callable

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.naming import listed_estates
from fuyuan_desk.roster.service.alike_estates import AlikeEstate
from fuyuan_desk.widgets.banner import Banner


def ask_one_estate(banner: Banner, folded: tuple[str, ...], estate: str, name: Callable[..., None]) -> None:
    """Let the clerk confirm that a roster of several estates becomes one; `name` names its estate."""
    text = _("The file names {n} estates: {estates}. All rows would be put into «{estate}».")
    banner.say(
        "warn",
        text.format(n=len(folded), estates=listed_estates(folded), estate=estate),
        _("Put all into {estate}").format(estate=estate),
        lambda: name(estate, one_estate=True),
        _("As in the &file"),
        lambda: name(""),
    )


def ask_alike_estate(banner: Banner, alike: AlikeEstate, name: Callable[..., None]) -> None:
    """Ask which estate a roster is of that has the holders of one which the store calls otherwise."""
    if not alike.is_only:
        banner.say("warn", alike.question)
        return
    banner.say(
        "warn",
        alike.question,
        _("Put all into {estate}").format(estate=alike.known),
        lambda: name(alike.known),
        _("A &new estate, {estate}").format(estate=alike.listed),
        lambda: name(alike.listed),
    )
