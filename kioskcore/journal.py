"""The technician's journal: JSON lines of closed words and numbers, so that no personal data can get in."""

import json
import re
import time
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{0,48}")
_LIMIT_BYTES = 1_000_000


class Journal:
    """Appends to `journal.jsonl` in the state folder; keeps one older file. Times are whole minutes."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "journal.jsonl"

    def note(self, event: str, **facts: str | int | float | bool) -> None:
        """Raises ValueError for text that is not a plain word: names, addresses and sentences stay out."""
        for name, value in (("event", event), *facts.items()):
            if isinstance(value, str) and not _PLAIN.fullmatch(value):
                raise ValueError(f"journal: {name} is not a plain word")
        line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M"), "event": event, **facts})
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if self.file.exists() and self.file.stat().st_size > _LIMIT_BYTES:
            self.file.replace(self.file.with_suffix(".1.jsonl"))
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
