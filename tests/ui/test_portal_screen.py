"""The frame round the portal: never "nothing is sent" beside "it is sent"; no torn page."""

import pytest
from house import button, rule_faults, texts
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from test_visit import to_portal

from kioskcore.config import Config
from ui.gallery import settle
from ui.look import Look
from ui.screens.page_zoom import BY_TEXT, SHOWN
from ui.theme import TextSize
from ui.widgets.late_cover import LateCover

NOTHING_SENT = "Chưa gửi gì cho đến khi bác bấm Nộp."
I_HAVE = "Tôi đã nộp xong"
BACK = "Trở lại trang thủ tục"


def says_nothing_sent(kiosk) -> bool:
    settle()
    return NOTHING_SENT in texts(kiosk.shell)


def test_having_submitted_is_the_main_button_only_once_it_may_be_true(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    assert button(kiosk.shell, I_HAVE).kind == "secondary"
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/a", "Biểu mẫu điện tử Kê khai")
    settle()
    assert button(kiosk.shell, I_HAVE).kind == "secondary"
    kiosk.browser.submission_seen.emit()
    settle()
    assert button(kiosk.shell, I_HAVE).kind == "primary"
    kiosk.tap(I_HAVE)
    assert button(kiosk.shell, "Đã báo, tôi nộp xong").kind == "primary"  # the page itself has said so


def test_who_has_turned_the_steps_to_the_last_may_say_so_too(make_kiosk) -> None:
    """A site whose words of success are not known must not hide the way on."""
    kiosk = make_kiosk()
    to_portal(kiosk)
    last = len(kiosk.flow.portal.steps) - 1
    for _ in range(last):
        assert button(kiosk.shell, I_HAVE).kind == "secondary" or kiosk.flow.portal.present >= last - 1
        kiosk.tap("Việc sau")
    assert button(kiosk.shell, I_HAVE).kind == "primary"


def test_a_page_to_look_dossiers_up_says_nothing_of_this_one(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    for page in ("Tra cứu hồ sơ. Mã hồ sơ", "Đăng nhập bằng VNeID", "Nhập mã passcode"):
        kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/khac", page)
        assert says_nothing_sent(kiosk)
        assert button(kiosk.shell, I_HAVE).kind == "secondary"


def test_a_page_without_guide_offers_the_way_back_to_the_procedure(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    procedure = kiosk.browser.opened[-1]
    assert BACK not in texts(kiosk.shell)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Xin chào")
    settle()
    assert rule_faults(kiosk.shell) == []
    kiosk.browser.opened.clear()
    kiosk.tap(BACK)
    assert kiosk.browser.opened == [procedure]
    kiosk.browser.submission_seen.emit()
    settle()
    assert BACK not in texts(kiosk.shell)  # nobody shall begin again what was sent


def test_nothing_is_sent_is_held_while_a_page_loads_that_cannot_be_the_answer(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    for page in ("Biểu mẫu điện tử Kê khai", "Xin chào"):
        kiosk.browser.loading.emit(True)
        assert says_nothing_sent(kiosk)
        kiosk.browser.loading.emit(False)
        kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/a", page)
        assert says_nothing_sent(kiosk)


def test_nothing_is_sent_is_not_said_between_the_last_look_and_the_answer(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/b", "Kiểm tra lại hồ sơ")
    assert says_nothing_sent(kiosk)
    kiosk.browser.loading.emit(True)
    assert not says_nothing_sent(kiosk)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/b", "Kiểm tra lại hồ sơ")
    assert not says_nothing_sent(kiosk)  # the page that goes is read once more
    kiosk.browser.loading.emit(False)
    kiosk.flow.portal.redraw()
    assert not says_nothing_sent(kiosk)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/b", "Kiểm tra lại hồ sơ: còn thiếu")
    assert says_nothing_sent(kiosk)  # the site sent it back
    kiosk.browser.loading.emit(True)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/c", "Nộp hồ sơ thành công")
    kiosk.browser.submission_seen.emit()
    assert not says_nothing_sent(kiosk)


def test_another_procedure_begins_with_nothing_sent(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.submission_seen.emit()
    kiosk.flow.portal.start_over()
    kiosk.flow.portal.redraw()
    assert says_nothing_sent(kiosk)


def test_the_page_is_between_its_own_size_and_twice_that(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    for words, end in (("Phóng to trang", 2.0), ("Thu nhỏ trang", 1.0)):
        for _ in range(5):
            kiosk.tap(words)
        assert kiosk.browser.zoom() == end


def test_the_guidance_stays_above_the_page_when_the_keyboard_takes_its_room(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.shell.resize(1080, 1500)
    settle()
    to_portal(kiosk)
    portal, keyboard = kiosk.flow.portal, kiosk.flow._keyboard
    kiosk.shell.activateWindow()
    portal._find.turn()
    qtbot.waitUntil(keyboard.isVisible)
    qtbot.waitUntil(lambda: portal.width() > portal.height())  # its own room lies now, the window stands
    settle()
    assert portal._side.geometry().bottom() < portal._bar.geometry().top()


def test_what_the_page_has_grown_by_is_covered_till_it_is_drawn(qtbot, monkeypatch) -> None:
    monkeypatch.setattr("ui.widgets.late_cover._DRAWN_MS", 120)
    room = QWidget()
    qtbot.addWidget(room)
    page = QWidget(room)
    page.setGeometry(0, 20, 300, 100)
    cover = LateCover(Look(Config(), 96), page, room)
    room.resize(300, 400)
    room.show()
    assert cover.isHidden()
    page.resize(300, 260)
    assert cover.geometry() == QRect(0, 120, 300, 160) and cover.isVisible()
    assert room.childAt(10, 200) is page  # a tap goes through
    qtbot.waitUntil(cover.isHidden)
    page.resize(300, 100)
    assert cover.isHidden()


def test_a_page_that_can_be_moved_has_two_big_buttons_till_the_next(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    assert "Còn nữa" not in texts(kiosk.shell)
    kiosk.browser.moves_changed.emit(False, True)
    settle()
    assert rule_faults(kiosk.shell) == []
    assert not button(kiosk.shell, "Lên trên").isEnabled()
    kiosk.tap("Còn nữa")
    assert kiosk.browser.opened[-1] == "move 1"
    kiosk.browser.moves_changed.emit(True, False)
    kiosk.tap("Lên trên")
    assert kiosk.browser.opened[-1] == "move -1"
    kiosk.browser.moves_changed.emit(False, False)
    settle()
    assert "Còn nữa" in texts(kiosk.shell)  # else the page would change under who reads
    kiosk.browser.failed.emit("PORTAL-OFFLINE")
    settle()
    kiosk.browser.loading.emit(True)
    kiosk.browser.loading.emit(False)
    kiosk.browser.online_again.emit()
    settle()
    assert "Còn nữa" not in texts(kiosk.shell)


@pytest.mark.parametrize("size", TextSize)
def test_so_much_of_a_page_shows_that_a_code_to_log_in_is_whole(make_kiosk, qtbot, size: TextSize) -> None:
    kiosk = make_kiosk()
    kiosk.shell.resize(1366, 768)
    to_portal(kiosk)
    kiosk.look.set_text_size(size)
    opening = kiosk.flow.portal._page
    qtbot.wait(300)
    zoom = kiosk.browser.zoom()
    assert 1 <= zoom <= BY_TEXT[size] and SHOWN * zoom <= opening.height() + 1
    kiosk.shell.resize(1366, 700)
    kiosk.shell.resize(1366, 768)
    opening.setMaximumHeight(opening.height() // 2)  # as the keyboard does
    qtbot.wait(300)
    assert kiosk.browser.zoom() == zoom
    kiosk.tap("Phóng to trang")
    by_hand = kiosk.browser.zoom()
    opening.setMaximumHeight(16_777_215)
    qtbot.wait(300)
    assert kiosk.browser.zoom() == by_hand > zoom
    kiosk.look.set_text_size(TextSize.NORMAL if size is TextSize.HUGE else TextSize.HUGE)
    qtbot.wait(300)
    assert kiosk.browser.zoom() != by_hand


@pytest.mark.parametrize(
    ("wide", "high", "worded"), [(1366, 768, False), (1920, 1080, True), (1080, 1920, True)]
)
def test_the_buttons_of_the_page_have_words_where_there_is_room(
    make_kiosk, wide: int, high: int, worded: bool
) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.shell.resize(wide, high)
    settle()
    assert rule_faults(kiosk.shell) == []
    said = texts(kiosk.flow.portal)
    assert [word in said for word in ("Tải lại", "Trang đầu", "Tìm")] == [worded] * 3
