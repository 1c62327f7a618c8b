"""The keeper: the parent process that gives every citizen a new visit process and keeps nothing of the last.

Plain Python, no Qt. A visit is started, shows the waiting screen, ends for whatever reason; the next is
started, and once that one has painted, the old one's processes and work folder are gone before anybody is
let in.
"""

import contextlib
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kioskcore import processes
from kioskcore.config import hand_over
from kioskcore.exit_code import ExitCode
from kioskcore.keeper_lock import held
from kioskcore.visit_process import Owed, Remove, VisitProcess, leftovers, private_folder, remove_tree

if TYPE_CHECKING:
    from kioskcore.config import Config
    from kioskcore.journal import Journal


FINAL = {ExitCode.CONFIG_INVALID, ExitCode.DISPLAY_MISSING, ExitCode.TECHNICIAN}
"""A visit that exits with one of these means the keeper: trying again would end the same way."""


@dataclass(frozen=True)
class Patience:
    """Seconds that the keeper waits before it acts."""

    paint: float = 30.0  # start to painted
    beat: float = 15.0  # between two signs of life once painted
    visit: float = 0.5  # no person ends a visit sooner than this after it was opened
    kill: float = 3.0  # until the killed must be gone
    quit: float = 1.0  # for a visit's own last steps when the keeper is told to stop


Watcher = Callable[[int, Mapping[str, object]], None]


class Keeper:
    """`visit_command` starts a visit; `--work FOLDER` is put behind it, and the checked settings into FOLDER.

    `visit_extra(number)` adds arguments to the visit of that number (1 is the first).
    `on_event(number, event)` hears every message of a visit, and from the keeper
    {"event": "started" | "opened" | "failed" | "refused" | "wiped"}; it is called on the keeper's thread
    and must not block. `run` may be called once, on the main thread; `stop` on any thread.
    """

    def __init__(
        self,
        config: "Config",
        visit_command: Sequence[str],
        journal: "Journal",
        *,
        patience: Patience | None = None,
        visit_extra: Callable[[int], Sequence[str]] = lambda number: (),
        on_event: Watcher = lambda number, event: None,
        remove: Remove = remove_tree,
    ) -> None:
        self._config = config
        self._settings = config.keeper
        self._state_folder = config.state_folder
        self._work_root = config.work_root
        self._command = list(visit_command)
        self._journal = journal
        self._patience = patience or Patience()
        self._extra = visit_extra
        self._on_event = on_event
        self._remove = remove
        self._inbox: queue.SimpleQueue[tuple[VisitProcess | None, Mapping[str, object]]] = queue.SimpleQueue()
        self._number = 0
        self._present: VisitProcess | None = None
        self._owed: list[Owed] = []
        self._crashes: deque[float] = deque()
        self._paused = False  # the present visit is there to show CRASH-LOOP
        self._again_at: float | None = None
        self._exit: ExitCode | None = None

    def run(self) -> ExitCode:
        """Keep until told to stop. Raises KioskError KEEPER-RUNNING, WORK-FOLDER before anything started."""
        private_folder(self._work_root)
        with held(self._state_folder / "keeper.lock"), held(self._work_root / "keeper.lock"):
            with self._stopped_by_signals():
                processes.own_descendants()
                self._note("keeper-start")
                self._owed = [left for left in leftovers(self._work_root) if not self._wiped(left)]
                try:
                    self._start_visit()
                    while self._exit is None:
                        self._turn()
                finally:
                    left_clean = self._end_all()
            code = self._exit if left_clean else ExitCode.WIPE_FAILED
            self._note("keeper-end", code=int(code))
            return code

    def stop(self) -> None:
        """End the present visit, wipe it and return from `run`."""
        self._inbox.put((None, {"event": "stop"}))

    @property
    def visit_pids(self) -> list[int]:
        """Every process of the present visit."""
        return self._present.family.pids() if self._present else []

    # the loop

    def _turn(self) -> None:
        due = self._due()
        try:
            remaining = None if due is None else max(0.0, due - time.monotonic())
            visit, message = self._inbox.get(timeout=remaining)
        except queue.Empty:
            self._time_over(late=time.monotonic() - due if due is not None else 0.0)
            return
        if visit is None:
            self._exit = ExitCode.OK
            return
        if not visit.wiped:
            self._on_event(visit.number, message)
        if visit is self._present:
            self._hear(visit, message)

    def _hear(self, visit: VisitProcess, message: Mapping[str, object]) -> None:
        match message["event"]:
            case "painted" if not visit.painted:
                visit.painted = True
                self._let_in(visit)
            case "beat":
                processes.reap()
            case "ended":
                self._ended(visit, str(message.get("reason", "")))
            case "exit":
                self._gone(visit, message.get("code"))

    def _due(self) -> float | None:
        """When time itself becomes an event."""
        times = [] if self._again_at is None else [self._again_at]
        if self._present is not None:
            visit, wait = self._present, self._patience
            times.append(visit.heard_at + wait.beat if visit.painted else visit.started_at + wait.paint)
        return min(times, default=None)

    def _time_over(self, late: float) -> None:
        now = time.monotonic()
        visit = self._present
        if self._again_at is not None and now >= self._again_at:
            self._try_again()
        elif visit is not None and late > 1.0:
            visit.started_at = visit.heard_at = now  # we slept ourselves (stopped, suspended): judge anew
        elif visit is not None and (due := self._due()) is not None and now >= due:
            self._failed(visit, "hang" if visit.painted else "no-paint")

    # the visits

    def _start_visit(self, *, paused: bool = False) -> None:
        self._paused = paused
        self._again_at = None
        self._number += 1
        try:
            self._present = VisitProcess(
                self._number,
                self._work_root,
                self._command_of_next,
                lambda visit, message: self._inbox.put((visit, message)),
            )
        except OSError as fault:  # no memory, no room, no program
            self._present = None
            self._count_crash("not-started", fault.errno or 0)
        else:
            self._on_event(self._number, {"event": "started", "pid": self._present.family.pid})

    def _command_of_next(self, folder: Path) -> list[str]:
        hand_over(self._config, folder)
        return [*self._command, "--work", str(folder), *self._extra(self._number)]

    def _let_in(self, visit: VisitProcess) -> None:
        """The new one is on the screen: now the old ones go, and only then somebody is let in."""
        self._pay()
        if self._owed:
            self._refuse(visit, "WIPE-FAILED")
        elif self._paused:
            self._refuse(visit, "CRASH-LOOP")
        else:
            visit.opened_at = time.monotonic()
            visit.say("open")
            self._on_event(visit.number, {"event": "opened"})

    def _refuse(self, visit: VisitProcess, code: str) -> None:
        visit.say("out_of_service", code=code)
        self._again_at = time.monotonic() + self._settings.slow_retry_seconds
        self._note("out-of-service", code=code)
        self._on_event(visit.number, {"event": "refused", "code": code})

    def _try_again(self) -> None:
        """After a pause: wipe what is still owed; if that works, a new visit replaces the screen."""
        self._again_at = None
        self._pay()
        if self._owed and self._present is not None:
            self._refuse(self._present, "WIPE-FAILED")
            return
        if self._present is not None:
            self._owed.append(self._present)
        self._start_visit()

    def _ended(self, visit: VisitProcess, reason: str) -> None:
        if reason == "technician":
            self._exit = ExitCode.TECHNICIAN
        elif visit.opened_at is None or time.monotonic() - visit.opened_at < self._patience.visit:
            self._failed(visit, "ended-early")  # or a visit that ends at once would spin
        else:
            self._owed.append(visit)
            self._start_visit()

    def _gone(self, visit: VisitProcess, code: object) -> None:
        if isinstance(code, int) and code in FINAL:
            self._exit = ExitCode(code)
        else:
            self._failed(visit, "crash", code if isinstance(code, int) else 0)

    def _failed(self, visit: VisitProcess, why: str, code: int = 0) -> None:
        self._on_event(visit.number, {"event": "failed", "why": why})
        self._present = None
        if visit.painted or not self._wiped(visit):  # an unpainted one has no window to keep up
            self._owed.append(visit)
        self._count_crash(why, code)

    def _count_crash(self, why: str, code: int) -> None:
        """Next visit at once; too many crashes: one that says so; if that fails too, wipe and wait."""
        now = time.monotonic()
        self._crashes.append(now)
        while self._crashes[0] < now - self._settings.crash_window_minutes * 60:
            self._crashes.popleft()
        self._note("visit-failed", why=why, code=code, lately=len(self._crashes))
        if len(self._crashes) <= self._settings.crash_limit:
            self._start_visit()
        elif not self._paused:
            self._start_visit(paused=True)
        else:
            self._paused = False
            self._pay()
            self._again_at = now + self._settings.slow_retry_seconds

    # the wipe

    def _pay(self) -> None:
        self._owed = [owed for owed in self._owed if not self._wiped(owed)]

    def _wiped(self, owed: Owed) -> bool:
        clean = owed.wipe(self._remove, self._patience.kill)
        if not clean:
            self._note("wipe-failed")
        elif isinstance(owed, VisitProcess):
            self._on_event(owed.number, {"event": "wiped"})
        return clean

    def _end_all(self) -> bool:
        visit, self._present = self._present, None
        if visit is not None:
            visit.say("quit")
            visit.family.wait(self._patience.quit)
            self._owed.append(visit)
        self._pay()
        return not self._owed

    def _note(self, event: str, **facts: str | int | float | bool) -> None:
        with contextlib.suppress(OSError):  # a full disk must not stop the kiosk
            self._journal.note(event, **facts)

    @contextlib.contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        names = [name for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
        before = {getattr(signal, name): signal.getsignal(getattr(signal, name)) for name in names}
        for number in before:
            signal.signal(number, lambda *_: self.stop())
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
