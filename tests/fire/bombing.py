"""Pass every hostile file of `tests.fire.bombs`, the large ones too, to the readers, each in a process of its own.

    python -m tests.fire.bombing [PART-OF-A-NAME]

Prints for each the CPU time, which does not depend on other load, and the peak memory: the growth of the process, and
the memory of the sandbox in which it reads such files. At most 10 s and 500 MB are allowed.
"""

import itertools
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.roster.reading.plan import Known, plan_import
from fuyuan_desk.roster.reading.reader import understand
from fuyuan_desk.store.media import images
from fuyuan_desk.workbook.reader import read_workbook
from tests.fire import bombs

LONGEST_S, MOST_MB = 10.0, 500
_TABLES = (".xlsx", ".xls", ".ods", ".csv")


def _read(path: Path) -> str:
    try:
        if path.suffix in _TABLES:
            with undisturbed():
                draft = understand(read_workbook(path))
                plan_import(draft.rows, Known())
            return f"{len(draft.rows)} rows"
        picture = images.prepare(path.read_bytes(), True)
    except UserError as refusal:
        return refusal.message
    return f"{picture.width}×{picture.height}"


def _memory(word: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(word)) // 1024


def _work(pipe: Connection, path: Path) -> None:
    from PIL import Image

    use_language("en")
    Image.init()
    before, started = _memory("VmRSS"), time.process_time()
    answer = _read(path)
    status = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - started + status.ru_utime + status.ru_stime
    below = status.ru_maxrss // 1024
    pipe.send((answer, seconds, _memory("VmHWM") - before, below))


def throw(path: Path) -> tuple[str, float, int, int]:
    """Return the answer, seconds, and MB in this process and in the sandbox; a crash or a hang is the answer."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, path))
    process.start()
    theirs.close()
    try:
        if ours.poll(3 * LONGEST_S):
            status: tuple[str, float, int, int] = ours.recv()
            return status
        return "HANG", 3 * LONGEST_S, 0, 0
    except EOFError:
        return "CRASH", 0.0, 0, 0
    finally:
        process.kill()
        process.join()


def main() -> int:
    """Read all of them and print the results; return 1 when one exceeds the limits."""
    pattern = sys.argv[1] if len(sys.argv) > 1 else ""
    failed, slowest, largest, count = 0, 0.0, 0, 0
    sources = (bombs.spread_sheets, bombs.heavy_sheets, bombs.pictures, bombs.heavy_pictures)
    for name, content in itertools.chain.from_iterable(source() for source in sources):
        if pattern not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            answer, seconds, here, beside = throw(path)
        count += 1
        slowest, largest = max(slowest, seconds), max(largest, here + beside)
        bad = answer in ("HANG", "CRASH") or seconds > LONGEST_S or here + beside > MOST_MB
        failed += bad
        mark = "!" if bad else " "
        print(
            f"{mark} {name:30} {len(content) >> 10:7} KB {seconds:5.2f} s {here:4}+{beside} MB  {answer[:90]}",
            flush=True,
        )
    print(f"{count} files, {failed} beyond the limits; slowest {slowest:.1f} s, at most {largest} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
