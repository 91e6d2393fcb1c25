"""What was found on visits to a closed case stays: visits cannot be removed, and a photo of one takes two persons."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import photos
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.service import cases, sheet_data
from tests.access.made import by, noted
from tests.renovation.clerk import add_home, file
from tests.sources import trees


@pytest.fixture
def photo_of(seat: Seat) -> Callable[[int], tuple[int, int]]:
    """Return the function that logs a visit with a photo to a case, and returns the keys of both."""

    def logged(case: int) -> tuple[int, int]:
        raw = io.BytesIO()
        Image.new("RGB", (32, 24), "red").save(raw, "JPEG")
        (subject,) = sheet_data.inspection_subjects(seat, [case])
        findings = tuple(
            Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.RENOVATION).items
        )
        visit = NewVisit(
            subject,
            seat.now(),
            Party.COMMITTEE,
            "某甲",
            findings,
            photos=(NewPhoto(raw.getvalue(), 32, 24, ""),),
        )
        made = log_visit(seat, visit)
        return made.id, made.photos[0].id

    return logged


def test_a_photo_of_a_visit_to_a_closed_case_takes_two(
    seat: Seat, photo_of: Callable[[int], tuple[int, int]], seat_as: Callable[[Role], Seat]
) -> None:
    case = file(seat, add_home(seat))
    visit, photo = photo_of(case.id)
    cases.close_case(seat, case.id, Outcome.WITHDRAWN, seat.today())
    for asking in (seat, seat_as(Role.CLERK)):
        with pytest.raises(SecondNeeded) as needed:
            photos.remove_photo(asking, photo)
        assert needed.value.action is ProtectedAction.CLOSED_CASE
        assert case.number in needed.value.what
    assert len(visit_detail(seat, visit).photos) == 1
    photos.remove_photo(by(seat, "reviewer"), photo)
    assert visit_detail(seat, visit).photos == ()
    [(_who, detail)] = noted(seat, "confirm")
    assert detail["act"] == "closed_case"


def test_adding_and_captioning_photos_of_a_closed_case_takes_two(
    seat: Seat, photo_of: Callable[[int], tuple[int, int]]
) -> None:
    case = file(seat, add_home(seat))
    visit, photo = photo_of(case.id)
    photos.caption_photo(seat, photo, "施工前")
    cases.close_case(seat, case.id, Outcome.WITHDRAWN, seat.today())
    raw = io.BytesIO()
    Image.new("RGB", (32, 24), "blue").save(raw, "JPEG")
    new = (NewPhoto(raw.getvalue(), 32, 24, ""),)
    for act in (
        lambda asking: photos.caption_photo(asking, photo, "另一说"),
        lambda asking: photos.add_photos(asking, visit, new),
    ):
        with pytest.raises(SecondNeeded):
            act(seat)
    assert [one.caption for one in visit_detail(seat, visit).photos] == ["施工前"]
    photos.caption_photo(by(seat, "reviewer"), photo, "施工后")
    photos.add_photos(by(seat, "reviewer"), visit, new)
    assert [one.caption for one in visit_detail(seat, visit).photos] == ["施工后", ""]


def test_a_photo_of_an_open_case_takes_one(seat: Seat, photo_of: Callable[[int], tuple[int, int]]) -> None:
    case = file(seat, add_home(seat))
    visit, photo = photo_of(case.id)
    photos.remove_photo(seat, photo)
    assert visit_detail(seat, visit).photos == ()
    assert noted(seat, "confirm") == []


def test_no_service_removes_a_visit() -> None:
    """If one comes, it takes two persons for a closed case, like a photo."""
    names = {
        getattr(node, "name", "")
        for path, tree in trees().items()
        if "inspections" in str(path)
        for node in tree.body
    }
    assert "remove_photo" in names
    assert not any(name.startswith(("remove_visit", "delete_visit")) for name in names)
