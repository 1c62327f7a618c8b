"""Made-up wooden tables with strong grain: soft and sharp lines of several widths, planks, seams, knots.

`timber(rng, height, width)` draws one, from dark brown to nearly the colour of paper.
"""

import cv2
import numpy as np

PERIODS = ((30, 120, 0.5), (8, 25, 0.4), (3, 7, 0.3))  # least and most px from line to line, and how strong


def timber(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """(H, W, 3) float BGR 0..255, its grain across or down."""
    upright = rng.random() < 0.6
    rows, columns = (width, height) if upright else (height, width)
    down, across = np.mgrid[:rows, :columns].astype(np.float32)
    waves = rng.normal(0, 1, (max(2, rows // 300), max(2, columns // 300))).astype(np.float32)
    way = down + rng.uniform(0, 30) * cv2.resize(waves, (columns, rows), interpolation=cv2.INTER_CUBIC)
    line = sum(share * _lines(rng, way, rng.uniform(low, high)) for low, high, share in PERIODS)
    light = rng.random() < 0.35
    least, most = ([150, 180, 205], [200, 215, 235]) if light else ([30, 60, 90], [130, 170, 215])
    colour = rng.uniform(least, most)
    strength = rng.choice([6, 14, 28, 40]) * rng.uniform(0.8, 1.2)
    image = colour + line[..., None] * strength * np.array([0.9, 1, 1.05])
    image += rng.normal(0, 2, (rows, columns, 1))
    for _ in range(int(rng.integers(0, 4))):
        place = rng.uniform(0, 1, 2) * (columns, rows)
        away, size = np.hypot((across - place[0]) / 2, down - place[1]), rng.uniform(10, 40)
        image -= (np.exp(-((away / size) ** 2)) * 30 * (1 + 0.5 * np.sin(away / 2)))[..., None]
    if rng.random() < 0.6:
        plank, start = rng.uniform(120, 420), rng.uniform(0, 120)
        image *= (1 + rng.normal(0, 0.07, 20)[((down + start) / plank).astype(int) % 20])[..., None]
        image[(down + start) % plank < rng.uniform(2, 5)] *= 0.6
    image = np.clip(image, 0, 255).astype(np.float32)
    return np.rot90(image).copy() if upright else image


def _lines(rng: np.random.Generator, way: np.ndarray, period: float) -> np.ndarray:
    """Random light and dark along `way`, soft or sharp."""
    table = rng.normal(0, 1, int(way.max() / period) + 400)
    place = np.clip(way / period + 200, 0, len(table) - 2)
    first = place.astype(int)
    part = place - first
    part = np.clip((part - 0.35) / 0.3, 0, 1) if rng.random() < 0.5 else part
    return table[first] * (1 - part) + table[first + 1] * part
