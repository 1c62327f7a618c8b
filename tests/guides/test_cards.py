"""Short cards from the portal's records: facts kept, remarks and bare zeros left out."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from guides.cards import Cards, make_cards, words_of
from guides.faults import room_words
from guides.kept import CARDS
from guides.library import BUILT_IN, Library
from guides.tables import TableError

LIBRARY = Library([BUILT_IN])


def record(**changes: object) -> str:
    base = {
        "code": "1.000009",
        "isWard": True,
        "subjectTypesDetails": [{"name": "Công dân Việt Nam"}],
        "executionMethods": [
            {"submissionMethod": "ONLINE", "processingTime": 3, "processingTimeUnit": "WORKING_DAY"}
        ],
        "executionCases": [
            {
                "profileComponents": [
                    {"name": "- Đơn đề nghị (theo Mẫu số 01);", "originalQty": 1, "copyQty": 0},
                    {"name": "Giấy khai sinh", "originalQty": 0, "copyQty": 1},
                    {"name": "Trường hợp gửi qua bưu điện thì kèm bản sao", "originalQty": 1, "copyQty": 0},
                    {"name": "Giấy không đếm", "originalQty": 0, "copyQty": 0},
                ]
            }
        ],
        "updatedAt": 1776939418728,
    }
    return json.dumps({**base, **changes}, ensure_ascii=False)


def one(tmp_path: Path, **changes: object) -> object:
    make_cards([record(**changes)], tmp_path / "cards.gz", "2026-07-18")
    return Cards(tmp_path / "cards.gz").card("1.000009")


def test_papers_times_and_day_are_kept(tmp_path: Path) -> None:
    card = one(tmp_path)
    assert [(paper.title, paper.copied) for paper in card.papers] == [
        ("Đơn đề nghị", False),
        ("Giấy khai sinh", True),
    ]
    assert card.times == ((3, "working_day"),) and card.updated == "2026-04-23"


def test_a_zero_set_by_the_province_is_not_shown(tmp_path: Path) -> None:
    fee = {"type": "FEE", "value": 0, "description": "Do Hội đồng nhân dân tỉnh quyết định"}
    methods = [{"submissionMethod": "DIRECT", "processingTime": "Theo mô tả", "fees": [fee]}]
    card = one(tmp_path, executionMethods=methods)
    told = words_of(card, room_words()["vi"])
    assert "tỉnh quyết định" in told["fee"] and "Chưa rõ" in told["time"] and "giấy" in told["can_do_here"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((3, "WORKING_DAY", 3, "WORKING_DAY"), "3 ngày làm việc."),
        ((7, "OTHER", 12, "WORKING_DAY"), "12 ngày làm việc."),
        ((2, "WORKING_DAY", 3, "WORKING_DAY"), "2 ngày làm việc. Bản ghi cũng nêu: 3 ngày làm việc."),
        ((2, "DAY", 3, "OTHER"), "2 ngày."),
        ((17.5, "DAY", 7.5, "DAY"), "17,5 ngày. Bản ghi cũng nêu: 7,5 ngày."),
        ((7, "OTHER", 3, "OTHER"), "Chưa rõ số ngày; bác xem trên Cổng."),
    ],
)
def test_days_are_taken_from_the_ways_and_from_the_cases(
    tmp_path: Path, said: tuple[float, str, float, str], told: str
) -> None:
    way = {"processingTime": said[0], "processingTimeUnit": said[1]}
    case = {"processingDay": {"qty": said[2], "type": said[3]}}
    card = one(tmp_path, executionMethods=[way], cases=[case])
    assert words_of(card, room_words()["vi"])["time"] == told


@pytest.mark.parametrize("change", [{"isWard": False}, {"subjectTypesDetails": [{"name": "Doanh nghiệp"}]}])
def test_what_no_citizen_files_in_the_commune_gets_no_card(tmp_path: Path, change: dict[str, object]) -> None:
    assert make_cards([record(**change), record(code="1.2")], tmp_path / "cards.gz", "2026-07-18") == 1
    with pytest.raises(TableError, match="no_card"):
        make_cards([record(**change)], tmp_path / "none.gz", "2026-07-18")
    assert not (tmp_path / "none.gz").exists()


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    for broken in ("{", "[" * 100_000, "[]"):
        with pytest.raises(TableError) as fault:
            make_cards([record(), broken], tmp_path / "cards.gz", "2026-07-18")
        assert (fault.value.line, fault.value.code) == (2, "no_record")


def test_what_only_stands_in_the_list_is_a_link_and_nothing_invented() -> None:
    for language in ("vi", "en"):
        guide = LIBRARY.guide("1.000005", language)
        assert not (guide.steps or guide.papers or guide.questions or guide.mistakes or guide.online_level)
        assert {"vi": "chưa có hướng dẫn", "en": "no guide"}[language] in guide.can_do_here
        assert guide.portal_url.startswith("https://dichvucong.gov.vn/") and guide.decides


def test_every_card_makes_a_guide_in_both_languages() -> None:
    codes = Cards(CARDS).codes()
    assert len(codes) >= 150
    for code in codes - LIBRARY.codes():
        for language in ("vi", "en"):
            guide = LIBRARY.guide(code, language)
            assert guide.steps and guide.fee and guide.time and {"papers", "fee"} <= guide.unverified
            assert not re.search(r"(?<![\d.])0 (đồng|dong)", guide.fee)
            assert guide.portal_url.startswith("https://dichvucong.gov.vn/")
            keys = [step.key for step in guide.steps]
            phone = any(question.key == "phone" for question in guide.questions)
            listed = any(paper.key == "dien-thoai" for paper in guide.papers)
            assert phone == ("login" in keys) == listed, code
            assert "find" not in keys or "tim-kiem" in guide.portal_url, code


def test_a_record_is_as_old_as_it_is() -> None:
    for code in ("1.000005", "1.000080"):  # only listed; with a card
        guide = LIBRARY.guide(code)
        assert guide.checked_on == date(2026, 7, 18) and "22/11/2026" not in " ".join(guide.sources)
    assert LIBRARY.guide("1.000080").time == "12 ngày làm việc."


def test_no_file_means_no_cards(tmp_path: Path) -> None:
    assert Cards(tmp_path / "none.gz").card("1.000009") is None
