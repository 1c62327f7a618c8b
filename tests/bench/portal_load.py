"""How fast and how heavy a page is in the kiosk's browser, beside `chromium --app` on the same screen.

Run: .venv/bin/python tests/bench/portal_load.py [--loads 8]
Two fixed sites on loopback: one page with a style sheet, a script that builds a table of 2,000 rows and 40
pictures; and a form in React (react_page/, built by `npm ci && npm run build` in react_source/).
Time: from the page's first request to its own word that it is loaded, median. Memory: sum of PSS of the tree
after all loads, and how much of it each load of the second half has added.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from struct import pack

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SETTLE_SECONDS = 3.0
PAGE = """<!doctype html><meta charset=utf-8><title>Cổng thử</title><link rel=stylesheet href=/s.css>
<h1>Cổng thử tải</h1><div id=t></div>{pictures}<script src=/s.js></script>
<script>onload=()=>setTimeout(()=>fetch('/loaded').then(a=>a.text()).then(more=>{{
if(more=='yes')location='/?'+Math.random()}}),0)</script>"""
REACT = Path(__file__).with_name("react_page")
AGAIN = PAGE[PAGE.index("<script>onload") :].replace("{{", "{").replace("}}", "}")
STYLE = "".join(f".c{n}{{color:#{n:03x};padding:{n % 7}px}}" for n in range(2000))
SCRIPT = (
    "t.innerHTML='<table>'+[...Array(2000).keys()].map(i=>`<tr class=c${i}><td>${i}<td>chữ</tr>`).join('')"
)


def picture() -> bytes:
    """A PNG of 200 by 200 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(600)) for y in range(200))
    head = pack(">IIBBBBB", 200, 200, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


class Site:
    """`spent`: seconds of each load; the page loads itself again until there are `loads`.

    After half of them it sets `half` and waits for `go_on`.
    """

    def __init__(self, loads: int, react: bool) -> None:
        self.spent: list[float] = []
        self.loads = loads
        self.half, self.go_on, self.done = threading.Event(), threading.Event(), threading.Event()
        self._began = 0.0
        site, image = self, picture()
        pictures = "".join(f"<img src=/p{n}.png>" for n in range(40))
        page = (REACT / "index.html").read_text() + AGAIN if react else PAGE.format(pictures=pictures)
        react_script = (REACT / "page.js").read_bytes()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/":
                    site._began = time.monotonic()
                    self._say(page.encode(), "text/html; charset=utf-8")
                elif path == "/loaded":
                    site.spent.append(time.monotonic() - site._began)
                    enough = len(site.spent) >= loads
                    if len(site.spent) == loads // 2:
                        site.half.set()
                        site.go_on.wait(60)
                    self._say(b"no" if enough else b"yes", "text/plain")
                    if enough:
                        site.done.set()
                elif path == "/page.js":
                    self._say(react_script, "text/javascript")
                elif path == "/s.css":
                    self._say(STYLE.encode(), "text/css")
                elif path == "/s.js":
                    self._say(SCRIPT.encode(), "text/javascript")
                else:
                    self._say(image, "image/png")

            def _say(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Figures only."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/"


def show(url: str) -> int:
    """The kiosk's browser alone, as the visit makes it."""
    from types import SimpleNamespace

    from portal.webview.environment import clean_environment

    clean = clean_environment(os.environ, hosts=["127.0.0.1"])
    os.environ.clear()
    os.environ.update(clean)
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtWidgets import QApplication

    from portal.webview.browser import Browser

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(["bench"])
    yes = SimpleNamespace(allowed=True, site=None, category="", code=None)
    everything = SimpleNamespace(decide=lambda _url: yes)
    browser = Browser(everything, download_folder=Path(tempfile.gettempdir()))
    browser.resize(1280, 800)
    browser.show()
    browser.open(url)
    return app.exec()


def pss(process: psutil.Process) -> int:
    return sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)])


def settled(process: psutil.Popen, loaded: threading.Event) -> int:
    if not loaded.wait(120):
        raise SystemExit(f"no page came in {process.args[0]}")
    time.sleep(SETTLE_SECONDS)
    return pss(process)


def measured(command: list[str], site: Site, display: str) -> tuple[float, int, float]:
    """Seconds of a load, bytes after all, and bytes that each load of the second half has added."""
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment["DISPLAY"] = display
    if os.getuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    quiet = subprocess.DEVNULL
    process = psutil.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        early = settled(process, site.half)
        site.go_on.set()
        late = settled(process, site.done)
        growth = (late - early) / (site.loads - site.loads // 2)
        return statistics.median(site.spent[1:]), late, growth  # the first load warms the caches of the disk
    finally:
        for one in [*process.children(recursive=True), process]:
            one.kill()
        process.wait()


def compare(chromium: str, loads: int, react: bool, folder: Path, display: str) -> None:
    ours, theirs = Site(loads, react), Site(loads, react)
    me = [sys.executable, str(Path(__file__).resolve()), "--show", ours.url]
    options = [f"--user-data-dir={folder / f'profile-{react}'}", "--no-first-run", "--window-size=1280,800"]
    if os.getuid() == 0:
        options.append("--no-sandbox")
    if not any(Path("/dev/dri").glob("render*")):
        options.append("--disable-gpu")  # as the kiosk does
    kiosk = measured(me, ours, display)
    other = measured([chromium, f"--app={theirs.url}", *options], theirs, display)
    print("a form in React" if react else "a static page")  # noqa: T201
    for name, (seconds, memory, growth) in (("kiosk", kiosk), ("chromium --app", other)):
        more = f"{growth / 1e6:+6.1f} MB a load"
        print(f"{name:<15} {seconds * 1000:7.0f} ms  {memory / 1e6:6.0f} MB PSS  {more}")  # noqa: T201
    print(f"ratio           {kiosk[0] / other[0]:7.2f}     {kiosk[1] / other[1]:6.2f}")  # noqa: T201


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=8)
    parser.add_argument("--show", metavar="URL", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.show:
        return show(chosen.show)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("chromium is not installed here")
    from tests.program.conftest import Screen

    with tempfile.TemporaryDirectory(prefix="kiosk-load-") as name:
        folder = Path(name)
        (folder / "xvfb").mkdir()
        screen = Screen(folder / "xvfb")
        try:
            for react in (False, True):
                compare(chromium, chosen.loads, react, folder, screen.display)
        finally:
            screen.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
