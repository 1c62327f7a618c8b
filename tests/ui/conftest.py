"""A whole kiosk window with stand-in services; before every tap the house rules are held against it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from house import button, rule_faults
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from stand_in import PlayedScan, Remembered

from kioskcore.config import Config
from kioskcore.visit import Event, Visit
from ui.flow import Flow, Services
from ui.gallery import SHAPES, SHOTS, Shape, Stage, settle
from ui.gallery_stage import languages, library
from ui.look import Look
from ui.quiet import PaperBrowser
from ui.shell import Shell
from ui.theme import load_fonts


class Kiosk:
    """What a test does with a kiosk: tap words, read what shows."""

    def __init__(self, scan: PlayedScan, config: Config, practice: bool = False, printer=None) -> None:
        self.look = Look(config, 96, languages(config))
        self.visit = Visit(practice=practice)
        self.shell = Shell(self.look, practice=practice)
        self.count, self.scan, self.browser = Remembered(), scan, PaperBrowser()
        self.practice_url = "http://127.0.0.1:8123/"
        self.flow = Flow(
            self.look,
            self.shell,
            self.visit,
            Services(
                make_scan=lambda: scan,
                count=self.count,
                read_library=library,
                make_browser=lambda ports: self.browser,
                practice_url=(lambda: self.practice_url) if practice else None,
                printer=printer,
            ),
        )
        self.flow.start()
        self.shell.resize(1366, 768)
        self.shell.show()
        self.flow.guides_read(library())
        self.flow.open_entrance()

    def tap(self, text: str) -> None:
        faults = rule_faults(self.shell)
        assert not faults, faults
        QTest.mouseClick(button(self.shell, text), Qt.MouseButton.LeftButton)
        settle()

    def go_to_portal(self) -> None:
        """To the page of a procedure that has a guide, past all that is read and scanned before it."""
        self.tap("Chạm để bắt đầu")
        self.flow.choose.picked.emit("1.004194")
        settle()
        self.flow.fire(Event.TO_PORTAL)
        settle()

    def say(self, key: str, **facts: str | int) -> str:
        return self.look.say(key, **facts)

    def close(self) -> None:
        self.shell.close_overlays()
        self.flow.idle.rest()
        self.flow.pool.close()
        self.scan.close()
        settle()
        self.shell.hide()
        self.shell.deleteLater()
        settle()


@pytest.fixture
def make_kiosk(qapp, tmp_path: Path) -> Iterator[Callable[..., Kiosk]]:
    load_fonts()
    made: list[Kiosk] = []

    def make(script=(), devices=None, practice: bool = False, printer=None, **sections) -> Kiosk:
        scan = PlayedScan(tmp_path, script, **({} if devices is None else {"devices": devices}))
        made.append(Kiosk(scan, Config(**sections), practice, printer))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.close()


@pytest.fixture
def stage_at(qapp, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """A stage at a shot of the gallery, as in practice mode."""
    load_fonts()
    made: list[Stage] = []

    def go(shot: str, shape: Shape = SHAPES[0]) -> Stage:
        stage = Stage(Config(), shape, tmp_path, practice=True)
        made.append(stage)
        SHOTS[shot](stage)
        settle(stage)
        return stage

    yield go
    for stage in made:
        stage.close()
    settle()
