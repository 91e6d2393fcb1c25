"""Search entries of a book's records: the words of the parts that say `find`, and what each part contributes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fuyuan_desk.core.texts import LANGUAGES, in_language
from fuyuan_desk.kit.book import Book, Line, Part, plain_text
from fuyuan_desk.store.search.index import Entry
from fuyuan_desk.store.search.reasons import Field, How


def entries_of(book_of: Callable[[], Book], lines: Iterable[Line[Any]]) -> Iterator[Entry]:
    """Build the search entries of records, given unmasked; a choice is found in every language of the program."""
    books = []
    for code in LANGUAGES:
        with in_language(code):
            books.append(book_of())
    book = books[0]
    parts = [part for part in book.fields if part.find]
    # a number that is not personal is found from its start as well
    typed = [part for part in parts if part.find == "text" or (part.find == "document" and part.mask is None)]
    texts = [one for part in typed for one in _in_each_language(part, books)]
    phones = [part for part in parts if part.find == "phone"]
    papers = [part for part in parts if part.find == "document"]
    for line in lines:
        estate = getattr(line.fields, book.estate) if book.estate else 0
        yield Entry(
            book.kind, line.id, _words(texts, line), _words(phones, line), _words(papers, line), estate or 0
        )


def fields_of(book: Book, lines: Iterable[Line[Any]]) -> dict[int, list[Field]]:
    """Return the fields by which records, given unmasked, are found, in the language of the screen; by key."""
    parts = [part for part in book.fields if part.find]
    found = {}
    for line in lines:
        found[line.id] = [_field(part, text) for part in parts if (text := plain_text(part, line))]
        if book.estate and (estate := line.names.get(book.estate)):
            found[line.id].append(Field(book.part(book.estate).name_shown, estate))
    return found


def _field(part: Part, text: str) -> Field:
    how: How = "text"
    if part.find == "phone":
        how = "phone"
    elif part.find == "document":
        how = "serial" if part.mask is None else "document"
    return Field(part.name_shown, text, part.mask(text) if part.mask else text, how)


def _in_each_language(part: Part, books: Iterable[Book]) -> list[Part]:
    """Return a choice as each book names it, any other part alone: its value is the same in every language."""
    return [book.part(part.name) for book in books] if part.kind in ("choice", "checks") else [part]


def _words(parts: Iterable[Part], line: Line[Any]) -> tuple[str, ...]:
    return tuple(text for part in parts if (text := plain_text(part, line)))
