"""A network scanner of our own that speaks eSCL on loopback, and misbehaves where a test asks it to."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree.ElementTree import ParseError, fromstring

from PIL import Image, ImageDraw

from tests.scanner.escl_law import SCAN, SETTINGS, breaches

NS = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
CAPS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {ns}><pwg:Version>{version}</pwg:Version>
<pwg:MakeAndModel>Trial 1</pwg:MakeAndModel>
<scan:UUID>1b2f6d10-0000-1000-8000-00000000000a</scan:UUID>{inputs}</scan:ScannerCapabilities>"""
INPUT = """<scan:MinWidth>300</scan:MinWidth><scan:MaxWidth>2551</scan:MaxWidth>
<scan:MinHeight>300</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>
<scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
</scan:DocumentFormats><scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>75</scan:XResolution><scan:YResolution>75</scan:YResolution>
</scan:DiscreteResolution><scan:DiscreteResolution><scan:XResolution>300</scan:XResolution>
<scan:YResolution>300</scan:YResolution></scan:DiscreteResolution></scan:DiscreteResolutions>
</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"""
GLASS = f"<scan:Platen><scan:PlatenInputCaps>{INPUT.format(height=3508)}</scan:PlatenInputCaps></scan:Platen>"
FEEDER = (
    f"<scan:Adf><scan:AdfSimplexInputCaps>{INPUT.format(height=4200)}</scan:AdfSimplexInputCaps>"
    f"<scan:AdfDuplexInputCaps>{INPUT.format(height=4200)}</scan:AdfDuplexInputCaps></scan:Adf>"
)


@lru_cache(maxsize=64)
def jpeg(width: int, height: int, colour: bool, dpi: int) -> bytes:
    picture = Image.new("RGB" if colour else "L", (width, height), "white")
    pencil = ImageDraw.Draw(picture)
    for row in range(1, 20):
        top = row * height // 21
        pencil.rectangle((width // 10, top, width * 8 // 10, top + height // 90), "black")
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85, dpi=(dpi, dpi))
    return stream.getvalue()


@dataclass
class Printer:
    """`script` is what NextDocument plays, one word an answer; after it the job has no further page.

    One job at a time, as in life: a second one meets 503, and settings against the description meet 400.

    Words: page, busy, broken, truncated, short, endless, drip, hang, html, pdf, jam, aborted, or a number
    of HTTP.
    """

    script: list[str] = field(default_factory=lambda: ["page"])
    inputs: str = GLASS + FEEDER
    version: str = "2.62"
    state: str = "Idle"
    adf: str = "ScannerAdfLoaded"
    job_state: str = "Processing"
    capabilities: bytes | None = None
    status: bytes | int | None = None
    posts: list[int] = field(default_factory=list)
    location: str = "{origin}/eSCL/ScanJobs/{job}"
    url: str = ""
    settings: list[bytes] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    running: str = ""
    """The path of the job under way; "" for none."""

    def caps_xml(self) -> bytes:
        return self.capabilities or CAPS.format(ns=NS, version=self.version, inputs=self.inputs).encode()

    def status_xml(self) -> bytes:
        jobs = "".join(
            f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{number}</pwg:JobUri><scan:Age>1</scan:Age>"
            f"<pwg:JobState>{self.job_state}</pwg:JobState></scan:JobInfo>"
            for number in range(1, len(self.settings) + 1)
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {NS}>'
            f"<pwg:Version>{self.version}</pwg:Version>"
            f"<pwg:State>{self.state}</pwg:State><scan:AdfState>{self.adf}</scan:AdfState>"
            f"<scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
        ).encode()


def wanted(settings: bytes, name: str) -> str:
    """The text of an element of a ScanSettings document."""
    found = [each for each in fromstring(settings).iter() if each.tag.endswith("}" + name)]
    return (found[0].text or "") if found else ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    printer: Printer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""

    def do_GET(self) -> None:
        self.printer.asked.append(self.path)
        if self.path == "/eSCL/ScannerCapabilities":
            self.answer(200, self.printer.caps_xml(), "text/xml")
        elif self.path == "/eSCL/ScannerStatus":
            told = self.printer.status
            if isinstance(told, int):
                self.answer(told)
            else:
                self.answer(200, told or self.printer.status_xml(), "text/xml")
        elif self.printer.running and self.path == f"{self.printer.running}/NextDocument":
            self.play(self.printer.script.pop(0) if self.printer.script else "404")
        else:
            self.answer(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.judge_order(body)
        if status != 201:
            self.answer(status)
            return
        self.printer.settings.append(body)
        number = len(self.printer.settings)
        self.printer.running = f"/eSCL/ScanJobs/{number}"
        host, port = self.server.server_address[:2]
        place = self.printer.location.format(origin=f"http://{host}:{port}", job=number)
        self.answer(201, headers={"Location": place} if place else {})

    def judge_order(self, body: bytes) -> int:
        if self.path != "/eSCL/ScanJobs":
            return 404
        if self.printer.posts and (status := self.printer.posts.pop(0)) != 201:
            return status
        if self.printer.running:
            return 503
        wrong = self.headers.get_content_type() not in ("text/xml", "application/xml")
        try:
            wrong = wrong or bool(breaches(body, SCAN + "ScanSettings", SETTINGS))
        except ParseError:
            wrong = True
        return 400 if wrong else 201

    def do_DELETE(self) -> None:
        self.printer.deleted.append(self.path)
        known = [f"/eSCL/ScanJobs/{number + 1}" for number in range(len(self.printer.settings))]
        if self.path == self.printer.running:
            self.printer.running = ""
        self.answer(200 if self.path in known else 404)

    def answer(
        self, status: int, body: bytes = b"", kind: str = "text/plain", headers: dict[str, str] | None = None
    ) -> None:
        if status in (404, 410):
            self.printer.running = ""
        with suppress(OSError):
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if body:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def play(self, word: str) -> None:
        page = self.page()
        with suppress(OSError):
            if word == "page":
                self.answer(200, page, "image/jpeg")
            elif word == "busy":
                self.answer(503)
            elif word == "broken":
                self.answer(200, page[: len(page) // 3], "image/jpeg")
            elif word in ("truncated", "short"):
                self.raw(page, whole=len(page) if word == "short" else None)
            elif word == "html":
                self.answer(200, b"<html>hello</html>", "text/html")
            elif word == "pdf":
                stream = io.BytesIO()
                Image.open(io.BytesIO(page)).save(stream, "PDF", resolution=75)
                self.answer(200, stream.getvalue(), "application/pdf")
            elif word == "endless":
                self.endless()
            elif word in ("drip", "hang"):
                self.slowly(word == "drip")
            elif word in ("jam", "aborted"):
                if word == "jam":
                    self.printer.adf = "ScannerAdfJam"
                else:
                    self.printer.job_state = "Aborted"
                self.answer(404)
            else:
                self.answer(int(word))

    def page(self) -> bytes:
        settings = self.printer.settings[-1]
        dpi = int(wanted(settings, "XResolution"))
        size = [int(wanted(settings, name)) * dpi // 300 for name in ("Width", "Height")]
        return jpeg(size[0], size[1], wanted(settings, "ColorMode") == "RGB24", dpi)

    def raw(self, page: bytes, whole: int | None) -> None:
        """Half of the page, promised whole: with its length, or in chunks without an end."""
        head = f"Content-Length: {whole}\r\n\r\n" if whole else "Transfer-Encoding: chunked\r\n\r\n"
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + head.encode())
        half = page[: len(page) // 2]
        self.wfile.write(half if whole else f"{len(half):x}\r\n".encode() + half + b"\r\n")
        self.close_connection = True

    def endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"\xff" * 1_000_000
        while not self.printer.ended.is_set():
            self.wfile.write(b"f4240\r\n" + piece + b"\r\n")

    def slowly(self, head: bool) -> None:
        """A byte now and then: of the page behind its headers, or of the headers without an end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 90000\r\n\r\n" if head else b"X-Slow: "))
        while not self.printer.ended.is_set():
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that cuts the line, or refuses the certificate, is what some tests are about."""


@contextmanager
def running(printer: Printer, certificate: Path | None = None) -> Iterator[Printer]:
    handler = type("Handler", (_Handler,), {"printer": printer})
    server = _Server(("127.0.0.1", 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    printer.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}/eSCL"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield printer
    finally:
        printer.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
