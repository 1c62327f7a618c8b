"""As much of the Internet Printing Protocol as one queue of the local print server needs; plain bytes.

RFC 8010 (encoding) and RFC 8011 (meaning). `Server.ask` sends one request and returns the answer's groups.
"""

import http.client
import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

Value = int | bool | str | tuple[int, int]
"""A range of integers is a pair."""
Attributes = dict[str, list[Value]]
Wanted = Mapping[str, object]
"""Names to a Value, or to a list of texts."""

SOCKETS = (Path("/run/cups/cups.sock"), Path("/var/run/cups/cups.sock"))
_PORT = 631
_BEGIN_JOB, _END = 0x02, 0x03
_INTEGER, _BOOLEAN, _ENUM, _RANGE = 0x21, 0x22, 0x23, 0x33
_TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48
_TAGS = {
    "attributes-charset": _CHARSET,
    "attributes-natural-language": _LANGUAGE,
    "printer-uri": _URI,
    "job-uri": _URI,
    "requested-attributes": _KEYWORD,
    "which-jobs": _KEYWORD,
    "print-scaling": _KEYWORD,
}


class Operation(IntEnum):
    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER = 0x000B


class Status(IntEnum):
    """The answers that mean something to us; a request was done where the number is below 0x100."""

    OK = 0x0000
    NOT_ALLOWED = 0x0403
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    NOT_ACCEPTING = 0x0506


@dataclass(frozen=True)
class Answer:
    """`groups`: one for each job or printer that is told of, in order."""

    status: int
    groups: tuple[Attributes, ...]

    @property
    def good(self) -> bool:
        return self.status < 0x100


class Server:
    """The print server of this machine, or the one that CUPS_SERVER names, as for every CUPS program."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds

    def ask(
        self,
        operation: Operation,
        place: str,
        user: str,
        wanted: Wanted,
        *,
        job: Wanted | None = None,
        document: bytes = b"",
    ) -> Answer:
        """`place`: "/printers/desk" or "/". Raises OSError where nobody answers or the answer is no IPP."""
        about = {
            "attributes-charset": "utf-8",
            "attributes-natural-language": "en",
            "printer-uri": f"ipp://localhost{place}",
            "requesting-user-name": user,
        }
        head = struct.pack(">BBHI", 1, 1, operation, 1)
        body = head + _group(0x01, {**about, **wanted}) + (_group(_BEGIN_JOB, job) if job else b"")
        line = _connection(self._seconds)
        try:
            line.request("POST", place, body + bytes([_END]) + document, {"Content-Type": "application/ipp"})
            answer = line.getresponse()
            told = answer.read()
            if answer.status != http.client.OK:
                raise OSError(f"HTTP {answer.status}")
            return _read(told)
        except (http.client.HTTPException, struct.error, IndexError) as fault:
            raise OSError("not an answer of a print server") from fault
        finally:
            line.close()


class _Local(http.client.HTTPConnection):
    """HTTP over a socket of the file system."""

    def __init__(self, file: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._file = file

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._file))


def _connection(seconds: float) -> http.client.HTTPConnection:
    named = os.environ.get("CUPS_SERVER", "")
    if named.startswith("/"):
        return _Local(Path(named), seconds)
    there = next((file for file in SOCKETS if file.exists()), None)
    if there is not None and not named:
        return _Local(there, seconds)
    host, _, port = (named or "127.0.0.1").partition(":")
    return http.client.HTTPConnection(host, int(port) if port.isdigit() else _PORT, timeout=seconds)


def _group(tag: int, attributes: Wanted) -> bytes:
    made = bytes([tag])
    for name, value in attributes.items():
        several = value if isinstance(value, list) else [value]
        for place, one in enumerate(several):
            kind, raw = _encoded(name, one)
            title = name.encode() if place == 0 else b""  # more values of the same attribute have no name
            made += struct.pack(f">BH{len(title)}sH", kind, len(title), title, len(raw)) + raw
    return made


def _encoded(name: str, value: object) -> tuple[int, bytes]:
    if isinstance(value, bool):
        return _BOOLEAN, bytes([value])
    if isinstance(value, int):
        return _INTEGER, struct.pack(">i", value)
    if isinstance(value, tuple):
        return _RANGE, struct.pack(">ii", *value)
    return _TAGS.get(name, _NAME), str(value).encode()


def _read(told: bytes) -> Answer:
    """Every group after the first, which speaks of the request itself. Raises struct.error, IndexError."""
    status = struct.unpack_from(">H", told, 2)[0]
    groups: list[Attributes] = []
    name, at = "", 8
    while told[at] != _END:
        if told[at] < 0x10:
            groups.append({})
            at += 1
            continue
        kind, long = struct.unpack_from(">BH", told, at)
        name = told[at + 3 : at + 3 + long].decode("utf-8", "replace") or name
        at += 3 + long
        size = struct.unpack_from(">H", told, at)[0]
        groups[-1].setdefault(name, []).append(_decoded(kind, told[at + 2 : at + 2 + size]))
        at += 2 + size
    return Answer(status, tuple(groups[1:]))


def _decoded(kind: int, raw: bytes) -> Value:
    if kind in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", raw)[0])
    if kind == _BOOLEAN:
        return raw != b"\0"
    if kind == _RANGE:
        first, last = struct.unpack(">ii", raw)
        return first, last
    return raw.decode("utf-8", "replace")
