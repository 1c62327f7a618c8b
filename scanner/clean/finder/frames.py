"""Tells a printed frame from the rim of its paper: outside of a frame, evenly apart, lies the rim.

The frame of a certificate is often a better edge than the rim: darker, straighter, whole. And sides of both
make outlines that look as good. But past a side of a frame runs an edge along it, as past two sides
of a paper no table has one.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.outlines import facing

NEAREST, FARTHEST = 0.014, 0.2  # from a frame to its paper's rim, in parts of the short side
NEAREST_PX = 3.5  # what lies closer is the same edge
PARALLEL, EVEN, SLACK_PX = 0.35, 1.9, 1.8  # of a margin along a side; the widest to the narrowest
PLACES = np.linspace(0.03, 0.97, 48)  # of a side, where a rim outside of it is looked for
LEANS = np.linspace(-0.25, 0.25, 5)  # how much farther it may be at one end than in the middle
SHADOW_PX = 6.0  # so close outside of a paper an edge that is brighter beyond may end its own shadow
RIM_SEEN = 0.65  # share of edge outside of the second-best side; of 159 right crops one has more


def enclosing(rims: Array, frames: Array) -> Array:
    """(R, F) whether a quadrangle of `rims` (R, 4, 2) lies evenly around one of `frames` (F, 4, 2), in px.

    They may share some sides: an outline of both the frame's sides and the rim's is wrong too.
    """
    if not len(rims):
        return np.zeros((0, len(frames)), bool)
    lengths = np.linalg.norm(np.roll(rims, -1, axis=1) - rims, axis=2)
    size = np.stack([lengths[:, ::2].mean(axis=1), lengths[:, 1::2].mean(axis=1)], axis=1)  # (R, 2)
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size[:, None]
    ways = np.stack([
        cv2.getPerspectiveTransform(rim.astype(np.float32), square.astype(np.float32))
        for rim, square in zip(rims, flat, strict=True)
    ])  # fmt: skip
    spots = np.concatenate([frames.reshape(-1, 2), np.ones((frames.size // 2, 1))], axis=1)
    seen = spots @ ways.transpose(0, 2, 1)
    inner = (seen[..., :2] / seen[..., 2:]).reshape(len(rims), -1, 4, 2)
    return _even(inner, size)


def _even(inner: Array, size: Array) -> Array:
    """(R, F) whether sides of quadrangles (R, F, 4, 2) are a rectangle's own, or parallel and evenly in.

    `size`: (R, 2) width and height of the rectangles.
    """
    x, y = np.sort(inner, axis=2).transpose(3, 0, 1, 2)  # (R, F, 4) each
    across, down = size.T[..., None, None]
    margins = np.stack([x[..., :2], across - x[..., 2:], y[..., :2], down - y[..., 2:]], axis=2)
    short = size.min(axis=1)[:, None, None]
    mean = margins.mean(axis=3)
    shared = np.abs(margins).max(axis=3) < SLACK_PX
    apart = (margins.min(axis=3) > np.maximum(NEAREST * short, NEAREST_PX)) & (mean < FARTHEST * short)
    apart &= np.abs(margins[..., 0] - margins[..., 1]) < PARALLEL * mean + SLACK_PX
    widest, narrowest = np.where(apart, mean, 0).max(axis=2), np.where(apart, mean, np.inf).min(axis=2)
    result: Array = (shared | apart).all(axis=2) & apart.any(axis=2) & (widest < EVEN * narrowest + SLACK_PX)
    return result


def is_framed(corners: Array, there: Array) -> bool:
    """Whether edges run along two sides of a quadrangle (4, 2), clockwise as seen, outside of it.

    `there`: (H, W, 2) of the `Edges` in whose pixels it is.
    """
    starts = np.roll(corners, 1, axis=0)
    sides = corners - starts
    lengths = np.linalg.norm(sides, axis=1)
    farthest = FARTHEST * float(min(lengths[::2].mean(), lengths[1::2].mean()))
    ways = sides / np.maximum(lengths, 1e-6)[:, None]
    outward = np.stack([ways[:, 1], -ways[:, 0]], axis=1)[:, None, None]
    apart = np.arange(NEAREST_PX, max(farthest, SHADOW_PX))
    along = starts[:, None] + sides[:, None] * PLACES[:, None]
    grid = along[:, None] + outward * apart[:, None, None]  # (4, apart, PLACES, 2)
    bright_out, bright_in = facing(there, grid, np.broadcast_to(outward, grid.shape), 1)
    edge = bright_in | (bright_out & (apart > SHADOW_PX)[:, None])
    lean = 1 + LEANS[:, None, None] * (2 * PLACES - 1)
    row = np.clip(np.round(np.arange(len(apart))[:, None] * lean), 0, len(apart) - 1).astype(int)
    share = edge[:, row, np.arange(len(PLACES))].mean(axis=3)  # (4, LEANS, apart)
    return bool(np.sort(share.max(axis=(1, 2)))[-2] > RIM_SEEN)
