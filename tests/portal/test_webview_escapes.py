"""A hostile page: whatever it tries, nothing reaches a server that the policy does not name."""
# ruff: noqa: E501 - pages are easier to read unbroken

import time

import pytest
from hand import press
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from web import Answer

from portal.webview.finder import Query


def settle(qtbot, browser, url: str) -> None:
    browser.open(url)
    qtbot.wait(1500)


def tap(qtbot, browser, text: str) -> None:
    answers = []
    browser.wait_for(Query("text", text), 5, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=8000)
    press(qtbot, browser, QPoint(*map(round, answers[0].point)))


PARTS = """<meta charset=utf-8><img src={e}/img><iframe src={e}/frame></iframe><link rel=stylesheet href={e}/css>

<link rel=preconnect href={e}><link rel=prefetch href={e}/prefetch><script src={e}/js></script>
<video src={e}/video></video><object data={e}/object></object><script>
fetch('{e}/fetch',{{mode:'no-cors'}}).catch(()=>0);new Image().src='{e}/img2';
navigator.sendBeacon('{e}/beacon','x');let x=new XMLHttpRequest();x.open('POST','{e}/xhr');x.onerror=()=>0;x.send('x');
try{{new WebSocket('{w}/socket')}}catch(e){{}};try{{new EventSource('{e}/events')}}catch(e){{}}
new Worker(URL.createObjectURL(new Blob(["fetch('{e}/worker',{{mode:'no-cors'}}).catch(()=>0)"])));

import('{e}/module').catch(()=>0);
document.body.insertAdjacentHTML('beforeend','<form target=_self></form>')</script><a ping={e}/ping href=/here>đi</a>"""


def test_no_part_of_a_page_reaches_elsewhere(qtbot, browser, web, elsewhere) -> None:
    web.pages["/a"] = PARTS.format(e=elsewhere.url, w=elsewhere.url.replace("http", "ws"))
    web.pages["/here"] = "<p>đây"
    settle(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, "đi")
    qtbot.waitUntil(lambda: browser.address().endswith("/here"))
    qtbot.wait(500)
    assert elsewhere.asked == []
    assert browser._gate.stopped >= 10


def test_the_same_parts_do_reach_a_server_that_is_allowed(qtbot, browser, web) -> None:
    """The control: without it, a broken test page would look like a tight gate."""
    web.pages["/a"] = PARTS.format(e=web.url, w=web.url.replace("http", "ws"))
    settle(qtbot, browser, web.url + "/a")
    kinds = ("img", "frame", "css", "js", "fetch", "img2", "xhr", "socket", "worker", "events", "module")
    assert {f"/{kind}" for kind in kinds} <= {line.split()[1] for line in web.asked}
    assert "POST /beacon" in web.asked


WAYS = {
    "location": "<script>setTimeout(()=>location='{e}/x',50)</script>",
    "meta": "<meta http-equiv=refresh content='0;url={e}/x'>",
    "form": "<form id=f method=post action={e}/x><input name=a value=x></form><script>f.submit()</script>",
    "open": "<script>window.open('{e}/x')</script>",
    "frame-form": "<iframe name=i></iframe><form id=f target=i action={e}/x></form><script>f.submit()</script>",
    "userinfo": "<script>location='{u}/x'</script>",
    "blob": "<script>location=URL.createObjectURL(new Blob(['lạ'],{{type:'text/html'}}))</script>",
    "data": "<script>location='data:text/html,<h1>lạ</h1>'</script>",
    "file": "<script>location='file:///etc/passwd'</script>",
    "mail": "<script>location='mailto:a@b.c'</script><iframe src='tel:113'></iframe>",
    "chrome": "<script>location='chrome://gpu'</script>",
    "redirect": None,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_person_cannot_be_led_elsewhere(qtbot, browser, web, elsewhere, way: str) -> None:
    page = WAYS[way]
    userinfo = elsewhere.url.replace("http://", f"http://{web.url.removeprefix('http://')}@")
    web.pages["/a"] = (
        Answer("", 302, {"Location": elsewhere.url + "/x"})
        if page is None
        else "<meta charset=utf-8><p>ở đây</p>" + page.format(e=elsewhere.url, u=userinfo)
    )
    stopped: list[str] = []
    failed: list[str] = []
    windows = set(QApplication.topLevelWidgets())
    browser.blocked.connect(stopped.append)
    browser.failed.connect(failed.append)
    settle(qtbot, browser, web.url + "/a")
    led = way in ("location", "meta", "form", "userinfo", "redirect")
    if led:
        qtbot.waitUntil(lambda: bool(stopped), timeout=10_000)
    assert elsewhere.asked == []
    assert browser.address() in ("", web.url + "/a", web.url + "/home")
    assert {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()} <= windows
    assert not led or stopped == ["other"]
    assert "://" not in "".join(stopped)
    assert failed == (["PORTAL-DOWNLOAD"] if way == "blob" else [])  # looked into like any paper


def test_a_tapped_link_to_a_window_elsewhere_is_told(qtbot, browser, web, elsewhere) -> None:
    web.pages["/a"] = f"<a target=_blank href={elsewhere.url}/x>Ra ngoài</a>"
    settle(qtbot, browser, web.url + "/a")
    with qtbot.waitSignal(browser.blocked) as told:
        tap(qtbot, browser, "Ra ngoài")
    assert told.args == ["other"]
    assert elsewhere.asked == []


def test_an_empty_page_leads_home(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>ở đây</p><script>setTimeout(()=>location='about:blank',300)</script>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: browser.address().endswith("/home"), timeout=10_000)


def test_downloads_are_refused_and_printing_goes_to_a_file_of_ours(qtbot, browser, web, tmp_path) -> None:
    web.pages["/a"] = (
        "<a id=d download='../../evil.exe' href='data:application/octet-stream,x'>tải</a>"
        "<script>d.click();setTimeout(()=>window.print(),400)</script>"
    )
    told, printed = [], []
    browser.failed.connect(told.append)
    browser.print_came.connect(printed.append)
    settle(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: bool(printed), timeout=10_000)
    assert set(told) == {"PORTAL-DOWNLOAD"}
    assert list((tmp_path / "work").iterdir()) == printed
    assert printed[0].read_bytes().startswith(b"%PDF-")


def test_permissions_are_denied_at_once(qtbot, browser, web) -> None:
    web.pages["/a"] = """<p>x</p><script>
    const said=[];const tell=(n)=>(e)=>{said.push(n);document.title=said.sort().join()};
    navigator.geolocation.getCurrentPosition(()=>0,tell('geo'));
    Notification.requestPermission().then(p=>p==='denied'&&tell('note')());
    navigator.mediaDevices&&navigator.mediaDevices.getUserMedia({video:true}).catch(tell('cam'));
    document.documentElement.requestFullscreen().catch(tell('full'));</script>"""
    settle(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: {"cam", "full", "geo", "note"} <= set(browser._page.title().split(",")))


def test_an_alert_loop_is_bounded_and_the_screen_stays_alive(qtbot, browser, web) -> None:
    from portal.webview.asking import refuse
    from portal.webview.page import DIALOGS_IN_A_ROW

    web.pages["/a"] = "<script>for(let i=0;i<3000;i++)alert(i)</script>"
    asked = []
    browser.set_dialog_handler(lambda request: asked.append(request) or refuse(request))
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: browser.address().endswith("/home"), timeout=20_000)
    assert len(asked) == DIALOGS_IN_A_ROW


def test_a_hung_page_is_killed_and_loaded_again_within_15_seconds(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>treo</p><script>setTimeout(()=>{while(1);},500)</script>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: web.asked.count("GET /a") == 1)
    began = time.monotonic()
    web.pages["/a"] = "<p>đã tỉnh</p>"
    with qtbot.waitSignal(browser.recovered, timeout=15_000) as told:
        pass
    assert told.args == ["PORTAL-HANG"]
    qtbot.waitUntil(lambda: "đã tỉnh" in browser.page_text(), timeout=10_000)
    assert time.monotonic() - began < 15.5


def test_gestures_that_change_the_view_are_swallowed(qtbot, browser, web) -> None:
    web.pages["/a"], web.pages["/b"] = "<p>một", "<p>hai"
    settle(qtbot, browser, web.url + "/a")
    settle(qtbot, browser, web.url + "/b")
    window = browser.windowHandle()
    where = QPoint(200, 200)
    QTest.wheelEvent(window, where, QPoint(0, 120), stateKey=Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window, Qt.MouseButton.BackButton, pos=where)
    mime = QMimeData()
    mime.setUrls([QUrl("file:///etc/passwd")])
    drag = QDropEvent(
        QPointF(where), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    drag.ignore()
    QApplication.sendEvent(window, drag)
    qtbot.wait(500)
    assert not drag.isAccepted()
    assert browser.view().zoomFactor() == 1.0
    assert browser.address().endswith("/b")


def test_nothing_of_a_visit_is_kept_in_the_next_browser(qtbot, browser, web, tmp_path) -> None:
    from web import OnlyHere

    from portal.webview.browser import Browser

    web.pages["/a"] = "<script>localStorage.k='1';document.cookie='k=1';document.title='đặt'</script>"
    web.pages["/b"] = "<script>document.title='['+(localStorage.k||'')+document.cookie+']'</script>"
    settle(qtbot, browser, web.url + "/a")
    assert browser._page.title() == "đặt"
    second = Browser(OnlyHere(web.url), download_folder=tmp_path / "work")
    second.show()
    settle(qtbot, second, web.url + "/b")
    assert second._page.title() == "[]"
    assert second._profile.isOffTheRecord()
    with qtbot.waitSignal(second.closed):
        second.close_page()
