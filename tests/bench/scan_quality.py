"""Prints every goal of the clean-up with the figure reached, on made-up pages and, where given, on real ones.

    python tests/bench/scan_quality.py [--data FOLDER] [--count 16] [--only corners,skew] [--json FILE] ...

FOLDER (or the environment's KIOSK_SCAN_DATA) holds dibco/YEAR/{GT,Originals}, blank/ and photos/; what is
absent is skipped. Character errors need tesseract with Vietnamese. Seeds differ from those of the fitting.
Sections that measure no time run beside each other, one on each core; those that do run alone after them.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # tesseract's threads wait for each other more than they work
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402

from tests.bench.quality.apart import apart  # noqa: E402
from tests.bench.quality.cards import cards  # noqa: E402
from tests.bench.quality.crops import crops  # noqa: E402
from tests.bench.quality.ink import blanks, dibco, marks, strokes, ticks  # noqa: E402
from tests.bench.quality.measure import SEED, Asked, Row  # noqa: E402
from tests.bench.quality.memory import memory  # noqa: E402
from tests.bench.quality.place import orientation, skew, times  # noqa: E402
from tests.bench.quality.printed import boxes, copies, dots, shadows  # noqa: E402
from tests.bench.quality.reading import blur, reading  # noqa: E402
from tests.bench.quality.speed import speed  # noqa: E402
from tests.bench.quality.stored import dossier, sealed, stored  # noqa: E402
from tests.bench.quality.verdicts import glare, grounds, pale, thirds, tones, turns  # noqa: E402

Section = Callable[[Asked], Iterable[Row | tuple[str, str, str]]]
SECTIONS: dict[str, Section] = {
    "corners": crops, "sealed": sealed, "reading": reading, "blur": blur, "dossier": dossier, "cards": cards,
    "apart": apart, "orientation": orientation, "stored": stored, "skew": skew, "blank": blanks,
    "strokes": strokes, "ticks": ticks, "marks": marks, "glare": glare, "grounds": grounds, "pale": pale,
    "thirds": thirds, "tones": tones, "turns": turns, "copies": copies, "boxes": boxes, "shadows": shadows,
    "dots": dots,
}  # fmt: skip
"""The longest first."""
TIMED: dict[str, Section] = {"dibco": dibco, "times": times, "speed": speed, "memory": memory}
MARKS = {True: "holds", False: "MISSED", None: "-"}


def rows_of(name: str, asked: Asked) -> Iterator[Row]:
    for row in {**SECTIONS, **TIMED}[name](asked):
        yield Row(*row)


def _beside(name: str, asked: Asked) -> list[Row]:
    cv2.setNumThreads(1)
    return list(rows_of(name, asked))


def sections(names: list[str], asked: Asked, jobs: int) -> Iterator[tuple[str, Iterable[Row]]]:
    """Each section with its rows, as they are ready."""
    beside = [name for name in SECTIONS if name in names]
    if jobs > 1 and len(beside) > 1:
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, fresh) as pool:
            running = {pool.submit(_beside, name, asked): name for name in beside}
            for done in as_completed(running):
                yield running[done], done.result()
        beside = []
    for name in [*beside, *(name for name in TIMED if name in names)]:
        yield name, rows_of(name, asked)


def told(row: Row) -> str:
    goal = f"goal {row.goal}" if row.goal else ""
    return f"{MARKS[row.holds]:6} {row.what:52} {row.reached:64} {goal}".rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given = os.environ.get("KIOSK_SCAN_DATA")
    parser.add_argument("--data", type=Path, default=Path(given) if given else None)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--seed", type=int, default=SEED, help="the first, of crops")
    parser.add_argument("--only", default=",".join((*SECTIONS, *TIMED)))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="the rows for a machine too")
    given_now = parser.parse_args()
    names = given_now.only.split(",")
    if unknown := set(names) - {*SECTIONS, *TIMED}:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    asked = Asked(given_now.count, given_now.data, given_now.seed)
    kept, start = [], time.perf_counter()
    with contextlib.closing(sections(names, asked, given_now.jobs)) as found:
        for name, rows in found:
            for row in rows:
                sys.stdout.write(told(row) + "\n")
                sys.stdout.flush()
                kept.append({"section": name, **row._asdict()})
    judged = [row["holds"] for row in kept if row["holds"] is not None]
    spent = time.perf_counter() - start
    sys.stdout.write(f"{sum(judged)} of {len(judged)} goals hold; {spent:.0f} s\n")
    if given_now.json:
        known = {"count": asked.count, "seconds": round(spent), "hold": sum(judged), "goals": len(judged)}
        given_now.json.write_text(json.dumps({**known, "rows": kept}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
