"""The real kiosk on a real screen: what a citizen sees when something is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from kioskcore.paths import ROOT

ACCENT = (0x0B, 0x53, 0x94)  # of the big button on the waiting screen
BACK_WITHIN_SECONDS = 5.0

pytestmark = [pytest.mark.display, pytest.mark.timeout(180)]


def eventually(true: Callable[[], object], seconds: float = 30.0) -> float:
    """Seconds until it was true; fails when it never is."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.05)
    return time.monotonic() - began


def alive(pid: int) -> bool:
    """A dead process that nobody has collected yet holds nothing any more."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def is_visit(process: psutil.Process) -> bool:
    try:
        return "visit" in process.cmdline()
    except psutil.Error:  # it ended while we looked
        return False


class Kiosk:
    """`kiosk.py run --practice` with folders of its own."""

    def __init__(self, screen: Any, folder: Path) -> None:
        self.screen = screen
        self.work = folder / "work"
        self.config = folder / "kiosk_config.toml"
        self.config.write_text(f"[paths]\nstate = '{folder / 'state'}'\nwork = '{self.work}'\n")
        self.start()

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
        self.keeper = psutil.Popen(
            [sys.executable, str(ROOT / "kiosk.py"), "run", "--practice", "--config", str(self.config)],
            env={**environment, "DISPLAY": self.screen.display},
            stderr=subprocess.DEVNULL,
        )

    def waiting(self) -> bool:
        return self.screen.share_of(ACCENT) > 0.05

    def visits(self) -> set[int]:
        return {child.pid for child in self.keeper.children() if alive(child.pid) and is_visit(child)}

    def folders(self) -> set[str]:
        return {entry.name for entry in self.work.glob("visit-*") if entry.is_dir()}

    def stop(self) -> None:
        if self.keeper.is_running():
            self.keeper.terminate()
        self.keeper.wait(20)


@contextmanager
def kiosk_on(screen: Any, folder: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(screen, folder)
    try:
        eventually(kiosk.waiting)
        yield kiosk
    finally:
        kiosk.stop()


def test_kill_9_of_the_visit_brings_a_new_one_and_takes_its_folder(screen: Any, tmp_path: Path) -> None:
    with kiosk_on(screen, tmp_path) as kiosk:
        (dead,), (folder,) = kiosk.visits(), kiosk.folders()
        os.kill(dead, signal.SIGKILL)
        took = eventually(
            lambda: kiosk.visits() - {dead} and kiosk.waiting() and folder not in kiosk.folders()
        )
        assert took < BACK_WITHIN_SECONDS
        eventually(lambda: not alive(dead), BACK_WITHIN_SECONDS)


def test_kill_9_of_the_keeper_and_its_supervisor_starts_it_again(screen: Any, tmp_path: Path) -> None:
    with kiosk_on(screen, tmp_path) as kiosk:
        (visit,), (folder,) = kiosk.visits(), kiosk.folders()
        kiosk.keeper.kill()
        kiosk.keeper.wait()
        began = time.monotonic()
        kiosk.start()  # what systemd does
        eventually(lambda: kiosk.visits() and kiosk.waiting() and folder not in kiosk.folders())
        assert time.monotonic() - began < BACK_WITHIN_SECONDS
        assert not alive(visit)


def test_a_second_keeper_refuses_in_words(screen: Any, tmp_path: Path) -> None:
    with kiosk_on(screen, tmp_path) as kiosk:
        second = subprocess.run(
            [sys.executable, str(ROOT / "kiosk.py"), "run", "--config", str(kiosk.config)],
            env={**os.environ, "DISPLAY": kiosk.screen.display},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 4 and "KEEPER-RUNNING" in second.stderr
        assert kiosk.keeper.is_running() and kiosk.waiting()


def test_told_to_stop_it_leaves_nothing(screen: Any, tmp_path: Path) -> None:
    with kiosk_on(screen, tmp_path) as kiosk:
        family = kiosk.keeper.children(recursive=True)
        kiosk.stop()
        assert kiosk.keeper.returncode == 0
        assert kiosk.folders() == set()
        assert not [process for process in family if process.is_running()]
