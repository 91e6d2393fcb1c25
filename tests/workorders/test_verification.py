"""Nobody verifies what they did, however they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import read_organisation, save_organisation
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, WorkDone
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.rules.verification import verifier_fault
from fuyuan_desk.workorders.service import acts, making
from tests.workorders.conftest import NOW, Office, new_order

DOERS = (
    "何斌, 张师傅",
    "",
    "福元物业王强",
    "李雷与赵和平",
    "刘洋（水电工）",
    "欧阳建国",
    "李建工",
    "He Bin",
    "單",
)
FIRMS = {"福元物业", "沪上维修"}


@pytest.mark.parametrize(
    ("verifier", "fault"),
    [
        ("", "Enter who"),
        (" ", "Enter who"),
        ("（）", "Enter who"),
        ("何斌", "何斌 had"),
        ("陈静怡、何斌", "何斌 had"),
        ("何斌。", "何斌 had"),
        ("何斌：", "何斌 had"),
        ("何斌+陈静怡", "何斌 had"),
        ("何斌|陈静怡", "何斌 had"),
        ("何斌·陈静怡", "何斌 had"),
        ("何斌-水电", "何斌 had"),
        ("“何斌”", "何斌 had"),
        ("物业何斌", "何斌 had"),
        ("验收人何斌", "何斌 had"),
        ("何斌代", "何斌 had"),
        ("何斌师傅", "何斌 had"),
        ("何 斌", "何斌 had"),
        ("何\u200b斌", "何斌 had"),
        ("陈静怡和何斌", "何斌 had"),
        ("何斌斌", "何斌 had"),  # hardly two persons, and one of the two can be named by somebody else
        ("张师傅", "张师傅 had"),
        ("張師傅", "张师傅 had"),
        ("ＨＥ　bin", "He Bin had"),
        ("单", "This may be 單"),
        ("单雄信", ""),  # of a doer of one character nobody knows who it was
        ("李四（福元物业）", "福元物业, 福元物业王强 had"),
        ("福元", "福元物业, 福元物业王强 had"),
        ("赵和平", "赵和平 had"),
        ("欧阳师傅", "欧阳建国 had"),
        ("何师傅", "This may be 何斌"),
        ("小何", "This may be 何斌"),
        ("何工", "This may be 何斌"),
        ("陈静怡、老何", "This may be 何斌"),
        ("阿斌", "This may be 何斌"),
        ("张工", "This may be 张师傅"),
        ("何", "This may be 何斌"),
        ("陈静怡", ""),
        ("福元居委会 陈静怡", ""),
        ("赵和明", ""),
        ("陈静怡（水电工）", ""),
        ("李建国", ""),  # 李建工 ends with no title
        ("小陈", ""),
        ("张工平", ""),
        ("维师傅", ""),  # organisations have no surname
        ("经理", ""),
    ],
)
def test_nobody_verifies_what_they_did(verifier: str, fault: str) -> None:
    found = verifier_fault(verifier, DOERS, FIRMS, terms().address)
    assert fault in found if fault else found == ""


@given(
    around=st.text("·。、，+|/（）“” \u3000-陈静怡代和", max_size=6),
    behind=st.text("·。、，+|/（）“” \u3000-陈静怡代和", max_size=6),
    between=st.text(" \u3000\u200b·.-", max_size=2),
    form=st.sampled_from([str, str.upper, lambda text: unicodedata.normalize("NFD", text)]),
    doer=st.sampled_from(["何斌", "张师傅", "赵和平", "he bin", "單雄信"]),
)
def test_nothing_around_or_within_a_name_hides_it(
    around: str, behind: str, between: str, form: object, doer: str
) -> None:
    assert callable(form)
    written = form(between.join(doer))
    assert verifier_fault(f"{around}{written}{behind}", [doer], (), terms().address)


def _done(office: Office, order: OrderDetail, by: str) -> None:
    acts.accept(office.seat, order.id)
    acts.begin(office.seat, order.id)
    acts.finish(office.seat, order.id, None, WorkDone(NOW, by))


def _refused(office: Office, order: OrderDetail, by: str) -> bool:
    """Return whether somebody may not verify an order; whoever may has verified it."""
    try:
        return acts.verify(office.seat, order.id, None, by).status is not OrderStatus.DONE
    except InvalidInput as refusal:
        return set(refusal.fields) == {"by"}


def test_whoever_had_an_order_before_it_was_handed_over_does_not_verify_it(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office))
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    acts.hand_over(office.seat, order.id, None, Assignment(office.other, "沈青", "", "换单位"))
    _done(office, order, "沈青")
    assert all(_refused(office, order, by) for by in ("何斌", "沈青", "福元物业王经理", "沪上维修"))
    assert not _refused(office, order, "陈静怡")


def test_whoever_had_an_order_that_was_merged_does_not_verify_it(office: Office) -> None:
    merged, kept = (making.make_order(office.seat, new_order(office)) for _n in range(2))
    acts.dispatch(office.seat, merged.id, None, Assignment(office.other, "沈青"))
    acts.merge(office.seat, merged.id, None, kept.id)
    acts.dispatch(office.seat, kept.id, None, Assignment(office.company, "何斌"))
    _done(office, kept, "何斌")
    assert _refused(office, kept, "沈青")
    assert not _refused(office, kept, "陈静怡")


@pytest.mark.parametrize("is_renamed_first", [True, False])
def test_nobody_verifies_for_an_organisation_under_a_name_it_had_before(
    office: Office, is_renamed_first: bool
) -> None:
    def rename() -> None:
        line = read_organisation(office.seat, office.company)
        save_organisation(office.seat, OrganisationFields("浦江服务公司", "property"), line.known)

    def send_and_do() -> OrderDetail:
        order = making.make_order(office.seat, new_order(office))
        acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
        _done(office, order, "何斌")
        return order

    if is_renamed_first:
        rename()
        order = send_and_do()
    else:
        order = send_and_do()
        rename()
    assert all(_refused(office, order, by) for by in ("福元物业王经理", "浦江服务公司"))
    assert not _refused(office, order, "陈静怡")
