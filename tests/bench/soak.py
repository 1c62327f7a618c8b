"""Many visits in a row in practice mode, ended early at random: nothing may grow or stay.

Run: .venv/bin/python tests/bench/soak.py [--visits 300] [--seed 1]
Prints the keeper's own memory (USS), descriptors and threads after a warm-up and at the end, and leftovers.
Exit code 1 when memory grew by more than 5 %, or a process, a descriptor or a file stayed.
"""

import argparse
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kioskcore.config import load_config, practising  # noqa: E402
from kioskcore.journal import Journal  # noqa: E402
from kioskcore.keeper import Keeper  # noqa: E402
from kioskcore.paths import kiosk_command  # noqa: E402

WARM_UP = 8
GROWTH = 1.05
PATIENCE_SECONDS = 120.0

SETTINGS = """[paths]
state = 'state'
work = 'work'
[keeper]
crash_limit = 100
crash_window_minutes = 1
"""
HEAD = 'title = "soak"\n[start]\npractice = true\n'
START = ['tap = "Chạm để bắt đầu"']
GUIDE = [*START, 'tap = "Giấy khai sinh, hộ tịch"', 'tap = "Bản sao giấy khai sinh, trích lục hộ tịch"']
SCAN = [*GUIDE, *['tap = "Đi tiếp"'] * 7, 'tap = "Quét giấy tờ"']
PAGE = [*GUIDE, *['tap = "Đi tiếp"'] * 7, 'tap = "Tôi không cần quét giấy"', 'tap = "Sang trang nộp"']
OPEN = 'tap = "Chọn cơ quan thực hiện"\nwhere = "page"'
LEAVE = ['tap = "Xóa ngay"', 'tap = "Xóa hết"', 'expect = "Đang xóa giấy tờ của bác"']
CRASH = ["wait = 3000"]
ENDS = {
    "choosing": START + LEAVE,
    "guide": GUIDE + LEAVE,
    "scanning": [*SCAN, 'tap = "Quét"', *LEAVE],
    "portal": [*PAGE, OPEN, *LEAVE],
    "kill at once": CRASH,
    "kill in the portal": [*PAGE, OPEN, *CRASH],
}


def write_scenarios(folder: Path) -> None:
    for name, steps in ENDS.items():
        text = HEAD + "".join(f"[[steps]]\n{step}\nwithin = 60\n" for step in steps if "wait" not in step)
        text += "".join(f"[[steps]]\n{step}\n" for step in steps if "wait" in step)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def keep(settings: Path, folder: Path, seed: int) -> int:
    """The keeper's process: each visit is told how it will end, and so is whoever reads our stdout."""
    chance = random.Random(seed)
    config = practising(load_config(settings))

    def extra(_number: int) -> list[str]:
        return ["--play", str(folder / f"{chance.choice(list(ENDS))}.toml"), "--out", str(folder / "out")]

    def say(number: int, event: Mapping[str, object]) -> None:
        if event["event"] in ("opened", "wiped", "failed", "refused"):
            sys.stdout.write(json.dumps({"visit": number, **event}) + "\n")
            sys.stdout.flush()

    command = kiosk_command("visit", config=str(settings), practice=True)
    return int(Keeper(config, command, Journal(config.state_folder), visit_extra=extra, on_event=say).run())


@dataclass(frozen=True)
class State:
    """Of the keeper's own process, in bytes and pieces."""

    memory: int
    descriptors: int
    threads: int


def state(keeper: psutil.Process) -> State:
    return State(keeper.memory_full_info().uss, keeper.num_fds(), keeper.num_threads())


def visit_of(keeper: psutil.Process) -> psutil.Process | None:
    return next((child for child in reversed(keeper.children()) if "visit" in child.cmdline()), None)


def strays(folder: Path) -> list[str]:
    """Processes that still carry our work folder in their command or environment."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        try:
            marks = " ".join([*(process.info["cmdline"] or []), *process.environ().values()])
        except psutil.Error:
            continue
        if str(folder) in marks and process.pid != os.getpid():
            found.append(f"{process.pid} {' '.join(process.info['cmdline'] or [])[:90]}")
    return found


class Soak:
    def __init__(self, folder: Path, display: str, seed: int) -> None:
        self.folder = folder
        self.settings = folder / "kiosk_config.toml"
        self.settings.write_text(SETTINGS, encoding="utf-8")
        (folder / "out").mkdir()
        write_scenarios(folder)
        environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
        environment |= {"DISPLAY": display, "PYTHONPATH": str(ROOT)}
        if os.getuid() == 0:
            environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium's sandbox cannot run as root
        me = [sys.executable, str(Path(__file__).resolve())]
        command = [*me, "--keeper", str(self.settings), "--seed", str(seed)]
        with (folder / "stderr").open("wb") as stderr:
            self.keeper = psutil.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr)
        self.heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.chance = random.Random(seed)
        self.ends: Counter[str] = Counter()

    def _listen(self) -> None:
        for line in self.keeper.stdout:
            self.heard.put(json.loads(line))

    def run(self, visits: int) -> tuple[State, State]:
        """Until `visits` were opened; gives the keeper's state after the warm-up and at the end."""
        warm: State | None = None
        began = time.monotonic()
        while True:
            said = self.heard.get(timeout=PATIENCE_SECONDS)
            if said["event"] != "opened":
                if said["event"] != "wiped":
                    self.ends[str(said["event"])] += 1
                continue
            number = int(said["visit"])
            if number == min(WARM_UP, visits // 2):
                warm = state(self.keeper)
            if number > visits:
                assert warm is not None
                time.sleep(1)
                return warm, state(self.keeper)
            if number % 10 == 0:
                spent = (time.monotonic() - began) / number
                print(f"{number} visits, {spent:.1f} s each, {state(self.keeper)}", flush=True)  # noqa: T201
            self._maybe_kill()

    def _maybe_kill(self) -> None:
        visit = visit_of(self.keeper)
        if visit is None:
            return
        played = Path(visit.cmdline()[visit.cmdline().index("--play") + 1]).stem
        self.ends[played] += 1
        if played.startswith("kill"):
            later = self.chance.uniform(0.6, 2.0) if "once" in played else self.chance.uniform(5.0, 9.0)
            threading.Timer(later, _kill, args=(visit,)).start()

    def stop(self) -> int:
        if self.keeper.is_running():
            self.keeper.terminate()
        return int(self.keeper.wait(30))


def _kill(visit: psutil.Process) -> None:
    if visit.is_running():
        visit.send_signal(signal.SIGKILL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keeper", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.keeper:
        return keep(chosen.keeper, chosen.keeper.parent, chosen.seed)
    from tests.program.conftest import Screen

    with tempfile.TemporaryDirectory(prefix="kiosk-soak-") as name:
        folder = Path(name)
        (folder / "xvfb").mkdir()
        screen = Screen(folder / "xvfb")
        soak = Soak(folder, screen.display, chosen.seed)
        try:
            warm, end = soak.run(chosen.visits)
        finally:
            code = soak.stop()
            screen.close()
        left = [str(path) for path in (folder / "work").glob("visit-*")]
        ghosts = strays(folder)
    growth = end.memory / warm.memory
    for line in (
        f"visits: {chosen.visits}, ended: {dict(soak.ends)}",
        f"keeper memory: {warm.memory / 1e6:.2f} -> {end.memory / 1e6:.2f} MB, ratio {growth:.3f}",
        f"descriptors: {warm.descriptors} -> {end.descriptors}, threads: {warm.threads} -> {end.threads}",
        f"left after the end: folders {len(left)}, processes {len(ghosts)}; exit code {code}",
        *ghosts,
    ):
        print(line)  # noqa: T201
    good = growth <= GROWTH and end.descriptors <= warm.descriptors + 1 and not left and not ghosts
    return 0 if good and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
