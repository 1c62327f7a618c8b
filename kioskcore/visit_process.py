"""One running visit as its keeper holds it: work folder, family of processes, pipes, wipe.

Also `Leftover`, a dead keeper's visit: both can be wiped, and the wipe says whether nothing is left.
"""

import contextlib
import json
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from kioskcore import processes
from kioskcore.errors import KioskError
from kioskcore.paths import PRINTED

PREFIX = "visit-"
_LINE_LIMIT = 65536
_LAST_WORD_SECONDS = 1.0  # a visit that closed its wire has so long to end by itself
_LAST_LINES_SECONDS = 0.2  # a dead visit's wire may be held by a child; its last lines come at once

Message = Mapping[str, object]
Remove = Callable[[Path], None]


class Owed(Protocol):
    """Something that must be gone before the next citizen is let in."""

    def wipe(self, remove: Remove, seconds: float) -> bool: ...


class VisitProcess:
    """Started at once. `tell(self, message)` is called on a reader thread for every JSON object the visit
    sends, and once with {"event": "exit", "code": int | None} when it is gone; None: it closed its wire.
    """

    def __init__(
        self,
        number: int,
        work_root: Path,
        command: Callable[[Path], Sequence[str]],
        tell: Callable[["VisitProcess", Message], None],
    ) -> None:
        self.number = number
        self.painted = self.wiped = False
        self.opened_at: float | None = None
        self.started_at = self.heard_at = time.monotonic()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=work_root))
        self._tell = tell
        # What a library or Chromium puts aside goes with the visit, even after a power cut.
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder))
        try:
            self.family = processes.start(command(self.folder), self.folder, temporary)
        except BaseException:  # whatever it was, nothing half-made may stay; it goes on its way
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._telling = threading.Lock()
        self._gone = False
        self._reader = threading.Thread(target=self._read, name=f"visit-{number}-wire", daemon=True)
        self._reader.start()
        threading.Thread(target=self._watch, name=f"visit-{number}-end", daemon=True).start()

    def say(self, do: str, **facts: str) -> None:
        """Tell the visit; a visit that is gone hears nothing and that is no error."""
        line = json.dumps({"do": do, **facts}) + "\n"
        with contextlib.suppress(OSError, ValueError):
            self.family.stdin.write(line.encode())
            self.family.stdin.flush()

    def wipe(self, remove: Remove, seconds: float) -> bool:
        """Kill the family, remove the folder; True when both are proved gone."""
        if self.family.kill(seconds):
            return False
        self._reader.join(seconds)
        self.wiped = _unspooled(self.folder, seconds) and remove_folder(self.folder, remove)
        return self.wiped

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := self.family.stdout.readline(_LINE_LIMIT):
                message = _parse(line)
                if message is not None:
                    self.heard_at = time.monotonic()
                    self._tell(self, message)
        self._tell_gone(self.family.wait(_LAST_WORD_SECONDS))
        with contextlib.suppress(OSError):
            self.family.stdout.close()

    def _watch(self) -> None:
        code = self.family.wait()
        self._reader.join(_LAST_LINES_SECONDS)
        self._tell_gone(code)

    def _tell_gone(self, code: int | None) -> None:
        """Once: the end of the process and the end of its wire are one event."""
        with self._telling:
            if not self._gone:
                self._gone = True
                self._tell(self, {"event": "exit", "code": code})


class Leftover:
    """The folder of a visit whose keeper is gone, and whatever still works in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wipe(self, remove: Remove, seconds: float) -> bool:
        if processes.end_leftovers(self.folder, seconds):
            return False
        return _unspooled(self.folder, seconds) and remove_folder(self.folder, remove)


def leftovers(work_root: Path) -> list[Leftover]:
    """Every visit folder, and every visit whose folder is gone but whose session was noted."""
    names = {entry.name.removesuffix(".session") for entry in work_root.glob(f"{PREFIX}*")}
    return [Leftover(work_root / name) for name in sorted(names)]


def remove_folder(folder: Path, remove: Remove) -> bool:
    """True when the folder is not there afterwards, whatever `remove` says."""
    try:
        if os.path.lexists(folder):
            remove(folder)
    except OSError:
        return False
    return not os.path.lexists(folder)


def remove_tree(folder: Path) -> None:
    """rmtree that follows no link and opens folders which a program closed to us. Raises OSError."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    for place, folders, _ in os.walk(folder):
        for name in folders:
            below = Path(place, name)
            if not below.is_symlink():
                below.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def private_folder(folder: Path) -> None:
    """Make `folder` ours alone. Raises KioskError WORK-FOLDER where somebody else got there first."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
                raise KioskError("WORK-FOLDER", folder=str(folder))
            folder.chmod(0o700)
    except OSError as fault:
        raise KioskError("WORK-FOLDER", folder=str(folder)) from fault


def _unspooled(folder: Path, seconds: float) -> bool:
    """True when the print server keeps nothing of the visit. Before its folder goes, or nobody would know."""
    if not (folder / PRINTED).exists():
        return True
    from kioskcore.spool import unspooled  # late: most visits print nothing, and HTTP is slow to load

    return unspooled(folder.name, seconds)


def _parse(line: bytes) -> Message | None:
    """A JSON object with an "event" text; anything else a library printed is not for us."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) and isinstance(message.get("event"), str) else None
