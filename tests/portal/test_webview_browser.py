"""The browser as the screens use it: opening, addresses, text, dossier codes, files, trouble."""

import os
import signal
from pathlib import Path

import numpy as np
from hand import press
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from web import HERE, Answer

from kioskcore.ports import ColourMode, FileKind
from portal.webview.asking import DialogAnswer, DialogKind, DialogRequest, UploadRequest
from portal.webview.finder import Query
from scanner.sheet import SheetPage, picture_bytes
from ui.screens.chooser import kind_taken


def load(qtbot, browser, url: str) -> None:
    with qtbot.waitSignal(browser.loading, timeout=15_000, check_params_cb=lambda busy: not busy):
        browser.open(url)


def find(qtbot, browser, query: Query):
    answers = []
    browser.wait_for(query, 5, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=8000)
    return answers[0]


def tap(qtbot, browser, query: Query) -> None:
    found = find(qtbot, browser, query)
    assert found is not None, query
    assert found.inside
    assert not found.covered
    press(qtbot, browser, QPoint(*map(round, found.point)))


def test_address_site_and_text_are_told(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>Nộp hồ sơ</p><iframe src=/b></iframe>"
    web.pages["/b"] = "<p>bên trong khung</p>"
    sites, addresses, texts = [], [], []
    browser.site_changed.connect(sites.append)
    browser.address_changed.connect(addresses.append)
    browser.page_text_changed.connect(lambda _url, text: texts.append(text))
    load(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: any("bên trong khung" in text for text in texts))
    assert sites == [HERE]
    assert addresses[-1] == browser.address() == web.url + "/a"
    assert "Nộp hồ sơ" in browser.page_text()


def test_the_same_text_is_told_once(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>yên</p>"
    texts = []
    browser.page_text_changed.connect(lambda _url, text: texts.append(text))
    load(qtbot, browser, web.url + "/a")
    qtbot.wait(1800)
    assert texts == ["yên"]


def test_a_page_is_read_as_soon_as_it_is_there(qtbot, browser, web) -> None:
    """Not half a second later: beside it stands what is said of the last one."""
    web.pages["/a"] = "<h1>Nộp hồ sơ thành công</h1>"
    seen: list[str] = []
    browser.submission_seen.connect(lambda: seen.append(browser.page_text()))
    load(qtbot, browser, web.url + "/home")
    browser._timer.stop()
    browser.open(web.url + "/a")
    browser._timer.stop()
    qtbot.waitUntil(lambda: seen == ["Nộp hồ sơ thành công"], timeout=15_000)
    browser.reload()  # the same words of a new page are told again
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=15_000)


def test_a_dossier_code_in_a_frame_is_found_once(qtbot, browser, web) -> None:
    web.pages["/a"] = "<h1>Nộp hồ sơ thành công</h1><iframe src=/b></iframe>"
    web.pages["/b"] = "<p>Mã hồ sơ: <b>H01.1-261122-0007</b></p>"
    codes = []
    browser.dossier_found.connect(codes.append)
    load(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: bool(codes))
    qtbot.wait(1200)
    assert codes == ["H01.1-261122-0007"]


def test_back_reload_home_and_zoom(qtbot, browser, web) -> None:
    web.pages["/a"], web.pages["/b"] = "<p>một</p>", "<p>hai</p>"
    browser.set_zoom(1.5)
    load(qtbot, browser, web.url + "/a")
    load(qtbot, browser, web.url + "/b")
    browser.back()
    qtbot.waitUntil(lambda: browser.address().endswith("/a"))
    browser.home()
    qtbot.waitUntil(lambda: browser.address().endswith("/home"))
    qtbot.waitUntil(lambda: web.asked[-1] == "GET /home")
    browser.reload()
    qtbot.waitUntil(lambda: web.asked[-2:] == ["GET /home", "GET /home"])
    assert browser.zoom() == browser.view().zoomFactor() == 1.5


def test_a_new_window_link_opens_in_the_same_view(qtbot, browser, web) -> None:
    web.pages["/a"] = "<a href=/b target=_blank>Xem tiếp</a>"
    web.pages["/b"] = "<p>trang sau</p>"
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("text", "Xem tiếp"))
    qtbot.waitUntil(lambda: browser.address().endswith("/b"))


def test_the_file_box_gets_files_of_the_visit_only(qtbot, browser, web, tmp_path: Path) -> None:
    mine = tmp_path / "work" / "giay.pdf"
    mine.write_bytes(b"%PDF-1.4 made up")
    outside = tmp_path / "secret.pdf"
    outside.write_bytes(b"%PDF-1.4 not of this visit")
    link = tmp_path / "work" / "link.pdf"
    link.symlink_to(outside)
    web.pages["/a"] = (
        "<label>Giấy chứng sinh <input type=file multiple accept='.pdf,image/png' onchange=\""
        'document.title=[...this.files].map(f=>f.name+f.size).join()"></label>'
    )
    asked: list[UploadRequest] = []

    def choose(request: UploadRequest) -> list[Path]:
        asked.append(request)
        return [outside, link, mine, tmp_path / "work" / ".." / "secret.pdf", tmp_path / "work"]

    browser.set_chooser(choose)
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("file", "Giấy chứng sinh"))
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.waitUntil(lambda: browser._page.title() == "giay.pdf16")
    assert asked[0].multiple
    assert asked[0].max_bytes == 6_000_000
    assert set(asked[0].accept) & {".pdf", "application/pdf"}


def test_a_box_for_pictures_gets_one_that_the_page_can_read(qtbot, browser, web, tmp_path: Path) -> None:
    """Asked in the words of the browser for each way in which pages say that they want pictures."""
    face = np.full((236, 157, 3), (60, 120, 200), np.uint8)
    mine = tmp_path / "work" / "anh-1.jpg"
    page = SheetPage(face, 40, 60, ColourMode.COLOUR)
    mine.write_bytes(picture_bytes(page, FileKind.JPEG, budget_bytes=100_000))
    accepts = {"Ảnh một": "image/*", "Ảnh hai": ".jpg, .png", "Ảnh ba": "image/png,image/jpeg"}
    web.pages["/a"] = "".join(
        f"<p><label>{name} <input type=file accept='{accept}' onchange='read(this.files[0])'></label></p>"
        for name, accept in accepts.items()
    ) + (
        "<script>let n=0;async function read(f){const b=await createImageBitmap(f);"
        "document.title=[++n,f.name,f.type,f.size,b.width,b.height].join()}</script>"
    )
    asked: list[FileKind | None] = []
    browser.set_chooser(lambda request: asked.append(kind_taken(request.accept)) or [mine])
    load(qtbot, browser, web.url + "/a")
    for number, name in enumerate(accepts, 1):
        tap(qtbot, browser, Query("file", name))
        told = f"{number},anh-1.jpg,image/jpeg,{mine.stat().st_size},157,236"
        qtbot.waitUntil(lambda told=told: browser._page.title() == told)
    assert asked == [FileKind.JPEG] * 3


def test_while_the_person_chooses_a_file_the_page_is_not_taken_for_empty_or_hung(
    qtbot, browser, web, monkeypatch
) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    from portal.webview import watch

    monkeypatch.setattr(watch, "HANG", 2.5)
    web.pages["/a"] = "<p>yên</p><label>Giấy <input type=file></label>"
    texts, troubles = [], []
    browser.page_text_changed.connect(lambda _url, text: texts.append(text))
    browser.recovered.connect(troubles.append)
    browser.failed.connect(troubles.append)
    chosen = []

    def choose(_request: UploadRequest) -> list[Path]:
        loop = QEventLoop()
        QTimer.singleShot(6000, loop.quit)
        loop.exec()
        chosen.append(True)
        return []

    browser.set_chooser(choose)
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("file", "Giấy"))
    qtbot.waitUntil(lambda: bool(chosen), timeout=15_000)
    qtbot.wait(1000)
    assert len(texts) == 1
    assert troubles == []


def test_a_folder_box_gets_nothing(qtbot, browser, web) -> None:
    web.pages["/a"] = "<label>Thư mục <input type=file webkitdirectory></label>"
    asked = []
    browser.set_chooser(lambda request: asked.append(request) or [])
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("file", "Thư mục"))
    qtbot.wait(500)
    assert asked == []


def test_dialogs_are_answered_by_the_kiosk(qtbot, browser, web) -> None:
    web.pages["/a"] = (
        "<script>alert('ch\u202eà\u2066o');document.title=confirm('nộp?')+'/'+prompt('tên?','x')</script>"
    )
    seen: list[DialogRequest] = []

    def answer(request: DialogRequest) -> DialogAnswer:
        seen.append(request)
        return DialogAnswer(accepted=True, text="Lan")

    browser.set_dialog_handler(answer)
    load(qtbot, browser, web.url + "/a")
    qtbot.waitUntil(lambda: browser._page.title() == "true/Lan")
    assert seen == [
        DialogRequest(DialogKind.ALERT, "chào"),
        DialogRequest(DialogKind.CONFIRM, "nộp?"),
        DialogRequest(DialogKind.PROMPT, "tên?", "x"),
    ]


def test_a_page_cannot_keep_the_person(qtbot, browser, web) -> None:
    web.pages["/a"] = (
        "<input aria-label=Tên><script>onbeforeunload=e=>{e.preventDefault();return 'ở lại'}</script>"
    )
    web.pages["/b"] = "<p>đi được</p>"
    load(qtbot, browser, web.url + "/a")
    tap(qtbot, browser, Query("label", "Tên"))
    QTest.keyClicks(browser.view().focusProxy(), "abc")
    browser.open(web.url + "/b")
    qtbot.waitUntil(lambda: browser.address().endswith("/b"))


def test_trouble_is_told_by_code(qtbot, browser, web) -> None:
    web.pages["/login"] = Answer("no", 401, {"WWW-Authenticate": 'Basic realm="x"'})
    web.pages["/down"] = Answer("", 503)
    web.pages["/file"] = Answer("x", 200, {"Content-Disposition": 'attachment; filename="../../evil.exe"'})
    web.pages["/missing"] = Answer("<p>không có trang</p>", 404)
    told: list[str] = []
    browser.failed.connect(told.append)
    pairs = (("/login", "PORTAL-LOGIN-BOX"), ("/down", "PORTAL-LOAD"), ("/file", "PORTAL-DOWNLOAD"))
    for path, code in pairs:
        told.clear()
        browser.open(web.url + path)
        qtbot.waitUntil(lambda code=code: code in told, timeout=10_000)
        qtbot.wait(300)
        assert set(told) == {code}, path
    assert sum(line == "GET /login" for line in web.asked) <= 4
    told.clear()
    load(qtbot, browser, web.url + "/missing")
    qtbot.wait(300)
    assert told == []
    web.close()
    with qtbot.waitSignal(browser.failed, timeout=10_000) as signal_:
        browser.open(web.url + "/gone")
    assert signal_.args == ["PORTAL-OFFLINE"]


def test_a_killed_renderer_is_revived_three_times_then_told(qtbot, browser, web) -> None:
    web.pages["/a"] = "<p>còn sống</p>"
    load(qtbot, browser, web.url + "/a")
    for _ in range(3):
        before = browser._page.renderProcessPid()
        with qtbot.waitSignal(browser.recovered, timeout=10_000) as signal_:
            os.kill(before, signal.SIGKILL)
        assert signal_.args == ["PORTAL-CRASH"]
        qtbot.waitUntil(lambda old=before: browser._page.renderProcessPid() not in (0, old), timeout=10_000)
        with qtbot.waitSignal(browser.loading, timeout=10_000, check_params_cb=lambda busy: not busy):
            pass
        assert find(qtbot, browser, Query("text", "còn sống"))
    with qtbot.waitSignal(browser.failed, timeout=10_000) as signal_:
        os.kill(browser._page.renderProcessPid(), signal.SIGKILL)
    assert signal_.args == ["PORTAL-BROKEN"]
