"""What stands in a roster is masked on the screen, whatever the column is taken for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.roster.reading.headers import FIELD_LABELS
from fuyuan_desk.roster.reading.masking import masked_cell

MASKED = [
    ("name", "张三", "张*"),
    ("name", "张三 13812345678", "张*"),
    ("name", "欧阳修文（长子）", "欧*"),
    ("name", "上海示例商贸有限公司", "上海示例商贸有限公司"),
    ("name", "空关", "空关"),
    ("other_name", "李四", "李*"),
    ("name", "张三、李四", "张*、李*"),
    ("share", "张三50%，李四50%", "张*50%，李*50%"),
    ("share", "按份共有", "按份共有"),
    ("registered_at", "南昌路168弄4号", "南昌***"),
    ("id", "310101198001010007", "310101********0007"),
    ("id", "31010119800101000X", "310101********000X"),
    ("id", "E12345678", "E1*****78"),
    ("phone", "13812345678", "138****5678"),
    ("phone", "138 1234 5678", "138****5678"),
    ("phone", "13812345678/62093705", "138****5678/620****3705"),
    ("phone", "", ""),
    ("phone", "无", "无"),
    ("contact", "微信 zhangsan", "微信***"),
    ("remark", "女儿电话13812345678", "女儿电话138****5678"),
    ("remark", "身份证 310101198001010007 已核", "身份证 310101********0007 已核"),
    ("", "证号310101 19800101 0007", "证号310101********0007"),
    ("-", "13812345678", "138****5678"),
    ("since", "2003-05-01", "2003-05-01"),
    ("since", "1998年12月1日", "1998年12月1日"),
    ("area", "1234567.5", "1234567.5"),
    ("area", "13812345678", "138****5678"),
    ("fund_balance", "12345678.90", "12345678.90"),
    ("lease_no", "2003-0045678", "2003-0045678"),
    ("lease_no", "310101198001010007", "310101********0007"),
    ("unit", "亭子间", "亭子间"),
    ("address", "南昌路168弄3号2楼后楼", "南昌路168弄3号2楼后楼"),
]


@pytest.mark.parametrize(("field", "text", "shown"), MASKED)
def test_a_cell_is_masked_by_its_field_and_content(field: str, text: str, shown: str) -> None:
    assert masked_cell(field, text) == shown


@given(
    st.sampled_from(["", *FIELD_LABELS]),
    st.sampled_from(["", "电话", "户主 ", "证"]),
    st.one_of(
        st.from_regex(r"1[3-9]\d{9}", fullmatch=True, alphabet="0123456789"),
        st.from_regex(
            r"310101(19|20)\d\d(0[1-9]|1[0-2])\d\d000[\dX]", fullmatch=True, alphabet="0123456789X"
        ),
    ),
    st.sampled_from(["", "（女）", " 本人", "、"]),
)
def test_no_column_shows_a_whole_telephone_or_id_number(
    field: str, before: str, number: str, after: str
) -> None:
    if field == "lease_no" and len(number) == 11:
        return  # eleven digits are a usual number of a lease
    shown = masked_cell(field, before + number + after)
    assert number not in re.sub(r"\W", "", shown)
    assert number[4:7] not in shown or "*" in shown
