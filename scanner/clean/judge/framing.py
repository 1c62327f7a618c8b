"""Tells whether a photograph in which no page was found shows a table around its paper, and where paper ends.

What fills the frame has one paper from its text to the rim; a table has another tint or is darker. It must be
seen along two sides that meet, or along all of one at an end of the lines: a page may have a coloured head.
A table that is as white as the paper is seen by the eye alone, all around. Where no more of a table is seen
than a wedge that narrows straight to nothing along a side, there the paper leaves the picture.
"""

from enum import Enum, auto

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, grey_of, parts_of, shrink
from scanner.clean.finder.eye import glance

SIDE, WIDE = 160, 0.02  # px of the copy that is looked at; of its short side, how much is rim
STROKE_PX = 5  # of that copy, wider than a letter's strokes
PARTS = 12  # of a side of the rim
LEAST_LETTERS, ON_PAPER = 20, 0.5  # that show what the paper is; as many of them must stand on it
DIM = 8.0  # added to each channel: the tint of what is nearly black is noise
DARKER, BRIGHTER, TINT = 0.28, 0.25, 0.06  # than the paper, in logarithms: a shadow is mostly less deep
ALIKE, ALIKE_TINT = 0.15, 0.03
BLACK, COLOURLESS = 48, 8  # of 255, in all channels and between them: the border of a scan, which is no table
EYE_SIDE, EYE_RIM, AMID, LEAST_AMID = 480, 0.03, 0.4, 0.3  # rim for the eye; paper there, in the middle
RIM, ALONG, LESS_PAPER = 0.35, 0.65, 0.75  # of the eye's rim; of a side, along which it runs; paper beyond it
OUTER, LEAN = 0.36, 14  # of the picture, where it runs; part of it, that it may lean
PAPER_SEEN, RIMMED = 0.5, 0.8  # what is paper for the eye; of its outline, along which it sees a rim
TABLE, ALL, PAPER = 0.34, 0.8, 0.4  # of a side of the rim
STRIP, LIT = 0.25, 75  # of the picture, looked at along a side for a wedge; percentile there, that is paper
WEDGE = (0.1, 0.95)  # of the side, how long it is
WIDEST, LOST, UNEVEN = 0.012, 0.006, 0.0035  # of the short side: wedge, paper outside, off a straight rim
BORDERED = 0.3  # of its length, where it is rather a scan's border
SHARP_PX, SHARP = 3, 0.7  # from the wedge to paper; of its length: a shadow's rim is softer
STEEPEST = 0.2  # of its length, how wide it is: a folded corner of the paper is wider


class Framing(Enum):
    """What lies along the rim: nothing but paper as far as can be told, a table all around, both, or paper
    beside a mere wedge of table."""

    PAPER = auto()
    TABLE = auto()
    BOTH = auto()
    WEDGE = auto()


def framing_of(image: Array, letters: Array, degrees: int, *, text: bool = True) -> Framing:
    """Of a whole picture, BGR or grey.

    `letters`: (N, 4) boxes left, top, right, bottom in its pixels; `degrees`: what sets them upright.
    `text`: it is surely no photograph, in which the eye takes a face for paper, though without its rim.
    """
    small, scale = shrink(image, SIDE)
    small = bgr_of(small)
    if len(letters) < LEAST_LETTERS or min(small.shape[:2]) < 2 * PARTS:
        return Framing.PAPER
    shown = shrink(bgr_of(image), EYE_SIDE)[0]
    said = glance(shown)
    if said is not None and _lies_amid(said) and (text or _is_rimmed(said)):
        return Framing.TABLE
    framing = _by_tint(small, letters * scale, degrees)
    if framing is Framing.PAPER and said is not None and _ends_within(said, shown):
        return Framing.TABLE
    return Framing.WEDGE if framing is Framing.PAPER and _leaves(shown) else framing


def _by_tint(small: Array, letters: Array, degrees: int) -> Framing:
    """By what along the rim has another tint than the paper or is darker, as far as the letters show that."""
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    light = np.log(bare.astype(np.float32) + DIM)
    depth, tint = _off(light, _paper(light, letters))
    middles = (letters[:, :2] + letters[:, 2:]) / 2
    x, y = (np.clip(middles[:, k].astype(int), 0, small.shape[1 - k] - 1) for k in (0, 1))
    alike = (np.abs(depth) < ALIKE) & (tint < ALIKE_TINT)
    if float(alike[y, x].mean()) < ON_PAPER:
        return Framing.PAPER
    table = _along(_is_other(depth, tint) & ~_is_border(small))
    meeting = float(np.minimum(table, np.roll(table, 1)).max())
    ends = table[1::2] if degrees % 180 == 0 else table[::2]
    if meeting < TABLE and float(ends.max()) < ALL:
        return Framing.PAPER
    return Framing.BOTH if float(_along(alike).max()) > PAPER else Framing.TABLE


def _lies_amid(said: Array) -> bool:
    """Whether the eye sees paper in the middle, and hardly any along each of the four sides.

    Of 176 pictures that a page fills none has a side with less than 0.53 along all four.
    """
    return bool(_amid(said[..., 0]) > LEAST_AMID and _sides(said[..., 0], EYE_RIM).max() < AMID)


def _is_rimmed(said: Array) -> bool:
    """Whether the eye sees the rim of a paper nearly all around the largest that it sees."""
    paper = (said[..., 0] > PAPER_SEEN).astype(np.uint8)
    labels, stats = parts_of(paper)
    if len(stats) < 2:
        return False
    largest = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    rim = cv2.dilate(np.ascontiguousarray(said[..., 1]), np.ones((5, 5), np.uint8))
    return float((rim[largest > cv2.erode(largest, np.ones((3, 3), np.uint8))] > RIM).mean()) > RIMMED


def _ends_within(said: Array, shown: Array) -> bool:
    """Whether the eye sees paper in the middle, and its rim along two sides that meet; beyond it less paper,
    though as bright as a table."""
    paper, rim = said[..., 0], (said[..., 1] > RIM).astype(np.uint8)
    ends = (_rim_along(rim) > ALONG) & (_sides(paper, EYE_RIM) < LESS_PAPER)
    ends &= _sides(grey_of(shown), EYE_RIM) > BLACK
    return bool(_amid(paper) > LEAST_AMID and (ends & np.roll(ends, 1)).any())


def _leaves(shown: Array) -> bool:
    """Whether the rim of the paper runs straight out of the picture along one of its sides."""
    return any(_narrows(side) or _narrows(side[:, ::-1]) for side in (np.rot90(shown, k) for k in range(4)))


def _narrows(side: Array) -> bool:
    """Whether a wedge that is no paper, nor the border of a scan, begins at the left end of the first row."""
    height, width = side.shape[:2]
    short, strip = min(height, width), side[: round(STRIP * height)]
    light = np.log(cv2.blur(strip, (3, 3)) + np.float32(DIM))
    depth, tint = _off(light, cv2.blur(np.percentile(light, LIT, axis=0)[None], (31, 1)))
    seen, window = _is_other(depth, tint).astype(np.uint8), np.ones((3, 3), np.uint8)
    other = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, window, borderType=cv2.BORDER_REPLICATE)
    deep = np.append(np.where(other.all(axis=0), len(strip), other.argmin(axis=0)), 0)
    length = int(np.argmin(deep))
    if not WEDGE[0] * width < length < WEDGE[1] * width or _is_border(strip[0, :length]).mean() > BORDERED:
        return False
    within = np.abs(depth[np.minimum(deep[:length] + SHARP_PX, len(strip) - 1), np.arange(length)]) < ALIKE
    slope, widest = np.polyfit(np.arange(length), deep[:length], 1)
    uneven = np.percentile(np.abs(deep[:length] - widest - slope * np.arange(length)), 90)
    lost = -slope * (width - length)
    enough = widest > WIDEST * short and lost > LOST * short and -slope < STEEPEST
    return bool(enough and uneven < UNEVEN * short and within.mean() > SHARP)


def _off(light: Array, paper: Array) -> tuple[Array, Array]:
    """(H, W) each: how much brighter than paper logarithms of light are, and how differently tinted."""
    off = light - paper
    depth = off.mean(axis=2)
    return depth, np.abs(off - depth[..., None]).max(axis=2)


def _is_other(depth: Array, tint: Array) -> Array:
    return (depth < -DARKER) | (depth > BRIGHTER) | (tint > TINT)


def _is_border(small: Array) -> Array:
    most = small.max(axis=-1)
    result: Array = (most < BLACK) & (most - small.min(axis=-1) < COLOURLESS)
    return result


def _amid(paper: Array) -> float:
    """The mean over the middle half."""
    inner = len(paper) // 4
    return float(paper[inner:-inner, inner:-inner].mean())


def _sides(seen: Array, wide: float) -> Array:
    """(4,) the mean along top, right, bottom and left, so wide in parts of the height."""
    rim = max(1, round(wide * len(seen)))
    return np.array([side.mean() for side in (seen[:rim], seen[:, -rim:], seen[-rim:], seen[:, :rim])])


def _rim_along(rim: Array) -> Array:
    """(4,) for top, right, bottom and left, along what part of the side's middle a rim (0/1) runs, a little
    aslant at most, in the outer third of the picture."""
    result = []
    for turns in range(4):
        side = np.rot90(rim, turns)
        height, width = side.shape
        side = side[: round(OUTER * height), width // 6 : -(width // 6)]
        window = np.ones((max(3, height // LEAN), 1), np.uint8)
        result.append(cv2.dilate(np.ascontiguousarray(side), window).mean(axis=1).max())
    return np.array(result)


def _paper(light: Array, letters: Array) -> Array:
    """(3,) of the brighter half of where most letters are."""
    left, top = np.percentile(letters[:, :2], 5, axis=0).astype(int).tolist()
    right, bottom = np.percentile(letters[:, 2:], 95, axis=0).astype(int).tolist()
    written = light[top : bottom + 1, left : right + 1].reshape(-1, 3)
    depth = written.mean(axis=1)
    result: Array = np.median(written[depth >= np.median(depth)], axis=0)
    return result


def _along(mask: Array) -> Array:
    """(4,) for top, right, bottom and left, in what part of the rim most is masked."""
    wide = max(2, round(WIDE * min(mask.shape)))
    sides = (mask[:wide], mask[:, -wide:].T, mask[-wide:], mask[:, :wide].T)
    parts = [side[:, : side.shape[1] // PARTS * PARTS].reshape(wide, PARTS, -1) for side in sides]
    return np.array([(part.mean(axis=(0, 2)) > 0.5).mean() for part in parts])
