"""The whole way through the practice portal, its log-in, its back buttons and what it remembers."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.marks import find_dossier_code
from portal.practice.app import create_app
from portal.practice.catalogue import catalogue, people, provinces
from portal.practice.store import IDLE_SECONDS, MOST_SESSIONS, Store
from portal.sites import load_sites
from tests.portal.walk import FORM, PROCEDURE, Walker, pdf, text_of


@pytest.fixture
def client() -> FlaskClient:
    app = create_app()
    app.testing = True
    return app.test_client()


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    return Walker(client)


def test_the_whole_way_to_a_dossier_code(walker: Walker) -> None:
    assert "Bác cần làm việc gì" in text_of(walker.get("/"))
    detail = text_of(walker.get(f"/thu-tuc-hanh-chinh/{PROCEDURE}"))
    assert "Chọn cơ quan thực hiện" in detail and "Nộp trực tuyến" not in detail
    chosen = text_of(walker.choose_agency())
    assert "Nộp trực tuyến" in chosen and "Công an xã Ba Tơ, Tỉnh Quảng Ngãi" in chosen
    assert "Thông tin người nộp" in text_of(walker.log_in())
    assert "Kê khai biểu mẫu điện tử" in text_of(walker.applicant())
    assert "Thành phần hồ sơ" in text_of(walker.form())
    assert "Nhận kết quả và lệ phí" in text_of(walker.papers(pdf(2)))
    assert "7.000 đồng" in text_of(walker.receive())
    review = text_of(walker.pay())
    for said in ("Kiểm tra lại hồ sơ", "hop-dong.pdf", "2 trang", "Đã trả 7.000 đồng", FORM["dia_chi"]):
        assert said in review
    done = text_of(walker.submit())
    site = load_sites().get("practice")
    assert site is not None
    code = find_dossier_code(site, done)
    assert code and re.fullmatch(rf"G22\.99\.08-{date.today():%y%m%d}-\d{{6}}", code)
    assert "đang giải quyết" in text_of(walker.get(f"/tra-cuu-ho-so?ma={code.lower()}"))


def test_after_log_out_the_person_is_gone_and_the_code_can_be_looked_up(walker: Walker) -> None:
    code = re.search(r"G22[\w.-]+", text_of(walker.to("done")))
    assert code
    assert people()["ba-tap"].name in text_of(walker.get("/"))
    assert "đăng xuất" in text_of(walker.post("/dang-xuat"))
    assert people()["ba-tap"].name not in text_of(walker.get("/"))
    assert "đang giải quyết" in text_of(walker.get(f"/tra-cuu-ho-so?ma={code[0]}"))
    assert "Bác cần làm việc gì" in text_of(walker.get("/nop-ho-so/nguoi-nop"))


def test_pressing_submit_twice_files_once(walker: Walker) -> None:
    first = re.findall(r"G22[\w.-]+", text_of(walker.to("done")))
    again = walker.submit()
    assert "Bác cần làm việc gì" in text_of(again)
    assert re.findall(r"G22[\w.-]+", text_of(walker.get("/nop-ho-so/hoan-thanh"))) == first


@pytest.mark.parametrize("code", ["2.000635", "1.004873", "1.004194", "1.001193", "7.654321"])
def test_any_procedure_can_be_practised(client: FlaskClient, code: str) -> None:
    walker = Walker(client, code)
    procedure = catalogue().find(code)
    assert procedure is not None
    walker.choose_agency()
    walker.log_in()
    walker.applicant()
    samples = {"date": "02/09/1960", "copies": "2", "name": "Lê Văn Ví Dụ", "text": "ví dụ"}
    samples["address"] = "Thôn 1"
    values = {
        field.key: field.options[0] if field.options else samples[field.kind] for field in procedure.fields
    }
    assert "Thành phần hồ sơ" in text_of(walker.post("/nop-ho-so/bieu-mau", {**values, "act": "next"}))
    for paper in procedure.paper:
        walker.papers(pdf(), act="load", paper=paper.key)
    assert "Nhận kết quả" in text_of(walker.papers())
    shown = text_of(walker.receive())
    amount = procedure.amount(values)
    assert amount == (16000 if code == "2.000635" else procedure.fee.each)
    if amount:
        assert "Thanh toán luyện tập" in shown
        shown = text_of(walker.pay())
    assert "Kiểm tra lại hồ sơ" in shown
    assert "Nộp hồ sơ thành công" in text_of(walker.submit())


def test_the_portal_s_uuid_opens_the_same_page_and_other_words_do_not(client: FlaskClient) -> None:
    for procedure in catalogue().procedure:
        assert procedure.name in client.get(f"/thu-tuc-hanh-chinh/{procedure.uuid}").text
    unknown = client.get("/thu-tuc-hanh-chinh/019d2bfd-0000-0000-0000-000000000000")
    assert unknown.status_code == 200 and "Thủ tục luyện tập" in unknown.text
    for wrong in ("/thu-tuc-hanh-chinh/abc", "/su-kien/abc", "/nop-ho-so?formalityId=x", "/etc/passwd"):
        answer = client.get(wrong)
        assert answer.status_code == 404 and "Không có trang này" in answer.text


def test_search_does_not_mind_missing_tone_marks(client: FlaskClient) -> None:
    page = "/tim-kiem-thu-tuc-hanh-chinh"
    for words in ("tam tru", "TẠM TRÚ", "1.004194"):
        assert "Đăng ký tạm trú" in client.get(page, query_string={"keyword": words}).text
    assert "Không thấy thủ tục nào" in client.get(page, query_string={"keyword": "zzz"}).text


def test_every_event_of_the_home_page_opens(client: FlaskClient) -> None:
    for event in catalogue().event:
        assert event.name in client.get(f"/su-kien/{event.key}").text
    assert {one.event for one in catalogue().listed()} == {event.key for event in catalogue().event}


def test_all_34_provinces_have_communes() -> None:
    assert len(provinces()) == 34
    assert all(len(one.choices) >= 2 for one in provinces().values())


def test_back_keeps_what_was_typed_even_when_it_is_wrong(walker: Walker) -> None:
    walker.to("form")
    assert "Thông tin người nộp" in text_of(walker.form(act="back", ho_ten="Lê 123", ngay_sinh=""))
    back = walker.applicant().text
    assert "Lê 123" in back and FORM["dia_chi"] in back
    walker.form()
    assert "Kê khai biểu mẫu" in text_of(walker.papers(pdf(3), act="back"))
    assert "3 trang" in text_of(walker.form())
    walker.papers()
    assert "Thành phần hồ sơ" in text_of(walker.receive(act="back"))
    assert "checked>" in walker.papers().text
    walker.receive()
    walker.pay()
    assert "Nhận kết quả và lệ phí" in text_of(walker.post("/nop-ho-so/xem-lai", {"act": "back"}))
    assert "Đăng ký tạm trú" in text_of(walker.applicant(act="back"))


def test_a_step_cannot_be_jumped_over(walker: Walker) -> None:
    assert "Bác cần làm việc gì" in text_of(walker.get("/nop-ho-so/giay-to"))
    walker.choose_agency()
    assert "Đăng nhập bằng VNeID" in text_of(walker.get(f"/nop-ho-so?formalityId={PROCEDURE}"))
    assert "Đăng nhập bằng VNeID" in text_of(walker.get("/nop-ho-so/bieu-mau"))
    assert "Đăng nhập bằng VNeID" in text_of(walker.get("/dang-nhap/passcode"))
    walker.log_in()
    for late in ("giay-to", "nhan-ket-qua", "thanh-toan", "xem-lai"):
        assert "Thông tin người nộp" in text_of(walker.get(f"/nop-ho-so/{late}"))


def test_an_amount_that_grows_must_be_paid_again(client: FlaskClient) -> None:
    walker = Walker(client, "2.000635")
    walker.choose_agency()
    walker.log_in()
    walker.applicant()
    values = {
        "loai_viec": "Bản sao Giấy khai sinh",
        "noi_dang_ky": "Xã Luyện Tập",
        "ho_ten": "Lê Văn Ví Dụ",
        "ngay_sinh": "01/01/1960",
        "gioi_tinh": "Nam",
        "quan_he": "Bản thân",
        "so_ban": "1",
    }
    walker.post("/nop-ho-so/bieu-mau", values)
    walker.papers()
    walker.receive()
    assert "Kiểm tra lại" in text_of(walker.pay())
    walker.post("/nop-ho-so/bieu-mau", {**values, "so_ban": "3"})
    assert "24.000 đồng" in text_of(walker.get("/nop-ho-so/xem-lai"))
    assert "Thanh toán luyện tập" in text_of(walker.get("/nop-ho-so/xem-lai"))


def test_the_waiting_page_learns_from_the_phone(walker: Walker) -> None:
    page = walker.get("/dang-nhap").text
    assert "<svg" in page and "Xác nhận đăng nhập trên điện thoại" in page
    assert walker.get("/dang-nhap/trang-thai").json == {"confirmed": False}
    first = re.search(r'<path[^>]* d="([^"]+)"', page)
    second = re.search(r'<path[^>]* d="([^"]+)"', walker.post("/dang-nhap/ma-moi").text)
    assert first and second and first[1] != second[1]
    walker.post("/dang-nhap/dien-thoai")
    assert walker.get("/dang-nhap/trang-thai").json == {"confirmed": True}
    consent = walker.get("/dang-nhap").text
    assert 'type="checkbox"' in consent and "checked" not in consent


def test_five_wrong_passcodes_mean_starting_over_with_another(walker: Walker) -> None:
    walker.post("/dang-nhap/dien-thoai")
    page = text_of(walker.post("/dang-nhap/dong-y", {"dong_y": "co"}))
    shown = re.search(r"(\d{3}) (\d{3})", page)
    assert shown
    wrong = f"{(int(shown[1] + shown[2]) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        assert f"còn {left} lần" in text_of(walker.post("/dang-nhap/passcode", {"passcode": wrong}))
    assert "còn" not in text_of(walker.post("/dang-nhap/passcode", {"passcode": "12ab"}))
    assert "Phải đăng nhập lại" in text_of(walker.post("/dang-nhap/passcode", {"passcode": wrong}))
    assert "Đăng nhập bằng VNeID" in text_of(walker.post("/dang-nhap/passcode", {"passcode": wrong}))


def test_two_sessions_never_see_each_other() -> None:
    app = create_app()
    app.testing = True
    one, two = Walker(app.test_client()), Walker(app.test_client())
    one.to("review")
    two.to("applicant")
    seen = two.get("/nop-ho-so/bieu-mau").text + two.get("/nop-ho-so/giay-to").text + two.get("/").text
    assert FORM["dia_chi"] not in seen and "hop-dong.pdf" not in seen
    code = re.search(r"G22[\w.-]+", text_of(one.submit()))
    assert code
    assert "Không thấy hồ sơ này" in text_of(two.get(f"/tra-cuu-ho-so?ma={code[0]}"))
    assert code[0] not in text_of(two.get("/nop-ho-so/hoan-thanh"))


def test_sessions_end_when_idle_and_when_there_are_too_many() -> None:
    now = [0.0]
    store = Store(lambda: now[0])
    first = store.begin()
    assert store.find(first.token) is first
    now[0] += IDLE_SECONDS - 1
    assert store.find(first.token) is first
    now[0] += IDLE_SECONDS
    assert store.find(first.token) is None
    for _ in range(MOST_SESSIONS + 5):
        now[0] += 1
        last = store.begin()
    assert len(store) == MOST_SESSIONS and store.find(last.token) is last
    assert store.find(None) is None


def test_a_cookie_of_one_s_own_making_is_not_taken(client: FlaskClient) -> None:
    client.set_cookie("luyen-tap", "chosen-by-an-attacker")
    answer = client.get("/")
    assert "chosen-by-an-attacker" not in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_headers_and_other_people_s_forms(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/", headers={"Host": "evil.com"}).status_code == 400
    assert client.post("/dang-nhap/dien-thoai", headers={"Origin": "http://evil.com"}).status_code == 403
    assert client.post("/dang-nhap/dien-thoai", headers={"Origin": "http://localhost"}).status_code == 302


def test_no_page_calls_for_anything_outside_or_for_inline_script(walker: Walker) -> None:
    pages = [walker.get("/"), walker.to("applicant"), walker.get("/dang-nhap"), walker.get("/tra-cuu-ho-so")]
    for page in pages:
        assert "MÔI TRƯỜNG LUYỆN TẬP" in page.text
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
        assert not re.search(r"<script>|<style| style=| on[a-z]+=", page.text)
    for own in ("/static/portal.css", "/static/wait.js", "/static/places.js", "/phong-chu/NotoSans-Bold.ttf"):
        with walker.get(own) as answer:
            assert answer.status_code == 200


def test_every_field_has_its_label(walker: Walker) -> None:
    pages = [walker.to("applicant"), walker.applicant(), walker.form(), walker.papers(pdf())]
    public = ("/", f"/thu-tuc-hanh-chinh/{PROCEDURE}/co-quan", "/tra-cuu-ho-so")
    pages += [walker.receive(), *(walker.get(path) for path in public)]
    for page in pages:
        fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page.text)
        labels = set(re.findall(r'<label[^>]* for="([^"]+)"', page.text))
        assert set(fields) <= labels
        assert page.text.count("<h1") == 1
        assert len(re.findall(r'\bid="', page.text)) == len(set(re.findall(r'\bid="([^"]+)"', page.text)))


def test_templates_and_data_hold_no_real_looking_number() -> None:
    here = Path(create_app().root_path)
    for file in [*here.glob("*.toml"), *here.glob("templates/*.html")]:
        for number in re.findall(r"\d{12}", file.read_text(encoding="utf-8")):
            assert number.startswith("000"), file.name


def test_who_practises_is_chosen_by_the_address_and_somebody_else_begins_anew(walker: Walker) -> None:
    walker.log_in()
    for key, person in people().items():
        page = text_of(walker.get(f"/?nguoi={key}"))
        assert "Đăng nhập" in page and person.name not in page  # nobody goes on in another's name
        walker.log_in()
        assert person.name in text_of(walker.get(f"/?nguoi={key}"))
        assert person.name in text_of(walker.get("/?nguoi=khong-ai"))
    assert len({person.number for person in people().values()}) == len(people()) == 3
