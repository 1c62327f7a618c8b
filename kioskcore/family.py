"""What every family of processes is, whichever system it runs on: its face, its mark, its stderr."""

import os
import stat
import subprocess
from typing import IO, Protocol

FOLDER_MARK = "KIOSK_VISIT"
"""Environment name that every process of a visit inherits; its value is the visit's work folder."""


class Family(Protocol):
    """A started program and all its descendants."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def wait(self, seconds: float | None = None) -> int | None:
        """Exit code of the program itself (negative: killed by that signal); None when the time is over."""
        ...

    def kill(self, seconds: float) -> int:
        """Kill the program and all its descendants; returns how many still live after `seconds`."""
        ...

    def pids(self) -> list[int]:
        """Every living process of the family."""
        ...


def quiet_stderr(descriptor: int = 2) -> int | None:
    """What a child's stderr shall be: ours (None), or DEVNULL where ours ends in a file.

    A visit may print what the person typed; that may be seen on a terminal but must not be kept.
    """
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return subprocess.DEVNULL
    return subprocess.DEVNULL if stat.S_ISREG(mode) else None
