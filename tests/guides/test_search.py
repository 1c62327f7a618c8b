"""The search as a person meets it: what is found, what is refused, and how it keeps up with typing."""

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guides.folding import fold, untyped, words
from guides.library import BUILT_IN, Library

LIBRARY = Library()


def first(text: str) -> str:
    hits = LIBRARY.search(text)
    return hits[0].code if hits else ""


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("giấy độc thân", "1.004873"),
        ("giay doc than", "1.004873"),
        ("dang ky khai sinhf", "1.001193"),
        ("ddangw kys tamj trus", "1.004194"),
        ("dangky tamtru", "1.004194"),
        ("dang ky tam tur", "1.004194"),
        ("sổ đỏ", "1.013978"),
        ("mất bìa đỏ", "1.012786"),
        ("nhập hộ khẩu", "1.004222"),
        ("chứng minh nhân dân hết hạn", "1.014063"),
        ("xin giấy phép làm nhà", "1.013225"),
        ("tiền tuất", "1.014178"),
        ("bố tôi mới mất", "1.000656"),
        ("bố tôi mất căn cước", "1.014064"),
        ("cap chung chi kiem dinh vien", "1.000148"),
        ("gplx hết hạn", "3.000347"),
        ("1.004222", "1.004222"),
        ("mã 1004222 là gì", "1.004222"),
    ],
)
def test_people_find_what_they_mean(question: str, code: str) -> None:
    assert first(question) == code


def test_a_replaced_code_leads_to_its_successor() -> None:
    assert first("2.000986") == "3.000722"
    assert LIBRARY.successor("2.002622") == "2.002913"
    assert LIBRARY.successor("1.004222") == "1.004222"


@pytest.mark.parametrize(
    "question", ["thời tiết hôm nay", "bong da", "vay tiền nhanh", "", "  ", "?", "alo", "1+1"]
)
def test_what_is_no_procedure_gets_no_answer(question: str) -> None:
    assert LIBRARY.search(question) == []


def test_a_hit_says_why_in_the_language_asked_for() -> None:
    vietnamese, english = LIBRARY.search("giấy độc thân")[0], LIBRARY.search("giấy độc thân", "en")[0]
    assert "“" in vietnamese.why and vietnamese.why != english.why
    assert english.name == LIBRARY.guide("1.004873", "en").title


def test_an_english_title_finds_its_guide() -> None:
    assert first("register temporary residence") == "1.004194"


def test_the_limit_is_kept_and_no_code_comes_twice() -> None:
    hits = LIBRARY.search("đăng ký khai sinh", limit=3)
    assert len(hits) == 3 and len({hit.code for hit in hits}) == 3


def test_every_saying_leads_to_a_procedure_that_there_is() -> None:
    """A tap on an answer must open something."""
    table = tomllib.loads((BUILT_IN / "search" / "vi.toml").read_text("utf-8"))
    library = Library()
    known = {one["code"] for one in table["procedure"]}
    assert not {code for code in known if not (library.entry(code) or code in library.codes())}


def test_half_typed_words_already_find() -> None:
    assert "1.004194" in [hit.code for hit in LIBRARY.search("đăng ký tạm t")]
    assert first("giấy độc th") == "1.004873"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("gxn tthn", "1.004873"),
        ("cuoi vo dang ky o xa", "1.000894"),
        ("cat ho khau ra o rieng", "1.010038"),
        ("giay khuyet tat", "1.001699"),
        ("gia vang hom nay", ""),
        ("mua ve xe ve que", ""),
        ("bong da viet nam thai lan may gio", ""),
        ("làm giấy cho người già yếu", "1.014027"),
    ],
)
def test_what_people_without_marks_mean(asked: str, code: str) -> None:
    assert next((match.code for match in LIBRARY._finder.search(asked, 1)), "") == code


def test_words_that_are_exact_are_not_called_near() -> None:
    assert "gần" not in LIBRARY.search("giấy độc thân")[0].why
    assert "“giấy độc thân”" in LIBRARY.search("xin cái giấy độc thân cho thằng út")[0].why


@pytest.mark.parametrize(
    "question",
    [
        "chất độc da cam",
        "xin hỗ trợ heo chết do dịch",
        "quận 3 nhà tôi muốn xây",
        "đăng ký kết hôn phòng tư pháp huyện",
        "giay doc than de vay ngan hang",
        "tách thửa",
    ],
)
def test_the_reason_is_true(question: str) -> None:
    """What stands in quotation marks was typed, or stands in the name of the procedure."""
    for hit in LIBRARY.search(question):
        entry = LIBRARY.entry(hit.code)
        quoted = fold(hit.why.partition("“")[2].partition("”")[0]).split()
        assert set(quoted) <= set(fold(question).split()) | set(fold(entry.name if entry else "").split()), (
            hit
        )


def test_no_answer_is_mixed_of_two_other_words() -> None:
    """ "độc … cam" is no "cam đoan độc thân", "quận 3" no "cấp 3", "phòng tư pháp" no "lý lịch tư pháp"."""
    assert "1.004873" not in {hit.code for hit in LIBRARY.search("chất độc da cam")}
    assert "3.000181" not in {hit.code for hit in LIBRARY.search("quận 3 nhà tôi muốn xây")}
    assert "3.000333" not in {hit.code for hit in LIBRARY.search("đăng ký kết hôn phòng tư pháp huyện")}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("làm căn cước cho cháu 10 tuổi", "1.014062"),
        ("căn cước cho con dưới 14 tuổi", "1.014062"),
        ("lam cccd cho chau 15 tuoi", "1.014061"),
        ("làm thẻ căn cước lần đầu cho con mười bốn tuổi", "1.014061"),
        ("căn cước hết hạn", "1.014063"),
        ("mất căn cước", "1.014064"),
        ("ông bảy mươi sáu tuổi chưa có trợ cấp", "1.014027"),
        ("tiền thai sản sinh con", "1.014166"),
        ("vợ sinh chồng có được nghỉ không", "1.014168"),
        ("làm sổ đỏ lần đầu", "1.013978"),
        ("đổi sổ đỏ", "1.012783"),
        ("sổ hồng bị cháy trong nhà", "1.012786"),
        ("mất giấy chứng nhận khuyết tật", "1.001653"),
    ],
)
def test_ages_and_first_again_lost_choose_between_kindred_procedures(question: str, code: str) -> None:
    assert first(question) == code


@pytest.mark.parametrize(
    ("file", "least"),
    [
        ("questions.tsv", 150),
        ("questions_more.tsv", 150),
        ("questions_heldout.tsv", 150),
        ("questions_everyday.tsv", 40),
    ],
)
def test_the_goals_hold_on_the_questions(file: str, least: int) -> None:
    text = (Path(__file__).parent / file).read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if "\t" in line]
    asked = [
        (codes.split(), [hit.code for hit in LIBRARY.search(question, limit=5)]) for question, codes in lines
    ]
    real = [(codes, found) for codes, found in asked if codes != ["-"]]
    refused = [not found for codes, found in asked if codes == ["-"]]
    assert len(asked) >= least
    assert sum(found[:1] != [] and found[0] in codes for codes, found in real) >= 0.85 * len(real)
    assert sum(bool(set(codes) & set(found)) for codes, found in real) >= 0.97 * len(real)
    assert sum(refused) >= 0.80 * len(refused)


def test_long_stories_find_their_procedure_among_the_first() -> None:
    """Harder than a question, and only measured: four in five first, nine in ten among five."""
    text = (Path(__file__).parent / "questions_stories.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if "\t" in line]
    asked = [
        (codes.split(), [hit.code for hit in LIBRARY.search(question, limit=5)]) for question, codes in lines
    ]
    assert sum(found[:1] != [] and found[0] in codes for codes, found in asked) >= 0.8 * len(asked)
    assert sum(bool(set(codes) & set(found)) for codes, found in asked) >= 0.9 * len(asked)


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_is_answered_without_a_fault(text: str) -> None:
    for hit in LIBRARY.search(text):
        assert hit.code and hit.name and hit.why


def test_marks_and_old_and_new_tone_places_fold_alike() -> None:
    assert fold("Đăng kí") == fold("đăng ký") == fold("DANG KY") == "dang ki"
    assert words("hòa")[0] == words("hoà")[0] != words("hóa")[0]
    assert fold(fold("Thuỷ điện")) == fold("Thuỷ điện") == "thuy dien"


@given(st.text(alphabet=string.ascii_lowercase + string.digits, min_size=1, max_size=12))
def test_undoing_telex_never_gives_the_word_itself(key: str) -> None:
    assert key not in untyped(key)
    assert all(untyped(key))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sinhf", "sinh"), ("ddaats", "dat"), ("giaasy", "giay"), ("tuwj", "tu"), ("khai1", "khai")],
)
def test_telex_and_vni_left_overs_are_undone(typed: str, meant: str) -> None:
    assert meant in untyped(typed)
