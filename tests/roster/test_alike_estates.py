"""A list that calls an estate of the store otherwise makes no second one: it is asked which estate is meant."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.service import imports
from tests.roster.yearly import Office

HEADER = "小区,楼栋,室号,业主"
NAMES = ("丁华", "李新", "王五", "赵敏", "钱九", "何平")


def rows(estate: str, names: tuple[str, ...] = NAMES) -> list[str]:
    return [f"{estate},3号楼,{101 + place}室,{name}" for place, name in enumerate(names)]


def estates(seat: Seat) -> set[str]:
    with seat.store.sessions() as session:
        return set(estate_names(session).values())


@pytest.fixture
def known(seat: Seat, tmp_path: Path) -> Office:
    """Return an office that knows 锦绣家园."""
    office = Office(seat, tmp_path)
    office.take(office.file(*rows("锦绣家园"), header=HEADER, days_ago=9))
    return office


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("锦绣家园一期", NAMES),
        ("锦绣佳园", NAMES),
        ("锦绣家园（东区）", NAMES),
        ("锦绣家园物业", NAMES),
        ("斜土路1175弄锦绣家园", NAMES),
        # most of the same people, in a shorter list, too
        ("锦绣家园一期", (*NAMES[:4], "马超", "班昭")),
        ("锦绣家园一期", NAMES[:2]),
        # another name altogether
        ("恒益新村", NAMES),
    ],
)
def test_which_estate_is_asked(known: Office, name: str, names: tuple[str, ...], dry_run: bool) -> None:
    file = known.file(*rows(name, names), header=HEADER)
    with pytest.raises(InvalidInput) as refused:
        imports.import_roster(known.seat, file, dry_run=dry_run)
    assert "锦绣家园" in str(refused.value)
    assert estates(known.seat) == {"锦绣家园"}


def test_the_part_of_an_estate_is_no_other_building(known: Office, tmp_path: Path) -> None:
    homes = [f"3,{101 + place},{name}" for place, name in enumerate(NAMES)]
    path = tmp_path / "名单.csv"
    path.write_text("\n".join(("锦绣家园（东区）业主名单,,", "楼号,室号,业主", *homes)), encoding="utf-8")
    with pytest.raises(InvalidInput):
        imports.import_roster(known.seat, path)


def test_the_answer_is_the_name(known: Office) -> None:
    file = known.file(*rows("锦绣家园一期"), header=HEADER)
    same = imports.import_roster(known.seat, file, estate_name="锦绣家园")
    assert same.comparison.unchanged == len(NAMES)
    imports.import_roster(known.seat, file, estate_name="锦绣家园一期")
    assert estates(known.seat) == {"锦绣家园", "锦绣家园一期"}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("锦绣家园二期", ("马超", "班昭", "冉孺", "颜幸")),
        ("锦绣家园二期", (*NAMES[:2], "马超", "班昭")),
        ("恒益新村", NAMES[:4]),
    ],
)
def test_an_estate_of_others_is_a_new_one(known: Office, name: str, names: tuple[str, ...]) -> None:
    imports.import_roster(known.seat, known.file(*rows(name, names), header=HEADER))
    assert estates(known.seat) == {"锦绣家园", name}


def test_of_a_file_of_several_estates_it_is_told_how_to_answer(known: Office) -> None:
    file = known.file(*rows("锦绣家园一期"), *rows("恒益新村", ("马超", "班昭")), header=HEADER)
    with pytest.raises(InvalidInput, match="a file of its own"):
        imports.import_roster(known.seat, file)


@pytest.mark.parametrize(("answer", "ready"), [(0, "Compare"), (1, "Import")])
def test_the_page_asks_and_takes_either_answer(
    known: Office, page: ImportController, settled: Callable[[], None], answer: int, ready: str
) -> None:
    changed = ("马超", *NAMES[1:])
    page.open_file(known.file(*rows("锦绣家园一期", changed), header=HEADER))
    settled()
    assert "锦绣家园一期" in page.check.banner.text()
    assert not page.check.import_button.isEnabled()
    buttons = [
        made for made in page.check.banner.findChildren(QPushButton) if made.isVisible() and made.text()
    ]
    buttons[answer].click()
    settled()
    assert page.check.banner.text() == ""
    assert page.check.import_button.isEnabled()
    assert ready in page.check.import_button.text().replace("&", "")
