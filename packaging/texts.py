"""Maintain the translations: extract the program's texts, compile, check.

python run.py texts                          extract new texts into i18n/*/LC_MESSAGES/*.po
.venv/bin/python packaging/texts.py --check  report what a translation lacks
"""

import argparse
import io
import string
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fuyuan_desk"
HEADER = """\
# The texts of 福元台 in the language that this folder is named for.
# Translate here; everything else in this file is written by `python run.py texts`."""
# a fixed date: a changing one would cause merge conflicts
DATE = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Maintain the translations of the program's texts.")
    parser.add_argument("--check", action="store_true", help="report problems and change nothing")
    parser.add_argument("--compile", nargs="+", type=Path, metavar="PO", help="only write the .mo of these")
    options = parser.parse_args()
    if options.compile:
        for po in options.compile:
            compile_catalogue(po)
        return 0
    pos = sorted(ROOT.glob("i18n/*/LC_MESSAGES/fuyuan_desk.po"))
    sources = source_texts()
    if options.check:
        found_problems = [
            f"{po.relative_to(ROOT)}: {problem}" for po in pos for problem in problems(po, sources)
        ]
        if not pos:
            found_problems.append("no translation in i18n/")
        print("\n".join(found_problems) or f"{len(sources)} texts, all translated")
        return 1 if found_problems else 0
    for po in pos:
        untranslated = update_catalogue(po, sources)
        print(f"{po.relative_to(ROOT)}: {len(untranslated)} to translate", *untranslated, sep="\n  ")
    return 0


def source_texts() -> list[str]:
    """Return every text that the program marks with `_` or `N_`, sorted."""
    found = extract_from_dir(str(PACKAGE), keywords={"_": None, "N_": None})
    return sorted({message for _, _, message, _, _ in found if isinstance(message, str)})


def read_catalogue(po: Path) -> Catalog:
    """Read a translation."""
    with po.open("rb") as opened:
        return read_po(opened)


def translations(catalogue: Catalog) -> dict[str, str]:
    """Return the translated texts of a catalogue by source text."""
    return {
        message.id: message.string
        for message in catalogue
        if message.id and isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }


def update_catalogue(po: Path, sources: Sequence[str]) -> list[str]:
    """Update a translation to the program's texts and compile it; return the untranslated texts."""
    known = translations(read_catalogue(po))
    po.write_bytes(written(po.parent.parent.name, known, sources))
    compile_catalogue(po)
    return [text for text in sources if text not in known]


def written(locale: str, known: dict[str, str], sources: Sequence[str]) -> bytes:
    """Return the contents of a translation file: the program's texts sorted, without locations and dates."""
    catalogue = Catalog(
        locale=locale,
        project="fuyuan_desk",
        version="1.0",
        charset="utf-8",
        fuzzy=False,
        header_comment=HEADER,
        language_team=locale,
    )
    for text in sources:
        catalogue.add(text, known.get(text, ""))
    catalogue.creation_date = catalogue.revision_date = DATE
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, width=0, no_location=True, omit_header=False)
    # Babel fills in placeholder addresses for unknown people; drop those lines
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if b"EMAIL@ADDRESS" not in line)


def compile_catalogue(po: Path) -> None:
    """Write the .mo beside a .po, atomically."""
    catalogue = read_catalogue(po)
    new = po.with_suffix(".mo.new")
    with new.open("wb") as opened:
        write_mo(opened, catalogue)
    new.replace(po.with_suffix(".mo"))


def problems(po: Path, sources: Sequence[str]) -> Iterator[str]:
    """Yield all problems of a translation, one message each."""
    catalogue = read_catalogue(po)
    known = translations(catalogue)
    current = set(sources)
    ids = {message.id for message in catalogue if isinstance(message.id, str) and message.id}
    yield from (f"not in the catalogue: {text!r}" for text in sorted(current - ids))
    yield from (f"no longer in the program: {text!r}" for text in sorted(ids - current))
    yield from (f"not translated: {text!r}" for text in sorted((current & ids) - set(known)))
    yield from (f"obsolete: {key!r}" for key in catalogue.obsolete)
    for message in catalogue:
        if message.id and message.fuzzy:
            yield f"fuzzy: {message.id!r}"
    for text, translation in sorted(known.items()):
        if placeholders(text) != placeholders(translation):
            yield f"other placeholders: {text!r} → {translation!r}"
    if po.read_bytes() != written(po.parent.parent.name, known, sources):
        yield "not as `python run.py texts` writes it"


def placeholders(text: str) -> set[str]:
    """Return the names in braces; a text with unbalanced braces has the only name `?`."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}


if __name__ == "__main__":
    sys.exit(main())
