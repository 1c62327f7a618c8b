"""Pages that want to freeze, flood or keep the kiosk: its own timer goes on, and the visit can be ended."""

import time
from collections.abc import Callable

import psutil
import pytest
from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QApplication

from tests.portal.conftest import browser, policy, web  # noqa: F401 - the same browser and servers
from tests.portal.web import Answer

pytestmark = pytest.mark.timeout(100)

TICK_MS = 20
LATE_MS = 100
"""What a person does not notice: so long the kiosk's own work may keep a tick waiting."""
FROZEN_MS = 400
"""By the clock, whatever the reason: others on the same cores keep a tick waiting too, but not so long."""
LOOK_SECONDS, LONG_SECONDS = 2.0, 4.0
SLOW_TO_HURT = ("10,000 frames", "memory", "spin", "giant page")
"""Pages that need their time until the renderer is full, hung or gone."""


class Pulse(QObject):
    """A timer of the shell's own thread: for each tick, by how many milliseconds it came late, and how many
    the thread itself had worked since the tick before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self.worked: list[float] = []
        self._thread_time = time.thread_time()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        self.late.append(self._clock.restart() - TICK_MS)
        now = time.thread_time()
        self.worked.append((now - self._thread_time) * 1000)
        self._thread_time = now


def of_hundred(figures: list[float]) -> float:
    """The 99th of 100: a machine that tests in parallel pauses everybody now and then."""
    return sorted(figures)[len(figures) * 99 // 100]


def flood(what: str, every_ms: int = 0) -> str:
    return f"<script>setInterval(()=>{{for(let i=0;i<50;i++){{{what}}}}},{every_ms})</script>"


PAGES: dict[str, str] = {
    "alerts": flood("alert(i)"),
    "questions": flood("confirm(i);prompt(i)"),
    "10,000 frames": "<script>for(let i=0;i<10000;i++)document.body.append(document.createElement('iframe'))"
    "</script>",
    "windows": flood("open('/x'+i);open('about:blank')"),
    "downloads": flood("let a=document.createElement('a');a.download='x'+i;a.href='data:,x';a.click()"),
    "history": flood("history.pushState(0,'','?'+Math.random())"),
    "titles": flood("document.title=Math.random()"),
    "console": flood("console.error('x'.repeat(9999))"),
    "prints": flood("print()"),
    "full screen and pointer": flood(
        "document.documentElement.requestFullscreen().catch(e=>0);document.body.requestPointerLock()"
    ),
    "memory": "<script>let k=[];setInterval(()=>k.push(new Uint8Array(30<<20).fill(7)),20)</script>",
    "spin": "<script>setTimeout(()=>{while(1);},300)</script>",
    "giant page": "<script>let s='';for(let i=0;i<150000;i++)s+='<div><b>chữ '+i+'</b></div>';"
    "document.body.innerHTML=s</script>",
    "blob and data": flood("open(URL.createObjectURL(new Blob(['x'])));location='data:text/html,x'", 20),
    "service worker": "<script>setInterval(()=>navigator.serviceWorker.register('/w.js?'+Math.random()),5)"
    "</script>",
    "clipboard": flood("navigator.clipboard.writeText('x').catch(e=>0);document.execCommand('copy')"),
    "schemes": flood(
        "for(const s of ['mailto:a','tel:113','intent:x','ms-settings:x','zalo:x']){let f=document."
        "createElement('iframe');f.src=s;document.body.append(f);location=s;f.remove()}",
        50,
    ),
    "permissions": flood("Notification.requestPermission();navigator.geolocation.getCurrentPosition(e=>0)"),
    "leave question": "<script>onbeforeunload=e=>{e.preventDefault();return 'x'};"
    "setInterval(()=>location='/b',50)</script>",
    "reloads": "<script>setTimeout(()=>location.reload(),1)</script>",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_kiosk_keeps_its_pulse_and_can_end_the_visit(qtbot, browser, web, name: str) -> None:  # noqa: F811
    web.pages["/a"] = "<meta charset=utf-8><body><p>ở đây</p>" + PAGES[name]
    web.pages["/w.js"] = Answer("onfetch=e=>0", 200, {"Content-Type": "text/javascript"})
    web.pages["/b"] = "<p>sau</p>"
    windows = {window for window in QApplication.topLevelWidgets() if window.isVisible()}
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: "GET /a" in web.asked, timeout=20_000)
    seconds = LONG_SECONDS if name in SLOW_TO_HURT else LOOK_SECONDS
    pulse = Pulse()
    qtbot.wait(int(seconds * 1000))
    pulse.deleteLater()
    assert of_hundred(pulse.worked) < LATE_MS, sorted(pulse.worked)[-5:]
    assert of_hundred(pulse.late) < FROZEN_MS, sorted(pulse.late)[-5:]
    assert len(pulse.late) > seconds * 1000 / TICK_MS / 8
    assert {window for window in QApplication.topLevelWidgets() if window.isVisible()} <= windows
    began = time.monotonic()
    with qtbot.waitSignal(browser.closed, timeout=10_000):
        browser.close_page()
    assert time.monotonic() - began < 1.5
    browser.close_page = browser.closed.emit  # the fixture closes what is not closed yet


def test_an_endless_redirect_ends_in_words(qtbot, browser, web) -> None:  # noqa: F811
    web.pages["/a"] = Answer("", 302, {"Location": "/b"})
    web.pages["/b"] = Answer("", 302, {"Location": "/a"})
    told: list[str] = []
    browser.failed.connect(told.append)
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: told == ["PORTAL-LOAD"], timeout=20_000)
    assert len(web.asked) < 50


def test_the_renderers_of_a_hostile_visit_end_with_it(qtbot, browser, web) -> None:  # noqa: F811
    web.pages["/a"] = PAGES["memory"]
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: browser._page.renderProcessPid() > 0, timeout=10_000)
    renderer = psutil.Process(browser._page.renderProcessPid())
    qtbot.wait(1500)
    with qtbot.waitSignal(browser.closed, timeout=10_000):
        browser.close_page()
    browser.close_page = browser.closed.emit
    gone: Callable[[], bool] = lambda: not renderer.is_running()  # noqa: E731
    qtbot.waitUntil(gone, timeout=10_000)
