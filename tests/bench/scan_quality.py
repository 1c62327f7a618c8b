"""Prints every goal of the clean-up with the figure reached, on made-up pages and, where given, on real ones.

    python tests/bench/scan_quality.py [--data FOLDER] [--count 30] [--only corners,skew] [--seed N]

FOLDER (or the environment's KIOSK_SCAN_DATA) holds dibco/YEAR/{GT,Originals}, blank/ and photos/; what is
absent is skipped. Character errors need tesseract with Vietnamese. Seeds differ from those of the fitting.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.quality.ink import blanks, dibco  # noqa: E402
from tests.bench.quality.measure import SEED, Asked  # noqa: E402
from tests.bench.quality.memory import memory  # noqa: E402
from tests.bench.quality.place import corners, orientation, skew  # noqa: E402
from tests.bench.quality.reading import blur, reading  # noqa: E402
from tests.bench.quality.speed import speed  # noqa: E402
from tests.bench.quality.stored import sealed, size, stored  # noqa: E402

SECTIONS = {
    "corners": corners, "skew": skew, "orientation": orientation, "dibco": dibco, "blank": blanks,
    "reading": reading, "blur": blur, "sealed": sealed, "stored": stored, "size": size, "speed": speed,
    "memory": memory,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given = os.environ.get("KIOSK_SCAN_DATA")
    parser.add_argument("--data", type=Path, default=Path(given) if given else None)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=SEED, help="the first, of crops")
    parser.add_argument("--only", default=",".join(SECTIONS))
    given_now = parser.parse_args()
    asked = Asked(given_now.count, given_now.data, given_now.seed)
    for name in given_now.only.split(","):
        for what, reached, goal in SECTIONS[name](asked):
            sys.stdout.write(f"{what:52} {reached:64} goal {goal}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
