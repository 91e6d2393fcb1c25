"""Calls on a real store: recorded, warned of, marked as entered, found, erased with the household."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.calls.book import call_book
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls, dues, residents
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.service import households, people
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.privacy.facts import Key
from fuyuan_desk.privacy.service import retention
from fuyuan_desk.privacy.service.people import erase_person, person_report
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today.service import search
from tests.calls.conftest import Office
from tests.privacy.neighbours import agreed

YESTERDAY = date(2026, 3, 1)


def call(office: Office, name: str = "蔡兰刚", **values: Any) -> CallFields:
    """Return a call on somebody yesterday."""
    return CallFields(**{"called_on": YESTERDAY, "resident": office.key(name), "staff": "何斌", **values})


def listed(office: Office, text: str = "", **facets: Any) -> list[int]:
    return [line.id for line in calls.find_calls(office.seat, BookQuery(text, facets)).rows]


def test_a_call_is_read_back_masked_with_its_estate_from_the_home(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office, "沈文娟", called_at="905", said="安好"))
    line = calls.read_call(office.seat, saved.id)
    assert (line.fields.called_at, line.fields.said, line.fields.estate_id) == ("09:05", "安好", office.lane)
    assert (line.extra["who"], line.extra["home"]) == ("沈*", "南昌路168弄4号前楼")
    assert "沈文娟" not in repr(line)
    assert not saved.doubts


def _key(office: Office, home: str, household: str, person: int = 0) -> str:
    return Called(office.homes[home], office.households[household], person).key


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda office: {"estate_id": office.tower}, "resident", "another estate"),
        (
            lambda office: {"resident": _key(office, "亭子间", "姚艳志", office.daughter)},
            "resident",
            "does not belong",
        ),
        (lambda office: {"resident": _key(office, "101室", "姚艳志")}, "resident", "does not belong"),
        (lambda office: {"resident": Called(9_999).key}, "resident", "no longer there"),
        (lambda _office: {"called_on": date(2026, 3, 3)}, "called_on", "future"),
        (lambda _office: {"said": "字" * 2_001}, "said", "2000"),
        (lambda _office: {"staff": ""}, "staff", "filled in"),
        (lambda _office: {"resident": ""}, "estate_id", "at least the estate"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    office: Office, change: Callable[[Office], dict[str, Any]], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        calls.save_call(office.seat, replace(call(office), **change(office)))
    assert words in refusal.value.fields[field]
    assert listed(office) == []


def test_two_thousand_characters_are_kept_whole(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office, said="字𠮷" * 1_000))
    assert calls.read_call(office.seat, saved.id).fields.said == "字𠮷" * 1_000


def test_a_second_call_on_the_same_day_is_warned_of_but_not_on_somebody_else(office: Office) -> None:
    assert not calls.save_call(office.seat, call(office)).doubts
    assert not calls.save_call(office.seat, call(office, "沈文娟")).doubts
    assert not calls.save_call(office.seat, call(office, called_on=date(2026, 2, 28))).doubts
    [doubt] = calls.save_call(office.seat, call(office)).doubts
    assert "1 other call" in doubt


def test_a_call_recorded_stays_on_whom_it_was_after_she_moved(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office))
    households.end_household(office.seat, office.households["蔡兰刚"], YESTERDAY, "moved")
    line = calls.read_call(office.seat, saved.id)
    changed = replace(line.fields, said="搬去浦东")
    assert calls.save_call(office.seat, changed, line.known).id == saved.id


def test_several_are_marked_as_entered_at_once_with_who_ticked_it(office: Office) -> None:
    ids = [calls.save_call(office.seat, call(office, name)).id for name in ("蔡兰刚", "姚艳志", "沈文娟")]
    known = [Known(one, calls.read_call(office.seat, one).version) for one in ids[:2]]
    assert calls.change_calls(office.seat, known, {"entered_on": office.seat.today()}) == 2
    assert listed(office, entry="open") == [ids[2]]
    line = calls.read_call(office.seat, ids[0])
    assert line.extra["entered_by"] == office.seat.operator.name
    told = calls.save_call(office.seat, replace(line.fields, label="慰问"), line.known).doubts
    assert [text for text in told if "Entered in 社区云 on 2026-03-02" in text] == list(told) != []
    assert calls.read_call(office.seat, ids[0]).extra["entered_by"] == office.seat.operator.name
    with pytest.raises(InvalidInput, match="before the call"):
        calls.change_calls(
            office.seat,
            [calls.read_call(office.seat, ids[2]).known],
            {"entered_on": YESTERDAY - timedelta(1)},
        )


def test_a_call_that_was_entered_keeps_its_day_when_it_is_marked_again(
    office: Office, seat_as: Callable[[Role], Seat]
) -> None:
    earlier = calls.save_call(office.seat, call(office, entered_on=YESTERDAY)).id
    open_one = calls.save_call(office.seat, call(office, "姚艳志")).id
    clerk, today = seat_as(Role.CLERK), office.seat.today()

    def known(*ids: int) -> list[Known]:
        return [calls.read_call(office.seat, one).known for one in ids]

    def entered(one: int) -> tuple[date | None, str]:
        line = calls.read_call(office.seat, one)
        return line.fields.entered_on, line.extra["entered_by"]

    assert calls.change_calls(clerk, known(earlier, open_one), {"entered_on": today}) == 1
    assert entered(earlier) == (YESTERDAY, office.seat.operator.name)
    assert entered(open_one) == (today, clerk.operator.name)
    with pytest.raises(InvalidInput, match="entered before"):
        calls.change_calls(clerk, known(earlier, open_one), {"entered_on": today})
    both = {"entered_on": today, "label": "慰问"}
    assert calls.change_calls(clerk, known(earlier, open_one), both) == 2
    assert entered(earlier) == (YESTERDAY, office.seat.operator.name)
    # and is opened again at once, if it was a mistake
    assert calls.change_calls(clerk, known(earlier, open_one), {"entered_on": None}) == 2
    assert entered(earlier) == (None, "")


def test_the_list_is_filtered_by_estate_kind_label_period_and_open_follow_up(office: Office) -> None:
    plain = calls.save_call(office.seat, call(office)).id
    other = calls.save_call(
        office.seat,
        call(
            office, "苏强平", kind="reception", label="慰问", follow_up="回访", follow_up_by=date(2026, 3, 9)
        ),
    ).id
    nobody = calls.save_call(
        office.seat, call(office, resident="", estate_id=office.lane, called_on=date(2026, 1, 5))
    ).id
    assert set(listed(office, estate_id=office.lane)) == {plain, nobody}
    for facets in ({"kind": "reception"}, {"label": "慰问"}, {"follow_state": "open"}):
        assert listed(office, **facets) == [other]
    assert listed(office, called_on=(date(2026, 1, 1), date(2026, 1, 31))) == [nobody]
    assert listed(office, follow_up_by=(None, date(2026, 3, 10))) == [other]


def test_a_call_is_found_by_its_home_and_not_by_name_or_by_what_was_said(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office, said="燃气软管"))
    assert listed(office, "ncl168") == [saved.id]
    assert listed(office, "蔡兰刚") == listed(office, "燃气") == []
    hits = search(office.seat, all_records(), "南昌路168弄")
    assert ("call", saved.id) in [(hit.kind, hit.record_id) for hit in hits]


def test_the_history_names_whom_it_was_on_masked(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office))
    line = calls.read_call(office.seat, saved.id)
    calls.save_call(office.seat, replace(line.fields, label="慰问"), line.known)
    assert len(calls.call_history(office.seat, saved.id)) == 2
    assert "蔡兰刚" not in repr(calls.call_history(office.seat, saved.id))


def test_residents_are_found_with_everybody_in_a_home_and_the_home_itself(office: Office) -> None:
    found = residents.find_residents(office.seat, "前楼")
    assert [(one.key, one.detail) for one in found] == [
        (office.key("蔡兰刚"), "蔡*"),
        (office.key("沈文娟"), "沈*（Son or daughter）"),
        (Called(office.homes["前楼"]).key, "nobody in particular"),
    ]
    households.end_household(office.seat, office.households["蔡兰刚"], YESTERDAY, "moved")
    assert [one.detail for one in residents.find_residents(office.seat, "前楼")] == ["nobody in particular"]


def test_the_form_of_a_new_call_is_filled_with_somebody_who_is_still_there(office: Office) -> None:
    new = residents.new_call(office.seat, office.households["蔡兰刚"], office.daughter)
    assert (new.estate_id, new.key) == (office.lane, office.key("沈文娟"))
    assert new.text == "南昌路168弄4号前楼  沈*"
    with pytest.raises(NotFound):
        residents.new_call(office.seat, office.households["姚艳志"], office.daughter)


def test_who_was_called_on_is_not_removed_without_a_word(office: Office) -> None:
    calls.save_call(office.seat, call(office, "沈文娟"))
    with pytest.raises(Conflict, match="1 call"):
        people.remove_person(office.seat, office.households["蔡兰刚"], office.daughter)
    with pytest.raises(Conflict, match="1 call"):
        households.remove_household(office.seat, office.households["蔡兰刚"])


def test_follow_ups_are_tasks_until_they_are_done(office: Office) -> None:
    fields = call(office, "苏强平", follow_up="回访", follow_up_by=YESTERDAY)
    saved = calls.save_call(office.seat, fields)

    def tasks() -> list[int]:
        with office.seat.store.sessions() as session:
            return [
                task.record_id for task in dues.tasks(session, office.seat.today()) if task.kind == "call"
            ]

    assert tasks() == [saved.id]
    line = calls.read_call(office.seat, saved.id)
    calls.save_call(office.seat, replace(line.fields, follow_up_done_on=YESTERDAY), line.known)
    assert tasks() == []


def test_a_property_company_sees_nothing_of_calls(office: Office, seat_as: Callable[[Role], Seat]) -> None:
    company = seat_as(Role.PROPERTY)
    for use in (calls.find_calls, calls.calls_for_print, residents.staff_options):
        with pytest.raises(NotAllowed):
            use(company, *([BookQuery()] if use is calls.calls_for_print else []))


def _stored(office: Office) -> dict[str, Any]:
    with office.seat.store.sessions() as session:
        return dict(session.execute(text("SELECT * FROM resident_call")).mappings().one())


def test_after_three_years_a_call_says_nothing_of_anybody_but_the_staff(office: Office) -> None:
    calls.save_call(office.seat, call(office, "沈文娟", said="安好", follow_up="回访", label="慰问"))
    assert _stored(office)["person_id"] == office.daughter
    later = replace(agreed(office.seat), now=lambda: office.seat.now() + timedelta(3 * 365 + 1))
    assert [due.reason for due in retention.due_for_anonymising(later).rows] == ["Called on 3 years ago"]
    retention.anonymise(later)
    left = _stored(office)
    assert {left[name] for name in ("household_id", "person_id")} == {None}
    assert (left["resident"], left["said"], left["follow_up"]) == ("", "", "")
    assert (left["staff"], left["label"], left["unit_id"]) == ("何斌", "慰问", office.homes["前楼"])
    assert "安好" not in repr(calls.call_history(office.seat, left["id"]))


def test_a_household_that_is_erased_takes_what_was_said_with_it(office: Office) -> None:
    calls.save_call(office.seat, call(office, said="安好"))
    households.end_household(office.seat, office.households["蔡兰刚"], YESTERDAY, "moved")
    keys = [Key("household", office.households["蔡兰刚"])]
    report = person_report(office.seat, keys, "本人，身份证")
    assert ("走访详情", "安好") in [value for held in report.held for value in held.values]
    erase_person(agreed(office.seat), keys, "consent")
    left = _stored(office)
    assert (left["household_id"], left["resident"], left["said"], left["staff"]) == (None, "", "", "何斌")
    line = calls.read_call(office.seat, left["id"])
    assert line.fields.estate_id == office.lane
    assert whom(line) == "made anonymous"
    nobody = calls.save_call(office.seat, call(office, resident="", estate_id=office.lane)).id
    assert whom(calls.read_call(office.seat, nobody)) == "nobody in particular"


def whom(line: Line[CallFields]) -> str:
    shown = call_book().part("resident").shown
    assert shown is not None
    assert shown.text is not None
    return shown.text(line)


def test_a_removed_call_is_gone_from_list_and_search(office: Office) -> None:
    saved = calls.save_call(office.seat, call(office))
    assert calls.remove_call(office.seat, saved.id).startswith("2026-03-01")
    assert listed(office) == listed(office, "ncl168") == []
