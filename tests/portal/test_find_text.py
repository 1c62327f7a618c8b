"""Find on the page, as the browser does it."""

from portal.webview.finder import Query


def test_a_word_is_counted_and_found_again(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>Hộ tịch</p><p style='margin-top:3000px'>hộ tịch</p><p>HỘ TỊCH</p>"
    told: list[tuple[int, int]] = []
    browser.open(web.url + "/a")
    seen: list[object] = []
    browser.wait_for(Query("text", "Hộ tịch"), 8, seen.append)
    qtbot.waitUntil(lambda: bool(seen), timeout=10_000)
    for backward, expected in ((False, (1, 3)), (False, (2, 3)), (True, (1, 3))):
        told.clear()
        browser.find_text("hộ tịch", backward, lambda *found: told.append(found))
        qtbot.waitUntil(lambda want=expected: bool(told) and told[-1] == want, timeout=8000)
    told.clear()
    browser.find_text("không có chữ này", False, lambda *found: told.append(found))
    qtbot.waitUntil(lambda: told == [(0, 0)], timeout=8000)
