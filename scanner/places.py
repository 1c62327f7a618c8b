"""Where a run of the `scan` command writes: tried before it starts, and never over what it reads."""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kioskcore.errors import KioskError
from kioskcore.ports import Page
from scanner.files import disk_faults, is_paper


def papers_read(files: Sequence[str], source: str | None, own_folder: str) -> list[Path]:
    """The files that a run may read, of those that were named or lie in the folder of a "folder:" source."""
    name, _, rest = (source or "").partition(":")
    named = (rest or own_folder).split(os.pathsep) if name == "folder" else files
    papers: list[Path] = []
    for place in [Path(each) for each in named if each]:
        inside = name == "folder" and place.is_dir()
        papers += [file for file in place.iterdir() if is_paper(file)] if inside else [place]
    return papers


def check_place(file: Path, read: Sequence[Path]) -> None:
    """Raises OUT-IS-FOLDER, OUT-FOLDER-MISSING, OUT-IS-INPUT (one of `read`), OUT-NOT-WRITABLE, DISK-FULL.

    Whether it can be written is tried for real.
    """
    if file.is_dir():
        raise KioskError("OUT-IS-FOLDER", file=str(file))
    if not file.parent.is_dir():
        raise KioskError("OUT-FOLDER-MISSING", folder=str(file.parent))
    if _is_read(file, read):
        raise KioskError("OUT-IS-INPUT", file=str(file))
    try:
        with disk_faults(), tempfile.NamedTemporaryFile(prefix=".kiosk-", dir=file.parent):
            return
    except OSError as fault:
        raise KioskError("OUT-NOT-WRITABLE", folder=str(file.parent)) from fault


def check_pdf(file: Path, read: Sequence[Path]) -> None:
    """Raises what `check_place` does, and OUT-NOT-PDF for another ending: nobody could open it by a click."""
    check_place(file, read)
    if file.suffix.lower() != ".pdf":
        raise KioskError("OUT-NOT-PDF", file=file.name)


def check_report(file: Path, read: Sequence[Path]) -> None:
    """Raises what `check_place` does, and REPORT-IS-PDF: written last, it would replace the paper."""
    check_place(file, read)
    if file.suffix.lower() == ".pdf":
        raise KioskError("REPORT-IS-PDF", file=file.name)


def check_parts(file: Path, read: Sequence[Path]) -> None:
    """Raises OUT-IS-INPUT where a part of `file`, should it be split, would replace one of `read`."""
    for beside in numbered(file):
        if _is_read(beside, read):
            raise KioskError("OUT-IS-INPUT", file=str(beside))


def numbered(file: Path) -> list[Path]:
    """The parts that lie in place of `file`: "out-1.pdf", "out-2.pdf" for "out.pdf"."""
    part = re.compile(rf"{re.escape(file.stem)}-\d+{re.escape(file.suffix)}", re.IGNORECASE)
    return sorted(beside for beside in file.parent.iterdir() if part.fullmatch(beside.name))


def _is_read(file: Path, read: Sequence[Path]) -> bool:
    return file.exists() and any(each.exists() and file.samefile(each) for each in read)


@dataclass
class KeptPages:
    """A folder that gets the clean pages as page-01.png, page-02.png ...; they replace an earlier run's."""

    folder: Path
    read: Sequence[Path]
    files: list[Path] = field(default_factory=list)

    def prepare(self) -> None:
        """Raises what `check_place` does, and OUT-IS-FILE where a file has that name or one above it."""
        for place in (self.folder, *self.folder.parents):
            if place.is_file():
                raise KioskError("OUT-IS-FILE", file=str(place))
        try:
            with disk_faults():
                self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise KioskError("OUT-NOT-WRITABLE", folder=str(self.folder)) from fault
        check_place(self.folder / "page", self.read)

    def keep(self, page: Page) -> str:
        """The name that the page has in the folder. Raises OUT-IS-INPUT, OUT-NOT-WRITABLE, DISK-FULL."""
        file = self.folder / f"page-{len(self.files) + 1:02}.png"
        check_place(file, self.read)
        with disk_faults():
            shutil.copyfile(page.clean, file)
        self.files.append(file)
        return file.name
