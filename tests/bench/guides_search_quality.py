"""How well the search answers: top-1, top-5, rejection over tests/guides/questions.tsv, held-out third apart.

.venv/bin/python tests/bench/guides_search_quality.py [--misses] [FILE.tsv]
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from guides.library import Library  # noqa: E402 - the program's folder must be on the path first


def questions(file: Path) -> list[tuple[str, frozenset[str]]]:
    """(question, accepted codes); no codes: not a procedure."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split("\t") for line in lines)
    return [(question, frozenset(codes.split()) - {"-"}) for question, codes in pairs]


def measure(library: Library, asked: list[tuple[str, frozenset[str]]]) -> tuple[dict[str, float], list[str]]:
    """Shares in percent, and the misses in words."""
    first = five = rejected = 0
    misses = []
    real = [pair for pair in asked if pair[1]]
    for question, codes in asked:
        hits = library.search(question, limit=5)
        found = [hit.code for hit in hits]
        if not codes:
            rejected += not found
            if found:
                misses.append(f"  guess   {question!r} -> {hits[0]}")
            continue
        first += found[:1] != [] and found[0] in codes
        five += bool(codes & set(found))
        if not (found and found[0] in codes):
            place = "in five" if codes & set(found) else "missed "
            misses.append(f"  {place} {question!r} wants {sorted(codes)} got {[h.code for h in hits]}")
    none = len(asked) - len(real)
    figures = {
        "questions": len(asked),
        "top1": 100 * first / max(1, len(real)),
        "top5": 100 * five / max(1, len(real)),
        "rejected": 100 * rejected / max(1, none),
    }
    return figures, misses


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "tests" / "guides" / "questions.tsv")
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    library = Library()
    asked = questions(arguments.file)
    parts = {
        "tuned on": [pair for number, pair in enumerate(asked) if number % 3 != 2],
        "held out": asked[2::3],
        "all": asked,
    }
    for name, part in parts.items():
        figures, misses = measure(library, part)
        print(  # noqa: T201 - a bench prints
            f"{name:9} n={figures['questions']:.0f} top-1 {figures['top1']:.1f} % "
            f"top-5 {figures['top5']:.1f} % rejected {figures['rejected']:.1f} %"
        )
        if arguments.misses and name == "tuned on":
            print("\n".join(misses))  # noqa: T201


if __name__ == "__main__":
    main()
