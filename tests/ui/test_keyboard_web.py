"""Taps on the on-screen keyboard into web fields of every kind, as the portal's pages have them."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kioskcore.words import load_words
from ui.keyboard.driver import SETTLE_SECONDS
from ui.keyboard.keyboard import WORDS_FOLDER, Keyboard
from ui.keyboard.layouts import Act
from ui.keyboard.syllable import Tone

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

WORDS = load_words([WORDS_FOLDER])
TONES = {"´": Tone.SAC, "`": Tone.HUYEN, "?": Tone.HOI, "~": Tone.NGA, ".": Tone.NANG}
PAGE = """<!doctype html><meta charset=utf-8><title>x</title><style>* { margin: 4px }</style>
<input id=plain><br><input id=upper oninput="this.value = this.value.toUpperCase()"><br>
<input id=short maxlength=6><br><input id=secret type=password><br><textarea id=area></textarea><br>
<input id=mail type=email><br><input id=phone type=tel maxlength=12><br><input id=site type=url><br>
<input id=code autocomplete=one-time-code><br>
<label>Mã xác nhận <input id=seen name=q7></label><br><label>Họ và tên <input id=name></label>
<input id=beside><br><div id=editable contenteditable style="width:200px">&nbsp;</div>
<button id=button>x</button><div id=host></div>
<iframe id=frame src="http://localhost:%d/inner" width=300 height=60></iframe>
<div style="height: 1500px"></div><label for=deep style="display: block">Nơi cư trú</label><input id=deep>
<div style="height: 1500px"></div>
<script>
  host.attachShadow({mode: "open"}).innerHTML = "<input>";
  window.said = "";
  onmessage = event => said = event.data;
  window.keys = [];
  addEventListener("keydown", event => keys.push(event.isTrusted));
</script>"""
INNER = """<!doctype html><meta charset=utf-8><input id=inside
  oninput="parent.postMessage(this.value, '*')"><script>
  onmessage = () => inside.focus()</script>"""


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = (INNER if "inner" in self.path else PAGE % self.server.server_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Web(QWidget):
    """A page above the keyboard."""

    def __init__(self, qtbot, url: str) -> None:
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
        from PySide6.QtWebEngineWidgets import QWebEngineView

        super().__init__()
        self.qtbot = qtbot
        self.profile = QWebEngineProfile(self)
        self.view = QWebEngineView(self)
        self.page = QWebEnginePage(self.profile, self.view)
        self.view.setPage(self.page)
        self.keyboard = Keyboard(84 / 25.4, WORDS["vi"], guard_seconds=0.0)
        self.keyboard.set_page(self.page.mainFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.keyboard)
        self.resize(1366, 768)
        self.show()
        self.activateWindow()
        with qtbot.waitSignal(self.page.loadFinished, timeout=30_000):
            self.page.load(QUrl(url))
        self.view.setFocus()

    def run(self, script: str) -> object:
        got: list[str] = []
        self.page.runJavaScript(f"JSON.stringify({script})", 0, got.append)
        self.qtbot.waitUntil(lambda: bool(got), timeout=10_000)
        return json.loads(got[0]) if got[0] else None

    def focus(self, name: str) -> None:
        """Put the cursor into a field, as a tap does, and wait for the keyboard to know."""
        self.run(f"document.getElementById('{name}').scrollIntoView()")
        self.qtbot.wait(100)
        x, y = self.run(
            f"(b => [b.x + b.width / 2, b.y + b.height / 2])"
            f"(document.getElementById('{name}').getBoundingClientRect())"
        )
        QTest.mouseClick(
            self.windowHandle(), Qt.MouseButton.LeftButton, pos=self.view.mapTo(self, QPoint(int(x), int(y)))
        )
        self.qtbot.waitUntil(lambda: self.run("document.activeElement.id") == name, timeout=5000)
        self.qtbot.wait(300)

    def write(self, *keys: str | Act | Tone) -> None:
        for what in keys:
            QTest.mouseClick(self.find(what), Qt.MouseButton.LeftButton)
            self.qtbot.wait(5)

    def find(self, what: str | Act | Tone):
        what = {"_": Act.SPACE, "<": Act.BACKSPACE}.get(what) or TONES.get(what, what)
        for key in self.keyboard.board.all_keys:
            spec = key.spec
            if what in (spec.act, spec.tone if spec.act is Act.TONE else None):
                return key
            if spec.act is Act.TEXT and key.face.text == what:
                return key
        raise LookupError(what)

    def holds(self, name: str, wanted: str) -> None:
        def value() -> object:
            field = f"document.getElementById('{name}')"
            return self.run(f"(e => 'value' in e ? e.value : e.innerText.trim())({field})")

        try:
            self.qtbot.waitUntil(lambda: value() == wanted, timeout=3000)
        except AssertionError:
            assert value() == wanted


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=served.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}/"
    served.shutdown()
    served.server_close()


@pytest.fixture
def web(qtbot, server: str) -> Iterator[Web]:
    shown = Web(qtbot, server)
    yield shown
    shown.keyboard.set_enabled(False)
    shown.view.setPage(None)
    shown.page.deleteLater()
    qtbot.wait(50)
    shown.close()
    shown.deleteLater()
    qtbot.wait(50)


def test_a_name_is_typed_into_a_web_field(web: Web) -> None:
    web.focus("plain")
    web.write(*"nguyên~_thi._hươngh<_tieengs")
    web.holds("plain", "nguyễn thị hương tiếng")
    assert set(web.run("keys")) == {True}


def test_the_keyboard_comes_and_goes_with_the_field(web: Web, qtbot) -> None:
    assert not web.keyboard.isVisible()
    web.focus("plain")
    qtbot.waitUntil(web.keyboard.isVisible)
    web.run("button.focus()")
    qtbot.waitUntil(lambda: not web.keyboard.isVisible())


@pytest.mark.parametrize(
    ("name", "keys", "wanted"),
    [
        ("upper", "tiee´", "TIẾ"),
        ("upper", "nguyeenx_<_duwowcj", "NGUYỄN DƯỢC"),
        ("secret", "asdd", "asdd"),
        ("area", "dduongwf", "đường"),
        ("editable", "hươ´ng", "hướng"),
        ("mail", "ass@", "ass@"),
        ("phone", "0912345678901", "091234567890"),
        ("site", "ww", "ww"),
        ("code", "ass", "ass"),
        ("seen", "ass", "ass"),
        ("name", "as", "á"),
    ],
)
def test_every_kind_of_field(web: Web, name: str, keys: str, wanted: str) -> None:
    web.focus(name)
    web.write(*keys)
    web.holds(name, wanted)


def test_a_field_with_a_limit_is_believed_when_it_settles(web: Web, qtbot) -> None:
    web.focus("short")
    web.write(*"nguyên")
    web.write("g")  # no room for this one
    qtbot.wait(500)
    web.write(Tone.NGA)
    web.holds("short", "nguyễn")


def test_enter_makes_a_line_and_next_goes_on(web: Web, qtbot) -> None:
    web.focus("area")
    web.write("a", Act.ENTER, "s")
    web.holds("area", "a\ns")
    web.focus("plain")
    web.write("a", Act.NEXT)
    qtbot.waitUntil(lambda: web.run("document.activeElement.id") == "upper")
    qtbot.wait(300)
    web.write("s")
    web.holds("upper", "S")


def test_fields_on_one_line_do_not_share_a_word(web: Web) -> None:
    web.focus("name")
    web.write("a")
    web.focus("beside")
    web.write("s")
    web.holds("name", "a")
    web.holds("beside", "s")


def test_the_persons_choice_ends_with_the_field(web: Web, qtbot) -> None:
    web.focus("name")
    web.write(Act.LANGUAGE, "a", "s")
    web.holds("name", "as")
    web.focus("beside")
    qtbot.waitUntil(lambda: web.keyboard.vietnamese)
    web.write("a", "s")
    web.holds("beside", "á")


def test_a_shadow_root_is_served(web: Web, qtbot) -> None:
    web.run("host.shadowRoot.firstChild.focus()")
    qtbot.waitUntil(web.keyboard.isVisible)
    web.write(*"tieengs")
    qtbot.waitUntil(lambda: web.run("host.shadowRoot.firstChild.value") == "tiếng")


def test_a_frame_of_another_site_is_served(web: Web, qtbot) -> None:
    web.run("(frame.focus(), frame.contentWindow.postMessage(1, '*'))")
    qtbot.waitUntil(web.keyboard.isVisible)
    web.write(*"tieengs")
    qtbot.waitUntil(lambda: web.run("said") == "tiếng")


def test_a_deep_field_stays_in_sight(web: Web, qtbot) -> None:
    web.run("(scrollTo(0, 0), deep.scrollIntoView({block: 'end'}), deep.focus({preventScroll: true}))")
    qtbot.waitUntil(web.keyboard.isVisible)
    qtbot.waitUntil(lambda: web.run("deep.getBoundingClientRect().bottom <= innerHeight - 15"), timeout=3000)
    assert web.run("innerHeight") <= 768 - web.keyboard.height()


def test_a_field_above_is_shown_with_its_label(web: Web, qtbot) -> None:
    web.run("(deep.scrollIntoView(), scrollBy(0, 8), deep.focus({preventScroll: true}))")
    assert web.run("deep.labels[0].getBoundingClientRect().top") < 0
    qtbot.waitUntil(lambda: web.run("deep.labels[0].getBoundingClientRect().top >= 15"), timeout=3000)
    assert web.run("deep.getAttribute('style') || ''") == ""


def test_a_real_keyboard_composes_in_a_page(web: Web) -> None:
    web.focus("plain")
    for key in "Nguyeenx":
        QTest.keyClick(web.windowHandle(), key)
    web.holds("plain", "Nguyễn")
    for _ in range(2):
        QTest.keyClick(web.windowHandle(), Qt.Key.Key_Backspace)
    web.holds("plain", "Nguy")


def test_a_word_of_the_page_one_came_back_to_is_marked(web: Web, qtbot) -> None:
    web.focus("plain")
    web.write(*"lan", "_", *"thi")
    for _ in range(4):
        QTest.keyClick(web.windowHandle(), Qt.Key.Key_Left)
    qtbot.wait(int(SETTLE_SECONDS * 1000) + 50)
    QTest.keyClick(web.windowHandle(), "f")
    web.holds("plain", "làn thi")
    QTest.keyClick(web.windowHandle(), Qt.Key.Key_Home)
    QTest.keyClick(web.windowHandle(), "s")  # sooner than the page tells where its cursor is
    web.holds("plain", "slàn thi")


@pytest.mark.parametrize("pause", [0, int(SETTLE_SECONDS * 1000) + 100])
def test_the_word_before_the_cursor_is_read_anew(web: Web, qtbot, pause: int) -> None:
    back = Qt.KeyboardModifier.ShiftModifier
    for keys in (
        [(Qt.Key.Key_Left,), (Qt.Key.Key_End,)],
        [(Qt.Key.Key_Tab,), (Qt.Key.Key_Backtab, back), (Qt.Key.Key_End,)],
    ):
        web.run("plain.value = ''")
        web.focus("plain")
        for key in "mai":
            QTest.keyClick(web.windowHandle(), key)
        for key in keys:
            QTest.keyClick(web.windowHandle(), *key)
        qtbot.wait(pause)
        if pause:
            web.run("plain.value")  # a busy machine's page may need longer to tell where its cursor is
        web.write(Tone.NANG)
        web.holds("plain", "mại")


def test_the_end_of_the_page_is_survived(web: Web, qtbot) -> None:
    web.focus("plain")
    web.write("a")
    web.page.load(QUrl("about:blank"))
    qtbot.waitUntil(lambda: not web.keyboard.isVisible(), timeout=5000)


def test_after_hiding_a_wheel_brings_it_not_back_but_the_field_does(web, qtbot) -> None:
    web.focus("name")
    web.write(Act.HIDE)
    web.run("scrollBy(0, -70)")
    qtbot.wait(600)
    assert not web.keyboard.isVisible()
    web.run("document.getElementById('phone').focus()")  # another field, put there by the page
    qtbot.waitUntil(web.keyboard.isVisible)
    web.write(Act.HIDE)
    web.focus("phone")
    qtbot.waitUntil(web.keyboard.isVisible)
