"""A small web server for a few phones: one exchange a line, plain or over TLS, with a deadline for the whole.

Nobody keeps others out: where all lines are taken, the oldest of whoever holds most is cut for the newcomer.
"""

import http.client
import io
import re
import select
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import BinaryIO

LINES = 12
HEAD_SECONDS = 10.0
"""For the handshake and the whole question; who has not asked by then is cut."""

BODY_SECONDS = 90.0
"""Besides, for the picture, once the question has shown that it may send one."""

HEAD_BYTES = 16_000

_ASKS = re.compile(rb"([A-Z]{1,16}) ([!-~]{1,2000}) HTTP/1\.[01]\r?\n")
_TICK_SECONDS = 0.25
_PIECE = 65536


@dataclass(frozen=True)
class Asked:
    """A question whose body is still on the line. `length` is None where it is not plainly told."""

    method: str
    target: bytes
    headers: Message
    length: int | None
    read: Callable[[int], bytes]
    """So many bytes of the body, or fewer where the phone went away; gives the line its time for it."""


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class _Line:
    """One connection. `trusted` once its question was one of ours: then it is not cut for others."""

    def __init__(self, wire: socket.socket, address: str) -> None:
        self.wire, self.address = wire, address
        self.begun = time.monotonic()
        self.end = self.begun + HEAD_SECONDS
        self.trusted = False
        self.thread: threading.Thread | None = None

    def cut(self) -> None:
        """Wakes whoever waits on it. The bare socket's own word: TLS would go on in plain text."""
        with suppress(OSError):
            socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


class PhoneLines:
    """Answers on `ear` from `open` to `close`. `welcome` is asked for each address before a word is read."""

    def __init__(
        self,
        ear: socket.socket,
        tls: ssl.SSLContext | None,
        welcome: Callable[[str], bool],
        answer: Callable[[Asked], Answer],
    ) -> None:
        self._ear, self._tls = ear, tls
        self._welcome, self._answer = welcome, answer
        self._lines: set[_Line] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="phone-door", daemon=True)

    def open(self) -> None:
        self._ear.setblocking(False)
        self._thread.start()

    def close(self) -> None:
        """Every line is cut, and its thread over. Safe to call twice."""
        self._closed.set()
        with suppress(OSError):
            self._ear.shutdown(socket.SHUT_RDWR)  # wakes the listener where the system allows it
        self._thread.join(5)

    def _run(self) -> None:
        """The one place that lets in and cuts, so that no line needs a clock of its own."""
        with self._ear:
            while not self._closed.is_set():
                heard, _, _ = select.select([self._ear], [], [], _TICK_SECONDS)
                self._cut_late()
                if heard and not self._closed.is_set():
                    with suppress(OSError):  # it went away again
                        self._let_in(*self._ear.accept())
        with self._lock:
            left = list(self._lines)
        for line in left:
            line.cut()
        for line in left:
            if line.thread is not None:
                line.thread.join(1)

    def _cut_late(self) -> None:
        now = time.monotonic()
        with self._lock:
            late = [line for line in self._lines if now >= line.end]
        for line in late:
            line.cut()

    def _let_in(self, wire: socket.socket, place: tuple[object, ...]) -> None:
        address = str(place[0])
        if not self._welcome(address) or not self._has_line():
            wire.close()
            return
        wire.setblocking(True)
        if self._tls is not None:  # the handshake is the line's own affair: it may take its whole time
            wire = self._tls.wrap_socket(wire, server_side=True, do_handshake_on_connect=False)
        line = _Line(wire, address)
        line.thread = threading.Thread(target=self._serve, args=(line,), name="phone-line", daemon=True)
        with self._lock:
            self._lines.add(line)
        line.thread.start()

    def _has_line(self) -> bool:
        """Cuts one where all are taken; False where each is needed."""
        with self._lock:
            if len(self._lines) < LINES:
                return True
            held = Counter(line.address for line in self._lines)
            strangers = [line for line in self._lines if not line.trusted]
            if not strangers:
                return False
            worst = max(strangers, key=lambda line: (held[line.address], -line.begun))
            self._lines.discard(worst)
        worst.cut()
        return True

    def _serve(self, line: _Line) -> None:
        try:
            with line.wire, suppress(OSError):  # whoever talks no TLS, or goes away, is no news
                self._exchange(line)
        finally:
            with self._lock:
                self._lines.discard(line)

    def _exchange(self, line: _Line) -> None:
        if isinstance(line.wire, ssl.SSLSocket):
            line.wire.do_handshake()
        with line.wire.makefile("rb") as stream:
            asked = _question(stream, line)
            answer = self._answer(asked) if asked else Answer(HTTPStatus.BAD_REQUEST)
            line.wire.sendall(_on_the_wire(answer))
            if asked is not None and not line.trusted:
                _drain(stream, asked.length or 0)


def _question(stream: BinaryIO, line: _Line) -> Asked | None:
    """None where it is not a whole, small, plain one."""
    head = b""
    while not head.endswith((b"\n\r\n", b"\n\n")):
        came = stream.readline(HEAD_BYTES + 1 - len(head))
        head += came
        if not came or len(head) > HEAD_BYTES:
            return None
    asks = _ASKS.match(head)
    if asks is None:
        return None
    try:
        headers = http.client.parse_headers(io.BytesIO(head[asks.end() :]))
    except http.client.HTTPException:
        return None

    def read(size: int) -> bytes:
        line.trusted = True
        line.end = time.monotonic() + BODY_SECONDS
        return stream.read(size)

    return Asked(asks[1].decode(), asks[2], headers, _length(headers), read)


def _length(headers: Message) -> int | None:
    told = headers.get_all("Content-Length", [])
    if headers.get("Transfer-Encoding") is not None or len(told) > 1:
        return None
    said = str(told[0]) if told else "0"
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None


def _on_the_wire(answer: Answer) -> bytes:
    headers = [*answer.headers, ("Connection", "close")]
    if answer.status is not HTTPStatus.NO_CONTENT:  # where it may not stand
        headers.append(("Content-Length", str(len(answer.body))))
    told = [f"{name}: {text}\r\n" for name, text in headers]
    first = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n"
    return "".join([first, *told, "\r\n"]).encode("latin-1") + answer.body


def _drain(stream: BinaryIO, size: int) -> None:
    """A refused body is let run out, within the line's time: else the phone never reads the answer."""
    while size > 0 and (piece := stream.read(min(size, _PIECE))):
        size -= len(piece)
