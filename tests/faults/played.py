"""The real kiosk on a real screen, opened on a site of the test's own and played from a scenario."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from kioskcore.paths import ROOT

PROGRAM = ROOT / "tests" / "faults" / "played_keeper.py"

SITE = """id = "thu-thach"
category = "province"
checked_on = 2026-11-22
hosts = ["127.0.0.1"]
schemes = ["http"]
ports = [{port}]
submitted = ["Xong rồi"]
{more}
[name]
vi = "Trang thử thách"
en = "Test site"

[purpose]
vi = "thử kiosk"
en = "tries the kiosk"
"""

TO_PORTAL = """title = "thử thách"
[start]
practice = false
VARIABLES
[[steps]]
tap = "Chạm để bắt đầu"
within = 40
[[steps]]
tap = "Tìm việc khác"
within = 40
[[steps]]
type = "viec khac tren cong"
into = "Gõ việc bác cần làm"
within = 40
[[steps]]
tap = "Việc khác trên Cổng dịch vụ công"
within = 40
[[steps]]
tap = "Đi tiếp"
within = 40
[[steps]]
tap = "Đi tiếp"
within = 40
[[steps]]
tap = "Đi tiếp"
within = 40
[[steps]]
tap = "Đi tiếp"
within = 40
[[steps]]
tap = "Đi tiếp"
within = 40
[[steps]]
tap = "Tôi không cần quét giấy"
within = 40
[[steps]]
tap = "Sang trang nộp"
within = 40
"""


def eventually(
    true: Callable[[], object], seconds: float = 30.0, what: str | Callable[[], str] = "it"
) -> float:
    """Seconds until it was true; fails when it never is."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"{what() if callable(what) else what} never came"
        time.sleep(0.05)
    return time.monotonic() - began


class PlayedKiosk:
    """`events`: (visit number, name, moment) of all that keepers and visits said so far."""

    def __init__(self, display: str, folder: Path, port: int, settings: str = "", more: str = "") -> None:
        self.display, self.folder = display, folder
        self.work = folder / "work"
        self.scenario = folder / "scenario.toml"
        self.out = folder / "out"
        self.out.mkdir()
        sites = folder / "sites"
        sites.mkdir()
        (sites / "thu-thach.toml").write_text(SITE.format(port=port, more=more), encoding="utf-8")
        self.settings = folder / "kiosk_config.toml"
        self.settings.write_text(
            f"[paths]\nstate = 'state'\nwork = 'work'\n"
            f"[portal]\nhome = 'http://127.0.0.1:{port}/'\nsites_folder = 'sites'\n{settings}",
            encoding="utf-8",
        )
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.keeper: psutil.Popen | None = None
        self._ears: list[threading.Thread] = []

    def start(self, steps: str = "", variables: str = "") -> None:
        """A keeper; its first visit plays the way to the portal and then `steps`, or nothing."""
        if steps:
            self.scenario.write_text(TO_PORTAL.replace("VARIABLES", variables) + steps, encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
        play = str(self.scenario) if steps else "-"
        self.events = []
        with (self.folder / "stderr").open("ab") as stderr:
            self.keeper = psutil.Popen(
                [sys.executable, str(PROGRAM), str(self.settings), play, str(self.out)],
                env={**environment, "DISPLAY": self.display, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        ear = threading.Thread(target=self._hear, args=(self.keeper.stdout, self.events), daemon=True)
        self._ears.append(ear)
        ear.start()

    @staticmethod
    def _hear(stream: Any, events: list[tuple[int, str, dict[str, Any]]]) -> None:
        with stream:
            for line in stream:
                said = json.loads(line)
                events.append((said.pop("visit"), str(said["event"]), said))

    def heard(self, number: int, name: str) -> bool:
        return any(n == number and event == name for n, event, _ in self.events)

    def wait_for(self, number: int, name: str, seconds: float = 40.0) -> float:
        return eventually(lambda: self.heard(number, name), seconds, f"{name} of visit {number}")

    def family(self) -> list[psutil.Process]:
        """The keeper and all below it."""
        assert self.keeper is not None
        return [psutil.Process(self.keeper.pid), *self.keeper.children(recursive=True)]

    def visit(self) -> psutil.Process:
        """The only visit's main process."""
        assert self.keeper is not None
        (one,) = [child for child in self.keeper.children() if "visit" in child.cmdline()]
        return one

    def stop(self) -> None:
        if self.keeper is not None and self.keeper.is_running():
            self.keeper.terminate()
            self.keeper.wait(20)
        for ear in self._ears:
            ear.join(10)


@contextmanager
def played(
    display: str, folder: Path, port: int, settings: str = "", more: str = ""
) -> Iterator[PlayedKiosk]:
    kiosk = PlayedKiosk(display, folder, port, settings, more)
    try:
        yield kiosk
    finally:
        kiosk.stop()
