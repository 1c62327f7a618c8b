"""What a run of the `scan` command tells: faults and doubts at once on the terminal, all in the report."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kioskcore.console import sentence
from kioskcore.errors import KioskError
from kioskcore.findings import said, where
from kioskcore.ports import Page
from kioskcore.words import Words, load_words, readable_size
from scanner.files import disk_faults

if TYPE_CHECKING:
    from scanner.sheet import SheetReport

WORDS_FOLDER = Path(__file__).resolve().parent / "words"


@cache
def screen_words(language: str) -> Words:
    """What the screens say while paper is scanned and looked at."""
    return load_words([WORDS_FOLDER])[language]


@dataclass
class Account:
    """`entries`: one for each page or spoilt file, in order; `pages`: the good ones; `pdf`: what was made."""

    words: Words
    entries: list[dict[str, Any]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    pdf: dict[str, Any] | None = None
    failed: bool = False

    def say(self, key: str, **facts: str | int) -> None:
        sys.stderr.write(f"{self.words.say(f'console.{key}', **facts)}\n")

    def fault(self, name: str, error: KioskError) -> None:
        self.failed = True
        self.entries.append({"file": name, "corners": None, "error": error.code, "facts": error.facts})
        told = sentence(error, self.words)
        if error.code == "DISK-FULL":  # no page is kept here as on the screens
            told = f"{error.code}: {self.words.say('console.disk_full')}"
        sys.stderr.write(f"{name}: {told}\n")

    def page(self, name: str, page: Page, kept: str) -> None:
        """A page of the file `name`; `kept`: the name of its own picture, where that stays.

        What is wrong with it is said.
        """
        sentences = said(screen_words(self.words.language), page)
        for each in sentences:
            sys.stderr.write(f"{name}: {each}\n")
        self.pages.append(page)
        entry = _entry(name, page) | {"said": sentences}
        self.entries.append(entry | ({"clean": kept} if kept else {}))

    def corners(
        self, name: str, corners: Any, confidence: float, milliseconds: float, scale: tuple[float, float]
    ) -> None:
        """Where the page lies in a picture that is not cleaned; `scale`: as of a `Page`."""
        entry = {"file": name, "corners": _listed(corners, scale), "confidence": round(confidence, 4)}
        self.entries.append(entry | {"milliseconds": {"find": round(milliseconds, 1)}})

    @property
    def good(self) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if "error" not in entry]

    def made(self, files: "Sequence[tuple[Path, SheetReport]]", budget: int, milliseconds: float) -> None:
        """The PDF or its parts. Each entry gets what its page takes and whether it can be searched.

        The sides of a card lie on one page, of which each gets its share.
        """
        written = [one for _, each in files for one in zip(each.page_bytes, each.searchable, strict=True)]
        if len(written) == 1:
            (taken, searchable), sides = written[0], len(self.good)
            written = [((taken + side) // sides, searchable) for side in range(sides)]
        for entry, (taken, searchable) in zip(self.good, written, strict=True):
            entry |= {"bytes": taken, "searchable": searchable}
        parts = [
            {"file": file.name, "pages": len(each.page_bytes), "bytes": each.total_bytes}
            for file, each in files
        ]
        self.pdf = {
            "file": files[0][0].name,
            "pages": sum(each["pages"] for each in parts),
            "bytes": sum(each.total_bytes for _, each in files),
            "budget": budget,
            "parts": parts,
            "milliseconds": round(milliseconds, 1),
        }
        for file, each in files:
            count, size = len(each.page_bytes), self._readable(each.total_bytes)
            told = self.words.say("console.made", file=str(file), pages=count, size=size)
            sys.stdout.write(f"{told}\n")

    def _readable(self, size: int) -> str:
        exact = 10_000 if size >= 1_000_000 else 1000
        return self.words.amount(readable_size(max(1, round(size / exact)) * exact))

    def write(self, file: Path) -> None:
        report = json.dumps({"pages": self.entries, "pdf": self.pdf}, ensure_ascii=False, indent=1)
        try:
            with disk_faults():
                file.write_text(report, encoding="utf-8")
        except KioskError as error:
            self.fault(file.name, error)


def _entry(name: str, page: Page) -> dict[str, Any]:
    from PIL import Image

    from scanner.clean.geometry.flatten import MM_PER_INCH

    with Image.open(page.clean) as clean:
        pixels = clean.size
    return {
        "file": name,
        "corners": _listed(page.corners, page.scale),
        "confidence": round(page.confidence, 4),
        "skew_degrees": round(page.skew_degrees, 3),
        "turn_degrees": page.turn_degrees,
        "mode": page.mode.value,
        "millimetres": [round(page.width_mm, 1), round(page.height_mm, 1)],
        "pixels": list(pixels),
        "dpi": round(pixels[0] / page.width_mm * MM_PER_INCH, 1),
        "verdicts": list(page.verdicts),
        "places": {code: [list(box) for box in boxes] for code, boxes in page.places.items()},
        "where": {code: where(boxes) for code, boxes in page.places.items()},
        "milliseconds": dict(page.milliseconds),
        "bytes": 0,
    }


def _listed(corners: Any, scale: tuple[float, float]) -> list[list[float]] | None:
    if corners is None:
        return None
    return [
        [round((float(at) + 0.5) * times - 0.5, 2) for at, times in zip(corner, scale, strict=True)]
        for corner in corners
    ]
