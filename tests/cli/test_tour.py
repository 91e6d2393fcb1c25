"""The tour without a screen: it writes pictures and documents and nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from fuyuan_desk.cli import tour
from fuyuan_desk.core.errors import Unusable

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "first-run-welcome", "first-run-recovery-code", "sign-in", "locked", "today", "today-empty", "estates",
    "estate-overview", "estate-standard", "home", "renovations", "renovation-prohibited", "new-filing",
    "renovation-filed", "inspections", "visit", "new-visit", "visit-logged", "standards", "import-start",
    "import-check", "import-done", "settings-1", "help", "search", "preview",
    "backup-none-yet", "backup-made-and-checked", "trail", "personal-data", "diagnostics", "second-person",
    "restore-which", "restore-two-persons", "restore-what-it-holds", "restore-where-to", "restore-done",
    "charts", "estate-rooms",
}  # fmt: skip
PAPERS = {
    "registration": 1, "registrations-of-all": 10, "inspection-sheet-case": 1, "inspection-sheet-estate": 1,
    "inspection-sheets-batch": 15, "recovery-sheet": 1, "person-report": 1, "charts": 1, "order": 3,
}  # fmt: skip


# the tour as a process, with what it still has open at its end
RUN = """
import os, sys
from pathlib import Path
from fuyuan_desk.__main__ import main
code = main(["tour", sys.argv[1]])
handles = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
opened = [os.readlink(handle) for handle in handles if os.path.lexists(handle)]
Path(sys.argv[2]).write_text("\\n".join(opened), encoding="utf-8")
sys.exit(code)
"""


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, subprocess.CompletedProcess[str]]:
    """Run the tour once; return its output folder, its home folder and the finished process."""
    folder = tmp_path_factory.mktemp("tour")
    home = {
        name: str(folder / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
    }
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"} | home
    process = subprocess.run(
        [sys.executable, "-c", RUN, str(folder / "out"), str(folder / "opened.txt")],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=240,
    )  # fmt: skip
    return folder / "out", folder / "home", process


def test_the_tour_succeeds_and_lists_each_file(
    toured: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    out, _home, process = toured
    assert process.returncode == 0, process.stderr
    assert "Traceback" not in process.stderr
    assert {Path(line) for line in process.stdout.splitlines()} == set(out.iterdir())


def test_no_office_and_no_file_of_its_folder_is_open_at_the_end(
    toured: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    # Windows removes no folder with an open file in it
    opened = toured[0].with_name("opened.txt").read_text(encoding="utf-8").splitlines()
    assert opened
    assert [path for path in opened if "fuyuan-tour-" in path or ".lock" in path] == []


def test_there_is_a_picture_of_every_page(
    toured: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    pictures = sorted(toured[0].glob("*.png"))
    assert {re.sub(r"^\d+-", "", picture.stem) for picture in pictures} >= PAGES
    assert [int(picture.name[:2]) for picture in pictures] == list(range(1, len(pictures) + 1))
    for picture in pictures:
        assert picture.name.isascii()
        with Image.open(picture) as image:
            assert image.size == (1366, 768)
            colours = image.convert("RGB").getcolors(1 << 20)
            assert colours is not None
            assert len(colours) > 20, picture.name


def test_the_pages_differ(toured: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    contents = [picture.read_bytes() for picture in toured[0].glob("*.png")]
    assert len(set(contents)) == len(contents)


def test_the_documents_are_complete(toured: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    for name, least in PAPERS.items():
        document = pypdfium2.PdfDocument((toured[0] / f"{name}.pdf").read_bytes())
        assert len(document) >= least, name
        assert document[0].get_textpage().get_text_range().strip(), name
        document.close()


def test_an_order_is_printed_with_its_photos_side_by_side(
    toured: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    document = pypdfium2.PdfDocument((toured[0] / "order.pdf").read_bytes())
    [photos] = [page for page in document if "整改前后照片" in page.get_textpage().get_text_range()]
    pictures = photos.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    bounds = sorted(one.get_bounds() for one in pictures)
    large = [one for one in bounds if one[2] - one[0] > photos.get_width() / 4]  # no QR code
    (_left, low, right, _high), (other, other_low, *_more) = large
    assert right < other
    assert low == pytest.approx(other_low, abs=1)
    document.close()


def test_the_home_folder_of_the_user_stays_empty(
    toured: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    home = toured[1]
    kept = [path for path in home.rglob("*") if path.is_file() and "fuyuan" in str(path.relative_to(home))]
    assert kept == []


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_an_output_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Unusable):
        next(tour.take(tmp_path / path))
