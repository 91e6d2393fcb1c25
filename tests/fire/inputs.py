"""Input from outside, to be mutated: rosters, images, backups, offices, command lines; and how the program uses it."""

import contextlib
import hashlib
import io
import os
import random
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from PIL import Image

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.backups.service import restore
from fuyuan_desk.cli import commands
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.reading.plan import Known, plan_import
from fuyuan_desk.roster.reading.reader import refuse_unconfirmed, understand
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store.backup import backup, manifest
from fuyuan_desk.store.entry import open_store
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.keys.keyring import Cost
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import LONG_SIDE, decode
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import read_workbook
from tests.fire import mutations
from tests.fire.bombs import HEADER, heavy_exif, roster
from tests.store.backup.opening import open_backup, open_backup_with_code

PASSWORD = "correct-horse-9"
RECOVERY = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
ROSTERS = Path(__file__).resolve().parent.parent / "data" / "rosters"
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SHARES = {"roster": 45, "picture": 35, "backup": 8, "office": 4, "command": 8}
_KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")


@dataclass(frozen=True)
class Input:
    """One input: the kind says how it is used; `files` by path, `words` of a command line."""

    kind: str
    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def content(self) -> bytes:
        """The one file of a roster or image."""
        return self.files[self.name]


# ---- valid inputs ----


def _rosters() -> list[Input]:
    sound = {path.name: path.read_bytes() for path in sorted(ROSTERS.iterdir()) if path.is_file()}
    text = (
        ",".join(HEADER) + "\n" + "1号,101,张三,13800138000,独居\n1号,102,李四,021-64370000,\n" * 4
    ).encode()
    sound |= {"a.csv": text, "b.txt": text.replace(b",", b"\t"), "c.csv": text.decode().encode("gb18030")}
    book = roster(4)
    second = book.create_sheet("2号楼")
    second.append(("2号楼住户", None, None))
    second.merge_cells("A1:C1")
    second.append(("房号", "户主", "手机", "身份证", "面积", "入住日期"))
    second.append(("=101", "王五", 13800138000, "310101199001010008", 12.5, AT.date()))
    out = io.BytesIO()
    book.save(out)
    sound["d.xlsx"] = out.getvalue()
    bare = Workbook()
    bare.worksheets[0].append(("南昌路168弄4号甲", "亭子间", "赵六", "021-64370000"))
    out = io.BytesIO()
    bare.save(out)
    sound["e.xlsx"] = out.getvalue()
    return [Input("roster", name, {name: content}) for name, content in sound.items()]


def _pictures() -> list[Input]:
    image = Image.linear_gradient("L").convert("RGB").resize((96, 64))
    made = []
    for kind in _KINDS:
        for number, more in enumerate(_VARIANTS.get(kind, ({},))):
            out = io.BytesIO()
            mode = more.get("mode", "RGB")
            image.convert(mode).save(
                out, kind, **{key: value for key, value in more.items() if key != "mode"}
            )
            made.append((f"{number}.{kind.lower()}", out.getvalue()))
    return [Input("picture", name, {name: content}) for name, content in made]


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 3.5), 3: "E", 4: (121.0, 27.0, 59.25)})
    return exif.tobytes()


_FRAMES: dict[str, Any] = {"save_all": True, "append_images": [Image.new("RGB", (96, 64), "red")] * 3}
_VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "JPEG": ({"exif": _exif()}, {"progressive": True}, {"mode": "L"}, {"mode": "CMYK", "exif": heavy_exif(9, 90)}),
    "PNG": ({"exif": _exif()}, {"mode": "RGBA"}, {"mode": "P"}, {"mode": "1"}, _FRAMES),
    "WEBP": ({"exif": _exif()}, {"lossless": True}, _FRAMES),
    "TIFF": ({}, {"compression": "tiff_lzw"}, {"compression": "jpeg"}, {"mode": "CMYK"}, _FRAMES),
    "BMP": ({}, {"mode": "P"}, {"mode": "1"}),
    "GIF": ({"mode": "P"}, _FRAMES),
}  # fmt: skip


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _offices(folder: Path) -> list[Input]:
    """Set up a small office with one photo, and back it up."""
    seat = set_up_office(
        folder / "office", OfficeSettings("福元居民委员会"), "admin", "管理员", PASSWORD, RECOVERY, CHEAP
    )
    seat.store.media.add(images.prepare(_pictures()[0].content, False))
    (folder / "place").mkdir()
    written = backup.write_backup(seat.store, folder / "place", AT)
    key = seat.store.key
    seat.store.close()
    listed = manifest.read(written.path)
    (folder / "place" / "key").write_bytes(key)  # for resealing a mutated one; removed before use
    assert manifest.is_sealed(listed, key)
    return [
        Input("backup", written.path.relative_to(folder / "place").as_posix(), files_of(folder / "place")),
        Input("office", "office", files_of(folder / "office")),
    ]


def _commands() -> list[Input]:
    roster_file = {"r.csv": (",".join(HEADER) + "\n1号,101,张三,13800138000,\n").encode(), "in": b"p\np\n"}
    lines = (
        ("import", "FOLDER/r.csv", "--store", "FOLDER/office", "--estate", "福元小区"),
        ("import", "FOLDER/r.csv", "--store", "FOLDER/office", "--dry-run", "--json"),
        ("print", "inspection-sheet", "--store", "FOLDER/office", "--out", "FOLDER/a.pdf", "--all"),
        ("print", "registration", "--store", "FOLDER/office", "--case", "1", "--out", "FOLDER/a.pdf"),
        ("check", "--store", "FOLDER/office", "--operator", "admin"),
        ("init", "FOLDER/new", "--office", "福元居委会", "--operator", "admin"),
        ("--help",),
        ("print", "inspection-sheet", "--store", "FOLDER/nothing", "--estate", "福元小区", "--out", "FOLDER"),
    )
    return [Input("command", words[0], roster_file, words) for words in lines]


def sound_inputs(folder: Path) -> dict[str, list[Input]]:
    """Create valid inputs of every kind; `folder` is empty and may be deleted."""
    made = {"roster": _rosters(), "picture": _pictures(), "command": _commands()}
    for sample in _offices(folder):
        made[sample.kind] = [sample]
    return made


# ---- mutated inputs ----


def mutated(rng: random.Random, sample: Input, others: list[Input]) -> Input:
    """Mutate an input in a way that fits its kind."""
    if sample.kind == "command":
        return _mutated_command(rng, sample)
    if sample.kind in ("backup", "office"):
        return _mutated_folder(rng, sample)
    changed = _mutated_file(rng, sample.name, sample.content, tuple(other.content for other in others))
    name = sample.name if rng.random() < 0.9 else rng.choice(others).name
    return Input(sample.kind, name, {name: changed})


def _mutated_file(rng: random.Random, name: str, raw: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    if rng.random() < 0.3:
        return mutations.mutate(rng, raw, others)
    with contextlib.suppress(Exception):  # an input that was mutated before may have no structure left
        if raw.startswith(b"PK"):
            return mutations.mutate_zip(rng, raw)
        if raw.startswith(b"\x89PNG"):
            return mutations.mutate_png(rng, raw)
        if raw.startswith(b"\xff\xd8"):
            return mutations.mutate_jpeg(rng, raw)
        if name.endswith((".csv", ".txt")):
            text = mutations.mutate_text(rng, raw.decode("utf-8"))
            return text.encode(rng.choice(("utf-8", "utf-8", "gb18030", "utf-16")), "replace")
        if name.endswith(".json"):
            return mutations.mutate_json(rng, raw)
    return mutations.mutate(rng, raw, others)


def _mutated_folder(rng: random.Random, sample: Input) -> Input:
    files = dict(sample.files)
    key = files.pop("key", b"")
    listed = sorted(files)
    # the small files are read by this program alone; the database is read by SQLCipher
    small = [name for name in listed if name.endswith(".json")]
    for _turn in range(rng.choice((1, 1, 2))):
        name = rng.choice(small if small and rng.random() < 0.8 else listed)
        action = rng.randrange(20)
        if action == 0:
            files.pop(name, None)
        elif action == 1:
            files[name] = b""
        elif name in files:
            files[name] = _mutated_file(rng, name, files[name])
    if key and rng.random() < 0.5:
        _reseal(files, sample.name, key)
    return Input(sample.kind, sample.name, files)


def _reseal(files: dict[str, bytes], folder: str, key: bytes) -> None:
    """Recompute sizes, hashes and seal for the mutated files, so that the code behind these checks is reached."""
    with contextlib.suppress(Exception):
        listed = manifest.parse(files[f"{folder}/{manifest.FILE}"])
        entries = {}
        for name in listed.files:
            content = files[f"{folder}/{name}"]
            entries[name] = manifest.Entry(len(content), hashlib.sha256(content).hexdigest())
        files[f"{folder}/{manifest.FILE}"] = manifest.to_bytes(replace(listed, files=entries), key)


def _mutated_command(rng: random.Random, sample: Input) -> Input:
    words = list(sample.words)
    for _turn in range(rng.choice((1, 1, 2, 4))):
        index = rng.randrange(len(words) + 1)
        action = rng.randrange(6)
        if action == 0 and words:
            del words[index % len(words)]
        elif action == 1:
            options = (
                "--store",
                "--estate",
                "--case",
                "--all",
                "--out",
                "--json",
                "--dry-run",
                "--",
                "-",
                "--jso",
            )
            words.insert(
                index, rng.choice((*options, "import", "check", "FOLDER", "FOLDER/office", "FOLDER/in"))
            )
        elif action == 2 and words:
            words[index % len(words)] = rng.choice(mutations.WORDS)
        elif action == 3 and words:
            words[index % len(words)] += rng.choice(mutations.WORDS)
        elif action == 4 and words:
            words[index % len(words)] = "FOLDER/" + rng.choice(mutations.WORDS)
        else:
            rng.shuffle(words)
    files = {name: mutations.mutate(rng, content) if rng.random() < 0.3 else content
             for name, content in sample.files.items()}  # fmt: skip
    return Input("command", sample.name, files, tuple(map(_inside, words)))


def _inside(word: str) -> str:
    # what is tried must stay below its own folder; a whole sample office or tour takes minutes
    word = word.replace("..", "").replace("C:\\", "").encode("utf-8", "replace").decode()
    if word in ("demo", "tour") or word.startswith("--self"):
        return "check"
    return word if word.startswith("FOLDER") or "/" not in word else word.replace("/", "_")


# ---- actions ----


def action(sample: Input, folder: Path, sound: dict[str, list[Input]]) -> str:
    """Use an input as the program does; return "taken" or "refused", anything else is raised."""
    return _ACTIONS[sample.kind](sample, folder, sound)


def _read_roster(sample: Input, folder: Path, _sound: dict[str, list[Input]]) -> str:
    path = folder / sample.name
    path.write_bytes(sample.content)
    try:
        draft = understand(read_workbook(path))
        plan_import(draft.rows, Known())
        for table in draft.tables:
            assert len(table.sample) <= table.count
        refuse_unconfirmed(draft)
    except UserError as refusal:
        return _refused(refusal)
    return "taken"


def _take_picture(sample: Input, _folder: Path, _sound: dict[str, list[Input]]) -> str:
    try:
        picture = images.prepare(sample.content, True)
        images.thumbnail(picture.jpeg)
    except UserError as refusal:
        return _refused(refusal)
    assert max(picture.width, picture.height) <= LONG_SIDE
    return "taken"


def reread_in_process(given: Input) -> None:
    """Read a roster or a picture that was taken in this process, too, where a trace sees what the reader does."""
    if given.kind == "roster":
        list(parse(given.name, given.content))
    elif given.kind == "picture":
        decode(given.content, True)


def _refused(refusal: UserError) -> str:
    assert refusal.message.endswith((".", "。")), refusal.message
    return "refused"


def _laid(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _open_backup(sample: Input, folder: Path, _sound: dict[str, list[Input]]) -> str:
    location = folder / "place"
    _laid(location, sample.files)
    answer = "taken"
    found = restore.list_backups(location)
    assert isinstance(found, tuple)
    for opening in (
        lambda: open_backup(location / sample.name, "admin", PASSWORD),
        lambda: open_backup_with_code(location / sample.name, RECOVERY),
    ):
        try:
            opening().close()
        except UserError as refusal:
            answer = _refused(refusal)
    return answer


def _open_office(sample: Input, folder: Path, _sound: dict[str, list[Input]]) -> str:
    _laid(folder / "office", sample.files)
    try:
        open_store(folder / "office", "admin", PASSWORD).close()
    except UserError as refusal:
        return _refused(refusal)
    return "taken"


def _run_command(sample: Input, folder: Path, sound: dict[str, list[Input]]) -> str:
    _laid(folder, sample.files)
    if any("FOLDER/office" in word for word in sample.words):
        _laid(folder / "office", sound["office"][0].files)
    words = [word.replace("FOLDER", str(folder)) for word in sample.words]
    output, refused = io.StringIO(), io.StringIO()
    typed = io.StringIO(sample.files["in"].decode("utf-8", "replace"))
    before, os.environ[commands.PASSWORD_VARIABLE] = sys.stdin, PASSWORD
    sys.stdin = typed
    try:
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(refused),
            contextlib.chdir(folder),
        ):
            code = commands.run_command(words)
    finally:
        sys.stdin = before
    assert code in (commands.DONE, commands.REFUSED, commands.WRONG_USAGE), code
    if code == commands.REFUSED:
        assert len(refused.getvalue().strip().splitlines()) == 1, refused.getvalue()
    return "taken" if code == commands.DONE else "refused"


_ACTIONS: Mapping[str, Callable[[Input, Path, dict[str, list[Input]]], str]] = {
    "roster": _read_roster,
    "picture": _take_picture,
    "backup": _open_backup,
    "office": _open_office,
    "command": _run_command,
}


def cheapen() -> None:
    """Make a password attempt cost nothing, as thousands of offices are set up and opened."""
    keyring.Cost.__init__.__defaults__ = (CHEAP.passes, CHEAP.memory_kib, CHEAP.lanes)


def clear(folder: Path) -> None:
    """Empty a folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
