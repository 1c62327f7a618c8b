"""The one page a person's phone may open: a small web server in one named network, for one scan.

Only the path with the secret token answers, only to phones of that network. Plain HTTP: see docs/decisions.
"""

import hmac
import ipaddress
import json
import logging
import secrets
import socket
import string
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import waitress.server
from waitress.wasyncore import dispatcher

from kioskcore.errors import KioskError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Start = Callable[[str, list[tuple[str, str]]], object]

PICTURE_BYTES = 25_000_000
MOST_PICTURES = 60
MOST_BYTES = 400_000_000
"""Of one scan, all pictures together."""

KINDS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
}
"""What a picture must say it is, and how its bytes must begin."""

RATE = 10.0
BURST = 40.0
"""Requests a second of all phones together, and how many may come at once."""

CONNECTIONS = 12
IDLE_SECONDS = 15

_PAGE = Path(__file__).with_name("phone.html")


class Door:
    """Open from `open` to `close`. `on_picture` gets each picture on a server thread; False: no room."""

    def __init__(
        self,
        network: Network,
        port: int,
        words: Mapping[str, str],
        on_picture: Callable[[bytes], bool],
        on_done: Callable[[], None],
    ) -> None:
        self._network = network
        self._host = own_address(network)
        self._port = port
        self._words = words
        self._on_picture = on_picture
        self._on_done = on_done
        self._token = secrets.token_urlsafe(16)
        self._tokens, self._filled = BURST, time.monotonic()
        self._pictures = self._bytes = 0
        self._lock = threading.Lock()
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def open(self) -> str:
        """The address for the QR code. Raises SCAN-PHONE-OFF where the port cannot be had."""
        logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would tell what strangers sent
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            ear = socket.create_server((self._host, self._port), family=family)
        except OSError as fault:
            raise KioskError("SCAN-PHONE-OFF", reason="port") from fault
        self._port = int(ear.getsockname()[1])
        self._server = waitress.server.create_server(
            self._answer,
            sockets=[ear],
            threads=3,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=3,
            max_request_header_size=16_000,
            max_request_body_size=PICTURE_BYTES,
            inbuf_overflow=PICTURE_BYTES * 2,  # never to a file on the disk
            clear_untrusted_proxy_headers=True,
        )
        self._thread = threading.Thread(target=self._server.run, name="phone-door", daemon=True)
        self._thread.start()
        return f"{self._origin}/{self._token}"

    def close(self) -> None:
        """No phone is heard any more. Safe to call twice."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return

        def leave() -> None:
            for channel in [each for each in server._map.values() if each not in (server, server.trigger)]:
                dispatcher.close(channel)
            server.close()

        server.trigger.pull_trigger(leave)
        self._thread.join(5)
        server.task_dispatcher.shutdown(timeout=1)

    @property
    def _origin(self) -> str:
        return f"http://{self._place}"

    @property
    def _place(self) -> str:
        return f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"

    def _answer(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        status, headers, body = self._judge(environ)
        safe = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        start(status, [*headers, *safe, ("Content-Length", str(len(body)))])
        return [body]

    def _judge(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Strangers learn nothing: whatever is not wholly right looks like an empty server."""
        if ipaddress.ip_address(environ["REMOTE_ADDR"]) not in self._network:
            return "403 Forbidden", [], b""
        if not self._has_room():
            return "429 Too Many Requests", [("Retry-After", "2")], b""
        asked = environ.get("REQUEST_URI", "").encode("utf-8", "surrogateescape")
        known = hmac.compare_digest(asked, f"/{self._token}".encode())
        if not known or environ.get("HTTP_HOST", "") != self._place:
            return "404 Not Found", [], b""
        if environ["REQUEST_METHOD"] == "GET":
            return self._page()
        if environ["REQUEST_METHOD"] != "POST":
            return "405 Method Not Allowed", [("Allow", "GET, POST")], b""
        if environ.get("HTTP_ORIGIN", self._origin) != self._origin:
            return "403 Forbidden", [], b""
        return self._take(environ), [], b""

    def _take(self, environ: dict[str, Any]) -> str:
        said = environ.get("CONTENT_LENGTH") or "0"
        size = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else PICTURE_BYTES + 1
        if size == 0:
            self._on_done()
            return "204 No Content"
        if size > PICTURE_BYTES:
            return "413 Content Too Large"
        starts = KINDS.get(environ.get("CONTENT_TYPE", "").lower())
        body = environ["wsgi.input"].read(size)
        if not starts or not body.startswith(starts) or len(body) != size:
            return "415 Unsupported Media Type"
        with self._lock:
            if self._pictures >= MOST_PICTURES or self._bytes + size > MOST_BYTES:
                return "413 Content Too Large"
            self._pictures += 1
            self._bytes += size
        return "204 No Content" if self._on_picture(body) else "503 Service Unavailable"

    def _has_room(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._tokens = min(BURST, self._tokens + (now - self._filled) * RATE)
            self._filled = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

    def _page(self) -> tuple[str, list[tuple[str, str]], bytes]:
        nonce = secrets.token_urlsafe(12)
        shown = {name: _for_html(text) for name, text in self._words.items()}
        told = json.dumps(dict(self._words), ensure_ascii=True).replace("<", "\\u003c")
        page = string.Template(_PAGE.read_text(encoding="utf-8")).substitute(shown, nonce=nonce, words=told)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
            ("Referrer-Policy", "no-referrer"),
        ]
        return "200 OK", headers, page.encode()


def own_address(network: Network) -> str:
    """This machine's address in the network. Raises SCAN-PHONE-OFF where it has none."""
    family = socket.AF_INET6 if network.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asker:
            asker.connect((str(network[1]), 9))  # sends nothing; the system picks the way and its own end
            address = str(asker.getsockname()[0])
    except OSError as fault:
        raise KioskError("SCAN-PHONE-OFF", reason="network") from fault
    if ipaddress.ip_address(address) not in network:
        raise KioskError("SCAN-PHONE-OFF", reason="network")
    return address


def _for_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
