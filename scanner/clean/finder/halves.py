"""Sees where a sheet goes on past a side that looks like its rim: past a fold, a shadow, a paper on top.

Where two outlines meet in such a side they are the halves of one sheet, and are joined.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.outlines import NONE, Outlines, facing, resampled
from scanner.clean.geometry.lines import Edges

FAN = np.deg2rad(np.arange(-24.0, 25.0, 4.0))  # how a side may turn at a fold
NEAR_PX, STEPS = 5.0, 14
LEAST_PX, FAR = 14.0, 0.3  # how far the neighbours must run on: px, parts of their length
DOUBTFUL, SURE = 0.4, 0.6  # share of edge past both ends: a paper's rim has less than the first
SAME_HUE = 0.015  # between the sides of an edge: paper on both, which needs less of it
OTHER_HUE = 0.08  # no sheet: grain of wood runs on past the ends too
MEET_PX = 9.0
MOST_JOINED = 12


def going_on(outlines: Outlines, edges: Edges, bare: Array) -> Array:
    """(N, 4) 0..1 how surely the sheet goes on past each side: past both ends of it run its neighbours."""
    if not len(outlines.points):
        return np.zeros((0, 4))
    points = outlines.points
    ends = []
    # past the start of side k runs side k - 1, past its end, backwards, side k + 1
    for turn, tip, before in ((1, -1, -6), (-1, 0, 5)):
        neighbours = np.roll(points, turn, axis=1)
        start = neighbours[:, :, tip]
        way = start - neighbours[:, :, before]
        way = way / np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-6)
        length = np.linalg.norm(neighbours[:, :, -1] - neighbours[:, :, 0], axis=2)
        ends.append(_fan(start, way, np.maximum(FAR * length, LEAST_PX), edges.there))
    both, mean = np.minimum(*ends), np.mean(ends, axis=0)
    unlike = _unlike(outlines, bare)
    both = np.where(unlike < SAME_HUE, np.maximum(both + 0.15, mean + 0.05), both * (unlike < OTHER_HUE))
    result: Array = np.clip((both - DOUBTFUL) / (SURE - DOUBTFUL), 0, 1) * outlines.real
    return result


def _fan(start: Array, way: Array, far: Array, there: Array) -> Array:
    """(N, 4) of the best direction near `way`: the share of the way that is edge along it."""
    cos, sin = np.cos(FAN), np.sin(FAN)
    x, y = way[..., :1], way[..., 1:]
    ways = np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)  # (N, 4, FAN, 2)
    normals = np.stack([-ways[..., 1], ways[..., 0]], axis=-1)
    steps = NEAR_PX + (far[..., None] - NEAR_PX) * np.linspace(0, 1, STEPS)
    line = start[:, :, None, None] + ways[..., None, :] * steps[:, :, None, :, None]
    along, against = facing(there, line, np.broadcast_to(normals[..., None, :], line.shape), 1)
    result: Array = np.maximum(along.mean(axis=-1), against.mean(axis=-1)).max(axis=-1)
    return result


def _unlike(outlines: Outlines, bare: Array) -> Array:
    """(N, 4) how differently coloured the two sides of each side are, in parts of brightness."""
    points = outlines.points[:, :, 3:-3:3]
    step = np.gradient(outlines.points, axis=2)[:, :, 3:-3:3]
    normal = np.stack([-step[..., 1], step[..., 0]], axis=-1)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    apart = np.array([6.0, 10.0, 14.0, -6.0, -10.0, -14.0])
    grid = points[..., None, :] + normal[..., None, :] * apart[:, None]
    x, y = (grid[..., k].reshape(len(grid) * 4, -1).astype(np.float32) for k in (0, 1))
    seen = cv2.remap(bare, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    sides = seen.reshape(len(grid), 4, points.shape[2], 2, 3, 3).transpose(0, 1, 3, 2, 4, 5)
    middle = np.median(sides.reshape(len(grid), 4, 2, -1, 3), axis=3)
    hue = middle / (middle.sum(axis=-1, keepdims=True) + 20)
    result: Array = np.abs(hue[:, :, 0] - hue[:, :, 1]).max(axis=-1)
    return result


def joined(outlines: Outlines, going: Array) -> Outlines:
    """Outlines of every two that meet in a side past which both go on; the first of them come first."""
    which, side = np.nonzero(going > 0)
    ends = np.stack([outlines.points[which, side, 0], outlines.points[which, side, -1]], axis=1)
    alike, crosswise = (
        np.abs(ends[:, None] - other[None]).max(axis=(2, 3)) < MEET_PX for other in (ends, ends[:, ::-1])
    )
    first, second = np.nonzero(np.triu(alike | crosswise, 1))
    order = np.argsort(which[first] + which[second], kind="stable")
    found = []
    for a, b in zip(first[order], second[order], strict=True):
        one, other = outlines.points[which[a]], outlines.points[which[b]]
        i, j = int(side[a]), int(side[b])
        if alike[a, b]:  # rings of opposite turns
            other, j = other[::-1, ::-1], 3 - j
        if _apart(one, i, other, j):
            found.append(_sheet(np.roll(one, -i, axis=0), np.roll(other, -j, axis=0)))
        if len(found) == MOST_JOINED:
            break
    if not found:
        return NONE
    return Outlines(np.stack(found), np.ones((len(found), 4), bool))


def _apart(one: Array, i: int, other: Array, j: int) -> bool:
    """Whether two outlines lie on different sides of the side that they share."""
    start, end = one[i, 0], one[i, -1]
    left = np.array([start[1] - end[1], end[0] - start[0]])
    beyond = [(ring[(k + 2) % 4].mean(axis=0) - start) @ left for ring, k in ((one, i), (other, j))]
    return bool(beyond[0] * beyond[1] < 0)


def _sheet(one: Array, other: Array) -> Array:
    """(4, PLACES, 2) of two rings whose first sides are the same, run through in opposite ways."""
    out = resampled(np.concatenate([one[3], other[1]]))
    back = resampled(np.concatenate([other[3], one[1]]))
    return np.stack([one[2], out, other[2], back])
