"""Judges what a camera sees: is it still, bright enough, sharp, and is a whole page in view. No device here.

Frames are BGR uint8 (H, W, 3). Hints are words `scan.hint.<hint>`; "" says that the page is good to take.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.find import find_page

STILL_FRAMES = 8
"""So many frames without motion before a page is looked for."""

_MOTION = 2.0  # mean change of grey; noise of a cheap camera in a dim room stays below 1.5
_DARK = 40.0  # mean of the whole frame
_DARK_PAPER = 80.0
_BRIGHT_SHARE = 0.6  # of the page burnt out
_SHARP = 0.28
_PERHAPS_A_PAGE = 0.4  # a paper that lies half out of the picture: believed to be one, but not its rim
_LEAST_SHARE = 0.12
_EDGE = 0.006  # of the frame; a corner nearer to its border may go on outside
_JUDGE_AGAIN_SECONDS = 0.4
_SMALL = (160, 90)


class Motion:
    """Counts the frames in a row that look like the one before."""

    def __init__(self) -> None:
        self.still = 0
        self.light = 0.0
        self._before: Array | None = None

    def see(self, frame: Array) -> None:
        small = cv2.cvtColor(cv2.resize(frame, _SMALL, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
        self.light = float(small.mean())
        moved = self._before is None or float(cv2.absdiff(small, self._before).mean()) > _MOTION
        self.still = 0 if moved else self.still + 1
        self._before = small

    @property
    def hint(self) -> str:
        return "dark" if self.light < _DARK else "still"

    @property
    def is_still(self) -> bool:
        return self.still >= STILL_FRAMES


class Shutter:
    """Decides when to release. Frames are judged on a thread of their own: the live picture never waits."""

    def __init__(self) -> None:
        self.hint = "lay"
        self._motion = Motion()
        self._side = ThreadPoolExecutor(1, "judge")
        self._judged: tuple[Array, Future[str]] | None = None
        self._judge_after = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._side.shutdown()

    def see(self, frame: Array, now: float) -> Array | None:
        """The frame to keep, once one was good and nothing has moved since."""
        self._motion.see(frame)
        if self._motion.still == 0 and self.hint != "lay":
            self.hint = self._motion.hint
        if self._judged is not None and self._judged[1].done():
            kept, hint = self._judged[0], self._judged[1].result()
            self._judged, self._judge_after = None, now + _JUDGE_AGAIN_SECONDS
            if not hint and self._motion.is_still:
                return kept
            self.hint = hint or "still"
        if self._judged is None and self._motion.is_still and now >= self._judge_after:
            self._judged = frame, self._side.submit(judge, frame)
        return None

    def last(self) -> Array | None:
        """No further frame comes: the one being judged, if it is good."""
        if self._judged is None or not self._motion.is_still or self._judged[1].result():
            return None
        return self._judged[0]


def judge(frame: Array) -> str:
    """What hinders taking this still frame. Takes some 60 ms, so never on the way of the preview."""
    found = find_page(frame)
    if found.corners is None:
        return "whole" if found.confidence >= _PERHAPS_A_PAGE else "lay"
    height, width = frame.shape[:2]
    corners = found.corners.astype(np.float32)
    room = _EDGE * width
    inside = (corners >= room).all() and (corners <= (width - room, height - room)).all()
    if not inside:
        return "whole"
    if cv2.contourArea(corners) < _LEAST_SHARE * width * height:
        return "closer"
    page = _inner(frame, corners)
    if float((page >= 253).mean()) > _BRIGHT_SHARE:
        return "bright"
    if float(np.percentile(page, 90)) < _DARK_PAPER:
        return "dark"
    return "blurred" if sharpness(page) < _SHARP else ""


def sharpness(grey: Array) -> float:
    """0 (no edge at all) .. 1 (a step from one pixel to the next), whatever the contrast of the ink."""
    low, high = np.percentile(grey, (0.5, 95))
    if high - low < 20:
        return 1.0  # an empty page has nothing to be blurred
    steps = np.abs(np.diff(grey.astype(np.int16), axis=1))
    return float(np.percentile(steps, 99.8) / (high - low))


def _inner(frame: Array, corners: Array) -> Array:
    """The page without its rim, grey, seen straight on in about its own pixels."""
    left, top = corners.min(axis=0).astype(int)
    right, bottom = corners.max(axis=0).astype(int)
    trim_x, trim_y = (right - left) // 10, (bottom - top) // 10
    crop = frame[top + trim_y : bottom - trim_y, left + trim_x : right - trim_x]
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY))
