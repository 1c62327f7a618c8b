"""The one page a person's phone may open: a small web server in one named network, for one scan.

Only the path with the secret token answers, only to phones of that network. Why http: see docs/decisions.
"""

import hmac
import ipaddress
import json
import secrets
import socket
import ssl
import string
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path

from kioskcore.errors import KioskError
from scanner.backends.phone_line import Answer, Asked, PhoneLines

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

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
"""Requests a second, and how many may come at once: of who knows the token, and apart from it of others."""

_PAGE = Path(__file__).with_name("phone.html")


class _Share:
    """A bucket of requests that fills up again; safe to use from every line."""

    def __init__(self) -> None:
        self._left, self._filled = BURST, time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """One request; False where the share is used up."""
        with self._lock:
            now = time.monotonic()
            self._left = min(BURST, self._left + (now - self._filled) * RATE)
            self._filled = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class Door:
    """Open from `open` to `close`. `on_picture` gets each picture on a server thread; False: no room.

    `is_picture` says whether bytes that begin like one can be read as one.
    """

    def __init__(
        self,
        network: Network,
        port: int,
        words: Mapping[str, str],
        on_picture: Callable[[bytes], bool],
        on_done: Callable[[], None],
        *,
        is_picture: Callable[[bytes], bool],
    ) -> None:
        self._network = network
        self._host = own_address(network)
        self._port = port
        self._scheme = "http"
        self._words = words
        self._on_picture = on_picture
        self._on_done = on_done
        self._is_picture = is_picture
        self._token = secrets.token_urlsafe(16)
        self._known, self._strangers = _Share(), _Share()
        self._pictures = self._bytes = 0
        self._lock = threading.Lock()
        self._lines: PhoneLines | None = None

    def open(self, seal: Callable[[str], ssl.SSLContext] | None = None) -> str:
        """The address for the QR code; https where `seal` makes a certificate for this machine's address.

        Raises SCAN-PHONE-OFF where the port cannot be had.
        """
        tls = seal(self._host) if seal else None
        self._scheme = "https" if tls else "http"
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            ear = socket.create_server((self._host, self._port), family=family)
        except OSError as fault:
            raise KioskError("SCAN-PHONE-OFF", reason="port") from fault
        self._port = int(ear.getsockname()[1])
        self._lines = PhoneLines(ear, tls, self._is_near, self._answer)
        self._lines.open()
        return f"{self._origin}/{self._token}"

    def close(self) -> None:
        """No phone is heard any more. Safe to call twice."""
        if self._lines is not None:
            self._lines.close()

    @property
    def _origin(self) -> str:
        return f"{self._scheme}://{self._place}"

    @property
    def _place(self) -> str:
        return f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"

    def _is_near(self, address: str) -> bool:
        return ipaddress.ip_address(address) in self._network

    def _answer(self, asked: Asked) -> Answer:
        """Strangers learn nothing: whatever is not wholly right looks like an empty server."""
        answer = self._judge(asked)
        safe = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
        return Answer(answer.status, (*answer.headers, *safe), answer.body)

    def _judge(self, asked: Asked) -> Answer:
        known = hmac.compare_digest(asked.target, f"/{self._token}".encode())
        if not (self._known if known else self._strangers).take():  # a stranger takes nothing from the phone
            return Answer(HTTPStatus.TOO_MANY_REQUESTS, (("Retry-After", "2"),))
        if not known or asked.headers.get("Host") != self._place:
            return Answer(HTTPStatus.NOT_FOUND)
        if asked.method == "GET":
            return self._page()
        if asked.method != "POST":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, (("Allow", "GET, POST"),))
        if asked.headers.get("Origin", self._origin) != self._origin:
            return Answer(HTTPStatus.FORBIDDEN)
        return Answer(self._take(asked))

    def _take(self, asked: Asked) -> HTTPStatus:
        size = asked.length
        if size == 0:
            self._on_done()
            return HTTPStatus.NO_CONTENT
        if size is None or size > PICTURE_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        starts = KINDS.get(asked.headers.get("Content-Type", "").lower())
        body = asked.read(size)
        if not starts or not body.startswith(starts) or len(body) != size:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        if not self._is_picture(body):  # told at once, while the person can still take it again
            return HTTPStatus.UNPROCESSABLE_ENTITY
        with self._lock:
            if self._pictures >= MOST_PICTURES or self._bytes + size > MOST_BYTES:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            self._pictures += 1
            self._bytes += size
        return HTTPStatus.NO_CONTENT if self._on_picture(body) else HTTPStatus.SERVICE_UNAVAILABLE

    def _page(self) -> Answer:
        nonce = secrets.token_urlsafe(12)
        shown = {name: _for_html(text) for name, text in self._words.items()}
        told = json.dumps(dict(self._words), ensure_ascii=True).replace("<", "\\u003c")
        page = string.Template(_PAGE.read_text(encoding="utf-8")).substitute(shown, nonce=nonce, words=told)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
            ("Referrer-Policy", "no-referrer"),
        )
        return Answer(HTTPStatus.OK, headers, page.encode())


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
