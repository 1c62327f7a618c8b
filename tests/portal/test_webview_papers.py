"""Papers that a page hands out, and a network that comes back."""

import re
import socket
from pathlib import Path

import pytest
from hand import press_until
from PySide6.QtCore import QEventLoop, QTimer
from test_webview_helper import load
from web import Answer, Web

from portal.webview.watch import Budget

PDF = "%PDF-1.4 made up"
CORNER = "style='position:fixed;left:0;top:0;width:400px;height:80px'"


@pytest.fixture
def heard(browser):
    papers: list[Path] = []
    codes: list[str] = []
    browser.paper_came.connect(papers.append)
    browser.failed.connect(codes.append)
    return papers, codes


def attached(body: str, kind: str, name: str) -> Answer:
    header = f'attachment; filename="{name}"'
    return Answer(body, 200, {"Content-Type": kind, "Content-Disposition": header})


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "application/pdf"}, {"Content-Type": "application/pdf; charset=binary"}]
)
def test_a_pdf_lands_in_the_visits_folder_under_a_name_of_chance(
    qtbot, browser, web: Web, tmp_path: Path, heard, headers: dict[str, str]
) -> None:
    papers, codes = heard
    web.pages["/Nguyen-Van-A.pdf"] = Answer(PDF, 200, headers)
    web.pages["/a"] = "<p>ở đây</p><script>setTimeout(()=>location='/Nguyen-Van-A.pdf',200)</script>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: bool(papers), timeout=15_000)
    assert papers[0].parent == tmp_path / "work"
    assert re.fullmatch(r"[0-9a-f]{16}\.pdf", papers[0].name)
    assert papers[0].read_text() == PDF
    assert codes == []
    assert browser.address().endswith("/a")


@pytest.mark.parametrize(
    "answer",
    [
        attached("MZ", "application/x-msdownload", "../../evil.exe"),
        attached("#!/bin/sh", "application/pdf", "x.pdf"),  # says PDF, is none
        attached("<h1>x</h1>", "text/html", "x.html"),
        attached("PK", "application/zip", "x.zip"),
    ],
)
def test_everything_else_is_refused_in_words_and_leaves_no_file(
    qtbot, browser, web: Web, tmp_path: Path, heard, answer: Answer
) -> None:
    papers, codes = heard
    web.pages["/x"] = answer
    web.pages["/a"] = "<p>ở đây</p><script>setTimeout(()=>location='/x',200)</script>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: bool(codes), timeout=15_000)
    qtbot.wait(300)
    assert codes == ["PORTAL-DOWNLOAD"] and papers == []
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/octet-stream", PDF),
        ("application/octet-stream", "MZ"),
        ("text/html", PDF),
        ("text/plain", "\r\n" + PDF),
        ("application/save", "\ufeff" + PDF),
        ("multipart/form-data", PDF),
        ("application/octet-stream", " " * 1024 + PDF),
    ],
)
def test_a_file_of_no_or_a_wrong_kind_is_looked_into(
    qtbot, browser, web: Web, tmp_path: Path, heard, kind: str, body: str
) -> None:
    papers, codes = heard
    web.pages["/x"] = attached(body, kind, "x.pdf")
    web.pages["/a"] = "<p>ở đây</p><script>setTimeout(()=>location='/x',200)</script>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: bool(papers or codes), timeout=15_000)
    assert [paper.suffix for paper in papers] == ([".pdf"] if PDF in body[:1024] else [])
    assert codes == ([] if papers else ["PORTAL-DOWNLOAD"])
    assert list((tmp_path / "work").iterdir()) == papers


def test_a_paper_set_into_a_page_is_opened_by_a_button(qtbot, browser, web: Web, heard) -> None:
    """A frame, an element, and both in one page; a frame that shows something keeps its place."""
    papers, codes = heard
    web.pages["/p"] = Answer(PDF, 200, {"Content-Type": "application/pdf"})
    web.pages["/b"] = "<p>khung thường</p>"
    style = "style='display:block;width:600px;height:150px'"
    web.pages["/a"] = (
        f"<body style='margin:0'><iframe src=/p {style}></iframe>"
        f"<embed type=application/pdf src=/p {style}><iframe src=/b {style}></iframe>"
    )
    load(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: browser.page_text().count("Mở tờ giấy này") == 2, timeout=15_000)
    assert "khung thường" in browser.page_text()
    press_until(qtbot, browser, (100, 40), lambda: len(papers) == 1)
    assert papers[0].read_text() == PDF and codes == []
    assert browser.address().endswith("/a")


BLOB = f"window.URL.createObjectURL(new Blob(['{PDF}'],{{type:'application/pdf'}}))"
HIDDEN = "style='display:none'", "style='position:absolute;width:0;height:0;border:0'"


@pytest.mark.parametrize("style", HIDDEN)
@pytest.mark.parametrize("made", [BLOB, "'/p'"])
def test_a_paper_printed_by_a_frame_that_nobody_sees_comes_to_the_viewer(
    qtbot, browser, web: Web, heard, style: str, made: str
) -> None:
    papers, codes = heard
    printed: list[Path] = []
    browser.print_came.connect(printed.append)
    web.pages["/p"] = Answer(PDF, 200, {"Content-Type": "application/pdf"})
    web.pages["/none"] = Answer("", 204)
    web.pages["/a"] = (
        f"<iframe src=/none style='display:none'></iframe><iframe id=f {style}></iframe>"
        f'<button {CORNER} onclick="f.onload=()=>f.src&&f.contentWindow.print();f.src={made}">In</button>'
    )
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (100, 40), lambda: bool(papers))
    qtbot.wait(1000)
    assert papers[0].read_text() == PDF and codes == []


def test_a_second_tap_for_a_slow_paper_is_not_called_wrong(qtbot, browser, web: Web, heard) -> None:
    papers, codes = heard
    told: list[bool] = []
    browser.paper_comes.connect(told.append)
    web.pages["/x.pdf"] = Answer(PDF, 200, {"Content-Type": "application/pdf"}, dripping=3)
    web.pages["/a"] = f"<a href=/x.pdf {CORNER}>Tải</a>"
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (100, 40), lambda: told == [True])
    press_until(qtbot, browser, (100, 40), lambda: web.asked.count("GET /x.pdf") > 1)
    qtbot.waitUntil(lambda: bool(papers), timeout=10_000)
    assert codes == [] and told == [True, False]


def test_too_many_papers_have_words_of_their_own(qtbot, browser, web: Web, heard) -> None:
    papers, codes = heard
    browser._downloads._budget = Budget(1, 60.0)
    web.pages["/x.pdf"] = Answer(PDF, 200, {"Content-Type": "application/pdf"})
    web.pages["/a"] = f"<a href=/x.pdf {CORNER}>Tải</a>"
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (100, 40), lambda: bool(papers))
    press_until(qtbot, browser, (100, 40), lambda: bool(codes))
    assert set(codes) == {"PORTAL-PAPERS"}


def test_a_box_that_asks_for_a_folder_says_why_not(qtbot, browser, web: Web, heard) -> None:
    web.pages["/a"] = f"<input type=file webkitdirectory {CORNER}>"
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (30, 12), lambda: bool(heard[1]))
    assert set(heard[1]) == {"PORTAL-FILE-FOLDER"}


def test_a_page_that_goes_on_tells_while_its_box_is_being_answered(qtbot, browser, web: Web) -> None:
    """By which the chooser is closed with nothing chosen."""
    web.pages["/a"] = f"<input type=file {CORNER}><script>setTimeout(()=>location='/home',2500)</script>"
    closed: list[str] = []

    def wait(_request: object) -> list[Path]:
        loop = QEventLoop()
        browser.loading.connect(lambda on: (closed.append("page"), loop.quit()) if on else None)
        QTimer.singleShot(8000, loop, lambda: (closed.append("time"), loop.quit()))
        loop.exec()
        return []

    browser.set_chooser(wait)
    load(qtbot, browser, web.url + "/a")
    press_until(qtbot, browser, (30, 12), lambda: bool(closed))
    assert closed[0] == "page"
    qtbot.waitUntil(lambda: "Trang đầu" in browser.page_text(), timeout=15_000)


def test_a_storm_of_papers_is_bounded(qtbot, browser, web: Web, tmp_path: Path, heard) -> None:
    from portal.webview.downloads import PAPERS_A_MINUTE

    web.pages["/x.pdf"] = Answer(PDF, 200, {"Content-Type": "application/pdf"})
    web.pages["/a"] = (
        "<p>ở đây</p><script>setInterval(()=>{let a=document.createElement('a');a.download='x';"
        "a.href='/x.pdf';a.click()},30)</script>"
    )
    browser.open(web.url + "/a")
    qtbot.wait(3000)
    assert 1 <= len(list((tmp_path / "work").iterdir())) <= PAPERS_A_MINUTE


def test_a_page_without_a_network_comes_by_itself_when_it_is_back(qtbot, browser, policy, heard) -> None:
    browser._loads._timer.setInterval(400)
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    policy.allow(f"http://127.0.0.1:{port}")
    codes = heard[1]
    browser.open(f"http://127.0.0.1:{port}/a")
    qtbot.waitUntil(lambda: bool(codes), timeout=15_000)
    qtbot.wait(1200)
    assert codes == ["PORTAL-OFFLINE"]  # told once, though it was tried again
    back = Web(port=port)
    try:
        back.pages["/a"] = "<p>mạng đã có</p>"
        with qtbot.waitSignal(browser.online_again, timeout=15_000):
            pass
        qtbot.waitUntil(lambda: "mạng đã có" in browser.page_text(), timeout=15_000)
        asked = back.asked.count("GET /a")
        qtbot.wait(1000)
        assert back.asked.count("GET /a") == asked
    finally:
        back.close()
