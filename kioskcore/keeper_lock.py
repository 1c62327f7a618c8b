"""One keeper a machine: a lock that the system takes back when the keeper dies, however it dies."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from kioskcore.errors import KioskError


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold `file` locked. Raises KioskError KEEPER-RUNNING where it is held.

    Facts: `folder` of the file, `pid` of the holder, 0 if unknown.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        try:
            _lock(descriptor)
        except OSError as fault:
            raise KioskError("KEEPER-RUNNING", folder=str(file.parent), pid=_holder(descriptor)) from fault
        if sys.platform != "win32":  # there a locked byte cannot be read by others
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)  # gives the lock back; the file stays, so that nobody locks a deleted one


def _holder(descriptor: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int(os.read(descriptor, 16))
    return 0


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
