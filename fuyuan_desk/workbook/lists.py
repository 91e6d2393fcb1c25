"""A list as it stood on the screen, as an Excel workbook."""

from collections.abc import Iterable, Sequence

from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes


def list_workbook(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()
) -> bytes:
    """Write a list as one sheet named `title`; the columns `right`, by their place, hold figures.

    Every other cell is text, so that a name that begins with = or a long number stays what it is.
    """
    figures = frozenset(right)
    values = [[_value(text, place in figures) for place, text in enumerate(row)] for row in rows]
    return workbook_bytes([Sheet(title, headers, values)])


def _value(text: str, figure: bool) -> Value:
    if figure:
        try:
            return float(text.replace(",", ""))
        except ValueError:
            pass
    return text
