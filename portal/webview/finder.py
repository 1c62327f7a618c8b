"""Finds what a person sees on the page, in all frames and open shadow roots, and where it is in the view.

Nothing is left in the page: the looking is done in a script world of its own and the page is only scrolled.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEngineScript
from PySide6.QtWebEngineWidgets import QWebEngineView
from shiboken6 import isValid

Kind = Literal["text", "label", "css", "radio", "file"]
Point = tuple[float, float]

ANSWER_SECONDS = 2.0
"""A frame that says nothing for so long (navigating away, hung) is left out."""
POLL_MS = 300
MAX_FRAMES = 64
"""No form needs more; a hostile page with ten thousand must not stop the shell."""
SETTLE_MS = 120  # scrolling through cross-process frames is not done when scrollIntoView returns
MAX_TEXT = 30_000
_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value


@dataclass(frozen=True)
class Query:
    """What to look for. Case, white space and the way Vietnamese letters are encoded do not matter.

    kind "text": the visible words of something to tap; "label": a field by the words beside it; "css": a
    selector; "radio": a radio button by its own words, within the group named `group`; "file": the control
    that opens a file box, by its own words or those before it. `only`: a selector the field must match
    (kind "label"). `nth` counts from 0 among equally good hits, in reading order.
    """

    kind: Kind
    value: str
    nth: int = 0
    group: str = ""
    only: str = ""


@dataclass(frozen=True)
class Found:
    """One element. `rect` is x, y, width, height and `point` the best place to tap, in pixels of the view.

    `covered`: something lies over it there. `options`: texts of a <select>, each with whether it is enabled.
    """

    rect: tuple[float, float, float, float]
    point: Point
    covered: bool
    inside: bool
    tag: str
    type: str
    role: str
    disabled: bool
    read_only: bool
    checked: bool
    has_value: bool
    editable: bool
    options: tuple[tuple[str, bool], ...] = ()
    selected: int = -1
    count: int = 1


@dataclass(frozen=True)
class _Place:
    """A frame and the way to it from the top: (parent, index among its children, their number), ..."""

    frame: QWebEngineFrame
    way: tuple[tuple[QWebEngineFrame, int, int], ...] = ()


@cache
def _source() -> str:
    return (Path(__file__).with_name("find.js")).read_text(encoding="utf-8")


def _call(name: str, ask: dict[str, Any]) -> str:
    """PySide gives '' for objects, so every answer comes back as JSON text."""
    return f"(() => {{{_source()}\nreturn JSON.stringify(kioskLook.{name}({json.dumps(ask)}))}})()"


class Finder(QObject):
    """Answers by callback on the GUI thread, always exactly once."""

    def __init__(self, view: QWebEngineView) -> None:
        super().__init__(view)
        self._view = view
        self.moves = (False, False)  # whether the page could be moved up, and down, when last looked at

    def find(self, query: Query, then: Callable[[Found | None], None]) -> None:
        """The best hit, scrolled into the view, or None where nothing visible matches."""
        places = self._places()

        def chosen(answers: list[Any]) -> None:
            hits = [
                (hit["score"], number, hit["index"])
                for number, answer in enumerate(answers)
                for hit in (answer or ())
            ]
            best = min((score for score, _, _ in hits), default=0)
            equal = [hit for hit in hits if hit[0] // 50 == best // 50]
            if not 0 <= query.nth < len(equal):
                then(None)
                return
            _, number, index = sorted(equal)[query.nth] if query.nth == 0 else equal[query.nth]
            self._locate(places[number], index, len(equal), then)

        ask = {"kind": query.kind, "value": query.value, "group": query.group, "only": query.only}
        self._gather([place.frame for place in places], _call("find", ask), chosen)

    def wait(self, query: Query, seconds: float, then: Callable[[Found | None], None]) -> None:
        """Look again and again until something is found or the time is over."""
        deadline = time.monotonic() + seconds

        def looked(found: Found | None) -> None:
            if found is not None or time.monotonic() >= deadline:
                then(found)
            else:
                QTimer.singleShot(POLL_MS, self, lambda: self.find(query, looked))

        self.find(query, looked)

    def text(self, then: Callable[[str | None], None]) -> None:
        """The visible words of all frames, NFC, one after another; form values only where read-only.

        None where the page itself did not answer: it waits for a dialog, loads, or hangs.
        """
        frames = [place.frame for place in self._places()]
        call = _call("text", {"limit": MAX_TEXT})

        def joined(parts: list[Any]) -> None:
            if parts[0] is None:
                then(None)
                return
            self._moved(parts[0]["moves"])
            then("\n".join(part["text"] for part in parts if part and part["text"]))

        self._gather(frames, call, joined)

    def move(self, way: int, then: Callable[[], None]) -> None:
        """Move the page by most of what shows of it: -1 up, 1 down."""

        def moved(answers: list[Any]) -> None:
            self._moved(answers[0] or self.moves)
            then()

        self._gather([self._view.page().mainFrame()], _call("move", {"way": way}), moved)

    def _moved(self, told: Sequence[Any]) -> None:
        up, down = told
        self.moves = bool(up), bool(down)

    def _places(self) -> list[_Place]:
        found: list[_Place] = []

        def visit(place: _Place) -> None:
            found.append(place)
            children = place.frame.children()
            for index, child in enumerate(children[:MAX_FRAMES]):
                if len(found) < MAX_FRAMES:
                    visit(_Place(child, (*place.way, (place.frame, index, len(children)))))

        visit(_Place(self._view.page().mainFrame()))
        return found

    def _gather(
        self, frames: Sequence[QWebEngineFrame], script: str, then: Callable[[list[Any]], None]
    ) -> None:
        """Run the script in each frame; answers in the same order, None for a silent frame."""
        answers: list[Any] = [None] * len(frames)
        left = set(range(len(frames)))
        timer = QTimer(self, singleShot=True, interval=int(ANSWER_SECONDS * 1000))

        def done() -> None:
            left.clear()
            timer.stop()
            timer.deleteLater()
            then(answers)

        def answered(index: int, value: object) -> None:
            if index not in left or not isValid(timer):
                return  # too late, or a last word of a page that is being closed
            left.discard(index)
            answers[index] = json.loads(value) if isinstance(value, str) and value else None
            if not left:
                done()

        timer.timeout.connect(done)
        timer.start()
        for index, frame in enumerate(frames):
            frame.runJavaScript(script, _WORLD, lambda value, index=index: answered(index, value))

    def _locate(
        self, place: _Place, index: int, count: int, then: Callable[[Found | None], None]
    ) -> None:
        def first(found: Found | None) -> None:
            if found is None or (found.inside and not found.covered):
                then(found)
            else:
                self._measure(place, index, count, True, lambda _: QTimer.singleShot(SETTLE_MS, self, again))

        def again() -> None:
            self._measure(place, index, count, False, then)

        self._measure(place, index, count, False, first)

    def _measure(
        self, place: _Place, index: int, count: int, scroll: bool, then: Callable[[Found | None], None]
    ) -> None:
        """Measure in the element's frame, then add where each frame lies in its parent."""
        offsets: list[dict[str, float]] = []

        def measured(answers: list[Any]) -> None:
            if answers[0] is None:
                then(None)
                return
            step(0, answers[0])

        def step(number: int, seen: dict[str, Any]) -> None:
            if number == len(place.way):
                then(self._found(seen, offsets, count))
                return
            parent, child, total = place.way[number]

            def offset(answers: list[Any]) -> None:
                if answers[0] is None:
                    then(None)
                    return
                offsets.append(answers[0])
                step(number + 1, seen)

            self._gather([parent], _call("frame", {"index": child, "count": total}), offset)

        self._gather([place.frame], _call("measure", {"index": index, "scroll": scroll}), measured)

    def _found(self, seen: dict[str, Any], offsets: list[dict[str, float]], count: int) -> Found:
        zoom = self._view.zoomFactor()
        left = sum(offset["left"] for offset in offsets)
        top = sum(offset["top"] for offset in offsets)
        x, y, width, height = seen.pop("rect")
        point = ((seen.pop("x") + left) * zoom, (seen.pop("y") + top) * zoom)
        inside = 0 <= point[0] < self._view.width() and 0 <= point[1] < self._view.height()
        options = tuple((text, enabled) for text, enabled in seen.pop("options"))
        rect = ((x + left) * zoom, (y + top) * zoom, width * zoom, height * zoom)
        return Found(rect=rect, point=point, inside=inside, options=options, count=count, **seen)
