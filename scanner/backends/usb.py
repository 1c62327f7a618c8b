"""A stick that the person brought: thumbnails of its pictures and PDFs, and copies of those chosen.

Sources: "usb:" to look, "usb:<key>,<key>" with keys of the last look to scan. Files are only ever read,
links are not followed, and names of files never leave this room.
"""

import ctypes
import os
import string
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Offer, Probe, ScanJob
from scanner.backends.bring import bring_all
from scanner.backends.shelf import Shelf, is_plain
from scanner.files import PICTURES

MOST_ENTRIES = 20_000
"""Files and folders looked at; a stick with more is not searched to its end."""

DEEPEST = 4
"""Folders below the stick's root."""

_MOUNTS = Path("/proc/self/mounts")
_PLACES = ("/media/", "/run/media/")
_DRIVE_REMOVABLE = 2


class UsbBackend:
    name = "usb"

    def __init__(self, config: Scan) -> None:
        self._named = tuple(Path(folder) for folder in config.usb_folders)
        self._max_megapixels = config.max_megapixels
        self._shelf = Shelf(config.max_megapixels)
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        """Whether a stick is in. The detail tells where it is looked for."""
        places = ", ".join(str(folder) for folder in self._named) or ", ".join(_system_places())
        there = bool(self._sticks())
        return Probe(self.name, there, None if there else "SCAN-NO-STICK", places)

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.USB, "")] if self._sticks() else []

    def offers(self, source: str, folder: Path, on_progress: Callable[[float], None]) -> list[Offer]:
        """The newest files first; one whose start is no picture is left out."""
        sticks = self._sticks()
        if not sticks:
            raise KioskError("SCAN-NO-STICK")
        files = [file for stick in sticks for file in islice(walk(stick), MOST_ENTRIES)]
        return self._shelf.lay_out(files, folder, on_progress)

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """The chosen files in the order of the keys. Raises IMAGE-*, PDF-*, SCAN-NO-FILES, SCAN-NO-STICK."""
        self._cancelled.clear()
        keys = job.source.partition(":")[2]
        if not keys:
            raise KioskError("SCAN-NO-FILES")
        files = self._shelf.chosen(keys)
        if files is None:
            raise KioskError("SCAN-NO-STICK")  # another stick since
        room = (folder, self._max_megapixels * 1_000_000)
        bring_all(files, *room, on_page, on_progress, cancelled=self._cancelled, before=_still_there)

    def cancel(self) -> None:
        self._cancelled.set()

    def _sticks(self) -> list[Path]:
        return [folder for folder in self._named if folder.is_dir()] if self._named else mounted_sticks()


def mounted_sticks() -> list[Path]:
    """Where the system has mounted what people plug in."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        roots = [f"{letter}:\\" for letter in string.ascii_uppercase]
        return [Path(root) for root in roots if kernel.GetDriveTypeW(root) == _DRIVE_REMOVABLE]
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    points = [_plain(line.split(" ")[1]) for line in lines if line.count(" ") >= 2]
    return [Path(point) for point in points if point.startswith(_PLACES)]


def walk(root: Path) -> Iterator[Path]:
    """Pictures and PDFs by their names, breadth first; no hidden files, links or other mounts."""
    device = _device(root)
    level = [root]
    for _ in range(DEEPEST + 1):
        below: list[Path] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.name.startswith((".", "~", "$")) or entry.is_symlink():
                    continue
                place = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    if _device(place) == device:
                        below.append(place)
                elif place.suffix.lower() in PICTURES | {".pdf"} and is_plain(place):
                    yield place
        level = below


def _still_there(file: Path) -> None:
    if not is_plain(file):
        raise KioskError("SCAN-NO-STICK")  # pulled out since


def _device(place: Path) -> int:
    try:
        return place.lstat().st_dev
    except OSError:
        return -1


def _system_places() -> tuple[str, ...]:
    return ("A:-Z:",) if sys.platform == "win32" else _PLACES


def _plain(field: str) -> str:
    """A mount point as /proc writes it: "\\040" is a blank."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, letter)
    return field
