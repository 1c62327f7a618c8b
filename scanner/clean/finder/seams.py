"""Bent sides of a page between two straight ones: the strongest seams of edge from one line to the other.

A page that curls about lines along two of its sides keeps those two straight; the other two are looked for as
paths of most edge across the strip between, by dynamic programming over all strips at once.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.outlines import NONE, PLACES, Outlines
from scanner.clean.geometry.lines import Edges

ROW_PX = 2.0
ENDS = 4  # seams kept of each strip and direction
APART = 8  # rows between the ends of two of them
KEPT = 60
STEEP = 2  # rows a seam may climb from one column to the next
MOVES = (-2, -1, 1, 2)
CLIMB = 0.12  # what a row of climbing costs, in edges
FARTHER = 0.3  # of its strength, that an edge loses at the end of the reach of `follow`
LEAST_HEIGHT = 0.1  # of the picture's short side


def find_seams(edges: Edges, pairs: list[Array]) -> Outlines:
    """Outlines made of each pair (2, 3) of lines that face each other and two seams between them."""
    if not pairs:
        return NONE
    grids = np.stack([_grid(pair, edges.shape) for pair in pairs])  # (S, rows, PLACES, 2)
    facing = _responses(edges, grids)
    paths, worth = _best_paths(np.concatenate([facing, -facing]))
    count = len(grids)
    turned = np.roll(paths, -count, axis=0), np.roll(worth, -count, axis=0)
    # (2 S, ENDS, ENDS): every seam that faces down with every seam of the same strip that faces up below it
    apart = (turned[0][:, None] - paths[:, :, None]).min(axis=3)
    fit = apart > LEAST_HEIGHT * min(edges.shape) / ROW_PX
    both = np.where(fit, turned[1][:, None] + worth[:, :, None], -np.inf)
    best = np.argsort(-both, axis=None, kind="stable")[:KEPT]
    strip, above, below = np.unravel_index(best[np.isfinite(both.ravel()[best])], both.shape)
    grid = grids[strip % count]
    return _inside(_outlines(grid, paths[strip, above], turned[0][strip, below]), edges.shape)


def _inside(points: Array, shape: tuple[int, int]) -> Outlines:
    corners = points[:, :, -1]
    margin = 0.02 * max(shape)
    inside = ((corners > -margin) & (corners < np.array(shape[::-1]) + margin)).all(axis=(1, 2))
    return Outlines(points[inside], np.ones((int(inside.sum()), 4), bool))


def _grid(pair: Array, shape: tuple[int, int]) -> Array:
    """(rows, PLACES, 2) points from the first line (column 0) to the second, row by row along both."""
    height, width = shape
    reach = np.hypot(height, width) / 2
    across = pair[0, :2] - pair[1, :2]
    across = across / np.linalg.norm(across)
    axis = np.array([-across[1], across[0]])
    centre = np.array([width, height]) / 2
    s = np.arange(-reach, reach, ROW_PX)
    ends = []
    for line in pair:
        direction = np.array([-line[1], line[0]])
        direction = direction * np.sign(direction @ axis)
        start = centre + line[:2] * (line[2] - line[:2] @ centre)
        start = start - direction * ((start - centre) @ axis) / max(float(direction @ axis), 1e-6)
        ends.append(start + direction * s[:, None] / max(float(direction @ axis), 1e-6))
    t = np.linspace(0, 1, PLACES)[:, None]
    grid: Array = ends[0][:, None] * (1 - t) + ends[1][:, None] * t
    return grid


def follow(edges: Edges, rings: Array, reach: float) -> Array:
    """Each side of outlines (N, 4, PLACES, 2) moved onto the strongest edge within `reach` px along it."""
    step = np.gradient(rings, axis=2)
    normal = np.stack([-step[..., 1], step[..., 0]], axis=3)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=3, keepdims=True), 1e-6)
    off = np.arange(-reach, reach + 0.5)
    grid = rings[:, :, None] + off[:, None, None] * normal[:, :, None]
    grids = grid.reshape(-1, *grid.shape[2:])  # (4 N, rows, PLACES, 2)
    seen = _responses(edges, grids) * (1 - FARTHER * np.abs(off) / reach)[:, None]
    paths, worth = _best_paths(np.concatenate([seen, -seen]))
    count, every = len(grids), np.arange(len(grids))[:, None]
    better = np.where(worth[:count, 0] >= worth[count:, 0], 0, count) + np.arange(count)
    return _smooth(grids[every, paths[better, 0], np.arange(PLACES)]).reshape(rings.shape)


def _responses(edges: Edges, grids: Array) -> Array:
    """(S, rows, PLACES) edge facing down the rows, -1..1; either way counts a little for both."""
    x, y = (grids[..., k].reshape(len(grids), -1).astype(np.float32) for k in (0, 1))
    seen = cv2.remap(edges.wide, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    down = grids[:, -1, PLACES // 2] - grids[:, 0, PLACES // 2]
    down = down / np.linalg.norm(down, axis=1, keepdims=True)
    result: Array = (seen * down[:, None]).sum(axis=2).reshape(grids.shape[:3])
    return np.clip(result, -1, 1)


def _best_paths(facing: Array) -> tuple[Array, Array]:
    """(S, ENDS, PLACES) rows of the strongest seams, and (S, ENDS) their worth 0..1."""
    gain = np.maximum(facing, -0.5 * facing).astype(np.float32).transpose(2, 0, 1)
    columns, strips, rows = gain.shape
    # what the best way to each row is worth, with room for moves beyond the first and the last
    totals = np.full((columns, strips, rows + 2 * STEEP), -1.0, np.float32)
    inner = totals[:, :, STEEP:-STEEP]
    inner[0] = gain[0]
    other = np.empty((strips, rows), np.float32)
    for column in range(1, columns):
        before, best = totals[column - 1], inner[column]
        best[:] = before[:, STEEP:-STEEP]
        for move in MOVES:
            np.subtract(before[:, STEEP + move : STEEP + move + rows], CLIMB * abs(move), out=other)
            np.maximum(best, other, out=best)
        best += gain[column]
    return _trace(totals, inner[-1] / columns)


def _trace(totals: Array, worth: Array) -> tuple[Array, Array]:
    """The paths back from the best ends that lie apart, and the worth of each."""
    columns, (strips, rows) = len(totals), worth.shape
    index = np.arange(strips)
    ends = np.zeros((strips, ENDS), int)
    kept = np.zeros((strips, ENDS))
    for k in range(ENDS):
        ends[:, k] = np.argmax(worth, axis=1)
        kept[:, k] = worth[index, ends[:, k]]
        worth = np.where(np.abs(np.arange(rows) - ends[:, k, None]) < APART, -1.0, worth)
    paths = np.zeros((strips, ENDS, columns), int)
    moves = np.array((0, *MOVES))
    climb = (CLIMB * np.abs(moves)).astype(np.float32)
    paths[..., -1] = row = ends
    for column in range(columns - 2, -1, -1):
        ways = totals[column, index[:, None, None], STEEP + row[..., None] + moves] - climb
        row = np.clip(row + moves[ways.argmax(axis=2)], 0, rows - 1)
        paths[..., column] = row
    return paths, kept


def _outlines(grids: Array, above: Array, below: Array) -> Array:
    """(N, 4, PLACES, 2): upper seam, second line, lower seam back, first line back."""
    index = np.arange(len(grids))[:, None]
    upper, lower = (_smooth(grids[index, rows, np.arange(PLACES)]) for rows in (above, below))
    t = np.linspace(0, 1, PLACES)[:, None]
    right = upper[:, -1:] * (1 - t) + lower[:, -1:] * t
    left = lower[:, :1] * (1 - t) + upper[:, :1] * t
    return np.stack([upper, right, lower[:, ::-1], left], axis=1)


def _smooth(paths: Array) -> Array:
    """(N, PLACES, 2) without the steps of the rows; beyond the ends they go straight on."""
    ahead = 2 * paths[:, :1] - paths[:, 3:0:-1]
    after = 2 * paths[:, -1:] - paths[:, -2:-5:-1]
    whole = np.concatenate([ahead, paths, after], axis=1)
    kernel = np.array([1, 2, 3, 4, 3, 2, 1]) / 16
    return np.asarray(sum(kernel[k] * whole[:, k : k + PLACES] for k in range(7)))
