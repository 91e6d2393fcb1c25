from dataclasses import replace
from datetime import date

import pytest

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.paper import frame, qr
from fuyuan_desk.paper.flow import paginate
from fuyuan_desk.renovation.rules.works import Verdict
from fuyuan_desk.renovation.sheets import (
    RegistrationConsent,
    RegistrationDocument,
    RegistrationSheet,
    RegistrationWork,
    lay_out,
    registration_form,
)
from tests.paper import pdf

OFFICE = "黄浦区瑞金二路街道南昌居民委员会"
MADE = date(2026, 11, 22)
FREE_MOST = 50.0
"""mm; what is signed stays together: the undertaking and the room for four signatures and stamps."""
UID = "0123456789abcdef" * 2
WORKS = (
    RegistrationWork(
        "拆除室内隔墙",
        Verdict.PROHIBITED,
        "《住宅室内装饰装修管理办法》第五条第一款第（一）项；《上海市住宅物业管理规定》第五十六条第（一）项",
        "损坏承重结构",
    ),
    RegistrationWork(
        "重做厨卫防水层",
        Verdict.DOCUMENTS,
        "《住宅室内装饰装修管理办法》第八条",
        "防水施工方案；闭水试验记录",
    ),
    RegistrationWork(
        "拆改燃气管道",
        Verdict.APPROVAL,
        "《住宅室内装饰装修管理办法》第六条第一款第（四）项",
        "燃气经营企业批准文件",
    ),
    RegistrationWork(
        "更换外窗", Verdict.CHECK, "《住宅室内装饰装修管理办法》第六条第一款第（二）项", "是否扩大洞口未知"
    ),
    RegistrationWork("更换洁具", Verdict.ALLOWED),
)
DOCUMENTS = (
    RegistrationDocument("不动产权证书、公房租赁凭证或其他合法权益凭证", date(2026, 11, 3)),
    RegistrationDocument("申请人身份证件", date(2026, 11, 4)),
    RegistrationDocument("装饰装修方案"),
    RegistrationDocument("闭水试验记录", by_completion=True),
    RegistrationDocument("邻里告知书"),
)
SHEET = RegistrationSheet(
    number="ZX2026-0007", address="上海市黄浦区南昌路168弄4号甲三层阁", estate="南昌路168弄", applicant="喆㛃𬭼䶮",
    works=WORKS, documents=DOCUMENTS, uid=UID, registered=date(2026, 11, 3), house="旧式里弄 · 直管公房",
    role="承租人", phone="13812345678、021-62093705", owner="某资产经营公司", area=2350,
    starts=date(2026, 11, 10), ends=date(2027, 1, 20), contractor="上海安信建筑装饰工程有限公司",
    contractor_code="91310101MA1FP00000", lead="李某", lead_phone="13912345678", hours="8:00–18:00，法定节假日除外",
    involves_5_to_8=True, remarks="材料分批上楼。",
)  # fmt: skip


def test_a_form_shows_everything_on_one_page() -> None:
    paper = registration_form(SHEET, OFFICE, MADE)
    assert paper.pages == 1
    shown = pdf.flat(paper, 1)
    for text in (
        OFFICE, "住宅装饰装修登记表", "ZX2026-0007", "2026年11月3日", SHEET.address, "南昌路168弄", "喆㛃𬭼䶮",
        "承租人", "23.50㎡", "2026年11月10日至2027年1月20日", SHEET.contractor, SHEET.contractor_code, "李某",
        "材料分批上楼。",
        "8:00–18:00", "第1页/共1页", "申请人", "施工单位", "物业服务企业意见", "居民委员会意见", "（盖章）",
        "扩大承重墙上原有的门窗尺寸", "本人已知悉上述规定", "（竣工前）",
    ):  # fmt: skip
        assert text in shown
    for work in WORKS:
        assert work.name in shown
        assert work.needs in shown
    for text in ("禁止施工", "须补材料", "须先报批", "待核实", "可以施工", "第六条第一款第（四）项"):
        assert text in shown


@pytest.mark.parametrize("works", [WORKS, WORKS * 12], ids=["one page", "several pages"])
def test_the_state_of_a_closed_case_is_on_every_page(works: tuple[RegistrationWork, ...]) -> None:
    paper = registration_form(replace(SHEET, works=works, state="已撤回"), OFFICE, MADE)
    for page in range(1, paper.pages + 1):
        assert "状态：已撤回登记日期：2026年11月3日" in pdf.flat(paper, page).replace("　", "")
    assert "状态" not in pdf.flat(registration_form(SHEET, OFFICE, MADE), 1)


def test_phones_are_masked_unless_revealed() -> None:
    masked = pdf.flat(registration_form(SHEET, OFFICE, MADE), 1)
    assert "138****5678" in masked
    assert "021-****3705" in masked
    assert "13912345678" not in masked
    shown = pdf.flat(registration_form(SHEET, OFFICE, MADE, reveal=True), 1)
    assert "13812345678、021-62093705" in shown
    assert "13912345678" in shown


def test_boxes_of_papers_and_scope() -> None:
    paper = registration_form(SHEET, OFFICE, MADE)
    assert [box.name for box in paper.boxes] == [
        "scope.yes", "scope.no", "document1", "document2", "document3", "document4", "document5",
    ]  # fmt: skip
    assert pdf.boxes_match_drawing(paper)
    shown = pdf.flat(paper, 1)
    assert shown.count("✓") == 3
    assert "2026-11-03" in shown
    assert "2026-11-04" in shown


@pytest.mark.parametrize(("involves", "ticks"), [(True, 1), (False, 1), (None, 0)])
def test_the_answer_on_5_to_8_is_ticked(involves: bool | None, ticks: int) -> None:
    paper = registration_form(replace(SHEET, documents=(), involves_5_to_8=involves), OFFICE, MADE)
    assert pdf.flat(paper, 1).count("✓") == ticks


def test_many_works_continue_on_the_next_page() -> None:
    paper = registration_form(replace(SHEET, works=WORKS * 6, documents=DOCUMENTS * 4), OFFICE, MADE)
    assert paper.pages == 3
    pages = [pdf.flat(paper, page) for page in (1, 2, 3)]
    assert [f"第{page}页/共3页" in shown for page, shown in enumerate(pages, 1)] == [True] * 3
    assert "装修内容" in pages[1]
    assert "（续）" in pages[1]
    assert "".join(pages).count("更换洁具") == 6
    assert pdf.marks(paper, 2) == [qr.Mark(qr.REGISTRATION, "ZX2026-0007", UID, 2)]
    assert pdf.boxes_match_drawing(paper)


def test_an_empty_form_can_be_filled_in_by_hand() -> None:
    paper = registration_form(RegistrationSheet("", "", "", ""), OFFICE, MADE)
    assert paper.pages == 1
    assert sum(box.name.startswith("document") for box in paper.boxes) == 8
    assert pdf.within_margins(paper)


def test_many_cases_in_one_file() -> None:
    sheets = [replace(SHEET, number=f"ZX2026-{n:04d}") for n in range(1, 4)]
    paper = registration_form(sheets, OFFICE, MADE)
    assert paper.pages == 3
    assert [pdf.marks(paper, page)[0].number for page in (1, 2, 3)] == [sheet.number for sheet in sheets]


def test_very_long_values_stay_within_the_page() -> None:
    extreme = replace(
        SHEET, applicant="买买提·吐尔逊·" * 7, address="W" * 200, contractor="福" * 100, house="很长" * 40,
        remarks="备注。" * 200, works=(replace(WORKS[0], name="𬭼" * 120, needs="须提交，" * 60),),
        documents=(RegistrationDocument("材料" * 60),),
    )  # fmt: skip
    paper = registration_form(extreme, OFFICE, MADE)
    assert pdf.within_margins(paper)
    everything = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    assert everything.count("𬭼") == 120
    assert everything.count("备注。") == 200
    assert everything.count("福") >= 100


def test_the_same_case_gives_the_same_bytes() -> None:
    assert registration_form(SHEET, OFFICE, MADE).pdf == registration_form(SHEET, OFFICE, MADE).pdf


def test_the_wording_names_every_verdict() -> None:
    assert set(read_json("forms", "registration.json")["verdicts"]) == {v.name.lower() for v in Verdict}


def test_remarks_longer_than_a_page_continue_on_the_next() -> None:
    paper = registration_form(replace(SHEET, remarks="锯末装袋后下楼。" * 700), OFFICE, MADE)
    assert pdf.within_margins(paper)
    everything = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    assert everything.count("锯") == 700
    last = pdf.flat(paper, paper.pages)
    assert "扩大承重墙上原有的门窗尺寸" in everything
    assert "本人已知悉上述规定" in last, "the undertaking is on the page that is signed"


@pytest.mark.parametrize("documents", range(2, 24, 3))
@pytest.mark.parametrize("works", [5, 8])
@pytest.mark.parametrize(
    "consents", [(), (RegistrationConsent("owner_consent", "《民法典》第七百一十五条"),)]
)
def test_the_parts_of_a_form_of_two_pages_fill_the_first(
    documents: int, works: int, consents: tuple[RegistrationConsent, ...]
) -> None:
    sheet = replace(
        SHEET, documents=(DOCUMENTS * 5)[:documents], works=(WORKS * 2)[:works], consents=consents,
        remarks="材料分批上楼。" * 12,
    )  # fmt: skip
    paper = registration_form(sheet, OFFICE, MADE)
    if paper.pages == 1:
        return
    page = lay_out(sheet, OFFICE, read_json("forms", "registration.json"), reveal=False)
    last = paginate(page.blocks, frame.TOP, frame.BOTTOM)[0][-1]
    assert frame.BOTTOM - last.y - last.block.height < FREE_MOST
    assert "本人已知悉上述规定" in pdf.flat(paper, 2)
