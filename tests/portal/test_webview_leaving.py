"""The log-out of a site is called when the visit ends, and no site can hold the end up."""

import time
from dataclasses import replace

from web import Answer, OnlyHere, Web


def opened(qtbot, browser, policy: OnlyHere, web: Web, page: str) -> list[float]:
    policy.site = replace(policy.site, logout="/out?now=1")
    web.pages["/deep/a"] = page
    browser.open(web.url + "/deep/a")
    qtbot.waitUntil(lambda: "ở đây" in browser.page_text(), timeout=15_000)
    began = time.monotonic()
    ended: list[float] = []
    browser.log_out(lambda: ended.append(time.monotonic() - began))
    qtbot.waitUntil(lambda: bool(ended), timeout=10_000)
    qtbot.wait(300)
    return ended


def test_the_sites_own_log_out_is_called(qtbot, browser, policy: OnlyHere, web: Web) -> None:
    web.pages["/out"] = "<p>đã ra</p>"
    page = "<p>ở đây</p><script>onbeforeunload=e=>{e.preventDefault();return 'x'}</script>"
    ended = opened(qtbot, browser, policy, web, page)
    assert web.asked.count("GET /out") == 1
    assert len(ended) == 1 and ended[0] < 3


def test_a_site_that_does_not_answer_holds_nothing_up(qtbot, browser, policy: OnlyHere, web: Web) -> None:
    web.pages["/out"] = Answer("<p>chậm</p>", seconds=6)
    ended = opened(qtbot, browser, policy, web, "<p>ở đây</p>")
    assert len(ended) == 1 and 2.5 < ended[0] < 3.8


def test_without_a_log_out_it_ends_at_once(browser) -> None:
    ended: list[int] = []
    browser.log_out(lambda: ended.append(1))
    assert ended == [1]
