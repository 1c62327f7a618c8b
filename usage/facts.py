"""What may be counted: closed lists, so that nothing about a person can become a key or a value.

A `Total` is the only thing that is stored, reported or sent anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kioskcore.errors import KIND_OF
from kioskcore.ports import Measure
from kioskcore.visit import Event, Mode, State

OTHER = "other"
"""The procedure of a visit that chose none, or none that we know."""

MINUTES = (2, 5, 10, 20, 40)
"""Upper ends of the classes of a visit's length; longer is "more"."""

_PROCEDURE = re.compile(r"[1-9]\.\d{6}")
_PLACE = re.compile(r"[a-z0-9-]{1,32}")
_LIMIT = 10**9

DETAILS: Mapping[Measure, frozenset[str]] = {
    Measure.STOPPED_AT: frozenset(State),
    Measure.ENDED_BY: frozenset(Event),
    Measure.MINUTES: frozenset({*map(str, MINUTES), "more"}),
    Measure.SATISFIED: frozenset({"1", "2", "3"}),
    Measure.ERROR: frozenset(KIND_OF),
    Measure.BLOCKED: frozenset(
        {"national", "sso", "ministry", "province", "payment", "practice", "state", "other", "none"}
    ),
}
"""The details a measure takes; a measure that is not here takes none."""

MEASURES = frozenset(
    f"{measure}:{detail}" if detail else str(measure)
    for measure in Measure
    for detail in DETAILS.get(measure, {""})
)
"""Every name that the measure column may hold."""


@dataclass(frozen=True, order=True)
class Key:
    """What a running total counts."""

    day: date
    point: str
    machine: str
    procedure: str
    mode: str
    measure: str


@dataclass(frozen=True)
class Total:
    """One row: how often, up to now."""

    key: Key
    value: int

    def __post_init__(self) -> None:
        """Raises ValueError for anything outside the closed lists; the message never repeats the value."""
        key = self.key
        sound = {
            "day": type(key.day) is date,
            "point": bool(_PLACE.fullmatch(key.point)),
            "machine": bool(_PLACE.fullmatch(key.machine)),
            "procedure": key.procedure == OTHER or bool(_PROCEDURE.fullmatch(key.procedure)),
            "mode": key.mode in frozenset(Mode),
            "measure": key.measure in MEASURES,
            "value": type(self.value) is int and 0 < self.value <= _LIMIT,
        }
        wrong = [name for name, good in sound.items() if not good]
        if wrong:
            raise ValueError(f"not countable: {', '.join(wrong)}")


def measure_name(measure: Measure, detail: str = "") -> str:
    """The name in the measure column. Raises ValueError for a detail outside the closed list."""
    name = f"{measure}:{detail}" if detail else str(measure)
    if name not in MEASURES:
        raise ValueError("not countable: detail")
    return name


def minutes_class(seconds: float) -> str:
    """The detail of MINUTES for a visit that took so long."""
    return next((str(limit) for limit in MINUTES if seconds <= limit * 60), "more")


def as_row(total: Total) -> dict[str, str | int]:
    """For JSON; the day as 2026-01-31."""
    key = total.key
    return {
        "day": key.day.isoformat(),
        "point": key.point,
        "machine": key.machine,
        "procedure": key.procedure,
        "mode": key.mode,
        "measure": key.measure,
        "value": total.value,
    }


def from_row(row: Mapping[str, Any]) -> Total:
    """The reverse of `as_row`, for rows of another machine. Raises ValueError."""
    try:
        texts = {name: row[name] for name in ("point", "machine", "procedure", "mode", "measure")}
        if set(row) != {"day", "value", *texts} or not all(isinstance(text, str) for text in texts.values()):
            raise ValueError("not countable: row")
        return Total(Key(date.fromisoformat(row["day"]), **texts), row["value"])
    except (KeyError, TypeError) as fault:
        raise ValueError("not countable: row") from fault
