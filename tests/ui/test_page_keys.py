"""By keyboard into a real web page, through its fields and out; another language while it is filled in."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import button
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kioskcore.visit import Event
from ui.gallery import settle
from ui.keys import KeyGuard
from ui.parts import PartKeys

sys.path.insert(0, str(Path(__file__).parents[1] / "portal"))
from web import OnlyHere, Web

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

FORM = """<meta charset=utf-8><h1>Tờ khai</h1><input id=a><br><input id=b><br>
<a id=link href="#x">Xem</a> <button id=go>Tiếp tục</button><script>
keys = []; addEventListener("keydown", event => keys.push(event.key))</script>"""
TRAP = (
    FORM
    + """<script>addEventListener("keydown", event => event.key == "Tab" && event.preventDefault())
</script>"""
)


@pytest.fixture
def filling(make_kiosk, qtbot, tmp_path: Path) -> Iterator[Callable[[str], tuple]]:
    """`filling(html)`: a kiosk at the portal with this page in a real browser, and `ask(script)`."""
    from portal.webview.browser import Browser

    web, made = Web(), []

    def go(html: str) -> tuple:
        kiosk = make_kiosk(practice=True)
        browser = Browser(OnlyHere(web.url), download_folder=tmp_path)
        made.append((kiosk, browser))
        code = next(tile.code for tile in kiosk.flow._library.tiles())
        web.pages[f"/thu-tuc-hanh-chinh/{code}"] = html
        kiosk.browser, kiosk.practice_url = browser, web.url
        kiosk.shell.watch_input(KeyGuard(kiosk.look, kiosk.shell))
        kiosk.shell.watch_input(PartKeys(kiosk.look, kiosk.shell.parts, kiosk.shell))
        kiosk.tap("Chạm để bắt đầu")
        kiosk.flow.choose.picked.emit(code)
        kiosk.flow.fire(Event.TO_PORTAL)

        def ask(script: str) -> object:
            got: list[str] = []
            page = browser.view().page()
            page.runJavaScript(f"JSON.stringify({script})", 0, got.append)
            qtbot.waitUntil(lambda: bool(got), timeout=10_000)
            return json.loads(got[0]) if got[0] else None

        qtbot.waitUntil(lambda: ask("document.readyState == 'complete' && !!window.keys"), timeout=20_000)
        kiosk.flow._keyboard.set_enabled(False)  # who goes by Tab has keys of his own
        kiosk.shell.activateWindow()
        qtbot.waitUntil(kiosk.shell.isActiveWindow)
        return kiosk, ask, web

    yield go
    for kiosk, browser in made:
        kiosk.flow.road.browser = None
        with qtbot.waitSignal(browser.closed, timeout=10_000):
            browser.close_page()
    web.close()


def write(kiosk, text: str) -> None:
    for letter in text:
        QTest.keyClick(kiosk.shell.windowHandle(), letter)


def press(kiosk, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(kiosk.shell.windowHandle(), key, held)
    QTest.qWait(60)  # the page answers from its own process


def in_page(kiosk) -> bool:
    view, now = kiosk.flow.road.browser.view(), QApplication.focusWidget()
    return now is not None and (now is view or view.isAncestorOf(now))


def until_in_page(kiosk, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for _ in range(30):
        press(kiosk, key, held)
        if in_page(kiosk):
            return
    raise AssertionError("the page is not reached")


def focused(ask) -> object:
    return ask("document.activeElement && document.activeElement.id")


def test_tab_goes_through_the_page_and_out_again_both_ways(filling, qtbot) -> None:
    kiosk, ask, web = filling(FORM)
    button(kiosk.shell, "English").setFocus()
    until_in_page(kiosk, Qt.Key.Key_Tab)
    seen = [focused(ask)]
    for _ in range(3):
        press(kiosk, Qt.Key.Key_Tab)
        seen.append(focused(ask))
    assert seen == ["a", "b", "link", "go"]
    press(kiosk, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is button(kiosk.shell, "Quay lại")
    press(kiosk, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert in_page(kiosk) and focused(ask) == "go"
    for _ in range(3):
        press(kiosk, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert focused(ask) == "a"
    press(kiosk, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert not in_page(kiosk) and QApplication.focusWidget() is not None
    change_language_in_a_field(kiosk, ask, web, qtbot)


def test_f6_goes_round_the_window_past_a_page_that_keeps_tab_for_itself(filling) -> None:
    kiosk, ask, _ = filling(TRAP)
    button(kiosk.shell, "English").setFocus()
    until_in_page(kiosk, Qt.Key.Key_F6)
    press(kiosk, Qt.Key.Key_X)
    press(kiosk, Qt.Key.Key_Tab)
    assert in_page(kiosk)  # caught
    press(kiosk, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is button(kiosk.shell, "Quay lại") and kiosk.look.by_keyboard
    until_in_page(kiosk, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert ask("keys") == ["x", "Tab"]
    parts = kiosk.shell.parts()
    button(kiosk.shell, "English").setFocus()
    seen = []
    for _ in range(5):
        press(kiosk, Qt.Key.Key_F6)
        now = QApplication.focusWidget()
        seen.append(next(n for n, part in enumerate(parts) if part is now or part.isAncestorOf(now)))
    assert seen == [1, 2, 5, 6, 0]  # 3 and 4 are shut: the find bar, and what tells of papers that wait
    kiosk.tap("Tôi cần giúp")
    (card,) = kiosk.shell.overlays()
    press(kiosk, Qt.Key.Key_F6)
    assert kiosk.shell._header.isAncestorOf(QApplication.focusWidget())
    press(kiosk, Qt.Key.Key_F6)
    assert card.isAncestorOf(QApplication.focusWidget())


def change_language_in_a_field(kiosk, ask, web, qtbot) -> None:
    """The half filled form stays as it is, and the cursor with it."""
    view = kiosk.flow.road.browser.view()
    for _ in range(5):  # a page that is still being laid out takes no touch
        x, y = ask("(b => [b.x + 20, b.y + b.height / 2])(a.getBoundingClientRect())")
        zoom = view.zoomFactor()
        spot = view.mapTo(kiosk.shell, QPoint(int(x * zoom), int(y * zoom)))
        QTest.mouseClick(kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.qWait(200)
        if focused(ask) == "a":
            break
    write(kiosk, "Xa Thu")
    qtbot.waitUntil(lambda: ask("a.value") == "Xa Thu")
    found = button(kiosk.shell, "English")
    QTest.mouseClick(
        kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=found.mapTo(kiosk.shell, QPoint(9, 9))
    )
    settle()
    assert kiosk.visit.language == "en" and kiosk.flow.portal.heading().startswith("Step 4 of 5")
    write(kiosk, "an")  # the cursor is where it was
    qtbot.waitUntil(lambda: ask("a.value") == "Xa Thuan")
    assert sum(asked.startswith("GET /thu-tuc") for asked in web.asked) == 1  # never loaded again
