"""A whole kiosk window with stand-in services, walked to any place and shown in any shape and look."""

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from guides.library import Library
from kioskcore.config import Config
from kioskcore.visit import Event, Visit
from portal.sites import Site, load_sites
from ui.flow import Flow, Services
from ui.look import Look, load_languages
from ui.quiet import DryPrinter, PaperBrowser, QuietCounter, QuietScan, QuietVoice
from ui.shell import Shell
from ui.theme import ASSUMED_DPI, TextSize, sane_dpi

GUIDE_WITH_SCAN = "2.000635"


@dataclass(frozen=True)
class Shape:
    """A screen as it is bought: pixels, diagonal in inches (0: it does not tell), the scaling of the system.

    Lengths follow the inches, so that scaling changes how sharp a picture is and not what finds room.
    """

    width: int
    height: int
    inches: float = 0.0
    scale: float = 1.0

    @property
    def size(self) -> QSize:
        """In the window's own pixels, which scaling makes larger than the screen's."""
        return QSize(round(self.width / self.scale), round(self.height / self.scale))

    @property
    def dpi(self) -> float:
        """Of the window's own pixels, as the kiosk lays out on this screen."""
        size = self.size
        diagonal = math.hypot(size.width(), size.height())
        claimed = diagonal / self.inches if self.inches else ASSUMED_DPI
        return sane_dpi(claimed, min(size.width(), size.height()), scale=self.scale)

    def __str__(self) -> str:
        scale = f"@{self.scale:g}" if self.scale != 1 else ""
        return f"{self.width}x{self.height}{scale}"


library = cache(Library)
languages = cache(load_languages)
"""Read once: no kiosk changes anything of them."""


@cache
def _national() -> Site:
    return next(site for site in load_sites() if site.id == "national")


class Stage(QObject):
    """One kiosk, walked to a place; then `dress` it as often as wanted: no new window is made for that."""

    def __init__(self, config: Config, shape: Shape, folder: Path, practice: bool = False) -> None:
        super().__init__()
        self._closed = False
        self.folder = folder
        self.look = Look(config, shape.dpi, languages(config))
        self.visit = Visit(practice=practice)
        self.shell = Shell(self.look, practice=practice)
        self.browser = PaperBrowser(_national())
        self.flow: Flow = Flow(
            self.look,
            self.shell,
            self.visit,
            Services(
                make_scan=QuietScan,
                count=QuietCounter(),
                read_library=library,
                make_browser=lambda _ports: self.browser,
                printer=DryPrinter(folder),
            ),
        )
        self.shell.sound.speaker.set_voice(QuietVoice(self))
        self.flow.open_entrance()
        self.flow.start()
        self._fit(shape)
        self.shell.show()
        self.flow.guides_read(library())

    def fire(self, *events: Event) -> None:
        for event in events:
            if event is Event.PICK:
                self.flow.choose.picked.emit(GUIDE_WITH_SCAN)
            else:
                self.visit.fire(event)

    def dress(self, shape: Shape, text_size: TextSize, language: str, *, strong: bool = False) -> None:
        """The same place in another look, all of it changed at once."""
        look = self.look
        with QSignalBlocker(look):
            look.set_text_size(text_size)
            look.speak(language)
            look.set_high_contrast(strong)
            self._fit(shape)
        look.changed.emit()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.shell.close_overlays()
        self.flow.idle.rest()
        self.flow.pool.close()
        self.shell.hide()
        self.shell.deleteLater()

    def _fit(self, shape: Shape) -> None:
        """The window asks its screen for the density; here the shape says it."""
        real = shape.dpi * QGuiApplication.primaryScreen().devicePixelRatio()
        config = self.look.config
        self.look.config = replace(config, screen=replace(config.screen, dots_per_inch=real))
        self.look.set_dpi(shape.dpi)
        self.shell.resize(shape.size)


def settle(stage: Stage | None = None) -> None:
    """Let layouts and deferred deletions finish, and answers that the stage waits for come in."""
    if stage is not None:
        stage.flow.pool.wait()
    for _ in range(4):
        QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
        QApplication.processEvents()
