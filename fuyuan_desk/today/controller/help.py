"""The help: reads the pages in the current language and shows them."""

from PySide6.QtCore import QObject

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import language
from fuyuan_desk.today.view.help import HelpPage, HelpView


def read_pages(code: str) -> tuple[HelpPage, ...]:
    """Read the pages of the help in the language `code`, in the order of `resources/help/index.json`."""
    suffix = "md" if code.startswith("zh") else "en.md"
    title = "title" if code.startswith("zh") else "title_en"
    return tuple(
        HelpPage(
            entry["key"],
            entry[title],
            paths.resource("help", f"{entry['key']}.{suffix}").read_text(encoding="utf-8"),
        )
        for entry in paths.read_json("help", "index.json")["pages"]
    )


class HelpController(QObject):
    """Shows the help pages."""

    def __init__(self) -> None:
        super().__init__()
        self.page = HelpView(read_pages(language()), paths.resource("help"))
