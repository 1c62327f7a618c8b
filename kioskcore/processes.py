"""Families of processes: whatever a program starts can be found, killed and proved gone.

The same small face on each system: `own_descendants()` once, then `start(...)` gives a `Family`;
`end_leftovers(folder)` ends what a dead keeper's visit left running. Linux is tested; Windows is written
on Job Objects and has not been run (see processes_windows.py).
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from kioskcore.family import Family


def own_descendants() -> None:
    """Make orphans of our children ours, so that none escapes; no core files. Call before `start`."""
    _system().own_descendants()


def start(command: Sequence[str], folder: Path, extra_environment: Mapping[str, str] | None = None) -> Family:
    """Start `command` with pipes on stdin and stdout, as a family that dies with this process.

    `folder` is the visit's work folder, used as the family's mark. Must be called on the main thread of a
    keeper: on Linux the death signal hangs on the thread that started the child. Raises OSError.
    """
    return _system().start(command, folder, dict(extra_environment or {}))


def end_leftovers(folder: Path, seconds: float) -> int:
    """Kill what still runs of the visit that worked in `folder`; returns how many still live."""
    return _system().end_leftovers(folder, seconds)


def reap() -> None:
    """Collect dead orphans that came home; cheap enough for once a second."""
    _system().reap()


class _System(Protocol):
    def own_descendants(self) -> None: ...
    def start(self, command: Sequence[str], folder: Path, extra: dict[str, str]) -> Family: ...
    def end_leftovers(self, folder: Path, seconds: float) -> int: ...
    def reap(self) -> None: ...


def _system() -> _System:
    if sys.platform == "win32":
        from kioskcore import processes_windows as system
    else:
        from kioskcore import processes_linux as system
    return system
