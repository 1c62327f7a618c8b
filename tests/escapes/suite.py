"""Tries every way out of the real kiosk and prints what each one reached, which must be nothing.

Run: .venv/bin/python tests/escapes/suite.py [--only WORDS] [--json FILE]
The kiosk runs under Xvfb with openbox, opened on a hostile server on loopback;
pointer and keys are xdotool's.
Exit code 0: nothing was reached and the kiosk still serves; 1 otherwise.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.escapes.hostile import Forbidden, Helpers, Hostile  # noqa: E402
from tests.escapes.vectors import VECTORS, Vector  # noqa: E402
from tests.faults.played import PlayedKiosk, eventually, played  # noqa: E402
from tests.program.conftest import HEIGHT, WIDTH, Screen  # noqa: E402

HERE = Path(__file__).parent
SPOT = {"X": str(WIDTH * 2 // 3), "Y": str(HEIGHT // 2)}
STAY = "[[steps]]\nwait = 3000\n"
PATIENCE = "[idle]\nform_seconds = 3600\nmenu_seconds = 3600\n"


@dataclass
class Row:
    vector: str
    how: str
    tried: bool
    reached: int
    what: str


class Stage:
    """Everything that a way out could change, read before and after each row."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self.display = screen.display
        self.forbidden = Forbidden()
        self.hostile = Hostile(self.forbidden)
        self.helpers = Helpers(folder)
        self.home = folder / "home"
        self.home.mkdir()
        self.outside = [self.home, folder / "tmp"]
        self.outside[1].mkdir()

    def xdotool(self, *words: str) -> None:
        command = ["xdotool", *(SPOT.get(word, word) for word in words)]
        environment = {**os.environ, "DISPLAY": self.display}
        subprocess.run(command, env=environment, capture_output=True, check=False, timeout=20)

    def windows(self) -> set[str]:
        """Every top-level window that shows, menus, dialogs and frames with them."""
        command = ["xwininfo", "-root", "-tree"]
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found = set()
        for line in done.stdout.splitlines():
            words = line.split()
            if words and words[0].startswith("0x"):
                size = next((word for word in words if "x" in word and "+" in word), "1x1+0+0")
                width, _, height = size.partition("+")[0].partition("x")
                depth = len(line) - len(line.lstrip())
                if depth <= 6 and int(width) > 20 and int(height) > 20 and self._shows(words[0]):
                    found.add(words[0])
        return found

    def _shows(self, window: str) -> bool:
        command = ["xwininfo", "-id", window]
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return "IsViewable" in done.stdout

    def files(self) -> set[str]:
        return {
            str(file)
            for folder in self.outside
            for file in folder.rglob("*")
            if file.is_file() and not any(part in str(file) for part in ("fontconfig", "mesa", "shader"))
        }


@contextmanager
def staged(folder: Path) -> Iterator[tuple[Stage, PlayedKiosk]]:
    (folder / "xvfb").mkdir()
    screen = Screen(folder / "xvfb")
    environment = {**os.environ, "DISPLAY": screen.display}
    command = ["openbox", "--sm-disable", "--config-file", str(HERE / "openbox.xml")]
    manager = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    stage = Stage(screen, folder)
    loose = {
        "PATH": stage.helpers.path,
        "HOME": str(stage.home),
        "TMPDIR": str(stage.outside[1]),
        "QTWEBENGINE_REMOTE_DEBUGGING": str(stage.forbidden.port + 1),
        "QTWEBENGINE_DISABLE_SANDBOX": "1" if os.getuid() == 0 else "0",
    }
    os.environ.update(loose)
    try:
        with played(screen.display, folder, stage.hostile.port, PATIENCE) as kiosk:
            kiosk.start(STAY)
            eventually(lambda: stage.hostile.homes, 90, "the portal")
            time.sleep(2)
            yield stage, kiosk
    finally:
        manager.terminate()
        manager.wait(10)
        screen.close()


def counted(stage: Stage, name: str) -> dict[str, int]:
    return {
        "server": stage.forbidden.reached,
        "page": stage.hostile.won.count(name),
        "program": stage.helpers.called,
    }


def attempt(stage: Stage, number: int, vector: Vector) -> Row:
    """One row: lead the page there, move the hand, look at what changed."""
    windows, files = stage.windows(), stage.files()
    before = counted(stage, f"row-{number}")
    stage.hostile.order = number
    tried = within(20, lambda: stage.hostile.shown[number])
    time.sleep(0.35)
    control = vector.name.startswith("control")
    for _ in range(6 if control else 1):  # a control shall arrive; a page without the focus yet loses its key
        if vector.hand:
            stage.xdotool(*vector.hand)
        if control and within(4, lambda: counted(stage, f"row-{number}") != before):
            break
    if not control:
        time.sleep(vector.seconds)
    after = counted(stage, f"row-{number}")
    found = {name: after[name] - before[name] for name in after if after[name] > before[name]}
    now = stage.windows()
    found |= {"window": len(now - windows)} if now - windows else {}
    found |= {"kiosk not shown": len(windows - now)} if windows - now else {}
    written = stage.files() - files
    found |= {"file": len(written)} if written else {}
    if control:
        what = "arrived" if found else "did not arrive"
        return Row(vector.name, vector.how, bool(tried and found), 0, what)
    what = ", ".join(f"{name} {count}" for name, count in found.items())
    return Row(vector.name, vector.how, bool(tried), sum(found.values()), what or "-")


def within(seconds: float, true: Callable[[], object]) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def play(only: str) -> list[Row]:
    rows: list[Row] = []
    folder = tempfile.TemporaryDirectory(prefix="kiosk-escapes-")
    with folder as name, staged(Path(name)) as (stage, kiosk):
        visit = kiosk.visit().pid
        rows.append(debugging(stage))
        for number, vector in enumerate(VECTORS):
            if re.search(only, vector.name):
                rows.append(attempt(stage, number, vector))
                told(rows[-1])
        same = kiosk.visit().pid == visit
        asked = sum(stage.hostile.shown[n] for n, row in enumerate(VECTORS) if row.page == "/password")
        passwords = max(0, stage.hostile.passwords - 3 * asked)  # Chromium by itself makes 32
        rows.append(Row("the visit was ended", "after all rows", True, int(not same), "another process"))
        rows.append(Row("password asked again", "after all rows", True, passwords, f"{passwords} more"))
    return rows


def debugging(stage: Stage) -> Row:
    with socket.socket() as knock:
        knock.settimeout(1)
        open_door = knock.connect_ex(("127.0.0.1", stage.forbidden.port + 1)) == 0
    what = "port open" if open_door else "-"
    return Row("remote debugging", "environment of the caller", True, int(open_door), what)


def told(row: Row) -> None:
    mark = str(row.reached) if row.tried else "?"
    print(f"{row.vector:<44} {row.how:<32} {mark:>3}  {row.what}", flush=True)  # noqa: T201


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="regular expression")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    print(f"{'vector':<44} {'tried how':<32} reached")  # noqa: T201
    rows = play(chosen.only)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    bad = [row for row in rows if row.reached or not row.tried]
    for row in bad:
        told(row)
    print(f"{len(rows)} rows, {len(bad)} of them reached something or could not be tried")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
