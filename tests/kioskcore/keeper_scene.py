"""A keeper with stand-in visits: the plan says what each visit does; the log says what it saw."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kioskcore.config import Config
from kioskcore.config import Keeper as KeeperSettings
from kioskcore.config import Paths as PathSettings
from kioskcore.exit_code import ExitCode
from kioskcore.journal import Journal
from kioskcore.keeper import Keeper, Patience
from kioskcore.paths import ROOT

STAND_IN = ROOT / "tests" / "kioskcore" / "stand_in_visit.py"
os.environ["PYTHONPATH"] = str(ROOT)


class Scene:
    """Runs one keeper in this process; `plan(number)` gives the steps of that visit."""

    def __init__(self, base: Path) -> None:
        self.work = base / "work"
        self.state = base / "state"
        self.log = base / "log.jsonl"
        self.events: list[tuple[int, dict[str, object], float]] = []
        self.keeper: Keeper | None = None
        self._heard = threading.Condition()

    def config(self, **settings: int) -> Config:
        paths = PathSettings(state=str(self.state), work=str(self.work))
        return Config(paths=paths, keeper=KeeperSettings(**settings))

    def make(self, plan: Callable[[int], str], patience: Patience | None = None, **more: Any) -> Keeper:
        settings = more.pop("settings", {})
        self.keeper = Keeper(
            self.config(**settings),
            [sys.executable, str(STAND_IN), str(self.log)],
            Journal(self.state),
            patience=patience or Patience(beat=5, visit=0, quit=0.5),
            visit_extra=lambda number: plan(number).split(),
            on_event=self._hear,
            **more,
        )
        return self.keeper

    def _hear(self, number: int, event: Mapping[str, object]) -> None:
        with self._heard:
            self.events.append((number, dict(event), time.monotonic()))
            self._heard.notify_all()

    def run(self, *arguments: Any, until: tuple[int, str] | None = None, **more: Any) -> ExitCode:
        """Run to the end, or stop when visit `until[0]` has said `until[1]`."""
        keeper = self.make(*arguments, **more)
        if until:
            threading.Thread(target=self._stop_at, args=until, daemon=True).start()
        return keeper.run()

    def _stop_at(self, number: int, name: str) -> None:
        self.wait_for(number, name)
        assert self.keeper
        self.keeper.stop()

    def wait_for(self, number: int, name: str) -> None:
        def seen() -> bool:
            return any(n == number and event["event"] == name for n, event, _ in self.events)

        with self._heard:
            self._heard.wait_for(seen, 30)

    def when(self, number: int, name: str) -> float:
        return next(at for n, event, at in self.events if n == number and event["event"] == name)

    def names(self, number: int) -> list[str]:
        every = [str(event["event"]) for n, event, _ in self.events if n == number]
        return [name for name in every if name != "beat"]

    def lines(self, what: str) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        every = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in every if line["what"] == what]

    def left(self) -> list[str]:
        return sorted(entry.name for entry in self.work.iterdir() if entry.name != "keeper.lock")

    def journal(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in (self.state / "journal.jsonl").read_text().splitlines()]
        return [line for line in lines if line["event"] == event]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def scene_in(folder: Path) -> Iterator[Scene]:
    """For a fixture: no visit may outlive the test."""
    made = Scene(folder)
    yield made
    assert not [line["pid"] for line in made.lines("start") if alive(line["pid"])]
