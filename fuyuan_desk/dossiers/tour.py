"""The tour of files."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour


def walk(tour: Tour) -> Iterator[Path]:
    """Show the file of a home, and print it masked."""
    files = tour.go("files")
    files.open_unit(tour.known["unit"])
    tour.settle()
    yield tour.picture("file-of-a-home")
    files.page.print_button.click()
    files.dialog.form.set_values({"purpose": "走访前准备", "receiver": "本居委会", "level": "masked"})
    files.dialog.save_button.click()
    tour.settle(lambda: files.preview is not None and files.preview.preview.is_idle)
    yield tour.paper("file-of-a-home", files.preview.preview.pdf.raw)
    files.preview.close()
