"""Measures how far the text lines are from level, to a few hundredths of a degree.

Postl's projection profile (1986) on character feet: each connected component of letter size gives one
point at its bottom, so photocopy borders, rulings, stamps and pictures have no vote. Few letters make no
sharp rows: of them the lines that they stand in are measured, one by one.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, parts_of, shrink
from scanner.clean.geometry.textlines import text_lines

WORK_SIDE = 1754  # A4 at 150 dpi
REACH_DEGREES = 20.0
MAX_FEET = 6000
COARSE_FEET = 1500
LEAST_FEET = 40
PLAIN = 1.35  # how much the best angle must stand out of the usual one
FEWEST, FEW, PLAIN_FEW = 6, 100, 2.4  # the last: where there are less than LEAST_FEET
EXACT, FEW_REACH = 0.1, 6.0  # degrees: an exact enough lean; few letters that lean more are a stamp
SURELY, LEAST_LEAN = 3.0, 0.2  # standard errors, and degrees, by which few letters must lean


@dataclass(frozen=True)
class Skew:
    """`degrees`: how far the text is turned clockwise; 0.0 where it could not be measured (`sure` False).

    `plain`: how much the lines stand out, 1 = not at all.
    """

    degrees: float
    sure: bool
    plain: float = 1.0


def find_skew(image: Array) -> Skew:
    """The turn of the text lines of a page, within 20 degrees."""
    boxes = letter_boxes(image)
    return Rows.of(boxes[bodies(boxes)]).skew()


def letter_boxes(image: Array) -> Array:
    """(N, 4) float left, top, right, bottom of every component that can be a letter or its mark.

    In pixels of the page shrunk to WORK_SIDE.
    """
    small, _ = shrink(image, WORK_SIDE)
    grey = grey_of(small)
    depth = cv2.subtract(cv2.blur(grey, (31, 31), borderType=cv2.BORDER_REPLICATE), grey)
    dark = cv2.threshold(depth, 11, 255, cv2.THRESH_BINARY)[1]
    labels, stats = parts_of(dark)
    left, top, width, height, area = stats[1:].T
    fits = (np.maximum(width, height) <= 90) & (area >= 4) & (area > 0.08 * width * height)
    strong = fits & _inked(depth, dark, labels, len(stats))[1:]
    fits = strong if strong.sum() >= LEAST_FEET else fits
    boxes = np.stack([left, top, left + width, top + height], axis=1)[fits]
    result: Array = boxes.astype(np.float64)
    return result


def _inked(depth: Array, dark: Array, labels: Array, count: int) -> Array:
    """(count,) which components are as dark as the writing somewhere: not what shows through."""
    places = np.flatnonzero(dark > 0)
    if not places.size:
        return np.zeros(count, bool)
    values = depth.ravel()[places]
    level, _ = cv2.threshold(values.reshape(-1, 1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    result: Array = np.bincount(labels.ravel()[places[values > level]], minlength=count) > 0
    return result


def bodies(boxes: Array) -> Array:
    """Mask of the boxes that are letters, not dust, marks or rulings: of about the usual height."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    letters: Array = (height >= 6) & (height <= 60) & (width >= 2)
    if letters.any():
        usual = np.median(height[letters])
        letters &= (height > 0.5 * usual) & (height < 2.5 * usual)
    return letters


def feet_of(boxes: Array) -> Array:
    """(N, 2) the bottom middle of boxes."""
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)


@dataclass(frozen=True)
class Rows:
    """Letters (N, 4), the angle near which their feet stand in the sharpest rows, and how plain these are."""

    letters: Array
    near: float
    plain: float

    @classmethod
    def of(cls, letters: Array) -> "Rows":
        """At a glance: from some of the feet, to a quarter of a degree."""
        if len(letters) < FEWEST:
            return cls(letters, 0.0, 1.0)
        letters = letters[:: -(-len(letters) // MAX_FEET)]
        feet = feet_of(letters)
        coarse = np.arange(-REACH_DEGREES, REACH_DEGREES + 0.1, 0.25)
        scores = _sharpness(feet[:: -(-len(feet) // COARSE_FEET)], coarse, bin_px=3.0)
        best = int(np.argmax(scores))
        return cls(letters, float(coarse[best]), float(scores[best] / np.median(scores)))

    @property
    def sure(self) -> bool:
        """Whether they are lines at all."""
        return self.plain >= (PLAIN if len(self.letters) >= LEAST_FEET else PLAIN_FEW)

    def skew(self) -> Skew:
        """The exact angle, of all the feet."""
        if not self.sure:
            return Skew(0.0, False, self.plain)
        if len(self.letters) >= FEW:
            return self._sharpest()
        lean, error = text_lines(_levelled(self.letters, self.near)).lean()
        lean += self.near
        many = len(self.letters) >= LEAST_FEET
        if many and error >= EXACT:
            return self._sharpest()
        known = error < np.inf and (many or abs(lean) < FEW_REACH)
        leans = known and abs(lean) > max(SURELY * error, LEAST_LEAN)
        return Skew(lean if leans else 0.0, known, self.plain)

    def _sharpest(self) -> Skew:
        """The angle, near by, at which the rows are sharpest."""
        feet = feet_of(self.letters)
        fine = self.near + np.arange(-0.3, 0.301, 0.025)
        scores = _sharpness(feet, fine, bin_px=1.0)
        scores = np.convolve(np.pad(scores, 2, mode="edge"), [0.1, 0.2, 0.4, 0.2, 0.1], mode="valid")
        best = int(np.clip(np.argmax(scores), 1, len(fine) - 2))
        before, here, after = scores[best - 1 : best + 2]
        bend = before - 2 * here + after
        offset = 0.5 * (before - after) / bend if bend < 0 else 0.0
        return Skew(float(fine[best] + np.clip(offset, -1, 1) * 0.025), True, self.plain)


def _levelled(letters: Array, degrees: float) -> Array:
    """Letters (N, 4) of rows turned clockwise by so much, where they stand in level rows."""
    (middle, foot), lean = feet_of(letters).T, np.deg2rad(degrees)
    half, height = (letters[:, 2] - letters[:, 0]) / 2, letters[:, 3] - letters[:, 1]
    along = middle * np.cos(lean) + foot * np.sin(lean)
    down = foot * np.cos(lean) - middle * np.sin(lean)
    return np.stack([along - half, down - height, along + half, down], axis=1)


def _sharpness(feet: Array, degrees: Array, bin_px: float) -> Array:
    """Sum of squares of the profile of the feet, for each angle."""
    middle = feet - feet.mean(axis=0)
    radians = np.deg2rad(degrees)[:, None]
    heights = middle[:, 1] * np.cos(radians) - middle[:, 0] * np.sin(radians)  # angle by angle, as counted
    heights -= heights.min()
    heights /= bin_px
    rows = heights.astype(np.int64)
    length = int(rows.max()) + 1
    rows += np.arange(len(degrees))[:, None] * length
    profile = np.bincount(rows.ravel(), minlength=length * len(degrees)).reshape(len(degrees), length)
    result: Array = np.einsum("ij,ij->i", profile, profile).astype(np.float64)
    return result
