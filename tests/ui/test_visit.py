"""A whole visit by mouse clicks on the real window, with a played scanner and a browser without a network."""

import pytest
from house import button, texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from stand_in import FOLDER, SCANNER

from kioskcore.errors import KIND_OF, ErrorKind
from kioskcore.visit import Event, Mode, State
from tests.ui.conftest import Kiosk
from ui.gallery import settle
from ui.widgets.buttons import ActionButton

GUIDE = "Đăng ký tạm trú"


def to_guide(kiosk: Kiosk, title: str = GUIDE) -> None:
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit(next(t.code for t in kiosk.flow._library.tiles() if t.title["vi"] == title))
    settle()


def to_scan(kiosk: Kiosk, qtbot) -> None:
    to_guide(kiosk)
    for _ in range(6):
        kiosk.tap("Đi tiếp")
    kiosk.tap("Quét giấy tờ")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.device is not None)
    settle()


def shows(kiosk: Kiosk, text: str) -> bool:
    settle()
    return any(text in shown for shown in texts(kiosk.shell))


def test_a_whole_visit(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(script=[2])
    to_scan(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa? Trang 1"))
    kiosk.tap("Rõ rồi")
    kiosk.tap("Rõ rồi")
    assert shows(kiosk, "còn trang nào nữa không")
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: shows(kiosk, "Tôi không có giấy này"))
    kiosk.tap("Tôi không có giấy này")
    assert shows(kiosk, "2 trang, nặng 0,8 MB")
    kiosk.tap("Đi tiếp")
    kiosk.tap("Sang trang nộp")
    qtbot.waitUntil(lambda: bool(kiosk.browser.opened))
    assert kiosk.browser.opened[0].startswith("https://dichvucong.gov.vn/")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    kiosk.tap("Đi tiếp")
    assert shows(kiosk, "G22.99.08-261122-000001")
    kiosk.tap("Hài lòng")
    kiosk.tap("Kết thúc")
    assert shows(kiosk, "Đang xóa giấy tờ của bác")
    assert kiosk.scan.closed
    assert kiosk.count.names() == [
        "visit",
        "started",
        "page_scanned",
        "page_scanned",
        "reached_portal",
        "submitted",
        "satisfied:3",
        "ended_by:done",
        "minutes:2",
    ]
    assert {procedure for _, procedure, _ in kiosk.count.rows[1:]} == {"1.004194"}


def test_the_whole_waiting_screen_is_the_button(make_kiosk) -> None:
    kiosk = make_kiosk()
    QTest.mouseClick(kiosk.flow.waiting, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert kiosk.visit.state is State.CHOOSE


def test_nobody_gets_in_before_the_keeper_opens(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.flow._entrance_open = False
    kiosk.tap("Chạm để bắt đầu")
    assert kiosk.visit.state is State.ATTRACT
    kiosk.flow.open_entrance()
    kiosk.tap("Chạm để bắt đầu")
    assert kiosk.visit.state is State.CHOOSE


def test_language_changes_and_the_place_stays(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Đi tiếp")
    kiosk.tap("English")
    assert shows(kiosk, "Step 2 of 5: What must I bring?")
    kiosk.tap("Tiếng Việt")
    assert shows(kiosk, "Bước 2 trong 5: Cần mang những gì?")
    assert kiosk.visit.language == "vi"


def test_ticks_and_answers_survive_a_change_of_language(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Đi tiếp")
    paper = kiosk.flow.guide.guide.papers[0]
    kiosk.tap(paper.title)
    kiosk.tap("English")
    assert button(kiosk.shell, kiosk.flow.guide.guide.papers[0].title).isChecked()


def test_the_wrong_answer_says_what_to_fetch(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Đi tiếp")
    kiosk.tap("Đi tiếp")
    question = kiosk.flow.guide.guide.questions[0]
    kiosk.tap(f"{'Không' if question.good else 'Có'}. {question.text}")
    assert shows(kiosk, question.fetch)


def test_one_question_a_screen_and_no_answer_passes_the_next_unseen(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Đi tiếp")
    kiosk.tap("Đi tiếp")
    questions = kiosk.flow.guide.guide.questions
    for question in questions:
        assert [one.text for one in questions if shows(kiosk, one.text)] == [question.text]
        assert button(kiosk.shell, "Đi tiếp").kind == "secondary"
        for _ in range(2):  # a trembling hand's second tap answers the same question
            kiosk.tap(f"{'Có' if question.good else 'Không'}. {question.text}")
        assert shows(kiosk, question.text)
        assert button(kiosk.shell, f"{'Có' if question.good else 'Không'}. {question.text}").kind == "chosen"
        assert button(kiosk.shell, "Đi tiếp").kind == "primary"
        kiosk.tap("Đi tiếp")
    assert shows(kiosk, "Máy sẽ chỉ bác từng bước này")
    kiosk.tap("Quay lại")
    assert shows(kiosk, questions[-1].text)
    assert kiosk.flow.guide.answers == {question.key: question.good for question in questions}


def test_back_walks_all_the_way_and_then_asks(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_scan(kiosk, qtbot)
    for _ in range(8):
        kiosk.tap("Quay lại")
    assert kiosk.visit.state is State.CHOOSE
    kiosk.tap("Quay lại")
    assert shows(kiosk, "Xóa hết và kết thúc?")
    kiosk.tap("Không, làm tiếp")
    assert kiosk.visit.state is State.CHOOSE
    kiosk.tap("Xóa ngay")
    kiosk.tap("Xóa hết")
    assert kiosk.visit.end_reason is Event.LEAVE
    assert "stopped_at:choose" in kiosk.count.names()


def test_help_is_counted_and_staff_can_say_who_does_it(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tôi cần giúp")
    assert shows(kiosk, "Gọi số 18001096")
    kiosk.tap("Cán bộ làm thay tôi")
    assert kiosk.visit.mode is Mode.ON_BEHALF
    assert not kiosk.shell.overlays()
    assert kiosk.count.names() == ["visit", "help"]


ON_SCREEN = [code for code in KIND_OF if code.startswith(("SCAN", "IMAGE", "DISK"))]
ON_SCREEN.remove("SCAN-SOURCE-UNKNOWN")  # only settings and the command name sources


@pytest.mark.parametrize("code", ON_SCREEN)
def test_a_scan_that_fails_says_so_and_goes_on(make_kiosk, qtbot, code: str) -> None:
    kiosk = make_kiosk(script=[code, 1])
    to_scan(kiosk, qtbot)
    kiosk.tap("Quét")
    if code == "SCAN-CANCELLED":
        qtbot.waitUntil(lambda: shows(kiosk, "Giấy 1 trong 2"))
        assert "error" not in str(kiosk.count.names())
        return
    qtbot.waitUntil(lambda: shows(kiosk, code))
    assert shows(kiosk, kiosk.say(f"error.{code}.say"))
    assert f"error:{code}" in kiosk.count.names()
    kiosk.tap("Quét lại")
    if KIND_OF[code] is not ErrorKind.RETRY:
        kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa?"))


def test_no_scanner_is_told_in_words(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[])
    to_guide(kiosk)
    for _ in range(6):
        kiosk.tap("Đi tiếp")
    kiosk.tap("Quét giấy tờ")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Không thấy máy quét nào."))


def test_a_scan_can_be_stopped(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.hold.clear()
    to_scan(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Máy đang quét"))
    kiosk.tap("Dừng quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Mở nắp máy quét."))
    assert "page_scanned" not in kiosk.count.names()


def test_pages_can_be_done_again_deleted_and_added(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(script=[1, 1, 1])
    to_scan(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa?"))
    kiosk.tap("Quét lại")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa?"))
    kiosk.tap("Rõ rồi")
    kiosk.tap("Thêm một trang nữa")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: shows(kiosk, "Trang 2"))
    assert len(kiosk.flow.scan.desk.current.pages) == 2
    kiosk.tap("Bỏ trang này")
    assert len(kiosk.flow.scan.desk.current.pages) == 1


def test_a_choice_of_device_only_where_there_is_one(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[SCANNER, FOLDER])
    to_scan(kiosk, qtbot)
    qtbot.waitUntil(lambda: shows(kiosk, "Đưa giấy vào bằng cách nào?"))
    kiosk.tap("Ảnh do máy quét gửi sang")
    kiosk.tap("Xem ảnh để chọn")
    qtbot.waitUntil(lambda: shows(kiosk, "Ảnh 2"))
    kiosk.tap("Ảnh 2")
    kiosk.tap("Lấy ảnh đã chọn")
    qtbot.waitUntil(lambda: bool(kiosk.scan.jobs))
    assert kiosk.scan.jobs[0].source == f"{FOLDER.source}k1"
    qtbot.waitUntil(lambda: shows(kiosk, "Trang này rõ chưa?"))


def to_portal(kiosk: Kiosk) -> None:
    to_guide(kiosk)
    for _ in range(6):
        kiosk.tap("Đi tiếp")
    kiosk.tap("Tôi không cần quét giấy")
    kiosk.tap("Sang trang nộp")


def test_submitted_without_a_code_is_asked_for_first(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.tap("Tôi đã nộp xong")
    assert button(kiosk.shell, "Chưa, xem lại trang").kind == "primary"  # what loses nothing
    kiosk.tap("Chưa, xem lại trang")
    assert kiosk.visit.state is State.PORTAL
    assert "submitted" not in kiosk.count.names()
    kiosk.tap("Tôi đã nộp xong")
    kiosk.tap("Đã báo, tôi nộp xong")
    assert kiosk.visit.state is State.FINISH
    kiosk.tap("Quay lại")
    kiosk.tap("Tôi đã nộp xong")
    kiosk.tap("Đã báo, tôi nộp xong")
    assert kiosk.count.names().count("submitted") == 1


def test_the_step_follows_the_page(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    steps = kiosk.flow.portal.steps
    number = next(n for n, step in enumerate(steps) if step.key == "upload")
    url = "https://dichvucong.gov.vn/khac"
    kiosk.browser.page_text_changed.emit(url, f"… {steps[number].texts[0]} …")
    assert shows(kiosk, f"Việc {number + 1} trong {len(steps)}")
    assert shows(kiosk, "Chưa gửi gì cho đến khi bác bấm Nộp.")
    kiosk.browser.page_text_changed.emit(url, " ")  # the next page is still empty
    assert shows(kiosk, f"Việc {number + 1} trong {len(steps)}")


def test_a_page_that_no_step_knows_is_not_given_a_step(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    steps = kiosk.flow.portal.steps
    assert shows(kiosk, "Việc 1 trong")
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/khac", "không nhận ra")
    assert shows(kiosk, "Trang này chưa có hướng dẫn.")
    assert not shows(kiosk, "Việc 1 trong") and not shows(kiosk, steps[1].text)
    kiosk.tap("Việc sau")  # who wants to go by hand, goes by hand
    assert shows(kiosk, f"Việc 2 trong {len(steps)}")
    assert not shows(kiosk, "Trang này chưa có hướng dẫn.")


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("Cam đoan về việc sử dụng trang", ""),  # a common word alone
        ("Thanh toán", ""),
        ("Kiểm tra lại hồ sơ", "review"),
        ("Tôi xin cam đoan. Kiểm tra lại hồ sơ", "review"),
        ("Thanh toán, lệ phí 10.000 đồng", "fee"),  # two of its texts
        ("Quét mã QR", "login"),
        ("Passcode 6 chữ số", "passcode"),
        ("Đồng ý chia sẻ thông tin", "consent"),
    ],
)
def test_a_common_word_alone_names_no_step(make_kiosk, page: str, key: str) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.flow.fire(Event.TO_PORTAL)
    steps = kiosk.flow.portal.steps
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/khac", page)
    if key:
        number = next(n for n, step in enumerate(steps) if step.key == key)
        assert shows(kiosk, f"Việc {number + 1} trong {len(steps)}")
    else:
        assert shows(kiosk, "Trang này chưa có hướng dẫn.")


def test_what_was_sent_is_not_called_unsent(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    assert shows(kiosk, "Chưa gửi gì cho đến khi bác bấm Nộp.")
    page = "Nộp hồ sơ thành công. Mã hồ sơ"
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/xong", page)
    kiosk.browser.submission_seen.emit()
    assert not shows(kiosk, "Chưa gửi gì cho đến khi bác bấm Nộp.")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    assert shows(kiosk, "Đã nộp. Mã hồ sơ:")
    assert not shows(kiosk, "Chưa gửi gì cho đến khi bác bấm Nộp.")


def test_a_code_that_comes_answers_the_open_question(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.tap("Tôi đã nộp xong")
    assert shows(kiosk, "Trang đã báo nộp thành công chưa?")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    assert not shows(kiosk, "Trang đã báo nộp thành công chưa?")
    assert kiosk.visit.state is State.FINISH
    assert shows(kiosk, "G22.99.08-261122-000001")
    assert kiosk.count.names().count("submitted") == 1


def test_a_code_that_comes_answers_no_other_question(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.tap("Xóa ngay")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    assert shows(kiosk, "Xóa hết và kết thúc?")
    assert kiosk.visit.state is State.PORTAL


@pytest.mark.parametrize("code", [code for code in KIND_OF if code.startswith("PORTAL")])
def test_every_fault_of_the_portal_is_told_and_left(make_kiosk, code: str) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Cổng dịch vụ công")  # behind it
    kiosk.browser.failed.emit(code)
    assert shows(kiosk, code)
    kiosk.tap("Quay lại")
    assert not shows(kiosk, code)
    assert kiosk.visit.state is State.PORTAL


def test_a_blocked_address_is_counted_by_its_kind_only(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.blocked.emit("other")
    assert shows(kiosk, "không thuộc dịch vụ công")
    assert "blocked:other" in kiosk.count.names()
    kiosk.browser.address_changed.emit("https://dichvucong.gov.vn/")
    assert not shows(kiosk, "không thuộc dịch vụ công")


def test_practice_is_marked_everywhere_and_goes_to_the_practice_portal(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(practice=True)
    assert shows(kiosk, "TẬP")
    to_portal(kiosk)
    qtbot.waitUntil(lambda: bool(kiosk.browser.opened))
    assert kiosk.browser.opened == ["http://127.0.0.1:8123/thu-tuc-hanh-chinh/1.004194?nguoi=ba-tap"]
    assert shows(kiosk, "Trang TẬP. Không gửi đi đâu cả.")
    assert shows(kiosk, "TẬP")
    assert {mode for _, _, mode in kiosk.count.rows} == {"practice"}


def test_search_finds_without_tone_marks(make_kiosk, qtbot) -> None:
    from PySide6.QtWidgets import QLineEdit

    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tìm việc khác")
    box = kiosk.shell.findChild(QLineEdit)
    QTest.keyClicks(box, "dang ky tam tru")
    qtbot.waitUntil(lambda: shows(kiosk, GUIDE), timeout=15_000)
    kiosk.tap(GUIDE)
    assert kiosk.visit.state is State.GUIDE


def test_out_of_service_says_why_and_lets_nobody_in(make_kiosk) -> None:
    from kioskcore.errors import KioskError

    kiosk = make_kiosk()
    kiosk.flow.out_of_service(KioskError("WIPE-FAILED"))
    assert shows(kiosk, "WIPE-FAILED")
    QTest.mouseClick(kiosk.shell, Qt.MouseButton.LeftButton, pos=QPoint(600, 400))
    assert kiosk.visit.state is State.OUT_OF_SERVICE


def test_the_window_does_not_close(make_kiosk) -> None:
    kiosk = make_kiosk()
    assert not kiosk.shell.close()
    assert kiosk.shell.isVisible()


def test_life_events_then_procedures_and_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    assert len(kiosk.flow._library.life_events()) > 6
    kiosk.tap("Xem thêm")
    event = kiosk.flow._library.life_events()[6]
    kiosk.tap(event.title["vi"])
    tiles = [t.title["vi"] for t in kiosk.flow._library.tiles() if t.life_event == event.key]
    assert shows(kiosk, tiles[0])
    kiosk.tap("Quay lại")
    assert shows(kiosk, event.title["vi"])
    kiosk.tap("Quay lại")
    assert shows(kiosk, kiosk.flow._library.life_events()[0].title["vi"])
    kiosk.tap(kiosk.flow._library.life_events()[0].title["vi"])
    first = kiosk.flow._library.life_events()[0].key
    kiosk.tap(next(t.title["vi"] for t in kiosk.flow._library.tiles() if t.life_event == first))
    assert kiosk.visit.state is State.GUIDE


def test_at_most_six_big_choices(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    tiles = [b for b in kiosk.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "choice"]
    assert len(tiles) == 6


def test_a_touch_before_the_guides_are_read_is_kept(make_kiosk) -> None:
    kiosk = make_kiosk()
    library, kiosk.flow._library = kiosk.flow._library, None
    kiosk.tap("Chạm để bắt đầu")
    assert kiosk.visit.state is State.ATTRACT
    kiosk.flow.guides_read(library)
    assert kiosk.visit.state is State.CHOOSE


def test_who_finds_nothing_is_led_to_the_portal_itself(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.search_for("qqqq")
    qtbot.waitUntil(lambda: shows(kiosk, "Máy chưa tìm thấy việc này."), timeout=15_000)
    kiosk.tap("Mở Cổng dịch vụ công")
    assert kiosk.visit.state is State.GUIDE
    assert kiosk.flow.guide.guide.general
    assert kiosk.visit.guide_code == "cong-dich-vu-cong"


def test_who_finds_nothing_is_offered_what_happens_in_life(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.search_for("qqqq")
    qtbot.waitUntil(lambda: shows(kiosk, "Máy chưa tìm thấy việc này."), timeout=15_000)
    kiosk.tap("Chọn theo việc trong đời")
    assert shows(kiosk, kiosk.flow._library.life_events()[0].title["vi"])


def test_each_question_and_step_shows_its_drawing(make_kiosk) -> None:
    from PySide6.QtWidgets import QLabel

    def drawn() -> list[str]:
        labels = [one for one in kiosk.shell.findChildren(QLabel) if one.isVisible()]
        return [one.accessibleName() for one in labels if not one.pixmap().isNull() and one.accessibleName()]

    kiosk = make_kiosk()
    to_guide(kiosk)
    guide = kiosk.flow.guide.guide
    kiosk.tap("Đi tiếp")
    for question in guide.questions:
        kiosk.tap("Đi tiếp")
        assert drawn() == ([question.alt] if question.picture else [])
    kiosk.tap("Đi tiếp")
    assert drawn() == [step.alt for step in guide.steps if step.picture]
    assert len(drawn()) > 5


def test_a_paper_with_a_drawing_has_room_for_it(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Đi tiếp")
    paper = next(paper for paper in kiosk.flow.guide.guide.papers if paper.picture)
    shown = [b for b in kiosk.shell.findChildren(ActionButton) if b.isVisible()]
    tick = next(b for b in shown if b.text() == paper.title)
    plain = ActionButton(kiosk.look, tick.text(), kind="tick", note=tick.note)
    assert tick.text_needs() >= plain.text_needs() + kiosk.look.theme.mm(15)


def test_practice_is_under_a_chosen_made_up_name_and_ends_without_marks(make_kiosk) -> None:
    kiosk = make_kiosk(practice=True)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    assert kiosk.say("ui.practice") in texts(kiosk.shell)
    kiosk.tap("Tập với tên Nguyễn Thị Luyện Tập")
    kiosk.tap("Trần Văn Thử")
    assert "Tập với tên Trần Văn Thử" in texts(kiosk.shell)
    kiosk.flow.choose.picked.emit("2.000635")
    kiosk.visit.fire(Event.TO_PORTAL)
    kiosk.flow.pool.wait()
    settle()
    assert kiosk.browser.opened[-1].endswith("/thu-tuc-hanh-chinh/2.000635?nguoi=ong-thu")
    kiosk.browser.dossier_found.emit("G22.99.08-261122-000001")
    kiosk.visit.fire(Event.SUBMITTED)
    settle()
    shown = texts(kiosk.shell)
    assert any(kiosk.say("ui.finish.done_it") in text for text in shown)
    assert kiosk.say("ui.finish.at_home") in shown
    assert kiosk.flow._library.name("dang-nhap-vneid") in shown
    assert {mode for _, _, mode in kiosk.count.rows} == {"practice"}


def test_who_does_not_practise_is_not_asked_whose_name(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    assert "Tập với tên Nguyễn Thị Luyện Tập" not in texts(kiosk.shell)
