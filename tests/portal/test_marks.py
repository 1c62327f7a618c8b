import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.marks import PageMark, best_step, find_dossier_code, matches, says_submitted
from portal.sites import Site, load_sites

DETAIL = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-6eb3?from=x#top"
CODE = "G22.99.08-260921-896048"


def site() -> Site:
    found = load_sites().get("national")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("dichvucong.gov.vn/thu-tuc-hanh-chinh/*", True),
        ("*/thu-tuc-hanh-chinh/*", True),
        ("DICHVUCONG.gov.vn/*", True),
        ("dichvucong.gov.vn/thu-tuc-hanh-chinh", False),
        ("gov.vn/thu-tuc-hanh-chinh/*", False),
        ("dichvucong.gov.vn/thu-tuc-hanh-chinh/???????????????", False),
        ("", False),
    ],
)
def test_a_glob_is_held_against_host_and_path(pattern: str, fits: bool) -> None:
    assert matches(PageMark(pattern), DETAIL, "") is fits


def test_a_final_slash_and_a_port_do_not_matter() -> None:
    assert matches(PageMark("127.0.0.1/tra-cuu-ho-so/"), "http://127.0.0.1:4123/tra-cuu-ho-so", "")
    assert matches(PageMark("127.0.0.1/tra-cuu-ho-so"), "http://127.0.0.1:4123/tra-cuu-ho-so/", "")
    assert matches(PageMark("dichvucong.gov.vn/"), "https://dichvucong.gov.vn", "")


def test_a_site_that_keeps_its_place_in_the_fragment() -> None:
    url = "https://lienthong.dichvucong.gov.vn/#/ke-khai/2.000986"
    assert matches(PageMark("lienthong.dichvucong.gov.vn/#/ke-khai/*"), url, "")
    assert not matches(PageMark("lienthong.dichvucong.gov.vn/#/tra-cuu/*"), url, "")


def test_texts_in_any_spelling_of_the_letters() -> None:
    page = unicodedata.normalize("NFD", "Bước 3:\n  CHỌN   cơ quan thực hiện")
    assert matches(PageMark(texts=("Chọn cơ quan thực hiện", "bước 3")), DETAIL, page)
    assert not matches(PageMark(texts=("Chọn cơ quan thực hiện", "Bước 4")), DETAIL, page)


def test_the_step_that_says_most_wins_and_no_step_is_none() -> None:
    steps = [
        None,
        PageMark("dichvucong.gov.vn/*"),
        PageMark("dichvucong.gov.vn/thu-tuc-hanh-chinh/*"),
        PageMark("dichvucong.gov.vn/*", ("Nộp trực tuyến",)),
        PageMark("dichvucong.gov.vn/*", ("Nộp trực tuyến",)),
    ]
    assert best_step(steps, DETAIL, "") == 2
    assert best_step(steps, DETAIL, "nút Nộp trực tuyến") == 3
    assert best_step(steps, "https://evil.com/", "nút Nộp trực tuyến") is None
    assert best_step([], DETAIL, "") is None


def test_one_of_several_wordings_is_enough_and_more_of_them_say_more() -> None:
    fee = PageMark(any_of=("Lệ phí", "Thanh toán"))
    review = PageMark(any_of=("cam đoan", "Kiểm tra lại hồ sơ"))
    assert matches(fee, DETAIL, "thanh toán ở đây") and not matches(fee, DETAIL, "nộp ở đây")
    assert best_step([fee, review], DETAIL, "Lệ phí. Tôi cam đoan. Kiểm tra lại hồ sơ.") == 1


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_no_page_makes_it_fail(pattern: str, url: str, text: str) -> None:
    mark = PageMark(pattern, (text,))
    assert best_step([mark], url, text) == (0 if matches(mark, url, text) else None)


def test_a_code_is_believed_only_beside_the_site_s_own_words() -> None:
    assert find_dossier_code(site(), f"Mã hồ sơ: {CODE}") is None
    assert find_dossier_code(site(), f"NỘP HỒ SƠ THÀNH CÔNG. Mã hồ sơ: {CODE}.") == CODE
    assert find_dossier_code(site(), "Nộp hồ sơ thành công. Mã hồ sơ: chưa có") is None


def test_the_same_code_twice_is_one_and_two_codes_are_none() -> None:
    said = "Nộp hồ sơ thành công "
    assert find_dossier_code(site(), said + f"{CODE}\n{CODE}") == CODE
    assert find_dossier_code(site(), said + f"{CODE} và G22.99-251225-020175") is None
    assert find_dossier_code(site(), said + f"x{CODE}7 {CODE}-1") is None


@pytest.mark.parametrize("code", ["G22.99-251225-020175", "000.00.12.H62-201105-0004"])
def test_known_shapes_of_codes(code: str) -> None:
    assert find_dossier_code(site(), f"Nộp hồ sơ thành công ({code})") == code


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("Bạn đã nộp hồ sơ  thành công!", True),
        ("Nếu cần giúp, bấm Hỗ trợ\nNộp hồ sơ\nthành công", True),
        ("Khi cần, gọi 18001096. Nộp hồ sơ thành công, mời xem mã.", True),
        ("Sau khi nộp hồ sơ thành công, bác nhận giấy hẹn.", False),
        ("Trường hợp ông bà nộp hồ sơ thành công thì chờ tin nhắn.", False),
        ("Hồ sơ này chưa nộp hồ sơ thành công", False),
        ("Sau khi nộp hồ sơ thành công, chờ.\nNộp hồ sơ thành công", True),
    ],
)
def test_a_sentence_that_only_speaks_of_success_is_none(page: str, told: bool) -> None:
    assert says_submitted(site(), page) is told
    assert says_submitted(site(), unicodedata.normalize("NFD", page)) is told
    assert (find_dossier_code(site(), f"{page}\n{CODE}") == CODE) is told
