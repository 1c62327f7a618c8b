"""What the scan child costs on top of the bare scanimage program: `tests/bench/scan_overhead.py [--runs 5]`.

Once on SANE's test device as fast as it can, which shows the milliseconds that we add, and once paced to the
seconds that a lamp takes for a page, which shows the share that a person waits longer (aim: under 15 %).
Runs alternate, so that neighbours on the machine hit both; medians are printed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kioskcore.ports import ScanJob  # noqa: E402
from scanner.service import ScanChild  # noqa: E402
from tests.scanner.desk import CHILD, Heard  # noqa: E402

FEEDER = "Automatic Document Feeder"
READ_BYTES = 64 * 1024
"""scanimage asks the driver for so much at once; the paced device rests before each answer."""

LONGEST_REST = 200_000
SIDE_MM = 200
PICTURE = "Solid white"
"""White as paper is; the device's own black is cleaned for twice as long as any page."""

PATIENCE = 120.0


@dataclass(frozen=True)
class Times:
    """Seconds from the order to the first page, the last, the first sight of one; the clean-up of all within.

    With scanimage alone a page is seen when it is there.
    """

    first: float
    last: float
    seen: float
    cleaning: float = 0.0


def pace(folder: Path, dpi: int, seconds: float) -> None:
    """The test device takes about so long for one page; 0: as fast as it can."""
    reads = 3 * round(SIDE_MM / 25.4 * dpi) ** 2 / READ_BYTES
    rest = min(round(seconds * 1000 / reads) * 1000, LONGEST_REST)
    slow = f"read-delay true\nread-delay-duration {rest}\n" if rest else ""
    (folder / "test.conf").write_text(f"number_of_devices 1\n{slow}")


def bare(folder: Path, dpi: int, feeder: bool) -> Times:
    """scanimage alone with the same words; a page is there when its name is printed."""
    side = str(SIDE_MM)
    words = ["--format=tiff", "--mode", "Color", "--resolution", str(dpi), "-x", side, "-y", side]
    words += ["--test-picture", PICTURE]
    words += ["--source", FEEDER] if feeder else ["--batch-count=1"]
    start = time.perf_counter()
    with subprocess.Popen(
        ["scanimage", "-d", "test:0", *words, f"--batch={folder}/bare-%d.tif", "--batch-print"],
        env={**os.environ, "SANE_CONFIG_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        came = [time.perf_counter() - start for _ in process.stdout]
    for left in folder.glob("bare-*"):
        left.unlink()
    return Times(came[0], came[-1], came[0])


class Ours:
    """The same through the warm scan child, up to pages that are clean and shown."""

    def __init__(self, service: ScanChild, heard: Heard) -> None:
        self._service, self._heard = service, heard
        self._pages = self._jobs = self._seen = 0

    def scan(self, dpi: int, feeder: bool) -> Times:
        known = self._pages
        start = time.perf_counter()
        self._service.scan(ScanJob(f"sane:test:0?test-picture={PICTURE}", dpi=dpi, feeder=feeder))
        self._heard.until("preview", self._seen + 1, PATIENCE)
        seen = time.perf_counter() - start
        self._heard.until("page", known + 1, PATIENCE)
        first = time.perf_counter() - start
        self._jobs += 1
        self._pages += self._heard.until("scanned", self._jobs, PATIENCE)
        last = time.perf_counter() - start
        self._seen = len(self._heard.all("preview"))
        pages = self._heard.all("page")[known:]
        return Times(first, last, seen, sum(sum(page.milliseconds.values()) for page in pages) / 1000)


def compare(ours: Ours, folder: Path, dpi: int, seconds: float, feeder: bool, runs: int) -> str:
    """One line of the table."""
    pace(folder, dpi, seconds)
    pairs = [(bare(folder, dpi, feeder), ours.scan(dpi, feeder)) for _ in range(runs)]

    def middle(which: int, name: str) -> float:
        return float(statistics.median(getattr(pair[which], name) for pair in pairs))

    told = [f"{dpi} dpi, {'feeder' if feeder else 'glass'}, {'paced' if seconds else 'fast'}:"]
    for name in ("seen", "first", "last") if feeder else ("seen", "first"):
        theirs, mine = middle(0, name), middle(1, name)
        what = "first preview" if name == "seen" else f"{name} page"
        told.append(f"{what} {theirs * 1000:.0f} -> {mine * 1000:.0f} ms ({mine / theirs - 1:+.1%}),")
    return " ".join([*told, f"clean-up {middle(1, 'cleaning') * 1000:.0f} ms"])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="for a paced page on the glass")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        (folder / "dll.conf").write_text("test\n")
        pace(folder, 300, 0)
        settings = folder / "settings.toml"
        settings.write_text(f'[scan]\nsources = ["sane"]\nsane_config_dir = "{folder}"\n')
        command = [sys.executable, "-c", CHILD, str(ROOT), str(settings), str(folder / "work")]
        service = ScanChild(command, deadline_seconds=60)
        heard = Heard()
        start = time.perf_counter()
        service.start(heard)
        service.find_devices()
        heard.until("devices")
        print(f"start of the child with its device list: {(time.perf_counter() - start) * 1000:.0f} ms")  # noqa: T201
        ours = Ours(service, heard)
        for dpi, seconds in ((150, 0.0), (300, 0.0), (600, 0.0), (300, given.seconds)):
            print(compare(ours, folder, dpi, seconds, False, given.runs), flush=True)  # noqa: T201
        print(compare(ours, folder, 300, given.seconds / 2, True, 1), flush=True)  # noqa: T201
        service.close()
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
