"""Tells two papers that lie in a row from one: a lane of the table runs between them from side to side.

The long sides of such an outline are sharp and straight, and its ends are; what tells them apart is inside.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array

ALONG, ACROSS = 120, np.linspace(0.03, 0.97, 32)  # places along two sides; from the one to the other
OUTSIDE_PX = np.array([4.0, 6.0, 8.0])
ENDS = 0.1  # of the sides, where no paper would end yet
PLAIN = 24.0  # of 255, that paper and table differ
LIKE, NEARLY_ALL = 0.35, 0.94  # of that difference, how far a lane is from the table beside it; of its places
NARROWEST_PX = 3.0


def is_parted(corners: Array, small: Array) -> bool:
    """Whether a lane of the table runs through an outline (4, 2), in px of a BGR picture."""
    return any(_has_lane(np.roll(corners, turn, axis=0), small) for turn in (0, 1))


def _has_lane(corners: Array, small: Array) -> bool:
    """The same of lanes from the side between the first two corners to the one opposite."""
    first, second, third, fourth = corners
    along = ((np.arange(ALONG) + 0.5) / ALONG)[:, None]
    starts, ends = first + (second - first) * along, fourth + (third - fourth) * along
    way = ends - starts
    inner = starts[:, None] + way[:, None] * ACROSS[:, None]
    unit = (way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6))[:, None]
    before, after = starts[:, None] - unit * OUTSIDE_PX[:, None], ends[:, None] + unit * OUTSIDE_PX[:, None]
    seen = [_seen(small, places) for places in (inner, before, after)]
    inside, one, other = seen[0], *(np.median(each, axis=1) for each in seen[1:])
    table = one[:, None] + (other - one)[:, None] * ACROSS[:, None]
    off = np.abs(inside - table).max(axis=2)
    plain = float(np.median(off))
    if plain < PLAIN:
        return False
    usual = [np.abs(each - np.median(each, axis=0)).max(axis=1) < LIKE * plain for each in (one, other)]
    lane = ((off < LIKE * plain).mean(axis=1) > NEARLY_ALL) & usual[0] & usual[1]
    lane[: round(ENDS * ALONG)] = lane[-round(ENDS * ALONG) :] = False
    step = float(np.linalg.norm(second - first) + np.linalg.norm(third - fourth)) / 2 / ALONG
    least = max(1, round(NARROWEST_PX / step))
    return bool((np.convolve(lane, np.ones(least), "valid") >= least).any())


def _seen(small: Array, places: Array) -> Array:
    x, y = (np.ascontiguousarray(places[..., k], np.float32) for k in (0, 1))
    return cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
