"""Finds the codes of bars on a page, and tells those that are too fine for black and white."""

from collections.abc import Iterator

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve, parts_of

ONE_WAY, BAR_STEP = 4.0, 15  # times the steps along bars, and of 255 more, are those across them
CELL, EVERY = 8, 8  # px to one of a mask; of the rows and columns, enough to see whether there are bars
LONG_PX, MIXED = 40, 215  # across a code; of 255, bars and gaps
BLACK_RUN, LAYERED_RUN = 4.0, 6.0  # px that finer bars melt or break in black and white, or parted in layers
LEAST_DEEP = 60  # of 255, between bars and gaps


def barred(grey: Array, size: tuple[int, int], every: int = 1) -> Iterator[tuple[slice, slice]]:
    """Where a page is stepped one way alone, as by bars, on a mask of that size (width, height in px).

    Of its rows and columns one in so many is asked. Exact parts of the page are made in a third of the time.
    """
    lines, bars = grey[::every], np.ascontiguousarray(grey[:, ::every])
    across, down = np.zeros_like(lines), np.zeros_like(bars)
    cv2.absdiff(lines[:, 1:], lines[:, :-1], across[:, 1:])
    cv2.absdiff(bars[1:], bars[:-1], down[1:])
    steps = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (across, down))
    ways = [cv2.blur(each, (5, 5)) for each in steps]
    steep = cv2.subtract(cv2.max(*ways), cv2.convertScaleAbs(cv2.min(*ways), alpha=ONE_WAY))
    _, stats = parts_of(cv2.threshold(steep, BAR_STEP, 1, cv2.THRESH_BINARY)[1])
    for left, top, wide, high, _ in stats[1:].tolist():
        yield np.s_[max(0, top - 1) : top + high + 1, max(0, left - 1) : left + wide + 1]


def fine_bars(grey: Array, least: float) -> list[tuple[slice, slice]]:
    """Where codes on a grey page have bars so fine that the usual bar or gap has less than so many px.

    That is nearly two of the narrowest.
    """
    if min(grey.shape) < EVERY * CELL:
        return []
    small = halve(halve(halve(grey)))  # to the same size at once takes 18 times longer
    if not may_be_coded(small):
        return []
    whole = grey[: len(small) * CELL, : small.shape[1] * CELL]
    codes = (at_full_size(code) for code in barred(whole, small.shape[::-1], EVERY))
    return [code for code in codes if _is_fine(grey[code], least)]


def may_be_coded(small: Array) -> bool:
    """Whether anything on a grey page, at an eighth of its size, is as solid as bars are that mix there."""
    solid = cv2.threshold(small, MIXED, 1, cv2.THRESH_BINARY_INV)[1]
    return cv2.countNonZero(cv2.erode(solid, np.ones((3, 3), np.uint8))) > 0


def at_full_size(code: tuple[slice, slice]) -> tuple[slice, slice]:
    """The place on a page of a code of `barred` on a mask of an eighth of its size."""
    rows, columns = (slice(side.start * CELL, side.stop * CELL) for side in code)
    return rows, columns


def _is_fine(code: Array, least: float) -> bool:
    """Whether the bars of a grey code (H, W) are so fine; not of what is too small for one."""
    middle = code[2 * CELL : -2 * CELL, 2 * CELL : -2 * CELL]  # no digits below it
    if min(middle.shape) < CELL or max(middle.shape) < LONG_PX:
        return False
    pale, deep = (float(each) for each in np.percentile(middle[::2, ::2], (90, 10)))
    if pale - deep < LEAST_DEEP:
        return False
    dark = middle < (pale + deep) / 2
    flips = max(float((dark[1:] != dark[:-1]).mean()), float((dark[:, 1:] != dark[:, :-1]).mean()))
    return flips * least > 1
