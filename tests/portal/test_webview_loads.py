"""A page that does not come: what was typed stays, and only what failed is asked for again."""

import socket
import struct
from http.server import BaseHTTPRequestHandler

import pytest
from PySide6.QtTest import QTest
from test_webview_browser import load, tap
from web import Answer, OnlyHere, Web

from portal.webview.finder import Query


@pytest.fixture
def dead_port(policy: OnlyHere) -> int:
    """An allowed place where nobody answers."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    policy.allow(f"http://127.0.0.1:{port}")
    return port


@pytest.fixture
def codes(browser) -> list[str]:
    told: list[str] = []
    browser.failed.connect(told.append)
    browser._loads._timer.setInterval(150)
    return told


def fill_in(qtbot, browser, web: Web, page: str) -> None:
    web.pages["/form"] = page.replace("FIELD", "<input name=t aria-label=Tên>")
    load(qtbot, browser, web.url + "/form")
    tap(qtbot, browser, Query("label", "Tên"))
    QTest.keyClicks(browser.view().focusProxy(), "Lan")
    qtbot.waitUntil(lambda: typed(qtbot, browser) == "Lan")


def typed(qtbot, browser) -> object:
    got: list[object] = []
    browser._page.runJavaScript("document.querySelector('[name=t]')?.value", 0, got.append)
    qtbot.waitUntil(lambda: bool(got))
    return got[0]


def test_what_was_typed_stays_when_the_network_goes_while_it_is_sent(
    qtbot, browser, web: Web, dead_port: int, codes: list[str]
) -> None:
    form = f"<form method=post action='http://127.0.0.1:{dead_port}/x'>FIELD<button>Gửi</button></form>"
    fill_in(qtbot, browser, web, form)
    tap(qtbot, browser, Query("text", "Gửi"))
    qtbot.waitUntil(lambda: codes == ["PORTAL-KEPT"], timeout=10_000)
    qtbot.wait(500)
    assert web.asked == ["GET /form"] and typed(qtbot, browser) == "Lan"
    browser.stand_back()
    qtbot.wait(300)
    assert web.asked == ["GET /form"] and typed(qtbot, browser) == "Lan"
    assert codes == ["PORTAL-KEPT"]


class Breaks(Web):
    """Reads what was sent to /x, then ends the connection: with a reset, or in silence."""

    hard = True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        plain, web = super()._handler(), self

        class Handler(plain):  # type: ignore[misc, valid-type]
            def do_POST(self) -> None:
                web.asked.append(f"POST {self.path}")
                web.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                if web.hard:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                self.close_connection = True

        return Handler


@pytest.mark.parametrize("hard", [True, False])
def test_what_may_have_arrived_is_never_said_to_be_sent_again(
    qtbot, browser, policy: OnlyHere, codes: list[str], hard: bool
) -> None:
    breaks = Breaks()
    breaks.hard = hard
    policy.allow(breaks.url)
    try:
        fill_in(qtbot, browser, breaks, "<form method=post action=/x>FIELD<button>Gửi</button></form>")
        tap(qtbot, browser, Query("text", "Gửi"))
        qtbot.waitUntil(lambda: bool(codes), timeout=10_000)
        assert codes == ["PORTAL-NO-ANSWER"] and "t=Lan" in breaks.bodies
        asked = list(breaks.asked)
        browser.stand_back()
        qtbot.wait(300)
        assert breaks.asked == asked and typed(qtbot, browser) == "Lan"
    finally:
        breaks.close()


@pytest.mark.parametrize("status", [303, 307])
def test_what_was_answered_by_leading_on_has_arrived(
    qtbot, browser, web: Web, dead_port: int, codes: list[str], status: int
) -> None:
    web.pages["/x"] = Answer("", status, {"Location": f"http://127.0.0.1:{dead_port}/done"})
    fill_in(qtbot, browser, web, "<form method=post action=/x>FIELD<button>Gửi</button></form>")
    tap(qtbot, browser, Query("text", "Gửi"))
    qtbot.waitUntil(lambda: bool(codes), timeout=10_000)
    assert codes == ["PORTAL-NO-ANSWER"]


def test_a_dead_link_is_tried_again_itself_until_the_person_turns_back(
    qtbot, browser, web: Web, dead_port: int, codes: list[str]
) -> None:
    fill_in(qtbot, browser, web, f"FIELD<a href='http://127.0.0.1:{dead_port}/x'>Xem</a>")
    tap(qtbot, browser, Query("text", "Xem"))
    qtbot.waitUntil(lambda: codes == ["PORTAL-OFFLINE"], timeout=10_000)
    browser.stand_back()
    with_network = Web(port=dead_port)
    try:
        with_network.pages["/x"] = "<p>đã có</p>"
        qtbot.wait(500)
        assert with_network.asked == [] and typed(qtbot, browser) == "Lan"
        with_network.close()
        tap(qtbot, browser, Query("text", "Xem"))
        qtbot.waitUntil(lambda: codes == ["PORTAL-OFFLINE"] * 2, timeout=10_000)
        with_network = Web(port=dead_port)
        with_network.pages["/x"] = "<p>đã có</p>"
        with qtbot.waitSignal(browser.online_again, timeout=10_000):
            pass
        assert browser.address().endswith("/x") and web.asked == ["GET /form"]
    finally:
        with_network.close()


def test_a_server_that_fails_on_what_was_sent_leads_back_to_it(
    qtbot, browser, web: Web, codes: list[str]
) -> None:
    web.pages["/x"] = Answer("", 503)
    fill_in(qtbot, browser, web, "<form method=post action=/x>FIELD<button>Gửi</button></form>")
    tap(qtbot, browser, Query("text", "Gửi"))
    qtbot.waitUntil(lambda: codes == ["PORTAL-NO-ANSWER"], timeout=10_000)
    browser.stand_back()
    qtbot.waitUntil(lambda: typed(qtbot, browser) == "Lan", timeout=10_000)
    assert web.asked.count("POST /x") == 1


@pytest.mark.parametrize("status", [404, 500])
def test_an_answer_without_a_page_is_told(qtbot, browser, web: Web, codes: list[str], status: int) -> None:
    web.pages["/x"] = Answer("", status)
    web.pages["/a"] = "<p>trang trước</p>"
    load(qtbot, browser, web.url + "/a")
    browser.open(web.url + "/x")
    qtbot.waitUntil(lambda: codes == ["PORTAL-LOAD"], timeout=10_000)
    web.pages["/x"] = "<p>đã có</p>"
    browser.try_again()
    qtbot.waitUntil(lambda: "đã có" in browser.page_text(), timeout=10_000)


@pytest.mark.parametrize("address", ["about:blank", "about:blank#x", "about:blank?x"])
def test_no_empty_page_holds_the_person(qtbot, browser, web: Web, address: str) -> None:
    web.pages["/a"] = f"<p>ở đây</p><script>setTimeout(()=>location='{address}',100)</script>"
    load(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: browser.address().endswith("/home"), timeout=10_000)
