"""What the scan child costs on top of the bare scanimage program: `tests/bench/scan_overhead.py [--runs 7]`.

Runs alternate, so that neighbours on the machine hit both; medians are printed in milliseconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kioskcore.ports import ScanJob  # noqa: E402
from scanner.service import ScanChild  # noqa: E402
from tests.scanner.desk import CHILD, Heard  # noqa: E402


def bare(folder: Path, dpi: int) -> float:
    """Milliseconds of scanimage alone with the same words."""
    out = folder / "bare.tif"
    words = ["--format=tiff", "--mode", "Color", "--resolution", str(dpi), "-x", "200", "-y", "200"]
    start = time.perf_counter()
    subprocess.run(
        ["scanimage", "-d", "test:0", *words, "-o", str(out)],
        env={**os.environ, "SANE_CONFIG_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    return (time.perf_counter() - start) * 1000


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        (folder / "dll.conf").write_text("test\n")
        (folder / "test.conf").write_text("number_of_devices 1\n")
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
        number = 0
        for dpi in (150, 300, 600):
            alone, whole, cleaning = [], [], []
            for _ in range(given.runs):
                alone.append(bare(folder, dpi))
                number += 1
                start = time.perf_counter()
                service.scan(ScanJob("sane:test:0", dpi=dpi))
                page = heard.until("page", number)
                whole.append((time.perf_counter() - start) * 1000)
                cleaning.append(sum(page.milliseconds.values()))
                heard.until("scanned", number)
            ours, theirs, clean = (statistics.median(times) for times in (whole, alone, cleaning))
            print(  # noqa: T201
                f"{dpi} dpi: scanimage {theirs:.0f}, to the clean page {ours:.0f}, clean-up {clean:.0f}, "
                f"reading, keeping and talking {ours - theirs - clean:.0f}"
            )
        service.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
