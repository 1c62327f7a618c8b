"""How soon the waiting screen is there, and how much memory it takes, beside chromium with a static page.

Run: .venv/bin/python tests/bench/start.py [--runs 5] [-- COMMAND...]
"kiosk" is COMMAND (default: kiosk.py visit, as its keeper starts it), which must print {"event": "painted"};
"with keeper" is kiosk.py run from nothing. All show on the same Xvfb, whose pixels are read from its buffer
file; the first run of each only warms the disk. Figures are medians.
"""

import argparse
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kioskcore.config import Config, hand_over  # noqa: E402

WIDTH, HEIGHT = 1280, 800
PAGE_COLOUR = (0x0B, 0x6E, 0x4F)
PAGE = f"<html><body style='background:rgb{PAGE_COLOUR}'><h1 style='color:white'>Chạm để bắt đầu</h1>"
SETTLE_SECONDS = 4.0


class Screen:
    """The frame buffer that Xvfb keeps in a file (XWD: a header, a colour map, then 32-bit pixels)."""

    def __init__(self, display: str, file: Path) -> None:
        self.display = display
        self._file = file
        head = file.read_bytes()[:100]
        header_size = struct.unpack(">I", head[:4])[0]
        self._line = struct.unpack(">I", head[48:52])[0]
        colours = struct.unpack(">I", head[76:80])[0]
        self._start = header_size + colours * 12

    def points(self) -> list[tuple[int, int, int]]:
        """Red, green, blue at a grid over the middle of the screen."""
        found = []
        with self._file.open("rb", buffering=0) as stream:
            for row in range(5, 16):
                line = os.pread(stream.fileno(), self._line, self._start + HEIGHT * row // 20 * self._line)
                for column in range(5, 16):
                    at = WIDTH * column // 20 * 4
                    found.append((line[at + 2], line[at + 1], line[at]))
        return found


@contextmanager
def xvfb() -> Iterator[Screen]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
        command += ["-fbdir", name, "-br", "-noreset"]  # a server that starts anew refuses the next program
        server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                display = f":{answer.readline().strip()}"
            yield Screen(display, Path(name) / "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait()


@dataclass
class Figures:
    """Seconds to the program's own word (None: it has none) and to pixels; memory and processes at rest."""

    told: float | None
    seen: float
    pss_mb: float
    processes: int


def measure(command: list[str], screen: Screen, shown: Callable[[Screen], bool], says: bool) -> Figures:
    told = threading.Event()
    told_at = [0.0]
    environment = {**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    began = time.monotonic()
    program = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,  # held open: a visit whose keeper is gone ends
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def listen() -> None:
        assert program.stdout
        for line in program.stdout:
            if b'"painted"' in line and not told.is_set():
                told_at[0] = time.monotonic()
                told.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        while not shown(screen):
            if program.poll() is not None or time.monotonic() - began > 60:
                raise SystemExit(f"{command[0]}: nothing was shown (exit code {program.poll()})")
            time.sleep(0.005)
        seen = time.monotonic() - began
        if says and not told.wait(30):
            raise SystemExit(f"{command[0]}: it never said that it has painted")
        time.sleep(SETTLE_SECONDS)
        pss, processes = memory(program.pid)
        return Figures(told_at[0] - began if says else None, seen, pss, processes)
    finally:
        end(program)
        while any(point != (0, 0, 0) for point in screen.points()):
            time.sleep(0.01)  # the next one starts on an empty screen


def memory(pid: int) -> tuple[float, int]:
    """Sum of proportional set sizes of the tree in MB, and how many processes."""
    root = psutil.Process(pid)
    total = count = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        count += 1
    return total / 1024, count


def end(program: subprocess.Popen[bytes]) -> None:
    """Only what we started: the program and its descendants."""
    family = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    program.wait()
    psutil.wait_procs(family, timeout=5)


def painted_page(screen: Screen) -> bool:
    points = screen.points()
    return sum(point == PAGE_COLOUR for point in points) > len(points) // 2


def anything(screen: Screen) -> bool:
    points = screen.points()
    return sum(point != (0, 0, 0) for point in points) > len(points) // 2


def chromium_command(folder: Path) -> list[str]:
    page = folder / "static.html"
    page.write_text(PAGE, encoding="utf-8")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("chromium is not installed")
    options = [f"--app={page.as_uri()}", f"--user-data-dir={folder / 'profile'}", "--no-first-run"]
    options += [f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0"]
    return [program, *options, *(["--no-sandbox"] if os.getuid() == 0 else [])]


def median(figures: list[Figures]) -> Figures:
    told = [one.told for one in figures if one.told is not None]
    return Figures(
        statistics.median(told) if told else None,
        statistics.median(one.seen for one in figures),
        statistics.median(one.pss_mb for one in figures),
        round(statistics.median(one.processes for one in figures)),
    )


def main() -> int:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("command", nargs="*", help="what prints painted; default: kiosk.py visit")
    args = parser.parse_args()
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1" if os.getuid() == 0 else "0")
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name, xvfb() as screen:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_RUNTIME_DIR"] = name
        work = Path(name) / "work"
        work.mkdir()
        hand_over(Config(), work)
        program = [sys.executable, str(ROOT / "kiosk.py")]
        commands = {
            "kiosk": args.command or [*program, "visit", "--work", str(work)],
            "with keeper": [*program, "run"],
            "chromium": chromium_command(Path(name)),
        }
        runs: dict[str, list[Figures]] = {who: [] for who in commands}
        for _ in range(args.runs + 1):  # in turn, so that a busy moment of the machine strikes all
            for who, command in commands.items():
                shown = painted_page if who == "chromium" else anything
                runs[who].append(measure(command, screen, shown, says=who == "kiosk"))
        medians = {who: median(figures[1:]) for who, figures in runs.items()}
    sys.stdout.write(f"{'':12} {'painted s':>10} {'seen s':>8} {'PSS MB':>8} {'processes':>10}\n")
    for who, one in medians.items():
        told = f"{one.told:.2f}" if one.told is not None else "-"
        sys.stdout.write(f"{who:12} {told:>10} {one.seen:8.2f} {one.pss_mb:8.0f} {one.processes:10}\n")
    kiosk, kept, chromium = medians.values()
    ratios = {
        "start_ratio": max(kiosk.told or 0, kiosk.seen) / chromium.seen,
        "start_with_keeper_ratio": kept.seen / chromium.seen,
        "memory_ratio": kiosk.pss_mb / chromium.pss_mb,
        "memory_with_keeper_ratio": kept.pss_mb / chromium.pss_mb,
    }
    sys.stdout.write(json.dumps({name: round(ratio, 3) for name, ratio in ratios.items()}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
