"""Moves the sides of a found page onto the real edge, in the pixels of the full picture."""

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of

SAMPLES = 64


def refine_corners(image: Array, corners: Array) -> Array:
    """Corners (4, 2) refined by strips across each side: the steepest step of each, then a robust line."""
    reach = max(4.0, max(image.shape[:2]) / 160)
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        lines.append(_refine_side(image, start, end, reach))
    refined = np.array([_meet(lines[k - 1], lines[k]) for k in range(4)])
    moved = np.linalg.norm(refined - corners, axis=1)
    return np.where((moved < 4 * reach)[:, None], refined, corners)


def _refine_side(image: Array, start: Array, end: Array, reach: float) -> tuple[Array, Array]:
    """A point and a direction of the side."""
    length = max(float(np.linalg.norm(end - start)), 1e-6)
    direction = (end - start) / length
    normal = np.array([-direction[1], direction[0]])
    steps = np.linspace(0.04, 0.96, SAMPLES)
    offsets = np.arange(-reach, reach + 0.1, max(0.5, reach / 24))
    grid = (start + np.outer(steps * length, direction))[:, None] + offsets[None, :, None] * normal
    size = np.array(image.shape[1::-1])
    if (grid[:, len(offsets) // 2] < 1).any() or (grid[:, len(offsets) // 2] > size - 2).any():
        return start, direction
    x, y = grid[..., 0].astype(np.float32), grid[..., 1].astype(np.float32)
    strip = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    step = np.diff(cv2.GaussianBlur(grey_of(strip).astype(np.float32), (5, 5), 1.0), axis=1)
    total = step.sum()
    step = step if total >= 0 else -step
    where = offsets[np.argmax(step, axis=1)] + (offsets[1] - offsets[0]) / 2
    strong = step.max(axis=1) > 0.3 * np.median(step.max(axis=1))
    places = (steps * length)[strong]
    slope, level = _robust_line(places, where[strong])
    return start + normal * level, direction + normal * slope


def _robust_line(x: Array, y: Array) -> tuple[float, float]:
    weights = np.ones(len(x))
    slope = level = 0.0
    for _ in range(8):
        if weights.sum() < 3:
            break
        slope, level = np.polyfit(x, y, 1, w=weights)
        off = np.abs(y - slope * x - level)
        weights = 1 / (1 + (off / max(1.0, 1.5 * float(np.median(off)))) ** 2)
    return float(slope), float(level)


def _meet(one: tuple[Array, Array], two: tuple[Array, Array]) -> Array:
    matrix = np.stack([one[1], -two[1]], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return two[0]
    result: Array = one[0] + one[1] * np.linalg.solve(matrix, two[0] - one[0])[0]
    return result
