"""What the scan tests share: a listener that keeps what it heard, and a service with its work folder."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kioskcore.errors import KioskError
from kioskcore.ports import Device, Offer, Page, Paper, Preview
from scanner.service import ScanChild

CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from kioskcore.config import load_config
from scanner.worker import main
sys.exit(main(load_config(Path(sys.argv[2]), look_at_folders=False), Path(sys.argv[3])))
"""


@dataclass
class Heard:
    """Keeps every answer in order; `until` waits for one."""

    events: list[tuple[str, Any]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def _note(self, name: str, what: Any) -> None:
        with self.changed:
            self.events.append((name, what))
            self.threads.add(threading.current_thread().name)
            self.changed.notify_all()

    def devices(self, found: Sequence[Device]) -> None:
        self._note("devices", found)

    def progress(self, fraction: float) -> None:
        self._note("progress", fraction)

    def page(self, page: Page) -> None:
        self._note("page", page)

    def scanned(self, count: int) -> None:
        self._note("scanned", count)

    def paper(self, paper: Paper) -> None:
        self._note("paper", paper)

    def fitted(self, result: Paper | KioskError) -> None:
        self._note("fitted", result)

    def failed(self, error: KioskError) -> None:
        self._note("failed", error)

    def preview(self, preview: Preview) -> None:
        self._note("preview", preview)

    def offers(self, found: Sequence[Offer]) -> None:
        self._note("offers", found)

    def all(self, name: str) -> list[Any]:
        return [what for kind, what in self.events if kind == name]

    @property
    def codes(self) -> list[str]:
        return [error.code for error in self.all("failed")]

    def until(self, name: str, number: int = 1, seconds: float = 60) -> Any:
        """The `number`-th answer of that name."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.all(name)) >= number, seconds)
        assert came, f"no {name} number {number}; heard {[kind for kind, _ in self.events]} {self.codes}"
        return self.all(name)[number - 1]


@dataclass
class Desk:
    """A service with its child's settings and work folder."""

    service: ScanChild
    heard: Heard
    work: Path

    @property
    def child(self) -> int:
        """Process number of the living child."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if self.service._process is not None:
                return self.service._process.pid
            time.sleep(0.01)
        raise AssertionError("no child")

    def files(self, ending: str = "") -> list[str]:
        return sorted(file.name for file in (self.work / "scan").iterdir() if file.name.endswith(ending))
