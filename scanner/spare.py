"""The folder in which one run of a command keeps page pictures: in memory, and gone however the run ends.

A run that was killed outright cannot clean up; the next one does. The lock on a folder tells whether its run
is still there: the system takes it back with the process.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

PREFIX = "kiosk-scan-"
_ENDS = ("SIGTERM", "SIGHUP")  # Windows knows no SIGHUP


@contextlib.contextmanager
def spare_folder(root: Path | None = None) -> Iterator[Path]:
    """A folder of this run alone; what killed runs of the same user left in `root` goes first."""
    place = root or _memory()
    sweep_spare(place)
    made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=place))
    descriptor = _locked(made)
    folder = made.rename(place / made.name.removeprefix("."))  # known to others only once it is locked
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def sweep_spare(place: Path) -> None:
    """Remove the folders of our own user whose run is gone."""
    if sys.platform == "win32":
        return
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.lstat().st_uid != os.getuid():
                continue
            descriptor = _locked(folder)
            if descriptor is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(descriptor)


@contextlib.contextmanager
def ending_cleanly() -> Iterator[None]:
    """A polite end from outside unwinds like Ctrl+C, as SystemExit; a second one does not disturb that."""
    numbers = [getattr(signal, name) for name in _ENDS if hasattr(signal, name)]

    def end(number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _locked(folder: Path) -> int | None:
    """Holds the folder while the descriptor is open; None where somebody else does."""
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _memory() -> Path:
    """Pages of a person stay off the disk where the system has a folder in memory."""
    memory = Path("/dev/shm")  # noqa: S108 - on purpose
    return memory if memory.is_dir() else Path(tempfile.gettempdir())
