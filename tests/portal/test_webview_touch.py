"""A finger that rests on the page: no menu, no marks on its words, no window over the kiosk."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

PAGE = """<body style='margin:0;font-size:28px'><p style='margin:0;height:60px'>Công dân nộp hồ sơ</p>
<input value='Nguyen Van Mau' style='height:60px;width:500px;font-size:28px'>
<script>oncontextmenu=()=>document.title+='giữ '</script>"""
TEXT, FIELD = QPoint(120, 20), QPoint(120, 90)


@pytest.fixture(scope="module")
def finger():
    return QTest.createTouchDevice()  # Qt keeps it until the end: one is enough


def rest(qtbot, browser, finger, where: QPoint) -> None:
    """Longer than Chromium's long press."""
    window = browser.window().windowHandle()
    spot = browser.view().mapTo(browser.window(), where)
    QTest.touchEvent(window, finger).press(0, spot, window)
    qtbot.wait(1200)
    QTest.touchEvent(window, finger).release(0, spot, window)
    qtbot.wait(700)


def answer(qtbot, browser, script: str) -> object:
    told: list[object] = []
    browser._page.runJavaScript(script, 0, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    return told[0]


def marked(qtbot, browser) -> object:
    look = (
        "(e=>e.value?e.value.slice(e.selectionStart,e.selectionEnd):String(getSelection()))"
        "(document.activeElement)"
    )
    return answer(qtbot, browser, look)


def windows(browser) -> list[QRect]:
    return [one.geometry() for one in QGuiApplication.topLevelWindows() if one.isVisible()]


def test_a_finger_that_rests_opens_nothing(qtbot, browser, web, finger) -> None:
    web.pages["/a"] = PAGE
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: "Công dân" in browser.page_text(), timeout=15_000)
    before = windows(browser)
    rest(qtbot, browser, finger, TEXT)
    assert "giữ" in browser._page.title()  # the control: Chromium took it for a long press
    assert marked(qtbot, browser) == ""
    assert windows(browser) == before
    rest(qtbot, browser, finger, FIELD)
    rest(qtbot, browser, finger, FIELD)
    assert marked(qtbot, browser) == "Van"  # the control: here Qt wants to show cut, copy and paste
    assert windows(browser) == before


def may_mark(qtbot, browser, pointer: str, where: str) -> object:
    """Whether the helper lets a mark begin there; `pointer`: what went down before, "" for nothing yet."""
    down = f"dispatchEvent(new PointerEvent('pointerdown', {{pointerType: '{pointer}'}}));" if pointer else ""
    begin = "new Event('selectstart', {bubbles: true, cancelable: true})"
    return answer(qtbot, browser, f"{down}document.querySelector('{where}').dispatchEvent({begin})")


def test_words_are_marked_by_a_mouse_alone_and_in_fields(qtbot, browser, web) -> None:
    web.pages["/a"] = PAGE
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: "Công dân" in browser.page_text(), timeout=15_000)
    # A page's first touch comes without pointerdown if it is early: nothing yet means a finger.
    assert may_mark(qtbot, browser, "", "p") is False
    assert may_mark(qtbot, browser, "mouse", "p") is True
    assert may_mark(qtbot, browser, "touch", "p") is False
    assert may_mark(qtbot, browser, "touch", "input") is True
