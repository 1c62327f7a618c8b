"""Heaps of shapes of all sizes and textures, drawn as a ground that papers lie on: nothing there is a table.

Shapes over each other ("dead leaves") have the statistics of photographs.
"""

import cv2
import numpy as np


def leaves(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """(H, W, 3) float BGR: shapes of all sizes over each other, each of its own colours and texture."""
    image = texture(rng, height, width)
    least = rng.uniform(0.01, 0.08) * width
    for _ in range(int(rng.choice([2, 8, 25, 60]))):
        size = np.minimum(least / np.sqrt(rng.uniform(0.002, 1, 2)), 1.2 * width)
        place = rng.uniform(-0.05, 1.05, 2) * (width, height)
        mask = np.zeros((height, width), np.float32)
        angle = float(rng.uniform(0, 180))
        if rng.random() < 0.4:
            cv2.ellipse(mask, (place.tolist(), size.tolist(), angle), 1.0, -1, cv2.LINE_AA)
        else:
            shape = cv2.boxPoints((place.tolist(), size.tolist(), angle))
            shape = shape + rng.normal(0, 0.15, (4, 2)) * size.min() * (rng.random() < 0.4)
            cv2.fillPoly(mask, [np.round(shape).astype(np.int32)], 1.0, cv2.LINE_AA)
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 8))
        image *= 1 - rng.uniform(0, 0.4) * soft[..., None]
        image += (texture(rng, height, width) - image) * mask[..., None]
    return image


def texture(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """(H, W, 3) float BGR 0..255: noise of a random spectrum and direction between two colours, or print."""
    base = rng.uniform(0, 255, 3) if rng.random() < 0.6 else rng.uniform(0, 255) + rng.normal(0, 12, 3)
    other = np.clip(base + rng.normal(0, rng.choice([8, 30, 90]), 3), 0, 255)
    fall, stretch = rng.uniform(0.4, 1.2), np.exp(rng.normal(0, 0.8))
    field = np.zeros((height, width), np.float32)
    for cell in (2, 5, 12, 30, 80):
        rows, columns = max(2, round(height / cell / stretch)), max(2, round(width / cell * stretch))
        coarse = rng.normal(0, 1, (min(rows, height), min(columns, width))).astype(np.float32)
        field += cell**fall / 30 * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    field = field / (field.std() + 1e-3) * rng.uniform(0.05, 0.5) + 0.5
    if rng.random() < 0.2:  # stripes, tiles
        turn, period = rng.uniform(0, np.pi), rng.uniform(4, 80)
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        field += np.sign(np.sin((rows * np.sin(turn) + columns * np.cos(turn)) * 2 * np.pi / period)) / 3
    image = base + (other - base) * np.clip(field, 0, 1)[..., None]
    image = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        shade = rng.uniform(0, 255, 3).tolist()
        for y in range(int(rng.integers(4, 12)), height, int(rng.integers(6, 24))):
            cv2.putText(image, "Xin chao lorem 0123 ipsum dolor sit", (2, y), 0, 0.35, shade, 1, cv2.LINE_AA)
    return image.astype(np.float32)
