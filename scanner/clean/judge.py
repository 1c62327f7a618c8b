"""Judges whether a page will be readable for an officer, and where it is not: codes with words.

The portals ask for pictures that are clear, complete and intact. Sharpness is the width of the letters' rims
against the letters' size, in the least sharp direction, so that a shaken hand is seen like a bad focus; noise
counts against it (after CG-DIQA, Li et al. 2018, which looks at the gradients of character regions alone).
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, shrink

TILE = 320
GRID = (3, 2)
SHARP = 0.88
NOISE_COST = 6.0
LEAST_DEPTH = 12  # of 255: less is the grain of the paper
LEAST_DPI = 140
DARK_PAPER = 70
SMALL_SIDE = 260


class Verdict(StrEnum):
    """What is wrong with a page: `scan.verdict.<code>` in the words."""

    BLURRED = "blurred"
    GLARE = "glare"
    CUT = "cut"
    DARK = "dark"
    LOW_DPI = "low_dpi"
    FINGER = "finger"
    BLANK = "blank"


@dataclass(frozen=True)
class Sharpness:
    """`value`: below SHARP letters begin to be misread. `places`: left, top, width, height of what is."""

    value: float
    places: tuple[tuple[int, int, int, int], ...] = ()


def judge_sharpness(light: Array, letter_px: float) -> Sharpness:
    """Of a page on white paper before it is made black-white; `letter_px`: height of its letters."""
    height, width = light.shape[:2]
    values, blurred = [], []
    for row in range(GRID[0]):
        for column in range(GRID[1]):
            left, top = column * width // GRID[1], row * height // GRID[0]
            x = left + max(0, (width // GRID[1] - TILE) // 2)
            y = top + max(0, (height // GRID[0] - TILE) // 2)
            value = _tile_sharpness(grey_of(light[y : y + TILE, x : x + TILE]), letter_px)
            if value is not None:
                values.append(value)
                if value < SHARP:
                    blurred.append((left, top, width // GRID[1], height // GRID[0]))
    if not values:
        return Sharpness(1.0)
    return Sharpness(float(np.percentile(values, 25)), tuple(blurred))


def _tile_sharpness(tile: Array, letter_px: float) -> float | None:
    """Rim steepness per depth of ink, by the root of the letter height, less the noise; None without text."""
    if min(tile.shape) < 24 or int(tile[::4, ::4].min()) > 240:
        return None
    soft = cv2.GaussianBlur(tile, (0, 0), 1.2)
    level, ink = cv2.threshold(soft, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    inked = int(ink.sum())
    if not 0.004 * tile.size < inked < 0.5 * tile.size or level > 248:
        return None
    fine = cv2.GaussianBlur(tile, (0, 0), 0.8)
    across = cv2.Sobel(fine, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(fine, cv2.CV_32F, 0, 1, scale=1 / 8)
    near = np.ones((3, 3), np.uint8)
    rim = cv2.dilate(ink, near) > cv2.erode(ink, near)
    x, y = across[rim], down[rim]
    steepness = np.hypot(x, y)
    sector = np.round(np.rad2deg(np.arctan2(y, x)) / 45).astype(int) % 4
    sectors = [sector == k for k in range(4)]
    steep = [float(np.percentile(steepness[mine], 70)) for mine in sectors if mine.sum() > 50]
    if len(steep) < 2:
        return None
    depth = 255 - float(np.median(fine[ink > 0]))
    if depth < LEAST_DEPTH:
        return None
    grain = cv2.absdiff(tile, cv2.medianBlur(tile, 3))[ink == 0]
    noise = float(grain.mean()) / depth if grain.size else 0.0
    return float(min(steep) / depth * np.sqrt(letter_px) * np.exp(-NOISE_COST * noise))


def judge_light(seen: Array) -> tuple[Verdict, ...]:
    """Dark, glare and finger, of a flat page in colour as the camera saw it."""
    small, _ = shrink(seen, SMALL_SIDE)
    grey = grey_of(small)
    paper = cv2.dilate(grey, np.ones((5, 5), np.uint8))
    verdicts = []
    if float(np.percentile(paper, 75)) < DARK_PAPER:
        verdicts.append(Verdict.DARK)
    if _glare(grey, paper):
        verdicts.append(Verdict.GLARE)
    if small.ndim == 3 and _finger(small):
        verdicts.append(Verdict.FINGER)
    return tuple(verdicts)


def _glare(grey: Array, paper: Array) -> bool:
    """A burnt-out spot on paper that is otherwise clearly less bright."""
    usual = float(np.median(paper))
    if usual > 215:
        return False
    burnt = cv2.morphologyEx((grey >= 250).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return 0.002 < float(burnt.mean()) < 0.35


def _finger(small: Array) -> bool:
    """Skin reaching in from an edge: its tint against the paper's own, over a solid area."""
    mean_paper = np.median(small.reshape(-1, 3), axis=0)
    balanced = np.clip(small * (200.0 / np.maximum(mean_paper, 30)), 0, 255).astype(np.uint8)
    luma, red, blue = cv2.split(cv2.cvtColor(balanced, cv2.COLOR_BGR2YCrCb))
    skin = (red > 141) & (red < 178) & (blue > 85) & (blue < 121) & (luma > 50) & (luma < 200)
    solid = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    rows, columns = solid.shape
    for left, top, width, height, area in stats[1:count]:
        at_edge = left <= 1 or top <= 1 or left + width >= columns - 1 or top + height >= rows - 1
        slim = min(width, height) < 0.35 * min(rows, columns)
        if at_edge and slim and 0.003 * solid.size < area < 0.2 * solid.size:
            return True
    return False


def is_cut(corners: Array, shape: tuple[int, ...]) -> bool:
    """Whether a side of the page lies on the picture's border or beyond it."""
    height, width = shape[:2]
    near = 0.005 * max(height, width)
    x, y = corners[:, 0], corners[:, 1]
    outside = (x < -near) | (y < -near) | (x > width - 1 + near) | (y > height - 1 + near)
    touching = [x < near, x > width - 1 - near, y < near, y > height - 1 - near]
    return bool(outside.any() or any(side.sum() >= 2 for side in touching))
