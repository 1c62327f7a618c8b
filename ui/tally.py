"""What of a visit is counted, and when: anonymous, in the mode the visit has at that moment."""

import re
import time
from collections.abc import Callable

from kioskcore.ports import Measure, VisitCounter
from kioskcore.visit import Event, State, Visit

_BUCKETS = (2, 5, 10, 20, 40)
_ONCE = frozenset(
    {Measure.VISIT, Measure.REACHED_PORTAL, Measure.SUBMITTED, Measure.SATISFIED, Measure.MINUTES}
)
OTHER = "other"
"""The procedure of a visit that chose none, or a guide that is no procedure."""

_PROCEDURE = re.compile(r"[1-9]\.\d{6}")


def minutes_bucket(seconds: float) -> str:
    """ "2", "5", "10", "20", "40": up to so many minutes; "more"."""
    return next((str(limit) for limit in _BUCKETS if seconds <= limit * 60), "more")


class Tally:
    """Listens to the visit and adds to the counter."""

    def __init__(
        self, visit: Visit, counter: VisitCounter, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._visit, self._counter, self._now = visit, counter, now
        self._done: set[Measure] = set()
        self._procedure = OTHER
        self._began = now()
        visit.listeners.append(self._moved)

    def add(self, measure: Measure, detail: str = "") -> None:
        if measure in _ONCE and measure in self._done:
            return
        self._done.add(measure)
        self._counter.add(measure, procedure=self._procedure, mode=str(self._visit.mode), detail=detail)

    def _moved(self, old: State, new: State) -> None:
        code = self._visit.guide_code
        if code is not None:
            self._procedure = code if _PROCEDURE.fullmatch(code) else OTHER
        if old is State.ATTRACT and new is State.CHOOSE:
            self._began = self._now()
            self.add(Measure.VISIT)
        elif old is State.CHOOSE and new is State.GUIDE:
            self.add(Measure.STARTED)
        elif new is State.PORTAL:
            self.add(Measure.REACHED_PORTAL)
        elif old is State.PORTAL and new is State.FINISH:
            self.add(Measure.SUBMITTED)
        elif new is State.ENDING:
            self._end(old)

    def _end(self, old: State) -> None:
        reason = self._visit.end_reason or Event.FAULT
        if Measure.SUBMITTED not in self._done:
            self.add(Measure.STOPPED_AT, old)
        self.add(Measure.ENDED_BY, reason)
        self.add(Measure.MINUTES, minutes_bucket(self._now() - self._began))


