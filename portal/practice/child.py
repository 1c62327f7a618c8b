"""The parent's side of the practice portal: start it, know its address, end it. Neither Qt nor Flask here."""

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from typing import IO

from kioskcore.errors import KioskError

START_SECONDS = 10.0
_END_SECONDS = 3.0


class PracticePortal:
    """A child process that serves on loopback. `command` starts `portal.practice.server.main`."""

    def __init__(self, command: Sequence[str], start_seconds: float = START_SECONDS) -> None:
        self._command = list(command)
        self._start_seconds = start_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> str:
        """Its address, "http://127.0.0.1:<port>/". A running one is kept.

        Raises KioskError PORT-TAKEN, or PORTAL-LOAD where it does not answer in time.
        """
        if self._child and self._child.poll() is None:
            return self._address()
        self._child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no console over the kiosk
        )
        told = self._first_line()
        if told.get("error"):
            self.stop()
            raise KioskError(str(told["error"]), port=int(str(told.get("port", 0))))
        port = told.get("port")
        if not isinstance(port, int) or port <= 0:
            self.stop()
            raise KioskError("PORTAL-LOAD")
        self.port = port
        return self._address()

    @property
    def process_id(self) -> int | None:
        """Of the running child; None where there is none."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def stop(self) -> None:
        """Close its input, which ends it; kill it where that is not enough. Safe to call twice."""
        child, self._child = self._child, None
        self.port = 0
        if child is None:
            return
        with contextlib.suppress(OSError):
            _stream(child.stdin).close()
        try:
            child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        _stream(child.stdout).close()

    def _address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _first_line(self) -> dict[str, object]:
        """Read on a thread, since a pipe cannot be waited for with a deadline on Windows."""
        lines: queue.Queue[bytes] = queue.Queue()
        out = _stream(self._child.stdout if self._child else None)
        threading.Thread(target=lambda: lines.put(out.readline()), daemon=True).start()
        try:
            told = json.loads(lines.get(timeout=self._start_seconds))
        except (queue.Empty, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the child was started without pipes")
    return stream
