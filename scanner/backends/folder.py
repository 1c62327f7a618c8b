"""Pictures and PDFs that lie in a folder: a scanner's own button, a USB stick, a phone's files.

Sources: "folder:" is the folder of the settings, whose files are taken away once they are pages,
"folder:<key>,<key>" those of its files that were chosen; "folder:/path" leaves them, "/path" being folders or
files with the system's path separator between. Links are not followed. Names of files never leave this room.
"""

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import FOLDER_NOT_SET, Device, DeviceKind, Offer, Probe, ScanJob
from scanner.backends.bring import bring_all
from scanner.backends.shelf import Shelf
from scanner.files import is_own_file, is_paper

_SETTLE_SECONDS = 0.25
_PATIENCE_SECONDS = 10.0


class FolderBackend:
    name = "folder"

    def __init__(self, config: Scan) -> None:
        self._folder = Path(config.folder) if config.folder else None
        self._max_pixels = config.max_megapixels * 1_000_000
        self._shelf = Shelf(config.max_megapixels)
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        if self._folder is None:
            return Probe(self.name, False, "SCAN-NO-DEVICE", FOLDER_NOT_SET)
        there = self._folder.is_dir() and os.access(self._folder, os.R_OK | os.W_OK)
        return Probe(self.name, there, None if there else "SCAN-NO-DEVICE", str(self._folder))

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.FOLDER, "")] if self.probe().ok else []

    def offers(self, source: str, folder: Path, on_progress: Callable[[float], None]) -> list[Offer]:
        """The files of the settings' folder, the newest first. Raises SCAN-NO-DEVICE, SCAN-NO-FILES."""
        return self._shelf.lay_out(self.files(""), folder, on_progress)

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Every file, by name. A spoilt one does not cost the others: its error comes at the end.

        Raises IMAGE-*, PDF-*, SCAN-NO-DEVICE (no such folder), SCAN-NO-FILES (nothing in it).
        """
        self._cancelled.clear()
        rest = job.source.partition(":")[2]
        chosen = self._shelf.chosen(rest)
        files = chosen or self.files(rest)
        if not files:
            raise KioskError("SCAN-NO-FILES")

        def taken(file: Path) -> None:
            if chosen or not rest:
                file.unlink(missing_ok=True)

        room = (folder, self._max_pixels)
        bring_all(
            files, *room, on_page, on_progress, cancelled=self._cancelled, before=self.settled, after=taken
        )

    def cancel(self) -> None:
        self._cancelled.set()

    def files(self, rest: str) -> list[Path]:
        """What "folder:" + `rest` means, by name. Raises SCAN-NO-DEVICE where no such place is there."""
        if not rest:
            places = [self._folder] if self._folder else []
        else:
            places = [Path(part) for part in rest.split(os.pathsep) if part]
        files: list[Path] = []
        for place in places:
            if place.is_dir():
                files += sorted(file for file in place.iterdir() if is_paper(file))
            elif is_own_file(place):
                files.append(place)
        if not any(place.exists() for place in places):
            raise KioskError("SCAN-NO-DEVICE")
        return files

    def settled(self, file: Path) -> None:
        """Waits until the writer of the file has finished: its size and time stand still.

        Raises IMAGE-UNREADABLE where that takes too long, or the file is gone or no file of its own.
        """
        end = time.monotonic() + _PATIENCE_SECONDS
        before = _stamp(file)
        if time.time() - before[1] > 2 and before[0]:
            return
        while time.monotonic() < end:
            if self._cancelled.wait(_SETTLE_SECONDS):
                raise KioskError("SCAN-CANCELLED")
            now = _stamp(file)
            if now == before:
                return
            before = now
        raise KioskError("IMAGE-UNREADABLE")


def _stamp(file: Path) -> tuple[int, float]:
    try:
        found = file.lstat()
    except OSError as fault:
        raise KioskError("IMAGE-UNREADABLE") from fault
    if not stat.S_ISREG(found.st_mode):  # a link since
        raise KioskError("IMAGE-UNREADABLE")
    return found.st_size, found.st_mtime
