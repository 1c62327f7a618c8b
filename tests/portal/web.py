"""Small web servers on loopback that note every request, and a policy that allows one of them."""

import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Answer:
    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # before anything comes
    dripping: float = 0.0  # seconds between the first half of the body and the second


class Web:
    """`pages["/x"]` is HTML or an Answer; `asked` lists "GET /x" in order of arrival.

    `certificate`: a PEM file with key and certificate; the server then speaks TLS.
    """

    def __init__(self, certificate: Path | None = None, port: int = 0) -> None:
        self.pages: dict[str, str | Answer] = {}
        self.asked: list[str] = []
        self.bodies: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is no news
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.port = self._server.server_port
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                if path != "/favicon.ico":
                    web.asked.append(f"{self.command} {path}")
                page = web.pages.get(path, Answer("<h1>404</h1>", 404))
                answer = page if isinstance(page, Answer) else Answer(page)
                length = int(self.headers.get("Content-Length") or 0)
                web.bodies.append(self.rfile.read(length).decode("utf-8", "replace"))
                time.sleep(answer.seconds)
                body = answer.body.encode()
                self.send_response(answer.status)
                headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                half = len(body) // 2
                self.wfile.write(body[:half])
                time.sleep(answer.dripping)
                self.wfile.write(body[half:])

            do_POST = do_GET  # noqa: N815
            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    site: object
    category: str
    code: str | None


@dataclass(frozen=True)
class Upload:
    max_bytes: int = 6_000_000
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """As much of a site as the browser looks into."""

    id: str = "here"
    logout: str = ""
    upload: Upload = Upload()
    submitted: tuple[str, ...] = ("Nộp hồ sơ thành công",)
    dossier_code: str = r"[A-Z0-9]+\.[0-9]-\d{6}-\d{4}"


HERE = Site()


class OnlyHere:
    """Allows the given addresses and what lies below them."""

    def __init__(self, *urls: str) -> None:
        self._urls = list(urls)
        self.site = HERE

    def allow(self, url: str) -> None:
        self._urls.append(url)

    def decide(self, url: str) -> Verdict:
        allowed = any(url == base or url.startswith(base + "/") for base in self._urls)
        return Verdict(allowed, self.site if allowed else None, "" if allowed else "other", None)
