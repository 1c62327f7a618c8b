"""A phone scan under way and the phone that calls it, for the tests of both schemes."""

import http.client
import io
import ssl
import threading
import time
from functools import lru_cache
from pathlib import Path

from PIL import Image

from kioskcore.config import Config, Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Preview, ScanJob
from scanner.backends.paint import photograph
from scanner.backends.phone import PhoneBackend


@lru_cache
def jpeg(number: int = 0) -> bytes:
    stream = io.BytesIO()
    photograph(number).resize((760, 1040)).save(stream, "JPEG", quality=85)
    return stream.getvalue()


def _small() -> bytes:
    """A whole picture, as small as the tests of limits want it."""
    stream = io.BytesIO()
    Image.new("L", (8, 8), 200).save(stream, "JPEG")
    return stream.getvalue()


SMALL = _small()
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"meow " * 100
"""How a picture of an iPhone begins."""


class Visit:
    """A phone scan under way; `pages` are the sizes of what came."""

    def __init__(
        self,
        backend: PhoneBackend,
        folder: Path,
        job: ScanJob = ScanJob("phone:"),  # noqa: B008 - frozen
    ) -> None:
        self.backend, self.job = backend, job
        self.shown: list[Preview] = []
        self.pages: list[int] = []
        self.error: KioskError | None = None
        self.certificate = ""
        backend.watch(self.shown.append)
        self.thread = threading.Thread(target=self._scan, args=(folder,), daemon=True)
        self.thread.start()
        end = time.monotonic() + 5
        while not self.shown and self.thread.is_alive() and time.monotonic() < end:
            time.sleep(0.005)
        self.address = self.shown[0].address if self.shown else ""
        self.scheme, _, rest = self.address.partition("://")
        self.place, _, self.token = rest.partition("/")

    def _scan(self, folder: Path) -> None:
        def on_page(file: Path) -> None:
            self.pages.append(file.stat().st_size)
            file.unlink()

        try:
            self.backend.scan(self.job, folder, on_page, lambda fraction: None)
        except KioskError as error:
            self.error = error

    def _call(self) -> http.client.HTTPConnection:
        """As a careful client: it trusts the one certificate that is shown, for this address only."""
        if self.scheme == "http":
            return http.client.HTTPConnection(self.place, timeout=5)
        host, port = self.place.split(":")
        if not self.certificate:
            self.certificate = ssl.get_server_certificate((host, int(port)), timeout=5)
        context = ssl.create_default_context(cadata=self.certificate)
        return http.client.HTTPSConnection(self.place, timeout=5, context=context)

    def ask(
        self, method: str = "GET", path: str | None = None, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = self._call()
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if body:
                sent.setdefault("Content-Type", "image/jpeg")
            connection.request(method, f"/{self.token}" if path is None else path, body, sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def end(self) -> str | None:
        self.thread.join(8)
        assert not self.thread.is_alive()
        return self.error.code if self.error else None


def at_home(**scan: object) -> Config:
    return Config(scan=Scan(phone_network="127.0.0.0/16", **scan))
