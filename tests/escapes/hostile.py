"""The hostile server, the server that must not be reached, and stand-ins for programs that open things."""
# ruff: noqa: E501, SIM905 - pages and names are easier to read unbroken

import os
import socket
import stat
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from tests.escapes.vectors import VECTORS

HELPERS = (
    "xdg-open gio kde-open exo-open gvfs-open gnome-open sensible-browser x-www-browser firefox google-chrome "
    "chromium xdg-email xterm x-terminal-emulator thunderbird lp lpr evince nautilus pcmanfm xdg-settings"
).split()

FRAME = """<!doctype html><meta charset=utf-8><title>{n}</title><body style='margin:0;min-height:90vh'>
<script>const won = n => fetch('{h}/won?' + encodeURIComponent(n));
setInterval(() => fetch('/order').then(a => a.text()).then(t => t != '{i}' && location.replace('/v?' + t)), 150)
</script>"""
WORKER = "fetch('{there}',{{mode:'no-cors'}}).catch(e=>0)"


class Forbidden:
    """Counts every connection, byte or not; a web page's only good reason to come here is an escape."""

    def __init__(self) -> None:
        self.reached = 0
        self._web = socket.create_server(("127.0.0.2", 0))
        self.port = self._web.getsockname()[1]
        self._stun = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._stun.bind(("127.0.0.2", 0))
        self.stun_port = self._stun.getsockname()[1]
        for listen in (self._connections, self._packets):
            threading.Thread(target=listen, daemon=True).start()

    def _connections(self) -> None:
        while True:
            caller, _ = self._web.accept()
            self.reached += 1
            caller.close()

    def _packets(self) -> None:
        while True:
            self._stun.recv(2048)
            self.reached += 1


class Hostile:
    """Serves one row after another: the page in the kiosk follows `order`."""

    def __init__(self, forbidden: Forbidden) -> None:
        self.order = -1
        self.shown: Counter[int] = Counter()
        self.homes = self.passwords = 0
        self.won: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # pages leave in mid-answer
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._names = {
            "e": f"http://127.0.0.2:{forbidden.port}",
            "w": f"ws://127.0.0.2:{forbidden.port}",
            "u": forbidden.stun_port,
            "h": self.url,
        }
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def filled(self, text: str, number: int) -> str:
        return text.format(**self._names, n=f"row-{number}", i=number)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                query = unquote(query)
                if path == "/":
                    hostile.homes += 1
                    self._say(hostile.filled(FRAME, -1) + "<h1>Nhà</h1>")
                elif path == "/order":
                    self._say(str(hostile.order))
                elif path == "/won":
                    hostile.won.append(query)
                    self._say("")
                elif path == "/v" and query.isdigit():
                    self._row(int(query))
                elif path == "/to":
                    self._say("", 302, {"Location": query})
                elif path == "/password":
                    hostile.passwords += 1
                    self._say("x", 401, {"WWW-Authenticate": 'Basic realm="x"'})
                elif path == "/worker.js":
                    self._say(WORKER.format(there=query), 200, {"Content-Type": "text/javascript"})
                elif path == "/program":
                    kind = {"Content-Type": "application/x-msdownload"}
                    self._say(
                        "MZ", 200, {**kind, "Content-Disposition": 'attachment; filename="../../evil.sh"'}
                    )
                else:
                    self._say("", 404)

            do_POST = do_GET  # noqa: N815

            def _row(self, number: int) -> None:
                vector = VECTORS[number]
                hostile.shown[number] += 1
                if vector.redirect:
                    self._say("", 302, {"Location": hostile.filled(vector.page, number)})
                else:
                    self._say(hostile.filled(FRAME, number) + hostile.filled(vector.page, number))

            def _say(self, body: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **(headers or {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """The table speaks."""

        return Handler


class Helpers:
    """Programs by the names that Chromium and Qt would call to open something: they only note that."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "called"
        self._log.touch()
        self.folder = folder / "bin"
        self.folder.mkdir()
        for name in HELPERS:
            program = self.folder / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self._log}"\n')
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    @property
    def called(self) -> int:
        return len(self._log.read_text().splitlines())

    @property
    def path(self) -> str:
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"
