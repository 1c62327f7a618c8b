"""Driverless scanners by eSCL (AirScan, Mopria) on the network or over USB, the same on every system.

Sources: "escl:http://host:port/eSCL"; with https an end of "#sha256=<64 hex>" names the one certificate.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Probe, ScanJob
from scanner.backends.bring import bring_in
from scanner.backends.escl_search import search
from scanner.backends.escl_wire import Answer, Ask, Wire, read_address
from scanner.backends.escl_xml import (
    ADF_FAULTS,
    Capabilities,
    Status,
    job_path,
    read_capabilities,
    read_status,
    uses_feeder,
    write_settings,
)
from scanner.files import disk_faults

PAGE_BYTES = 120_000_000
"""A4 at 600 dpi in colour without any compression is 105 MB."""

MOST_PAGES = 200
"""Of one job; no feeder holds more, only a scanner that has lost count."""

ASK_SECONDS = 8.0
BUSY_SECONDS = 10.0
"""How long a busy scanner is asked again before the person is told."""

PAGE_SHARE = 0.9
"""Of the deadline for one page: the scanner is given up before the child is taken for dead."""

_AGAIN_SECONDS = 0.5


class EsclBackend:
    name = "escl"

    def __init__(self, config: Scan) -> None:
        self._fixed = config.escl_devices
        self._searches = config.escl_search
        self._max_pixels = config.max_megapixels * 1_000_000
        self._page_seconds = PAGE_SHARE * config.deadline_seconds
        self._can: dict[str, Capabilities] = {}
        self._found: list[Device] | None = None
        self._wire: Wire | None = None
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        """Searches; `devices` directly after it does not search again."""
        self._found = found = self._search()
        places = ", ".join(device.source.partition(":")[2].partition("#")[0] for device in found)
        asked = ", ".join(_told(url) for url in self._fixed) or ("mDNS" if self._searches else "escl_devices")
        return Probe(self.name, bool(found), None if found else "SCAN-NO-DEVICE", places or asked)

    def devices(self) -> list[Device]:
        """Only devices that answer. Of a scanner with two addresses the encrypted one that works."""
        found, self._found = self._found, None
        return self._search() if found is None else found

    def _search(self) -> list[Device]:
        seen = [(url, url) for url in self._fixed]
        if self._searches:
            seen += [(each.key, each.url) for each in search()]
        found: dict[str, Device] = {}
        for key, url in seen:
            if key not in found:
                with suppress(KioskError):
                    found[key] = self._device(url)
        return list(found.values())

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Raises KioskError SCAN-*; pages told before stay."""
        self._cancelled.clear()
        url = job.source.partition(":")[2]
        wire = self._wire = Wire(read_address(url))
        try:
            if self._cancelled.is_set():
                raise KioskError("SCAN-CANCELLED")
            can = self._can.get(url) or self._ask(wire, url)
            run = _Job(wire, uses_feeder(job, can))
            self._run(run, write_settings(job, can), folder, on_page, on_progress)
        finally:
            self._wire = None

    def cancel(self) -> None:
        """The running exchange is cut off, and the scanner told to end the job."""
        self._cancelled.set()
        wire = self._wire
        if wire is not None:
            wire.cut()

    def _run(
        self,
        job: "_Job",
        settings: bytes,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        job.check_paper()
        job.begin(settings, self._cancelled)
        whole = False
        try:
            for _ in range(MOST_PAGES):
                file = folder / f"escl-{secrets.token_hex(6)}.jpg"
                try:
                    if not job.next_page(file, self._page_seconds, self._cancelled, on_progress):
                        whole = True
                        return
                    on_progress(1.0)
                    self._tell(file, folder, on_page)
                finally:
                    file.unlink(missing_ok=True)
                if not job.feeder:
                    return
        finally:
            if not whole:
                job.end()

    def _tell(self, file: Path, folder: Path, on_page: Callable[[Path], None]) -> None:
        """A scanner that only knows PDF sends the page as one."""
        with file.open("rb") as stream:
            is_pdf = b"%PDF-" in stream.read(1024)
        if not is_pdf:
            on_page(file)
            return
        for picture in bring_in(file, folder, self._max_pixels):
            on_page(picture)

    def _device(self, url: str) -> Device:
        can = self._ask(Wire(read_address(url)), url)
        return Device(
            f"{self.name}:{url}",
            DeviceKind.SCANNER,
            can.name or _told(url),
            flatbed=can.glass is not None,
            feeder=can.feeder is not None,
            duplex=can.both_sides is not None,
        )

    def _ask(self, wire: Wire, url: str) -> Capabilities:
        answer = wire.get(f"{wire.address.path}/ScannerCapabilities", ASK_SECONDS)
        _judge(answer, 200)
        self._can[url] = read_capabilities(answer.body)
        return self._can[url]


class _Job:
    """One ScanJob on the scanner: begin, next_page until there is none, end."""

    def __init__(self, wire: Wire, feeder: bool) -> None:
        self.feeder = feeder
        self._wire = wire
        self._path = ""
        self._count = 0

    def check_paper(self) -> None:
        """An empty, jammed or open feeder is told before the scanner is set going."""
        if self.feeder:
            code = ADF_FAULTS.get(self._status().adf)
            if code:
                raise KioskError(code)

    def begin(self, settings: bytes, cancelled: threading.Event) -> None:
        end = time.monotonic() + BUSY_SECONDS
        while True:
            answer = self._wire.exchange(Ask("POST", f"{self._root}/ScanJobs", ASK_SECONDS, settings))
            if answer.status != 503:
                break
            self._raise_fault()
            _wait(answer, cancelled)
            if time.monotonic() >= end:
                raise KioskError("SCAN-BUSY")
        if answer.status == 409:
            self._raise_fault()
        _judge(answer, 201)
        place = job_path(answer.headers.get("location", ""))
        if not re.fullmatch(r"/[!-~]{1,300}", place):
            raise KioskError("SCAN-IO", reason="no job")
        self._path = place  # always on the scanner we asked, whatever host the answer names

    def next_page(
        self, file: Path, seconds: float, cancelled: threading.Event, on_progress: Callable[[float], None]
    ) -> bool:
        """False where there is no further page. Raises what ended the job before its time."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise KioskError("SCAN-TIMEOUT")
            with disk_faults(), file.open("wb") as stream:
                place = f"{self._path}/NextDocument"
                answer = self._wire.exchange(Ask("GET", place, left, None, stream, PAGE_BYTES, on_progress))
            if answer.status == 200:
                self._count += 1
                return True
            if answer.status != 503:
                break
            self._raise_fault()
            _wait(answer, cancelled)
        if answer.status not in (404, 410):
            self._raise_fault()
            _judge(answer, 200)
        self._judge_end()
        return False

    def end(self) -> None:
        """The scanner may be gone; then there is nothing to end."""
        with suppress(KioskError):
            self._wire.exchange(Ask("DELETE", self._path, ASK_SECONDS), last=True)

    @property
    def _root(self) -> str:
        return self._wire.address.path

    def _judge_end(self) -> None:
        """No more pages: the paper is out, or the job broke. The scanner's status knows which."""
        status = self._status()
        code = ADF_FAULTS.get(status.adf) if self.feeder else None
        if code and code != "SCAN-NO-PAPER":
            raise KioskError(code)
        state = status.jobs.get(self._path, "")
        if state == "Aborted":
            raise KioskError("SCAN-IO", reason="aborted")
        if state == "Canceled":
            raise KioskError("SCAN-CANCELLED")
        if not self._count:
            raise KioskError("SCAN-NO-PAPER" if self.feeder else "SCAN-IO")

    def _raise_fault(self) -> None:
        """What the status says against going on, if anything."""
        try:
            status = self._status()
        except KioskError as error:
            if error.code == "SCAN-CANCELLED":
                raise
            return
        code = ADF_FAULTS.get(status.adf) if self.feeder else None
        if code and not (code == "SCAN-NO-PAPER" and self._count):
            raise KioskError(code)
        if status.state == "Down":
            raise KioskError("SCAN-IO", reason="down")

    def _status(self) -> Status:
        answer = self._wire.get(f"{self._root}/ScannerStatus", ASK_SECONDS)
        _judge(answer, 200)
        return read_status(answer.body)


def _judge(answer: Answer, good: int) -> None:
    if answer.status == good:
        return
    codes = {401: "SCAN-DENIED", 403: "SCAN-DENIED", 404: "SCAN-NO-DEVICE", 503: "SCAN-BUSY"}
    raise KioskError(codes.get(answer.status, "SCAN-IO"), status=answer.status)


def _wait(answer: Answer, cancelled: threading.Event) -> None:
    said = answer.headers.get("retry-after", "")
    seconds = float(said) if said.isascii() and said.isdigit() and len(said) < 4 else _AGAIN_SECONDS
    if cancelled.wait(min(max(seconds, _AGAIN_SECONDS), 5.0)):
        raise KioskError("SCAN-CANCELLED")


def _told(url: str) -> str:
    return url.partition("#")[0]
