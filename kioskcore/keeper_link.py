"""The visit's end of the wire to its keeper: JSON lines on stdin and stdout.

`send` may be called on any thread; `listen` answers on its own thread. A visit never outlives its keeper:
when the wire breaks, the listener hears {"do": "quit"} and the process ends hard shortly after.

| said by the visit | when |
|---|---|
| {"event": "painted"} | the waiting screen is on the screen; nobody may touch it yet |
| {"event": "beat"} | every second, from the GUI thread |
| {"event": "ended", "reason": ...} | nothing more will be shown; reason "technician" ends the keeper too |

| said by the keeper | meaning |
|---|---|
| {"do": "open"} | nothing of the last visit is left: let the next person in |
| {"do": "out_of_service", "code": ...} | show that code and let nobody in |
| {"do": "quit"} | end now |
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import IO

Listener = Callable[[dict[str, str]], None]

_GRACE_SECONDS = 1.5


class KeeperLink:
    """`stdin` and `stdout` are binary streams; None for both: no keeper, everything is silent."""

    def __init__(
        self,
        stdin: IO[bytes] | None,
        stdout: IO[bytes] | None,
        *,
        grace_seconds: float = _GRACE_SECONDS,
        hard_exit: Callable[[int], object] = os._exit,
    ) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._grace = grace_seconds
        self._hard_exit = hard_exit
        self._writing = threading.Lock()

    @classmethod
    def none(cls) -> "KeeperLink":
        """For a visit that runs alone: sends nothing, hears nothing."""
        return cls(None, None)

    @classmethod
    def of_process(cls) -> "KeeperLink":
        """Take over this process's stdin and stdout; what libraries print goes to stderr from now on.

        Call before anything else starts a thread or a child: they must not hold the wire.
        """
        sys.stdout.flush()
        wire = os.dup(1)  # not inherited by children, unlike 1 itself
        os.dup2(2, 1)
        orders = os.dup(0)
        quiet = os.open(os.devnull, os.O_RDONLY)
        os.dup2(quiet, 0)
        os.close(quiet)
        return cls(os.fdopen(orders, "rb"), os.fdopen(wire, "wb"))

    @property
    def kept(self) -> bool:
        """Whether there is a keeper at the other end."""
        return self._stdout is not None

    def send(self, event: str, **facts: str | int | float | bool) -> None:
        """Tell the keeper; facts hold no personal data. A keeper that is gone is no error here."""
        if self._stdout is None:
            return
        line = json.dumps({"event": event, **facts}) + "\n"
        with self._writing, contextlib.suppress(OSError, ValueError):
            self._stdout.write(line.encode())
            self._stdout.flush()

    def listen(self, callback: Listener) -> None:
        """Start hearing: `callback(order)` on a daemon thread; an order has "do" and maybe "code"."""
        if self._stdin is not None:
            threading.Thread(target=self._hear, args=(callback,), name="keeper-link", daemon=True).start()

    def _hear(self, callback: Listener) -> None:
        assert self._stdin is not None
        with contextlib.suppress(OSError, ValueError):
            while line := self._stdin.readline():
                order = _parse(line)
                if order is not None:
                    callback(order)
        last = threading.Timer(self._grace, self._hard_exit, args=(0,))
        last.daemon = True
        last.start()  # before the callback, which may never come back
        callback({"do": "quit"})


def _parse(line: bytes) -> dict[str, str] | None:
    try:
        order = json.loads(line)
    except ValueError:
        return None
    if not isinstance(order, dict) or "do" not in order:
        return None
    return {str(name): str(value) for name, value in order.items()}
