"""`ScanChild`: scanning as the screens see it (`kioskcore.ports.ScanService`), done by a child that may die.

One thread owns all state and calls the listener; a silent child is killed, a dead one is replaced with the
next request. Requests run one after the other; those behind a failed one still run.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, FileKind, Page, Point, ScanJob, ScanListener
from scanner.protocol import (
    MAX_LINE,
    CancelRequest,
    CleanRequest,
    DevicesReply,
    DevicesRequest,
    DoneReply,
    ErrorReply,
    Leaf,
    LookRequest,
    OffersReply,
    PageReply,
    PaperReply,
    PaperRequest,
    PressRequest,
    PreviewReply,
    ProgressReply,
    Reply,
    Request,
    ScanRequest,
    checked,
    encode,
    read_reply,
)

CANCEL_SECONDS = 6.0
"""A driver may need this long to bring the lamp home; then the child is killed."""


@dataclass(frozen=True)
class _Line:
    process: "subprocess.Popen[bytes]"
    text: bytes  # empty: the child's output has ended


class _Cancel:
    pass


class _Press:
    pass


class _Close:
    pass


@dataclass(frozen=True)
class _Refused:
    """A request that is unsound and never crosses."""

    id: int
    error: KioskError


_Event = Request | _Refused | _Line | _Cancel | _Press | _Close


class ScanChild:
    """`command` must run `scanner.worker.main`; a child silent for `deadline_seconds` is killed."""

    def __init__(
        self, command: Sequence[str], *, deadline_seconds: float, environment: dict[str, str] | None = None
    ) -> None:
        self._command = list(command)
        self._deadline_seconds = deadline_seconds
        self._environment = environment
        self._inbox: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._ids = count(1)
        self._listener: ScanListener | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lock = threading.Lock()  # only for the birth and death of the child
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: deque[Request | _Refused] = deque()
        self._fitting: set[int] = set()  # ids of the papers that `fitted` is told of
        self._running: Request | None = None
        self._silent_after = 0.0
        self._cancelled = False

    # what the screens call

    def start(self, listener: ScanListener) -> None:
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name="scan-service", daemon=True)
        self._thread.start()

    def find_devices(self) -> None:
        self._ask(DevicesRequest(next(self._ids)))

    def look(self, source: str) -> None:
        self._ask(LookRequest(next(self._ids), source))

    def press(self) -> None:
        self._inbox.put(_Press())

    def scan(self, job: ScanJob) -> None:
        self._ask(ScanRequest(next(self._ids), job))

    def cancel(self) -> None:
        """Stops the running scan and those that wait; each ends in SCAN-CANCELLED."""
        self._inbox.put(_Cancel())

    def clean_again(
        self,
        page: Page,
        corners: Sequence[Point] | None = None,
        turn_degrees: int = 0,
        tone: ColourMode | None = None,
    ) -> None:
        """`turn_degrees` is added to the turn the page has now; None keeps the corners, the tone.

        With new corners which way is up is looked for anew: the old answer was about a wrong cut.
        """
        given = tuple((float(x), float(y)) for x, y in corners) if corners is not None else page.corners
        turn = None if corners is not None and not turn_degrees else (page.turn_degrees + turn_degrees) % 360
        kept = tone or page.mode
        number = next(self._ids)
        self._ask(CleanRequest(number, page.page_id, page.raw.name, given, turn, kept))  # type: ignore[arg-type]

    def make_paper(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        part: str | None = None,
    ) -> None:
        number, leaves = next(self._ids), _leaves(pages)
        self._ask(PaperRequest(number, paper_id, title, leaves, budget_bytes, card_purpose, part))

    def fit(
        self,
        paper_id: str,
        title: str,
        pages: Sequence[Page],
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        kind: FileKind = FileKind.PDF,
    ) -> None:
        number, leaves = next(self._ids), _leaves(pages)
        self._fitting.add(number)
        self._ask(PaperRequest(number, paper_id, title, leaves, budget_bytes, card_purpose, kind=kind))

    def close(self) -> None:
        """Kill the child and all it started. Safe to call twice; later calls to the service do nothing."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                _kill(self._process)
        self._inbox.put(_Close())
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)

    def _ask(self, request: Request) -> None:
        try:
            self._inbox.put(checked(request))
        except KioskError as error:
            self._inbox.put(_Refused(request.id, error))

    # the service's own thread

    def _run(self) -> None:
        while True:
            try:
                event = self._inbox.get(timeout=self._patience())
            except queue.Empty:
                self._too_silent()
                continue
            if isinstance(event, _Close) or self._closed:
                break
            if isinstance(event, _Line):
                self._heard(event)
            elif isinstance(event, _Cancel):
                self._cancel()
            elif isinstance(event, _Press):
                self._press()
            else:
                self._waiting.append(event)
                self._next()
        self._bury()

    def _patience(self) -> float | None:
        return max(0.0, self._silent_after - time.monotonic()) if self._running else None

    def _next(self) -> None:
        """Send what waits, one at a time."""
        while self._waiting and self._running is None:
            request = self._waiting.popleft()
            if isinstance(request, _Refused):
                self._tell_failed(request.id, request.error)
                continue
            self._running, self._cancelled = request, False
            self._silent_after = time.monotonic() + self._deadline_seconds
            if not self._send(request):
                self._end_badly("SCAN-CRASH")

    def _send(self, request: Request) -> bool:
        """A request is far smaller than a pipe holds, so that this never waits for a stuck child."""
        process = self._process or self._spawn()
        if process is None or process.stdin is None:
            return False
        try:
            process.stdin.write(encode(request))
            process.stdin.flush()
        except OSError:
            return False
        return True

    def _heard(self, line: _Line) -> None:
        if line.process is not self._process:
            return  # the last words of a child already replaced
        if not line.text:
            self._end_badly("SCAN-CRASH")
            return
        try:
            reply = read_reply(line.text)
        except KioskError as error:
            self._end_badly(error.code)
            return
        if self._running is None or reply.id != self._running.id:
            return
        if not self._cancelled:
            self._silent_after = time.monotonic() + self._deadline_seconds
        self._answer(reply)
        if isinstance(reply, DoneReply | ErrorReply):
            self._running = None
            self._next()

    def _answer(self, reply: Reply) -> None:
        if isinstance(reply, ErrorReply):
            self._tell_failed(reply.id, KioskError(reply.code, **reply.facts))
        elif self._listener is None:
            return
        elif isinstance(reply, PaperReply) and reply.id in self._fitting:
            self._listener.fitted(reply.paper)
        elif isinstance(reply, DoneReply) and isinstance(self._running, ScanRequest):
            self._listener.scanned(reply.count)
        else:
            _tell(self._listener, reply)

    def _cancel(self) -> None:
        stopped = [request for request in self._waiting if isinstance(request, ScanRequest)]
        self._waiting = deque(request for request in self._waiting if request not in stopped)
        if isinstance(self._running, ScanRequest) and not self._cancelled:
            self._cancelled = True
            self._silent_after = time.monotonic() + CANCEL_SECONDS
            if not self._send(CancelRequest(self._running.id)):
                self._end_badly("SCAN-CRASH")
        for request in stopped:
            self._tell_failed(request.id, KioskError("SCAN-CANCELLED"))

    def _press(self) -> None:
        running = self._running
        if not isinstance(running, ScanRequest) or self._cancelled:
            return
        if not self._send(PressRequest(running.id)):
            self._end_badly("SCAN-CRASH")

    def _too_silent(self) -> None:
        if self._running is not None and time.monotonic() >= self._silent_after:
            self._end_badly("SCAN-TIMEOUT")

    def _end_badly(self, code: str) -> None:
        """The child is gone or must go; the running request ends in `code`."""
        self._bury()
        ended, self._running = self._running, None
        if ended is not None:
            self._tell_failed(ended.id, KioskError("SCAN-CANCELLED" if self._cancelled else code))
        self._next()

    def _tell_failed(self, number: int, error: KioskError) -> None:
        if self._listener is None or self._closed:
            return
        if number in self._fitting:
            self._listener.fitted(error)
        else:
            self._listener.failed(error)

    def _spawn(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._closed:
                return None
            try:
                process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,  # drivers may print names of files and papers
                    env={**os.environ, **(self._environment or {})},
                    start_new_session=True,
                )
            except OSError:
                return None
            self._process = process
        threading.Thread(target=self._listen, args=(process,), name="scan-listen", daemon=True).start()
        return process

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        """The reader of one child's output; ends with it."""
        assert process.stdout is not None
        with process.stdout as stream, suppress(OSError, ValueError):
            while line := stream.readline(MAX_LINE + 1):
                self._inbox.put(_Line(process, line))
        self._inbox.put(_Line(process, b""))

    def _bury(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _leaves(pages: Sequence[Page]) -> tuple[Leaf, ...]:
    return tuple(Leaf(page.clean.name, page.width_mm, page.height_mm, page.mode) for page in pages)


def _tell(listener: ScanListener, reply: Reply) -> None:
    """What a reply means whatever was asked."""
    if isinstance(reply, ProgressReply):
        listener.progress(reply.fraction)
    elif isinstance(reply, PageReply):
        listener.page(reply.page)
    elif isinstance(reply, PreviewReply):
        listener.preview(reply.preview)
    elif isinstance(reply, OffersReply):
        listener.offers(reply.offers)
    elif isinstance(reply, DevicesReply):
        listener.devices(reply.devices)
    elif isinstance(reply, PaperReply):
        listener.paper(reply.paper)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """The child and the driver programs it started: they share its process group."""
    if sys.platform == "win32":
        process.kill()
        return
    if process.returncode is None:  # not reaped yet, so its number is still its own
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
