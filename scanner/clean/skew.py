"""Measures how far the text lines are from level, to a few hundredths of a degree.

Postl's projection profile (1986) on character feet: each connected component of letter size gives one
point at its bottom, so photocopy borders, rulings, stamps and pictures have no vote.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, shrink

WORK_SIDE = 1754  # A4 at 150 dpi
REACH_DEGREES = 20.0
MAX_FEET = 6000


@dataclass(frozen=True)
class Skew:
    """`degrees`: how far the text is turned clockwise; 0.0 where it could not be measured (`sure` False)."""

    degrees: float
    sure: bool


def find_skew(image: Array) -> Skew:
    """The turn of the text lines of a page, within 20 degrees."""
    small, _ = shrink(grey_of(image), WORK_SIDE)
    feet = letter_feet(small)
    if len(feet) < 40:
        return Skew(0.0, False)
    coarse = np.arange(-REACH_DEGREES, REACH_DEGREES + 0.1, 0.25)
    scores = _sharpness(feet, coarse, bin_px=3.0)
    best = int(np.argmax(scores))
    if scores[best] < 1.35 * np.median(scores):
        return Skew(0.0, False)
    fine = coarse[best] + np.arange(-0.3, 0.301, 0.025)
    scores = _sharpness(feet, fine, bin_px=1.0)
    scores = np.convolve(np.pad(scores, 2, mode="edge"), [0.1, 0.2, 0.4, 0.2, 0.1], mode="valid")
    best = int(np.clip(np.argmax(scores), 1, len(fine) - 2))
    before, here, after = scores[best - 1 : best + 2]
    bend = before - 2 * here + after
    offset = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return Skew(float(fine[best] + np.clip(offset, -1, 1) * 0.025), True)


def letter_feet(grey: Array) -> Array:
    """(N, 2) float x, y of the bottom middle of every component that can be a letter."""
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left, top, width, height, area = stats[1:].T
    letters = (height >= 6) & (height <= 60) & (width >= 2) & (width <= 90) & (area >= 12)
    letters &= area > 0.08 * width * height
    if letters.any():
        usual = np.median(height[letters])
        letters &= (height > 0.5 * usual) & (height < 2.5 * usual)
    feet = np.stack([left + width / 2.0, top + height], axis=1)[letters]
    step = max(1, -(-len(feet) // MAX_FEET))
    result: Array = feet[::step].astype(np.float64)
    return result


def _sharpness(feet: Array, degrees: Array, bin_px: float) -> Array:
    """Sum of squares of the profile of the feet, for each angle."""
    middle = feet - feet.mean(axis=0)
    radians = np.deg2rad(degrees)
    heights = middle[:, 1:2] * np.cos(radians) - middle[:, :1] * np.sin(radians)
    rows = ((heights - heights.min()) / bin_px).astype(np.int64)
    length = int(rows.max()) + 1
    rows += np.arange(len(degrees)) * length
    profile = np.bincount(rows.ravel(), minlength=length * len(degrees)).reshape(len(degrees), length)
    result: Array = (profile.astype(np.float64) ** 2).sum(axis=1)
    return result
