"""Time of a keystroke's search over the whole catalogue, beside the plain rapidfuzz scan of all names.

    .venv/bin/python tests/bench/guides_keystroke.py

Each question of tests/guides/questions.tsv is typed key by key; the reference scans every folded name with
rapidfuzz's WRatio and partial_ratio, as a search box without an index would.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from guides_search_quality import questions  # noqa: E402 - beside this file
from rapidfuzz import fuzz, process  # noqa: E402

from guides.folding import fold  # noqa: E402
from guides.library import Library  # noqa: E402


def timed(call: Callable[[str], object], texts: list[str]) -> str:
    call("mở đầu")
    taken = []
    for text in texts:
        start = time.perf_counter()
        call(text)
        taken.append(1000 * (time.perf_counter() - start))
    p95 = statistics.quantiles(taken, n=100)[94]
    return f"median {statistics.median(taken):6.2f} ms  p95 {p95:6.2f} ms  worst {max(taken):6.2f} ms"


def main() -> None:
    asked = [question for question, _ in questions(ROOT / "tests" / "guides" / "questions.tsv")]
    typed = [question[:end] for question in asked for end in range(1, len(question) + 1)]
    start = time.perf_counter()
    library = Library()
    opened = 1000 * (time.perf_counter() - start)
    start = time.perf_counter()
    library.search("khai sinh")
    first = 1000 * (time.perf_counter() - start)
    names = {entry.code: fold(entry.name) for entry in library.catalogue.entries()}
    print(f"guides opened {opened:.0f} ms, first search (index read) {first:.0f} ms, {len(names)} procedures")  # noqa: T201
    print(f"{len(typed)} keystrokes of {len(asked)} questions")  # noqa: T201
    print("search          ", timed(library.search, typed))  # noqa: T201
    sample = typed[::10]
    for name, scorer in (("partial_ratio", fuzz.partial_ratio), ("WRatio", fuzz.WRatio)):

        def scan(text: str, scorer: Callable[..., float] = scorer) -> object:
            return process.extract(fold(text), names, scorer=scorer, limit=8)

        print(f"{name:16}", timed(scan, sample))  # noqa: T201


if __name__ == "__main__":
    main()
