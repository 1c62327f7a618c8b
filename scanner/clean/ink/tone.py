"""Chooses the tone of a page: black-white where that loses nothing, else grey or colour."""

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, grey_of, least_of, most_of, shrink
from scanner.clean.ink.light import PAPER_WHITE
from scanner.clean.ink.strokes import strokes_of

COLOURED_SHARE = 0.0004  # of what ink reaches over: a signature in blue is about a thousandth of an A4 page
NOTE_SHARE, NOTE, INKY = 0.0001, 0.3, 190  # a line on a back: less, but much of all that is darker than that
PHOTO_SHARE = 0.02
INK_SIDE = 438  # px on which the ink as a whole is looked at: the fringes of black letters cancel out there
INK_TINT = 0.3  # of its depth, by which the colours of black ink never differ
LEAST_PEN = 20  # of 255 below the paper: a tint of what is paler is chance
CORE = 25  # percentile of a stroke: its rims are pale
LEAST_INK, INKED = 12.0, 0.4  # of 255 below the paper; of the depth of the darkest


def choose_mode(flat: Array) -> ColourMode:
    """The mode that loses nothing of a page whose light was taken out (BGR or grey)."""
    small, _ = shrink(flat, 900)
    if small.ndim == 3:
        share = float(coloured_ink(small).mean()) / 255
        dark = (grey_of(small) < INKY).astype(np.uint8)
        _, _, wide, high = cv2.boundingRect(dark)  # a small form on a large glass has less of all ink
        least = min(COLOURED_SHARE * wide * high / dark.size, NOTE * float(dark.mean()))
        if share > max(NOTE_SHARE, least):
            return ColourMode.COLOUR
    return ColourMode.GREY if mid_toned(small) > PHOTO_SHARE else ColourMode.BLACK_WHITE


def coloured_ink(flat: Array) -> Array:
    """0/255 mask of pixels with a colour of their own: seals, blue signatures, coloured pictures."""
    mask = cv2.threshold(cv2.subtract(most_of(flat), least_of(flat)), 48, 255, cv2.THRESH_BINARY)[1]
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))


def is_tinted_ink(even: Array) -> bool:
    """Whether the ink of a page as a whole has a colour, be it pale: a carbon copy, blue or violet print.

    `even`: BGR on even paper that is PAPER_WHITE, so that nothing of the pale ink is cut off.
    """
    depth = cv2.subtract(np.full_like(even, PAPER_WHITE), even)
    grey = grey_of(depth)
    darkest = float(np.percentile(grey[::2, ::2], 99.5))
    if darkest < LEAST_INK:
        return False
    mask = cv2.threshold(grey, INKED * darkest, 255, cv2.THRESH_BINARY)[1]
    ink = cv2.mean(depth, mask)[:3]
    return max(ink) - min(ink) > INK_TINT * max(ink)


def has_tinted_stroke(letters: Array, preview: Array) -> bool:
    """Whether something is drawn beside black print in a colour, be it pale: a signature in blue.

    `letters`: 0/255 mask of the pale ink; `preview`: BGR, the page that it was found on.
    """
    labels, stats = strokes = strokes_of(letters)
    drawn = strokes.drawn()
    small = cv2.resize(preview, labels.shape[::-1], interpolation=cv2.INTER_AREA) if drawn.any() else preview
    for label in np.flatnonzero(drawn):
        left, top, wide, high, _ = stats[label]
        box = (slice(top, top + high), slice(left, left + wide))
        there = small[box][labels[box] == label]
        paper, core = np.median(small[box].reshape(-1, 3), axis=0), np.percentile(there, CORE, axis=0)
        # black ink on yellow paper has a tint only where it is subtracted, grey on pink where it is divided
        depths = paper - core, 255 * (1 - core / np.maximum(paper, 1))
        if all(d.max() >= LEAST_PEN and d.max() - d.min() > INK_TINT * d.max() for d in depths):
            return True
    return False


def mid_toned(page: Array) -> float:
    """Share of the page in middle tones over an area: half-lit strokes are thin and do not count."""
    small, _ = shrink(grey_of(page), 900)
    middle = ((small > 40) & (small < 205)).astype(np.uint8)
    return float(cv2.erode(middle, np.ones((7, 7), np.uint8)).mean())
