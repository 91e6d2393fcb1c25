"""The actions under fire on attached pages: those of notices of protection and of certificates; part of `work.py`."""

from fuyuan_desk.estates.service import notice_pages
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import check_pages, checks, facilities
from tests.fire.hand import Hand, Prepare, on


def with_pages(hand: Hand) -> int:
    """Add a building whose notice has two pages."""
    building = hand.building()
    notice_pages.add_pages(hand.seat, building, (hand.photo(), hand.photo()))
    return building


def _page(hand: Hand) -> int:
    return notice_pages.notice_pages(hand.seat, with_pages(hand))[0].id


def _check(hand: Hand) -> int:
    lift = facilities.save_facility(
        hand.seat, FacilityFields("lift", f"{hand.fresh()}号梯", hand.estate())
    ).id
    return checks.save_check(
        hand.seat, CheckFields(lift, "lift-inspection", hand.seat.today(), party="property")
    ).id


def _check_page(hand: Hand) -> int:
    return check_pages.add_pages(hand.seat, _check(hand), (hand.photo(), hand.photo()))[0].id


PAGES: dict[str, Prepare] = {
    "added pages of a notice": on(
        lambda hand: (hand.building(), (hand.photo(), hand.photo())),
        lambda seat, made: notice_pages.add_pages(seat, *made),
    ),
    "moved page of a notice": on(_page, lambda seat, page: notice_pages.move_page(seat, page, 1)),
    "removed page of a notice": on(_page, notice_pages.remove_page),
    "added pages of a certificate": on(
        lambda hand: (_check(hand), (hand.photo(), hand.photo())),
        lambda seat, made: check_pages.add_pages(seat, *made),
    ),
    "moved page of a certificate": on(_check_page, lambda seat, page: check_pages.move_page(seat, page, 1)),
    "removed page of a certificate": on(_check_page, check_pages.remove_page),
}
