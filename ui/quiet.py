"""Services that never answer: the gallery shows with them what it wants, and tests stand on them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kioskcore.ports import FileKind, Measure, Page, PrintWish, ScanJob, ScanListener


class QuietScan:
    """A scan service that never answers: the gallery sets what it wants to show."""

    def start(self, listener: ScanListener) -> None: ...
    def find_devices(self) -> None: ...
    def look(self, source: str) -> None: ...
    def scan(self, job: ScanJob) -> None: ...
    def press(self) -> None: ...
    def cancel(self) -> None: ...
    def clean_again(
        self, page: Page, corners: Any = None, turn_degrees: int = 0, tone: Any = None
    ) -> None: ...
    def make_paper(
        self,
        paper_id: str,
        title: str,
        pages: Any,
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        part: str | None = None,
    ) -> None: ...
    def fit(
        self,
        paper_id: str,
        title: str,
        pages: Any,
        budget_bytes: int,
        card_purpose: str | None = None,
        *,
        kind: FileKind = FileKind.PDF,
    ) -> None: ...
    def close(self) -> None: ...


class QuietCounter:
    notice: str | None = None

    def start(self) -> None: ...
    def add(
        self, measure: Measure, *, procedure: str, mode: str, detail: str = "", number: int = 1
    ) -> None: ...
    def close(self) -> None: ...


class PaperBrowser(QWidget):
    """Stands where the browser stands, with its signals; a picture has no network."""

    address_changed = Signal(str)
    site_changed = Signal(object)
    blocked = Signal(str)
    failed = Signal(str)
    recovered = Signal(str)
    online_again = Signal()
    paper_comes = Signal(bool)
    paper_came = Signal(object)
    print_came = Signal(object)
    number_asked = Signal(str)
    loading = Signal(bool)
    submission_seen = Signal()
    dossier_found = Signal(str)
    moves_changed = Signal(bool, bool)
    page_text_changed = Signal(str, str)

    def __init__(self, site: Any = None) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.leaves = True  # else a site never answers the log-out
        self.chooser: Callable[[Any], list[Path]] | None = None
        self._site, self._zoom = site, 1.0
        self.setStyleSheet("background: #eef2f5;")

    def open(self, url: str) -> None:
        self.opened.append(url)
        self.site_changed.emit(self._site)

    def set_home(self, url: str) -> None:
        self._home = url

    def home(self) -> None:
        self.opened.append(self._home)

    def back(self) -> None:
        self.opened.append("back")

    def reload(self) -> None:
        self.opened.append("reload")

    def try_again(self) -> None:
        self.opened.append("again")

    def stand_back(self) -> None:
        self.opened.append("stand back")

    def log_out(self, then: Callable[[], None]) -> None:
        self.left = then
        if self.leaves:
            then()

    def move_page(self, way: int) -> None:
        self.opened.append(f"move {way}")

    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, factor: float) -> None:
        self._zoom = factor

    def site(self) -> Any:
        return self._site

    def set_chooser(self, chooser: Callable[[Any], list[Path]], max_bytes: int = 0) -> None:
        self.chooser = chooser

    def view(self) -> "PaperBrowser":
        """View, page and frame in one; no field of it ever has the focus."""
        return self

    page = mainFrame = view  # noqa: N815 - Qt's names

    def runJavaScript(self, script: str, world: int, then: Callable[[Any], None]) -> None:
        then("")

    def find_text(self, text: str, backward: bool, then: Callable[[int, int], None]) -> None:
        then(*((1, 3) if text else (0, 0)))

    def set_picker(self, picker: Any) -> None:
        self.picker = picker

    def set_lister(self, lister: Any) -> None:
        self.lister = lister

    def set_dialog_handler(self, handler: Any) -> None:
        self.dialog_handler = handler


class DryPrinter:
    """Takes every paper, and never tells that it is out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, wish: PrintWish) -> int:
        return 1

    def done(self, number: int) -> bool:
        return False


class QuietVoice(QObject):
    """Has a voice for every language and never comes to the end of a sentence."""

    ended = Signal()

    def speaks(self, language: str) -> bool:
        return bool(language)

    def play(self, file: Path) -> None: ...
    def speak(self, text: str, language: str) -> None: ...
    def stop(self) -> None: ...
    def set_volume(self, volume: float) -> None: ...
