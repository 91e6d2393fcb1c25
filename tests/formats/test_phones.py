"""Telephone numbers as clerks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.phones import Phones, clean_phone, dialled, mask_phone, phone_fault, read_phones


@pytest.mark.parametrize(
    ("written", "numbers", "words"),
    [
        ("13812345678", ("13812345678",), ""),
        ("180 2668 2527", ("18026682527",), ""),
        ("138-1234-5678", ("13812345678",), ""),
        ("１５７３８６４７３８９", ("15738647389",), ""),
        (14687360264.0, ("14687360264",), ""),
        ("13677900348/16520326631", ("13677900348", "16520326631"), ""),
        ("13677900348、16520326631，021-62093705", ("13677900348", "16520326631", "021-62093705"), ""),
        ("13677900348 16520326631", ("13677900348", "16520326631"), ""),
        ("1367790034816520326631", ("13677900348", "16520326631"), ""),
        ("13677900348\n62093705", ("13677900348", "021-62093705"), ""),
        ("180 2668 2527 021-62093705", ("18026682527", "021-62093705"), ""),
        ("021-62093705", ("021-62093705",), ""),
        ("(021)6209 3705", ("021-62093705",), ""),
        ("62093705转801", ("021-62093705-801",), ""),
        ("0512-65123456", ("0512-65123456",), ""),
        ("+86 138 1234 5678", ("13812345678",), ""),
        ("0086-13812345678", ("13812345678",), ""),
        ("+852 9123 4567", ("+85291234567",), ""),
        ("+81-90-1234-5678", ("+819012345678",), ""),
        ("+44 (0)20 7946 0958", ("+442079460958",), ""),
        ("00852 9123 4567", ("+85291234567",), ""),
        ("400-820-8820", ("4008208820",), ""),
        ("13812345678（女儿）", ("13812345678",), "女儿"),
        ("张三13812345678", ("13812345678",), "张三"),
        ("手机：13812345678", ("13812345678",), ""),
        ("微信", (), "微信"),
        ("无", (), ""),
        ("", (), ""),
        ("/", (), ""),
        ("暂无", (), ""),
        ("无手机", (), ""),
        ("99999999999", (), ""),
        ("66666666", (), ""),
        ("12345678901", (), ""),
        ("13812345678、99999999", ("13812345678",), ""),
        ("13800000000", ("13800000000",), ""),
    ],
)
def test_numbers_are_found_in_a_cell(written: object, numbers: tuple[str, ...], words: str) -> None:
    read = read_phones(written)
    assert (read.numbers, read.words.strip(":：")) == (numbers, words)
    assert not read.doubts


@pytest.mark.parametrize("written", ["1381234567", "138123456789", "12345", "28012345678"])
def test_numbers_in_doubt_are_kept_and_told(written: str) -> None:
    read = read_phones(written)
    assert read.numbers == (written,)
    assert len(read.doubts) == 1
    assert phone_fault(written)


def test_a_number_too_long_for_a_telephone_is_kept_whole_among_the_words() -> None:
    long = "1381234567" * 4
    read = read_phones(long)
    assert (read.numbers, read.words, len(read.doubts)) == ((), long, 1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 (0) 20 7946 0958", "+442079460958"),
        ("＋852 9123 4567", "+85291234567"),
        ("00852-91234567", "+85291234567"),
        ("+1 (212) 555-0100", "+12125550100"),
    ],
)
def test_a_number_abroad_is_taken_in_every_usual_writing(typed: str, stored: str) -> None:
    assert phone_fault(typed) == ""
    assert clean_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("+44 123", "country code"),
        ("00852", "country code"),
        ("+44 20 7946 0958 转 12", "country code"),
        ("85291234567", "begins with + or 00"),
        ("6437", "11 digits"),
        ("+86 1381234567", "11 digits"),
        ("13812345678 女儿", "without words"),
        ("微信 abc", "without words"),
    ],
)
def test_a_wrong_number_is_told_with_how_to_type_it(typed: str, told: str) -> None:
    assert told in phone_fault(typed)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_a_mobile_is_found_however_it_is_grouped(number: str, between: str) -> None:
    grouped = between.join((number[:3], number[3:7], number[7:]))
    assert dialled(grouped) == number
    assert read_phones(f"{grouped}/{grouped}") == Phones((number,))


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("021-62093705", "021-****3705"),
        ("+85291234567", "+852****4567"),
        ("12345", "*****"),
    ],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_phone(number) == masked
