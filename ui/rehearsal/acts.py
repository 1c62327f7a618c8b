"""What a step of a play is made of: it pauses, asks the page, or moves the hand; and it loses patience."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

POLL_MS = 250
AFTER_TAP_MS = 120


class StepFailedError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Pause:
    milliseconds: int


@dataclass(frozen=True)
class Ask:
    """Call `ask` with a function that takes the answer."""

    ask: Callable[[Callable[[Any], None]], None]


@dataclass(frozen=True)
class Act:
    """Move the hand, and go on after so many milliseconds even if the movement has not returned.

    `returns`: it opens no dialog, so the milliseconds count from its return; the next can never overtake it.
    """

    act: Callable[[], None]
    milliseconds: int = AFTER_TAP_MS
    returns: bool = False


Work = Generator[Pause | Ask | Act, Any, None]


class Patience:
    """Until when a step may look, and why it did not find what it wanted."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.why = "NOT-FOUND"

    def over(self) -> bool:
        return time.monotonic() >= self._end

    def check(self) -> None:
        if self.over():
            raise StepFailedError(self.why)
