"""Finding what a person sees: frames of other origins, shadow roots, labels of every make, the best of several."""
# ruff: noqa: E501 - pages are easier to read unbroken

import unicodedata

import pytest
from hand import press
from PySide6.QtCore import QPoint
from web import OnlyHere

from portal.webview.finder import Query


def show(qtbot, browser, web, html: str) -> None:
    web.pages["/a"] = "<!doctype html><meta charset=utf-8>" + html
    with qtbot.waitSignal(browser.loading, timeout=15_000, check_params_cb=lambda busy: not busy):
        browser.open(web.url + "/a")


def find(qtbot, browser, kind: str, value: str, **more):
    answers = []
    browser.find(Query(kind, value, **more), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=8000)
    return answers[0]


LABELS = {
    "for": "<label for=x>Họ và tên</label><p></p><input id=x class=it>",
    "wrapped": "<label>Họ và tên <span>*</span><input class=it></label>",
    "aria-label": "<input aria-label='Họ và tên' class=it>",
    "labelledby": "<b id=l>Họ và tên:</b><div><input aria-labelledby=l class=it></div>",
    "placeholder": "<input placeholder='Họ và tên' class=it>",
    "cell": "<table><tr><td>Họ và tên</td><td><div><input class=it></div></td></tr></table>",
    "column": "<table><tr><th>Số</th><th>Họ và tên</th></tr><tr><td><input></td><td><input class=it></td></tr></table>",
    "before": "<div><span>Họ và tên (*)</span><div><input class=it></div></div>",
    "decomposed": f"<label>{unicodedata.normalize('NFD', 'HỌ VÀ  TÊN')} <input class=it></label>",
    "editable": "<p>Họ và tên</p><div contenteditable class=it style='min-height:20px'></div>",
    "select": "<label>Họ và tên <select class=it><option>Một</option></select></label>",
}


@pytest.mark.parametrize("make", LABELS)
def test_a_field_is_known_by_its_label(qtbot, browser, web, make: str) -> None:
    others = (
        "<p><label>Họ <input></label></p><p><label>Tên <input></label></p><p>Họ và tên mẹ <input></p><hr>"
    )
    show(qtbot, browser, web, others + f"<div>{LABELS[make]}</div>")
    wanted = find(qtbot, browser, "css", ".it")
    assert find(qtbot, browser, "label", "họ và tên").rect == wanted.rect


def test_the_same_words_win_over_words_that_contain_them(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<button>Nộp hồ sơ trực tuyến</button><p>Nộp hồ sơ</p><button id=b>Nộp hồ sơ</button>",
    )
    assert find(qtbot, browser, "text", "nộp hồ sơ").rect == find(qtbot, browser, "css", "#b").rect


def test_the_innermost_thing_to_tap_and_its_number(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<a href=#1><div><span>Xem</span> <i></i></div></a><p style='display:none'>Xem</p><a href=#2>Xem</a>",
    )
    first = find(qtbot, browser, "text", "Xem")
    second = find(qtbot, browser, "text", "Xem", nth=1)
    assert (second.tag, first.count) == ("a", 2)
    assert first.rect != second.rect
    assert find(qtbot, browser, "text", "Xem", nth=2) is None


def test_hidden_things_are_not_found_but_the_face_of_a_hidden_box_is(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<button style='visibility:hidden'>Ẩn</button><input type=checkbox id=c style='display:none'>"
        "<label for=c id=face>Tôi đồng ý</label>",
    )
    assert find(qtbot, browser, "text", "Ẩn") is None
    box = find(qtbot, browser, "label", "Tôi đồng ý")
    assert box.type == "checkbox"
    assert not box.checked
    assert box.rect == find(qtbot, browser, "css", "#face").rect


def test_states_are_told(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<label>A <input disabled></label><label>B <input value=x readonly></label>"
        "<label>C <input type=radio checked></label><label>D <select><option>m</option><option disabled>n</option></select></label>",
    )
    assert find(qtbot, browser, "label", "A").disabled
    b = find(qtbot, browser, "label", "B")
    assert b.has_value
    assert b.read_only
    assert find(qtbot, browser, "radio", "C").checked
    d = find(qtbot, browser, "label", "D")
    assert d.options == (("m", True), ("n", False))
    assert d.selected == 0


def test_radio_buttons_of_the_named_group(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<fieldset><legend>Bố</legend><label><input type=radio name=a>Có</label></fieldset>"
        "<fieldset><legend>Mẹ</legend><label><input type=radio name=b id=me>Có</label></fieldset>",
    )
    assert find(qtbot, browser, "radio", "Có", group="Mẹ").rect == find(qtbot, browser, "css", "#me").rect


@pytest.mark.parametrize(
    "html",
    [
        "<label>Giấy chứng sinh <input type=file></label>",
        "<div><b>Giấy chứng sinh</b><div><button class=it>Chọn tệp</button><input type=file hidden></div></div>",
        "<table><tr><td>Giấy chứng sinh</td><td><label class=it>Tải lên<input type=file hidden></label></td></tr></table>",
    ],
)
def test_what_opens_a_file_box(qtbot, browser, web, html: str) -> None:
    show(qtbot, browser, web, "<p>Tờ khai <button>Chọn tệp</button></p>" + html)
    found = find(qtbot, browser, "file", "giấy chứng sinh")
    wanted = find(
        qtbot, browser, "css", ".it" if "it>" in html and "class=it" in html else "input[type=file]"
    )
    assert found.rect == wanted.rect


@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_deep_in_frames_of_another_origin_the_tap_lands(qtbot, web, elsewhere, tmp_path, zoom: float) -> None:
    """Two frames deep, each scrolled, the inner one from another host: the point must still be right."""
    from portal.webview.browser import Browser

    other = elsewhere.url.replace("127.0.0.1", "localhost")
    web.pages["/a"] = (
        "<meta charset=utf-8><iframe src=about:blank></iframe><div style='height:1500px'></div>"
        f"<iframe src='{other}/mid' style='margin-left:37px;border:5px solid;padding:3px' width=500 height=400></iframe>"
    )
    elsewhere.pages["/mid"] = (
        f"<meta charset=utf-8><div style='height:900px'></div><iframe src='{web.url}/in' height=200></iframe>"
    )
    web.pages["/in"] = (
        "<meta charset=utf-8><div style='height:700px'></div>"
        "<button onclick=\"this.textContent='đã bấm'\">Bấm đây</button><p>chờ</p>"
    )
    browser = Browser(OnlyHere(web.url, other), download_folder=tmp_path)
    browser.resize(900, 600)
    browser.set_zoom(zoom)
    browser.show()
    texts = []
    browser.page_text_changed.connect(lambda _url, text: texts.append(text))
    browser.open(web.url + "/a")
    answers = []
    browser.wait_for(Query("text", "bấm đây"), 8, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=12_000)
    found = answers[0]
    assert found.inside
    assert not found.covered
    qtbot.wait(400)  # scrolled frames of other processes take taps a moment later than they tell
    assert find(qtbot, browser, "text", "bấm đây").rect == found.rect
    press(qtbot, browser, QPoint(*map(int, found.point)))
    qtbot.waitUntil(lambda: any("đã bấm" in text for text in texts), timeout=5000)
    with qtbot.waitSignal(browser.closed):
        browser.close_page()


def test_the_page_cannot_see_that_it_is_looked_at(qtbot, browser, web) -> None:
    show(
        qtbot,
        browser,
        web,
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-a'\"><p id=p>chữ</p>"
        "<script nonce=a>let n=0;new MutationObserver(()=>n++).observe(document,{subtree:true,childList:true,attributes:true});"
        "setInterval(()=>{document.title='x'+n+typeof kioskLook+typeof kioskFound},200)</script>",
    )
    assert find(qtbot, browser, "text", "chữ")
    qtbot.wait(900)
    # the title's own change is a mutation of the page's making; nothing else may have been counted
    assert browser._page.title().endswith("undefinedundefined")


def test_waiting_ends_with_none_in_time(qtbot, browser, web) -> None:
    show(qtbot, browser, web, "<p>x</p>")
    answers = []
    browser.wait_for(Query("text", "không có"), 0.8, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=4000)
    assert answers == [None]


@pytest.mark.parametrize(
    "page",
    [
        "<body style='margin:0'><div style='height:3000px'>x</div>",
        "<body style='margin:0;overflow:hidden'><div style='height:100vh;overflow:auto'>"
        "<div style='height:3000px'>x</div></div>",
    ],
)
def test_a_long_page_is_moved_by_most_of_its_opening_and_tells_where_it_ends(
    qtbot, browser, web, page: str
) -> None:
    web.pages["/a"] = f"<!doctype html>{page}"
    told: list[tuple[bool, bool]] = []
    browser.moves_changed.connect(lambda up, down: told.append((up, down)))
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: told == [(False, True)], timeout=15_000)
    browser.move_page(1)
    qtbot.waitUntil(lambda: told[-1] == (True, True), timeout=5000)
    at: list[float] = []
    where = "Math.max(scrollY,document.body.firstElementChild.scrollTop)/innerHeight"
    browser.view().page().runJavaScript(where, 0, at.append)
    qtbot.waitUntil(lambda: bool(at), timeout=5000)
    assert at[0] == pytest.approx(0.8, abs=0.02)
    for _ in range(20):
        browser.move_page(1)
    qtbot.waitUntil(lambda: told[-1] == (True, False), timeout=5000)


def test_a_page_that_fits_or_holds_still_cannot_be_moved(qtbot, browser, web) -> None:
    web.pages["/a"] = "<!doctype html><p>a"
    web.pages["/b"] = "<!doctype html><body style='overflow:hidden'>b<div style='height:3000px'>"
    told: list[tuple[bool, bool]] = []
    browser.moves_changed.connect(lambda up, down: told.append((up, down)))
    for path in "ab":
        browser.open(f"{web.url}/{path}")
        qtbot.waitUntil(lambda path=path: browser.page_text().strip() == path, timeout=15_000)
    assert told == []
