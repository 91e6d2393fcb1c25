"""Cost of the sandbox: how much longer a file from outside takes than if it were read in the process of the program.

    python -m tests.bench.bench_sandbox [ROUNDS]

The rosters of the tests, a small CSV, a roster of 20,000 rows and a photo of 2 megapixels are read in both ways by
turns, so that a busy machine slows both. Prints the median seconds of each way and their difference, which may be at
most `ASKED` for every file, and the most memory that either process held.
"""

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import decode
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import assemble, read_workbook
from tests.bench.bench_import import write_roster

ROUNDS, ROWS, ASKED = 15, 20_000, 0.15
ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
Ways = tuple[Callable[[], object], Callable[[], object]]


def _photo() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((1632, 1224), 40).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def _table(path: Path) -> Ways:
    return (
        lambda: assemble(path, parse(path.name, path.read_bytes()), Progress()),
        lambda: read_workbook(path),
    )


def files(folder: Path) -> Iterator[tuple[str, Ways]]:
    """Yield each file's name with the two ways to read it: in this process, and in the sandbox."""
    for path in sorted(ROSTERS.iterdir()):
        yield path.name, _table(path)
    small = folder / "small.csv"
    small.write_text("门牌号,室号,姓名\n" + "1号,101,张三\n" * 30, encoding="utf-8")
    yield small.name, _table(small)
    large = folder / f"{ROWS} rows.xlsx"
    # in a process of its own: the memory that writing takes is not counted
    writing = multiprocessing.get_context("spawn").Process(target=write_roster, args=(large, ROWS))
    writing.start()
    writing.join()
    yield large.name, _table(large)
    photo = _photo()
    yield "2 megapixels.jpg", (lambda: decode(photo, True), lambda: images.prepare(photo, True))


def compare(ways: Ways, rounds: int) -> tuple[float, float]:
    """Measure both ways by turns; returns the median seconds of each."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for way in ways:
        way()  # modules and files into memory
    for _round in range(rounds):
        for way, found in zip(ways, seconds, strict=True):
            started = time.perf_counter()
            with undisturbed():
                way()
            found.append(time.perf_counter() - started)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def main() -> int:
    """Measure and print; 1 when a file costs more than asked."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    most = 0.0
    with tempfile.TemporaryDirectory() as name:
        for file, ways in files(Path(name)):
            here, there = compare(ways, rounds)
            most = max(most, there - here)
            print(f"{there - here:6.3f} s more: {here:.3f} s here, {there:.3f} s in the sandbox  {file}")
    held = [
        resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"memory {held[0]} MB here, at most {held[1]} MB in the sandbox")
    print(f"at most {most:.3f} s a file, asked {ASKED} s: {'kept' if most <= ASKED else 'MISSED'}")
    return 0 if most <= ASKED else 1


if __name__ == "__main__":
    raise SystemExit(main())
