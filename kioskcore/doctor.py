"""What a technician wants to know of a machine before the first citizen: checks with a hint each."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"  # the kiosk runs, something is missing
    FAIL = "fail"  # the kiosk cannot do its job


@dataclass(frozen=True)
class Check:
    """One line of the doctor. `hint` says how to mend it; empty where all is well."""

    name: str
    level: Level
    detail: str = ""
    hint: str = ""


def report(checks: Iterable[Check], as_json: bool) -> tuple[str, bool]:
    """The text to print, and whether nothing failed."""
    found = list(checks)
    healthy = all(check.level is not Level.FAIL for check in found)
    if as_json:
        return json.dumps([asdict(check) for check in found], ensure_ascii=False, indent=2), healthy
    lines = []
    for check in found:
        lines.append(f"[{check.level:4}] {check.name}: {check.detail}")
        if check.hint:
            lines.append(f"       -> {check.hint}")
    return "\n".join(lines), healthy
