"""The scan child: reads requests on stdin, drives the devices, cleans pages, answers on stdout. No Qt.

`main` returns when stdin closes; until then nothing but a kill, a crash of a library or `cancel` stops a job.
"""

import os
import queue
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.ports import Device, LiveBackend, Offer, OfferingBackend, Preview, ScanBackend
from scanner.files import INCOMING, sweep
from scanner.memory import give_back, limit_memory
from scanner.protocol import (
    MAX_LINE,
    CancelRequest,
    CleanRequest,
    DevicesReply,
    DevicesRequest,
    DoneReply,
    ErrorReply,
    LookRequest,
    OffersReply,
    PageReply,
    PaperReply,
    PaperRequest,
    PressRequest,
    PreviewReply,
    ProbeRequest,
    ProbesReply,
    ProgressReply,
    Reply,
    Request,
    ScanRequest,
    encode,
    read_request,
)

_PROGRESS_SECONDS = 0.1


def main(config: Config, work: Path) -> int:
    """The whole life of the child; pages come to lie in `work`/scan."""
    os.umask(0o077)
    replies = _own_stdout()
    limit_memory()
    folder = work / "scan"
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    worker = Worker(config, folder, replies)
    threading.Thread(target=_read_requests, args=(worker,), name="requests", daemon=True).start()
    worker.run()
    return 0


class Worker:
    """Does one request after the other; `cancel` may come from another thread at any time."""

    def __init__(self, config: Config, folder: Path, replies: BinaryIO) -> None:
        import cv2

        from scanner.backends import make_backends
        from scanner.intake import Intake

        cv2.setNumThreads(2)
        self._folder = folder
        self._replies = replies
        self._backends: dict[str, ScanBackend] = make_backends(config)
        self._intake = Intake(folder, config.scan)
        self._requests: queue.SimpleQueue[Request | KioskError | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._mouth = threading.Lock()
        self._scanning: tuple[int, ScanBackend] | None = None
        self._cancelled: set[int] = set()

    def put(self, line: bytes) -> None:
        """A line from the parent; an unsound one is answered, not obeyed."""
        try:
            request = read_request(line)
        except KioskError as error:
            self._requests.put(error)
            return
        if isinstance(request, CancelRequest):
            self._cancel(request.id)
        elif isinstance(request, PressRequest):
            self._press(request.id)
        else:
            self._requests.put(request)

    def end(self) -> None:
        self._requests.put(None)

    def run(self) -> None:
        while (request := self._requests.get()) is not None:
            if isinstance(request, KioskError):
                self._say(ErrorReply(0, request.code, request.facts))
                continue
            try:
                self._in_words(request)
            except KioskError as error:
                self._say(ErrorReply(request.id, error.code, error.facts))
            except Exception as fault:  # noqa: BLE001 - a library's surprise ends this request, not the child
                self._say(ErrorReply(request.id, "BUG", {"fault": type(fault).__name__}))
            give_back()  # nobody waits for it: the answer is on its way

    def _in_words(self, request: Request) -> None:
        from scanner.intake import in_kiosk_words

        in_kiosk_words(lambda: self._do(request))

    def _do(self, request: Request) -> None:
        number = request.id
        if isinstance(request, ScanRequest):
            self._say(DoneReply(number, self._scan(request)))
            return
        if isinstance(request, ProbeRequest):
            self._say(ProbesReply(number, tuple(backend.probe() for backend in self._backends.values())))
        elif isinstance(request, DevicesRequest):
            self._say(DevicesReply(number, self._devices()))
        elif isinstance(request, LookRequest):
            self._say(OffersReply(number, self._look(request)))
        elif isinstance(request, CleanRequest):
            self._say(PageReply(number, self._intake.again(request)))
        elif isinstance(request, PaperRequest):
            self._say(PaperReply(number, self._intake.paper(request, self._progress(number))))
        self._say(DoneReply(number))

    def _devices(self) -> tuple[Device, ...]:
        """Of every back end that answers. Raises the first error only where nothing at all was found."""
        found: list[Device] = []
        failed: list[KioskError] = []
        for backend in self._backends.values():
            try:
                found += backend.devices() if backend.probe().ok else []
            except KioskError as error:
                failed.append(error)
        if failed and not found:
            raise failed[0]
        return tuple(found)

    def _look(self, request: LookRequest) -> tuple[Offer, ...]:
        backend = self._backends.get(request.source.partition(":")[0])
        if not isinstance(backend, OfferingBackend):
            raise KioskError("SCAN-NO-DEVICE")
        return tuple(backend.offers(request.source, self._folder, self._progress(request.id)))

    def _scan(self, request: ScanRequest) -> int:
        """Pages are told as they are ready; one unreadable page does not cost the others.

        Raises the first page's error after the last page.
        """
        backend = self._backends.get(request.job.source.partition(":")[0])
        if backend is None:
            raise KioskError("SCAN-NO-DEVICE")
        incoming = self._folder / INCOMING
        incoming.mkdir(exist_ok=True)
        count = 0
        spoilt: list[KioskError] = []

        def on_raw(picture: Path) -> None:
            if not isinstance(backend, LiveBackend):  # there the person is looking at something else
                self._say(PreviewReply(request.id, Preview(picture)))

        def on_page(file: Path) -> None:
            nonlocal count
            try:
                for page in self._intake.take(file, request.job.tone, on_raw):
                    if request.id in self._cancelled:
                        self._intake.forget(page.page_id)
                        raise KioskError("SCAN-CANCELLED")
                    self._say(PageReply(request.id, page))
                    count += 1
            except KioskError as error:
                # a back end with files of the person's must know: it keeps what has not become pages
                if isinstance(backend, OfferingBackend) or not error.code.startswith(("IMAGE-", "PDF-")):
                    raise
                spoilt.append(error)

        with self._lock:
            self._scanning = (request.id, backend)
        try:
            self._stop_if_cancelled(request.id)
            if isinstance(backend, LiveBackend):
                backend.watch(lambda preview: self._say(PreviewReply(request.id, preview)))
            backend.scan(request.job, incoming, on_page, _Throttle(self._progress(request.id)))
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
            with self._lock:
                self._scanning = None
        self._stop_if_cancelled(request.id)
        if spoilt:
            raise spoilt[0]
        return count

    def _progress(self, number: int) -> Callable[[float], None]:
        return lambda fraction: self._say(ProgressReply(number, min(1.0, max(0.0, fraction))))

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled.add(number)
            if self._scanning is not None and self._scanning[0] == number:
                self._scanning[1].cancel()

    def _press(self, number: int) -> None:
        with self._lock:
            backend = self._scanning[1] if self._scanning and self._scanning[0] == number else None
            if isinstance(backend, LiveBackend):
                backend.press()

    def _stop_if_cancelled(self, number: int) -> None:
        if number in self._cancelled:
            raise KioskError("SCAN-CANCELLED")

    def _say(self, reply: Reply) -> None:
        with self._mouth:  # progress comes from the thread that listens to the driver
            self._replies.write(encode(reply))
            self._replies.flush()


class _Throttle:
    """A driver may report each of 3000 lines; the parent wants ten a second."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._next = 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now >= self._next or fraction >= 1:
            self._next = now + _PROGRESS_SECONDS
            self._tell(fraction)


def _read_requests(worker: Worker) -> None:
    """Ends the whole child with its stdin, whatever a driver is doing then."""
    stream = sys.stdin.buffer
    while line := stream.readline(MAX_LINE + 1):
        worker.put(line)
    worker.end()
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        with suppress(ProcessLookupError):
            os.killpg(0, signal.SIGKILL)  # driver programs of this child go with it
    os._exit(0)


def _own_stdout() -> BinaryIO:
    """Keeps stdout for protocol lines: whatever a library prints goes to stderr."""
    sys.stdout.flush()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies
