"""Faults of guide files: all files are read before anything is refused; each has file, line and words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kioskcore.errors import KioskError
from kioskcore.words import Words, load_words

WORDS_FOLDER = Path(__file__).parent / "words"


@cache
def room_words() -> dict[str, Words]:
    """What this room says to technicians and authors, by language."""
    return load_words([WORDS_FOLDER])


@dataclass(frozen=True)
class Fault:
    """One thing wrong. `line` is 1-based, 0 where unknown; `code` is a key `fault.<code>` of the words."""

    file: str
    line: int
    key: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def problem(self, language: str = "vi") -> str:
        return room_words()[language].say(f"fault.{self.code}", **self.facts)

    def __str__(self) -> str:
        return self.say("vi")

    def say(self, language: str) -> str:
        """`file:line: key: sentence`, as editors understand it."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.key, self.problem(language)) if part)


class GuideError(KioskError):
    """GUIDE-INVALID with `.faults`: every fault of every file that was read."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("GUIDE-INVALID", file=faults[0].file, faults=len(faults))
        self.faults = tuple(faults)


def line_of(text: str, location: Sequence[str | int]) -> int:
    """The line of a key in a TOML text; of the nearest table around it where the key itself is missing."""
    wanted = [str(part) for part in location]
    best, best_length = 0, 0
    counts: dict[str, int] = {}
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        if header:
            table = [part.strip().strip('"') for part in re.findall(r'"[^"]*"|[^.]+', header[2])]
            if header[1] == "[[":
                name = ".".join(table)
                counts[name] = counts.get(name, -1) + 1
                table = [*table, str(counts[name])]
            here = table
        else:
            key = re.match(r"\s*([\w-]+|\"[^\"]+\")\s*=", line)
            if not key:
                continue
            here = [*table, key[1].strip('"')]
        if here == wanted[: len(here)] and len(here) > best_length:
            best, best_length = number, len(here)
    return best
