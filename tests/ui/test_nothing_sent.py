""" "Nothing is sent until you press Submit": on every screen of the way, in one place, until it is not so."""

import pytest
from house import rule_faults, texts
from PySide6.QtWidgets import QApplication, QLabel
from test_visit import GUIDE, to_guide, to_portal

from kioskcore.told import Told
from kioskcore.visit import Event, State
from ui.gallery import settle
from ui.screens.check import CheckScreen
from ui.theme import TextSize

SAID = "Chưa gửi gì cho đến khi bác bấm Nộp."
CODE = "G22.99.08-261122-000001"


def said(kiosk) -> int:
    """How often it shows; never anywhere but in the footer."""
    settle()
    below = [w.text() for w in kiosk.shell._footer.findChildren(QLabel) if w.isVisible()]
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert [window for window in shown if type(window).__module__.startswith("ui.")] == [kiosk.shell]
    assert texts(kiosk.shell).count(SAID) == below.count(SAID)
    return below.count(SAID)


@pytest.mark.parametrize("size", [TextSize.NORMAL, TextSize.HUGE])
def test_it_stands_on_every_screen_of_the_way_and_only_there(make_kiosk, qtbot, size: TextSize) -> None:
    kiosk = make_kiosk()
    kiosk.look.set_text_size(size)
    assert said(kiosk) == 0  # nobody has begun
    kiosk.tap("Chạm để bắt đầu")
    assert said(kiosk) == 1
    kiosk.tap("Tìm việc khác")
    assert said(kiosk) == 1
    kiosk.tap("Quay lại")
    kiosk.flow.choose.picked.emit("1.004194")
    for tap in (*("Đi tiếp",) * 6, "Quét giấy tờ"):
        assert said(kiosk) == 1
        kiosk.tap(tap)
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.device is not None)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: any("Trang này rõ chưa?" in text for text in texts(kiosk.shell)))
    assert said(kiosk) == 1
    kiosk.visit.fire(Event.TO_PORTAL)
    assert said(kiosk) == 1 and rule_faults(kiosk.shell) == []
    kiosk.browser.dossier_found.emit(CODE)
    assert said(kiosk) == 0
    for event in (Event.SUBMITTED, Event.DONE):
        kiosk.visit.fire(event)
        assert said(kiosk) == 0


def test_it_is_heard_before_the_button_that_goes_on(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    heard = [told for told, _ in kiosk.shell._heard()]
    assert heard[-2:] == [SAID, "Đi tiếp"] and all(isinstance(told, Told) for told in heard)


def test_the_check_before_the_portal_says_it_too(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    for tap in (*("Đi tiếp",) * 6, "Tôi không cần quét giấy"):
        kiosk.tap(tap)
    assert isinstance(kiosk.shell.screen_now, CheckScreen)
    assert said(kiosk) == 1 and kiosk.browser.opened == []


def test_what_the_person_says_is_sent_stays_sent_for_this_procedure(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.tap("Tôi đã nộp xong")
    kiosk.tap("Đã báo, tôi nộp xong")
    assert kiosk.visit.state is State.FINISH
    for _ in range(2):
        kiosk.tap("Quay lại")
        assert said(kiosk) == 0
    while kiosk.visit.state is not State.CHOOSE:
        kiosk.tap("Quay lại")
    other = next(t.code for t in kiosk.flow._library.tiles() if t.title["vi"] != GUIDE)
    kiosk.flow.choose.picked.emit(other)
    assert said(kiosk) == 1


def test_turning_the_steps_by_hand_sends_nothing(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    for _ in range(len(kiosk.flow.portal.steps) - 1):
        kiosk.tap("Việc sau")
    assert said(kiosk) == 1
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/xong", "Nộp hồ sơ thành công. Mã hồ sơ")
    kiosk.browser.submission_seen.emit()
    assert said(kiosk) == 0
    kiosk.tap("Việc trước")
    assert said(kiosk) == 0  # once the page has said so
