"""Windows that a page would open: there is one, and nothing that the page meant is lost."""

import pytest
from test_webview_browser import load, tap
from web import Web

from portal.webview.finder import Query


@pytest.mark.parametrize("where", ["form target=_blank", "form"])
def test_a_form_sent_to_a_new_window_arrives_whole(qtbot, browser, web: Web, where: str) -> None:
    button = "button" if "target" in where else "button formtarget=_blank"
    web.pages["/x"] = "<p>nhận rồi</p>"
    web.pages["/a"] = f"<{where} method=post action=/x><input name=t value=Lan><{button}>Gửi</button></form>"
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Gửi"))
    qtbot.waitUntil(lambda: "nhận rồi" in browser.page_text(), timeout=10_000)
    assert "POST /x" in web.asked and "GET /x" not in web.asked and "t=Lan" in web.bodies


def test_a_window_opened_empty_is_followed_where_it_is_led(qtbot, browser, web: Web) -> None:
    web.pages["/landed"] = "<p>tới nơi</p>"
    web.pages["/a"] = "<button onclick=\"w=window.open();w.location='/landed'\">Mở</button>"
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Mở"))
    qtbot.waitUntil(lambda: "tới nơi" in browser.page_text(), timeout=10_000)
    assert "GET /home" not in web.asked

