"""The road of one visit as data: states, events and the table that allows them. No Qt, no I/O.

A `Visit` serves one citizen: ENDING is final in it. The next citizen gets a new process and a new `Visit`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    ATTRACT = "attract"
    CHOOSE = "choose"
    GUIDE = "guide"
    SCAN = "scan"
    PORTAL = "portal"
    FINISH = "finish"
    ENDING = "ending"
    OUT_OF_SERVICE = "out_of_service"


class Event(StrEnum):
    TOUCH = "touch"  # someone begins
    PICK = "pick"  # a procedure is chosen
    TO_SCAN = "to_scan"
    TO_PORTAL = "to_portal"
    BACK = "back"
    SUBMITTED = "submitted"  # the portal showed a dossier code, or the person says it is done
    DONE = "done"  # the person has read the last page
    LEAVE = "leave"  # "Xóa ngay"
    IDLE = "idle"  # nobody is there any more
    FAULT = "fault"  # something broke that the visit cannot survive
    BREAKDOWN = "breakdown"  # the keeper says that no citizen may be let in


class Mode(StrEnum):
    """Who does it. Kept apart in every count."""

    SELF = "self"
    GUIDED = "guided"
    ON_BEHALF = "on_behalf"
    PRACTICE = "practice"


OPEN = frozenset({State.CHOOSE, State.GUIDE, State.SCAN, State.PORTAL, State.FINISH})
"""States in which a citizen is at the kiosk."""

TABLE: dict[tuple[State, Event], State] = {
    (State.ATTRACT, Event.TOUCH): State.CHOOSE,
    (State.CHOOSE, Event.PICK): State.GUIDE,
    (State.GUIDE, Event.BACK): State.CHOOSE,
    (State.GUIDE, Event.TO_SCAN): State.SCAN,
    (State.GUIDE, Event.TO_PORTAL): State.PORTAL,
    (State.SCAN, Event.BACK): State.GUIDE,
    (State.SCAN, Event.TO_PORTAL): State.PORTAL,
    (State.PORTAL, Event.BACK): State.GUIDE,
    (State.PORTAL, Event.TO_SCAN): State.SCAN,
    (State.PORTAL, Event.SUBMITTED): State.FINISH,
    (State.FINISH, Event.BACK): State.PORTAL,
    (State.FINISH, Event.DONE): State.ENDING,
    (State.ATTRACT, Event.BREAKDOWN): State.OUT_OF_SERVICE,
    **{(state, event): State.ENDING for state in OPEN for event in (Event.LEAVE, Event.IDLE, Event.FAULT)},
}


class NotAllowedError(Exception):
    """The table has no row for this event in this state: a fault of ours, never of the person."""


@dataclass
class Visit:
    """One citizen's way through the kiosk.

    Everything a citizen leaves behind in a visit hangs on this object or in its work folder, and both
    end with the process. `mode` can only move towards more help: self, guided, on_behalf.
    """

    practice: bool = False
    language: str = "vi"
    guide_code: str | None = None
    dossier_code: str | None = None
    state: State = State.ATTRACT
    end_reason: Event | None = None
    listeners: list[Callable[[State, State], None]] = field(default_factory=list)
    _help: Mode = Mode.SELF
    _submitted: set[str | None] = field(default_factory=set)  # codes of the procedures that were

    def fire(self, event: Event) -> State:
        """Move by `event` and tell the listeners (old, new). Raises NotAllowedError."""
        new = TABLE.get((self.state, event))
        if new is None:
            raise NotAllowedError(f"{event} in {self.state}")
        old, self.state = self.state, new
        if event is Event.SUBMITTED:
            self._submitted.add(self.guide_code)
        if new is State.ENDING:
            self.end_reason = event
            self.guide_code = self.dossier_code = None
        for tell in self.listeners:
            tell(old, new)
        return new

    def can(self, event: Event) -> bool:
        return (self.state, event) in TABLE

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def nothing_sent(self) -> bool:
        """Whether the person may still be told so: the chosen procedure was not submitted in this visit."""
        return self.open and self.guide_code not in self._submitted

    @property
    def mode(self) -> Mode:
        return Mode.PRACTICE if self.practice else self._help

    def helped(self, mode: Mode) -> None:
        """Staff stepped in. The most help of the whole visit is what counts."""
        order = [Mode.SELF, Mode.GUIDED, Mode.ON_BEHALF]
        if order.index(mode) > order.index(self._help):
            self._help = mode
