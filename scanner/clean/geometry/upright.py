"""Tells which way up text is from small pieces of a page, where its letters are too melted to be measured.

The net in upright.onnx was trained on made-up print by tests/bench/fit_turn.py. It is asked of the pieces
that show most, at full and at half the size, and what it says of each is added.
"""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve
from scanner.clean.nets import answer

FILE = Path(__file__).with_suffix(".onnx")
SIDE, EACH = 96, 16  # px of a piece; at most so many of each size
NEAR_PX, NOISE = 31, 4.0  # what is light there is told by so much around it; of 255, added to the contrast
LEAST = 3.0  # of 255, contrast of a piece that shows anything
UNLIKE = 0.02  # what a net's word may be wrong by


class Word(NamedTuple):
    """What is said of a page: the turn in degrees clockwise that most likely sets its text upright, how much
    likelier it is than the next of 0, 90, 180, 270 (a logarithm), and what part of the pieces is no text."""

    degrees: int
    lead: float
    bare: float


def word_of(grey: Array) -> Word | None:
    """Of a grey page; None where nothing is shown, or the net is missing."""
    shown = [pieces(grey)]
    if min(grey.shape) >= 2 * SIDE:
        shown.append(pieces(halve(grey)))
    some = np.concatenate(shown)
    said = answer(FILE, some[:, None]) if len(some) else None
    if said is None:
        return None
    each = np.exp(said - said.max(axis=1, keepdims=True))
    each /= each.sum(axis=1, keepdims=True)
    ways = np.log(each[:, :4] + each[:, 4:] / 4 + UNLIKE).sum(axis=0)
    lead = float(np.ptp(np.sort(ways)[-2:]))
    return Word(90 * int(np.argmax(ways)), lead, float(each[:, 4].mean()))


def pieces(grey: Array) -> Array:
    """(N, SIDE, SIDE) float32 the pieces of a grey picture that show most; N may be 0."""
    height, width = grey.shape
    if min(height, width) < SIDE:
        return np.zeros((0, SIDE, SIDE), np.float32)
    relief = levelled(grey)
    rows, columns = (-(-side // SIDE) for side in (height, width))
    tops, lefts = (
        np.linspace(0, side - SIDE, count).round().astype(int)
        for side, count in ((height, rows), (width, columns))
    )
    every = np.stack([relief[top : top + SIDE, left : left + SIDE] for top in tops for left in lefts])
    shown = every.std(axis=(1, 2))
    most = np.argsort(-shown, kind="stable")[:EACH]
    most = most[shown[most] > LEAST]
    result: Array = every[most] / (shown[most, None, None] + NOISE)
    return result


def levelled(grey: Array) -> Array:
    """float32 (H, W): how far each place is lighter than what is around it."""
    near = cv2.blur(grey, (NEAR_PX, NEAR_PX), borderType=cv2.BORDER_REPLICATE)
    return cv2.subtract(grey, near, dtype=cv2.CV_32F)
