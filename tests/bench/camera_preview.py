"""Frames a second of the camera's live picture at 1080p: `tests/bench/camera_preview.py [--seconds 8]`.

A film that runs faster than any camera is read, judged and shown through the whole scan path but the screen.
"""

import argparse
import itertools
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402

from kioskcore.config import Scan  # noqa: E402
from kioskcore.errors import KioskError  # noqa: E402
from kioskcore.ports import Preview, ScanJob  # noqa: E402
from scanner.backends import camera  # noqa: E402
from tests.scanner.film import film, paper_at  # noqa: E402

SIZE = (1920, 1080)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    given = parser.parse_args()
    cv2.setNumThreads(2)
    camera.PREVIEWS_A_SECOND = 1000  # every frame, to see the limit of the machine
    # cut at the lower edge: each still frame is judged, and never taken
    frames = [paper_at(0.5, 0.72, size=SIZE), *[paper_at(0.5, 0.73, size=SIZE)] * 29]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        source = film(Path(name) / "film.avi", frames * round(given.seconds * 2), rate=60)
        shown: list[tuple[float, Preview]] = []
        backend = camera.CameraBackend(Scan())
        backend.watch(lambda preview: shown.append((time.perf_counter(), preview)))
        try:
            backend.scan(ScanJob(source), Path(name), lambda page: None, lambda fraction: None)
        except KioskError as error:
            assert error.code == "SCAN-NOT-SEEN", error
    span = shown[-1][0] - shown[0][0]
    gaps = sorted(later[0] - earlier[0] for earlier, later in itertools.pairwise(shown))
    worst = gaps[-max(1, len(gaps) // 100)]
    print(  # noqa: T201
        f"{len(shown) - 1} live pictures of 1080p in {span:.1f} s: {(len(shown) - 1) / span:.1f} a second; "
        f"1 of 100 gaps is longer than {worst * 1000:.0f} ms (the film has 60 frames a second)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
