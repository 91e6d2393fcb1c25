"""The support report is complete and contains no personal data."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.texts import all_texts, use_language
from fuyuan_desk.diagnostics import rules
from fuyuan_desk.diagnostics import service as diagnostics
from fuyuan_desk.diagnostics.rules import Templates
from fuyuan_desk.office.service.operators import add_operator
from fuyuan_desk.office.service.settings import change_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.process import event_log
from fuyuan_desk.store.db import migrate
from tests.conftest import CHEAP, PASSWORD

NAMES = (
    "段志洋",
    "duanzhiyang",
    "龚宏伟",
    "13800001234",
    "310101197001010001",
    "correct-horse",
    "福元居民委员会",
)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log of a PC with a user name in its paths."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "段志洋"))
    event_log.start_logging()
    yield event_log.log_file()
    logger = logging.getLogger("fuyuan_desk")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
    logger.propagate = True


@pytest.fixture
def named(prepared_office: Path, tmp_path: Path, log: Path) -> Iterator[Seat]:
    """An office with a person's name in its folder, login and photo file names."""
    folder = tmp_path / "段志洋 龚宏伟" / "duanzhiyang"
    shutil.copytree(prepared_office, folder)
    seat = sign_in(folder, "admin", PASSWORD)
    add_operator(seat, "duanzhiyang", "段志洋", Role.CLERK, PASSWORD, CHEAP)
    change_settings(seat, OfficeSettings("福元居民委员会", phone="13800001234"))
    (folder / "media" / "ab").mkdir(parents=True)
    (folder / "media" / "ab" / "段志洋.bin").write_bytes(b"310101197001010001")
    yield seat
    seat.store.close()


def test_it_has_versions_schema_counts_and_the_check(named: Seat) -> None:
    text = diagnostics.report(named)
    for expected in (
        "Python: 3.", "SQLCipher: 4.", f"newest schema version of the program: {migrate.NEWEST}", "operator: 6",
        "Audit trail: intact", "store.db: ", "minutes until the desk locks itself: 10", "clerk: 2",
        "closed properly last time: yes",
    ):  # fmt: skip
        assert expected in text, text


def test_no_name_gets_into_it(named: Seat, log: Path) -> None:
    event_log.note("backup", "段志洋", "/srv/duanzhiyang/x", "13800001234")
    event_log.note("start", "0.1.0")
    try:
        raise ValueError("段志洋 310101197001010001")
    except ValueError as bug:
        event_log.record(type(bug), bug.__traceback__)
    with log.open("a", encoding="utf-8") as file:
        file.write("段志洋\n2026-01-01 00:00:00,000 INFO 段志洋\n  duanzhiyang lives here\n")
    log.with_name(event_log.CRASH).write_text(
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
        '  File "/srv/duanzhiyang/段志洋/app.py", line 12 in run_window\n段志洋\n',
        encoding="utf-8",
    )
    (named.store.folder / "keys-copy.json").write_text("段志洋", encoding="utf-8")
    with named.store.use() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO backup_place (uid, version, kind, name, path, active)"
            " VALUES ('u', 1, 'stick', '段志洋', '/media/duanzhiyang', 1)"
        )
        fault = as_unusable(OSError(28, "No space"), Path("/media/duanzhiyang/段志洋")).message
        session.connection().exec_driver_sql(
            "INSERT INTO backup_run (uid, version, place_id, at, name, size, milliseconds, verified, fault)"
            " VALUES ('u', 1, 1, '2026-03-01 08:00:00', '段志洋', 5000, 12, 0, ?)",
            (fault,),
        )
        session.commit()
    for language in ("en", "zh_CN"):
        use_language(language)
        text = diagnostics.report(named)
        for name in NAMES:
            assert name not in text, text
    assert "ValueError" in text
    assert "test_diagnostics.py:" in text
    assert "app.py:12 run_window" in text
    assert "INFO start 0.1.0" not in text  # a word starts with a letter
    assert "stick: " in text


def test_a_damaged_photo_is_reported_without_its_name(named: Seat) -> None:
    text = diagnostics.report(named)
    assert "段志洋" not in text
    assert "Photos" in text


def test_an_office_that_does_not_open_is_reported_too(tmp_path: Path, log: Path) -> None:
    folder = tmp_path / "段志洋"
    refusal = Unusable(f"The folder {folder} was not found. Check that the disk or USB drive is plugged in.")
    text = diagnostics.report_outside(folder, refusal)
    assert "Unusable: The folder … was not found. Check that the disk or USB drive is plugged in." in text
    assert not any(name in text for name in NAMES)
    assert "store.db: not there" in diagnostics.report_outside(tmp_path)


@pytest.mark.parametrize(
    ("sentence", "redacted"),
    [
        ("The disk that holds /srv/x is full. Free some space, then try again.",
         "The disk that holds … is full. Free some space, then try again."),
        ("The audit log is broken at entry 512: a row was changed, removed or moved.",
         "The audit log is broken at entry 512: a row was changed, removed or moved."),
        ("A row of visit refers to a missing row of 段志洋.", "A row of visit refers to a missing row of …."),
        ("保存 /srv/x 的磁盘已满", "… #"),
        ("", ""),
    ],
)  # fmt: skip
def test_messages_keep_the_programs_words_and_counts(sentence: str, redacted: str) -> None:
    templates = Templates(all_texts(), ["visit"])
    found = templates.redacted(sentence)
    assert found == redacted or (redacted.endswith("#") and found.startswith(redacted))


@given(st.text(alphabet="段志洋龚宏伟0123456789abc /\\.:", max_size=60))
def test_values_filled_in_are_redacted(value: str) -> None:
    template = "The disk that holds {path} is full. Free some space, then try again."
    text = Templates([template, "{a}{b}"]).redacted(template.format(path=value))
    assert not any(name in text for name in ("段", "志", "洋", "龚"))
    assert rules.log_line(value).startswith((rules.LEFT_OUT,)) or not value


def test_the_property_company_makes_no_report(seat: Seat) -> None:
    assert Role.PROPERTY not in diagnostics.report.permitted  # type: ignore[attr-defined]  # set by `permit`


def test_sizes_are_told_as_a_clerk_reads_them() -> None:
    assert [diagnostics.size(n) for n in (0, 1023, 1024, 5 << 20, 3 << 30)] == [
        "0 B", "1023 B", "1.0 KB", "5.0 MB", "3.0 GB",
    ]  # fmt: skip


def test_an_unknown_refusal_is_only_a_digest() -> None:
    text = diagnostics.report_outside(Path("/nowhere"), InvalidInput("段志洋"))
    assert "InvalidInput: … #" in text
