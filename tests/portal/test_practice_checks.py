"""Every check of the practice portal says what is wrong, at the top and at the field, and keeps nothing."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from guides.library import Library
from portal.marks import PageMark, best_step
from portal.practice.app import create_app
from portal.practice.catalogue import FormField, messages, money_words, size_words
from portal.practice.forms import faults_of, typed
from portal.practice.uploads import UploadError, inspect
from tests.portal.walk import PROCEDURE, Walker, pdf, text_of

TODAY = date(2026, 11, 22)


@pytest.fixture
def client() -> FlaskClient:
    app = create_app()
    app.testing = True
    return app.test_client()


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    return Walker(client)


def fault(kind: str, value: str, **more: object) -> str:
    field = FormField.model_validate({"key": "o", "label": "Ô thử", "kind": kind, **more})
    return faults_of([field], {"o": value}, TODAY).get("o", "")


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text", "", "Hãy điền ô “Ô thử”."),
        ("select", "", "Hãy chọn “Ô thử”."),
        ("radio", "khác", "Hãy chọn “Ô thử”."),
        ("text", "a" * 201, "dài quá 200 chữ"),
        ("name", "Lê 123", "chỉ gồm chữ cái"),
        ("name", "a_b", "chỉ gồm chữ cái"),
        ("date", "1960-01-01", "ngày/tháng/năm"),
        ("date", "31/02/1960", "không có ngày này"),
        ("date", "29/02/2025", "không có ngày này"),
        ("date", "23/11/2026", "tương lai"),
        ("date", "31/12/1899", "trước năm 1900"),
        ("copies", "0", "từ 1 đến 20"),
        ("copies", "21", "từ 1 đến 20"),
        ("copies", "hai", "từ 1 đến 20"),
        ("phone", "123", "10 chữ số"),
        ("phone", "84900000000", "10 chữ số"),
        ("email", "a@b", "ten@vidu.vn"),
        ("address", "Thôn 1, huyện Ba Tơ", "không còn cấp huyện"),
        ("address", "Quận 1, Thành phố Hồ Chí Minh", "không còn cấp huyện"),
    ],
)
def test_what_is_wrong_is_said(kind: str, value: str, said: str) -> None:
    assert said in fault(kind, value, options=["một", "hai"])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "số 12, quyển 01/1990"),
        ("select", "một"),
        ("name", "Nguyễn Thị Ánh-Tuyết"),
        ("name", "H'Ring Niê"),
        ("date", "29/02/2024"),
        ("date", "1.9.1960"),
        ("date", "22/11/2026"),
        ("copies", "20"),
        ("phone", "090 000 0000"),
        ("email", "ten.ho@vidu.vn"),
        ("address", "Thôn 1, Xã Ba Tơ, Tỉnh Quảng Ngãi"),
    ],
)
def test_what_is_right_passes(kind: str, value: str) -> None:
    assert fault(kind, value, options=["một", "hai"]) == ""


def test_what_need_not_be_given_may_be_empty_but_not_wrong() -> None:
    assert fault("date", "", required=False) == ""
    assert "ngày/tháng/năm" in fault("date", "hôm qua", required=False)


@given(st.sampled_from(["name", "date", "copies", "phone", "email", "address"]), st.text(max_size=300))
def test_no_words_make_a_check_fail(kind: str, value: str) -> None:
    field = FormField.model_validate({"key": "o", "label": "Ô", "kind": kind})
    values = typed([field], {"o": value})
    assert len(values["o"]) <= 201
    assert isinstance(faults_of([field], values, TODAY).get("o", ""), str)


def test_a_wrong_form_says_it_at_the_top_and_at_the_field(walker: Walker) -> None:
    walker.to("form")
    page = walker.form(ho_ten="", ngay_sinh="31/02/1960", cho_o="").text
    assert "Có 3 chỗ cần sửa" in page and "<title>Có lỗi:" in page
    for key in ("ho_ten", "ngay_sinh", "cho_o"):
        assert f'href="#{key}"' in page and f'id="{key}-loi"' in page
        assert re.search(rf'aria-describedby="[^"]*{key}-loi"', page)
    assert "31/02/1960" in page


def test_typed_words_are_shown_as_words(walker: Walker) -> None:
    walker.to("form")
    page = walker.form(ho_ten='"><script>alert(1)</script>').text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_applicant_must_be_reachable(walker: Walker) -> None:
    walker.to("applicant")
    said = text_of(walker.applicant(phone="12", email="x"))
    assert "10 chữ số" in said and "ten@vidu.vn" in said


def test_post_needs_an_address_and_the_fee_a_way(walker: Walker) -> None:
    walker.to("receive")
    said = text_of(walker.receive(cach_nhan="Nhận qua bưu chính công ích", cach_tra=""))
    assert "Hãy điền ô “Địa chỉ nhận”" in said and "Hãy chọn “Cách trả tiền”" in said
    by_post = {"cach_nhan": "Nhận qua bưu chính công ích", "dia_chi_nhan": "Thôn 1"}
    said = text_of(walker.receive(**by_post, cach_tra="Trả tại nơi nhận kết quả"))
    assert "Kiểm tra lại hồ sơ" in said and "Đã trả" not in said


def test_consent_pledge_agency_and_look_up(walker: Walker) -> None:
    agency = f"/thu-tuc-hanh-chinh/{PROCEDURE}/co-quan"
    assert "Hãy chọn tỉnh" in text_of(walker.post(agency))
    assert "thuộc tỉnh đã chọn" in text_of(walker.post(agency, {"tinh": "01", "xa": "Xã Ba Tơ"}))
    walker.post("/dang-nhap/dien-thoai")
    assert "đánh dấu vào ô đồng ý" in text_of(walker.post("/dang-nhap/dong-y"))
    walker.to("review")
    assert "ô cam đoan" in text_of(walker.post("/nop-ho-so/xem-lai", {"act": "next"}))
    assert "Mã hồ sơ có dạng" in text_of(walker.get("/tra-cuu-ho-so?ma=abc"))
    assert "Không thấy hồ sơ này" in text_of(walker.get("/tra-cuu-ho-so?ma=G22.99.08-261122-000001"))


BROKEN = b"%PDF-1.7\n" + b"nothing that qpdf could mend " * 20 + b"\n%%EOF"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "empty"),
        (b"x" * 6_000_001, "too_big"),
        (b"\x89PNG\r\n" + bytes(100), "not_pdf"),
        (pdf()[:-40], "cut_off"),
        (pdf(password="1234"), "locked"),
        (BROKEN, "broken"),
        (pdf(0), "no_pages"),
    ],
    ids=["empty", "too_big", "not_pdf", "cut_off", "locked", "broken", "no_pages"],
)
def test_a_bad_file_is_refused_by_its_content(walker: Walker, file: bytes, code: str) -> None:
    with pytest.raises(UploadError) as caught:
        inspect("a.pdf", io.BytesIO(file), 6_000_000)
    assert caught.value.code == code
    walker.to("papers")
    said = text_of(walker.papers(file))
    title = "Giấy tờ chứng minh chỗ ở hợp pháp"
    sentence = messages().say(f"paper.{code}", title=title, size=size_words(len(file)), limit="6 MB")
    assert said.count(sentence) == 2 and "Thành phần hồ sơ" in said
    assert "hop-dong.pdf" not in said


def test_a_paper_that_must_be_there_and_one_that_is_taken_away(walker: Walker) -> None:
    walker.to("papers")
    assert "Hãy chọn tệp PDF cho" in text_of(walker.papers())
    shown = text_of(walker.papers(pdf(2), act="load"))
    assert "hop-dong.pdf" in shown and "2 trang" in shown
    assert "hop-dong.pdf" in text_of(walker.papers(b"abc", act="load"))
    gone = walker.post("/nop-ho-so/giay-to", {"remove": "cho-o"})
    assert "hop-dong.pdf" not in text_of(gone)
    assert "Thành phần hồ sơ" in text_of(walker.get("/nop-ho-so/nhan-ket-qua"))


def test_a_file_at_the_very_limit_is_taken() -> None:
    room = 6_000_000 - len(pdf(1, filler=1_000_000)) + 1_000_000
    file = pdf(1, filler=room)
    assert abs(len(file) - 6_000_000) < 50
    assert inspect("a.pdf", io.BytesIO(file), len(file)).size == len(file)
    with pytest.raises(UploadError):
        inspect("a.pdf", io.BytesIO(file), len(file) - 1)


def test_a_request_larger_than_memory_allows_is_refused(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker.to("papers")
    monkeypatch.setitem(walker.client.application.config, "MAX_CONTENT_LENGTH", 100_000)
    answer = walker.papers(pdf(1, filler=200_000))
    assert answer.status_code == 413 and "Các tệp nặng quá" in text_of(answer)


def test_no_upload_touches_a_disk(walker: Walker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opened: list[str] = []
    for maker in ("tempfile.TemporaryFile", "werkzeug.formparser.SpooledTemporaryFile"):
        monkeypatch.setattr(maker, lambda *_args, **_more: opened.append("spooled"))
    walker.to("papers")
    assert "Nhận kết quả" in text_of(walker.papers(pdf(1, filler=5_500_000)))
    assert opened == [] and list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_told_without_what_was_typed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_words: object) -> None:
        raise ValueError("a secret word")

    client.application.testing = False
    monkeypatch.setattr("portal.practice.catalogue.unmarked", broken)
    answer = client.get("/tim-kiem-thu-tuc-hanh-chinh?keyword=x")
    assert answer.status_code == 500 and "Trang bị lỗi" in answer.text
    told = capsys.readouterr().err
    assert "ValueError in broken" in told and "secret" not in told


def test_sizes_and_money_as_people_read_them() -> None:
    assert [size_words(n) for n in (1, 820_000, 1_000_000, 2_449_000, 6_000_000)] == [
        "1 KB",
        "820 KB",
        "1 MB",
        "2,4 MB",
        "6 MB",
    ]
    assert money_words(8000) == "8.000 đồng"


def test_a_guide_finds_its_step_on_every_page_of_the_way(walker: Walker) -> None:
    """The words of the shared guide steps, against the pages as the browser would show them."""
    steps = Library().guide(PROCEDURE, "vi").steps
    marks = [PageMark(step.url, any_of=step.texts) for step in steps]

    def at(answer: TestResponse, path: str) -> str | None:
        index = best_step(marks, f"http://127.0.0.1:4000{path}", text_of(answer))
        return None if index is None else steps[index].key

    detail = f"/thu-tuc-hanh-chinh/{PROCEDURE}"
    assert at(walker.get("/"), "/") is None
    assert at(walker.get(detail), detail) == "choose_police"
    assert at(walker.get(f"{detail}/co-quan"), f"{detail}/co-quan") == "choose_police"
    assert at(walker.choose_agency(), detail) == "submit_online"
    assert at(walker.get("/dang-nhap"), "/dang-nhap") == "login"
    assert at(walker.post("/dang-nhap/dien-thoai"), "/dang-nhap/dong-y") == "consent"
    assert at(walker.post("/dang-nhap/dong-y", {"dong_y": "co"}), "/dang-nhap/passcode") == "passcode"
    assert at(walker.log_in(), "/nop-ho-so/nguoi-nop") == "applicant"
    assert at(walker.applicant(), "/nop-ho-so/bieu-mau") == "form"
    assert at(walker.form(), "/nop-ho-so/giay-to") == "upload"
    assert at(walker.papers(pdf()), "/nop-ho-so/nhan-ket-qua") == "fee"
    assert at(walker.receive(), "/nop-ho-so/thanh-toan") == "fee"
    assert at(walker.pay(), "/nop-ho-so/xem-lai") == "review"
    assert at(walker.submit(), "/nop-ho-so/hoan-thanh") == "done"
