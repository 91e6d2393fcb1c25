"""Photo numbers as people note them, times of files, and which photo is proposed for which visit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.rules.photo_matching import (
    ItemNoted,
    Proposal,
    Shot,
    Sureness,
    TimeFrom,
    VisitNoted,
    Why,
    is_clock_wrong,
    propose,
    shifted,
    with_kinds,
)
from fuyuan_desk.inspections.rules.photo_numbers import (
    ends_with,
    is_same,
    number_in_name,
    read_numbers,
    sheet_in_name,
    time_in_exif,
    time_in_name,
)

# ten in Shanghai
TEN = datetime(2026, 3, 11, 2, tzinfo=UTC)
NOW = TEN + timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("  ", ()),
        ("12", ("12",)),
        ("12、14, 15；16/17", ("12", "14", "15", "16", "17")),
        ("13–15", ("13", "14", "15")),
        ("13 — 15", ("13", "14", "15")),
        ("13到15", ("13", "14", "15")),
        ("１３～１５", ("13", "14", "15")),
        ("IMG_0412", ("0412",)),
        ("IMG_0412-IMG_0414", ("0412", "0413", "0414")),
        ("DSC0412-15", ("0412", "0413", "0414", "0415")),
        ("12 12 12", ("12",)),
        ("0099-0101", ("0099", "0100", "0101")),
        ("12号、第13张，第14張", ("12", "13", "14")),
        ("12号-14号", ("12", "13", "14")),
        ("第12张到第14张", ("12", "13", "14")),
        ("IMG_0412.JPG IMG_0413.jpeg", ("0412", "0413")),
        ("IMG_0412.JPG－IMG_0414.JPG", ("0412", "0413", "0414")),
        ("100-0412", ("0412",)),
        ("１００－０４１２、100-0099", ("0412", "0099")),
        ("998-1001", ("998", "999", "1000", "1001")),
        ("9998-0002", ("9998", "9999", "0001", "0002")),
        ("IMG_9999-IMG_0001", ("9999", "0001")),
        ("9971-0001", ("9971", *(str(n) for n in range(9972, 10000)), "0001")),
        ("9969-0001", None),
        ("9998-0000", None),
        ("99-01", None),
        ("12号楼", None),
        ("第", None),
        (".JPG", ()),
        ("15-13", None),
        ("1-900", None),
        ("楼道", None),
        ("12a", None),
        ("-3", None),
    ],
)
def test_photo_numbers_are_read_as_people_note_them(typed: str, read: tuple[str, ...] | None) -> None:
    assert read_numbers(typed) == read


@given(
    st.integers(0, 9_990), st.integers(0, 29), st.sampled_from("-–—~～"), st.sampled_from(["", "IMG_", "DSC"])
)
def test_a_run_is_every_number_between(first: int, more: int, dash: str, prefix: str) -> None:
    typed = f"{prefix}{first:04d}{dash}{first + more:04d}"
    assert read_numbers(typed) == tuple(f"{number:04d}" for number in range(first, first + more + 1))


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(typed: str) -> None:
    read = read_numbers(typed)
    assert read is None or all(number.isdecimal() and len(number) <= 8 for number in read)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("IMG_0412.JPG", "0412"),
        ("DSC00012.jpg", "00012"),
        ("IMG_0412(1).JPG", "0412"),
        ("IMG_0412 - 副本.JPG", "0412"),
        ("P3110412.JPG", "3110412"),
        ("𠀀镇照片12.jpg", "12"),
        ("IMG_20260311_101530.jpg", ""),
        ("mmexport1772331330000.jpg", ""),
        ("微信图片_20260311101530.jpg", ""),
        ("楼道.jpg", ""),
    ],
)
def test_the_number_of_a_file_is_that_of_the_camera(name: str, number: str) -> None:
    assert number_in_name(name) == number


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("IMG_20260311_101530.jpg", (2026, 3, 11, 10, 15, 30)),
        ("2026-03-11 10.15.30.jpg", (2026, 3, 11, 10, 15, 30)),
        ("PXL_20260311_101530123.jpg", (2026, 3, 11, 10, 15, 30)),
        ("IMG_20260231_101530.jpg", None),
        ("微信图片_20260311101530.jpg", None),
        ("IMG_0412.JPG", None),
    ],
)
def test_a_time_in_a_name_counts_unless_it_is_when_the_picture_was_saved(
    name: str, local: tuple[int, ...] | None
) -> None:
    found = time_in_name(name)
    assert (None if found is None else found.timetuple()[:6]) == local


@pytest.mark.parametrize("text", ["", "0000:00:00 00:00:00", "2026:02:30 10:00:00", "yesterday"])
def test_an_impossible_time_is_unknown(text: str) -> None:
    assert time_in_exif(text) is None


def test_the_time_of_a_camera_is_local() -> None:
    found = time_in_exif("2026:03:11 10:15:30")
    assert found is not None
    assert found.timetuple()[:6] == (2026, 3, 11, 10, 15, 30)


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("XCB-2026-000123.pdf", "XCB-2026-000123"),
        ("扫描 xcb_2026_000123 第1页.jpg", "XCB-2026-000123"),
        ("XCB-2026-12.pdf", ""),
        ("IMG_0412.JPG", ""),
    ],
)
def test_a_scan_is_known_by_the_sheet_in_its_name(name: str, sheet: str) -> None:
    assert sheet_in_name(name) == sheet


def test_numbers_are_compared_without_leading_zeros_and_by_their_end() -> None:
    assert is_same("12", "0012")
    assert not is_same("12", "0412")
    assert is_same("0412", "1010412")
    assert ends_with("12", "0412")
    assert not ends_with("2", "0412")
    assert not ends_with("12", "0012")


def visit(key: int, minutes: int, inspectors: str = "甲", **numbers: str) -> VisitNoted:
    """Return a visit so many minutes after ten, with items and the photo numbers noted at them."""
    items = tuple(ItemNoted(item, item, noted) for item, noted in numbers.items())
    at = TEN + timedelta(minutes=minutes)
    return VisitNoted(key, f"XC2026-{key:04d}", at, inspectors, "某小区", items)


def shot(minutes: float | None, number: str = "", by: TimeFrom = TimeFrom.CAMERA, key: int = 1) -> Shot:
    """Return a photo taken so many minutes after ten."""
    return Shot(key, number, None if minutes is None else TEN + timedelta(minutes=minutes), by)


MORNING = (visit(1, 0, wires="412", escape="0413-0415"), visit(2, 60, wires="420"))


@pytest.mark.parametrize(
    ("photo", "proposal"),
    [
        (shot(5, "0412"), Proposal(1, Why.BOTH, Sureness.SURE, "wires")),
        (shot(5, "0414"), Proposal(1, Why.BOTH, Sureness.SURE, "escape")),
        (shot(65, "0420"), Proposal(2, Why.BOTH, Sureness.SURE, "wires")),
        (shot(5, "3110414"), Proposal(1, Why.BOTH, Sureness.SURE, "escape")),
        (shot(5, "1420"), Proposal(2, Why.ENDING, Sureness.UNSURE, "wires")),
        (shot(5, "0420"), Proposal(2, Why.OTHER_TIME, Sureness.UNSURE, "wires")),
        (shot(5, "0999"), Proposal(1, Why.TIME, Sureness.LIKELY)),
        (shot(-31, ""), Proposal(1, Why.SAME_DAY, Sureness.UNSURE)),
        (shot(60 + 179), Proposal(2, Why.TIME, Sureness.LIKELY)),
        (shot(60 + 180), Proposal(2, Why.SAME_DAY, Sureness.UNSURE)),
        (shot(5, "0412", TimeFrom.FILE), Proposal(1, Why.BOTH, Sureness.UNSURE, "wires")),
        (shot(5, "0412", TimeFrom.NAME), Proposal(1, Why.BOTH, Sureness.LIKELY, "wires")),
        (shot(-60 * 24 * 3, "0412"), Proposal(None, Why.NO_VISIT)),
        (shot(None, "0412"), Proposal(None, Why.NO_TIME)),
        (shot(60 * 24 * 3), Proposal(None, Why.WRONG_CLOCK)),
        (Shot(1, "0412", datetime(2000, 1, 1, tzinfo=UTC)), Proposal(None, Why.WRONG_CLOCK)),
    ],
)
def test_a_photo_is_matched_by_number_and_time(photo: Shot, proposal: Proposal) -> None:
    assert propose([photo], MORNING, NOW) == {1: proposal}


def test_visits_of_others_at_the_same_time_make_it_unsure() -> None:
    both = (visit(1, 0), visit(2, 20, "乙"))
    assert propose([shot(18)], both, NOW)[1] == Proposal(2, Why.SEVERAL, Sureness.UNSURE)
    numbered = (visit(1, 0, wires="12"), visit(2, 20, "乙", gate="12"))
    assert propose([shot(18, "0012")], numbered, NOW)[1] == Proposal(2, Why.NUMBER, Sureness.UNSURE, "gate")


def test_one_number_of_two_cameras_is_sure_of_neither() -> None:
    found = propose([shot(5, "0412"), shot(9, "0412", key=2), shot(7, "0413", key=3)], MORNING, NOW)
    assert found[1] == found[2] == Proposal(1, Why.TWICE, Sureness.UNSURE, "wires")
    assert found[3].sureness is Sureness.SURE


@pytest.mark.parametrize(("minutes", "visit_id"), [(15, 1), (200, 2)])
def test_a_visit_that_goes_on_past_midnight_keeps_its_photos(minutes: int, visit_id: int) -> None:
    late = (visit(1, 13 * 60 + 50, wires="412"), visit(2, 14 * 60 + 190, wires="412"))  # 23:50, 03:10
    [found] = propose([shot(13 * 60 + 50 + minutes, "0412")], late, NOW + timedelta(days=2)).values()
    assert found == Proposal(visit_id, Why.BOTH, Sureness.SURE, "wires")


def test_a_wrong_clock_is_put_right_for_all() -> None:
    slow = [shot(-60 * 24 * 9000 + 5, "0412")]
    assert is_clock_wrong(slow[0].taken_at or NOW, NOW)
    right = [shifted(one, timedelta(days=9000)) for one in slow]
    assert propose(right, MORNING, NOW)[1].sureness is Sureness.SURE
    assert shifted(slow[0], timedelta(days=-800_000)).taken_at is None
    assert shifted(shot(None), timedelta(hours=1)).taken_at is None


@pytest.mark.parametrize(
    ("count", "kinds"), [(1, [""]), (2, ["", ""]), (3, ["far", "middle", "near"]), (4, [""] * 4)]
)
def test_three_photos_of_an_item_are_far_middle_and_near(count: int, kinds: list[str]) -> None:
    shots = [shot(5 + key, "0412", key=key) for key in range(count)]
    found = with_kinds(shots, propose(shots, MORNING, NOW), {})
    assert [found[key].kind for key in range(count)] == kinds


def test_a_kind_that_was_chosen_stays() -> None:
    shots = [shot(5 + key, "0412", key=key) for key in range(3)]
    found = with_kinds(shots, propose(shots, MORNING, NOW), {0: "", 2: "far"})
    assert [found[key].kind for key in range(3)] == ["", "middle", "far"]


# --- against an independent reading of the rules, minute by minute ---------------------------------------

VISITS = st.lists(
    st.tuples(
        st.integers(0, 500), st.sampled_from("甲乙"), st.sampled_from(["", "12", "12-14", "0413", "20"])
    ),
    max_size=6,
)
SHOTS = st.lists(
    st.tuples(st.integers(-60, 700), st.sampled_from(["", "0012", "0013", "0413", "0020", "5020"])),
    max_size=8,
)


def expected(minute: int, number: str, visits: Sequence[VisitNoted]) -> tuple[set[int | None], str]:
    """Return the visits that may be proposed for a photo, and the item if its number was noted at one item only."""
    within = set()
    for one in visits:
        at = (one.at - TEN) // timedelta(minutes=1)
        same = [other for other in visits if other.inspectors == one.inspectors and other.id != one.id]
        later = [other.at for other in same if (other.at, other.id) > (one.at, one.id)]
        earlier = [other.at for other in same if (other.at, other.id) < (one.at, one.id)]
        begin = max([at - 30, *((other - TEN) // timedelta(minutes=1) for other in earlier)])
        end = min([at + 180, *((other - TEN) // timedelta(minutes=1) for other in later)])
        if begin <= minute < max(end, at + 1):
            within.add(one.id)
    exact = {
        (one.id, item.key)
        for one in visits
        for item in one.items
        for part in read_numbers(item.numbers) or ()
        if number and (int(number) == int(part) or (len(part) == 4 and number.endswith(part)))
    }
    if exact:
        timely = {pair for pair in exact if pair[0] in within} or exact
        return {key for key, _item in timely}, next(iter(timely))[1] if len(timely) == 1 else ""
    return set(within or {one.id for one in visits} or {None}), ""


@given(VISITS, SHOTS)
def test_no_photo_is_lost_and_each_proposal_follows_from_time_and_number(
    plan: list[tuple[int, str, str]], taken: list[tuple[int, str]]
) -> None:
    visits = [visit(key, at, who, wires=noted) for key, (at, who, noted) in enumerate(plan, 1)]
    shots = [shot(minute, number, key=key) for key, (minute, number) in enumerate(taken)]
    found = propose(shots, visits, NOW)
    assert found.keys() == {one.key for one in shots}
    for key, (minute, number) in enumerate(taken):
        proposal = found[key]
        may, item = expected(minute, number, visits)
        if proposal.why is Why.ENDING:
            continue  # only the last digits were noted: none of the numbers is the same
        assert proposal.visit_id in may
        assert not item or proposal.item == item
        assert (proposal.visit_id is None) == (proposal.sureness is Sureness.NONE) == (not visits)
        assert proposal.sureness is not Sureness.SURE or len(may) == 1
    with_kind = with_kinds(shots, found, {})
    counts: dict[tuple[int | None, str], int] = defaultdict(int)
    for one in with_kind.values():
        counts[one.visit_id, one.item] += 1
    assert all(
        bool(one.kind) == (bool(one.item) and counts[one.visit_id, one.item] == 3)
        for one in with_kind.values()
    )
