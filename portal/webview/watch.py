"""Watches a page's renderer: hung or crashed renderers are killed, and the page is reloaded a few times."""

import contextlib
import os
import signal
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from portal.webview.page import Page

BEAT = 1.5
"""Seconds between two heartbeats."""
HANG = 9.0
"""Seconds without an answer after which a renderer counts as hung; with reload it stays under 15 s."""
RELOADS = 3
RELOAD_WINDOW = 600.0

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value


class Budget:
    """At most `limit` uses within `window` seconds."""

    def __init__(self, limit: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._window, self._clock = limit, window, clock
        self._used: list[float] = []

    def take(self) -> bool:
        """True and one less, or False where none is left."""
        now = self._clock()
        self._used = [when for when in self._used if now - when < self._window]
        if len(self._used) >= self._limit:
            return False
        self._used.append(now)
        return True


class RendererWatch(QObject):
    """Tells `revive(code)` when to load the page again, and `gave_up(code)` when that failed too often.

    The code is PORTAL-CRASH or PORTAL-HANG.
    """

    revive = Signal(str)
    gave_up = Signal(str)

    def __init__(self, page: Page, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._budget = Budget(RELOADS, RELOAD_WINDOW)
        self._asked: float | None = None
        self._hung = False
        self._timer = QTimer(self, interval=int(BEAT * 1000))
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        page.renderProcessTerminated.connect(self._ended)
        page.loadStarted.connect(self._answered)

    def stop(self) -> None:
        self._timer.stop()
        self._page.renderProcessTerminated.disconnect(self._ended)

    def _answered(self, _value: object = None) -> None:
        self._asked = None

    def _beat(self) -> None:
        if self._page.renderProcessPid() <= 0 or self._page.waiting:
            self._asked = None
            return
        if self._asked is None:
            self._asked = time.monotonic()
            self._page.runJavaScript("1", _WORLD, self._answered)
        elif time.monotonic() - self._asked > HANG:
            self._asked = None
            self._hung = True
            with contextlib.suppress(OSError):  # it may have ended by itself in this moment
                os.kill(self._page.renderProcessPid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    def _ended(self, status: QWebEnginePage.RenderProcessTerminationStatus, _exit_code: int) -> None:
        code = "PORTAL-HANG" if self._hung else "PORTAL-CRASH"
        self._hung = False
        self._asked = None
        if status == QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        if self._budget.take():
            self.revive.emit(code)
        else:
            self.gave_up.emit(code)
