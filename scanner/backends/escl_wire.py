"""HTTP to one scanner: each exchange has a deadline for the whole of it, a size cap, and can be cut off.

Answers come as `Answer` whatever their status. Raises KioskError SCAN-NO-DEVICE (nobody answers),
SCAN-TIMEOUT, SCAN-IO (not whole, too long), SCAN-UNTRUSTED (TLS), SCAN-CANCELLED.
"""

import re
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InsecureRequestWarning,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from kioskcore.errors import KioskError
from scanner.files import disk_faults

CONNECT_SECONDS = 5.0
DOCUMENT_BYTES = 1_000_000
"""Capabilities and status; real ones have 3 to 30 KB."""

_CHUNK = 65536
_FINGERPRINT = re.compile(r"sha256=([0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31})")
_PATH = re.compile(r"[A-Za-z0-9/._~-]{0,300}")


@dataclass(frozen=True)
class Address:
    """http(s)://host:port/path; `fingerprint` of its certificate, "" where none was given."""

    secure: bool
    host: str
    port: int
    path: str
    fingerprint: str = ""

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"


@dataclass(frozen=True)
class Ask:
    """`seconds` is for everything together; a good body goes `into` the file where one is given."""

    method: str
    path: str
    seconds: float
    body: bytes | None = None
    into: IO[bytes] | None = None
    cap: int = DOCUMENT_BYTES
    on_progress: Callable[[float], None] | None = None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def read_address(text: str) -> Address:
    """"https://10.0.0.7/eSCL#sha256=<64 hex>" -> Address. Raises SCAN-JOB-INVALID."""
    try:
        parts = urlsplit(text)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname or ""
    except ValueError as fault:
        raise KioskError("SCAN-JOB-INVALID", field="source") from fault
    pin = _FINGERPRINT.fullmatch(parts.fragment)
    sound = (
        parts.scheme in ("http", "https")
        and re.fullmatch(r"[A-Za-z0-9.:%_-]{1,253}", host) is not None
        and not (parts.username or parts.password or parts.query)
        and _PATH.fullmatch(parts.path) is not None
        and (pin is not None if parts.fragment else True)
        and not (pin and parts.scheme == "http")
    )
    if not sound:
        raise KioskError("SCAN-JOB-INVALID", field="source")
    path = parts.path.rstrip("/") or "/eSCL"
    return Address(parts.scheme == "https", host, port, path, pin[1].replace(":", "").lower() if pin else "")


class Wire:
    """One exchange at a time, each on a connection of its own; `cut` may come from any thread."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._connection: HTTPConnection | None = None
        self._sock: socket.socket | None = None
        self._stopped = threading.Event()
        self._late = False
        self._lock = threading.Lock()

    def cut(self) -> None:
        """End the running exchange and refuse all further ones, save those marked `last`."""
        self._stopped.set()
        self._break_off()

    def get(self, path: str, seconds: float) -> Answer:
        return self.exchange(Ask("GET", path, seconds))

    def exchange(self, ask: Ask, *, last: bool = False) -> Answer:
        self._late = False
        late = threading.Timer(ask.seconds, self._too_late)
        late.daemon = True
        late.start()
        try:
            answer = self._talk(ask, last)
        except (HTTPError, OSError, ValueError, AttributeError) as fault:  # AttributeError: cut at birth
            self._refuse_cut(last)
            raise KioskError(_meaning(fault)) from fault
        else:
            self._refuse_cut(last)  # what was cut off may look whole: headers may end anywhere
            return answer
        finally:
            late.cancel()
            with self._lock:
                connection, self._connection, self._sock = self._connection, None, None
            if connection is not None:
                connection.close()

    def _refuse_cut(self, last: bool) -> None:
        if self._stopped.is_set() and not last:
            raise KioskError("SCAN-CANCELLED")
        if self._late:
            raise KioskError("SCAN-TIMEOUT")

    def _talk(self, ask: Ask, last: bool) -> Answer:
        connection = self._open(ask.seconds)
        headers = {"Accept": "*/*", "Connection": "close", "User-Agent": "kiosk"}
        if ask.body is not None:
            headers["Content-Type"] = "text/xml"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InsecureRequestWarning)  # see docs/decisions on printers
            connection.connect()
            assert connection.sock is not None
            connection.sock.settimeout(ask.seconds)
            with self._lock:
                self._sock = connection.sock  # the connection itself lets go of it once the headers are read
            self._refuse_cut(last)  # a cut before this line found nothing to cut
            connection.request(ask.method, ask.path, body=ask.body, headers=headers, preload_content=False)
            response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, _read(response, ask))

    def _open(self, seconds: float) -> HTTPConnection:
        there = self.address
        if there.secure:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE  # a printer signs for itself; the fingerprint decides
            connection: HTTPConnection = HTTPSConnection(
                there.host,
                there.port,
                timeout=min(seconds, CONNECT_SECONDS),
                ssl_context=context,
                cert_reqs="CERT_NONE",
                assert_hostname=False,
                assert_fingerprint=there.fingerprint or None,
            )
        else:
            connection = HTTPConnection(there.host, there.port, timeout=min(seconds, CONNECT_SECONDS))
        with self._lock:
            self._connection = connection
        return connection

    def _too_late(self) -> None:
        self._late = True
        self._break_off()

    def _break_off(self) -> None:
        with self._lock:
            sock = self._sock or (self._connection.sock if self._connection is not None else None)
        if sock is not None:
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS: nobody waits for a polite end
            except OSError:
                return


def _read(response: BaseHTTPResponse, ask: Ask) -> bytes:
    """All of the body, piece by piece. Raises SCAN-IO beyond the cap."""
    into = ask.into if response.status == 200 else None
    said = response.headers.get("Content-Length", "")
    expected = int(said) if said.isascii() and said.isdigit() and len(said) < 13 else 0
    kept: list[bytes] = []
    count = 0
    while piece := response.read1(_CHUNK):
        count += len(piece)
        if count > ask.cap:
            raise KioskError("SCAN-IO", reason="too long")
        if into is not None:
            with disk_faults():
                into.write(piece)
        else:
            kept.append(piece)
        if ask.on_progress and expected:
            ask.on_progress(min(1.0, count / expected))
    if count < expected:
        raise KioskError("SCAN-IO", reason="cut short")
    return b"".join(kept)


def _meaning(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "SCAN-TIMEOUT"
    if isinstance(fault, SSLError | ssl.SSLError):
        return "SCAN-UNTRUSTED"
    gone = (ConnectTimeoutError, NewConnectionError, NameResolutionError, ConnectionRefusedError)
    return "SCAN-NO-DEVICE" if isinstance(fault, gone) else "SCAN-IO"
