"""A known name is found whatever harmless words stand around it: every name in every sentence."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guides.folding import fold
from guides.library import Library

LIBRARY = Library()
NAMES = {
    "đăng ký khai sinh": "1.001193",
    "làm hộ chiếu": "1.001456",
    "đăng ký kết hôn": "1.000894",
    "xin giấy độc thân": "1.004873",
    "đăng ký tạm trú": "1.004194",
    "nhập hộ khẩu": "1.004222",
    "bắt điện mới": "3.000001",
    "đổi căn cước": "1.014063",
    "làm sổ đỏ": "1.013978",
    "xin giấy phép xây nhà": "1.013225",
    "sao y giấy tờ": "2.000815",
    "xin lý lịch tư pháp": "3.000333",
    "đổi bằng lái xe": "3.000347",
    "tách hộ khẩu": "1.010038",
}
SENTENCES = (
    "{} cho con bị bại não",
    "{} đi chùa bên Lào",
    "cán bộ bảo phải {} mới nộp được",
    "bà nội ở quê kêu lên xã {} cho kịp",
    "dạ cho tôi hỏi muốn {} thì cần những gì ạ",
    "{} để cuối tháng vô Sài Gòn",
    "hàng xóm nói {} dễ lắm",
    "hôm qua tôi ra phường {} mà chưa được",
    "{} gấp trước tết",
    "nhờ cháu chỉ cho bác cách {} với",
    "bác quên mang kính, muốn {}",
    "con dâu tôi người Quảng Ngãi muốn {}",
    "ở quận 3 phòng tư pháp có {} không",
)
BESIDE = ("vì bận việc", "hôm nay", "cho bà nội", "ở xã mình", "giùm tôi", "nhanh nhanh", "trước tết")


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "plain"])
def test_a_name_wins_in_any_sentence(marked: bool) -> None:
    asked = [(sentence.format(name), code) for (name, code), sentence in product(NAMES.items(), SENTENCES)]
    assert len(asked) == 182
    found = [
        (text, code, [hit.code for hit in LIBRARY.search(text if marked else fold(text), limit=5)])
        for text, code in asked
    ]
    assert [one for one in found if not one[2]] == []
    assert [one for one in found if one[1] not in one[2]] == []
    assert sum(codes[0] == code for _, code, codes in found) >= 0.97 * len(found), [
        one for one in found if one[2][0] != one[1]
    ]


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(NAMES)),
    st.lists(st.sampled_from(BESIDE), max_size=2),
    st.lists(st.sampled_from(BESIDE), max_size=3),
)
def test_harmless_words_before_and_behind_change_nothing(
    name: str, before: list[str], behind: list[str]
) -> None:
    hits = LIBRARY.search(" ".join([*before, name, *behind]))
    assert hits and hits[0].code == NAMES[name]
