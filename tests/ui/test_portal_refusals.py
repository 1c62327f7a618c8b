"""What the portal's screen says when an address is not the portal's, or the page is in trouble."""

import re

import pytest
from house import texts

from kioskcore.errors import KIND_OF
from kioskcore.visit import Event, State
from ui.gallery import settle
from ui.widgets.buttons import ActionButton


def test_portal_blocked_says_so_and_leads_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.blocked.emit("other")
    settle()
    assert any("PORTAL-BLOCKED" in text for text in texts(kiosk.shell))
    assert not kiosk.browser.isVisible()
    kiosk.tap(kiosk.say("ui.portal.to_page"))
    assert not any("PORTAL-BLOCKED" in text for text in texts(kiosk.shell))
    assert kiosk.browser.isVisible()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", [code for code in KIND_OF if code.startswith("PORTAL")])
def test_the_words_of_a_fault_name_a_button_that_is_there(make_kiosk, code: str, language: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    if language == "en":
        kiosk.tap("English")
    kiosk.browser.failed.emit(code)
    settle()
    made = kiosk.shell.findChildren(ActionButton)
    shown = {b.text() for b in made if b.isVisible() and b.text()} - {kiosk.say("ui.back")}
    for named in re.findall(r"(?:Bấm|Press) ([^.;,]+)", kiosk.say(f"error.{code}.do")):
        assert any(named.startswith(text) for text in shown), (named, shown)


@pytest.mark.parametrize("code", ["PORTAL-BLOCKED", "PORTAL-DOWNLOAD"])
def test_a_fault_names_no_step_and_goes_when_the_page_goes_on(make_kiosk, code: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.failed.emit(code)
    settle()
    assert not any("Việc 1 trong" in text for text in texts(kiosk.shell))
    kiosk.browser.address_changed.emit("https://dichvucong.gov.vn/khac")
    settle()
    assert not any(code in text for text in texts(kiosk.shell))
    assert any("Việc 1 trong" in text for text in texts(kiosk.shell))


def test_nobody_is_told_that_nothing_was_sent_where_it_may_have_arrived(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    promise = kiosk.say("ui.nothing_sent")
    kiosk.browser.failed.emit("PORTAL-KEPT")
    settle()
    assert promise in texts(kiosk.shell)
    kiosk.browser.failed.emit("PORTAL-NO-ANSWER")
    settle()
    assert promise not in texts(kiosk.shell)
    kiosk.tap(kiosk.say("ui.portal.to_page"))
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Tìm kiếm")
    settle()
    assert promise not in texts(kiosk.shell)


def test_portal_certificate_leads_home_never_to_the_page(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.failed.emit("PORTAL-CERTIFICATE")
    settle()
    assert any("PORTAL-CERTIFICATE" in text for text in texts(kiosk.shell))
    assert "error:PORTAL-CERTIFICATE" in kiosk.count.names()
    first = kiosk.browser.opened[0]
    kiosk.tap(kiosk.say("ui.portal.to_page"))
    assert kiosk.browser.opened == [first, first]


@pytest.mark.parametrize("code", ["PORTAL-CERTIFICATE", "PORTAL-LOAD", "PORTAL-BROKEN"])
def test_a_page_that_is_away_is_not_called_genuine_and_has_one_thing_to_press(make_kiosk, code: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.failed.emit(code)
    settle()
    said = texts(kiosk.flow.portal)
    assert not any("Trang thật của nhà nước" in text for text in said)
    assert kiosk.say("ui.portal.reload") not in said and kiosk.say("ui.portal.home") not in said
    assert "Tôi đã nộp xong" not in texts(kiosk.shell)
    assert {"Quay lại", "Tôi cần giúp", "Xóa ngay"} <= set(texts(kiosk.shell))
    primary = [b for b in kiosk.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "primary"]
    assert len(primary) == 1


def test_back_from_a_fault_never_shows_an_empty_page(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.failed.emit("PORTAL-OFFLINE")  # before any page has come
    settle()
    kiosk.tap("Quay lại")
    assert kiosk.visit.state is not State.PORTAL
    kiosk.flow.fire(Event.TO_PORTAL)
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Tìm kiếm")
    kiosk.browser.failed.emit("PORTAL-OFFLINE")
    settle()
    kiosk.tap("Quay lại")  # what was filled in stands there still
    assert kiosk.browser.isVisible() and kiosk.visit.state is State.PORTAL


@pytest.mark.parametrize("code", ["PORTAL-BROKEN", "PORTAL-NOISY", "PORTAL-CERTIFICATE"])
def test_back_from_a_page_that_is_no_good_leads_home(make_kiosk, code: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    first = kiosk.browser.opened[0]
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Tìm kiếm")
    kiosk.browser.failed.emit(code)
    settle()
    kiosk.tap("Quay lại")
    assert kiosk.browser.opened == [first, first]


def test_turning_back_from_a_page_that_did_not_come_reloads_nothing(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.page_text_changed.emit("https://dichvucong.gov.vn/", "Tìm kiếm")
    opened = list(kiosk.browser.opened)
    for code, words in (("PORTAL-KEPT", "ui.portal.to_page"), ("PORTAL-OFFLINE", "ui.back")):
        kiosk.browser.failed.emit(code)
        settle()
        kiosk.tap(kiosk.say(words))
        assert kiosk.browser.opened == [*opened, "stand back"] and kiosk.browser.isVisible()
        kiosk.browser.opened.pop()
    kiosk.browser.failed.emit("PORTAL-OFFLINE")
    settle()
    kiosk.tap(kiosk.say("ui.portal.try_again"))
    assert kiosk.browser.opened == [*opened, "again"]
