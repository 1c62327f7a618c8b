"""Windows that a page would open: there is one, and nothing that the page meant is lost."""

from pathlib import Path

import pytest
from hand import press_until
from PySide6.QtPdf import QPdfDocument
from test_webview_browser import load, tap
from web import OnlyHere, Web

from portal.webview.finder import Query

PLAIN = "<button type=button onclick='f.submit()'"
OPENS = "<button type=button onclick=\"window.open('','pay');f.target='pay';f.submit()\""


@pytest.mark.parametrize(
    ("form", "button"),
    [
        ("target=_blank", "<button"),
        ("", "<button formtarget=_blank"),
        ("onsubmit=\"this.target='other'\"", "<button"),
        ("target=_blank", PLAIN),
        ("target=other", PLAIN),
        ("", "<base target=_blank>" + PLAIN),
        ("", OPENS),
        ("", "<script>setTimeout(()=>{f.target='_blank';f.submit()},500)</script><button type=button"),
    ],
)
def test_a_form_sent_to_a_new_window_arrives_whole(qtbot, browser, web: Web, form: str, button: str) -> None:
    web.pages["/x"] = "<p>nhận rồi</p>"
    web.pages["/a"] = (
        f"<form id=f {form} method=post action=/x><input name=t value=Lan>{button}>Gửi</button></form>"
    )
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


def test_what_is_written_into_a_new_window_can_be_printed(qtbot, browser, web: Web) -> None:
    """As receipts are: opened empty, written, printed, closed."""
    web.pages["/a"] = (
        "<button onclick=\"w=window.open('','in');w.document.write('<p>Mã số 7</p>');w.document.close();"
        'w.print();w.close()">In</button>'
    )
    sheets: list[Path] = []
    browser.print_came.connect(sheets.append)
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "In"))
    qtbot.waitUntil(lambda: bool(sheets), timeout=10_000)
    document = QPdfDocument()
    document.load(str(sheets[0]))
    assert document.getAllText(0).text().strip() == "Mã số 7"
    document.close()


def test_a_window_that_nobody_sees_asks_and_logs_nothing(qtbot, browser, web: Web, capfd, qtlog) -> None:
    """What people typed may stand in a page's console."""
    wants = "w.alert('x');let a=w.confirm('x'),b=w.prompt('x');w.location='/'+a+b"
    wants = f"w.eval('console.error(`điều riêng`)');{wants}"
    web.pages["/falsenull"] = "<p>tới nơi</p>"
    web.pages["/a"] = f"<button onclick=\"w=window.open('','in');{wants}\">Mở</button>"
    asked: list[object] = []
    browser.set_dialog_handler(asked.append)
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Mở"))
    qtbot.waitUntil(lambda: "tới nơi" in browser.page_text(), timeout=10_000)
    said = capfd.readouterr()
    logged = [record.message for record in qtlog.records]
    assert "điều riêng" not in said.out + said.err + "".join(logged) and asked == []


@pytest.mark.parametrize("frame", ["<iframe name=part></iframe>", "<iframe name=part src={}/inner></iframe>"])
def test_a_form_sent_to_a_frame_goes_there(
    qtbot, browser, web: Web, elsewhere: Web, policy: OnlyHere, frame: str
) -> None:
    """Of another site, too: portals of payment work so."""
    policy.allow(elsewhere.url)
    elsewhere.pages["/inner"] = "<p>khung khác</p>"
    web.pages["/x"] = "<p>nhận rồi</p>"
    web.pages["/a"] = (
        f"<p>ở đây</p>{frame.format(elsewhere.url)}"
        f"<form id=f target=part method=post action=/x><input name=t value=Lan>{PLAIN}>Gửi</button></form>"
    )
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Gửi"))
    qtbot.waitUntil(lambda: "nhận rồi" in browser.page_text(), timeout=10_000)
    assert "ở đây" in browser.page_text() and "t=Lan" in web.bodies


BLOB = "window.URL.createObjectURL(new Blob(['{body}'],{{type:'{kind}'}}))"
WAYS = {
    "open": '<button onclick="u={blob};window.open(u);window.URL.revokeObjectURL(u)">Xem</button>',
    "led": '<button onclick="w=window.open();w.location={blob}">Xem</button>',
    "late": '<button onclick="setTimeout(()=>window.open({blob}),400)">Xem</button>',
    "here": '<button onclick="location={blob}">Xem</button>',
    "link": "<a id=k target=_blank>Xem</a><script>k.href={blob}</script>",
}


Came = tuple[list[Path], list[str], list[str]]


def handed(qtbot, browser, web: Web, way: str, body: str, kind: str) -> Came:
    """The page at /a hands out what it has made: the papers, codes and categories that came of it."""
    papers: list[Path] = []
    codes: list[str] = []
    stopped: list[str] = []
    browser.paper_came.connect(papers.append)
    browser.failed.connect(codes.append)
    browser.blocked.connect(stopped.append)
    web.pages["/a"] = "<p>ở đây</p>" + WAYS[way].format(blob=BLOB.format(body=body, kind=kind))
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Xem"))
    qtbot.waitUntil(lambda: bool(papers or codes or stopped), timeout=10_000)
    assert browser.address() == web.url + "/a" and "ở đây" in browser.page_text()
    return papers, codes, stopped


@pytest.mark.parametrize("way", WAYS)
def test_a_paper_that_the_page_has_made_comes_to_the_viewer(qtbot, browser, web: Web, way: str) -> None:
    papers, codes, stopped = handed(qtbot, browser, web, way, "%PDF-1.4 made up", "application/pdf")
    assert [paper.read_text() for paper in papers] == ["%PDF-1.4 made up"]
    assert codes == stopped == []


@pytest.mark.parametrize("kind", ["text/html", "application/pdf"])
def test_a_page_that_the_page_has_made_is_refused_in_words(qtbot, browser, web: Web, kind: str) -> None:
    papers, codes, stopped = handed(qtbot, browser, web, "open", "<h1>x</h1>", kind)
    assert codes == ["PORTAL-DOWNLOAD"] and papers == stopped == []


def test_what_a_frame_of_another_site_has_made_is_not_taken(
    qtbot, browser, web: Web, elsewhere: Web, policy: OnlyHere
) -> None:
    policy.allow(elsewhere.url)
    blob = BLOB.format(body="%PDF-1.4 made up", kind="application/pdf")
    elsewhere.pages["/inner"] = WAYS["open"].format(blob=blob)
    stopped: list[str] = []
    browser.blocked.connect(stopped.append)
    browser.paper_came.connect(lambda _file: stopped.append("paper"))
    web.pages["/a"] = f"<body style='margin:0'><iframe src={elsewhere.url}/inner style='border:0'></iframe>"
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (30, 20), lambda: bool(stopped))
    assert "paper" not in stopped
