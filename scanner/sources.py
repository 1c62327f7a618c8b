"""Pictures for the `scan` command: from the files that were named, from a folder, from a device.

Files are only read here; who has made the PDF takes away those that `Bringing.source` names.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import segno

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.ports import LiveBackend, Preview, ScanJob
from scanner.account import Account, screen_words
from scanner.backends import make_backend
from scanner.backends.bring import bring_in
from scanner.backends.folder import FolderBackend
from scanner.protocol import check_job

Handle = Callable[[str, Path], None]
"""Takes the name of a file or source and one picture of it, which is removed."""


@dataclass(frozen=True)
class Bringing:
    """One run: `handle` gets every picture, laid in `spare`; what fails is said to `told`, with its name."""

    config: Config
    spare: Path
    handle: Handle
    told: Account

    def files(self, files: Sequence[Path], before: Callable[[Path], None] | None = None) -> list[Path]:
        """The files whose pictures were all taken; any other is told by its name."""
        good = []
        for file in files:
            try:
                _check_given(file)
                if before is not None:
                    before(file)
                for picture in bring_in(file, self.spare, self.config.scan.max_megapixels * 1_000_000):
                    self.handle(file.name, picture)
            except KioskError as error:
                self.told.fault(file.name or str(file), error)
            else:
                good.append(file)
        return good

    def source(self, job: ScanJob) -> list[Path]:
        """Every picture of the source. Returns the files that may go once the PDF is made."""
        name, _, rest = job.source.partition(":")
        try:
            if name == "usb":
                self.told.say("usb_usage")
            elif name == "folder":
                return self._folder(rest)
            else:
                self._device(name, job)
        except KioskError as error:
            self.told.fault(job.source, error)
        return []

    def _folder(self, rest: str) -> list[Path]:
        """The files of "folder:" + `rest`; only those of the settings' own folder may go."""
        own = self.config.scan.folder
        if not (rest or own):
            self.told.say("folder_usage")
            return []
        folder = FolderBackend(self.config.scan)
        try:
            files = folder.files(rest)
        except KioskError as error:
            raise KioskError("FILE-MISSING", file=rest or own) from error
        if not files:
            raise KioskError("SCAN-NO-FILES")
        good = self.files(files, before=folder.settled)
        return [] if rest else good

    def _device(self, name: str, job: ScanJob) -> None:
        backend = make_backend(name, self.config)
        check_job(job)

        def on_page(picture: Path) -> None:
            try:
                self.handle(job.source, picture)
            except KioskError as error:
                self.told.fault(job.source, error)

        if isinstance(backend, LiveBackend):
            backend.watch(Told(self.told))
        backend.scan(job, self.spare, on_page, lambda _: None)


def _check_given(file: Path) -> None:
    if file.is_dir():
        raise KioskError("FILE-IS-FOLDER", file=str(file))
    if not file.exists():
        raise KioskError("FILE-MISSING", file=str(file))


class Told:
    """Says on the terminal what a screen would show: each hint once, and a phone's code with its address."""

    def __init__(self, told: Account) -> None:
        self._account = told
        self._words = screen_words(told.words.language)
        self._last = ("", "")

    def __call__(self, preview: Preview) -> None:
        now = (preview.hint, preview.address)
        if now == self._last:
            return
        if preview.address and preview.address != self._last[1]:
            self._show_code(preview.address)
        self._last = now
        key = f"scan.hint.{preview.hint}"
        hint = self._words.say(key) if self._words.has(key) else preview.hint
        sys.stderr.write(" ".join(filter(None, (hint, preview.address))) + "\n")

    def _show_code(self, address: str) -> None:
        segno.make(address, error="m", micro=False).terminal(out=sys.stderr, border=2, compact=True)
        scheme = address.partition(":")[0]
        sys.stderr.write(f"{self._words.say(f'phone.{scheme}')}\n")
        if scheme == "https":
            self._account.say("phone_https")
