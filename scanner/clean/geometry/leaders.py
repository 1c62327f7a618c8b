"""Tells the dots of dotted lines from letters and their marks: alike, at like distances, in one line.

Where dots have melted they are short bars, as thick as a dot and as far from each other as dots are.
"""

import numpy as np

from scanner.clean.arrays import Array

THICK_PX = 10  # no dotted line is thicker, on a page shrunk to the side that letters are measured on
LEAST = 6  # in a row; no word has so many letters alike
ALIKE_PX, ALIKE = 1.5, 0.25  # by which sizes and distances may differ: at least, and in parts of them
APART_PX, APART = 4.0, 6.0  # between two dots at most, and so many dots more
STEEP = 0.4  # how far a line may rise, in parts of its length
BAR = 1.6  # times as long as it is thick: dots that have melted
BAND_PX = 4.0  # of the page's height, in which the next dot is looked for, and in those beside it


def leaders(boxes: Array) -> Array:
    """(N,) mask of those boxes (N, 4) left, top, right, bottom that make dotted lines, across or down."""
    return _across(boxes) | _across(boxes[:, [1, 0, 3, 2]])


def _across(boxes: Array) -> Array:
    result = np.zeros(len(boxes), bool)
    thin = np.flatnonzero(boxes[:, 3] - boxes[:, 1] <= THICK_PX)
    if len(thin) < LEAST:
        return result
    dots = boxes[thin]
    following = _following(dots)
    wide, thick = (dots[:, 2:] - dots[:, :2]).T
    middle = dots[:, 1::2].mean(axis=1)
    gap, rise = dots[following, 0] - dots[:, 2], middle[following] - middle
    bar = wide > BAR * thick
    linked = (following >= 0) & (gap <= APART_PX + APART * thick) & _alike(thick, thick[following])
    linked &= _alike(wide, wide[following]) | bar | bar[following]
    even = linked & linked[following] & _alike(gap, gap[following])
    even &= np.abs(rise - rise[following]) <= ALIKE_PX
    first, third = even, following
    for _ in range(LEAST - 3):
        first, third = first & even[third], following[third]
    row = np.flatnonzero(first)
    for _ in range(LEAST):
        result[thin[row]] = True
        row = following[row]
    return result


def _following(dots: Array) -> Array:
    """(N,) which box comes next to the right of each, in its line; -1 where there is none."""
    band = ((dots[:, 1] + dots[:, 3]) / 2 // BAND_PX).astype(int) + 1
    wide = float(dots[:, 2].max()) + 2
    places = band * wide + dots[:, 0]
    order = np.argsort(places, kind="stable")
    result, nearest = np.full(len(dots), -1), np.full(len(dots), np.inf)
    for beside in (0, -1, 1):
        at = np.searchsorted(places[order], (band + beside) * wide + dots[:, 2] - 1)
        other = order[np.minimum(at, len(dots) - 1)]
        along = dots[other, :3:2].mean(axis=1) - dots[:, :3:2].mean(axis=1)
        rise = np.abs(dots[other, 1::2].mean(axis=1) - dots[:, 1::2].mean(axis=1))
        nearer = (at < len(dots)) & (band[other] == band + beside) & (along < nearest)
        nearer &= rise <= STEEP * along + ALIKE_PX
        result[nearer], nearest[nearer] = other[nearer], along[nearer]
    return result


def _alike(one: Array, other: Array) -> Array:
    result: Array = np.abs(one - other) <= np.maximum(ALIKE_PX, ALIKE * one)
    return result
