"""What the papers of an order are told of how it stands, at each step of its course."""

from datetime import timedelta

from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.inspections.service.page_data import blank_previews
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.reports.facts import NotDoneOf, Period
from fuyuan_desk.reports.service.books import book_for_print
from fuyuan_desk.reports.service.not_done import not_done_for_print
from fuyuan_desk.workorders.facts import Assignment, NewOrder, OpenOrder, WorkDone
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, figures, making, waiting
from fuyuan_desk.workorders.service.orders import orders_for_print
from fuyuan_desk.workorders.service.sheet_data import order_papers
from fuyuan_desk.workorders.sheets import OrderSheet
from tests.workorders.conftest import NOW, Office, log_failures, new_order


def paper(office: Office, order_id: int, **after: float) -> OrderSheet:
    return order_papers(office.after(**after), [order_id]).sheets[0]


def test_a_paper_says_how_its_order_stands_at_each_step(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office, severity="urgent", reporter="蔡兰刚"))
    assert paper(office, made.id).standing == ""
    assert paper(office, made.id, hours=3).standing == "overdue"
    acts.dispatch(office.seat, made.id, None, Assignment(office.company, "何斌"))
    acts.pause(office.after(hours=1), made.id, None, "等蔡兰刚回家")
    held = paper(office, made.id, hours=9)
    assert (held.standing, held.since, held.why) == ("paused", NOW + timedelta(hours=1), "等蔡*回家")
    acts.resume(office.after(hours=9), made.id)
    acts.accept(office.after(hours=9), made.id)
    acts.begin(office.after(hours=9), made.id)
    going_on = paper(office, made.id, hours=9.5)
    assert (going_on.standing, going_on.since, going_on.why) == ("", None, "")
    done = WorkDone(NOW + timedelta(hours=9), "何斌", "蔡兰刚家换了灯")
    acts.finish(office.after(hours=9), made.id, None, done)
    waits = paper(office, made.id, hours=50)
    assert (waits.standing, waits.done, waits.done_note) == ("to-verify", done.at, "蔡*家换了灯")
    acts.reject(office.after(hours=10), made.id, None, "不亮")
    again = paper(office, made.id, hours=10)
    assert (again.standing, again.done, again.done_note) == ("", None, "")
    acts.finish(office.after(hours=10), made.id, None, WorkDone(NOW + timedelta(hours=10), "何斌"))
    acts.verify(office.after(hours=11), made.id, None, "陈静怡")
    closed = paper(office, made.id, hours=99)
    assert (closed.standing, closed.is_ended, closed.verified) == (
        "verified",
        True,
        NOW + timedelta(hours=11),
    )


def test_a_paper_says_how_a_matter_became_known(office: Office) -> None:
    def source(**fields: object) -> str:
        asked: NewOrder = new_order(office, **fields)
        return paper(office, making.make_order(office.seat, asked).id).source

    assert source(source="call") == "call"
    assert source(severity="complaint") == "call"
    assert source(reporter="蔡兰刚") == "call"
    assert source() == "office"
    log_failures(office.seat, office.lane, {0: "堆物"})
    [found] = waiting.findings_without_order(office.seat)
    assert source(source="finding", reporter="蔡兰刚", findings=(found.id,)) == "finding"


def test_every_paper_has_the_same_head(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office))
    heads = {
        order_papers(office.seat, [made.id]).office,
        orders_for_print(office.seat, BookQuery()).office,
        not_done_for_print(office.seat, NotDoneOf(NOW.date())).office,
        book_for_print(office.seat, Period(2026, 3)).office,
        blank_previews(office.seat, estate_subjects(office.seat, [office.lane])).office,
    }
    assert heads == {"黄浦区瑞金二路街道福元居民委员会"}


def test_what_is_not_done_is_listed_in_the_state_of_its_day(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office))
    acts.dispatch(office.seat, made.id, None, Assignment(office.company, "何斌"))
    acts.pause(office.after(days=1), made.id, None, "等雨停")
    acts.resume(office.after(days=2), made.id)
    acts.send_back(office.after(days=3), made.id, None, "不归我们管")
    acts.dispatch(office.after(days=4), made.id, None, Assignment(office.other, "沈青"))

    def listed(days: int) -> OpenOrder:
        now = office.after(days=days, hours=1).now()
        with office.seat.store.sessions() as session:
            [one] = figures.open_orders(session, Span(now.date(), now.date(), now))
        return one

    told = [(one.status, one.is_returned, one.paused_at) for one in map(listed, range(5))]
    assert told == [
        (OrderStatus.DISPATCHED, False, None),
        (OrderStatus.PAUSED, False, NOW + timedelta(days=1)),
        (OrderStatus.DISPATCHED, False, None),
        (OrderStatus.TO_DISPATCH, True, None),
        (OrderStatus.DISPATCHED, False, None),
    ]
